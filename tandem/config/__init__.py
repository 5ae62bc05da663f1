"""A desk's `config.toml`: read into values, and checked. tandem/configfile.py writes it. No password stands in it.

undo_seconds = 10
follow_up = 30                  # days in which an answer reopens a closed ticket; "always": a new one; "never"
follow_up_assignee = "keep"     # or "drop"
flood = 60                      # mails of one sender an hour before the rest is parked; 0: all are taken in
morning = "9:00"                # the time of a day that is said without one, as in “snooze until friday”

[mailboxes.support]
address = "support@acme.example"
name = "Acme Support"
aliases = ["help@acme.example"]
signature = '''
Acme Ltd, Example Street 1
acme.example'''
subject_number = false          # true: [T-123] in the subject of each mail from here
reply_to = "none"               # or "plain": our address; "token": support+TOKEN@acme.example
acknowledge = "We have your mail, its number is {number}."     # an automatic answer; without it, none

[mailboxes.support.imap]
url = "imaps://support@mail.acme.example:993/INBOX"
password_command = ["pass", "show", "acme/support"]    # or password_env, _file, _keyring, or a token_command
folders = ["INBOX", "Support"]
sent = "auto"                   # or "none", or the folder's name
sent_copy = "auto"              # or "always", "never": whether we put a copy of what we send there
mark_seen = false
move_to = ""
login = "auto"                  # or "plain", "xoauth2", "oauthbearer"

[mailboxes.support.smtp]
url = "smtps://support@mail.acme.example:465"
password_command = ["pass", "show", "acme/support"]

[screen]                        # how the inbox looks and which keys it has: tandem/config/screen.py
theme = "dark"
"""

from tandem.config.accounts import UNDO_SECONDS, Account, Config, ImapAccount, SentCopy, SmtpAccount
from tandem.config.reading import read_config

__all__ = ["UNDO_SECONDS", "Account", "Config", "ImapAccount", "SentCopy", "SmtpAccount", "read_config"]
