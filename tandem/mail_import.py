"""Mails from files become tickets through the same door as those from a mail server.

Each mail is known by its own bytes: what was imported before is not taken in again, whatever file it comes from, so an
import that was stopped goes on where it was, and a file that has grown adds what is new. A mail that also lies on a
mail server is one mail, by its Message-ID and content, as everywhere.
"""

from __future__ import annotations

import hmac
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from desk.actions.status import set_status
from desk.conversation import Entry, Event, Message, Note
from desk.desk import Desk
from desk.erased import discard
from desk.incoming import IMPORTED, Fetched, Incoming, Outcome, Place
from desk.intake import Taken, admit, take_in
from desk.judging import behind
from desk.ticket import Status, TicketNumber
from mail.received import received
from tandem.counts import Counts
from tandem.filing import batches, slim, somehow
from tandem.mail_files import Unreadable, mails_at
from tandem.progress import Tell
from tandem.workshop import AHEAD, Arrived, Prepared, Workshop

_NO_UID = 1 << 32
"""The numbers of imported mails begin where those of a mail server end."""

_AT_ONCE = 100
"""Tickets that are closed in one commit."""


@dataclass(slots=True)
class Imported:
    """What became of the mails: `counts` of those that are new; how many were `known`, imported before.

    `elsewhere` are mails of our own that belong to no ticket. `failed` is what could not be read or taken in. `opened`
    are the tickets that these mails opened, now or in an import before.
    """

    counts: Counts = field(default_factory=Counts)
    known: int = 0
    elsewhere: int = 0
    failed: int = 0
    opened: set[TicketNumber] = field(default_factory=set[TicketNumber])


class MailImport:
    """Takes mails in from files into one mailbox; `done` is what became of them so far.

    `all_sent`: they are all from folders of sent mail. Otherwise a mail counts as sent when we wrote it to somebody
    outside. How many came within an hour is not asked: who imports mail wants it all, and senders may have chosen the
    times.
    """

    def __init__(self, desk: Desk, workshop: Workshop, mailbox: str, *, all_sent: bool) -> None:
        self._desk = replace(desk, settings=replace(desk.settings, flood=0))
        self._workshop, self._mailbox, self._all_sent = workshop, mailbox, all_sent
        self._key = desk.store.secret()
        self._waiting: dict[Place, tuple[str, datetime]] = {}
        self._old: set[Place] = set()
        self._erased: list[tuple[Incoming, str]] = []
        self.done = Imported()

    def run(self, paths: Sequence[Path], tell: Tell, complain: Callable[[str], None]) -> None:
        """Take in all mails of these paths. What cannot be had is told in a sentence and stops nothing else.

        Raises:
            StorageError: the store cannot be used; what was taken in stays so.
        """
        self._take_in_all(mail for path in paths for mail in self._new(path, tell, complain))
        if self.done.counts.fetched:  # what they belong to may have come in after them
            self._take_in_all(map(self._again, self._waiting), is_last=True)
        else:
            for place in self._waiting:
                self._count_elsewhere(place)

    def _again(self, place: Place) -> Fetched:
        raw, at = self._waiting[place]
        return Fetched(place, self._desk.blobs.get(raw), at, self._all_sent)

    def _new(self, path: Path, tell: Tell, complain: Callable[[str], None]) -> Iterator[Fetched]:
        for each in mails_at(path):
            if isinstance(each, Unreadable):
                self.done.failed += 1
                complain(f"{each.where} {each.why}")
                continue
            tell(f"importing {path.name}", each.share)
            place = self._place(each.raw)
            if not self._is_done(place):
                yield Fetched(place, each.raw, received(each.raw, each.told, self._desk.clock()), self._all_sent)

    def _place(self, raw: bytes) -> Place:
        """Keyed, so that nobody can make two mails with one place, and nothing is told of a mail that was erased."""
        digest = hmac.digest(self._key, b"import:" + raw, "sha256")
        high, low = (_NO_UID + (int.from_bytes(digest[start : start + 8]) >> 2) for start in (0, 8))
        return Place(self._mailbox, IMPORTED, high, low)

    def _is_done(self, place: Place) -> bool:
        """Whether a mail was imported before; one that belonged to no ticket then may do so now."""
        row = self._desk.store.ledger.row(place)
        if row is None or row.outcome is Outcome.ELSEWHERE:
            self._old.update([place] if row else [])
            return False
        self.done.known += 1
        message = self._desk.store.conversations.get(row.entry) if row.entry else None
        if row.outcome is Outcome.TICKET and message is not None:
            self.done.opened.add(message.ticket)
        return True

    def _take_in_all(self, mails: Iterable[Fetched], *, is_last: bool = False) -> None:
        under_way: deque[Future[list[Prepared]]] = deque()
        try:
            for batch in batches(map(Arrived, mails)):
                under_way.append(self._workshop.prepare(batch))
                while len(under_way) > AHEAD:
                    self._commit(under_way.popleft().result(), is_last=is_last)
            while under_way:
                self._commit(under_way.popleft().result(), is_last=is_last)
        finally:  # not before: another mail that was prepared may hold the same file
            discard(self._desk, self._erased)
            self._erased.clear()

    def _commit(self, batch: Sequence[Prepared], *, is_last: bool) -> None:
        with self._desk.store.transaction():
            results = [(each, taken) for each in batch for taken in self._taken(each)]
        self.done.failed += len(batch) - len(results)
        for each, taken in results:
            self._count(each, taken, is_last=is_last)
        self._erased += [slim(each) for each, taken in results if _is(taken, Outcome.ERASED)]

    def _taken(self, mail: Prepared) -> Iterator[Taken | None]:
        return somehow(mail, lambda read: self._take_in(mail, read))

    def _take_in(self, mail: Prepared, read: Incoming) -> Taken | None:
        """None: it was taken in before."""
        fetched = mail.arrived.mail
        fetched = replace(fetched, is_sent=self._all_sent or _is_from_us(self._desk, read))
        ledger = self._desk.store.ledger
        if (row := ledger.row(fetched.place)) is None:
            return take_in(self._desk, fetched, read, mail.raw)
        if row.outcome is not Outcome.ELSEWHERE:
            return None
        with self._desk.store.transaction():
            taken = admit(self._desk, fetched, read, mail.raw)
            ledger.settle(fetched.place, taken.outcome, taken.entry)
        return taken

    def _count(self, mail: Prepared, taken: Taken | None, *, is_last: bool) -> None:
        """What belongs to no ticket yet has another turn when all the others had theirs."""
        if taken is None:
            self.done.known += 1
        elif taken.outcome is not Outcome.ELSEWHERE:
            self.done.counts.add(taken)
            if taken.outcome is Outcome.TICKET and taken.ticket:
                self.done.opened.add(taken.ticket)
        elif not is_last:
            self._waiting[mail.arrived.mail.place] = mail.raw, mail.arrived.mail.received
        else:
            self._count_elsewhere(mail.arrived.mail.place)

    def _count_elsewhere(self, place: Place) -> None:
        if place in self._old:
            self.done.known += 1
        else:
            self.done.counts.fetched += 1
            self.done.elsewhere += 1


def _is(taken: Taken | None, outcome: Outcome) -> bool:
    return taken is not None and taken.outcome is outcome


def _is_from_us(desk: Desk, read: Incoming) -> bool:
    """Whether one of us wrote this to somebody outside; a form of ours writes for somebody else."""
    outside = any(not desk.settings.is_own(each) for each in (*read.to, *read.cc))
    return desk.settings.is_own(read.sender) and outside and behind(desk, read) is None


def close_all(desk: Desk, numbers: Collection[TicketNumber]) -> int:
    """Close tickets that an import opened, as of their last mail, unless something has happened there since.

    Returns how many. So whoever writes again long after that opens a new ticket, which goes on from the closed one.

    Raises:
        NoAgent: nobody said who is acting.
    """
    ordered, closed = sorted(numbers), 0
    for start in range(0, len(ordered), _AT_ONCE):
        with desk.store.transaction():
            closed += sum(_close(desk, each) for each in ordered[start : start + _AT_ONCE])
    return closed


def _close(desk: Desk, number: TicketNumber) -> bool:
    ticket, entries = desk.store.tickets.get(number), desk.store.conversations.of(number)
    if ticket is None or ticket.status is not Status.OPEN or any(map(_is_touched, entries)):
        return False
    newest = max(each.id for each in entries if isinstance(each, Message))
    if not any(each.is_imported for each in desk.store.ledger.places(newest)):
        return False
    then = replace(desk, clock=lambda: ticket.last_message)
    desk.store.tickets.put(replace(set_status(then, number, Status.CLOSED), unread=False))
    return True


def _is_touched(entry: Entry) -> bool:
    """Whether this tells that an agent has begun to work on the ticket."""
    match entry:
        case Message():
            return entry.outbox is not None
        case Event():
            return entry.author is not None
        case Note():
            return True
