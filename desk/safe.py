"""One door for every string that came from outside, before anybody sees it.

A mail's subject, a sender's name, a server's error, a file name, a colleague's text: any of them may hold bytes that
drive a terminal (ESC, C1, OSC), turn text around (bidi controls) or hide in it (zero width, blank letters). `safe`
keeps what a person can read and shows U+FFFD where it took something out.
"""

from __future__ import annotations

import re

from desk.composing import compose

_DRIVES = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters and marks that nobody sees
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e0fff"
)
DANGEROUS = re.compile(f"[{_DRIVES}]")
"""Every character that must never reach a terminal.

C0 but TAB and LF, DEL, C1, bidi, zero width, blank letters, tags, surrogates.
"""

_COMBINING = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff"
    r"\u20d0-\u20ff\ufe20-\ufe2f]{2})[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a"
    r"\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_BLANKS = str.maketrans({"\u00a0": " ", "\u3000": " ", "\t": "    ", "\u00ad": None})
"""Blanks become plain ones; a soft hyphen, where a word may be broken and is not, goes without a trace."""

_JOINERS = re.compile("[\u200c\u200d]")
_SPELT_WITH_JOINERS = re.compile(r"(?<=[^\x00-\x7f])[\u200c\u200d]+")
"""Where Persian and Indian words and emoji have joiners; they go without a trace, but not out of an address."""
_DIRECTIONS = re.compile("(?<![A-Za-z0-9])[\u061c\u200e\u200f]+|[\u061c\u200e\u200f]+(?![A-Za-z0-9])")
_RIGHT_TO_LEFT = re.compile(
    "[\u05d0-\u05f2\u0620-\u064a\u066e-\u06d3\u0750-\u077f\u08a0-\u08bd\ufb1d-\ufdff\ufe70-\ufefc]"
)
"""Where there are such letters, marks that only tell a direction go without a trace, but not out of a Latin word."""
_WIDE_UNSURE = re.compile("[\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")


def safe(text: str) -> str:
    """A text of many lines that no terminal will obey: NFC, line feeds only, tabs as blanks, no control characters."""
    if text.isascii() and text.isprintable():
        return text
    text = compose(_BREAKS.sub("\n", text))
    text = _SPELT_WITH_JOINERS.sub("", _without_directions(text.translate(_BLANKS)))
    text = DANGEROUS.sub("\ufffd", text)
    return _COMBINING.sub(r"\1", text)


def safe_line(text: str) -> str:
    """The same for one line: every run of blanks and breaks becomes one blank, and emoji keep one width."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return _WIDE_UNSURE.sub("", " ".join(safe(text).split()))


def is_masked(text: str) -> bool:
    """As `is_tampered`, in what a stranger wrote: Persian words and emoji are honestly spelt with joiners.

    So is what is written from right to left with marks of direction.
    """
    return is_tampered(_without_directions(_JOINERS.sub("", text)))


def is_tampered(text: str) -> bool:
    """Whether a text holds characters that `safe` takes out: worth a warning, for it is seldom an accident."""
    return DANGEROUS.search(text.translate(_BLANKS)) is not None


def _without_directions(text: str) -> str:
    return _DIRECTIONS.sub("", text) if _DIRECTIONS.search(text) and _RIGHT_TO_LEFT.search(text) else text
