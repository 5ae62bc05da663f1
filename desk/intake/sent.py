"""Mail of a folder of sent mail: copies of what Tandem sent, and answers that one of us wrote with another program."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Direction, Happened, Message
from desk.desk import Desk
from desk.incoming import Outcome
from desk.intake.filing import link, store_message
from desk.intake.opening import agent_with
from desk.intake.taken import Arrival, Taken
from desk.judging import FROM_A_COLLEAGUE
from desk.ticket import Ticket, TicketNumber


def take_sent(desk: Desk, arrival: Arrival, ticket: Ticket | None) -> Taken:
    """An answer written elsewhere stands on its ticket as one of ours, and settles what waited; the status stays.

    What goes on with no ticket is no matter of this desk, and opens none.
    """
    if ticket is None:
        return Taken(Outcome.ELSEWHERE)
    message = store_message(desk, ticket, arrival, Direction.OUT)
    return _found(desk, ticket, message, Outcome.MESSAGE)


def take_copy(desk: Desk, arrival: Arrival, held: Message) -> Taken:
    """A mail that is held already: its ids lead to its ticket, too.

    Where the copy lies in a folder of sent mail, and the one on the ticket came as mail that we got ourselves, it is
    an answer of ours after all.
    """
    if arrival.read.message_id != held.message_id or arrival.read.alike_ids:
        link(desk, desk.ticket(held.ticket), arrival.read)
    is_ours = desk.settings.is_own(held.sender) or agent_with(desk, held.sender) is not None
    is_answer = is_ours and held.automatic != FROM_A_COLLEAGUE
    if not (arrival.mail.is_sent and held.direction is Direction.IN and is_answer):
        return Taken(Outcome.DUPLICATE, held.ticket, held.id)
    message = replace(held, direction=Direction.OUT, automatic=arrival.read.automatic)
    return _found(desk, desk.ticket(held.ticket), message, Outcome.DUPLICATE)


def _found(desk: Desk, ticket: Ticket, message: Message, outcome: Outcome) -> Taken:
    author = agent_with(desk, message.sender)
    desk.store.conversations.put(replace(message, author=author))
    after = desk.sum_up(ticket)
    after = replace(after, unread=after.unread and after.waiting_since is not None)
    detail = {"by": str(author)} if author else {}
    desk.record(Happened.FOUND_SENT, ticket, after, entry=message.id, detail=detail)
    return Taken(outcome, TicketNumber(ticket.number), message.id, automatic=message.automatic is not None)
