"""Where mail is fetched and handed over, written as URLs (RFC 5092, RFC 8314).

`imaps://user@host:993/INBOX`, `imap://user@host:143/INBOX?security=starttls|none`, `smtps://user@host:465`,
`smtp://user@host:587?security=starttls|none`. TLS is never optional: without it only this machine can be reached.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Literal, NoReturn, Self, cast
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from desk.errors import ConfigError
from desk.safe import DANGEROUS, safe_line

Security = Literal["tls", "starttls", "none"]
"""TLS from the first byte, TLS by STARTTLS before anything is said, or none at all (loopback only)."""

_HOST = re.compile(r"[\w.-]{1,253}|[0-9a-f:.]{2,45}")
_PORTS: dict[str, int] = {"imaps": 993, "imap": 143, "smtps": 465, "smtp": 587}


@dataclass(frozen=True, slots=True)
class ImapAddress:
    """An IMAP account and the folder to watch."""

    host: str
    port: int
    security: Security
    user: str
    folder: str = "INBOX"

    @classmethod
    def parse(cls, url: str, path: str = "IMAP server", key: str = "") -> Self:
        """Read a URL; `path` and `key` say where it stands, for the error.

        Raises:
            ConfigError: it is not such a URL, holds a password, or would send one unprotected.
        """
        reader = _UrlReader(url, "imap", path, key)
        if not reader.user:
            reader.refuse("it names no user", f"write imaps://USER@{reader.host}")
        return cls(reader.host, reader.port, reader.security, reader.user, reader.last or "INBOX")

    @property
    def url(self) -> str:
        """The same as a URL."""
        return f"{_written('imap', self.host, self.port, self.security, self.user, '/' + quote(self.folder))}"


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """A mail submission server. `user` empty: no login."""

    host: str
    port: int
    security: Security
    user: str = ""

    @classmethod
    def parse(cls, url: str, path: str = "SMTP server", key: str = "") -> Self:
        """Read a URL; `path` and `key` say where it stands, for the error.

        Raises:
            ConfigError: it is not such a URL, holds a password, or would send mail unprotected.
        """
        reader = _UrlReader(url, "smtp", path, key)
        if reader.last:
            reader.refuse("nothing may stand behind the host and port")
        return cls(reader.host, reader.port, reader.security, reader.user)

    @property
    def url(self) -> str:
        """The same as a URL."""
        return _written("smtp", self.host, self.port, self.security, self.user)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, so that nobody on the way can listen."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _UrlReader:
    """Takes a URL apart and says in words what is wrong with it, never repeating it: it may hold a password."""

    def __init__(self, url: str, protocol: str, path: str, key: str) -> None:
        self._path, self._key, self._protocol = path, key, protocol
        self._parts = self._split(url.strip())
        self.host = self._host()
        self.user = self._decoded(self._parts.username or "")
        self.last = self._decoded(self._parts.path.removeprefix("/"))
        self.security: Security = self._security()
        self.port = self._port()

    def refuse(self, message: str, hint: str = "") -> NoReturn:
        """Raise the ConfigError."""
        raise ConfigError(self._path, self._key, message, hint or f"such as {self._protocol}s://user@mail.example.org")

    def _split(self, url: str) -> SplitResult:
        try:
            parts = urlsplit(url)
        except ValueError:
            self.refuse("this is no URL")
        if parts.scheme not in (self._protocol, f"{self._protocol}s"):
            self.refuse(f"a URL that begins with {self._protocol}s:// is wanted")
        if parts.password is not None:
            self.refuse("it holds a password", "passwords come from a command, a file or the environment")
        if parts.fragment:
            self.refuse("a # in it must be written %23")
        return parts

    def _host(self) -> str:
        host = self._parts.hostname or ""
        if not _HOST.fullmatch(host):
            self.refuse("it names no host")
        return host

    def _port(self) -> int:
        try:
            return self._parts.port or _PORTS[self._parts.scheme]
        except ValueError:
            self.refuse("its port is no number from 1 to 65535")

    def _decoded(self, text: str) -> str:
        try:
            decoded = unquote(text, errors="strict") if text.isascii() else text
        except UnicodeDecodeError:
            self.refuse("what is written with % in it is not UTF-8")
        if DANGEROUS.search(decoded):
            self.refuse("it holds control characters")
        return decoded

    def _security(self) -> Security:
        options = dict(parse_qsl(self._parts.query, keep_blank_values=True))
        wanted = options.pop("security", None)
        if options:
            self.refuse(f"it has an unknown option: {safe_line(next(iter(options)))[:40]}", "known: security")
        if self._parts.scheme.endswith("s"):
            if wanted not in (None, "tls"):
                self.refuse(f"{self._parts.scheme}:// always means TLS; leave the security option out")
            return "tls"
        if wanted not in (None, "starttls", "none"):
            self.refuse("its security must be starttls or none")
        if wanted == "none" and not is_loopback(self.host):
            self.refuse("security=none would show the password to everyone on the way; it is for this machine only")
        return cast("Security", wanted or "starttls")


def _written(protocol: str, host: str, port: int, security: Security, user: str, rest: str = "") -> str:
    scheme = f"{protocol}s" if security == "tls" else protocol
    login = f"{quote(user, safe='')}@" if user else ""
    where = f"[{host}]" if ":" in host else host
    return f"{scheme}://{login}{where}:{port}{rest}" + ("" if security == "tls" else f"?security={security}")
