"""Which ticket a mail goes on with (RFC 5322 3.6.4, RFC 5256 2.2, RFC 8621 3).

Asked in this order: whether it is there already, as it came another way; the ids that it names, where we hold or sent
the mail; ids that other mails only mention, its own among them; a signed token; the ticket that its subject names. A
subject proves nothing by itself, and ids in References little: mail programs carry both over into new matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from desk.absence import is_note_of_absence
from desk.desk import Desk
from desk.incoming import Incoming
from desk.intake.held import other_version
from desk.intake.taken import Arrival
from desk.judging import AWAY_BY_SUBJECT, behind
from desk.merged import goes_on_as
from desk.people import Address
from desk.subjects import base_subject
from desk.ticket import Status, Ticket, TicketNumber
from desk.tokens import is_signed, named_by

_MOST = 50
"""Tickets that are looked at for one id, the newest ones: some senders give thousands of mails the same."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a mail leads: the ticket, and the others that it names as well, the nearest first.

    `claims` is a ticket that it says it belongs to, though nothing proves it. `is_version`: the mail is there already,
    as it came another way.
    """

    ticket: Ticket | None = None
    others: tuple[TicketNumber, ...] = ()
    claims: TicketNumber | None = None
    is_version: bool = False


def lead_of(desk: Desk, arrival: Arrival) -> Lead:
    """The ticket that a mail goes on with, if there is one."""
    if (held := other_version(desk, arrival.read)) and (version := desk.store.tickets.get(held.ticket)):
        return Lead(goes_on_as(desk, version), is_version=True)
    clues = _Clues(desk, arrival.read, _people(desk, arrival))
    ways = clues.by_held_ids(), clues.by_mentioned_ids(), clues.by_own_id(), clues.by_tokens(), clues.by_subject()
    for found in ways:
        tickets = list({each.number: each for each in found}.values())
        if tickets:
            return Lead(tickets[0], tuple(each.number for each in tickets[1:]))
    return Lead(claims=clues.claimed())


def _people(desk: Desk, arrival: Arrival) -> tuple[Address, ...]:
    """Who outside is behind a mail: who wrote it, or for whom a form did; for one of ours, those who got it."""
    read = arrival.read
    if arrival.mail.is_sent:
        return tuple(each for each in (*read.to, *read.cc) if not desk.settings.is_own(each))
    return (behind(desk, read) or read.sender,)


class _Clues:
    """What a mail says of where it belongs, looked up as far as it is asked for."""

    def __init__(self, desk: Desk, read: Incoming, people: tuple[Address, ...]) -> None:
        self._desk, self._read, self._people = desk, read, people
        self._found = dict[TicketNumber, Ticket]()
        self._bases = dict[str, str]()

    def by_held_ids(self) -> Iterator[Ticket]:
        """Tickets with a mail that this one names. Anybody can write a mail under an id of ours: our outbox knows."""
        parents = self._read.parents
        sent = self._desk.store.outbox.tickets(parents)
        held = self._desk.store.threads.tickets(parents, own=True)
        self._tickets([*sent.values(), *(each for numbers in held.values() for each in numbers[:_MOST])])
        for index, parent in enumerate(parents):
            ours = [sent[parent]] if parent in sent else []
            mine = self._tickets(ours)
            others = self._likely(self._tickets(each for each in held.get(parent, [])[:_MOST] if each not in ours))
            trusted = (each for each in (*mine, *others) if self._fits(each, index, parent))
            yield from (each for each in [next(trusted, None)] if each is not None)

    def by_mentioned_ids(self) -> Iterator[Ticket]:
        """Tickets with a mail that names the same one, of which we hold nothing: the sender must be on them already."""
        mentioned = self._desk.store.threads.tickets(self._read.parents, own=False)
        for index, parent in enumerate(self._read.parents):
            for ticket in self._tickets(mentioned.get(parent, [])[:_MOST]):
                is_live = self._is_on(ticket) and ticket.status is not Status.SPAM
                if is_live and (index < self._read.answers or self._same_subject(ticket)):
                    yield ticket

    def by_own_id(self) -> Iterator[Ticket]:
        """Tickets with an answer to this very mail that came before it, as when this one was parked.

        The sender must be on them already, or whoever answered must have got this mail.
        """
        message_id = self._read.message_id
        answered = self._desk.store.threads.tickets([message_id], own=False).get(message_id, [])
        for ticket in self._tickets(answered[:_MOST]):
            is_theirs = self._is_on(ticket) or self._went_to_those_on(ticket)
            if is_theirs and self._same_subject(ticket) and ticket.status is not Status.SPAM:
                yield ticket

    def _went_to_those_on(self, ticket: Ticket) -> bool:
        got = {each.key for each in (*self._read.to, *self._read.cc) if not self._desk.settings.is_own(each)}
        return any(each.key in got for each in ticket.senders)

    def by_tokens(self) -> Iterator[Ticket]:
        """Tickets whose token the mail carries, signed by this desk."""
        trusted = "".join(self._read.parents[: self._read.answers]).lower()
        doubtful = "".join(self._read.parents[self._read.answers :]).lower()
        for token, named in self._named_by_tokens():
            if is_signed(self._desk.store.secret(), token, named):
                ticket = goes_on_as(self._desk, named)
                if token in trusted or token not in doubtful or self._same_subject(ticket):
                    yield ticket

    def by_subject(self) -> Iterator[Ticket]:
        """The ticket that the subject names, for somebody who is on it.

        Not for us, whom any form may write as, nor for whom a form asks us to answer: anybody may fill that in.
        """
        ticket, named = self._ticket(self._read.subject_number), behind(self._desk, self._read)
        outside = [each for each in self._people if each != named and not self._desk.settings.is_own(each)]
        if ticket and any(ticket.involves(each) for each in outside):
            yield ticket

    def claimed(self) -> TicketNumber | None:
        """The ticket that a stranger's subject names, or a token that we did not sign."""
        said = [self._read.subject_number, *(each.number for _, each in self._named_by_tokens())]
        there = (each for each in said if each is not None and self._ticket(each))
        return next((TicketNumber(each) for each in there), None)

    def _named_by_tokens(self) -> Iterator[tuple[str, Ticket]]:
        for token in self._read.tokens:
            number = named_by(token)
            ticket = None if number is None else self._desk.store.tickets.get(number)
            if ticket and not ticket.erased:
                yield token, ticket

    def _ticket(self, number: int | None) -> Ticket | None:
        found = None if number is None else self._desk.store.tickets.get(TicketNumber(number))
        return goes_on_as(self._desk, found) if found and not found.erased else None

    def _tickets(self, numbers: Iterable[TicketNumber]) -> list[Ticket]:
        asked = list(dict.fromkeys(numbers))
        new = [each for each in asked if each not in self._found]
        self._found.update((each.number, goes_on_as(self._desk, each)) for each in self._desk.store.tickets.many(new))
        return list({each.number: each for each in map(self._found.get, asked) if each}.values())

    def _likely(self, tickets: list[Ticket]) -> list[Ticket]:
        """The tickets that one id may mean, best first: those that the sender is on, then the others but for spam.

        Some senders give every mail the same id: of several tickets, the subject must tell which one is meant.
        """
        inside = [each for each in tickets if self._is_on(each)]
        outside = [each for each in tickets if not self._is_on(each) and each.status is not Status.SPAM]
        return [each for among in (inside, outside) for each in among if len(among) == 1 or self._same_subject(each)]

    def _fits(self, ticket: Ticket, index: int, parent: str) -> bool:
        """In-Reply-To may be trusted alone, References only with the subject of the ticket or of that very mail.

        What a machine answers has a subject of its own, and nobody carries its ids over into a new matter.
        """
        if self._read.automatic and (not self._read.is_doubtful or self._read.automatic == AWAY_BY_SUBJECT):
            return True
        if is_note_of_absence(self._read.subject, ticket.subject):
            return True
        if index < self._read.answers or self._same_subject(ticket):
            return True
        held = self._desk.store.conversations.with_message_id(parent) if self._read.base_subject else []
        return any(self._read.base_subject == base_subject(each.subject) for each in held)

    def _is_on(self, ticket: Ticket) -> bool:
        return any(ticket.involves(each) for each in self._people)

    def _same_subject(self, ticket: Ticket) -> bool:
        if ticket.subject not in self._bases:
            self._bases[ticket.subject] = base_subject(ticket.subject)
        return self._read.base_subject != "" and self._read.base_subject == self._bases[ticket.subject]
