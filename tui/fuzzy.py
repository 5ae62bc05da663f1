"""Finding names by a few of their letters; pure."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(names: Iterable[str], typed: str) -> list[str]:
    """The names that hold the typed letters in order: those that begin with them first, then the tighter fits."""
    wanted = typed.strip().casefold()
    ranked = [(rank, name) for name in names if (rank := _rank(name.casefold(), wanted)) is not None]
    return [name for _, name in sorted(ranked, key=lambda each: each[0])]


def _rank(name: str, wanted: str) -> tuple[int, int] | None:
    """Lower is nearer: where the letters stand together, or else how far they are spread. None: not all are there."""
    if (at := name.find(wanted)) >= 0:
        return (min(at, 1), at)
    first = last = -1
    for letter in wanted:
        last = name.find(letter, last + 1)
        if last < 0:
            return None
        first = last if first < 0 else first
    return (2, last - first)
