"""What tickets say of their conversations, worked out again for all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desk.desk import Desk
from desk.expression import EVERYTHING

_BATCH = 100
"""Tickets in one transaction: colleagues get their turn in between."""


@dataclass(frozen=True, slots=True)
class SummedUp:
    """How many tickets were looked at, and how many of them said something that is not so."""

    tickets: int
    mended: int


def sum_up_all(desk: Desk, tell: Callable[[float], object] = lambda _: None) -> SummedUp:
    """Let every ticket say what follows from its conversation; `tell` is told the share done."""
    numbers = desk.store.tickets.numbers(EVERYTHING, sort="id", reverse=True)
    mended = 0
    for start in range(0, len(numbers), _BATCH):
        with desk.store.transaction():
            for before in desk.store.tickets.many(numbers[start : start + _BATCH]):
                mended += desk.sum_up(before) != before
        tell(min(start + _BATCH, len(numbers)) / len(numbers))
    return SummedUp(len(numbers), mended)
