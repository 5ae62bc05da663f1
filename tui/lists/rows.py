"""The tickets behind the visible rows of a list: read ahead in the reader's thread, kept as long as they are near."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from threading import Event, Lock

from desk.ticket import Ticket, TicketNumber

Load = Callable[[Sequence[TicketNumber]], Sequence[Ticket]]

_BATCH = 100
"""Tickets that are read at a time; the visible ones come first, so that they do not wait for the others."""
_KEPT = 300
"""Tickets from which on those that are far from the cursor are let go."""
PATIENCE = 0.008
"""Seconds that a frame waits for its rows: most are there by then, and no frame is late."""


class Rows:
    """Tickets by number, of which a change makes old ones that are shown until the new ones are there.

    `begin` has `fill` called in the reader's thread; everything else belongs to the event loop.
    """

    def __init__(self, begin: Callable[[], object]) -> None:
        self._begin = begin
        self._known: dict[TicketNumber, tuple[Ticket | None, int]] = {}
        self._old: set[TicketNumber] = set()
        self._asked: list[TicketNumber] = []
        self._read: list[tuple[TicketNumber, Ticket | None]] = []
        self._lock, self._here = Lock(), Event()
        self._count, self._is_waited = 0, True

    def __len__(self) -> int:
        return len(self._known)

    def get(self, number: TicketNumber) -> tuple[Ticket, int] | None:
        """A ticket and which reading of it this is; None where it has not been read."""
        known = self._known.get(number)
        return None if known is None or known[0] is None else (known[0], known[1])

    def known(self) -> Iterator[Ticket]:
        """All tickets that were read, old ones too."""
        return (ticket for ticket, _ in self._known.values() if ticket is not None)

    def has(self, numbers: Iterable[TicketNumber]) -> bool:
        """Whether all of these are here and new."""
        return all(each in self._known and each not in self._old for each in numbers)

    @property
    def fresh(self) -> frozenset[TicketNumber]:
        """Which tickets are here and new."""
        return frozenset(number for number, (ticket, _) in self._known.items() if ticket) - self._old

    def bring(self, tickets: Iterable[Ticket]) -> None:
        """Take tickets that were read with the list itself."""
        self._keep((each.number, each) for each in tickets)

    def ask(self, wanted: Iterable[TicketNumber]) -> None:
        """Read those of these that are missing or old, in this order; what was asked before and not read is let go."""
        missing = [each for each in wanted if each not in self._known or each in self._old]
        if not missing:
            return
        with self._lock:
            self._asked = missing
            self._here.clear()
        self._is_waited = False
        self._begin()

    def fill(self, load: Load) -> None:
        """Read what is asked for, a batch at a time, until nothing is; in the reader's thread.

        Raises:
            StorageError: it cannot be read; what is missing then is asked for again by the next key.
        """
        while batch := self._next_batch():
            found = {each.number: each for each in load(batch)}
            with self._lock:
                self._read += [(number, found.get(number)) for number in batch]
            self._here.set()

    def wait(self) -> bool:
        """Give what was asked for a moment to come, once for each time it was asked; whether anything came."""
        if self._is_waited:
            return False
        self._is_waited = True
        self._here.wait(PATIENCE)
        return bool(self.take())

    def take(self) -> frozenset[TicketNumber]:
        """Take what was read; returns which tickets that was."""
        with self._lock:
            read, self._read = self._read, []
        self._keep(read)
        return frozenset(number for number, _ in read)

    def forget(self, changed: Collection[TicketNumber] | None) -> None:
        """These are old now (None: all): they are shown until they are asked for and read again."""
        self._old.update(self._known if changed is None else self._known.keys() & changed)

    def let_go_of_all_but(self, near: Collection[TicketNumber]) -> None:
        """Keep no more than is worth its memory."""
        if len(self._known) > _KEPT:
            self._known = {number: self._known[number] for number in near if number in self._known}
            self._old &= self._known.keys()

    def _next_batch(self) -> Sequence[TicketNumber]:
        with self._lock:
            batch, self._asked = self._asked[:_BATCH], self._asked[_BATCH:]
            return batch

    def _keep(self, read: Iterable[tuple[TicketNumber, Ticket | None]]) -> None:
        """A ticket that is as it was before is the same reading of it: its row need not be made anew."""
        for number, ticket in read:
            before = self._known.get(number)
            if before is None or before[0] != ticket:
                self._count += 1
                self._known[number] = (ticket, self._count)
            self._old.discard(number)
