"""Writes `config.toml`; tandem/config.py reads it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import tomli_w

from mail.auth import PasswordCommand, PasswordEnvironment, PasswordFile, PasswordSource
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
    write_whole(path, text, mode=mode)


def write_whole(path: Path, text: str, *, mode: int) -> None:
    """Write a file whole or not at all, with this mode whatever the umask.

    Raises:
        OSError: it cannot be written; the one that was there is as it was.
    """
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)  # one that was left by somebody else is not ours to change
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, mode)
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


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
