"""Letters that look like others, in the names of hosts: how a label is read and how it travels (UTS 39, RFC 5890)."""

from __future__ import annotations

import unicodedata

LONGEST_LABEL = 63
"""Characters of one label of a domain (RFC 1035 2.3.4)."""

PUNYCODE = "xn--"
_WRITTEN_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
"""Scripts that languages mix within a word (UTS 39 5.2, highly restrictive)."""

_LIKE_LATIN = frozenset("асԁеһіјӏорԛѕԝхуѵгкмтвнпαορνυικτ")
"""Small Cyrillic and Greek letters that look like Latin ones: a word of nothing else was chosen for its looks."""


def as_read(label: str) -> str:
    """A label of a domain as people see it."""
    if not label.startswith(PUNYCODE) or len(label) > LONGEST_LABEL:
        return label
    try:
        return label.removeprefix(PUNYCODE).encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def as_sent(label: str) -> str:
    """A label of a domain as it travels, in ASCII."""
    if label.isascii() or len(label) > LONGEST_LABEL:
        return label
    return PUNYCODE + label.encode("punycode", "replace").decode("ascii")


def is_odd(label: str) -> bool:
    """Whether a label mixes scripts that are not written together, or only imitates Latin letters."""
    letters = [each for each in label[:LONGEST_LABEL] if each.isalpha()]
    scripts = frozenset(_script(each) for each in letters)
    is_mixed = len(scripts) > 1 and not any(scripts <= each for each in _WRITTEN_TOGETHER)
    looks_latin = len(letters) > 1 and "LATIN" not in scripts and all(each in _LIKE_LATIN for each in letters)
    return is_mixed or looks_latin


def _script(letter: str) -> str:
    """The script by the letter's name; enough to tell Latin from what looks like it."""
    word = unicodedata.name(letter, "?").split(" ")[0].split("-")[0]
    return "LATIN" if word in ("FULLWIDTH", "MODIFIER") else word
