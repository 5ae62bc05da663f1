"""One connection to an IMAP server: which mails lie in a folder, their bytes, and the wait for more (RFC 9051, 2177).

Folders are only ever looked at (EXAMINE, BODY.PEEK[]): nothing here changes anything on the server. Which mails are
wanted, and what becomes of them, is decided elsewhere. What the server says is untrusted like any mail.
"""

from __future__ import annotations

import contextlib
import re
import select
import ssl
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import compat32
from pathlib import Path
from types import TracebackType
from typing import Self

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from desk.clock import Clock, utc_now
from desk.errors import ConfigError, MailError, MailUnreachable
from desk.safe import safe_line
from mail.auth import Login, PasswordSource
from mail.defects import Defects
from mail.folders import FolderName, raw_name
from mail.headers import Headers
from mail.loading import ASKED_AT_ONCE, HEAD, LARGEST, PIECE, Info, Loaded, Moved, Opened, Unloaded, batches
from mail.login import log_in, with_secret
from mail.sasl import takes_token
from mail.servers import ImapAddress
from mail.threads import Thread, read_thread

ROUND = 60.0
"""Seconds of one IDLE. Its end proves that the connection still lives and shows what came in one packet with the
server's `+`, which nothing else would; RFC 2177 asks for less than 29 minutes."""

_PAUSE = 1.0
"""Seconds between two looks at a server that keeps talking without having news."""

GLANCE = 0.2
"""Seconds between two questions whether a wait should end."""

_GARBLED = (IMAPClientError, ValueError, LookupError, TypeError, AttributeError, AssertionError)
"""What IMAPClient and imaplib raise on answers that they cannot read."""

_LAST_UID = 2**32 - 1
_BYTES_LITERAL = re.compile(r"\[?b(['\"])(.*?)\1\]?")
_LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for a connection, and for each read and write on it."""

    connect: float = 20.0
    read: float = 60.0


def _go_on() -> bool:
    return False


class Session:
    """A connection that has logged in. For one thread at a time; close it, or use it in a `with`.

    Every method may raise MailUnreachable: the connection is lost, and a new session is needed.
    """

    def __init__(self, client: IMAPClient, address: ImapAddress, clock: Clock = utc_now) -> None:
        self._client = client
        self._address = address
        self._clock = clock
        self._told = 0
        client.normalise_times = False

    @classmethod
    def connect(
        cls,
        address: ImapAddress,
        password: PasswordSource,
        *,
        login: Login = "auto",
        cafile: Path | None = None,
        timeouts: Timeouts | None = None,
        clock: Clock = utc_now,
    ) -> Self:
        """Connect as safely as the address asks, and log in. `cafile`: trust only the authorities in this PEM file.

        Where the password is a token and the server refuses it, a fresh one is tried once, on a new connection.

        Raises:
            MailUnreachable: no conversation with the server is possible now.
            LoginRefused: the server does not accept the user name and password.
            MailError: the server cannot be used as safely as was asked.
            ConfigError: the password's source, or `cafile`, cannot be used.
        """
        context = _tls_context(cafile)
        is_token = takes_token(password, login)

        def connected(secret: str) -> IMAPClient:
            with _explained(address):
                client = _connected(address, context, timeouts or Timeouts())
            try:
                with _explained(address):
                    if address.security == "starttls":
                        client.starttls(context)
                    log_in(client, address, secret, login, is_token=is_token)
            except BaseException:
                _hang_up(client)
                raise
            return client

        return cls(with_secret(password, login, connected), address, clock)

    def close(self) -> None:
        """Say goodbye and close the connection; never raises, never waits long."""
        with contextlib.suppress(OSError, *_GARBLED):
            self._client.socket().settimeout(_PAUSE)
            self._client.logout()
        _hang_up(self._client)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            _hang_up(self._client)

    def folders(self) -> list[FolderName]:
        """Every folder of the account."""
        with _explained(self._address):
            found = self._client.list_folders()
        return [FolderName.read(raw_name(name), [flag.decode() for flag in flags]) for flags, _, name in found]

    def open(self, folder: str | FolderName | None = None, *, writable: bool = False) -> Opened:
        """Open a folder (by default the address's), for reading only unless it shall be `writable`.

        Raises:
            MailError: there is no such folder, or its mails have no lasting UIDs.
        """
        with _explained(self._address):
            found = self._client.select_folder(raw_name(folder or self._address.folder), readonly=not writable)
            uidvalidity = _number(found.get(b"UIDVALIDITY"))
            uidnext = _number(found.get(b"UIDNEXT")) or max(self.all_uids(), default=0) + 1
        if not uidvalidity:
            raise MailError(
                f"{_where(self._address)}: the folder has no UIDVALIDITY, so its mails cannot be told apart"
            )
        self._told = uidnext - 1
        return Opened(uidvalidity, uidnext, _number(found.get(b"EXISTS")))

    def glance(self, folder: str | FolderName) -> Opened:
        """How a folder is, without opening it."""
        with _explained(self._address):
            found = self._client.folder_status(raw_name(folder), ["UIDVALIDITY", "UIDNEXT", "MESSAGES"])
        return Opened(found[b"UIDVALIDITY"], found[b"UIDNEXT"], found[b"MESSAGES"])

    def changed(self, since_modseq: int) -> list[int]:
        """The UIDs of mails that came or were changed after a `highestmodseq`, however low, lowest first."""
        return self._search(["MODSEQ", str(since_modseq + 1)], 1)

    def heads(self, uids: Sequence[int]) -> dict[int, Thread]:
        """The ids of mails and of those that they answer, and nothing else of them."""
        item = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID IN-REPLY-TO REFERENCES)]"
        found: dict[int, Thread] = {}
        for uid, answer in self._answers(uids, [item]):
            if not isinstance(answer, str):
                raw = next((each for each in answer.values() if isinstance(each, bytes)), b"")
                fields = message_from_bytes(raw, policy=compat32).items()
                found[uid] = read_thread(Headers(fields, Defects()), raw)
        return found

    def load_whole(self, uid: int) -> Iterator[bytes]:
        """A mail's bytes however large it is, piece by piece.

        Raises:
            MailError: the server does not give them.
        """
        at = 0
        while True:
            for _, answer in self._answers([uid], [f"BODY.PEEK[]<{at}.{PIECE}>"]):
                piece = "" if isinstance(answer, str) else answer.get(b"BODY[]<%d>" % at)
                if not isinstance(piece, bytes):
                    raise MailError(f"{_where(self._address)} does not give the mail with UID {uid}")
                yield piece
                if len(piece) < PIECE:
                    return
                at += PIECE

    def mark_seen(self, uids: Sequence[int]) -> None:
        """Mark mails as read; the folder must be open `writable`. Those that are gone are no trouble."""
        with _explained(self._address):
            self._client.add_flags(uids, [b"\\Seen"], silent=True)

    def move(self, uids: Sequence[int], folder: str | FolderName) -> Moved:
        """Move mails to another folder; the folder must be open `writable`. Those that are gone are no trouble.

        Raises:
            MailError: there is no such folder, or the server can move nothing without touching other mails.
        """
        with _explained(self._address):
            self._client.move(uids, raw_name(folder))
        return Moved()

    def uids(self, since_uid: int) -> list[int]:
        """The UIDs from this one on, lowest first; `n:*` itself would always yield the last one, however low."""
        return self._search(["UID", f"{max(1, since_uid)}:*"], since_uid)

    def all_uids(self) -> list[int]:
        """Every UID in the folder, lowest first."""
        return self._search(["ALL"], 1)

    def infos(self, uids: Sequence[int]) -> dict[int, Info]:
        """Size and time of mails; those the server does not tell about are left out."""
        found: dict[int, Info] = {}
        for start in range(0, len(uids), ASKED_AT_ONCE):
            asked = uids[start : start + ASKED_AT_ONCE]
            for uid, answer in self._answers(asked, ["RFC822.SIZE", "INTERNALDATE"]):
                if not isinstance(answer, str) and b"RFC822.SIZE" in answer:
                    found[uid] = Info(_number(answer[b"RFC822.SIZE"]), self._received(answer.get(b"INTERNALDATE")))
        return found

    def fetch(self, uids: Sequence[int]) -> Iterator[Loaded | Unloaded]:
        """The mails with these UIDs, each one as soon as it is there; one that cannot be had stops no other.

        At most `BATCH_MAILS` mails or about `BATCH_BYTES` bytes are held at a time.
        """
        for start in range(0, len(uids), ASKED_AT_ONCE):
            asked = uids[start : start + ASKED_AT_ONCE]
            infos = self.infos(asked)
            for batch in batches(asked, infos):
                yield from self._load(batch, infos)

    def wait(self, seconds: float, stop: Callable[[], bool] = _go_on) -> bool:
        """Wait until there is a mail that `uids` has not told of; False when the seconds are over.

        Uses IDLE where the server offers it. `stop` is asked every `GLANCE` seconds whether the wait should end.

        Raises:
            MailUnreachable: the connection is lost or garbled: connect again and look what is new.
        """
        deadline = time.monotonic() + seconds
        with _explained(self._address, always_unreachable=True):
            while not self._has_news():
                left = deadline - time.monotonic()
                if left <= 0 or stop():
                    return False
                self._pass_time(min(left, ROUND), stop)
        return True

    def _search(self, criteria: list[str], lowest: int) -> list[int]:
        with _explained(self._address):
            found = {uid for uid in self._client.search(criteria) if lowest <= uid <= _LAST_UID}
        self._told = max(self._told, *found) if found else self._told
        return sorted(found)

    def _answers(self, uids: Sequence[int], items: list[str]) -> Iterator[tuple[int, Mapping[bytes, object] | str]]:
        """What the server says about each mail, or in words why that cannot be had.

        One answer that cannot be read spoils those to all mails asked for with it: then each is asked for alone.
        """
        try:
            with _explained(self._address):
                found = self._client.fetch(uids, items)
        except MailUnreachable:
            raise
        except MailError as error:
            if len(uids) == 1:
                yield uids[0], error.message
                return
            for uid in uids:
                yield from self._answers([uid], items)
            return
        for uid in uids:
            yield uid, found.get(uid, {})

    def _load(self, uids: Sequence[int], infos: Mapping[int, Info]) -> Iterator[Loaded | Unloaded]:
        size = max((infos[uid].size for uid in uids if uid in infos), default=0)
        is_cut = size > LARGEST
        note = f"this mail is too large ({size // 1_000_000} MB): only its first 64 kB were fetched" if is_cut else ""
        item, key = (f"BODY.PEEK[]<0.{HEAD}>", b"BODY[]<0>") if is_cut else ("BODY.PEEK[]", b"BODY[]")
        for uid, answer in self._answers(uids, [item]):
            if isinstance(answer, str):
                yield Unloaded(uid, answer)
            elif isinstance(raw := answer.get(key), bytes):
                yield Loaded(uid, raw, infos[uid].received if uid in infos else self._clock(), note)
            elif answer:
                yield Unloaded(uid, f"{_where(self._address)} gave no bytes for this mail")
            else:
                yield Unloaded(uid, f"{_where(self._address)} has this mail no longer", is_gone=True)

    def _received(self, date: object) -> datetime:
        """An INTERNALDATE in UTC; one that cannot be read becomes now, which is when the mail reached us."""
        if isinstance(date, datetime) and date.tzinfo is not None:
            with contextlib.suppress(ValueError, OverflowError):
                return date.astimezone(UTC)
        return self._clock()

    def _has_news(self) -> bool:
        """Look, whatever the server announced: it may have done so in an answer to an earlier command."""
        self._client.noop()
        told = self._told
        has_news = bool(self.uids(told + 1))
        self._told = told
        return has_news

    def _pass_time(self, seconds: float, stop: Callable[[], bool]) -> None:
        """Wait for the server to speak, at most so long; a server that speaks of nothing new is not hurried."""
        is_idle = self._client.has_capability("IDLE")
        if is_idle:
            self._client.idle()
        is_speaking = self._listen(time.monotonic() + seconds, stop)
        said = self._client.idle_done()[1] if is_idle else []
        if is_speaking and not any(_is_news(each) for each in said):
            time.sleep(min(_PAUSE, seconds))

    def _listen(self, deadline: float, stop: Callable[[], bool]) -> bool:
        """Whether something came from the server before the deadline, and before `stop` was true."""
        line = self._client.socket()
        poll = select.poll()
        poll.register(line, select.POLLIN)
        while (left := deadline - time.monotonic()) > 0 and not stop():
            if isinstance(line, ssl.SSLSocket) and line.pending():
                return True
            if poll.poll(min(left, GLANCE) * 1000):
                return True
        return False


def _tls_context(cafile: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=cafile)
    except OSError as error:
        raise ConfigError(str(cafile), "", f"this file with certificates cannot be used: {_words(error)}") from error


def _connected(address: ImapAddress, context: ssl.SSLContext, timeouts: Timeouts) -> IMAPClient:
    return IMAPClient(
        address.host,
        port=address.port,
        ssl=address.security == "tls",
        ssl_context=context,
        timeout=SocketTimeout(timeouts.connect, timeouts.read),
    )


def _hang_up(client: IMAPClient) -> None:
    with contextlib.suppress(OSError, *_GARBLED):
        client.shutdown()


def _is_news(response: tuple[object, ...]) -> bool:
    return b"EXISTS" in response or b"RECENT" in response


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _where(address: ImapAddress) -> str:
    return f"IMAP: {address.host}:{address.port}"


@contextlib.contextmanager
def _explained(address: ImapAddress, *, always_unreachable: bool = False) -> Generator[None]:
    """Turn what IMAPClient, imaplib, ssl and sockets raise into one sentence of ours."""
    try:
        yield
    except MailError:
        raise
    except (OSError, IMAPClientAbortError) as error:
        raise _unreachable(address, error) from error
    except _GARBLED as error:
        kind = MailUnreachable if always_unreachable else MailError
        raise kind(f"{_where(address)}: {_words(error)}") from error


def _unreachable(address: ImapAddress, error: Exception) -> MailUnreachable:
    if isinstance(error, ssl.SSLCertVerificationError):
        why = f"its certificate is not trusted: {safe_line(error.verify_message)}"
        return MailUnreachable(f"{_where(address)}: {why}", "`cafile` names an authority of your own")
    return MailUnreachable(f"{_where(address)}: {_words(error)}", "it is tried again later")


def _words(error: Exception) -> str:
    """What an error says, in one short line: most of it comes from the server."""
    if isinstance(error, OSError) and error.strerror:
        return safe_line(error.strerror)
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    line = safe_line(_BYTES_LITERAL.sub(r"\2", text))
    return line[:_LONGEST_WORDS] or "the connection broke off"
