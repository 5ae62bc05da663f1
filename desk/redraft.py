"""Texts when an act is taken back or done again: notes, and the drafts that replies and notes become in between."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from desk.conversation import Event, Note
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.drafts import bring_back, held_draft
from desk.errors import RedoTooLate, RefusedError, UndoTooLate
from desk.people import Handle
from desk.plan import Plan
from desk.ticket import TicketNumber

FROM_COMPOSER = "look at the ticket, and go on from the composer"


@dataclass(frozen=True, slots=True)
class Part:
    """One event of an act.

    `is_typed`: its text is what the agent wrote, not something that a macro left with it. For a redo, `left` is what
    the undo remembered of how it left things.
    """

    event: Event
    is_typed: bool
    left: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Redrafted:
    """A text that is a draft again, and what a redo must know of it: not the words themselves, history is no draft."""

    draft: Draft
    left: Mapping[str, str]


def redraft(desk: Desk, number: TicketNumber, kind: DraftKind, text: str, plan: Plan | None = None) -> Redrafted:
    """Make a text that was taken back a draft again, above what was begun since."""
    before = held_draft(desk, number, kind)
    draft = bring_back(desk, number, kind, text, plan)
    # What goes with the text below cannot be told from what goes with this one: such a draft is not taken apart again.
    is_over_another = before is not None and before.id == draft.id and before.plan is None
    return Redrafted(draft, {"draft": _digest(draft.text)} if is_over_another else {})


def undraft(desk: Desk, number: TicketNumber, kind: DraftKind, part: Part, text: str, plan: Plan | None = None) -> None:
    """Take a text out of the draft that an undo put it into, if that is just what the undo left.

    Raises:
        RedoTooLate: it holds other words by now, is a colleague's, or is gone.
    """
    expected = part.left.get("draft", _digest(text))
    drafts = [each for each in desk.store.drafts.of(number) if each.kind is kind]
    mine = [each for each in drafts if each.author == desk.me.handle]
    draft = next((each for each in mine if (_digest(each.text), each.plan) == (expected, plan)), None)
    if draft is None:
        other = next((each.author for each in drafts if each.author != desk.me.handle), None)
        raise RedoTooLate(f"the draft of that {kind} on ticket {number} {_fate(kind, mine, other)}", FROM_COMPOSER)
    if "draft" not in part.left:
        desk.store.drafts.remove(draft.id)
    else:
        below = draft.text.removeprefix(f"{text}\n\n")
        desk.store.drafts.put(replace(draft, text=below, plan=None, revision=draft.revision + 1))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _fate(kind: DraftKind, mine: Sequence[Draft], other: Handle | None) -> str:
    """What became of a draft that is not as it was left."""
    if mine:
        return "was changed since"
    return f"is {other}'s now" if other is not None and kind is DraftKind.REPLY else "is gone"


def take_note_back(desk: Desk, part: Part) -> Redrafted | None:
    """Take a note off its ticket; one that the agent typed is a draft again."""
    if (note := _note(desk, part.event)) is None:
        return None
    desk.store.conversations.put(replace(note, removed=True))
    return redraft(desk, note.ticket, DraftKind.NOTE, note.note) if part.is_typed else None


def add_note_again(desk: Desk, part: Part) -> None:
    """Let a note stand again that was taken back; the draft that it had become goes.

    Raises:
        RedoTooLate: the draft is not as the undo left it.
    """
    if (note := _note(desk, part.event)) is None:
        return
    if part.is_typed:
        undraft(desk, note.ticket, DraftKind.NOTE, part, note.note)
    desk.store.conversations.put(replace(note, removed=False))


def unedit_note(desk: Desk, part: Part) -> None:
    """Give a note the words back that it had before it was edited.

    Raises:
        UndoTooLate: it was edited once more, or taken back.
    """
    _reword(desk, part.event, was="after", becomes="before", refused=UndoTooLate)


def edit_note_again(desk: Desk, part: Part) -> None:
    """Give a note the words again that it was edited to.

    Raises:
        RedoTooLate: it was edited once more, or taken back.
    """
    _reword(desk, part.event, was="before", becomes="after", refused=RedoTooLate)


def _note(desk: Desk, event: Event) -> Note | None:
    entry = desk.store.conversations.get(event.entry) if event.entry is not None else None
    return entry if isinstance(entry, Note) else None


def _reword(desk: Desk, event: Event, *, was: str, becomes: str, refused: type[RefusedError]) -> None:
    """Each change of the words has a version of its own, so that no editor takes them for those it began with."""
    if (note := _note(desk, event)) is None:
        return
    if note.removed or note.note != event.detail[was]:
        raise refused(f"too late: note {note.id} on ticket {note.ticket} was changed again since, by {note.author}")
    desk.store.conversations.put(replace(note, note=event.detail[becomes], version=note.version + 1))
