"""The bytes between us and an IMAP server: a socket, TLS on it, lines and counted pieces read within strict bounds.

What the bytes mean is not known here. Whatever goes wrong is a MailUnreachable: the connection is of no use any more.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from desk.errors import ConfigError, MailError, MailUnreachable
from desk.safe import safe_line

LONGEST_LINE = 16_000_000
"""Bytes of a line: the UIDs of two million mails are told in one."""

MOST = 160_000_000
"""Bytes taken in answer to what was sent last."""

SLOWEST = 2_000
"""Bytes a second that must come on the average, once an answer was waited for twice as long as one read may take."""

_CHUNK = 262_144
_LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for a connection, and for each read and write on it."""

    connect: float = 20.0
    read: float = 60.0


class Wire:
    """One connection. `where` names it in errors. For one thread at a time."""

    def __init__(self, peer: socket.socket, where: str, read_timeout: float) -> None:
        self._peer = peer
        self._usual_timeout = self._read_timeout = read_timeout
        self._buffer = bytearray()
        self._scanned = 0
        self._taken = 0
        self._waited = 0.0
        self.where = where
        peer.settimeout(read_timeout)

    @classmethod
    def connect(cls, host: str, port: int, timeouts: Timeouts, context: ssl.SSLContext | None = None) -> Self:
        """Connect, with TLS from the first byte where a `context` is given.

        Raises:
            MailUnreachable: nobody answers there, or not with a certificate that is trusted.
        """
        where = f"IMAP: {host}:{port}"
        with explained(where):
            peer = socket.create_connection((host, port), timeout=timeouts.connect)
            try:
                peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                secured = context.wrap_socket(peer, server_hostname=host) if context else peer
            except BaseException:
                peer.close()
                raise
        return cls(secured, where, timeouts.read)

    def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Go on with TLS.

        Raises:
            MailError: there is something on the wire that was not protected, so somebody put words in the server's
                mouth (CVE-2021-38370 and its kin).
        """
        if self._buffer:
            raise MailError(f"{self.where}: words came before TLS that should have come under its protection")
        with explained(self.where):
            self._peer = context.wrap_socket(self._peer, server_hostname=host)
            self._peer.settimeout(self._read_timeout)

    def send(self, data: bytes) -> None:
        """Send all of it; what may come in answer is counted anew."""
        self._taken, self._waited = 0, 0.0
        with explained(self.where):
            self._peer.sendall(data)

    def line(self) -> bytes:
        """The next line, without its end."""
        while (end := self._line_end()) < 0:
            self._fill()
        line = bytes(self._buffer[:end]).removesuffix(b"\r")
        del self._buffer[: end + 1]
        self._scanned = 0
        return line

    def take(self, size: int) -> bytes:
        """Exactly so many bytes."""
        while len(self._buffer) < size:
            self._fill()
        with memoryview(self._buffer) as view:
            data = bytes(view[:size])
        del self._buffer[:size]
        self._scanned = 0
        return data

    def is_ready(self, seconds: float) -> bool:
        """Whether a whole line is there; waits for the server at most so long."""
        if self._line_end() >= 0:
            return True
        with explained(self.where):
            self._peer.settimeout(max(seconds, 0.001))
            try:
                data = self._peer.recv(_CHUNK)
            except TimeoutError:
                return False
            finally:
                self._peer.settimeout(self._read_timeout)
        self._keep(data)
        return self._line_end() >= 0

    def expect_within(self, seconds: float) -> None:
        """Wait at most so long for each read and write, until `relax`."""
        self._read_timeout = min(seconds, self._usual_timeout)
        self._peer.settimeout(self._read_timeout)

    def relax(self) -> None:
        """Wait as long as usual again."""
        self._read_timeout = self._usual_timeout
        self._peer.settimeout(self._read_timeout)

    def broken(self, words: str) -> MailUnreachable:
        """The error to raise when the server cannot be followed any longer."""
        return MailUnreachable(f"{self.where}: {words}", "it is tried again later")

    def close(self) -> None:
        """Close the connection; never raises."""
        with contextlib.suppress(OSError):
            self._peer.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            self._peer.close()

    def _line_end(self) -> int:
        end = self._buffer.find(b"\n", self._scanned)
        if end < 0:
            self._scanned = len(self._buffer)
            if self._scanned > LONGEST_LINE:
                raise self.broken("the server sends a line without end")
        return end

    def _fill(self) -> None:
        started = time.monotonic()
        with explained(self.where):
            data = self._peer.recv(_CHUNK)
        self._waited += time.monotonic() - started
        self._keep(data)
        self._taken += len(data)
        if self._taken > MOST:
            raise self.broken("the server sends more than was asked for")
        if self._waited > 2 * self._read_timeout + self._taken / SLOWEST:
            raise self.broken("the server sends too slowly")

    def _keep(self, data: bytes) -> None:
        if not data:
            raise self.broken("the server closed the connection")
        self._buffer += data


def tls_context(cafile: Path | None) -> ssl.SSLContext:
    """Certificates and host names are always verified; `cafile`: only by the authorities in this PEM file.

    Raises:
        ConfigError: the file cannot be used.
    """
    try:
        return ssl.create_default_context(cafile=cafile)
    except OSError as error:
        raise ConfigError(str(cafile), "", f"this file with certificates cannot be used: {_words(error)}") from error


@contextlib.contextmanager
def explained(where: str) -> Generator[None]:
    """Turn what sockets and TLS raise into one sentence of ours."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        why = f"its certificate is not trusted: {safe_line(error.verify_message)}"
        raise MailUnreachable(f"{where}: {why}", "`cafile` names an authority of your own") from error
    except (OSError, ValueError) as error:
        raise MailUnreachable(f"{where}: {_words(error)}", "it is tried again later") from error


def _words(error: Exception) -> str:
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return safe_line(words)[:_LONGEST_WORDS] or "the connection broke off"
