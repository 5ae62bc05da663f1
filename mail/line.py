"""The connection under IMAPClient: what comes from a server is read within strict bounds, errors are sentences of ours.

imaplib means `open`, `read`, `readline` and `send` to be overridden. Whatever goes wrong in them is a MailUnreachable:
the connection is of no use any more.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
import ssl
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from imapclient.exceptions import IMAPClientError, IMAPClientReadOnlyError

from desk.errors import ConfigError, MailError, MailUnreachable
from desk.safe import safe_line
from mail.handshakes import certificate_hint, certificate_words, tls_hint, tls_words
from mail.refusals import farewell, refusal, spoken

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

LARGEST_LITERAL = 64_000_000
"""Bytes of one literal: more than any mail that is fetched whole."""

LONGEST_LINE = 16_000_000
"""Bytes of a line: the UIDs of two million mails are told in one. imaplib's own bound is 1,000,000."""

MOST = 160_000_000
"""Bytes taken in answer to what was sent last."""

MOST_LINES = 200_000
"""Lines taken in answer to what was sent last."""

SLOWEST = 2_000
"""Bytes a second that must come on the average, once an answer was waited for twice as long as one read may take."""

_CHUNK = 262_144
_LONGEST_WORDS = 200
_COUNTED = re.compile(rb"\* (\d{1,10}) (EXISTS|EXPUNGE)\b", re.IGNORECASE)
WITHOUT_LITERALS = re.compile(rb"(?:\* (?:OK|NO|BAD|BYE)\b|\+)", re.IGNORECASE)
_GARBLED = (IMAPClientError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
"""What IMAPClient and imaplib raise on answers that they cannot read."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for a connection, and for each read and write on it."""

    connect: float = 20.0
    read: float = 60.0


class Line(imaplib.IMAP4):
    """One connection, with TLS from the first byte where a `context` is given. `where` names it in errors.

    `heard` is the last line that came, `exists` how many mails the open folder was last said to hold, `arrivals` how
    often that number grew. `patience` is how many seconds each read may take; `is_leaving` expects the server's BYE.
    With `is_starting_tls`, words that come before TLS and would count after it are refused (CVE-2021-38370).
    """

    def __init__(self, host: str, port: int, timeouts: Timeouts, context: ssl.SSLContext | None = None) -> None:
        self.where = f"IMAP: {host}:{port}"
        self.heard = b""
        self.exists = self.arrivals = 0
        self.patience = timeouts.read
        self.is_leaving = False
        self._context = context
        self._buffer = bytearray()
        self._unsent = b""
        self._scanned = self._taken = self._lines = 0
        self._waited = 0.0
        self.is_starting_tls = False
        with self.asking():
            super().__init__(host, port, timeouts.connect)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Connect, and hear the greeting.

        Raises:
            MailUnreachable: nobody answers there, or not with a certificate that is trusted.
            MailError: the greeting is none. One that claims to know us already would keep us from asking for TLS
                (CVE-2020-14093), and any other means that this is no IMAP server (CVE-2020-28896).
        """
        super().open(host, port, timeout)
        try:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._context:
                self.sock = self._context.wrap_socket(self.sock, server_hostname=host)
            self._buffer[:0] = self._greeting()  # imaplib reads it once more
        except BaseException:
            self.file.close()  # holds the connection open as long as it is
            self.sock.close()
            raise

    def send(self, data: ReadableBuffer) -> None:
        """Send what makes up a whole command at once; what may come in answer is counted anew."""
        self._unsent += bytes(data)
        if self._unsent.endswith(b"\r\n"):
            whole, self._unsent = self._unsent, b""
            self._taken = self._lines = 0
            self._waited = 0.0
            with explained(self.where):
                self.sock.settimeout(self.patience)
                for start in range(0, len(whole), _CHUNK):  # a timeout is for all that one call sends
                    self.sock.sendall(whole[start : start + _CHUNK])

    def readline(self) -> bytes:
        """The next line, ending in CR LF whatever ended it."""
        while (end := self._line_end()) < 0:
            self._fill()
        line = bytes(self._buffer[:end]).removesuffix(b"\r")
        del self._buffer[: end + 1]
        self._scanned = 0
        self._note(line)
        if line.endswith(b"}") and WITHOUT_LITERALS.match(line):
            line += b" "  # so that imaplib takes no number in a sentence for the length of a literal
        return line + b"\r\n"

    def read(self, size: int) -> bytes:
        """Exactly so many bytes."""
        if size > LARGEST_LITERAL:
            raise self.broken(f"the server announces a piece of {size:,} bytes")
        while len(self._buffer) < size:
            self._fill()
        with memoryview(self._buffer) as view:
            data = bytes(view[:size])
        del self._buffer[:size]
        self._scanned = 0
        return data

    def is_ready(self, seconds: float) -> bool:
        """Whether a whole line is there; waits for the server at most so long."""
        if self._line_end() < 0:
            with explained(self.where), contextlib.suppress(TimeoutError):
                self._keep(self._received(max(seconds, 0.001)))
        return self._line_end() >= 0

    def broken(self, words: str) -> MailUnreachable:
        """The error to raise when the server cannot be followed any longer."""
        return MailUnreachable(f"{self.where}: {words}", "try again later")

    def not_understood(self) -> MailUnreachable:
        """The error to raise when the last line makes no sense."""
        return self.broken(f"the server says what cannot be understood: {spoken(self.heard)}")

    @contextlib.contextmanager
    def asking(self, refused: Callable[[str, bytes], MailError] = refusal) -> Generator[None]:
        """Let IMAPClient ask one thing, and turn what it raises into one sentence of ours.

        A command that is answered with NO or BAD becomes what `refused` makes of the server's own words.
        """
        self.untagged_responses = {}  # what imaplib gathered and nobody asked for would grow for ever
        self.heard = b""
        try:
            with explained(self.where):
                yield
        except IMAPClientReadOnlyError as error:
            raise MailError(f"{self.where}: this folder can be read but not changed") from error
        except _GARBLED as error:
            raise self._meant(error, refused) from error

    def _meant(self, error: Exception, refused: Callable[[str, bytes], MailError]) -> MailError:
        tag, _, said = self.heard.partition(b" ")
        is_refusal = said[:3].upper() in {b"NO", b"NO ", b"BAD"} and tag not in {b"*", b"+"}
        if is_refusal and isinstance(error, IMAPClientError):
            return refused(self.where, said)
        if self.heard:
            return self.not_understood()
        return self.broken(_words(error))

    def _greeting(self) -> bytes:
        line = self._first_line()
        if line[:9].upper() == b"* PREAUTH":
            raise MailError(f"{self.where} claims that we are logged in already, which is not to be trusted")
        if line[:4].upper() != b"* OK":
            raise MailError(f"{self.where} does not greet as an IMAP server does: {spoken(line)}")
        return line

    def _first_line(self) -> bytes:
        try:
            return self.readline()
        except MailUnreachable as error:
            if isinstance(self.sock, ssl.SSLSocket) or not isinstance(error.__cause__, TimeoutError):
                raise
            hint = "write imaps://... if TLS comes first on this port, else try again later"
            raise MailUnreachable(f"{self.where}: the server says nothing", hint) from error

    def _note(self, line: bytes) -> None:
        self.heard = line
        self._lines += 1
        if self._lines > MOST_LINES:
            raise self.broken("the server does not end its answer")
        if line[:5].upper() == b"* BYE" and not self.is_leaving:
            raise farewell(self.where, line[2:])
        if counted := _COUNTED.match(line):
            is_arrival = counted[2].upper() == b"EXISTS"
            exists = int(counted[1]) if is_arrival else max(0, self.exists - 1)
            self.arrivals += exists > self.exists
            self.exists = exists
        is_plain = self.is_starting_tls and not isinstance(self.sock, ssl.SSLSocket)
        if is_plain and self._buffer and line[:1] not in b"*+":
            raise MailError(f"{self.where}: words came before TLS that should have come under its protection")

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
            data = self._received(self.patience)
        self._waited += time.monotonic() - started
        self._keep(data)
        self._taken += len(data)
        if self._taken > MOST:
            raise self.broken("the server sends more than was asked for")
        if self._waited > 2 * self.patience + self._taken / SLOWEST:
            raise self.broken("the server sends too slowly")

    def _received(self, seconds: float) -> bytes:
        self.sock.settimeout(seconds)
        return self.sock.recv(_CHUNK)

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
        context = ssl.create_default_context(cafile=cafile)
    except OSError as error:
        raise ConfigError(str(cafile), "", f"this file with certificates cannot be used: {_words(error)}") from error
    context.sslsocket_class = _Socket
    return context


class _Socket(ssl.SSLSocket):
    """Closed with its last reference: CPython leaves it open where the server resets the line before the handshake."""

    def __del__(self) -> None:
        self.close()


@contextlib.contextmanager
def explained(where: str) -> Generator[None]:
    """Turn what sockets and TLS raise into one sentence of ours."""
    try:
        yield
    except MailUnreachable:  # which is an OSError too, and says already what is wrong, where, and for how long
        raise
    except ssl.SSLCertVerificationError as error:
        raise MailUnreachable(f"{where}: {certificate_words(error)}", certificate_hint(error)) from error
    except OSError as error:
        raise MailUnreachable(f"{where}: {_words(error)}", tls_hint(error, "imap") or "try again later") from error


def _words(error: Exception) -> str:
    words = tls_words(error) or (isinstance(error, OSError) and error.strerror) or str(error)
    return safe_line(words)[:_LONGEST_WORDS] or "the connection broke off"
