"""In which order macros are offered, and which are left while an agent types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from desk.errors import BadQuery
from desk.ticket import Ticket
from macros.script import Macro


def ordered(
    macros: Iterable[Macro],
    ticket: Ticket | None,
    *,
    matches: Callable[[str], bool],
    used: Mapping[str, int],
) -> list[Macro]:
    """Macros as the picker lists them: those whose `when` matches the ticket, then the most used, then by name.

    `matches` says whether a search matches the ticket; without a ticket it is not asked. `used` counts by `slug`.
    """

    def rank(macro: Macro) -> tuple[bool, int, str]:
        fits = ticket is not None and suggested(macro, matches)
        return (not fits, -used.get(macro.slug, 0), macro.name.casefold())

    return sorted(macros, key=rank)


def suggested(macro: Macro, matches: Callable[[str], bool]) -> bool:
    """Whether a macro's `when` matches; one that cannot be read never does (`tandem macros check` says so)."""
    try:
        return bool(macro.when) and matches(macro.when)
    except BadQuery:
        return False


def narrow(macros: Iterable[Macro], typed: str) -> list[Macro]:
    """The macros in whose name, file name or folder the typed letters stand in this order, the closest first."""
    wanted = "".join(typed.casefold().split())
    scored = [(_score(macro, wanted), macro) for macro in macros]
    kept = [(score, macro) for score, macro in scored if score is not None]
    return [macro for _, macro in sorted(kept, key=lambda each: -each[0])]


def _score(macro: Macro, wanted: str) -> int | None:
    """The best of the three; the folder counts less than the names."""
    folder = _fit(macro.folder, wanted)
    scores = (_fit(macro.name, wanted), _fit(macro.slug, wanted), None if folder is None else folder - 2)
    return max((score for score in scores if score is not None), default=None)


def _fit(text: str, wanted: str) -> int | None:
    """How well the letters fit: more for a letter at a word's start or right after the one before; None: not at all."""
    text = text.casefold()
    ends = [(-2, 0)]
    for letter in wanted:
        ends = [
            (here, 1 + 2 * _starts_word(text, here) + _best_before(here, ends))
            for here, each in enumerate(text)
            if each == letter and ends and ends[0][0] < here
        ]
    return max((score for _, score in ends), default=None)


def _best_before(here: int, ends: list[tuple[int, int]]) -> int:
    return max(score + 3 * (end + 1 == here) for end, score in ends if end < here)


def _starts_word(text: str, index: int) -> bool:
    return index == 0 or not text[index - 1].isalnum()
