"""The options of `tandem init` that say where a password or token comes from, the same for IMAP and SMTP."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from desk.errors import RefusedError
from mail.auth import (
    PasswordCommand,
    PasswordEnvironment,
    PasswordFile,
    PasswordKeyring,
    PasswordSource,
    TokenCommand,
)

_Command = TypeVar("_Command", bound=Callable[..., Any])

_KINDS = (
    ("password-command", "CMD", "A command that prints the password, run without a shell."),
    ("password-env", "NAME", "The environment variable that holds the password."),
    ("password-file", "F", "The file with the password, mode 0600 (shared desk: 0640)."),
    ("password-keyring", "'SERVICE [USER]'", "The keyring's entry; the user is the URL's when none is said."),
    ("token-command", "CMD", "A command that prints an OAuth 2.0 access token, run without a shell."),
)


def password_options(command: _Command) -> _Command:
    """Give a command these options for both servers; they come as `imap_password_command` and so on."""
    for server in ("smtp", "imap"):
        for kind, metavar, words in reversed(_KINDS):
            said = words if server == "imap" else "The same for SMTP; IMAP's is used when nothing is said."
            command = click.option(f"--{server}-{kind}", metavar=metavar, help=said)(command)
    return command


def source(server: str, said: dict[str, str | None]) -> PasswordSource | None:
    """Where a server's password comes from, by what the options say; None where they say nothing.

    Raises:
        click.UsageError: they say more than one thing, or a command that cannot be one.
        RefusedError: a file of a user that there is not.
    """
    names = {kind: f"{server}_{kind.replace('-', '_')}" for kind, _, _ in _KINDS}
    given = [(kind, value) for kind, name in names.items() if (value := said.get(name)) is not None]
    if len(given) > 1:
        raise click.UsageError("say one thing about each password: a command, an environment variable, a file, ...")
    return _source(*given[0]) if given else None


def _source(kind: str, value: str) -> PasswordSource:
    match kind:
        case "password-command":
            return PasswordCommand(_words(value))
        case "token-command":
            return TokenCommand(_words(value))
        case "password-keyring":
            service, *rest = _words(value) or ("",)
            if len(rest) > 1 or not service:
                raise click.UsageError("a keyring's entry is a service, or a service and a user")
            return PasswordKeyring(service, "".join(rest))
        case "password-file":
            return PasswordFile(_path(value))
        case _:
            return PasswordEnvironment(value)


def _words(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError as error:
        raise click.UsageError("the command has a quote that is never closed") from error


def _path(file: str) -> Path:
    """A path below `~/` stays so: on a shared desk it is a file of each agent's own."""
    try:
        return Path(file) if file.startswith("~/") else Path(file).expanduser().absolute()
    except RuntimeError as error:
        raise RefusedError(f"{file}: there is no such user", "write the whole path") from error
