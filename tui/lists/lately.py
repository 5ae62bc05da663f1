"""What the reader's thread read of the store a moment ago, and need not read again while nobody writes.

A filter is typed letter by letter, and each letter leaves a part of what the one before it found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar, cast

from desk.desk import Desk
from desk.expression import Expression, Words
from desk.narrowing import remaining
from desk.ports import Sort, Watch
from tui.lists.numbering import Numbers

T = TypeVar("T")

_HOLDS = timedelta(seconds=10)
"""How long, while somebody types, what only the clock changes is not read again."""
_MOST, _MOST_NUMBERS = 8, 200_000
"""Lists that are kept, and numbers in them."""
_LONG = 10_000
"""Numbers of a list that is let go once no words narrow what is shown, and it is another one."""
_APART = frozenset({"presence", "leases"})
"""What changes all the time and is in no list."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A list that was read."""

    wanted: Expression
    order: tuple[Sort, bool]
    numbers: Numbers

    def left_for(self, wanted: Expression, order: tuple[Sort, bool]) -> tuple[Words, ...] | None:
        """What tickets of this list must say to be in another one; None where that may hold others too."""
        return remaining(wanted, self.wanted) if order == self.order else None


@dataclass(slots=True)
class Lately:
    """Belongs to the reader's thread. A list that is kept says of which moment it is, where that makes a difference."""

    _watch: Watch | None = None
    _now: datetime | None = None
    _lists: list[_Kept] = field(default_factory=list[_Kept])
    _rest: dict[object, object] = field(default_factory=dict[object, object])
    _is_anew: bool = True

    def still(self, desk: Desk, *, anew: bool) -> Desk:
        """The desk with its clock at the moment of what was read before, or (`anew`) at this one; inside a snapshot.

        What has changed since is forgotten.

        Raises:
            StorageError: what changed cannot be read.
        """
        changed = self._changed(desk)
        if changed is None or any(collection not in _APART for collection, _ in changed):
            self._lists.clear()
        now, self._is_anew = desk.clock(), anew
        if anew or self._now is None or abs(now - self._now) > _HOLDS:
            self._now, changed = now, None
        if changed is None or changed:
            self._rest.clear()
        moment = self._now
        return replace(desk, clock=lambda: moment)

    def numbers(self, desk: Desk, wanted: Expression, sort: Sort, *, reverse: bool) -> Numbers:
        """The list of these tickets; part of one that is kept where that holds them all."""
        found = self._found(desk, wanted, (sort, reverse))
        if found is None:
            found = Numbers(desk.store.tickets.numbers(wanted, sort=sort, reverse=reverse))
        self._keep(_Kept(wanted, (sort, reverse), found))
        return found

    def kept(self, name: object, read: Callable[[], T]) -> T:
        """What was read under this name, or what reading it gives now."""
        if name not in self._rest:
            self._rest[name] = read()
        return cast("T", self._rest[name])

    def _found(self, desk: Desk, wanted: Expression, order: tuple[Sort, bool]) -> Numbers | None:
        fitting = [(each, left) for each in self._lists if (left := each.left_for(wanted, order)) is not None]
        if not fitting:
            return None
        among, left = min(fitting, key=lambda each: len(each[0].numbers))
        return among.numbers.among(desk.store.tickets.saying(left)) if left else among.numbers

    def _keep(self, read: _Kept) -> None:
        """Keep a list; what goes first is what was narrowed on the way from the first list to this one."""
        others = (each for each in self._lists if not self._is_anew or len(each.numbers) <= _LONG)
        self._lists = [*(each for each in others if each != read), read][-_MOST:]
        while (
            self._lists[2:] and sum(len(each.numbers) for each in self._lists) > _MOST_NUMBERS
        ):  # the first and the last stay
            del self._lists[-2]

    def _changed(self, desk: Desk) -> frozenset[tuple[str, int]] | None:
        """What changed in the store since the last time; None: it may be all."""
        if self._watch is None:
            self._watch = desk.store.watch()
            return None
        return self._watch.poll()
