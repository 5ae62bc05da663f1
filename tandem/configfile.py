"""Writes `config.toml`; tandem/config.py reads it."""

from __future__ import annotations

from pathlib import Path

import tomli_w

from mail.auth import PasswordCommand, PasswordEnvironment, PasswordFile, PasswordSource
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
            "address": each.mailbox.address.email,
            "name": each.mailbox.address.name,
            **({"imap": _server(each.imap)} if each.imap else {}),
            **({"smtp": _server(each.smtp)} if each.smtp else {}),
        }
        for each in config.accounts
    }
    text = _HEAD + tomli_w.dumps({"undo_seconds": config.undo_seconds, "mailboxes": mailboxes})
    replace_whole(path, text.encode(), mode)


def _server(account: ImapAccount | SmtpAccount) -> dict[str, object]:
    cafile = {"cafile": str(account.cafile)} if account.cafile else {}
    return {"url": account.address.url, **_password(account.password), **cafile}


def _password(source: PasswordSource | None) -> dict[str, object]:
    match source:
        case PasswordCommand(argv):
            return {"password_command": list(argv)}
        case PasswordEnvironment(name):
            return {"password_env": name}
        case PasswordFile(path):
            return {"password_file": str(path)}
        case None:
            return {}
        case _:
            raise TypeError(f"{type(source).__name__} is no password that settings can point to")
