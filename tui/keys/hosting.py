"""What the keyboard asks of the application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from textual import events

from tui.keys import Action, Context
from tui.keys.chords import Waiting


class Host(Protocol):
    """The application, as the keyboard knows it."""

    def here(self) -> Context | None:
        """The context of the screen on top."""
        ...

    def obeys(self, event: events.Key) -> Literal["acts", "moves"] | None:
        """What a key does that the widget with the focus reads itself, where letters act; None where they are text."""
        ...

    def show_chord(self, waiting: Waiting | None) -> None:
        """Show what may follow the keys of a chord, or nothing."""
        ...

    async def perform(self, action: Action) -> None:
        """Carry an action out."""
        ...

    async def pass_on(self, event: events.Key) -> None:
        """Let a key go its usual way."""
        ...

    def later(self, seconds: float, callback: Callable[[], Awaitable[None] | None]) -> None:
        """Call back after a while."""
        ...

    def is_away(self) -> bool:
        """Whether an editor was asked for, or has the terminal: keys are for that."""
        ...

    def is_opening(self) -> bool:
        """Whether a field to type in is about to get the focus."""
        ...

    def is_turning(self) -> bool:
        """Whether a ticket is about to be there that keys are for."""
        ...

    def is_preparing(self) -> bool:
        """Whether something is being read that a key needs."""
        ...

    def is_narrowing(self) -> bool:
        """Whether a filter is being typed, or what it leaves has yet to be read."""
        ...

    def is_settling(self) -> bool:
        """Whether a key was pressed that may lead elsewhere, and has yet to be acted on."""
        ...

    def is_at_work(self) -> bool:
        """Whether the screen on top is still at what a key asked for."""
        ...

    def follow(self, then: Callable[[], Awaitable[None]]) -> None:
        """Call back once the screen on top has done what it was told so far."""
        ...

    def sends_for_good(self) -> bool:
        """Whether what is sent cannot be taken back."""
        ...

    def learn(self) -> None:
        """Read which keys may follow the leading key of the hot keys; the app is turning until that is known."""
        ...

    def give_up(self) -> bool:
        """Let be what keys wait for, where that can be; whether it was so."""
        ...

    def say_idle(self, key: str, place: Context | None = None) -> None:
        """Tell that a key does nothing here."""
        ...

    def say_pasted(self) -> None:
        """Tell that a pasted text was dropped."""
        ...
