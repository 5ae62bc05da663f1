"""What is done to one or many tickets at a stroke: in one act, ticket by ticket, and how that is told.

One that the desk refuses holds none of the others up, and is told with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from desk.actions.assign import Seen
from desk.conversation import Act, Event
from desk.desk import Desk
from desk.errors import RefusedError
from desk.ticket import Ticket, TicketNumber
from tui.lists.pending import Becomes
from tui.words.heard import heard
from tui.words.tongue import tr, trn

Sight = Mapping[TicketNumber, Seen]
"""Whose the tickets are that an agent has on the screen; those far from the cursor are not among them."""
Change = Callable[[Desk, TicketNumber, Act], Ticket]
Telling = Callable[[Sequence[TicketNumber]], str]

AT_ONCE = 200
"""Tickets that are changed in one commit; others may write between two of them."""


@dataclass(frozen=True, slots=True)
class Deed:
    """`label` says what is being done to tickets, `told` what was done; with `goes_on` the cursor leaves them.

    `change` does it to one, by what the agent sees; `becomes` is what it makes of one, until that is written.
    """

    label: Telling
    change: Callable[[Sight], Change]
    told: Telling
    becomes: Becomes
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """Which tickets were changed, which were so already, and which were refused, with the reason of each.

    `after` are the changed tickets as they are now.
    """

    done: tuple[TicketNumber, ...] = ()
    same: tuple[TicketNumber, ...] = ()
    refused: tuple[tuple[TicketNumber, RefusedError], ...] = ()
    after: tuple[Ticket, ...] = ()

    def __add__(self, other: Outcome) -> Outcome:
        refused, after = self.refused + other.refused, self.after + other.after
        return Outcome(self.done + other.done, self.same + other.same, refused, after)


def carry_out(desk: Desk, numbers: Sequence[TicketNumber], change: Change, act: Act, *, alone: bool) -> Outcome:
    """Change these tickets in one commit; with `alone` a refusal is raised instead of told.

    Raises:
        StorageError: nothing was changed.
    """
    outcome = Outcome()
    with desk.store.transaction():
        for number in numbers:
            before = desk.store.tickets.get(number)
            try:
                with desk.store.transaction():
                    after = change(desk, number, act)
            except RefusedError as error:
                if alone:
                    raise
                outcome += Outcome(refused=((number, error),))
            else:
                outcome += Outcome(same=(number,)) if after == before else Outcome(done=(number,), after=(after,))
    return outcome


def is_taken_back(desk: Desk, act: Act, so_far: Outcome) -> bool:
    """Whether an act that is not over yet was undone by now, here or elsewhere; of an act all is undone, or nothing."""
    changed = desk.store.conversations.of(so_far.done[-1]) if so_far.done else []
    return any(isinstance(each, Event) and each.act == act and each.undone for each in changed)


def told_outcome(outcome: Outcome, told: Telling) -> str:
    """What became of it, in a sentence: `2 tickets: closed, u takes it back; 1 refused: 7 was merged into 3`."""
    words = [told(outcome.done)] if outcome.done else []
    if outcome.same:
        words.append(
            trn("{whom} was so already", "{whom} were so already", len(outcome.same)).format(whom=named(outcome.same))
        )
    if outcome.refused:
        count, why = len(outcome.refused), outcome.refused[0][1].message
        words.append(tr("{count} refused: {why}").format(count=count, why=heard(why)))
    return "; ".join(words)


def named(numbers: Sequence[TicketNumber]) -> str:
    """A ticket by its number, several by how many they are."""
    count = len(numbers)
    return str(numbers[0]) if count == 1 else trn("{count} ticket", "{count} tickets", count).format(count=f"{count:,}")
