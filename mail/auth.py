"""Where a mail password comes from: a command, the environment or a file; never the command line, the store or a log.

A source is asked anew for every connection, so that a changed password needs no restart.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from desk.errors import ConfigError, LoginRefused
from desk.safe import safe_line

PATIENCE = 20.0
"""Seconds a password command may take."""

_LONGEST = 64 * 1024
_GLANCE = 0.1
"""Seconds after which it is looked whether the command has ended, when nothing comes from it."""


class PasswordSource(Protocol):
    """Gives the password when it is needed."""

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
                return _first_line(file.readline(_LONGEST), str(self.path))
        except OSError as error:
            raise ConfigError(str(self.path), "", f"the password file cannot be read: {error.strerror}") from error

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
        if not self.argv:
            raise ConfigError("password command", "", "it is empty")
        try:
            process = self._start()
        except (OSError, ValueError) as error:
            raise ConfigError(self.argv[0], "", f"the password command cannot be run: {_why(error)}") from error
        with process:
            try:
                output = _read_line(process, time.monotonic() + self.patience)
            except TimeoutError as error:
                raise LoginRefused(f"{self._name} did not end in {self.patience:g} seconds") from error
            finally:
                _make_sure_it_ended(process)
        if process.returncode:
            raise LoginRefused(f"{self._name} failed with exit code {process.returncode}", "run it by hand to see why")
        return _first_line(output, self._name)

    @property
    def _name(self) -> str:
        return f"the password command {safe_line(Path(self.argv[0]).name)}"

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - the agent's own command, as an argv list
            self.argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )


def _without_waiting(path: str, flags: int) -> int:
    """Open a file, and do not wait for a writer where it is a pipe."""
    return os.open(path, flags | os.O_NONBLOCK)


def _read_line(process: subprocess.Popen[bytes], deadline: float) -> bytes:
    """What a process prints until it has ended; not what something prints that it left running behind it.

    Raises:
        TimeoutError: it went on past the deadline.
    """
    output = b""
    if process.stdout is not None:
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while process.poll() is None or b"\n" not in output:
                if time.monotonic() > deadline or len(output) > _LONGEST:
                    raise TimeoutError
                if selector.select(_GLANCE):
                    if not (piece := os.read(process.stdout.fileno(), _LONGEST)):
                        break
                    output += piece
    _await(process, deadline)
    return output


def _await(process: subprocess.Popen[bytes], deadline: float) -> None:
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise TimeoutError from error


def _make_sure_it_ended(process: subprocess.Popen[bytes]) -> None:
    """End a process that went on for too long, and with it whatever it started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _first_line(data: bytes, source: str) -> str:
    try:
        return _usable(data.partition(b"\n")[0].removesuffix(b"\r").decode(), source)
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
