"""Which mail of a ticket is passed on, and what is chosen for that before an agent says otherwise."""

from __future__ import annotations

from desk.conversation import Direction, EntryId, Message
from desk.desk import Desk
from desk.errors import NoSuchEntry, RefusedError
from desk.outgoing import NOT_GONE
from desk.quoting import passed_on
from desk.sides import mails_in, with_customer
from desk.subjects import without_prefix
from desk.ticket import TicketNumber
from desk.wording import Wording


def message_to_forward(desk: Desk, number: TicketNumber, entry: EntryId | None) -> Message:
    """The mail on a ticket that is to be passed on; None: the last that a person wrote to us in the customer's matter.

    Raises:
        NoSuchTicket, NoSuchEntry: there is no such ticket, or no such mail on it. A note is no mail.
        MergedAway: another ticket goes on for this one.
        RefusedError: the mail was erased, or has not left yet, or there is none.
    """
    desk.live_ticket(number)
    mails = mails_in(desk.store.conversations.of(number))
    came = [each for each in with_customer(mails) if each.direction is Direction.IN]
    usual = ([each for each in came if each.automatic is None] or came)[-1:]
    found = usual if entry is None else [each for each in mails if each.id == entry]
    if entry is not None and not found:
        raise NoSuchEntry(f"mail on ticket {number} with the number", entry)
    if not found:
        raise RefusedError(f"no mail came in on ticket {number} that could be forwarded", "name a mail by its number")
    if found[0].redacted:
        raise RefusedError(f"mail {found[0].id} on ticket {number} was erased, and cannot be forwarded")
    sent = desk.store.outbox.get(found[0].outbox) if found[0].outbox is not None else None
    if sent is not None and sent.state in NOT_GONE:
        raise RefusedError(f"mail {found[0].id} on ticket {number} has not left yet", "wait until it is sent")
    return found[0]


def forwarding(message: Message) -> Wording:
    """What is chosen for a mail that is passed on, before an agent says otherwise: its files, and nobody yet."""
    subject = f"Fwd: {without_prefix(message.subject)}"
    return Wording(subject=subject, enclosures=passed_on(message), forwards=message.id)
