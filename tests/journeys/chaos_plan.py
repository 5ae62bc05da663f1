"""What is to happen in a history of chaos, as hypothesis draws it: anything that it makes smaller is calmer.

What happens is drawn here, with a number for each that decides the details: what stands in a mail, which one is moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

LENGTH = 20
"""Rounds that are drawn for a history. Of some nothing is left, mostly once hypothesis has made it smaller."""

What = Literal["mail", "move", "remove", "number anew"]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens at the mail server; `number` decides its details."""

    what: What
    number: int


@dataclass(frozen=True, slots=True)
class Round:
    """What happens before and while mail is fetched, by whom, and after how many seconds one of them is killed.

    `odd` is not 0 where the server misbehaves, and decides how. Without `fetchers` things only happen.
    """

    fetchers: int
    before: tuple[Happening, ...]
    during: tuple[Happening, ...]
    looks: int
    odd: int
    kill_after: float | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing comes of it."""
        return not (self.fetchers or self.before or self.during)


@dataclass(frozen=True, slots=True)
class Plan:
    """A history: `seed` decides what the network does, and what kind of server it is."""

    seed: int
    rounds: tuple[Round, ...]


def _of(rounds: list[Round]) -> tuple[Round, ...]:
    return tuple(each for each in rounds if not each.is_empty)


_IN_FORTY: dict[What, int] = {"mail": 30, "move": 4, "remove": 3, "number anew": 3}
_COMMON = [what for what, times in _IN_FORTY.items() for _ in range(times)]
_DELAYS = (None,) * 35 + tuple(hundredths / 100 for hundredths in range(1, 16))

numbers = st.integers(0, 0xFFFF)
happenings = st.builds(Happening, st.sampled_from(_COMMON), numbers)
some_happenings = st.lists(happenings, max_size=2).map(tuple)
rounds = st.builds(
    Round,
    fetchers=st.sampled_from((0,) + (1,) * 14 + (2,) * 5),
    before=some_happenings,
    during=some_happenings,
    looks=st.sampled_from((1, 1, 2)),
    odd=st.just(0) | st.integers(1, 0xFFFF),
    kill_after=st.sampled_from(_DELAYS),
)
plans = st.builds(Plan, numbers, st.lists(rounds, min_size=LENGTH, max_size=LENGTH).map(_of))
