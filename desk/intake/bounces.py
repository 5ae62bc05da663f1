"""A report marks the mail it is about, and is put on that mail's ticket (RFC 3464, RFC 8098, RFC 5965).

Anybody can write a report, so it does no more than that: it stops nothing and sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from desk.conversation import Direction, Happened, Message, Purpose
from desk.deliveries import Action, Delivery, in_words, worst
from desk.desk import Desk
from desk.incoming import Incoming, Outcome
from desk.inquiry import judged
from desk.intake.filing import file, store_message
from desk.intake.taken import Arrival, Taken
from desk.judging import CAME_BACK
from desk.merged import goes_on_as
from desk.outgoing import Evidence, OutboxEntry, OutboxState
from desk.sleep import awake
from desk.ticket import Status, Ticket
from desk.tokens import find_tokens, is_signed, named_by
from desk.waiting import is_from_elsewhere

_MOST_TOLD = 5
"""Recipients that are told of; the report itself is on the ticket."""

_LONGEST = 400
"""Characters of what is kept beside an outgoing mail."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about: a ticket, and the mail of ours in the outbox, or found in Sent, where it is known.

    `is_ours` is false where nothing but a mail that we got leads there: whoever wrote that knows its id as well.
    """

    ticket: Ticket
    mail: OutboxEntry | None = None
    is_ours: bool = True
    found_sent: Message | None = None


def reported(desk: Desk, read: Incoming) -> Subject | None:
    """What a report is about, the surest sign first: a mail that we sent, a token that we signed, a mail that we got.

    Nothing is put on a ticket that was erased.
    """
    answered = read.parents if read.deliveries else ()
    return next((each for each in _subjects(desk, read.bounce_of, answered) if not each.ticket.erased), None)


def _subjects(desk: Desk, named: Iterable[str], answered: Iterable[str]) -> Iterator[Subject]:
    for each in (*named, *answered):
        if sent := desk.store.outbox.with_message_id(each) or _sent_as(desk, each):
            yield Subject(goes_on_as(desk, desk.ticket(sent.ticket)), sent)
    held = [mail for each in named for mail in desk.store.conversations.with_message_id(each)]
    ours = [each for each in held if each.direction is Direction.OUT or desk.settings.is_own(each.sender)]
    yield from (Subject(goes_on_as(desk, desk.ticket(each.ticket)), found_sent=each) for each in ours)
    for token in (token for each in named for token in find_tokens(each)):
        number = named_by(token)
        ticket = desk.store.tickets.get(number) if number else None
        if ticket and is_signed(desk.store.secret(), token, ticket):
            yield Subject(goes_on_as(desk, ticket))
    yield from (Subject(goes_on_as(desk, desk.ticket(each.ticket)), is_ours=False) for each in held)


def _sent_as(desk: Desk, message_id: str) -> OutboxEntry | None:
    """The mail of ours to which the server gave this id when it took it."""
    numbers = desk.store.threads.tickets([message_id], own=True).get(message_id, [])
    mails = (mail for number in numbers[:1] for mail in desk.store.outbox.of(number))
    return next((each for each in mails if each.sent_as == message_id), None)


def take_report(desk: Desk, arrival: Arrival, subject: Subject) -> Taken:
    """Put a report on its ticket. A failure marks the mail and opens the ticket; a delay is told, and is none.

    What Tandem wrote by itself is missed by nobody: that it came back opens nothing.

    A report of a mail that we only got is on the ticket and does nothing: of ours nothing can have come back.
    """
    arrival = replace(arrival, read=replace(arrival.read, automatic=arrival.read.automatic or "a delivery report"))
    match worst(arrival.read.deliveries) if subject.is_ours else None:
        case Action.FAILED:
            return _take_failure(desk, arrival, subject)
        case Action.DELAYED:
            taken = file(desk, subject.ticket, arrival, Outcome.BOUNCE)
            ticket = desk.ticket(subject.ticket.number)
            detail = _detail(arrival.read.deliveries, Action.DELAYED, subject)
            desk.record(Happened.DELAYED, ticket, ticket, entry=taken.entry, detail=detail)
            return taken
        case _:
            return file(desk, subject.ticket, arrival, Outcome.MESSAGE)


def _take_failure(desk: Desk, arrival: Arrival, subject: Subject) -> Taken:
    detail, ticket = _detail(arrival.read.deliveries, Action.FAILED, subject), subject.ticket
    entry = store_message(desk, ticket, arrival).id
    if subject.mail:
        _mark(desk, subject.mail, detail["why"])
    elif subject.found_sent and is_from_elsewhere(subject.found_sent):  # the customer never got it, and waits again
        desk.store.conversations.put(replace(subject.found_sent, automatic=CAME_BACK))
    ticket = replace(ticket, unread=True)
    is_nobodys = subject.mail is not None and subject.mail.purpose is Purpose.AUTOMATIC
    after = ticket if ticket.status is Status.SPAM or is_nobodys else replace(awake(ticket), status=Status.OPEN)
    desk.record(Happened.BOUNCED, ticket, after, entry=entry, detail=detail)
    return Taken(Outcome.BOUNCE, ticket.number, entry, automatic=True)


def _mark(desk: Desk, mail: OutboxEntry, why: str) -> None:
    """The mail came back; where it had come back from somebody else before, both are told."""
    if mail.state is OutboxState.UNCERTAIN:
        desk.store.outbox.put(judged(mail, Evidence(kind="bounced", at=desk.clock(), detail=why[:_LONGEST])))
    elif mail.state is OutboxState.SENT:
        desk.store.outbox.put(replace(mail, state=OutboxState.BOUNCED, last_error=why[:_LONGEST]))
    elif mail.state is OutboxState.BOUNCED and why not in (told := mail.last_error or ""):
        desk.store.outbox.put(replace(mail, last_error=f"{told}; {why}"[:_LONGEST]))


def _detail(deliveries: Iterable[Delivery], action: Action, subject: Subject) -> dict[str, str]:
    """Whom it concerns and why, in words; the codes and the mail systems' own sentences stand beside them."""
    told = [each for each in deliveries if each.action is action][:_MOST_TOLD]
    facts = {
        "mail": str(subject.mail.id) if subject.mail else "",
        "to": ", ".join(each.recipient for each in told),
        "status": ", ".join(each.status for each in told),
        "why": "; ".join(in_words(each) for each in told),
        "said": "; ".join(each.said for each in told),
    }
    return {name: value for name, value in facts.items() if value}
