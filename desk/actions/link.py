"""Link two tickets that have to do with each other, and take the link off again; both go on by themselves."""

from __future__ import annotations

from desk.conversation import Act, Happened
from desk.desk import Desk, new_act
from desk.errors import RefusedError
from desk.merged import already_one, goes_on_as
from desk.people import Handle
from desk.relations import OTHER, PAIRS, as_detail, pairs_between, put_on, related_to, take_off
from desk.ticket import Ticket, TicketNumber


def link(desk: Desk, number: TicketNumber, other: TicketNumber, *, act: Act | None = None) -> Ticket:
    """Let two tickets name each other as related; where they do already, nothing changes.

    Where `other` was merged away, the ticket that goes on for it is meant.

    Raises:
        NoSuchTicket, NoAgent: a ticket or the acting agent is unknown.
        MergedAway: another ticket goes on for `number`.
        RefusedError: they are one ticket.
    """
    author, act = desk.me.handle, act or new_act()
    with desk.store.transaction():
        ticket, to = _both(desk, number, other, "linked with")
        if to.number in related_to(desk, ticket):
            return ticket
        for one, another in ((ticket, to), (to, ticket)):
            pair = [(one.number, another.number)]
            put_on(desk, pair)
            _tell(desk, Happened.LINKED, one, another, as_detail(pair), act=act, author=author)
        return desk.ticket(number)


def unlink(desk: Desk, number: TicketNumber, other: TicketNumber, *, act: Act | None = None) -> Ticket:
    """Take the link between two tickets off again.

    Raises:
        NoSuchTicket, NoAgent: a ticket or the acting agent is unknown.
        MergedAway: another ticket goes on for `number`.
        RefusedError: they are not linked.
    """
    author, act = desk.me.handle, act or new_act()
    with desk.store.transaction():
        ticket, to = _both(desk, number, other, "unlinked from")
        both = (pairs_between(desk, ticket, to), pairs_between(desk, to, ticket))
        if not any(both):
            raise RefusedError(f"ticket {ticket.number} is not linked with {to.number}")
        for one, another, pairs in ((ticket, to, both[0]), (to, ticket, both[1])):
            take_off(desk, pairs)
            _tell(desk, Happened.UNLINKED, one, another, as_detail(pairs), act=act, author=author)
        return desk.ticket(number)


def _both(desk: Desk, number: TicketNumber, other: TicketNumber, verb: str) -> tuple[Ticket, Ticket]:
    ticket, to = desk.live_ticket(number), goes_on_as(desk, desk.ticket(other))
    if ticket.number == to.number != other:
        raise already_one(desk, desk.ticket(other), number)
    if ticket.number == to.number:
        raise RefusedError(f"ticket {number} cannot be {verb} itself", "name another ticket")
    return ticket, to


def _tell(desk: Desk, what: Happened, ticket: Ticket, other: Ticket, pairs: str, *, act: Act, author: Handle) -> None:
    now = desk.ticket(ticket.number)
    detail = {OTHER: str(other.number), PAIRS: pairs}
    desk.record(what, now, now, act=act, author=author, detail=detail)
