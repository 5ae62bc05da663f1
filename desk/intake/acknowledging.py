"""The automatic answer to a customer's first mail, where a mailbox has one: "we have your mail" (RFC 3834).

Two machines that answer each other never stop, so silence is the rule. An answer goes only to a person who just wrote
to us and opened a ticket by that, once a day for each address and for equal words, and 20 times an hour for each
domain. When the desk gives more than 100 in an hour, all of them stop until an agent switches them on again.
"""

from __future__ import annotations

from datetime import timedelta

from desk.acknowledged import Acknowledged, Stopped, acknowledged
from desk.conversation import Happened, Purpose
from desk.desk import Desk
from desk.errors import RefusedError
from desk.incoming import IMPORTED, Fetched, Incoming, Outcome
from desk.intake.opening import agent_with
from desk.intake.taken import Taken
from desk.judging import is_mail_system
from desk.letters import letter_for, limits_of
from desk.outgoing import Answer
from desk.queueing import make, put_out
from desk.settings import Acknowledge, Mailbox
from desk.silence import stop_all
from desk.ticket import Ticket

NEWEST = timedelta(hours=1)
"""How old a mail may be: what is fetched late, or on the first day of a desk, was answered by people or is too late."""

A_DAY = timedelta(hours=24)
AN_HOUR = timedelta(hours=1)

MOST_A_DOMAIN = 20
"""Answers that a domain gets in an hour: a machine may change its address each time."""

MOST_AN_HOUR = 100
"""Answers in an hour that are too many for people to have asked for them."""

_TOO_MANY = f"more than {MOST_AN_HOUR} were sent within an hour"


def acknowledge(desk: Desk, mail: Fetched, read: Incoming, taken: Taken) -> None:
    """Queue the answer to a mail that was just taken in, where it gets one; inside a transaction."""
    does_so = any(each.acknowledge for each in desk.settings.mailboxes)
    if not does_so or taken.outcome is not Outcome.TICKET or taken.ticket is None:
        return
    ticket = desk.ticket(taken.ticket)
    mailbox = desk.settings.mailbox(ticket.mailbox)
    if mailbox is None or mailbox.acknowledge is None or not _may_be_answered(desk, mail, read, ticket, mailbox):
        return
    given = acknowledged(desk.store.secret(), read.sender, read.likeness, desk.clock())
    if _is_within_bounds(desk, given):
        _answer(desk, ticket, read, mailbox.acknowledge, given)


def _may_be_answered(desk: Desk, mail: Fetched, read: Incoming, ticket: Ticket, mailbox: Mailbox) -> bool:
    """Whether a person wrote this to us just now, as far as anybody can tell; any doubt is a reason to say nothing."""
    is_machines = read.automatic is not None or read.asks_for_silence or read.local_id
    is_report = bool(read.bounce_of or read.deliveries)
    if is_machines or is_report or mail.is_sent or mail.place.folder == IMPORTED or ticket.claims is not None:
        return False
    if abs(desk.clock() - mail.received) > NEWEST:
        return False
    if not any(desk.settings.reaches_us(each) for each in (*read.to, *read.cc)):
        return False
    return _is_person_outside(desk, read, mailbox)


def _is_person_outside(desk: Desk, read: Incoming, mailbox: Mailbox) -> bool:
    if any(desk.settings.reaches_us(each) or is_mail_system(each) for each in (read.sender, *read.reply_to)):
        return False
    return agent_with(desk, read.sender) is None and desk.composer.reaches(read.sender, limits_of(desk, mailbox))


def _is_within_bounds(desk: Desk, given: Acknowledged) -> bool:
    """Whether one more may be given; when the desk gave too many, all of them stop."""
    known, now = desk.store.acknowledgements, given.at
    if known.stopped() is not None:
        return False
    if known.count(now - AN_HOUR) >= MOST_AN_HOUR:
        stop_all(desk, Stopped(at=now, why=_TOO_MANY))
        return False
    is_again = known.count(now - A_DAY, "address", given.address) > 0
    is_alike = given.words != "" and known.count(now - A_DAY, "words", given.words) > 0
    return not is_again and not is_alike and known.count(now - AN_HOUR, "domain", given.domain) < MOST_A_DOMAIN


def _answer(desk: Desk, ticket: Ticket, read: Incoming, said: Acknowledge, given: Acknowledged) -> None:
    """Queue it; what no mail can be made of is left: silence harms nobody."""
    text = said.filled(ticket.number)
    answer = Answer(text=text, to=(read.sender,), cc=(), purpose=Purpose.AUTOMATIC, send_in=0)
    try:
        prepared = make(desk, answer, letter_for(desk, ticket.number, answer))
    except RefusedError:
        return
    queued = put_out(desk, ticket, prepared)
    desk.store.acknowledgements.forget(given.at - A_DAY)
    desk.store.acknowledgements.add(given)
    desk.record(Happened.ACKNOWLEDGED, ticket, ticket, entry=queued.entry, detail={"mail": str(queued.id)})
