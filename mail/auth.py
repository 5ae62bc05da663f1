"""Where a mail password or token comes from: never the command line, the store or a log.

A source is asked anew for every connection, so that a changed password needs no restart.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from desk.errors import ConfigError, LoginRefused
from desk.safe import safe_line
from mail.program_line import Printed, first_line

PATIENCE = 20.0
"""Seconds a password or token command may take."""

KEYRING_PATIENCE = 60.0
"""Seconds a keyring may take: it may wait for somebody to unlock it in a dialogue."""

Login = Literal["auto", "plain", "xoauth2", "oauthbearer"]
"""How to log in: with a password, with a token in one of two ways, or (auto) as the source and the server have it."""

_LONGEST = 64 * 1024
_TOKEN = re.compile(r"[!-~]+")
"""Printable ASCII without blanks: more than RFC 6750 2.1 allows, and nothing that could end a field (RFC 7628 3.1)."""


class PasswordSource(Protocol):
    """Gives the password, or the token, when it is needed."""

    def read(self) -> str:
        """The password, one line.

        Raises:
            ConfigError: the source is not there or not fit for a secret.
            LoginRefused: it was asked and gave none.
        """
        ...


@dataclass(frozen=True, slots=True)
class PasswordEnvironment:
    """A variable of the environment."""

    name: str

    def read(self) -> str:
        """The variable's value."""
        if not (value := os.environ.get(self.name, "")):
            raise ConfigError(self.name, "", "this environment variable, which should hold a mail password, is not set")
        return _usable(value, f"the environment variable {self.name}")


@dataclass(frozen=True, slots=True)
class PasswordFile:
    """A file that only its owner can read; its first line is the password.

    `group` is a Unix group that may read it too: that of the desk, where several share one.
    """

    path: Path
    group: int | None = None

    def read(self) -> str:
        """The first line."""
        try:
            with open(self.path.expanduser(), "rb", opener=_without_waiting) as file:
                self._check(os.fstat(file.fileno()))
                line = file.readline(_LONGEST).removesuffix(b"\n").removesuffix(b"\r")
        except OSError as error:
            raise ConfigError(str(self.path), "", f"the password file cannot be read: {error.strerror}") from error
        return _decoded(line, str(self.path))

    def _check(self, found: os.stat_result) -> None:
        if not stat.S_ISREG(found.st_mode):
            raise ConfigError(str(self.path), "", "the password file is no plain file")
        others = 0o007 if found.st_gid == self.group else 0o077
        if found.st_mode & others:
            what = f"others on this machine can open the password file (mode {stat.S_IMODE(found.st_mode):04o})"
            raise ConfigError(str(self.path), "", what, f"chmod 600 {self.path}")


@dataclass(frozen=True, slots=True)
class PasswordCommand:
    """A command that prints the password in its first line, run without a shell: `("pass", "show", "support")`."""

    argv: tuple[str, ...]
    patience: float = PATIENCE

    def read(self) -> str:
        """Run it and take the first line; what it prints appears nowhere else."""
        return _asked(self.argv, self.patience, "password command")


@dataclass(frozen=True, slots=True)
class TokenCommand:
    """A command that prints an OAuth 2.0 access token in its first line, run without a shell.

    Getting and renewing tokens is the command's matter, as in other mail programs.
    """

    argv: tuple[str, ...]
    patience: float = PATIENCE

    def read(self) -> str:
        """Run it and take the first line; what it prints appears nowhere else."""
        token = _asked(self.argv, self.patience, "token command").strip()
        if not _TOKEN.fullmatch(token):
            hint = "it must print a token and nothing else in its first line"
            raise LoginRefused(f"what the token command {safe_line(Path(self.argv[0]).name)} prints is no token", hint)
        return token


_KEYRING = """
import sys
try:
    import keyring
except ImportError:
    sys.exit(10)
try:
    found = keyring.get_password(*sys.argv[1:])
except keyring.errors.NoKeyringError:
    sys.exit(11)
except keyring.errors.KeyringError:
    sys.exit(12)
if not found:
    sys.exit(13)
sys.stdout.buffer.write(found.encode() + b"\\n")
"""


@dataclass(frozen=True, slots=True)
class PasswordKeyring:
    """An entry of the system's keyring, by the `keyring` library.

    An optional library and not `secret-tool` as a password command, because that knows no macOS keychain. It runs in
    a process of its own, which can be ended when the keyring waits for a dialogue that nobody sees.
    """

    service: str
    user: str
    patience: float = KEYRING_PATIENCE

    def read(self) -> str:
        """Ask the keyring."""
        name = f"the keyring's entry “{safe_line(self.service)}” of {safe_line(self.user)}"
        try:
            printed = first_line((sys.executable, "-P", "-c", _KEYRING, self.service, self.user), self.patience)
        except TimeoutError as error:
            what = f"{name}: the keyring gave no answer in {self.patience:g} seconds"
            raise LoginRefused(what, "unlock it, or let the password come from a command or a file") from error
        except (OSError, ValueError) as error:
            raise ConfigError(name, "", f"the keyring cannot be asked: {_why(error)}") from error
        self._check(printed, name)
        return _decoded(printed.line, name)

    def _check(self, printed: Printed, name: str) -> None:
        match printed.code:
            case 0:
                return
            case 10:
                what, hint = "the library for keyrings is not installed", "install tandem-inbox[keyring]"
                raise ConfigError(name, "", what, hint)
            case 11:
                what = "there is no keyring on this system"
                raise ConfigError(name, "", what, "let the password come from a command or a file")
            case 13:
                hint = f"`keyring set {safe_line(self.service)} {safe_line(self.user)}` makes it"
                raise ConfigError(name, "", "there is no such entry", hint)
            case _:
                raise LoginRefused(f"{name} cannot be had: the keyring is locked or broken", "unlock it")


def _asked(argv: tuple[str, ...], patience: float, kind: str) -> str:
    if not argv:
        raise ConfigError(kind, "", "it is empty")
    name = f"the {kind} {safe_line(Path(argv[0]).name)}"
    try:
        printed = first_line(argv, patience)
    except TimeoutError as error:
        raise LoginRefused(f"{name} did not end in {patience:g} seconds") from error
    except (OSError, ValueError) as error:
        raise ConfigError(argv[0], "", f"the {kind} cannot be run: {_why(error)}") from error
    if printed.code:
        raise LoginRefused(f"{name} failed with exit code {printed.code}", "run it by hand to see why")
    return _decoded(printed.line, name)


def _without_waiting(path: str, flags: int) -> int:
    """Open a file, and do not wait for a writer where it is a pipe."""
    return os.open(path, flags | os.O_NONBLOCK)


def _decoded(line: bytes, source: str) -> str:
    try:
        return _usable(line.decode(), source)
    except UnicodeDecodeError as error:
        raise ConfigError(source, "", "the password is not UTF-8") from error


def _usable(password: str, source: str) -> str:
    if not password:
        raise LoginRefused(f"{source} gave an empty password")
    if "\0" in password or "\r" in password or "\n" in password:
        raise ConfigError(source, "", "the password has line breaks or NUL in it, which no mail server takes")
    return password


def _why(error: OSError | ValueError) -> str:
    return error.strerror or "unknown reason" if isinstance(error, OSError) else "it holds a NUL"
