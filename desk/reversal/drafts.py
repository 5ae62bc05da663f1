"""Texts that are drafts again once they are taken back, and drafts no longer when that is undone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from desk.desk import Desk
from desk.draft import Draft, DraftId, DraftKind
from desk.drafts import bring_back, held_draft
from desk.errors import RedoTooLate
from desk.people import Handle
from desk.reversal.part import Part
from desk.ticket import TicketNumber
from desk.written import Written

FROM_COMPOSER = "look at the ticket, and go on from the composer"


@dataclass(frozen=True, slots=True)
class Redrafted:
    """A text that is a draft again, and what a redo must know of it: not the words themselves, history is no draft."""

    draft: Draft
    left: Mapping[str, str]


def redraft(
    desk: Desk, number: TicketNumber, kind: DraftKind, written: Written, first: DraftId | None = None
) -> Redrafted:
    """Make a text that was taken back a draft again, above what was begun since; `first` is which one it was."""
    before = held_draft(desk, number, kind)
    draft = bring_back(desk, number, kind, written, first=first)
    # What goes with the text below cannot be told from what goes with this one: such a draft is not taken apart again.
    goes_alone = before is not None and before.plan is None and before.wording is None
    is_over_another = before is not None and before.id == draft.id and goes_alone
    return Redrafted(draft, {"draft": _digest(draft.text)} if is_over_another else {})


def undraft(desk: Desk, number: TicketNumber, kind: DraftKind, part: Part, written: Written) -> None:
    """Take a text out of the draft that an undo put it into, if that is just what the undo left.

    Raises:
        RedoTooLate: it holds other words by now or goes to others, is a colleague's, or is gone.
    """
    expected = part.left.get("draft", _digest(written.text)), written.plan, written.wording
    drafts = [each for each in desk.store.drafts.of(number) if each.kind is kind]
    mine = [each for each in drafts if each.author == desk.me.handle]
    draft = next((each for each in mine if (_digest(each.text), each.plan, each.wording) == expected), None)
    if draft is None:
        other = next((each.author for each in drafts if each.author != desk.me.handle), None)
        raise RedoTooLate(f"the draft of that {kind} on ticket {number} {_fate(kind, mine, other)}", FROM_COMPOSER)
    if "draft" not in part.left:
        desk.store.drafts.remove(draft.id)
    else:
        below = draft.text.removeprefix(f"{written.text}\n\n")
        desk.store.drafts.put(replace(draft, text=below, plan=None, wording=None, revision=draft.revision + 1))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _fate(kind: DraftKind, mine: Sequence[Draft], other: Handle | None) -> str:
    """What became of a draft that is not as it was left."""
    if mine:
        return "was changed since"
    return f"is {other}'s now" if other is not None and kind is DraftKind.REPLY else "is gone"
