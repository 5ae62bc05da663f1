"""Let a parked mail in as if it came now, or drop it: it is kept, and can still be let in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from desk.conversation import Happened
from desk.desk import Desk
from desk.errors import AlreadySettled, NoSuchEntry
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
    raw = desk.blobs.get(_found(desk, parked).raw)
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
    return _each(desk, sender, accept)


def drop_all_from(desk: Desk, sender: Address) -> int:
    """Drop every parked mail of an address; returns how many that were. Raises as `drop`."""
    return _each(desk, sender, drop)


def _each(desk: Desk, sender: Address, act: Callable[[Desk, ParkedId], object]) -> int:
    """One commit for each mail, so that nobody waits long; what a colleague settles meanwhile is passed over."""
    return sum(1 for each in desk.store.parked.of_sender(sender) for _ in _settled(desk, each, act))


def _settled(desk: Desk, mail: ParkedMail, act: Callable[[Desk, ParkedId], object]) -> Iterator[object]:
    try:
        yield act(desk, mail.id)
    except AlreadySettled:
        return


def _found(desk: Desk, parked: ParkedId) -> ParkedMail:
    if (mail := desk.store.parked.get(parked)) is None:
        raise NoSuchEntry("parked mail", parked)
    return mail


def _settle(desk: Desk, mail: ParkedMail, fate: Fate, ticket: TicketNumber | None = None) -> ParkedMail:
    settled = replace(mail, settled=Settled(fate, desk.me.handle, desk.clock(), ticket))
    desk.store.parked.put(settled)
    return settled
