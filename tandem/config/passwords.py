"""The settings that say where a server's password or token comes from, and how it is shown to the server."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import cast

from mail.auth import (
    Login,
    PasswordCommand,
    PasswordEnvironment,
    PasswordFile,
    PasswordKeyring,
    PasswordSource,
    TokenCommand,
)
from tandem.config.section import Section, is_line

PASSWORD_KEYS = frozenset({"password_command", "password_env", "password_file", "password_keyring", "token_command"})

_LOGINS: tuple[Login, ...] = ("auto", "plain", "xoauth2", "oauthbearer")


def password(section: Section, user: str) -> PasswordSource:
    """Where the password of `user` comes from.

    Raises:
        ConfigError: nothing is said about it, more than one thing, or something that cannot be.
    """
    named = sorted(PASSWORD_KEYS & section.values.keys())
    if len(named) != 1:
        said = f"one of these is enough: {', '.join(named)}" if named else "there is no word on the password"
        hint = "say one: a password_ command, env, file or keyring, or a token_command"
        raise section.wrong(named[-1] if named else "password_command", said, hint)
    match named[0]:
        case "password_command":
            return PasswordCommand(_words(section, "password_command", '["pass", "show", "acme"]'))
        case "token_command":
            return TokenCommand(_words(section, "token_command", '["get-token", "support@acme.example"]'))
        case "password_env":
            return PasswordEnvironment(section.text("password_env", "ACME_PASSWORD"))
        case "password_keyring":
            return _keyring(section, user)
        case _:
            return PasswordFile(section.file("password_file", "~/.config/tandem/acme"), _group(section.path))


def login(section: Section, source: PasswordSource | None) -> Login:
    """How to log in.

    Raises:
        ConfigError: there is no such way, or it is not one for a token.
    """
    chosen = cast("Login", section.choice("login", _LOGINS))
    if chosen == "plain" and isinstance(source, TokenCommand):
        raise section.wrong("login", "a token_command gives no password", 'leave it out, or say login = "xoauth2"')
    return chosen


def _keyring(section: Section, user: str) -> PasswordKeyring:
    value = section.values["password_keyring"]
    parts = cast("list[object]", value) if isinstance(value, list) else [value, user]
    match parts:
        case [str(service), str(whose)] if is_line(service) and is_line(whose):
            return PasswordKeyring(service, whose)
        case _:
            message = "must be the name of a service, or a list of service and user"
            raise section.wrong("password_keyring", message, 'for example password_keyring = ["tandem", "support"]')


def _group(path: str) -> int | None:
    """The Unix group that shares the desk whose settings these are, and so may share a password file."""
    try:
        folder = Path(path).parent.stat()
    except OSError:
        return None
    return folder.st_gid if folder.st_mode & stat.S_IWGRP and folder.st_mode & stat.S_ISGID else None


def _words(section: Section, key: str, like: str) -> tuple[str, ...]:
    value = section.values[key]
    words = cast("list[object]", value) if isinstance(value, list) else []
    texts = tuple(each for each in words if isinstance(each, str))
    if not texts or len(texts) != len(words):
        raise section.wrong(key, "must be a list of words", f"for example {key} = {like}")
    return texts
