"""The marks of a list: which tickets a bulk action is for, in the order they were marked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from desk.ticket import TicketNumber


@dataclass(frozen=True, slots=True)
class Marks:
    """Marked tickets; `last` is the one that was marked last, from which a range begins."""

    _marked: Mapping[TicketNumber, None] = field(default_factory=dict[TicketNumber, None])
    last: TicketNumber | None = None

    def __len__(self) -> int:
        return len(self._marked)

    def __contains__(self, number: object) -> bool:
        return number in self._marked

    @property
    def all(self) -> tuple[TicketNumber, ...]:
        """All of them."""
        return tuple(self._marked)

    def toggled(self, number: TicketNumber) -> Marks:
        """With this one marked, or not any more."""
        if number in self._marked:
            return Marks({each: None for each in self._marked if each != number}, self.last)
        return Marks({**self._marked, number: None}, number)

    def joined(self, numbers: Iterable[TicketNumber], begins: TicketNumber | None = None) -> Marks:
        """With these marked too; the next range `begins` there, or else where it did before."""
        return Marks({**self._marked, **dict.fromkeys(numbers)}, begins or self.last)

    def without(self, gone: Collection[TicketNumber]) -> Marks:
        """Without those that are gone."""
        if not self._marked or not gone:
            return self
        return Marks({each: None for each in self._marked if each not in gone}, self.last)
