"""Hand a ticket to a colleague with a note, as one act."""

from __future__ import annotations

from dataclasses import replace

from desk.actions.note import put_note
from desk.conversation import Act, Happened
from desk.desk import Desk
from desk.errors import RefusedError
from desk.mentioning import see_mentions
from desk.people import Handle
from desk.ticket import Ticket, TicketNumber

TO = "to"
"""How the event of a hand-over calls the colleague in its detail."""


def hand_over(desk: Desk, number: TicketNumber, to: Handle, text: str, *, act: Act | None = None) -> Ticket:
    """Make `to` the one who answers this ticket, and leave a note that calls them to it; one undo takes both back.

    Raises:
        NoSuchTicket, NoSuchAgent, NoAgent: the ticket, the colleague or the acting agent is unknown.
        MergedAway: another ticket goes on for this one.
        RefusedError: the note is empty, or `to` is the acting agent.
    """
    author = desk.me.handle
    if to == author:
        raise RefusedError("a ticket is handed to somebody else", f"`tandem assign {number} me` takes it")
    with desk.store.transaction():
        desk.live_ticket(number)
        desk.agent(to)
        see_mentions(desk, number)
        note = put_note(desk, number, text, to=to)
        ticket = desk.ticket(number)
        after = replace(ticket, assignee=to)
        detail: dict[str, str] = {TO: to}
        return desk.record(Happened.HANDED_OVER, ticket, after, act=act, author=author, entry=note.id, detail=detail)
