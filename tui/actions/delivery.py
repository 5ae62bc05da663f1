"""Gives keys to the widget that has the focus, and knows when one that may lead elsewhere has been acted on.

Each widget has a queue of its own, and so has the application: what a key does may come after the keys behind it have
been read, where a slow line brings several together. Corrections and letters keep their order in the queue of the
field; behind any other key the keyboard waits until that is done.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from textual import events
from textual.app import App
from textual.binding import ActiveBinding, Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input

_EDITS = ("cursor_", "delete_", "undo", "redo", "break_line", "gap")
"""What actions begin with that change a text where one types, or go about in it."""

_TURNS = frozenset({"app.focus_next", "app.focus_previous"})
"""What goes to another field."""


class Delivery:
    """The way of a key to the widget that has the focus; `usual` is Textual's own."""

    def __init__(self, app: App[None], usual: Callable[[events.Key], Awaitable[None]]) -> None:
        self._app, self._usual = app, usual
        self._screen: Screen[object] | None = None
        self._at: DOMNode = app
        """How far up a key has come."""

    @property
    def is_settling(self) -> bool:
        """Whether a key that the screen on top was given has yet to be acted on, by whatever stands around it too."""
        return self._screen is self._app.screen and self._at.is_attached and self._at.is_running

    async def give(self, event: events.Key) -> None:
        """Give a key to the widget that has the focus."""
        self._screen, start = None, self._app.focused or self._app.screen
        if start.check_consume_key(event.key, event.character):
            await self._usual(event)
        elif (edit := self._edit(event)) is not None:  # else letters typed behind it would be there before it
            edit.node.call_later(self._app.run_action, edit.binding.action, edit.node)
        elif (turn := self._turn(event)) is not None:  # else letters typed behind it would be in the field before
            await self._app.run_action(turn)
        else:
            self._screen = self._app.screen
            await self._usual(event)
            self._rise(start, then=partial(self._rise, start))

    def _rise(self, node: DOMNode, then: Callable[[], None] | None = None) -> None:
        """Follow a key upwards to the application, which runs what it is bound to; `then` follow what that posted."""
        self._at = node
        if not node.call_later(self._risen, node, then):
            self._screen = None

    def _risen(self, node: DOMNode, then: Callable[[], None] | None) -> None:
        if node.parent is not None:
            self._rise(node.parent, then)
        elif then is not None:
            then()
        else:
            self._screen = None

    def _edit(self, event: events.Key) -> ActiveBinding | None:
        """What a key that is no letter does to the text in the field that has the focus, and nowhere else."""
        if event.is_printable or self._app.focused is None:
            return None
        bound = self._app.screen.active_bindings.get(event.key)
        is_edit = bound is not None and bound.node is self._app.focused and bound.binding.action.startswith(_EDITS)
        return bound if is_edit else None

    def _turn(self, event: events.Key) -> str | None:
        """What a key that goes to another field does."""
        if event.is_printable or self._app.focused is None:
            return None
        bound = self._app.screen.active_bindings.get(event.key)
        action = bound.binding.action if bound is not None else ""
        if action.startswith("scroll_") and isinstance(self._app.focused, Input):  # of one line: it scrolls nowhere
            ours = (each for each in self._app.screen.BINDINGS if isinstance(each, Binding) and each.key == event.key)
            action = next((each.action for each in ours), "")
        return action if action in _TURNS else None
