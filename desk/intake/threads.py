"""Which ticket a mail goes on with, by the ids that it names (RFC 5322 3.6.4, RFC 5256 2.2)."""

from __future__ import annotations

from collections.abc import Iterator

from desk.desk import Desk
from desk.incoming import Incoming
from desk.subjects import base_subject
from desk.ticket import Status, Ticket


def ticket_for(desk: Desk, read: Incoming) -> Ticket | None:
    """The ticket this mail goes on with: In-Reply-To is trusted alone, References need the same base subject.

    An id that we only know from other mails tells less: there the sender must have been in the conversation before.
    """
    for own in (True, False):
        for index, parent in enumerate(read.parents):
            for ticket in _tickets_of(desk, read, parent, own=own):
                if index < read.answers or _same_subject(ticket, read):
                    return ticket
    return None


def _tickets_of(desk: Desk, read: Incoming, message_id: str, *, own: bool) -> Iterator[Ticket]:
    """The tickets an id may mean, best first. Anybody can write a mail under an id of ours: our outbox knows better."""
    if own and (sent := desk.store.outbox.with_message_id(message_id)):
        yield desk.ticket(sent.ticket)
    linked = [desk.ticket(number) for number in desk.store.threads.tickets(message_id, own=own)]
    in_it = [ticket for ticket in linked if ticket.involves(read.sender)]
    yield from (ticket for ticket in in_it if own or ticket.status is not Status.SPAM)
    yield from (ticket for ticket in linked if own and ticket.status is not Status.SPAM)


def _same_subject(ticket: Ticket, read: Incoming) -> bool:
    return read.base_subject != "" and read.base_subject == base_subject(ticket.subject)
