"""Places among the lines of a ticket: what a fold covers, and where a line is once all are laid out anew; pure."""

from __future__ import annotations

from collections.abc import Sequence

from tui.reader.lines import Fold, Line


def places_of(fold: Fold, lines: Sequence[Line]) -> list[int]:
    """The lines that a fold opens or closes: those of a part, or of a whole entry."""
    if fold.part is not None:
        return [at for at, line in enumerate(lines) if line.fold == fold]
    return [at for at, line in enumerate(lines) if line.entry == fold.entry]


def is_open(fold: Fold, lines: Sequence[Line]) -> bool:
    """Whether a fold shows more than the one line that stands for it."""
    return len(places_of(fold, lines)) > 1


def starts_fold(at: int, lines: Sequence[Line]) -> bool:
    """Whether a line is the first of its fold."""
    before = lines[at - 1].fold if at else None
    return before != lines[at].fold


def fold_at_hand(at: int, lines: Sequence[Line]) -> Fold | None:
    """The fold of a part that a line is in, or the next one below in its entry, or else the whole entry."""
    if at >= len(lines):
        return None
    line = lines[at]
    if line.entry is None:
        return line.fold
    below = (each.fold for each in lines[at:] if each.entry == line.entry)
    return next((each for each in below if each is not None and each.part is not None), Fold(line.entry))


def same_place(place: int, before: Sequence[Line], after: Sequence[Line]) -> int:
    """Where a line belongs among others: on the same words or fold, or else as far below its entry's top."""
    line = before[place] if place < len(before) else None
    if line is None or line.entry is None:
        return min(place, max(len(after) - 1, 0))
    mine = [at for at, each in enumerate(after) if each.entry == line.entry]
    if not mine:
        later = (at for at, each in enumerate(after) if each.entry is not None and each.entry >= line.entry)
        return next(later, max(len(after) - 1, 0))
    below = place - next(at for at, each in enumerate(before) if each.entry == line.entry)
    if below < len(mine) and after[mine[below]] == line:
        return mine[below]
    if same := _same(line, mine, after):
        return min(same, key=lambda at: abs(at - mine[0] - below))
    return mine[min(below, len(mine) - 1)]


def _same(line: Line, mine: Sequence[int], after: Sequence[Line]) -> list[int]:
    """Which of these are the very line, or else the first one of its fold."""
    same = [at for at in mine if after[at] == line]
    if not same and line.fold is not None:
        same = [at for at in mine if after[at].fold == line.fold][:1]
    return same
