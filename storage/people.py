"""Agents, what they are typing, and which ticket they look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tinydb import Query
from tinydb.queries import QueryInstance

from desk.draft import Draft, DraftId, DraftKind
from desk.people import Agent, Handle
from desk.presence import TIME_TO_LIVE, Presence, each_once
from desk.ticket import TicketNumber
from storage.codec import from_document, from_row, moment, to_document
from storage.database import TicketStore

_FARTHEST = 2 * TIME_TO_LIVE
"""No presence that holds for longer from now was put down by the clock as it is."""


class StoredAgents:
    """Implements desk.ports.Agents."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("agents")

    def all(self) -> list[Agent]:
        """Every colleague, by handle."""
        return [from_document(Agent, each) for each in self._table.find(order_by="handle")]

    def get(self, handle: Handle) -> Agent | None:
        """The colleague with this handle."""
        return self._first(Query().handle == handle)

    def with_login(self, login: str) -> Agent | None:
        """The colleague who works as this Unix user."""
        return self._first(Query().login == login)

    def put(self, agent: Agent) -> None:
        """Add a colleague, or change the one with this handle."""
        self._table.upsert(to_document(agent), Query().handle == agent.handle)

    def remove(self, handle: Handle) -> None:
        """Take a colleague off the desk; what they did stays."""
        self._table.remove(Query().handle == handle)

    def _first(self, condition: QueryInstance) -> Agent | None:
        found = self._table.find(condition, limit=1)
        return from_document(Agent, found[0]) if found else None


class StoredDrafts:
    """Implements desk.ports.Drafts."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("drafts")

    def of(self, number: TicketNumber) -> list[Draft]:
        """The unfinished texts on one ticket, oldest first."""
        there = self._table.find(Query().ticket == number, order_by="doc_id")
        return [from_document(Draft, each, id=each.doc_id) for each in there]

    def shared(self) -> list[Draft]:
        """The shared draft of every ticket that has one."""
        there = self._table.find((Query().kind == DraftKind.REPLY.value) & ~(Query().aside == True))  # noqa: E712 - a query
        return [from_document(Draft, each, id=each.doc_id) for each in there]

    def own(self, agent: Handle) -> list[Draft]:
        """What is an agent's own from the beginning and not aside: notes and forwards, oldest first."""
        is_own = (Query().author == agent) & (Query().kind != DraftKind.REPLY.value) & ~(Query().aside == True)  # noqa: E712 - a query
        return [from_document(Draft, each, id=each.doc_id) for each in self._table.find(is_own, order_by="doc_id")]

    def get(self, draft: DraftId) -> Draft | None:
        """One text, on whichever ticket it stands by now."""
        return next((from_row(Draft, each) for each in self._table.rows_of([draft])), None)

    def given_to(self, agent: Handle) -> list[Draft]:
        """Those that a colleague put into an agent's hands, who has not taken them up yet, oldest first."""
        there = self._table.find((Query().author == agent) & (Query().given_by != None), order_by="doc_id")  # noqa: E711 - a query
        return [from_document(Draft, each, id=each.doc_id) for each in there]

    def add(self, draft: Draft) -> Draft:
        """Keep a new text."""
        return replace(draft, id=DraftId(self._table.insert(to_document(draft))))

    def put(self, draft: Draft) -> None:
        """Keep a text as it is now."""
        self._table.update(to_document(draft), doc_ids=[draft.id])

    def remove(self, draft: DraftId) -> None:
        """Forget a text."""
        self._table.remove(doc_ids=[draft])


class StoredThrown:
    """Implements desk.ports.ThrownDrafts."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("thrown")

    def of(self, number: TicketNumber) -> list[Draft]:
        """The texts that were thrown away on one ticket, oldest first."""
        there = self._table.find(Query().ticket == number, order_by="doc_id")
        return [from_document(Draft, each, id=each.doc_id) for each in there]

    def add(self, draft: Draft) -> Draft:
        """Keep one more."""
        return replace(draft, id=DraftId(self._table.insert(to_document(draft))))

    def remove(self, draft: DraftId) -> None:
        """Forget one for good."""
        self._table.remove(doc_ids=[draft])


class StoredPresences:
    """Implements desk.ports.Presences."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("presence")

    def all(self, now: datetime) -> list[Presence]:
        """Who looks at what, by agent; not who was there by a clock that has been set back since."""
        there = (Query().until > moment(now)) & (Query().until <= moment(now + _FARTHEST))
        return each_once(from_document(Presence, each) for each in self._table.find(there))

    def put(self, presence: Presence) -> None:
        """Show a screen at a ticket, and at no other."""
        self._table.upsert(to_document(presence), _of(presence.agent, presence.screen))

    def remove(self, agent: Handle, screen: str) -> None:
        """Show a screen at no ticket."""
        self._table.remove(_of(agent, screen))

    def tidy(self, now: datetime) -> None:
        """Forget what has run out."""
        self._table.remove((Query().until <= moment(now)) | (Query().until > moment(now + _FARTHEST)))


def _of(agent: Handle, screen: str) -> QueryInstance:
    return (Query().agent == agent) & (Query().screen == screen)
