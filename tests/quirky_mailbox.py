"""The mails of an IMAP account in memory, with the odd ways of real servers to be switched on: see `Quirks`."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mail.answers import of_set

RECEIVED = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)


@dataclass
class Held:
    """A mail in a folder."""

    uid: int
    raw: bytes
    received: datetime
    gmail_id: int
    flags: set[str] = field(default_factory=set)
    modseq: int = 1


@dataclass
class Quirks:
    """What real servers do; all off at first, and to be switched while the server runs."""

    lagging: set[int] = field(default_factory=set)
    """UIDs that are announced and fetched, but not yet found by SEARCH (Exchange, Gmail)."""
    withheld: set[int] = field(default_factory=set)
    """UIDs of which FETCH says nothing, though they are there."""
    garbled: set[int] = field(default_factory=set)
    """UIDs of which FETCH says what nobody can read."""
    cut: set[int] = field(default_factory=set)
    """UIDs in the midst of whose bytes the connection ends."""
    marks_seen: bool = False
    """Every FETCH sets \\Seen, PEEK or not."""
    throttled: int = 0
    """So many commands are refused as Microsoft 365 does, asking for `rest` milliseconds."""
    throttled_after: int = 0
    """So many commands are obeyed before that."""
    rest: int = 299_961
    not_connected: int = 0
    """So many commands are refused with "User is authenticated but not connected"."""
    is_silent: bool = False
    """Nothing is answered any more, though the connection stands."""
    spoil: Callable[[bytes], bytes] | None = None
    """Whatever is said passes this on its way: to be cut, turned around, garbled."""
    before_idle: bytes = b""
    """What is said before the `+` that begins IDLE."""
    chatter: bytes = b""
    """What is said before every answer to FETCH and SEARCH, unasked."""
    append_refused: str = ""
    """What APPEND is answered with instead of being done, such as `NO [OVERQUOTA] full`."""
    append_cut: str = ""
    """`before`: the connection ends before the mail is stored; `after`: then; `silent`: it is stored, and no more."""
    append_gate: threading.Event | None = None
    """What APPEND waits for before it takes the mail."""
    header_search: str = ""
    """What SEARCH HEADER does: by default it finds every mail; `nothing`: none; `refused`: that it cannot be done."""


class QuirkyFolder:
    """One folder. Its UIDs go up, unless `next_uid` is set back, as GMX did under the same UIDVALIDITY."""

    def __init__(self, use: str = "", uidvalidity: int = 7) -> None:
        self.use = use
        self.uidvalidity = uidvalidity
        self.next_uid = 1
        self.modseq = 1
        self.mails: list[Held] = []

    def renew_uidvalidity(self) -> None:
        """Number all mails anew under another UIDVALIDITY."""
        self.uidvalidity += 1
        for number, held in enumerate(self.mails, 1):
            held.uid = number
        self.next_uid = len(self.mails) + 1

    def among(self, uids: Iterable[int]) -> list[tuple[int, Held]]:
        """The mails with these UIDs, with their sequence numbers."""
        wanted = set(uids)
        return [(number, held) for number, held in enumerate(self.mails, 1) if held.uid in wanted]

    def uids_of(self, uid_set: str) -> list[int]:
        """The UIDs a command's set names; `*` is the last one there is."""
        last = max((held.uid for held in self.mails), default=0)
        first, _, end = uid_set.partition(":")
        if end == "*":
            return [held.uid for held in self.mails if held.uid >= min(int(first), last)]
        return of_set(uid_set.encode())


class QuirkyAccount:
    """Folders by raw name. All of it may be used from any thread, under `lock`."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.quirks = Quirks()
        self.folders = {"INBOX": QuirkyFolder()}
        self._ids = itertools.count(1_278_455_344_230_334_865)

    def put(self, raw: bytes, folder: str = "INBOX", received: datetime = RECEIVED, gmail_id: int = 0) -> Held:
        """Add a mail to a folder; the folder is made when it is missing."""
        with self.lock:
            where = self.folders.setdefault(folder, QuirkyFolder())
            where.modseq += 1
            held = Held(where.next_uid, raw, received, gmail_id or next(self._ids), modseq=where.modseq)
            where.next_uid += 1
            where.mails.append(held)
            where.mails.sort(key=lambda each: each.uid)
            return held

    def flags(self, folder: str = "INBOX") -> dict[int, frozenset[str]]:
        """The flags of every mail by UID."""
        with self.lock:
            return {held.uid: frozenset(held.flags) for held in self.folders[folder].mails}

    def remove(self, uids: Iterable[int], folder: str = "INBOX") -> list[int]:
        """Take mails out of a folder; returns the sequence numbers to announce, each as of its own removal."""
        with self.lock:
            where = self.folders[folder]
            numbers = [number for number, _ in where.among(uids)]
            gone = set(uids)
            where.mails = [held for held in where.mails if held.uid not in gone]
            return [number - index for index, number in enumerate(numbers)]
