"""Which of many things a few typed letters mean: keys and names before words, beginnings before what is inside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

Rank = tuple[int, ...]


def ranked(things: Iterable[tuple[T, str, str, str]], typed: str) -> list[T]:
    """The things that fit what is typed, the best first; each comes with its key, its name and its other words.

    Every typed word must fit: as the key itself, as a beginning of a word, inside one, or letter by letter inside the
    name. Those that fit alike stay in the order in which they came.
    """
    wanted = typed.split()
    found = [(rank, thing) for thing, *texts in things if (rank := _rank(wanted, typed.strip(), *texts)) is not None]
    return [thing for _, thing in sorted(found, key=lambda each: each[0])]


def _rank(wanted: list[str], whole: str, key: str, name: str, words: str) -> Rank | None:
    if whole and whole == key:
        return (0,)
    name, words = name.casefold(), f"{name} {words}".casefold()
    ranks = [_word_rank(each, key, name, words) for each in wanted]
    known = [each for each in ranks if each is not None]
    return (1, *sorted(known, reverse=True)) if len(known) == len(ranks) else None


def _word_rank(word: str, key: str, name: str, words: str) -> int | None:
    if word == key:
        return 0
    word = word.casefold()
    if name.startswith(word):
        return 1
    if f" {word}" in f" {name}":
        return 2
    if f" {word}" in f" {words}":
        return 3
    if word in words:
        return 4
    return 5 if len(word) > 1 and _in_order(word, name) else None


def _in_order(letters: str, name: str) -> bool:
    """Whether all letters stand in a name one after another, the first at its beginning."""
    rest = iter(name)
    return name[:1] == letters[:1] and all(letter in rest for letter in letters)
