"""One note on several tickets: what the composer asks of the desk, and what an undo finds again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.actions.note import add_note
from desk.actions.run_macro import run_macro
from desk.conversation import Act, EntryId, Event, Happened
from desk.desk import Desk, new_act
from desk.draft import Draft, DraftKind
from desk.errors import TandemError, TicketMoved
from desk.ticket import TicketNumber
from tui.drafting import Drafting
from tui.keeping import Keeper
from tui.opened import load
from tui.sending import Moved, Outcome, Sent


@dataclass(frozen=True, slots=True)
class NoteOnAll:
    """On which tickets a note is left; it is written on the first of them."""

    numbers: Sequence[TicketNumber]

    def put_down(
        self, desk: Desk, keeper: Keeper, text: str, drafting: Drafting, *, seen: EntryId | None = None
    ) -> Outcome:
        """Leave the note on all tickets, with what its macro does, in one commit that one undo takes back."""
        act = new_act()
        try:
            with desk.store.transaction():
                keeper.check(desk)
                for number in self.numbers:
                    add_note(desk, number, text, act=act)
                    if use := drafting.used(text):
                        run_macro(
                            desk, number, drafting.steps, use, seen=seen if number == keeper.number else None, act=act
                        )
                keeper.finish(desk)
                return Sent(None, closed=False)
        except TicketMoved as moved:
            return Moved(moved.by, moved.what, load(desk, keeper.number))
        except TandemError as error:
            return error


def taken_back_from_all(desk: Desk, draft: Draft) -> NoteOnAll | None:
    """On which tickets this text was left, if the acting agent has just taken it back from several."""
    if draft.kind is not DraftKind.NOTE or desk.acting is None:
        return None
    last = next(iter(desk.store.conversations.done_by(desk.acting.handle, 1)), None)
    if last is None or last.what is not Happened.UNDONE or "act" not in last.detail:
        return None
    act = desk.store.conversations.of_act(Act(last.detail["act"]))
    others = tuple(each.ticket for each in act if _is_note(each) and each.ticket != draft.ticket)
    return NoteOnAll((draft.ticket, *others)) if others else None


def _is_note(event: Event) -> bool:
    return event.what is Happened.NOTED and event.undone
