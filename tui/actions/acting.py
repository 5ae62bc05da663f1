"""How something is done to tickets: as one act, shown at once, written a part at a time, and remembered for others.

Whatever else is asked for meanwhile comes between two parts. Where that is an undo of the act, no part follows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual.screen import Screen

from desk.conversation import Act
from desk.desk import Desk, new_act
from desk.errors import RefusedError
from desk.ticket import TicketNumber
from tui.actions.deeds import AT_ONCE, Change, Deed, Outcome, Telling, carry_out, is_taken_back, told_outcome
from tui.front import front
from tui.lists.pending import Becomes
from tui.words.tongue import tr


class Acting(Screen[None]):
    """A screen on which deeds are done to tickets. What is shown of them, its subclass says."""

    _last_deed: Deed | None = None

    def foresee(self, act: Act, numbers: Sequence[TicketNumber], deed: Deed) -> None:
        """Show at once what becomes of these tickets, and go on from them where the deed says so."""
        raise NotImplementedError

    def confirmed(self, act: Act, outcome: Outcome) -> None:
        """Show what became of the tickets."""
        raise NotImplementedError

    def refused(self, act: Act) -> None:
        """Show the tickets as they are: nothing became of them."""
        raise NotImplementedError

    def acted(self) -> None:
        """Show what an action changed."""
        raise NotImplementedError

    def _change(
        self,
        numbers: Sequence[TicketNumber],
        label: Telling,
        change: Change,
        told: Telling,
        becomes: Becomes,
        *,
        goes_on: bool = False,
    ) -> None:
        """Change tickets as one act, and remember how, so that it can be done again elsewhere."""
        self._last_deed = Deed(label, change, told, becomes, goes_on)
        self._do(numbers, self._last_deed)

    def _repeat(self, numbers: Sequence[TicketNumber]) -> None:
        """Do to these tickets what was done last.

        Raises:
            RefusedError: nothing was.
        """
        if self._last_deed is None:
            raise RefusedError(tr("nothing was done yet that could be done again"))
        self._do(numbers, self._last_deed)

    def _do(self, numbers: Sequence[TicketNumber], deed: Deed) -> None:
        act = new_act()
        self.foresee(act, numbers, deed)
        self._do_on(numbers, deed, act, Outcome())

    def _do_on(self, numbers: Sequence[TicketNumber], deed: Deed, act: Act, so_far: Outcome) -> None:
        """Change the next tickets, then the rest."""
        part, rest, alone = numbers[:AT_ONCE], numbers[AT_ONCE:], len(numbers) == 1

        def work(desk: Desk) -> Outcome | None:
            if is_taken_back(desk, act, so_far):
                return None
            return so_far + carry_out(desk, part, deed.change, act, alone=alone)

        front(self).act(deed.label(numbers), work, partial(self._did, rest, deed, act), partial(self.refused, act))

    def _did(self, rest: Sequence[TicketNumber], deed: Deed, act: Act, outcome: Outcome | None) -> None:
        if outcome is None:  # the undo tells of itself
            self.refused(act)
            self.acted()
        elif rest:
            words = tr("{label}, {count} to go …")
            front(self).say(words.format(label=deed.label(outcome.done), count=f"{len(rest):,}"))
            self._do_on(rest, deed, act, outcome)
        else:
            self.confirmed(act, outcome)
            front(self).say(told_outcome(outcome, deed.told), "warn" if outcome.refused else "info")
            self.acted()
