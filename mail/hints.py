"""Of a text and its HTML: does the plain one say anything that the other does not say better? Pure."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum, auto

_FEW_WORDS = 20
_MANY_WORDS = 200
_SURELY_FOUND = 3
"""Words in a row; fewer stand in any long text, also in what it quotes."""

_WORD = re.compile(r"\w+")
_SENTENCE_ENDS = re.compile(r"[.!?。！？]+(?:\s|$)|\n\s*\n")
_HINT = re.compile(
    r"\bhtml[ -]?(?:capable|compatible|enabled|f[aä]hig\w*)"
    r"|\b(?:view|viewed|display|displayed|read|see|open|support) .{0,60}\bhtml\b"
    r"|\b(?:this|diese|dieses|ce|este|questo|это) .{0,40}\b(?:in|im|as|als|au|en|in formato|формате)\b.{0,10}\bhtml\b"
    r"|\bhtml\b.{0,40}\b(?:anzuzeigen|anzeigen|ansehen|lesen|darstellen)"
    r"|\bmulti-?part message in mime format",
    re.IGNORECASE,
)
_OF_A_PERSON = re.compile(
    r"\b(?:i|my|me|we|our|us|ich|mein\w*|mir|wir|uns\w*|je|mon|yo|mi|io|я|мы|мо[йя])\b", re.IGNORECASE
)
"""Whoever speaks of themselves gives no hint."""
_LINK = re.compile(r"(?:https?://|www\.)\S+")


class Plain(Enum):
    """What a plain text is beside the HTML of the same mail."""

    TEXT = auto()
    """The mail's text."""
    HINT = auto()
    """Nothing that the HTML does not say: it is empty, part of that, or asks to read that."""
    APART = auto()
    """Short words of its own beside long or other ones."""


def standing(plain: str, rich: str) -> Plain:
    """What a plain text is beside the text of the HTML."""
    words, more = _words(plain), _words(rich)
    if not words and more:
        return Plain.APART if any(unicodedata.category(each) == "So" for each in plain) else Plain.HINT
    if len(words) >= _FEW_WORDS or not _differs(words, more):
        return Plain.TEXT
    return Plain.HINT if _is_within(words, more) or _asks_for_html(plain) else Plain.APART


def _differs(words: list[str], more: list[str]) -> bool:
    """Whether the HTML says much more than a short text, or something else."""
    shared = len(frozenset(words) & frozenset(more))
    return len(more) > _MANY_WORDS or (len(more) > len(words) and shared * 2 < len(frozenset(words)))


def _is_within(words: list[str], more: list[str]) -> bool:
    """Whether the HTML says all of it, in that order: at its beginning, or long enough to be no chance."""
    if more[: len(words)] == words:
        return True
    return len(words) >= _SURELY_FOUND and f" {' '.join(words)} " in f" {' '.join(more)} "


def _asks_for_html(plain: str) -> bool:
    """Whether each of its sentences only says how the mail is to be read."""
    sentences = [each for each in _SENTENCE_ENDS.split(_LINK.sub(" ", plain)) if _WORD.search(each)]
    asks = bool(sentences) and all(_HINT.search(" ".join(each.split())) for each in sentences)
    return asks and not _OF_A_PERSON.search(plain)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
