"""Gives keys to the widget that has the focus, and knows when one that may lead elsewhere has been acted on.

Each widget has a queue of its own, and so has the application: what a key does may come after the keys behind it have
been read, where a slow line brings several together. Corrections and letters keep their order in the queue of the
field; any other key waits until all around the field know what was typed before it, and the keyboard waits behind that
key until what it does is done.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from textual import events
from textual.app import App
from textual.binding import ActiveBinding, Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input

from tui.terminal.bursts import TOGETHER

_EDITS = ("cursor_", "delete_", "undo", "redo", "break_line", "gap")
"""What actions begin with that change a text where one types, or go about in it."""

_GAP, _TAB = "gap(1)", "gap(1, True)"
"""What Tab does in a text, and what it does among keys that come at once: they may be a pasted text."""

_TURNS = frozenset({"app.focus_next", "app.focus_previous"})
"""What goes to another field."""


class Delivery:
    """The way of a key to the widget that has the focus; `usual` is Textual's own."""

    def __init__(self, app: App[None], usual: Callable[[events.Key], Awaitable[None]]) -> None:
        self._app, self._usual = app, usual
        self._screen: Screen[object] | None = None
        """Where a key was pressed that has yet to be acted on."""
        self._last: events.Key | None = None
        """Which one was given last."""

    @property
    def is_settling(self) -> bool:
        """Whether a key that the screen on top was given has yet to be acted on, by whatever stands around it too."""
        return self._screen is self._app.screen

    async def give(self, event: events.Key) -> None:
        """Give a key to the widget that has the focus."""
        is_at_once = self._last is not None and event.time - self._last.time < TOGETHER
        self._screen, self._last, start = None, event, self._app.focused or self._app.screen
        if start.check_consume_key(event.key, event.character):
            await self._usual(event)
        elif (edit := self._edit(event)) is not None:  # else letters typed behind it would be there before it
            action = edit.binding.action
            action = _TAB if action == _GAP and event.key == "tab" and is_at_once else action
            edit.node.call_later(self._app.run_action, action, edit.node)
        else:
            self._screen = self._app.screen
            if start.check_consume_key("a", "a"):  # one types there: a list beside it may not yet fit what is typed
                self._rise(_twice(start), partial(self._go, event))
            else:
                await self._go(event)

    def follow(self, then: Callable[[], Awaitable[None]]) -> None:
        """Call back once the screen on top has done what it was told so far; by one that went meanwhile, too."""
        top = self._app.screen
        self._rise((self._app.focused or top).ancestors_with_self, partial(self._followed, top, then))

    async def _go(self, event: events.Key) -> None:
        """Have a key do what it does, and know when that is done."""
        start = self._app.focused or self._app.screen
        if (turn := self._turn(event)) is not None:
            start.call_later(self._app.run_action, turn)
        else:
            await self._usual(event)
        self._rise(_twice(start), partial(self._settled, event))

    async def _followed(self, top: Screen[object], then: Callable[[], Awaitable[None]]) -> None:
        if self._app.screen is top:
            await then()
        else:
            self.follow(then)

    def _rise(self, way: Sequence[DOMNode], then: Callable[[], object]) -> None:
        """Follow what is under way up to the application, through the queues of widgets and screens."""
        for at, node in enumerate(way):
            if node.call_later(self._rise, way[at + 1 :], then):  # one that is closing takes nothing any more
                return
        self._app.call_later(then)

    def _settled(self, event: events.Key) -> None:
        """Let keys wait no longer for this one; one that opened a screen tells late, others were given there since."""
        if event is self._last:
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


def _twice(start: DOMNode) -> Sequence[DOMNode]:
    """The way up to the application, once more for what is posted only where the first is: a text that has changed."""
    return (*start.ancestors_with_self, *start.ancestors_with_self)
