"""A copy of a desk sends nothing by itself that another copy may have sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.reply import reply
from desk.actions.resend import resend
from desk.actions.status import set_status
from desk.conversation import Event, Happened
from desk.desk import Desk
from desk.outgoing import Answer, OutboxEntry, OutboxState
from desk.ticket import Status, TicketNumber
from desk.unsent import make_uncertain
from tests.desks import SetClock, receive

WHY = "it may have been sent since"


def answered(desk: Desk, state: OutboxState) -> OutboxEntry:
    """A closed ticket with an answer that stands so."""
    ticket = receive(desk)
    queued = reply(desk, ticket.number, Answer(text="It is on its way.", send_in=0))
    set_status(desk, ticket.number, Status.CLOSED)
    entry = replace(queued, state=state, claim="host|boot|1|2|3#x", lease_until=desk.clock())
    desk.store.outbox.put(entry)
    return entry


@pytest.mark.parametrize("state", [OutboxState.QUEUED, OutboxState.DEFERRED, OutboxState.CLAIMED, OutboxState.IN_DATA])
def test_what_had_not_left_is_uncertain_and_its_ticket_says_why(desk: Desk, state: OutboxState) -> None:
    entry = answered(desk, state)
    assert make_uncertain(desk, WHY) == 1
    after = desk.store.outbox.get(entry.id)
    assert after is not None
    assert (after.state, after.claim, after.lease_until) == (OutboxState.UNCERTAIN, None, None)
    assert after.last_error == WHY
    ticket = desk.ticket(entry.ticket)
    assert ticket.status is Status.OPEN
    assert "undelivered" in ticket.holds
    last = desk.store.conversations.of(ticket.number)[-1]
    assert isinstance(last, Event)
    assert (last.what, last.author, last.detail) == (Happened.UNCERTAIN, None, {"said": WHY})
    assert resend(desk, entry.id).state is OutboxState.QUEUED


@pytest.mark.parametrize(
    "state", [each for each in OutboxState if each not in ("queued", "deferred", "claimed", "in_data")]
)
def test_what_has_an_end_keeps_it(desk: Desk, state: OutboxState) -> None:
    entry = answered(desk, state)
    before = desk.store.conversations.of(entry.ticket)
    assert make_uncertain(desk, WHY) == 0
    assert desk.store.outbox.get(entry.id) == entry
    assert desk.store.conversations.of(entry.ticket) == before


def test_a_mail_that_is_due_far_in_the_future_becomes_uncertain_too(desk: Desk, clock: SetClock) -> None:
    entry = answered(desk, OutboxState.QUEUED)
    clock.go_on(days=-1)
    assert make_uncertain(desk, WHY) == 1
    after = desk.store.outbox.get(entry.id)
    assert after is not None
    assert after.state is OutboxState.UNCERTAIN


def test_a_mail_of_an_erased_ticket_becomes_uncertain_too(desk: Desk) -> None:
    entry = answered(desk, OutboxState.QUEUED)
    desk.store.outbox.put(replace(entry, ticket=TicketNumber(4711)))
    assert make_uncertain(desk, WHY) == 1
