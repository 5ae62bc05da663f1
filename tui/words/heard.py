"""What the desk says, in the language of the screen.

The desk's sentences are made in English, wherever they are needed. `make messages` lists their patterns, in which
what is filled in stands as {0}, {1} ...; here a sentence is known again by its pattern, and said in its translation.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from tui.words.heard_news import heard_news
from tui.words.heard_times import heard_times
from tui.words.tongue import FOLDER, speaks_english, tr, trc, trnc

CONTEXT = "desk"
"""What the catalogs hold the desk's sentences under."""

PATTERNS = FOLDER / "desk.txt"
"""The patterns, one a line, the most telling first."""

COUNTED = {
    "{0} on {1} tickets: {2}": 1,
    "not sent: {0} gap(s) left: {1}": 0,
    "{0} mails": 0,
    "{0} notes": 0,
    "{0} times": 0,
}
"""Patterns whose words depend on a number, and in which place that stands."""
_DEEPEST = 3
_LONGEST = 1000
"""Characters of a sentence; what is longer holds a server's speech or a customer's."""
_MOST = 8
"""Parts into which a sentence is taken apart; what has more is a list that a server or a customer wrote."""
_PLACE = re.compile(r"\{\d+\}")
_QUOTATION = re.compile(r"\A((?:\d+ )?)“([^“”]*)”\Z")
_OF_A_QUOTATION = re.compile(r"(“[^“”]*”): (.+)", re.DOTALL)
"""A sentence about what was typed, which stands before it."""
_HINT = " ("
_LISTS = ("; ", ", ")
"""What stands between sentences, and between words of an act."""


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
    ways = (_times, _with_hint, _news, _known_again, _listed, _behind_a_name)
    return next((said for way in ways if (said := way(sentence, depth))), sentence)


def _with_hint(sentence: str, depth: int) -> str:
    """An error's message and its hint in brackets, each by itself; empty where the message is none that is known.

    The hint may have brackets too, and so may what is filled into the message: the first that fits is taken.
    """
    message, bracket, hint = sentence.removesuffix(")").partition(_HINT)
    while bracket and sentence.endswith(")") and sentence.count(_HINT) < _MOST:
        if (said := trc(CONTEXT, message)) != message or (said := _known_again(message, depth)):
            return f"{said} ({_heard(hint, depth)})"
        more, bracket, hint = hint.partition(_HINT)
        message = f"{message}{_HINT}{more}"
    return ""


def _times(sentence: str, depth: int) -> str:
    """A moment of an invitation; empty for any other sentence."""
    return heard_times(sentence, lambda part: _heard(part, depth + 1)) if depth < _DEEPEST else ""


def _news(sentence: str, _depth: int) -> str:
    """What somebody did meanwhile; empty for any other sentence."""
    return heard_news(sentence)


def _listed(sentence: str, depth: int) -> str:
    """Several in one, all of which are known; empty where one is not."""
    for between in _LISTS:
        parts = sentence.split(between)
        if 1 < len(parts) <= _MOST and depth < _DEEPEST:
            told = [_heard(each, depth + 1) for each in parts]
            if all(said != each for said, each in zip(told, parts, strict=True)):
                return between.join(told)
    return ""


def _known_again(sentence: str, depth: int) -> str:
    """A sentence by its pattern, or what stands behind a quotation by its own; empty where it has none."""
    about = _OF_A_QUOTATION.fullmatch(sentence) if depth < _DEEPEST else None
    if about and (said := _known_again(about[2], depth + 1)):
        return f"{_quoted(about[1])}: {said}"
    for pattern in _patterns():
        if all(word in sentence for word in pattern.words) and (found := pattern.form.fullmatch(sentence)):
            said = _translation(pattern.text, found.groups())
            if said != pattern.text:
                return _filled(said, found.groups(), depth)
    return ""


def _translation(text: str, parts: tuple[str, ...]) -> str:
    """What a pattern is in the language of the screen, in the form that goes with the number in it."""
    number = parts[COUNTED[text]] if text in COUNTED else ""
    return trnc(CONTEXT, text, int(number)) if number.isdecimal() else trc(CONTEXT, text)


def _behind_a_name(sentence: str, depth: int) -> str:
    """A sentence behind a colon, before which stands what it is about: a file, a mailbox, an act."""
    name, colon, why = sentence.partition(": ")
    if not colon or depth >= _DEEPEST or (said := _heard(why, depth + 1)) == why:
        return ""
    return f"{trc(CONTEXT, name)}: {said}"


def _filled(said: str, parts: tuple[str, ...], depth: int) -> str:
    """A translation with what was filled in, each part of which may be a sentence of the desk too."""
    told = [_quoted(_heard(each, depth + 1) if depth < _DEEPEST else each) for each in parts]
    return _PLACE.sub(lambda place: told[int(place[0][1:-1])], said)


def _quoted(part: str) -> str:
    """What was filled in, in the language's own quotation marks where it is a quotation: “x”, or 12 “x”."""
    return _QUOTATION.sub(lambda found: f"{found[1]}{tr('“{text}”').format(text=found[2])}", part)


@cache
def _patterns() -> tuple[_Pattern, ...]:
    lines = PATTERNS.read_text("utf-8").splitlines()
    return tuple(_pattern(each.replace("\\n", "\n")) for each in lines if _PLACE.search(each))


def _pattern(text: str) -> _Pattern:
    words = _PLACE.split(text)
    return _Pattern(text, tuple(filter(None, words)), re.compile("(.*?)".join(map(re.escape, words)), re.DOTALL))
