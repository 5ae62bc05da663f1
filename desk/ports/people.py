"""The colleagues of a desk: what they write at the moment, and where they look."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from desk.beginning import BeginningId, KeptBeginning
from desk.draft import Draft, DraftId
from desk.people import Agent, Handle
from desk.presence import Presence
from desk.ticket import TicketNumber

if TYPE_CHECKING:
    from desk.saved_views import SavedView, SavedViewId


class Agents(Protocol):
    """The colleagues of this desk."""

    def all(self) -> list[Agent]: ...
    def get(self, handle: Handle) -> Agent | None: ...
    def with_login(self, login: str) -> Agent | None: ...
    def put(self, agent: Agent) -> None: ...
    def remove(self, handle: Handle) -> None: ...


class Drafts(Protocol):
    """Unfinished texts; desk/actions/draft.py decides which may stand beside which."""

    def of(self, number: TicketNumber) -> list[Draft]:
        """One ticket's, oldest first."""
        ...

    def shared(self) -> list[Draft]:
        """The shared draft of every ticket that has one."""
        ...

    def own(self, agent: Handle) -> list[Draft]:
        """What is an agent's own from the beginning and not aside: notes and forwards, oldest first."""
        ...

    def get(self, draft: DraftId) -> Draft | None: ...
    def given_to(self, agent: Handle) -> list[Draft]:
        """Those that a colleague put into an agent's hands, who has not taken them up yet, oldest first."""
        ...

    def add(self, draft: Draft) -> Draft:
        """Store a new one under the next free id (the one it brings is ignored)."""
        ...

    def put(self, draft: Draft) -> None: ...
    def remove(self, draft: DraftId) -> None: ...


class ThrownDrafts(Protocol):
    """Texts that their authors threw away, kept so that this can be taken back; they stay until they are erased."""

    def of(self, number: TicketNumber) -> list[Draft]:
        """One ticket's, oldest first."""
        ...

    def add(self, draft: Draft) -> Draft:
        """Store a new one under the next free id (the one it brings is ignored)."""
        ...

    def remove(self, draft: DraftId) -> None: ...


class Beginnings(Protocol):
    """Mails that are to open tickets, while they are being written; each is its author's own."""

    def all(self) -> list[KeptBeginning]:
        """Everybody's, oldest first."""
        ...

    def of(self, author: Handle) -> list[KeptBeginning]:
        """One agent's, oldest first."""
        ...

    def add(self, beginning: KeptBeginning) -> KeptBeginning:
        """Store a new one under the next free id (the one it brings is ignored)."""
        ...

    def put(self, beginning: KeptBeginning) -> None: ...
    def remove(self, beginning: BeginningId) -> None: ...


class Views(Protocol):
    """Searches that agents keep; desk/actions/save_view.py decides which may stand beside which."""

    def all(self) -> list[SavedView]:
        """Everybody's, in the order in which they were saved."""
        ...

    def add(self, view: SavedView) -> SavedView:
        """Store a new one under the next free id (the one it brings is ignored)."""
        ...

    def remove(self, view: SavedViewId) -> None: ...


class Presences(Protocol):
    """Who looks at what."""

    def all(self, now: datetime) -> list[Presence]:
        """By agent, each once at a ticket however many screens show it (`each_once`); not what has run out."""
        ...

    def put(self, presence: Presence) -> None:
        """Show this agent's screen at a ticket, and at no other."""
        ...

    def remove(self, agent: Handle, screen: str) -> None:
        """Show this agent's screen at no ticket."""
        ...

    def tidy(self, now: datetime) -> None:
        """Forget what has run out: screens that ended without a word."""
        ...
