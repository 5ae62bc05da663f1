"""Drafts that were thrown away, when that is taken back or done again."""

from __future__ import annotations

from dataclasses import replace

from desk.actions.throw_away import DRAFT
from desk.addressed import go_as_before
from desk.desk import Desk
from desk.draft import Draft
from desk.errors import RedoTooLate, RefusedError, UndoTooLate
from desk.reversal.drafts import Redrafted, redraft, undraft
from desk.reversal.part import Part


def bring_thrown_back(desk: Desk, part: Part) -> Redrafted:
    """Make a text a draft again that was thrown away, with all that went with it.

    Raises:
        UndoTooLate: nothing of it is kept any more.
    """
    draft = _thrown(desk, part, UndoTooLate)
    again = redraft(desk, draft.ticket, draft.kind, draft.written, draft.first)
    if not draft.stays_to:
        return replace(again, draft=go_as_before(desk, again.draft, part.event.id))
    if again.draft.written != draft.written:
        return again
    kept = replace(again.draft, stays_to=True)
    desk.store.drafts.put(kept)
    return replace(again, draft=kept)


def throw_again(desk: Desk, part: Part) -> None:
    """Throw a text away once more, if it is as the undo left it.

    Raises:
        RedoTooLate: it is not, or nothing of it is kept any more.
    """
    draft = _thrown(desk, part, RedoTooLate)
    undraft(desk, draft.ticket, draft.kind, part, draft.written)


def _thrown(desk: Desk, part: Part, refused: type[RefusedError]) -> Draft:
    number = part.event.ticket
    there = (each for each in desk.store.thrown.of(number) if str(each.id) == part.event.detail.get(DRAFT))
    if (draft := next(there, None)) is None:
        raise refused(f"too late: nothing of the draft on ticket {number} is kept any more")
    return draft
