"""The marks of a list: which tickets a bulk action is for, in the order they were marked.

A filter hides marked tickets; those stay marked, and nothing is done to them until the list shows them again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from desk.ticket import TicketNumber
from tui.lists.numbering import Numbers


@dataclass(frozen=True, slots=True)
class Marks:
    """Marked tickets; `last` is the one that was marked last, from which a range begins, `hidden` are not shown now."""

    _marked: Mapping[TicketNumber, None] = field(default_factory=dict[TicketNumber, None])
    last: TicketNumber | None = None
    hidden: frozenset[TicketNumber] = frozenset()

    def __len__(self) -> int:
        return len(self._marked)

    def __contains__(self, number: object) -> bool:
        return number in self._marked

    @property
    def all(self) -> tuple[TicketNumber, ...]:
        """All that the list shows."""
        return tuple(each for each in self._marked if each not in self.hidden)

    def toggled(self, number: TicketNumber) -> Marks:
        """With this one marked, or not any more."""
        if number in self._marked:
            return replace(self, _marked={each: None for each in self._marked if each != number})
        return replace(self, _marked={**self._marked, number: None}, last=number)

    def joined(self, numbers: Iterable[TicketNumber], begins: TicketNumber | None = None) -> Marks:
        """With these marked too; the next range `begins` there, or else where it did before."""
        return replace(self, _marked={**self._marked, **dict.fromkeys(numbers)}, last=begins or self.last)

    def without(self, gone: Collection[TicketNumber]) -> Marks:
        """Without those that are gone."""
        if not self._marked or not gone:
            return self
        left = {each: None for each in self._marked if each not in gone}
        return replace(self, _marked=left, hidden=self.hidden.difference(gone))

    def over(self, numbers: Numbers) -> Marks:
        """The same where the list shows these tickets."""
        return replace(self, hidden=numbers.lacking(self._marked)) if self._marked else self
