"""The keys that a screen names at its bottom, as they are painted, and whether they do that there."""

from __future__ import annotations

import re

from textual.content import Content
from textual.widgets import Static

from tests.tui.apps import Screen
from tui.keys import ACTIONS, Context, acting_in, shown

_GAP = re.compile(r"\s{2,}")
_ALL = {shown(key) for each in ACTIONS for key in each.keys}


def named(screen: Screen) -> dict[str, str]:
    """Each key that the dialog on top names below what it shows, or else the last line, and what it is said to do."""
    hints = [each.content for each in screen.app.screen.query("#hint").results(Static)]
    told = [each.plain for each in hints if isinstance(each, Content) and each.plain]
    pieces = _GAP.split((told or screen.text.rstrip().split("\n"))[-1].split("\n")[-1].strip())
    parts = (piece.partition(" ") for piece in pieces)
    return {key: words for key, _, words in parts if key in _ALL}


def disagreeing(screen: Screen, place: Context) -> dict[str, str]:
    """What is named but is not in the table for this place; a label may be shortened to its end, and told in words."""
    there = {shown(key): each.title for each in acting_in(place) for key in each.keys}
    is_line = not any(each.content for each in screen.app.screen.query("#hint").results(Static))
    return {
        key: words
        for key, words in named(screen).items()
        if key not in there or (is_line and not there[key].endswith(words))
    }
