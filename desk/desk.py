"""The one object that both front ends hold: the store, who is acting, and the little that all actions share."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from desk.clock import Clock
from desk.conversation import Act, EntryId, Event, Happened, OutboxId
from desk.errors import MergedAway, NoAgent, NoSuchAgent, NoSuchEntry, NoSuchTicket
from desk.fields import changes
from desk.outgoing import OutboxEntry
from desk.people import Agent, Handle
from desk.ports import Blobs, Composer, MailForms, Store
from desk.settings import Settings
from desk.summary import summed_up
from desk.ticket import Ticket, TicketNumber
from desk.waiting import States

_APART = frozenset(
    {
        Happened.CREATED,
        Happened.REOPENED,
        Happened.ASSIGNED,
        Happened.TAGGED,
        Happened.PRIORITY_CHANGED,
        Happened.SUBJECT_CHANGED,
        Happened.NEWCOMER,
        Happened.ALSO_ABOUT,
        Happened.ARRIVED,
        Happened.CLAIMED,
        Happened.FOLLOWED,
        Happened.CUSTOMER_SET,
        Happened.PROMISED,
        Happened.PROMISE_KEPT,
        Happened.PROFILE_EDITED,
        Happened.LINKED,
        Happened.UNLINKED,
        Happened.KEPT_APART,
        Happened.DRAFT_GIVEN,
        Happened.DRAFT_DISCARDED,
    }
)
"""What says nothing of the conversation: what was worked out of it before still holds."""


def new_act() -> Act:
    """A name for one thing an agent does, however many tickets it touches."""
    return Act(os.urandom(8).hex())


def new_screen(process: str = "") -> str:
    """A name for one running screen; before `#` that of its process, for whoever can tell whether that has ended."""
    return f"{process}#{os.urandom(8).hex()}"


@dataclass(frozen=True, slots=True)
class Desk:
    """A shared inbox as one agent sees it. `acting` is None for a command that needs no author.

    `screen` tells the screens of one agent apart; it is empty where nothing is shown. `forms` reads what is shown of a
    mail only on request. `place` tells this desk from the others that somebody has on this machine.
    """

    store: Store
    blobs: Blobs
    composer: Composer
    clock: Clock
    settings: Settings
    acting: Agent | None = None
    login: str = ""
    screen: str = ""
    forms: MailForms | None = None
    place: str = ""

    @property
    def me(self) -> Agent:
        """The acting agent.

        Raises:
            NoAgent: nobody said who is acting.
        """
        if self.acting is None:
            raise NoAgent(self.login)
        return self.acting

    def ticket(self, number: TicketNumber) -> Ticket:
        """The newest state of a ticket.

        Raises:
            NoSuchTicket: there is none with this number.
        """
        if (ticket := self.store.tickets.get(number)) is None:
            raise NoSuchTicket(number)
        return ticket

    def live_ticket(self, number: TicketNumber) -> Ticket:
        """The newest state of a ticket that something is to be done to.

        Raises:
            NoSuchTicket: there is none with this number.
            MergedAway: it was merged into another one.
        """
        ticket = self.ticket(number)
        if ticket.merged_into is not None:
            raise MergedAway(number, ticket.merged_into)
        return ticket

    def agent(self, handle: Handle) -> Agent:
        """A colleague by handle.

        Raises:
            NoSuchAgent: nobody has it.
        """
        if (agent := self.store.agents.get(handle)) is None:
            raise NoSuchAgent(handle, tuple(each.handle for each in self.store.agents.all()))
        return agent

    def outgoing(self, mail: OutboxId) -> OutboxEntry:
        """An outgoing mail as it stands now.

        Raises:
            NoSuchEntry: there is none with this number.
        """
        if (entry := self.store.outbox.get(mail)) is None:
            raise NoSuchEntry("outgoing mail", mail)
        return entry

    def states(self, number: TicketNumber) -> States:
        """Where each of a ticket's outgoing mails stands."""
        return {each.id: each.state for each in self.store.outbox.of(number)}

    def record(
        self,
        what: Happened,
        before: Ticket,
        after: Ticket,
        *,
        act: Act | None = None,
        author: Handle | None = None,
        entry: EntryId | None = None,
        detail: dict[str, str] | None = None,
    ) -> Ticket:
        """Store the event that tells of a change, and the ticket `after` it, summed up; inside a transaction."""
        after = self.tell(what, before, after, act=act, author=author, entry=entry, detail=detail)
        if what not in _APART:
            return self.sum_up(after)
        self.store.tickets.put(after)
        return after

    def tell(
        self,
        what: Happened,
        before: Ticket,
        after: Ticket,
        *,
        act: Act | None = None,
        author: Handle | None = None,
        entry: EntryId | None = None,
        detail: dict[str, str] | None = None,
    ) -> Ticket:
        """Store the event that tells of a change; the ticket that comes back is for the caller to store."""
        now = self.clock()
        after = replace(after, updated=now)
        self.store.conversations.add(
            Event(
                id=EntryId(0),
                ticket=after.number,
                at=now,
                author=author,
                what=what,
                act=act or new_act(),
                entry=entry,
                changes=changes(before, after),
                detail=detail or {},
            )
        )
        return after

    def sum_up(self, ticket: Ticket) -> Ticket:
        """Store a ticket with what it says of its conversation worked out again; inside a transaction."""
        entries = self.store.conversations.of(ticket.number)
        drafts = bool(self.store.drafts.of(ticket.number))
        mentions = self.store.mentions.of(ticket.number)
        after = summed_up(ticket, entries, self.states(ticket.number), drafts=drafts, mentions=mentions)
        self.store.tickets.put(after)
        return after
