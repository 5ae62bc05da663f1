"""How something is done to tickets: as one act, shown at once, written a part at a time, and remembered for others.

Whatever else is asked for meanwhile comes between two parts. Where that is an undo of the act, no part follows it.
"""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from textual.screen import Screen

from desk.actions.assign import Seen
from desk.conversation import Act
from desk.desk import Desk, new_act
from desk.errors import AlreadyAssigned, RefusedError
from desk.people import Handle
from desk.ticket import TicketNumber
from tui.actions.deeds import AT_ONCE, Change, Deed, Outcome, Sight, Telling, carry_out, is_taken_back, told_outcome
from tui.front import front
from tui.lists.pending import Becomes
from tui.messages import Said
from tui.words.tongue import tr

_ASSIGNING = ("take", "assign-me", "assign-partner", "assign-none", "assign-other")
"""The actions whose keys take a ticket in spite of a colleague who has just taken it."""


@dataclass(frozen=True, slots=True)
class _Doing:
    """A deed that is being done; `change` is what it does to tickets as the agent saw them at the key, at `since`."""

    deed: Deed
    change: Change
    act: Act
    since: float


class Acting(Screen[None]):
    """A screen on which deeds are done to tickets. What is shown of them, its subclass says."""

    _last_deed: Deed | None = None

    def __init__(self) -> None:
        super().__init__()
        self._just_told: dict[TicketNumber, Handle] = {}
        """Whose tickets are that the last deed was refused for: the next one knows of it."""
        self._refusal: tuple[Said, Sequence[TicketNumber]] = Said(), ()
        """What was told last of a ticket that a colleague has just taken, and that ticket."""

    @abstractmethod
    def sight(self) -> Sight:
        """Whose the tickets are that the agent sees."""

    @abstractmethod
    def foresee(self, act: Act, numbers: Sequence[TicketNumber], deed: Deed) -> None:
        """Show at once what becomes of these tickets, and go on from them where the deed says so."""

    @abstractmethod
    def confirmed(self, act: Act, outcome: Outcome) -> None:
        """Show what became of the tickets."""

    @abstractmethod
    def refused(self, act: Act) -> None:
        """Show the tickets as they are: nothing became of them."""

    @abstractmethod
    def acted(self) -> None:
        """Show what an action changed."""

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
        self._begin(numbers, Deed(label, lambda _: change, told, becomes, goes_on))

    def _begin(self, numbers: Sequence[TicketNumber], deed: Deed) -> None:
        """The same for a deed that heeds what the agent sees."""
        self._last_deed = deed
        self._do(numbers, deed)

    def _repeat(self, numbers: Sequence[TicketNumber]) -> None:
        """Do to these tickets what was done last.

        Raises:
            RefusedError: nothing was.
        """
        if self._last_deed is None:
            raise RefusedError(tr("nothing was done yet that could be done again"))
        self._do(numbers, self._last_deed)

    def _do(self, numbers: Sequence[TicketNumber], deed: Deed) -> None:
        now, told, self._just_told = front(self).desk.clock(), self._just_told, {}
        sight = {**self.sight(), **{number: Seen(holder, now) for number, holder in told.items()}}
        doing = _Doing(deed, deed.change(sight), new_act(), time.monotonic())
        self.foresee(doing.act, numbers, deed)
        self._do_on(numbers, doing, Outcome())

    def _do_on(self, numbers: Sequence[TicketNumber], doing: _Doing, so_far: Outcome) -> None:
        """Change the next tickets, then the rest."""
        part, rest, alone = numbers[:AT_ONCE], numbers[AT_ONCE:], len(numbers) == 1
        act = doing.act

        def work(desk: Desk) -> Outcome | None:
            if is_taken_back(desk, act, so_far):
                return None
            try:
                return so_far + carry_out(desk, part, doing.change, act, alone=alone)
            except AlreadyAssigned as error:
                front(self).on_loop(self._learn_whose, error)
                raise

        failed = partial(self._not_done, act, numbers)
        front(self).act(doing.deed.label(numbers), work, partial(self._did, rest, doing), failed)

    def _not_done(self, act: Act, numbers: Sequence[TicketNumber]) -> None:
        self.refused(act)
        if any(each in self._just_told for each in numbers):
            self._refusal = front(self).said, numbers
            front(self).offer_again(front(self).said, *_ASSIGNING)

    def _did(self, rest: Sequence[TicketNumber], doing: _Doing, outcome: Outcome | None) -> None:
        if outcome is None:  # the undo tells of itself
            self.refused(doing.act)
            self.acted()
        elif rest:
            words = tr("{label}, {count} to go …")
            front(self).say(words.format(label=doing.deed.label(outcome.done), count=f"{len(rest):,}"))
            self._do_on(rest, doing, outcome)
        else:
            self.confirmed(doing.act, outcome)
            for _, error in outcome.refused:
                self._learn_whose(error)
            words = told_outcome(outcome, doing.deed.told)
            front(self).say_done(words, "warn" if outcome.refused else "info", doing.since)
            self.acted()

    def spoken_of(self) -> Sequence[TicketNumber]:
        """The ticket of which there stands that the same key again takes it, wherever the cursor is by now; else none.

        It may have left the list with the colleague who took it.
        """
        said, numbers = self._refusal
        return numbers if said.text and front(self).said is said else ()

    def _learn_whose(self, error: RefusedError) -> None:
        """Let the next deed go on where the agent is told only now whose a ticket is."""
        if isinstance(error, AlreadyAssigned):
            self._just_told[TicketNumber(error.number)] = error.holder
