"""What Textual would keep for nothing: of widgets that are gone on a long day tens of megabytes, of lines two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, cast

from rich.segment import Segment
from textual._styles_cache import StylesCache
from textual.cache import FIFOCache
from textual.color import Color
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.strip import Strip
from textual.style import Style

from tui.grafting import graft

_CACHES = {
    "_divide_cache": 4,
    "_crop_cache": 16,
    "_style_cache": 16,
    "_filter_cache": 4,
    "_line_length_cache": 4,
    "_crop_extend_cache": 4,
    "_offsets_cache": 4,
}
"""How much each cache of a painted line holds, as Textual says."""
_Watchers = dict[str, list[tuple[MessagePump, Callable[..., object]]]]


def let_go_of_the_gone() -> None:
    """Let what a widget painted go with it.

    Textual's cache of a widget's two colours has the widget's painted lines in its keys, a thousand times.
    """
    graft(StylesCache, get_inner_outer=_inner_and_outer)


def spare_lines() -> None:
    """Let a painted line have each of its caches when it is first asked for.

    Textual makes all seven with the line, a kilobyte. A screen keeps a thousand lines, and asks for one in seven. And a
    line that is not cut would hold itself in one of them, for the garbage collector to find while somebody types.
    """
    graft(Strip, __init__=_Line.__init__, __getattr__=_Line.__getattr__, divide=_Line.divide)


def forget_watchers(watched: DOMNode) -> None:
    """Forget the widgets that are gone and wanted to hear when something of this one changes.

    Textual forgets them only when it does change, which a theme may never do.
    """
    watchers = cast("_Watchers", getattr(watched, "__watchers", {}))
    for each in watchers.values():
        each[:] = [(watcher, callback) for watcher, callback in each if watcher.is_running]


_divide = Strip.divide


class _Line(Strip):
    """What a painted line does in another way; none is ever made."""

    __slots__ = ()

    def __init__(self, segments: Iterable[Segment], cell_length: int | None = None) -> None:
        self._segments = list(segments)
        self._cell_length = cell_length
        self._render_cache = self._link_ids = self._cell_count = None

    def __getattr__(self, name: str) -> FIFOCache[Any, Any]:
        """Called for what the line has not got yet."""
        if name not in _CACHES:
            raise AttributeError(name)
        cache: FIFOCache[Any, Any] = FIFOCache(_CACHES[name])
        setattr(self, name, cache)
        return cache

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        within = [cut for cut in cuts if cut <= self.cell_length]
        return [self] if within == [self.cell_length] else _divide(self, within)


def _inner_and_outer(_: StylesCache, base: Color, background: Color) -> tuple[Style, Style]:
    return _coloured(base, background)


@lru_cache(1024)
def _coloured(base: Color, background: Color) -> tuple[Style, Style]:
    return Style(background=base + background), Style(background=base)
