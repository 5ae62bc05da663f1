"""What actions that are not written yet will make of tickets, so that the screen can show it at once. Pure.

Only what an action means to change is laid over a ticket, and only where that still is as it was at the key press: what
a colleague made of it in between stands.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any

from desk.conversation import Act
from desk.expression import Expression
from desk.matching import matches
from desk.ticket import Ticket, TicketNumber

Becomes = Callable[[Ticket], Ticket]
"""What an action makes of a ticket, as far as the ticket alone tells."""

_FIELDS = tuple(each.name for each in fields(Ticket))


@dataclass(slots=True)
class _Foreseen:
    """An action on its way: `before` are the tickets as they stood, `changes` which fields become what, from what."""

    numbers: set[TicketNumber]
    becomes: Becomes
    is_written: bool = False
    before: dict[TicketNumber, Ticket] = field(default_factory=dict[TicketNumber, Ticket])
    changes: dict[TicketNumber, tuple[tuple[str, Any, Any], ...]] = field(
        default_factory=dict[TicketNumber, tuple[tuple[str, Any, Any], ...]]
    )

    def over(self, ticket: Ticket) -> Ticket:
        """The ticket with what becomes of it; what it becomes is settled when it is first seen."""
        number = ticket.number
        if self.is_written or number not in self.numbers:
            return ticket
        if number not in self.changes:
            self.before[number], self.changes[number] = ticket, _changes(ticket, self.becomes(ticket))
        here = {name: after for name, before, after in self.changes[number] if getattr(ticket, name) == before}
        return replace(ticket, **here) if here else ticket


class Pending:
    """The actions that are not confirmed yet, in the order of their keys."""

    def __init__(self) -> None:
        self._acts: dict[Act, _Foreseen] = {}

    def __bool__(self) -> bool:
        return bool(self._acts)

    @property
    def written(self) -> frozenset[Act]:
        """Those that are written, but maybe not yet in the list that is shown."""
        return frozenset(act for act, each in self._acts.items() if each.is_written)

    @property
    def numbers(self) -> frozenset[TicketNumber]:
        """All tickets that they are about."""
        return frozenset(number for each in self._acts.values() for number in each.numbers)

    def begin(self, act: Act, numbers: Iterable[TicketNumber], becomes: Becomes) -> None:
        """An action was asked for."""
        self._acts[act] = _Foreseen(set(numbers), becomes)

    def confirm(self, act: Act, *, but: Collection[TicketNumber]) -> None:
        """An action is written, but for the tickets for which it was refused; the others' rows tell the truth."""
        if (foreseen := self._acts.get(act)) is not None:
            foreseen.numbers.difference_update(but)
            foreseen.is_written = True

    def end(self, acts: Iterable[Act]) -> None:
        """These are refused, or shown as they are."""
        for act in acts:
            self._acts.pop(act, None)

    def over(self, ticket: Ticket) -> Ticket:
        """A ticket as it will be; the very same where nothing is foreseen for it."""
        for each in self._acts.values():
            ticket = each.over(ticket)
        return ticket

    def gone(self, wanted: Expression, tickets: Iterable[Ticket]) -> Iterator[TicketNumber]:
        """Which of these leave a list by what becomes of them; those of which that is not sure stay."""
        for ticket in tickets:
            shown = self.over(ticket)
            befores = [each.before[ticket.number] for each in self._acts.values() if ticket.number in each.before]
            if befores and matches(wanted, befores[0]) and not matches(wanted, shown):
                yield ticket.number


def _changes(before: Ticket, after: Ticket) -> tuple[tuple[str, Any, Any], ...]:
    there = ((name, getattr(before, name), getattr(after, name)) for name in _FIELDS)
    return tuple(each for each in there if each[1] != each[2])
