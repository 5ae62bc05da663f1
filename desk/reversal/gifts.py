"""Drafts that were handed to a colleague, when that is taken back or done again."""

from __future__ import annotations

from dataclasses import replace

from desk.actions.give_draft import DRAFT, TO, handed
from desk.desk import Desk
from desk.draft import Draft
from desk.drafts import held_draft
from desk.errors import RedoTooLate, UndoTooLate
from desk.people import Handle
from desk.reversal.part import Part


def take_draft_back(desk: Desk, part: Part) -> None:
    """Hold a draft again that was handed over, unless the colleague has taken it up.

    Raises:
        UndoTooLate: they have, or it is gone.
    """
    to, draft = part.event.detail.get(TO, ""), _draft(desk, part)
    if draft is None or (draft.author, draft.given_by) != (to, desk.me.handle):
        raise UndoTooLate(f"too late: {to} went on with the draft on ticket {part.event.ticket}", "ask for it")
    mine = held_draft(desk, part.event.ticket, draft.kind)
    after = handed(desk, draft, desk.me.handle)
    desk.store.drafts.put(replace(after, aside=mine is not None and mine.id != draft.id, given_by=None))


def give_draft_again(desk: Desk, part: Part) -> None:
    """Hand it over once more, as it is by now.

    Raises:
        RedoTooLate: it is gone, or is somebody else's.
    """
    draft = _draft(desk, part)
    if draft is None or draft.author != desk.me.handle:
        raise RedoTooLate(f"the draft on ticket {part.event.ticket} is not yours any more")
    handed(desk, draft, Handle(part.event.detail.get(TO, "")))


def _draft(desk: Desk, part: Part) -> Draft | None:
    there = desk.store.drafts.of(part.event.ticket)
    return next((each for each in there if str(each.id) == part.event.detail.get(DRAFT)), None)
