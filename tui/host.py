"""What a screen or widget asks of the application around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from desk.desk import Desk

if TYPE_CHECKING:
    from textual.app import App

    from macros.library import Library
    from tui.messages import Said, Tone

T = TypeVar("T")


class Host(Protocol):
    """The application, as screens and widgets that write to the store see it."""

    @property
    def desk(self) -> Desk: ...
    @property
    def library(self) -> Library: ...
    @property
    def is_ending(self) -> bool:
        """Whether the system has asked for the end."""
        ...

    @property
    def said(self) -> Said:
        """The sentence on the status line just now."""
        ...

    def act(self, label: str, work: Callable[[Desk], T], done: Callable[[T], None] | None = None) -> None:
        """Do `work` after everything asked before it, off the event loop; then `done` with its result.

        Where `work` raises a TandemError, its sentence is shown and `done` is not called.
        """
        ...

    def be_seen(self, work: Callable[[Desk], T], done: Callable[[T], None] | None = None) -> None:
        """Tell colleagues where this agent is, off the event loop; of several only the last, which nobody waits for."""
        ...

    def say(self, text: str, tone: Tone = "info") -> None:
        """Show a sentence on the status line for some seconds; an empty one clears it."""
        ...

    def push_screen(self, screen: Screen[T], callback: Callable[[T | None], None] | None = None) -> Awaitable[None]:
        """Put a screen on top; `callback` is called with its result when it goes."""
        ...

    def suspend(self) -> AbstractContextManager[None]:
        """Give the terminal to another program for as long as this lasts."""
        ...

    def batch_update(self) -> AbstractContextManager[None]:
        """Paint nothing for as long as this lasts."""
        ...

    async def push_screen_wait(self, screen: Screen[T]) -> T | None:
        """The same, waiting for the result; in a worker only."""
        ...


def host(node: DOMNode) -> Host:
    """The application that a screen or widget stands in."""
    return cast("Host", cast("object", node.app))


def stands(widget: Widget) -> bool:
    """Whether a screen or widget is whole, on a screen that was not left.

    While it closes it is in the tree still, and has lost its own parts.
    """
    if not (widget.is_attached and widget.is_running):
        return False
    app = cast("App[object]", cast("object", widget.app))
    return widget.screen in app.screen_stack
