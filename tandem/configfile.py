"""Writes `config.toml`; tandem/config reads it. What is as by default is left out."""

from __future__ import annotations

from pathlib import Path

import tomli_w

from desk.settings import FollowUp, Mailbox
from mail.auth import (
    PasswordCommand,
    PasswordEnvironment,
    PasswordFile,
    PasswordKeyring,
    PasswordSource,
    TokenCommand,
)
from storage.new_file import replace_whole
from tandem.config import Config, ImapAccount, SmtpAccount

_HEAD = "# Tandem: the settings of this desk. Passwords never stand here; docs/guide/mailbox.md says what may.\n"


def write_config(path: Path, config: Config, *, mode: int) -> None:
    """Write the settings whole or not at all, with this file mode.

    Raises:
        OSError: the file cannot be written.
    """
    mailboxes = {
        each.mailbox.name: {
            **_mailbox(each.mailbox),
            **({"imap": _imap(each.imap)} if each.imap else {}),
            **({"smtp": _server(each.smtp)} if each.smtp else {}),
        }
        for each in config.accounts
    }
    text = _HEAD + tomli_w.dumps({**_rules(config), "mailboxes": mailboxes})
    replace_whole(path, text.encode(), mode)


def _rules(config: Config) -> dict[str, object]:
    rules: dict[str, object] = {"undo_seconds": config.undo_seconds}
    if config.follow_up.days != FollowUp().days:
        rules["follow_up"] = {0: "always", None: "never"}.get(config.follow_up.days, config.follow_up.days)
    if not config.follow_up.keeps_assignee:
        rules["follow_up_assignee"] = "drop"
    if config.flood != Config().flood:
        rules["flood"] = config.flood
    if config.morning != Config().morning:
        rules["morning"] = f"{config.morning:%H:%M}"
    return rules


def _mailbox(mailbox: Mailbox) -> dict[str, object]:
    aliases = {"aliases": [each.email for each in mailbox.aliases]} if mailbox.aliases else {}
    return {"address": mailbox.address.email, "name": mailbox.address.name, **aliases, **_writing(mailbox)}


def _writing(mailbox: Mailbox) -> dict[str, object]:
    """What is said of the mails that leave from here."""
    said: dict[str, object] = {}
    if mailbox.signature:
        said["signature"] = mailbox.signature
    if mailbox.tags_subject:
        said["subject_number"] = True
    if mailbox.reply_to != "none":
        said["reply_to"] = mailbox.reply_to
    if mailbox.acknowledge:
        said["acknowledge"] = mailbox.acknowledge.text
    return said


def _imap(account: ImapAccount) -> dict[str, object]:
    said: dict[str, object] = {}
    if account.folders != (account.address.folder,):
        said["folders"] = list(account.folders)
    if account.sent != "auto":
        said["sent"] = account.sent
    if account.sent_copy != "auto":
        said["sent_copy"] = account.sent_copy
    if account.mark_seen:
        said["mark_seen"] = True
    if account.move_to:
        said["move_to"] = account.move_to
    return _server(account) | said


def _server(account: ImapAccount | SmtpAccount) -> dict[str, object]:
    cafile = {"cafile": str(account.cafile)} if account.cafile else {}
    login = {"login": account.login} if account.login != "auto" else {}
    return {"url": account.address.url, **_password(account.password), **login, **cafile}


def _password(source: PasswordSource | None) -> dict[str, object]:
    match source:
        case PasswordCommand(argv):
            return {"password_command": list(argv)}
        case TokenCommand(argv):
            return {"token_command": list(argv)}
        case PasswordEnvironment(name):
            return {"password_env": name}
        case PasswordFile(path):
            return {"password_file": str(path)}
        case PasswordKeyring(service, user):
            return {"password_keyring": [service, user]}
        case None:
            return {}
        case _:
            raise TypeError(f"{type(source).__name__} is no password that settings can point to")
