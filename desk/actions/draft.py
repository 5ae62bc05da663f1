"""Keep an unfinished text, so that a broken line or a closed terminal loses nothing."""

from __future__ import annotations

from desk.desk import Desk
from desk.plan import Plan
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
        desk.store.drafts.put(
            Draft(ticket=number, author=desk.me.handle, kind=kind, text=text, saved=desk.clock(), plan=plan)
        )
        if "draft" not in ticket.holds:
            desk.sum_up(ticket)


def discard_draft(desk: Desk, number: TicketNumber, kind: DraftKind) -> None:
    """Forget the acting agent's unfinished text of this kind on a ticket, if there is one."""
    mine = [each for each in desk.store.drafts.of(number) if (each.author, each.kind) == (desk.me.handle, kind)]
    if not mine:
        return
    with desk.store.transaction():
        for draft in mine:
            desk.store.drafts.remove(draft)
        desk.sum_up(desk.ticket(number))
