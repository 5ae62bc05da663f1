"""Keep an unfinished text, so that a broken line or a closed terminal loses nothing."""

from __future__ import annotations

from dataclasses import replace

from desk.desk import Desk
from desk.plan import Plan, joined
from desk.presence import Draft, DraftKind
from desk.ticket import TicketNumber


def save_draft(desk: Desk, number: TicketNumber, kind: DraftKind, text: str, plan: Plan | None = None) -> None:
    """Keep the acting agent's unfinished reply or note on a ticket; an empty text discards it.

    Raises:
        NoSuchTicket: there is none with this number.
    """
    if not text.strip():
        discard_draft(desk, number, kind)
        return
    with desk.store.transaction():
        ticket = desk.ticket(number)
        draft = Draft(ticket=number, author=desk.me.handle, kind=kind, text=text, saved=desk.clock(), plan=plan)
        if mine := _mine(desk, number, kind):
            desk.store.drafts.put(replace(draft, id=mine[0].id))
        else:
            desk.store.drafts.add(draft)
        if "draft" not in ticket.holds:
            desk.sum_up(ticket)


def discard_draft(desk: Desk, number: TicketNumber, kind: DraftKind) -> None:
    """Forget the acting agent's unfinished text of this kind on a ticket, if there is one."""
    if mine := _mine(desk, number, kind):
        with desk.store.transaction():
            for draft in mine:
                desk.store.drafts.remove(draft.id)
            desk.sum_up(desk.ticket(number))


def bring_back(desk: Desk, number: TicketNumber, kind: DraftKind, text: str, plan: Plan | None = None) -> Draft:
    """Make a text that was taken back unfinished again: what its agent began since is kept below it.

    While a colleague holds the ticket's shared draft, a reply is kept aside. An open composer does not write over
    either; it tells.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
    """
    with desk.store.transaction():
        ticket, now = desk.ticket(number), desk.clock()
        held = _held(desk, number, kind)
        new = Draft(
            ticket=number,
            author=desk.me.handle,
            kind=kind,
            text=text,
            saved=now,
            plan=plan,
            since=now,
            brought_back=True,
        )
        if held is None or held.author != desk.me.handle:
            draft = desk.store.drafts.add(replace(new, aside=held is not None))
        else:
            whole = "\n\n".join(dict.fromkeys([text, held.text]))
            draft = replace(new, id=held.id, revision=held.revision + 1, text=whole, plan=joined(plan, held.plan))
            desk.store.drafts.put(draft)
        desk.sum_up(ticket)
        return draft


def _held(desk: Desk, number: TicketNumber, kind: DraftKind) -> Draft | None:
    """The text that stands in a new one's place: the ticket's shared reply, or the acting agent's own note."""
    there = (each for each in desk.store.drafts.of(number) if each.kind is kind and not each.aside)
    return next((each for each in there if kind is DraftKind.REPLY or each.author == desk.me.handle), None)


def _mine(desk: Desk, number: TicketNumber, kind: DraftKind) -> list[Draft]:
    return [each for each in desk.store.drafts.of(number) if (each.author, each.kind) == (desk.me.handle, kind)]
