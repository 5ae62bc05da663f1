"""Let a parked mail in as if it came now, or drop it: it is kept, and can still be let in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from desk.conversation import Happened
from desk.desk import Desk
from desk.errors import AlreadySettled, NoSuchEntry, StoreDamaged
from desk.incoming import Fetched
from desk.intake import Taken, admit
from desk.parked import Fate, ParkedId, ParkedMail, Settled
from desk.people import Address
from desk.ticket import TicketNumber


def accept(desk: Desk, parked: ParkedId) -> Taken:
    """Take a parked mail in, with the time at which it reached the server; one that was dropped may come in too.

    Raises:
        NoAgent: nobody said who is acting.
        NoSuchEntry: there is no such parked mail.
        AlreadySettled: somebody let it in before; says who, when, and the ticket.
        StoreDamaged: its bytes are missing.
    """
    me = desk.me.handle
    raw = _bytes_of(desk, parked)
    with desk.store.transaction():
        mail = _found(desk, parked)
        if mail.settled and mail.settled.fate is Fate.ACCEPTED:
            raise AlreadySettled(mail, mail.settled)
        taken = admit(desk, Fetched(mail.place, raw, mail.received), mail.read, mail.raw)
        for place in mail.places:
            desk.store.ledger.settle(place, taken.outcome, taken.entry)
        if taken.ticket is not None:
            ticket = desk.ticket(taken.ticket)
            desk.record(Happened.ACCEPTED, ticket, ticket, entry=taken.entry, detail={"by": me, "why": mail.reason})
        _settle(desk, replace(mail, read=replace(mail.read, text="")), Fate.ACCEPTED, taken.ticket)
        return taken


def drop(desk: Desk, parked: ParkedId) -> ParkedMail:
    """Take a parked mail off the list. Its bytes and its row in the ledger stay, with who dropped it and when.

    Raises:
        NoAgent: nobody said who is acting.
        NoSuchEntry: there is no such parked mail.
        AlreadySettled: somebody let it in or dropped it before.
    """
    with desk.store.transaction():
        mail = _found(desk, parked)
        if mail.settled:
            raise AlreadySettled(mail, mail.settled)
        return _settle(desk, mail, Fate.DROPPED)


def accept_all_from(desk: Desk, sender: Address) -> int:
    """Take in every parked mail of an address, the oldest first; returns how many that were. Raises as `accept`."""
    return accept_each(desk, waiting_from(desk, sender))


def waiting_from(desk: Desk, sender: Address) -> list[ParkedId]:
    """Every parked mail of an address that waits for a decision, the oldest first."""
    return [each.id for each in desk.store.parked.of_sender(sender)]


def accept_each(desk: Desk, parked: Iterable[ParkedId]) -> int:
    """Take these mails in, each in a commit of its own, so that nobody waits long; returns how many that were.

    Those that a colleague settled or erased meanwhile are passed over. Raises as `accept`.
    """
    return _each(desk, parked, accept)


def drop_all_from(desk: Desk, sender: Address) -> int:
    """Drop every parked mail of an address; returns how many that were. Raises as `drop`."""
    return _each(desk, waiting_from(desk, sender), drop)


def _each(desk: Desk, parked: Iterable[ParkedId], act: Callable[[Desk, ParkedId], object]) -> int:
    return sum(1 for each in parked for _ in _settled(desk, each, act))


def _settled(desk: Desk, parked: ParkedId, act: Callable[[Desk, ParkedId], object]) -> Iterator[object]:
    try:
        yield act(desk, parked)
    except (AlreadySettled, NoSuchEntry):
        return


def _bytes_of(desk: Desk, parked: ParkedId) -> bytes:
    try:
        return desk.blobs.get(_found(desk, parked).raw)
    except StoreDamaged:
        _found(desk, parked)  # it may have been erased between the two
        raise


def _found(desk: Desk, parked: ParkedId) -> ParkedMail:
    if (mail := desk.store.parked.get(parked)) is None:
        raise NoSuchEntry("parked mail", parked)
    return mail


def _settle(desk: Desk, mail: ParkedMail, fate: Fate, ticket: TicketNumber | None = None) -> ParkedMail:
    settled = replace(mail, settled=Settled(fate, desk.me.handle, desk.clock(), ticket))
    desk.store.parked.put(settled)
    return settled
