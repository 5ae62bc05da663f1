"""The application as the screens in this package know it; tui/host.py is the part of it that everything else needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from textual.dom import DOMNode

from desk.ticket import TicketNumber
from tui.reader.opened import OpenTicket

if TYPE_CHECKING:
    from tui.app import TandemApp


@runtime_checkable
class Writing(Protocol):
    """A screen on which an answer to a ticket is written."""

    @property
    def number(self) -> TicketNumber:
        """The ticket."""
        ...

    def news(self, opened: OpenTicket) -> None:
        """Take in a newer state of the ticket."""
        ...


@runtime_checkable
class Keeping(Protocol):
    """A screen with a text on it that can be kept."""

    @property
    def number(self) -> TicketNumber:
        """The ticket that it is about."""
        ...

    @property
    def is_kept(self) -> bool:
        """Whether the store has the text as it is, or needs it no longer."""
        ...

    @property
    def text(self) -> str:
        """What is written so far."""
        ...

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action can be carried out now."""
        ...

    def action_save(self) -> None:
        """Keep the text."""
        ...

    def call_back(self) -> bool:
        """Take the text back from an editor that has it, and tell that to end; False where none has it."""
        ...


@runtime_checkable
class Resumable(Protocol):
    """A screen whose text is offered at the next start where it could only be put into a file."""

    @property
    def file_name(self) -> str:
        """The name of that file, as an editor gets it."""
        ...

    @property
    def file_text(self) -> str:
        """What stands in it."""
        ...


@runtime_checkable
class Asking(Protocol):
    """A screen that may open a form before anything else, or bring a text."""

    @property
    def is_beginning(self) -> bool:
        """Whether it may do so yet: what is typed is for the form, or goes on with the text."""
        ...


@runtime_checkable
class Lending(Protocol):
    """A screen that gives its text to another program."""

    @property
    def is_lent(self) -> bool:
        """Whether one has it, or was asked for: keys do nothing here."""
        ...


@runtime_checkable
class Working(Protocol):
    """A screen that may still be at what a key asked for."""

    @property
    def is_at_work(self) -> bool:
        """Whether it is: it may go, or ask something, or put text in, and what is typed is for what comes of it."""
        ...


def front(node: DOMNode) -> TandemApp:
    """The application that a screen or widget stands in."""
    return cast("TandemApp", node.app)
