"""Reads `config.toml` and checks it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import cast

from desk.errors import ConfigError, RefusedError
from desk.people import Address
from desk.settings import MORNING, Acknowledge, FollowUp, Mailbox, ReplyTo
from mail.destinations import addr_spec
from mail.servers import ImapAddress, SmtpAddress
from tandem.config.accounts import FLOOD, UNDO_SECONDS, Account, Config, ImapAccount, SentCopy, SmtpAccount
from tandem.config.lines import naming_lines
from tandem.config.passwords import PASSWORD_KEYS, login, password
from tandem.config.screen import screen_table
from tandem.config.section import Section
from tandem.spelling import checked_email

_DESK_KEYS = frozenset({"undo_seconds", "follow_up", "follow_up_assignee", "flood", "morning", "mailboxes", "screen"})
_WRITING_KEYS = frozenset({"signature", "subject_number", "reply_to", "acknowledge"})
_MAILBOX_KEYS = frozenset({"address", "name", "aliases", "imap", "smtp", *_WRITING_KEYS})
_SERVER_KEYS = frozenset({"url", "cafile", "login", *PASSWORD_KEYS})
_IMAP_KEYS = frozenset({*_SERVER_KEYS, "folders", "sent", "sent_copy", "mark_seen", "move_to"})
_LONGEST_WINDOW = 60
_LONGEST_DAYS = 36_500
_HIGHEST_FLOOD = 1_000_000


def read_config(path: Path) -> Config:
    """The settings in a file; a file that is not there says nothing, and all is as by default.

    Raises:
        ConfigError: the file cannot be read, or a setting in it cannot be used; says which and what would do.
    """
    try:
        with path.open("rb") as file:
            values = tomllib.load(file)
    except FileNotFoundError:
        return Config()
    except OSError as error:
        raise ConfigError(str(path), "", f"cannot be read: {error.strerror}", "check its owner and mode") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(str(path), "", f"is no TOML: {error}", "mend the file, or move it away") from error
    with naming_lines():
        return _config(Section(str(path), (), values))


def _config(section: Section) -> Config:
    section.only(_DESK_KEYS)
    mailboxes = section.table("mailboxes")
    return Config(
        tuple(map(_account, mailboxes.tables())) if mailboxes else (),
        section.whole("undo_seconds", UNDO_SECONDS, _LONGEST_WINDOW),
        _follow_up(section),
        section.whole("flood", FLOOD, _HIGHEST_FLOOD),
        section.clock("morning", MORNING),
        screen_table(section),
    )


def _follow_up(section: Section) -> FollowUp:
    keeps = section.choice("follow_up_assignee", ("keep", "drop")) == "keep"
    match section.values.get("follow_up", FollowUp().days):
        case "always":
            return FollowUp(days=0, keeps_assignee=keeps)
        case "never":
            return FollowUp(days=None, keeps_assignee=keeps)
        case bool():
            pass
        case int(days) if 1 <= days <= _LONGEST_DAYS:
            return FollowUp(days=days, keeps_assignee=keeps)
        case _:
            pass
    message = 'must be a number of days from 1 on, "always" (a new ticket) or "never" (the old one reopens)'
    raise section.wrong("follow_up", message, "for example follow_up = 30")


def _account(section: Section) -> Account:
    section.only(_MAILBOX_KEYS)
    email = _email(section, "address", section.text("address", "support@acme.example"))
    name = section.text("name", "Acme Support") if section.values.get("name", "") != "" else ""
    has_aliases = section.values.get("aliases", []) != []
    aliases = section.texts("aliases", '["help@acme.example"]') if has_aliases else ()
    imap, smtp = section.table("imap"), section.table("smtp")
    return Account(
        Mailbox(
            name=section.at[-1],
            address=Address(email, name),
            aliases=_spelt_out((email, *(_email(section, "aliases", each) for each in aliases))),
            signature=section.lines("signature", "Acme Ltd, acme.example"),
            tags_subject=section.is_on("subject_number"),
            reply_to=cast("ReplyTo", section.choice("reply_to", ("none", "plain", "token"))),
            acknowledge=_acknowledge(section),
        ),
        _imap(imap) if imap else None,
        _smtp(smtp) if smtp else None,
    )


def _acknowledge(section: Section) -> Acknowledge | None:
    text = section.lines("acknowledge", "We have your mail, its number is {number}.")
    if not text:
        return None
    if len(text.split()) == 1:
        raise section.wrong(
            "acknowledge", "must be the text itself, not the name of a file", "write what customers get"
        )
    if unknown := (said := Acknowledge(text)).unknown_places:
        raise section.wrong("acknowledge", f"holds {unknown[0]}, which cannot be filled in", "only {number} can")
    return said


def _spelt_out(own: tuple[str, ...]) -> tuple[Address, ...]:
    """Our other addresses, and the form in which mails name those whose domain is not ASCII (RFC 5891)."""
    spelt = (addr_spec(each, smtputf8=True) for each in own if not each.isascii())
    return tuple(map(Address, dict.fromkeys((*own[1:], *(each for each in spelt if each not in own)))))


def _email(section: Section, key: str, text: str) -> str:
    try:
        return checked_email(text)
    except RefusedError as error:
        raise section.wrong(key, error.message, "only the address itself stands here") from error


def _imap(section: Section) -> ImapAccount:
    section.only(_IMAP_KEYS)
    url = section.text("url", "imaps://support@mail.acme.example:993/INBOX")
    address = ImapAddress.parse(url, section.path, section.where("url"))
    source = password(section, address.user)
    account = ImapAccount(
        address,
        source,
        _cafile(section),
        section.texts("folders", '["INBOX", "Support"]') if "folders" in section.values else (),
        section.text("sent", "auto") if "sent" in section.values else "auto",
        section.is_on("mark_seen"),
        section.text("move_to", "Archive") if section.values.get("move_to", "") != "" else "",
        login(section, source),
        cast("SentCopy", section.choice("sent_copy", ("auto", "always", "never"))),
    )
    for key, folder in (("sent", account.sent), ("move_to", account.move_to)):
        if folder in account.folders:
            message = f"mail is taken in from “{folder}”, so this must be another folder"
            raise section.wrong(key, message, "leave it out, or take it out of `folders`")
    return account


def _smtp(section: Section) -> SmtpAccount:
    section.only(_SERVER_KEYS)
    url = section.text("url", "smtps://support@mail.acme.example:465")
    address = SmtpAddress.parse(url, section.path, section.where("url"))
    source = password(section, address.user) if address.user else None
    return SmtpAccount(address, source, _cafile(section), login(section, source))


def _cafile(section: Section) -> Path | None:
    return section.file("cafile", "/etc/ssl/acme.pem") if "cafile" in section.values else None
