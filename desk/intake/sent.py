"""Mail of a folder of sent mail: copies of what Tandem sent, and answers that one of us wrote with another program."""

from __future__ import annotations

from dataclasses import replace

from desk.absence import is_note_of_absence
from desk.conversation import Direction, Happened, Message
from desk.desk import Desk
from desk.freemail import is_freemail
from desk.incoming import Incoming, Outcome
from desk.intake.cut import complete_if_cut
from desk.intake.filing import link, store_message
from desk.intake.opening import agent_with
from desk.intake.taken import Arrival, Taken
from desk.judging import AWAY_BY_SUBJECT, FROM_A_COLLEAGUE, FROM_OURSELVES, WENT_TO_OTHERS, domain_of
from desk.people import Address
from desk.sides import with_customer
from desk.subjects import answers
from desk.ticket import Ticket, TicketNumber

_OURS = (FROM_OURSELVES, FROM_A_COLLEAGUE)


def take_sent(desk: Desk, arrival: Arrival, ticket: Ticket | None) -> Taken:
    """An answer written elsewhere stands on its ticket as one of ours, and settles what waited; the status stays.

    What went to others alone, as when one of us asked a supplier, answers no customer; where it was forwarded, what
    they answer stands aside too. What goes on with no ticket is no matter of this desk, and opens none.
    """
    if ticket is None:
        return Taken(Outcome.ELSEWHERE)
    arrival = replace(arrival, read=replace(arrival.read, automatic=_why_no_answer(desk, ticket, arrival.read)))
    message = _aside(store_message(desk, ticket, arrival, Direction.OUT))
    return _found(desk, ticket, message, Outcome.MESSAGE)


def _aside(message: Message) -> Message:
    """What was forwarded to others begins a side talk, as a forward of Tandem's own does."""
    is_forward = message.automatic == WENT_TO_OTHERS and not answers(message.subject, has_references=True)
    return replace(message, side=message.id) if is_forward and message.side is None else message


def _why_no_answer(desk: Desk, ticket: Ticket, read: Incoming) -> str | None:
    """Why a mail of ours answers nobody; None: it does."""
    away = AWAY_BY_SUBJECT if is_note_of_absence(read.subject, ticket.subject) else None
    return read.automatic or away or (None if _reaches_them(desk, ticket, read) else WENT_TO_OTHERS)


def _reaches_them(desk: Desk, ticket: Ticket, read: Incoming) -> bool:
    """Whether somebody got it who is in the conversation by a mail from outside; one that names nobody may have.

    Whoever only answers what we wrote to others is one of these, and not in the conversation with the customer. An
    answer that goes to somebody else of the customer's own house is for the customer's side.
    """
    mails = (each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Message))
    talk = with_customer(mails)
    came = [each for each in talk if each.direction is Direction.IN and each.automatic not in _OURS]
    to_others = (each for each in talk if each.automatic in (WENT_TO_OTHERS, FROM_A_COLLEAGUE))
    asked: list[Incoming | Message] = [read, *to_others]
    came = [each for each in came if not any(_answers_as_other(each, mail) for mail in asked)]
    there = {who.key for each in came for who in (each.sender, *each.to, *each.cc, *each.reply_to)}
    there |= {each.key for each in (ticket.customer, ticket.proposed_customer) if each}
    outside = [each for each in (*read.to, *read.cc) if not desk.settings.is_own(each)]
    if not outside or any(each.key in there for each in outside):
        return True
    is_answer = answers(read.subject, has_references=True) and bool(read.parents)
    return is_answer and any(_is_of_one_house(each, ticket.customer) for each in outside)


def _is_of_one_house(one: Address, other: Address) -> bool:
    """Whether two people have their addresses under a domain that is not everybody's."""
    domain = domain_of(one)
    return domain == domain_of(other) and "." in domain and not is_freemail(domain)


def _answers_as_other(answer: Message, mail: Incoming | Message) -> bool:
    """Whether somebody who got a mail of ours to others answers it."""
    got = any(each.key == answer.sender.key for each in (*mail.to, *mail.cc))
    return got and mail.message_id in answer.references


def take_copy(desk: Desk, arrival: Arrival, held: Message) -> Taken:
    """A mail that is held already: its ids lead to its ticket, too, and all of it takes the place of its beginning.

    Where the copy lies in a folder of sent mail, and the one on the ticket came as mail that we got ourselves, it is
    an answer of ours after all.
    """
    if arrival.read.message_id != held.message_id or arrival.read.alike_ids:
        link(desk, desk.ticket(held.ticket), arrival.read)
    complete_if_cut(desk, arrival, held)
    is_ours = desk.settings.is_own(held.sender) or agent_with(desk, held.sender) is not None
    is_answer = is_ours and held.automatic != FROM_A_COLLEAGUE
    if not (arrival.mail.is_sent and held.direction is Direction.IN and is_answer):
        return Taken(Outcome.DUPLICATE, held.ticket, held.id)
    ticket = desk.ticket(held.ticket)
    message = _aside(replace(held, direction=Direction.OUT, automatic=_why_no_answer(desk, ticket, arrival.read)))
    return _found(desk, ticket, message, Outcome.DUPLICATE)


def _found(desk: Desk, ticket: Ticket, message: Message, outcome: Outcome) -> Taken:
    author = agent_with(desk, message.sender)
    desk.store.conversations.put(replace(message, author=author))
    after = desk.sum_up(ticket)
    after = replace(after, unread=after.unread and after.waiting_since is not None)
    if message.automatic not in (None, WENT_TO_OTHERS):  # a machine of ours wrote it: nobody answered
        desk.store.tickets.put(after)
        return Taken(outcome, TicketNumber(ticket.number), message.id, automatic=True)
    detail = {"by": str(author)} if author else {}
    if message.automatic == WENT_TO_OTHERS:
        detail["to"] = ", ".join(each.email for each in message.to)
    desk.record(Happened.FOUND_SENT, ticket, after, entry=message.id, detail=detail)
    return Taken(outcome, TicketNumber(ticket.number), message.id, automatic=message.automatic is not None)
