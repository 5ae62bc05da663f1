"""Erasing a customer, which nobody takes back."""

from __future__ import annotations

from desk.desk import Desk
from desk.errors import UndoTooLate
from desk.reversal.part import Part


def refuse_unerasing(_desk: Desk, part: Part) -> None:
    """Say that nothing is left to bring back.

    Raises:
        UndoTooLate: always.
    """
    raise UndoTooLate(f"ticket {part.event.ticket} was erased at a customer's request, and nothing of that is kept")
