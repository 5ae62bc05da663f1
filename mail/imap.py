"""One connection to an IMAP account: its folders, which mails lie in one, their bytes, the wait for more (RFC 9051).

A folder is only looked at (EXAMINE, BODY.PEEK[]) unless it is opened to be written: then mails can be marked and moved.
Which mails are wanted, and what becomes of them, is decided elsewhere. What the server says is untrusted like any mail.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from desk.clock import Clock, utc_now
from desk.errors import MailError, MailUnreachable
from mail import appending, changes
from mail.answers import LAST_UID, counted, listed
from mail.auth import Login, PasswordSource
from mail.client import Client
from mail.fetched import bytes_of, is_too_large, to_info, to_loaded, to_thread
from mail.fetches import BODY, Question, Told, ask_about
from mail.folders import FolderName, quoted, raw_name
from mail.idling import GLANCE, ROUND, idle
from mail.line import Timeouts, tls_context
from mail.loading import ASKED_AT_ONCE, HEAD, PIECE, Info, Loaded, Moved, Opened, Unloaded, batches
from mail.login import log_in, with_secret
from mail.sasl import takes_token
from mail.servers import ImapAddress
from mail.threads import Thread

_FAREWELL = 1.0
"""Seconds that saying goodbye may take."""

_PAUSE = 1.0
"""Seconds until it is looked again for a mail that was announced and cannot be found; each time twice as many."""

_MOST_FOLDERS = 10_000
_STATUS = ("UIDVALIDITY", "UIDNEXT", "MESSAGES", "HIGHESTMODSEQ")
_IDS = b"BODY.PEEK[HEADER.FIELDS (MESSAGE-ID IN-REPLY-TO REFERENCES X-MICROSOFT-ORIGINAL-MESSAGE-ID SUBJECT)]"


def _go_on() -> bool:
    return False


class Session:
    """A connection that has logged in. For one thread at a time; close it, or use it in a `with`.

    Every method may raise MailUnreachable: the connection is lost, and a new session is needed, after the seconds in
    `retry_after` where the server named some.
    """

    def __init__(self, client: Client, address: ImapAddress, clock: Clock = utc_now) -> None:
        self._client = client
        self._offers = client.offers()
        self._address = address
        self._clock = clock
        self._told = 0
        self._is_writable = False
        self._can_idle = "IDLE" in self._offers

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
        context = tls_context(cafile)
        is_token = takes_token(password, login)

        def connected(secret: str) -> Client:
            client = Client.connect(address, context, timeouts or Timeouts())
            try:
                log_in(client, address, secret, login, is_token=is_token)
                client.introduce_itself()
            except BaseException:
                client.hang_up()
                raise
            return client

        return cls(with_secret(password, login, connected), address, clock)

    def close(self) -> None:
        """Say goodbye and close the connection; never raises, never waits long."""
        self._client.leave(_FAREWELL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._client.hang_up()

    def folders(self) -> list[FolderName]:
        """Every folder of the account."""
        is_extended = {"SPECIAL-USE", "LIST-EXTENDED"} <= self._offers
        answers = self._client.told("LIST", '""', '"*"', *["RETURN (SPECIAL-USE)"] * is_extended)
        found = (listed(answer) for answer in answers)
        return [FolderName.read(raw, flags) for flags, raw in filter(None, found)][:_MOST_FOLDERS]

    def open(self, folder: str | FolderName | None = None, *, writable: bool = False) -> Opened:
        """Open a folder (by default the address's), for reading only unless it shall be `writable`.

        Raises:
            MailError: there is no such folder, it cannot be written, or its mails have no lasting UIDs.
        """
        name = raw_name(folder or self._address.folder)
        self._client.line.exists = 0
        with self._client.asking():
            told = self._client.select_folder(name, readonly=not writable)
        self._is_writable = writable
        exists = self._client.line.exists
        uidnext = _number(told.get(b"UIDNEXT")) or max(self.all_uids(), default=0) + 1
        self._told = uidnext - 1
        modseq = _number(told.get(b"HIGHESTMODSEQ"))
        opened = Opened(_number(told.get(b"UIDVALIDITY")), uidnext, exists, modseq or None)
        return self._with_lasting_uids(opened, is_sticky=b"UIDNOTSTICKY" not in told)

    def glance(self, folder: str | FolderName) -> Opened:
        """How a folder is, in one round trip and without opening it.

        Raises:
            MailError: there is no such folder, or its mails have no lasting UIDs.
        """
        asked = _STATUS if "CONDSTORE" in self._offers else _STATUS[:-1]
        answers = self._client.told("STATUS", quoted(raw_name(folder)), f"({' '.join(asked)})")
        told = {name: number for answer in answers for name, number in counted(answer).items()}
        uidvalidity, uidnext, exists, modseq = (told.get(name, 0) for name in _STATUS)
        return self._with_lasting_uids(Opened(uidvalidity, uidnext, exists, modseq or None))

    def uids(self, since_uid: int) -> list[int]:
        """The UIDs from this one on, lowest first, in one round trip: the cheapest way to learn that nothing is new.

        `n:*` itself would always yield the last UID, however low.
        """
        return self._search(f"UID {max(1, since_uid)}:*", since_uid)

    def all_uids(self) -> list[int]:
        """Every UID in the folder, lowest first."""
        return self._search("ALL", 1)

    def changed(self, since_modseq: int) -> list[int]:
        """The UIDs of mails that came or were changed after a `highestmodseq`, however low, lowest first.

        Only for a folder that was opened with a `highestmodseq` (RFC 7162).
        """
        return self._search(f"MODSEQ {since_modseq + 1}", 1)

    def infos(self, uids: Sequence[int]) -> dict[int, Info]:
        """Size, time and Gmail's id of mails; those the server does not tell about are left out."""
        items = b"RFC822.SIZE INTERNALDATE" + (b" X-GM-MSGID" if self.has_gmail_ids else b"")
        return {told.uid: to_info(told, self._clock) for told in self._ask(uids, items, b"RFC822.SIZE") if told.items}

    def heads(self, uids: Sequence[int]) -> dict[int, Thread]:
        """The ids of mails and of those that they answer, and what ticket they name; those that are gone are left out.

        The id of a mail that has none is made of these lines alone: another one than the whole mail's.
        """
        return {told.uid: to_thread(told) for told in self._ask(uids, _IDS, b"BODY[HEADER") if told.items}

    def fetch(self, uids: Sequence[int], *, only_heads: bool = False) -> Iterator[Loaded | Unloaded]:
        """The mails with these UIDs, in any order; one that cannot be had stops no other.

        With `only_heads` just the first `HEAD` bytes of each, as always of those larger than `LARGEST`. About
        `BATCH_BYTES` bytes are held at a time, and as many may be on their way.
        """
        for start in range(0, len(uids), ASKED_AT_ONCE):
            asked = uids[start : start + ASKED_AT_ONCE]
            infos = self.infos(asked)
            questions = (self._question(batch, infos, only_heads=only_heads) for batch in batches(asked, infos))
            for told in ask_about(self._client, questions):
                yield to_loaded(told, infos.get(told.uid), self._where, self._clock, only_heads=only_heads)

    def load_whole(self, uid: int) -> Iterator[bytes]:
        """A mail's bytes however large it is, in pieces of at most `PIECE` bytes.

        Raises:
            MailError: the server does not give them.
        """
        at, last = 0, PIECE
        while last == PIECE:
            question = Question([uid], b"BODY.PEEK[]<%d.%d>" % (at, PIECE), BODY)
            for told in ask_about(self._client, [question]):
                piece = bytes_of(told)
                if piece is None or len(piece) > PIECE:
                    raise MailError(told.why or f"{self._where} does not give the mail with UID {uid}")
                yield piece
                at, last = at + len(piece), len(piece)

    def mark_seen(self, uids: Sequence[int]) -> None:
        """Mark mails as read; the folder must be open `writable`. Those that are gone are no trouble."""
        self._need_writable()
        changes.mark_seen(self._client, uids)

    def move(self, uids: Sequence[int], folder: str | FolderName) -> Moved:
        """Move mails to another folder; the folder must be open `writable`. Those that are gone are no trouble.

        Raises:
            MailError: there is no such folder, or the server can move nothing without touching other mails.
        """
        self._need_writable()
        return changes.move(self._client, uids, raw_name(folder))

    def append(self, folder: str | FolderName, raw: bytes, at: datetime) -> None:
        """Put a copy of a mail into a folder, as read, dated `at`; the bytes end their lines in CRLF.

        Raises:
            MailUnreachable: the connection broke off: the mail may be there, or not.
            MailError: there is no such folder, or the server does not take the mail.
        """
        appending.append(self._client, raw_name(folder), raw, at)

    def holds(self, folder: str | FolderName, message_ids: Collection[str]) -> bool | None:
        """Whether a folder holds a mail with one of these Message-IDs; None: the server cannot search for them.

        The folder is open afterwards.

        Raises:
            MailError: there is no such folder.
        """
        opened = self.open(folder)
        return appending.holds(self._client, message_ids, opened.uidnext, self.heads)

    def wait(self, seconds: float, stop: Callable[[], bool] = _go_on) -> bool:
        """Wait until there is a mail that `uids` has not told of; False when the seconds are over.

        Uses IDLE where the server offers it. `stop` is asked every `GLANCE` seconds whether the wait should end.

        Raises:
            MailUnreachable: the connection is lost, garbled or silent: connect again and look what is new.
        """
        deadline = time.monotonic() + seconds
        length = ROUND
        while not self._has_news():
            left = deadline - time.monotonic()
            if left <= 0 or stop():
                return False
            if not self._pass_time(min(left, length), stop):
                length = min(2 * length, ROUND)
            elif self._has_news():
                break
            else:
                length = _PAUSE
                _sleep(min(_PAUSE, deadline - time.monotonic()), stop)
        return True

    @property
    def has_gmail_ids(self) -> bool:
        """Whether `infos` tells Gmail's own ids, by which a mail is one under all of its labels."""
        return "X-GM-EXT-1" in self._offers

    @property
    def _where(self) -> str:
        return self._client.line.where

    def _with_lasting_uids(self, opened: Opened, *, is_sticky: bool = True) -> Opened:
        if not opened.uidvalidity or not is_sticky:
            raise MailError(f"{self._where}: the folder has no lasting UIDs, so its mails cannot be told apart")
        return opened

    def _need_writable(self) -> None:
        if not self._is_writable:
            raise MailError(f"{self._where}: the folder was opened for reading only, so nothing in it is changed")

    def _search(self, criteria: str, lowest: int) -> list[int]:
        line = self._client.line
        arrivals = line.arrivals
        try:
            found = self._found(criteria)
        except MailUnreachable:
            raise
        except MailError:
            if line.exists:
                raise
            return []  # in an empty folder `*` names nothing, which some servers refuse
        if line.arrivals != arrivals:  # Dovecot tells what is new only after it has searched without it
            found = self._found(criteria)
        uids = sorted({uid for uid in found if lowest <= uid <= LAST_UID})
        self._told = max([self._told, *uids[-1:]])
        return uids

    def _found(self, criteria: str) -> list[int]:
        with self._client.asking():
            return self._client.search(criteria)

    def _has_news(self) -> bool:
        told = self._told
        has_news = bool(self.uids(told + 1))
        self._told = told
        return has_news

    def _pass_time(self, seconds: float, stop: Callable[[], bool]) -> bool:
        """Wait for the server to announce mail, at most so long; whether it did."""
        ending = idle(self._client, seconds, stop) if self._can_idle else "refused"
        if ending == "refused":
            self._can_idle = False
            _sleep(seconds, stop)
            with self._client.asking():
                self._client.noop()  # some servers find only what they have announced
        return ending == "announced"

    def _ask(self, uids: Sequence[int], items: bytes, key: bytes) -> Iterator[Told]:
        starts = range(0, len(uids), ASKED_AT_ONCE)
        questions = (Question(uids[start : start + ASKED_AT_ONCE], items, key) for start in starts)
        return ask_about(self._client, questions)

    def _question(self, uids: Sequence[int], infos: Mapping[int, Info], *, only_heads: bool) -> Question:
        is_cut = only_heads or any(is_too_large(infos.get(uid)) for uid in uids)
        return Question(uids, b"BODY.PEEK[]<0.%d>" % HEAD if is_cut else b"BODY.PEEK[]", BODY)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _sleep(seconds: float, stop: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0 and not stop():
        time.sleep(min(left, GLANCE))
