"""What the desk says, in the language of the screen.

The desk's sentences are made in English, wherever they are needed. `make messages` lists their patterns, in which
what is filled in stands as {0}, {1} ...; here a sentence is known again by its pattern, and said in its translation.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from tui.tongue import FOLDER, speaks_english, trc

CONTEXT = "desk"
"""What the catalogs hold the desk's sentences under."""

PATTERNS = FOLDER / "desk.txt"
"""The patterns, one a line, the most telling first."""

_DEEPEST = 3
_LONGEST = 1000
"""Characters of a sentence; what is longer holds a server's speech or a customer's."""
_PLACE = re.compile(r"\{\d+\}")
_HINT = re.compile(r"(?P<message>.+) \((?P<hint>.+)\)", re.DOTALL)


class _Pattern(NamedTuple):
    """A pattern, its words between the places, and what a sentence of it looks like."""

    text: str
    words: tuple[str, ...]
    form: re.Pattern[str]


def heard(sentence: str) -> str:
    """A sentence of the desk in the language of the screen; one that no catalog knows stays as it is."""
    return sentence if speaks_english() or len(sentence) > _LONGEST else _heard(sentence, 0)


def _heard(sentence: str, depth: int) -> str:
    if (said := trc(CONTEXT, sentence)) != sentence:
        return said
    for pattern in _patterns():
        if all(word in sentence for word in pattern.words) and (found := pattern.form.fullmatch(sentence)):
            said = trc(CONTEXT, pattern.text)
            if said != pattern.text:
                return _filled(said, found.groups(), depth)
    if hinted := _HINT.fullmatch(sentence):
        return f"{_heard(hinted['message'], depth)} ({_heard(hinted['hint'], depth)})"
    return sentence


def _filled(said: str, parts: tuple[str, ...], depth: int) -> str:
    """A translation with what was filled in, each part of which may be a sentence of the desk too."""
    told = [_heard(each, depth + 1) if depth < _DEEPEST else each for each in parts]
    return _PLACE.sub(lambda place: told[int(place[0][1:-1])], said)


@cache
def _patterns() -> tuple[_Pattern, ...]:
    lines = PATTERNS.read_text("utf-8").splitlines()
    return tuple(_pattern(each.replace("\\n", "\n")) for each in lines if _PLACE.search(each))


def _pattern(text: str) -> _Pattern:
    words = _PLACE.split(text)
    return _Pattern(text, tuple(filter(None, words)), re.compile("(.*?)".join(map(re.escape, words)), re.DOTALL))
