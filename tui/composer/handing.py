"""Handing tickets to a colleague: what the composer asks of the desk, and what an undo finds again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.actions.hand_over import TO, hand_over
from desk.actions.undo import taken_back_last
from desk.conversation import EntryId, Event, Happened
from desk.desk import Desk, new_act
from desk.draft import Draft, DraftKind
from desk.errors import RefusedError
from desk.people import Agent, Handle
from desk.ticket import Status, TicketNumber
from tui.words.tongue import tr

if TYPE_CHECKING:
    from tui.composer.drafting import Drafting
    from tui.composer.keeping import Keeper
    from tui.composer.sending import Outcome


@dataclass(frozen=True, slots=True)
class Handing:
    """Which tickets go to whom; the note is written on the first of them, and left on all."""

    numbers: Sequence[TicketNumber]
    to: Handle

    def put_down(
        self, desk: Desk, keeper: Keeper, text: str, drafting: Drafting, *, seen: EntryId | None = None
    ) -> Outcome:
        """Leave the note on all tickets and assign them, in one commit that one undo takes back."""
        from desk.actions.run_macro import run_macro
        from tui.composer.sending import put_down

        act = new_act()

        def write() -> bool:
            for number in self.numbers:
                hand_over(desk, number, self.to, text, act=act)
            if use := drafting.used(text):
                run_macro(desk, keeper.number, drafting.steps, use, seen=seen, act=act)
            return desk.ticket(keeper.number).status is Status.CLOSED

        return put_down(desk, keeper, write)


def partners(desk: Desk) -> list[Agent]:
    """Everybody else on the desk.

    Raises:
        NoAgent: nobody said who is acting.
        RefusedError: there is nobody else.
    """
    others = [each for each in desk.store.agents.all() if each.handle != desk.me.handle]
    if not others:
        raise RefusedError(tr("you have no partner"), tr("`tandem agents add` adds one"))
    return others


def taken_back(desk: Desk, draft: Draft) -> Handing | None:
    """The hand-over that this text was, if the acting agent has just taken it back."""
    if draft.kind is not DraftKind.NOTE:
        return None
    handed = [each for each in taken_back_last(desk) if _hands_over(each)]
    if draft.ticket not in {each.ticket for each in handed}:
        return None
    others = (each.ticket for each in handed if each.ticket != draft.ticket)
    return Handing((draft.ticket, *others), Handle(handed[0].detail[TO]))


def _hands_over(event: Event) -> bool:
    return event.what is Happened.HANDED_OVER and event.undone and TO in event.detail
