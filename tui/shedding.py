"""What Textual would keep of widgets that are gone: on a long day that is tens of megabytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import cast

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.style import Style

_Watchers = dict[str, list[tuple[MessagePump, Callable[..., object]]]]


def let_go_of_the_gone() -> None:
    """Let what a widget painted go with it.

    Textual's cache of a widget's two colours has the widget's painted lines in its keys, a thousand times.
    """
    StylesCache.get_inner_outer = _inner_and_outer  # type: ignore[method-assign,assignment]  # pyright: ignore[reportAttributeAccessIssue]


def forget_watchers(watched: DOMNode) -> None:
    """Forget the widgets that are gone and wanted to hear when something of this one changes.

    Textual forgets them only when it does change, which a theme may never do.
    """
    watchers = cast("_Watchers", getattr(watched, "__watchers", {}))
    for each in watchers.values():
        each[:] = [(watcher, callback) for watcher, callback in each if watcher.is_running]


def _inner_and_outer(_: StylesCache, base: Color, background: Color) -> tuple[Style, Style]:
    return _coloured(base, background)


@lru_cache(1024)
def _coloured(base: Color, background: Color) -> tuple[Style, Style]:
    return Style(background=base + background), Style(background=base)
