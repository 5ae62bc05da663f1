"""A mail that goes on with no ticket opens one."""

from __future__ import annotations

from desk.conversation import Happened
from desk.desk import Desk
from desk.incoming import Outcome
from desk.intake.filing import file
from desk.intake.judging import behind, sender_of
from desk.intake.taken import Arrival, Taken
from desk.ticket import Ticket, TicketNumber

NO_SUBJECT = "(no subject)"


def open_ticket(desk: Desk, arrival: Arrival) -> Taken:
    """A new ticket with this mail on it."""
    mail, read = arrival.mail, arrival.read
    ticket = desk.store.tickets.add(
        Ticket(
            number=TicketNumber(0),
            subject=read.subject or NO_SUBJECT,
            customer=behind(desk, read) or sender_of(read),
            mailbox=mail.place.mailbox,
            created=mail.received,
            updated=desk.clock(),
            last_message=mail.received,
        )
    )
    desk.record(Happened.CREATED, ticket, ticket)
    return file(desk, ticket, arrival, Outcome.TICKET)
