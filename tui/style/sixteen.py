"""The terminal's own colours, or none: the screen is painted in a theme that stands for them, and put right here.

What lies on another ground is reversed, what stands back is dim, and two of the sixteen colours are used that can be
read on black and on white alike; nothing is known of the ground. With NO_COLOR only bold, underline and reverse are
left (no-color.org).
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tui.style.theme import ANSI

_REVERSED = ("chosen", "selected", "scrollbar", "scrollbar-active", "input-cursor-background")
_DIM = ("muted", "faint")
_COLOURED = {"accent": "magenta", "warning": "red", "gap": "red"}


def _triplet(name: str) -> tuple[int, int, int]:
    return Color.parse(ANSI.variables[name]).rgb


_GROUNDS = frozenset(_triplet(name) for name in _REVERSED)
_STANDS_BACK = frozenset(_triplet(name) for name in _DIM)
_INKS = {_triplet(name): RichColor.parse(ink) for name, ink in _COLOURED.items()}


class Sixteen(LineFilter):
    """Puts the terminal's own colours in the place of the theme's that stand for them; `colours` false: none."""

    def __init__(self, *, colours: bool) -> None:
        super().__init__()
        self._drawn = lru_cache(1024)(_coloured if colours else _colourless)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        del background
        return [
            Segment(each.text, self._drawn(each.style) if each.style is not None else None, each.control)
            for each in segments
        ]


def _coloured(style: Style) -> Style:
    reverse, ink = _is_reversed(style), _rgb(style.color)
    return Style(
        color=None if reverse else _INKS.get(ink) if ink else None,
        bold=style.bold,
        dim=(ink in _STANDS_BACK and not reverse) or None,
        underline=style.underline,
        reverse=reverse or None,
    )


def _colourless(style: Style) -> Style:
    return Style(bold=style.bold, underline=style.underline, reverse=_is_reversed(style) or None)


def _is_reversed(style: Style) -> bool:
    """Whether it is drawn on another ground; what says so twice, by its ground and by its style, is."""
    return _rgb(style.bgcolor) in _GROUNDS or bool(style.reverse)


def _rgb(colour: RichColor | None) -> tuple[int, int, int] | None:
    if colour is None or colour.triplet is None:
        return None
    return colour.triplet.red, colour.triplet.green, colour.triplet.blue
