"""Which character set bytes look like, where a mail does not say it or cannot be right.

Each sign is one that text in any other set shows by rare chance only; who finds none takes Windows-1252.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_SAMPLE = 20_000
"""Bytes that are looked at."""

_LETTERS = re.compile(rb"[A-Za-z\xc0-\xff]")
_WORDS = re.compile(rb"[\xc0-\xff]+")
_UPPER_HALF = 0xE0
_HIGH = 0x80
_LETTERS_BEGIN = 0xC0

_FEW = 4
"""Characters of a Chinese, Japanese or Korean text, at least, of which no two are the same."""
_USUAL = 0.85
_NEARLY_ALL = 0.95
_KANA = 0.2
_NO_LETTERS = 0.15
"""Share of the bytes above 127 below which it may as well be Cyrillic: its letters stand in the two upper rows."""
_CYRILLIC = frozenset({"koi8_r", "cp1251"})
_COMMON = "аеинот"
_MOST_OF_THEM = 4
_COMMON_SHARE = 0.25
"""Share of a Cyrillic text's letters, in any language, that the most common six of them pass: they are nearly half."""
_TOGETHER = re.compile(r"[^\x00-\x7f]{3,}")


@dataclass(frozen=True, slots=True)
class _Script:
    """A set of two bytes a character: which characters tell it, and the share of them that there must be."""

    name: str
    codec: str
    telling: re.Pattern[str]
    share: float
    leads: range = range(0)
    """The first bytes of the usual characters, where these count, too."""
    foreign: str = ""
    """What no text in it holds."""


_KANA_LETTERS = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_MARKS = range(0xA1, 0xA4)
_SCRIPTS = (
    _Script("Shift_JIS", "cp932", _KANA_LETTERS, _KANA),
    _Script("EUC-JP", "euc_jp", _KANA_LETTERS, _KANA),
    _Script("EUC-KR", "cp949", re.compile("[\uac00-\ud7a3]"), _NEARLY_ALL, range(0xB0, 0xC9), "，。"),
    _Script("GB18030", "gb18030", re.compile("[\u4e00-\u9fff]"), _USUAL, range(0xB0, 0xD8)),
    _Script("Big5", "cp950", re.compile("[\u4e00-\u9fff]"), _USUAL, range(0xA4, 0xC7)),
)
"""In the order in which they are tried: what comes later is true of more bytes."""


def likely(data: bytes) -> tuple[str, str]:
    """The character set that bytes look like: its name and its codec."""
    return _eastern(data[:_SAMPLE]) or _western(data)


def is_plainly_not(codec: str, data: bytes) -> bool:
    """Whether bytes that say to be in this Latin set are in another; rows of umlauts alone make no Cyrillic text."""
    guess = likely(data)[1]
    return guess != codec and (guess not in _CYRILLIC or _has_common_letters(data[:_SAMPLE].decode(guess, "replace")))


def _has_common_letters(text: str) -> bool:
    counts = Counter(each for each in text.lower() if not each.isascii() and each.isalpha())
    found = [counts[each] for each in _COMMON if each in counts]
    return len(found) >= _MOST_OF_THEM and sum(found) > _COMMON_SHARE * counts.total()


def _western(data: bytes) -> tuple[str, str]:
    """Cyrillic words are letters above 127 throughout, Latin ones only here and there.

    Small letters, which are most of any text, stand in the upper half of the letters in Windows-1251 and in the lower
    half in KOI8-R (RFC 1489).
    """
    words = [word for word in _WORDS.findall(data) if len(word) > 1]
    if sum(map(len, words)) * 2 <= len(_LETTERS.findall(data)):
        return "Windows-1252", "cp1252"
    letters = b"".join(words)
    lower_half = sum(letter < _UPPER_HALF for letter in letters)
    return ("KOI8-R", "koi8_r") if lower_half * 2 > len(letters) else ("Windows-1251", "cp1251")


def _eastern(data: bytes) -> tuple[str, str] | None:
    high = [each for each in data if each >= _HIGH]
    if sum(each < _LETTERS_BEGIN for each in high) < _NO_LETTERS * len(high):
        return None
    return next(((each.name, each.codec) for each in _SCRIPTS if _is_written_in(each, data)), None)


def _is_written_in(script: _Script, data: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder(script.codec)().decode(data)
    except UnicodeError:
        return False
    runs = "".join(_TOGETHER.findall(text))
    above = sum(not each.isascii() for each in text)
    if len(frozenset(runs)) < _FEW or len(runs) < _USUAL * above or not frozenset(runs).isdisjoint(script.foreign):
        return False
    return _telling(script, runs) >= script.share


def _telling(script: _Script, runs: Iterable[str]) -> float:
    """The share of the characters that tell this script; marks of punctuation do not count."""
    told = [(each, each.encode(script.codec, "replace")[0]) for each in runs]
    told = [each for each in told if not script.leads or each[1] not in _MARKS]
    found = (script.telling.match(each) and (not script.leads or lead in script.leads) for each, lead in told)
    return sum(map(bool, found)) / max(len(told), 1)
