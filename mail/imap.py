"""One connection to an IMAP account: its folders, which mails lie in one, their bytes, the wait for more (RFC 9051).

A folder is only looked at (EXAMINE, BODY.PEEK[]) unless it is opened to be written: then mails can be marked and moved.
Which mails are wanted, and what becomes of them, is decided elsewhere. What the server says is untrusted like any mail.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from desk.clock import Clock, utc_now
from desk.errors import MailError, MailUnreachable
from mail import changes
from mail.answers import LAST_UID, codes, listed, searched, status, to_number
from mail.auth import Login, PasswordSource
from mail.dialogue import Dialogue, quoted
from mail.fetched import bytes_of, is_too_large, to_info, to_loaded, to_thread
from mail.fetches import BODY, Question, Told, ask_about
from mail.folders import FolderName, raw_name
from mail.idling import GLANCE, ROUND, idle
from mail.loading import ASKED_AT_ONCE, HEAD, PIECE, Info, Loaded, Moved, Opened, Unloaded, batches
from mail.login import log_in, with_secret
from mail.sasl import takes_token
from mail.servers import ImapAddress
from mail.threads import Thread
from mail.wire import Timeouts, tls_context

_FAREWELL = 1.0
"""Seconds that saying goodbye may take."""

_PAUSE = 1.0
"""Seconds until it is looked again for a mail that was announced and cannot be found; each time twice as many."""

_MOST_FOLDERS = 10_000
_STATUS = b"UIDVALIDITY UIDNEXT MESSAGES"
_IDS = b"BODY.PEEK[HEADER.FIELDS (MESSAGE-ID IN-REPLY-TO REFERENCES X-MICROSOFT-ORIGINAL-MESSAGE-ID)]"


def _go_on() -> bool:
    return False


class Session:
    """A connection that has logged in. For one thread at a time; close it, or use it in a `with`.

    Every method may raise MailUnreachable: the connection is lost, and a new session is needed, after the seconds in
    `retry_after` where the server named some.
    """

    def __init__(self, dialogue: Dialogue, address: ImapAddress, clock: Clock = utc_now) -> None:
        self._dialogue = dialogue
        self._address = address
        self._clock = clock
        self._told = 0
        self._is_writable = False
        self._can_idle = dialogue.can("IDLE")

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

        def connected(secret: str) -> Dialogue:
            dialogue = Dialogue.begin(address, context, timeouts or Timeouts())
            try:
                log_in(dialogue, address, secret, login, is_token=is_token)
                dialogue.learn()
                _introduce(dialogue)
            except BaseException:
                dialogue.wire.close()
                raise
            return dialogue

        return cls(with_secret(password, login, connected), address, clock)

    def close(self) -> None:
        """Say goodbye and close the connection; never raises, never waits long."""
        self._dialogue.leave(_FAREWELL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._dialogue.wire.close()

    def folders(self) -> list[FolderName]:
        """Every folder of the account."""
        is_extended = self._dialogue.can("SPECIAL-USE") and self._dialogue.can("LIST-EXTENDED")
        command = b'LIST "" "*"' + (b" RETURN (SPECIAL-USE)" if is_extended else b"")
        found = (listed(answer) for answer in self._dialogue.run(command).answers)
        return [FolderName.read(raw, flags) for flags, raw in filter(None, found)][:_MOST_FOLDERS]

    def open(self, folder: str | FolderName | None = None, *, writable: bool = False) -> Opened:
        """Open a folder (by default the address's), for reading only unless it shall be `writable`.

        Raises:
            MailError: there is no such folder, it cannot be written, or its mails have no lasting UIDs.
        """
        name = quoted(raw_name(folder or self._address.folder))
        option = b" (CONDSTORE)" if self._dialogue.can("CONDSTORE") else b""
        self._dialogue.exists = 0
        reply = self._dialogue.run((b"SELECT " if writable else b"EXAMINE ") + name + option)
        told = codes([*(answer.line for answer in reply.answers), reply.said])
        if writable and b"READ-ONLY" in told:
            raise MailError(f"{self._where}: this folder can be read but not changed")
        self._is_writable = writable
        exists = self._dialogue.exists
        uidnext = to_number(told.get(b"UIDNEXT")) or max(self.all_uids(), default=0) + 1
        self._told = uidnext - 1
        modseq = to_number(told.get(b"HIGHESTMODSEQ"))
        opened = Opened(to_number(told.get(b"UIDVALIDITY")), uidnext, exists, modseq or None)
        return self._with_lasting_uids(opened, is_sticky=b"UIDNOTSTICKY" not in told)

    def glance(self, folder: str | FolderName) -> Opened:
        """How a folder is, in one round trip and without opening it.

        Raises:
            MailError: there is no such folder, or its mails have no lasting UIDs.
        """
        asked = _STATUS + (b" HIGHESTMODSEQ" if self._dialogue.can("CONDSTORE") else b"")
        told: dict[bytes, int] = {}
        for answer in self._dialogue.run(b"STATUS %b (%b)" % (quoted(raw_name(folder)), asked)).answers:
            told |= status(answer)
        opened = Opened(
            told.get(b"UIDVALIDITY", 0),
            told.get(b"UIDNEXT", 0),
            told.get(b"MESSAGES", 0),
            told.get(b"HIGHESTMODSEQ") or None,
        )
        return self._with_lasting_uids(opened)

    def uids(self, since_uid: int) -> list[int]:
        """The UIDs from this one on, lowest first, in one round trip: the cheapest way to learn that nothing is new.

        The server is prodded in the same breath, since some search only what they have announced. `n:*` itself would
        always yield the last UID, however low.
        """
        return self._search(b"UID %d:*" % max(1, since_uid), since_uid)

    def all_uids(self) -> list[int]:
        """Every UID in the folder, lowest first."""
        return self._search(b"ALL", 1)

    def changed(self, since_modseq: int) -> list[int]:
        """The UIDs of mails that came or were changed after a `highestmodseq`, however low, lowest first.

        Only for a folder that was opened with a `highestmodseq` (RFC 7162).
        """
        return self._search(b"MODSEQ %d" % (since_modseq + 1), 1)

    def infos(self, uids: Sequence[int]) -> dict[int, Info]:
        """Size, time and Gmail's id of mails; those the server does not tell about are left out."""
        items = b"RFC822.SIZE INTERNALDATE" + (b" X-GM-MSGID" if self._dialogue.can("X-GM-EXT-1") else b"")
        return {told.uid: to_info(told, self._clock) for told in self._ask(uids, items, b"RFC822.SIZE") if told.items}

    def heads(self, uids: Sequence[int]) -> dict[int, Thread]:
        """The ids of mails and of those that they answer, and nothing else of them; those that are gone are left out.

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
            for told in ask_about(self._dialogue, questions):
                yield to_loaded(told, infos.get(told.uid), self._where, self._clock, only_heads=only_heads)

    def load_whole(self, uid: int) -> Iterator[bytes]:
        """A mail's bytes however large it is, in pieces of at most `PIECE` bytes.

        Raises:
            MailError: the server does not give them.
        """
        at, last = 0, PIECE
        while last == PIECE:
            question = Question([uid], b"BODY.PEEK[]<%d.%d>" % (at, PIECE), BODY)
            for told in ask_about(self._dialogue, [question]):
                piece = bytes_of(told)
                if piece is None or len(piece) > PIECE:
                    raise MailError(told.why or f"{self._where} does not give the mail with UID {uid}")
                yield piece
                at, last = at + len(piece), len(piece)

    def mark_seen(self, uids: Sequence[int]) -> None:
        """Mark mails as read; the folder must be open `writable`. Those that are gone are no trouble."""
        self._need_writable()
        changes.mark_seen(self._dialogue, uids)

    def move(self, uids: Sequence[int], folder: str | FolderName) -> Moved:
        """Move mails to another folder; the folder must be open `writable`. Those that are gone are no trouble.

        Raises:
            MailError: there is no such folder, or the server can move nothing without touching other mails.
        """
        self._need_writable()
        return changes.move(self._dialogue, uids, raw_name(folder))

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
        return self._dialogue.can("X-GM-EXT-1")

    @property
    def _where(self) -> str:
        return self._dialogue.where

    def _with_lasting_uids(self, opened: Opened, *, is_sticky: bool = True) -> Opened:
        if not opened.uidvalidity or not is_sticky:
            raise MailError(f"{self._where}: the folder has no lasting UIDs, so its mails cannot be told apart")
        return opened

    def _need_writable(self) -> None:
        if not self._is_writable:
            raise MailError(f"{self._where}: the folder was opened for reading only, so nothing in it is changed")

    def _search(self, criteria: bytes, lowest: int) -> list[int]:
        arrivals = self._dialogue.arrivals
        try:
            reply = self._dialogue.run(b"NOOP", b"UID SEARCH " + criteria)
        except MailUnreachable:
            raise
        except MailError:
            if self._dialogue.exists:
                raise
            return []  # in an empty folder `*` names nothing, which some servers refuse
        if self._dialogue.arrivals != arrivals:  # Dovecot tells what is new only after it has searched without it
            reply = self._dialogue.run(b"UID SEARCH " + criteria)
        found = {uid for uid in searched(reply.answers) if lowest <= uid <= LAST_UID}
        self._told = max(self._told, *found) if found else self._told
        return sorted(found)

    def _has_news(self) -> bool:
        told = self._told
        has_news = bool(self.uids(told + 1))
        self._told = told
        return has_news

    def _pass_time(self, seconds: float, stop: Callable[[], bool]) -> bool:
        """Wait for the server to announce mail, at most so long; whether it did."""
        ending = idle(self._dialogue, seconds, stop) if self._can_idle else "refused"
        if ending == "refused":
            self._can_idle = False
            _sleep(seconds, stop)
        return ending == "announced"

    def _ask(self, uids: Sequence[int], items: bytes, key: bytes) -> Iterator[Told]:
        starts = range(0, len(uids), ASKED_AT_ONCE)
        questions = (Question(uids[start : start + ASKED_AT_ONCE], items, key) for start in starts)
        return ask_about(self._dialogue, questions)

    def _question(self, uids: Sequence[int], infos: Mapping[int, Info], *, only_heads: bool) -> Question:
        is_cut = only_heads or any(is_too_large(infos.get(uid)) for uid in uids)
        return Question(uids, b"BODY.PEEK[]<0.%d>" % HEAD if is_cut else b"BODY.PEEK[]", BODY)


def _introduce(dialogue: Dialogue) -> None:
    """Say who we are where that is asked for (RFC 2971); some servers are wary of programs without a name."""
    if not dialogue.can("ID"):
        return
    try:
        dialogue.run(b'ID ("name" "Tandem")')
    except MailUnreachable:
        raise
    except MailError:
        pass  # it asked for our name and does not want to hear it: nothing hangs on that


def _sleep(seconds: float, stop: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0 and not stop():
        time.sleep(min(left, GLANCE))
