"""Promise a customer something by a moment, and keep it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from desk.conversation import Act, Happened
from desk.desk import Desk
from desk.errors import NoSuchEntry, RefusedError
from desk.promised import promised_on, ticket_of
from desk.promises import LONGEST, Promise, PromiseId
from desk.ticket import TicketNumber


def promise(desk: Desk, number: TicketNumber, due: datetime, text: str, *, act: Act | None = None) -> Promise:
    """Keep in mind on a ticket what was promised by when; `due` may be of any zone.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        MergedAway: another ticket goes on for this one.
        RefusedError: nothing is promised, or far too much in words, or by a moment that has passed.
    """
    words, due = " ".join(text.split()), due.astimezone(UTC).replace(microsecond=0)
    if not words:
        raise RefusedError("a promise says what is promised", "for example “the refund goes out”")
    if len(words) > LONGEST:
        raise RefusedError(f"a promise has at most {LONGEST} characters", "leave a note beside it")
    with desk.store.transaction():
        ticket, author, now = desk.live_ticket(number), desk.me.handle, desk.clock()
        if due <= now:
            raise RefusedError("a promise is due in the future", "say when, for example “fri 9” or “2 days”")
        made = desk.store.promises.add(Promise(ticket=number, by=author, at=now, due=due, text=words))
        desk.record(Happened.PROMISED, ticket, ticket, act=act, author=author, detail=_detail(made))
        return made


def keep_promise(desk: Desk, kept: PromiseId, *, act: Act | None = None) -> Promise:
    """Say that a promise was kept, whoever made it.

    Raises:
        NoSuchEntry, NoAgent: the promise or the acting agent is unknown.
        RefusedError: it was kept already, or taken back.
    """
    with desk.store.transaction():
        there, author, now = desk.store.promises.get(kept), desk.me.handle, desk.clock()
        if there is None or there.is_gone:
            raise NoSuchEntry("promise", kept)
        if there.kept is not None:
            raise RefusedError(f"promise {kept} on ticket {there.ticket} was kept already, said {there.kept_by}")
        after = replace(there, kept=now, kept_by=author)
        desk.store.promises.put(after)
        ticket = desk.ticket(ticket_of(desk, there))
        desk.record(Happened.PROMISE_KEPT, ticket, ticket, act=act, author=author, detail=_detail(after))
        return after


def keep_promises(desk: Desk, number: TicketNumber, *, act: Act | None = None) -> list[Promise]:
    """Say that everything promised on a ticket was done.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        RefusedError: nothing is promised there any more.
    """
    desk.ticket(number)
    with desk.store.transaction():
        standing = promised_on(desk, number)
        if not standing:
            raise RefusedError(f"nothing is promised on ticket {number}", f"`tandem promise {number}` lists all")
        return [keep_promise(desk, each.id, act=act) for each in standing]


def _detail(made: Promise) -> dict[str, str]:
    return {"promise": str(made.id), "due": made.due.isoformat(), "text": made.text}
