"""One note on several tickets: what the composer asks of the desk, and what an undo finds again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.actions.note import add_note
from desk.actions.undo import taken_back_last
from desk.conversation import EntryId, Event, Happened
from desk.desk import Desk, new_act
from desk.draft import Draft, DraftKind
from desk.ticket import TicketNumber

if TYPE_CHECKING:
    from tui.composer.drafting import Drafting
    from tui.composer.keeping import Keeper
    from tui.composer.sending import Outcome


@dataclass(frozen=True, slots=True)
class NoteOnAll:
    """On which tickets a note is left; it is written on the first of them."""

    numbers: Sequence[TicketNumber]

    def put_down(
        self, desk: Desk, keeper: Keeper, text: str, drafting: Drafting, *, seen: EntryId | None = None
    ) -> Outcome:
        """Leave the note on all tickets, with what its macro does, in one commit that one undo takes back."""
        from desk.actions.run_macro import run_macro
        from tui.composer.sending import put_down

        act = new_act()

        def write() -> bool:
            for number in self.numbers:
                add_note(desk, number, text, act=act)
                if use := drafting.used(text):
                    last_seen = seen if number == keeper.number else None
                    run_macro(desk, number, drafting.steps, use, seen=last_seen, act=act)
            return False  # the cursor stays where the marks are

        return put_down(desk, keeper, write)


def taken_back_from_all(desk: Desk, draft: Draft) -> NoteOnAll | None:
    """On which tickets this text was left, if the acting agent has just taken it back from several."""
    if draft.kind is not DraftKind.NOTE:
        return None
    others = tuple(each.ticket for each in taken_back_last(desk) if _is_note(each) and each.ticket != draft.ticket)
    return NoteOnAll((draft.ticket, *others)) if others else None


def _is_note(event: Event) -> bool:
    return event.what is Happened.NOTED and event.undone
