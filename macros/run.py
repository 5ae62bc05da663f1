"""What both front ends do to use a macro; desk/actions applies what comes out."""

from __future__ import annotations

from collections.abc import Mapping

from desk.beginning import Beginning
from desk.desk import Desk
from desk.ticket import TicketNumber
from macros.facts import facts_for, facts_for_beginning
from macros.fill import Filled, fill
from macros.library import Library


def prepare(desk: Desk, library: Library, number: TicketNumber, name: str, answers: Mapping[str, str]) -> Filled:
    """The macro of this name filled in for a ticket, with dates in the zone of this machine. Nothing is changed.

    Raises:
        RefusedError: there is no such macro or ticket, an answer does not fit, or an action needs what is not known.
        MacroError: the macro's file cannot be used.
    """
    return fill(library.get(name), facts_for(desk, number, now=desk.clock().astimezone()), answers)


def prepare_beginning(
    desk: Desk, library: Library, beginning: Beginning, name: str, answers: Mapping[str, str]
) -> Filled:
    """The same for a mail that opens a ticket. What only a ticket has is a gap.

    Raises:
        RefusedError, MacroError: as `prepare`.
    """
    return fill(library.get(name), facts_for_beginning(desk, beginning, now=desk.clock().astimezone()), answers)
