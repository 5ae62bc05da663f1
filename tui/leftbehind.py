"""What reaches a screen or a widget that was left meanwhile, or that does not stand yet, comes to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from traceback import walk_tb

from textual._context import active_message_pump
from textual.app import ScreenError
from textual.css.query import NoMatches
from textual.dom import NoScreen
from textual.widget import MountError, Widget

from tui.host import stands

_OF_THE_GONE = (NoMatches, NoScreen, ScreenError, MountError)
"""What Textual raises where parts are asked for that are not there, among other reasons."""


def came_too_late(error: Exception) -> bool:
    """Whether an error says only that a screen or widget it came through is closing, or does not stand yet."""
    return isinstance(error, _OF_THE_GONE) and any(not stands(each) or _is_rising(each) for each in _passed(error))


def _passed(error: Exception) -> Iterator[Widget]:
    """The screens and widgets whose methods an error came through."""
    for frame, _ in walk_tb(error.__traceback__):
        node = frame.f_locals.get("self")
        if isinstance(node, Widget):
            yield node


def _is_rising(widget: Widget) -> bool:
    """Whether it is being put together, and was asked from elsewhere; what it does wrong in that itself is a defect."""
    asking = active_message_pump.get(None)
    return not widget.is_mounted and not (isinstance(asking, Widget) and widget in asking.ancestors_with_self)
