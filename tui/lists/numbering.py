"""The numbers of a list of any length, held in four bytes each, and what differs between two such lists."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast, overload

from desk.ticket import TicketNumber

_NEAR = 200
"""How far around a place a number is looked for first."""


class Numbers(Sequence[TicketNumber]):
    """Ticket numbers in order; they do not change, so that any thread may hold them."""

    __slots__ = ("_held",)

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self._held = array("I", numbers)

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[TicketNumber]:
        return cast("Iterator[TicketNumber]", iter(self._held))

    @overload
    def __getitem__(self, at: int) -> TicketNumber: ...
    @overload
    def __getitem__(self, at: slice) -> Numbers: ...
    def __getitem__(self, at: int | slice) -> TicketNumber | Numbers:
        return TicketNumber(self._held[at]) if isinstance(at, int) else Numbers(self._held[at])

    def __contains__(self, number: object) -> bool:
        return number in self._held

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Numbers) and self._held == other._held

    def __hash__(self) -> int:
        return hash(self._held.tobytes())

    @property
    def size(self) -> int:
        """Bytes of memory."""
        return len(self._held) * self._held.itemsize

    def place(self, number: int | None, near: int = 0) -> int | None:
        """Where a number stands, looked for around a place first; None where it does not."""
        if number is None:
            return None
        start = max(near - _NEAR, 0)
        for first, last in ((start, near + _NEAR), (0, len(self._held))):
            try:
                return self._held.index(number, first, last)
            except ValueError:
                continue
        return None

    def among(self, those: Collection[TicketNumber]) -> Numbers:
        """Those of the list that are among these, in its order."""
        return Numbers(each for each in self._held if each in those)

    def without(self, gone: Collection[TicketNumber]) -> Numbers:
        """The same list without these."""
        return Numbers(each for each in self._held if each not in gone) if gone else self

    def led_by(self, first: TicketNumber) -> Numbers:
        """The same list with this one before all others."""
        return Numbers((first, *(each for each in self._held if each != first)))

    def lacking(self, numbers: Iterable[TicketNumber | None]) -> frozenset[TicketNumber]:
        """Those of these that are not in the list."""
        return frozenset(each for each in numbers if each is not None).difference(self)

    def alike(self, other: Numbers) -> tuple[int, int]:
        """How many numbers two lists have in common at their beginning, and how many, not among these, at their end."""
        mine, others = self._held, other._held
        most = min(len(mine), len(others))
        begin = _alike(most, lambda k: mine[:k] == others[:k])
        end = _alike(most - begin, lambda k: mine[len(mine) - k :] == others[len(others) - k :])
        return begin, end


@dataclass(frozen=True, slots=True)
class Change:
    """What is different in a list since `before`: which numbers came, and which left."""

    before: Numbers
    came: frozenset[TicketNumber] = frozenset()
    left: frozenset[TicketNumber] = frozenset()


def change(before: Numbers, after: Numbers) -> Change:
    """What came and what left; only the part in which two lists differ is looked at."""
    begin, end = before.alike(after)
    old = frozenset(before[begin : len(before) - end])
    new = frozenset(after[begin : len(after) - end])
    return Change(before, new - old, old - new)


def _alike(most: int, is_alike: Callable[[int], bool]) -> int:
    """The largest number up to `most` for which it holds; it holds for all below."""
    if most and is_alike(most):
        return most
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_alike(middle) else (low, middle)
    return low
