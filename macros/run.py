"""What both front ends do to use a macro; desk/actions applies what comes out."""

from __future__ import annotations

from collections.abc import Mapping

from desk.desk import Desk
from desk.ticket import TicketNumber
from macros.fill import Filled, facts_for, fill
from macros.library import Library


def prepare(desk: Desk, library: Library, number: TicketNumber, name: str, answers: Mapping[str, str]) -> Filled:
    """The macro of this name filled in for a ticket, with dates in the zone of this machine. Nothing is changed.

    Raises:
        RefusedError: there is no such macro or ticket, an answer does not fit, or an action needs what is not known.
        MacroError: the macro's file cannot be used.
    """
    return fill(library.get(name), facts_for(desk, number, now=desk.clock().astimezone()), answers)
