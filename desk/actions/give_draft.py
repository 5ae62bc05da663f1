"""Put an unfinished text into a colleague's hands on purpose: they finish it."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Act, Happened
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.drafts import held_draft, is_held, lost_draft
from desk.errors import DraftMoved, RefusedError
from desk.people import Handle
from desk.signing import resigned
from desk.ticket import TicketNumber

TO, DRAFT, KIND = "to", "draft", "kind"
"""What an event keeps of it: the colleague, which text, and what it is going to be."""


def give_draft(
    desk: Desk, number: TicketNumber, kind: DraftKind, to: Handle, *, last: Draft | None, act: Act | None = None
) -> Draft:
    """Make a colleague the one who holds the acting agent's draft, as it is; `last` is what was last saved of it.

    It bears their signature then, where it bore the acting agent's. Where they have such a text of their own on the
    ticket already, this one is set aside for them.

    Raises:
        NoSuchTicket, NoSuchAgent, NoAgent: the ticket, the colleague or the acting agent is unknown.
        MergedAway: another ticket goes on for this one.
        DraftMoved: the draft is not what was last saved: somebody else holds it, or it is gone.
        RefusedError: there is no text, or `to` is the acting agent.
    """
    author = desk.me.handle
    if to == author:
        raise RefusedError("a draft is handed to somebody else", "name a colleague")
    with desk.store.transaction():
        ticket = desk.live_ticket(number)
        desk.agent(to)
        now = held_draft(desk, number, kind)
        if now is None or not is_held(now, last):
            if last is None and now is None:
                raise RefusedError(f"there is no unfinished {kind} on ticket {number} to hand over")
            raise DraftMoved(number, lost_draft(desk, number, kind, last, now), None)
        given = handed(desk, now, to)
        detail: dict[str, str] = {TO: to, DRAFT: str(given.id), KIND: kind}
        desk.record(Happened.DRAFT_GIVEN, ticket, ticket, act=act, author=author, detail=detail)
        return given


def handed(desk: Desk, draft: Draft, to: Handle) -> Draft:
    """Store a draft as a colleague's; inside a transaction."""
    theirs = (each for each in desk.store.drafts.of(draft.ticket) if each.author == to and each.kind is draft.kind)
    has_own = draft.kind is not DraftKind.REPLY and any(not each.aside for each in theirs)
    revision, by = draft.revision + 1, desk.me.handle
    after = replace(
        draft,
        author=to,
        text=resigned(desk, draft, to),
        aside=has_own,
        revision=revision,
        since=desk.clock(),
        given_by=by,
        given_told=None,
    )
    desk.store.drafts.put(after)
    return after


def mark_drafts_told(desk: Desk) -> None:
    """Remember that the acting agent was told of every text that was put into their hands.

    Raises:
        NoAgent: nobody said who is acting.
    """
    with desk.store.transaction():
        for each in desk.store.drafts.given_to(desk.me.handle):
            if each.given_told is None:
                desk.store.drafts.put(replace(each, given_told=desk.clock()))
