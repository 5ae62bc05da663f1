"""Which of many things a few typed letters mean: one rule for the pickers, the palette and the help; pure.

Whoever types a key or a whole name means that. Else words come before letters inside of words; in each, what one sees
comes before what a thing is found by besides, and of words a whole one before the beginning of one. Initials come last,
and letters that are strewn over a word. Things that fit alike stay in the order in which they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

Fit = tuple[int, int, int]
"""How a typed word fits, lower is better: as a word or as letters, of which kind, and 1 if not at the front."""

_WORD, _INSIDE, _INITIALS, _STREWN = range(4)
_FEWEST = 2
"""Letters that are no part of a word mean something from so many on."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a thing is found by: what one sees of it, what else it is known by, and what it is called to the letter."""

    seen: str
    hidden: str = ""
    called: tuple[str, ...] = ()


def nearest(names: Iterable[str], typed: str) -> list[str]:
    """The names that fit what is typed, the best first."""
    return ranked(((name, Words(name)) for name in names), typed)


def ranked(things: Iterable[tuple[T, Words]], typed: str) -> list[T]:
    """The things of which every typed word fits, the best first; all of them where nothing is typed."""
    by_words, by_letters = told_apart(things, typed)
    return by_words + by_letters


def told_apart(things: Iterable[tuple[T, Words]], typed: str) -> tuple[list[T], list[T]]:
    """Those of which each typed word is a word or begins one, then those it fits only in some other way."""
    whole, wanted = typed.strip(), typed.casefold().split()
    found = [(fits, thing) for thing, words in things if (fits := _fits(whole, wanted, words)) is not None]
    found.sort(key=lambda each: each[0])
    by_words = [thing for fits, thing in found if not fits or fits[0][0] == _WORD]
    return by_words, [thing for _, thing in found[len(by_words) :]]


def _fits(whole: str, wanted: list[str], words: Words) -> list[Fit] | None:
    """How each typed word fits, the worst first; an empty list where all of it is a name, None where one fits not."""
    if whole in words.called:
        return []
    seen, hidden = words.seen.casefold(), words.hidden.casefold()
    fits = [fit for word in wanted if (fit := _fit(word, seen, hidden)) is not None]
    return sorted(fits, reverse=True) if len(fits) == len(wanted) else None


def _fit(word: str, seen: str, hidden: str) -> Fit | None:
    """The best way in which one word fits; None: in none."""
    places = [_place(word, seen, at, 0) for at in _occurrences(word, seen)]
    places += [_place(word, hidden, at, 1) for at in _occurrences(word, hidden)]
    if places:
        return min(places)
    if len(word) < _FEWEST:
        return None
    if word in _initials(seen):
        return (_INITIALS, 0, 0)
    return (_STREWN, 0, 0) if _is_strewn(word, f"{seen} {hidden}") else None


def _place(word: str, text: str, at: int, hidden: int) -> Fit:
    """How good a place is at which a word stands; `hidden` is 1 for a text that is not seen."""
    behind = min(at, 1)
    if text[:at][-1:].isalnum():
        return (_INSIDE, hidden, behind)
    is_cut = text[at + len(word) :][:1].isalnum()
    return (_WORD, 2 * hidden + is_cut, behind)


def _occurrences(word: str, text: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _initials(text: str) -> str:
    return "".join(each[0] for each in text.split())


def _is_strewn(letters: str, text: str) -> bool:
    """Whether the letters stand in this order in one word, the first at its beginning."""
    return any(each[0] == letters[0] and _in_order(letters, each) for each in text.split())


def _in_order(letters: str, word: str) -> bool:
    rest = iter(word)
    return all(letter in rest for letter in letters)
