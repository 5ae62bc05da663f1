from __future__ import annotations

from datetime import timedelta

import pytest

from desk.actions.attend import attend
from desk.actions.reply import reply
from desk.desk import Desk
from desk.errors import NoSuchTicket
from desk.outgoing import Answer
from desk.presence import Doing
from desk.ticket import TicketNumber
from tests.desks import SetClock, acting_as, receive
from tui.reader.opened import load


def test_of_tickets_that_came_in_one_second_each_has_its_place(desk: Desk) -> None:
    numbers = [receive(desk, subject=f"Matter {at}").number for at in range(3)]
    assert len({desk.ticket(each).created for each in numbers}) == 1
    assert [load(desk, each).earlier_tickets for each in numbers] == [0, 1, 2]


def test_a_ticket_is_read_with_all_that_a_screen_shows_of_it(desk: Desk, clock: SetClock) -> None:
    other = receive(desk, subject="Earlier", received=clock() - timedelta(days=1)).number
    number = receive(desk, message_id="<first@corp.example>").number
    entry = reply(desk, number, Answer(text="Hello"))
    attend(desk, number, Doing.READING)
    attend(acting_as(desk, "bo"), number, Doing.READING)
    opened = load(desk, number)
    assert [each.text for each in opened.messages][-1] == "Hello"
    assert opened.last_from_customer is not None
    assert opened.last_from_customer.message_id == "<first@corp.example>"
    assert opened.newest == max(each.id for each in opened.entries)
    assert dict(opened.outbox) == {entry.id: entry}
    assert [each.agent for each in opened.presences] == ["bo"]
    assert (opened.other_tickets, opened.earlier_tickets, opened.me) == (1, 1, "ana")
    assert load(desk, other).earlier_tickets == 0


def test_an_answer_answers_the_last_mail_that_a_person_wrote(desk: Desk, clock: SetClock) -> None:
    number = receive(desk, message_id="<first@corp.example>", received=clock() + timedelta(hours=1)).number
    receive(desk, message_id="<second@corp.example>", answers=("<first@corp.example>",))
    receive(desk, message_id="<third@mx.example>", answers=("<first@corp.example>",), automatic="a delivery report")
    last = load(desk, number).last_from_customer
    assert last is not None
    assert last.message_id == "<second@corp.example>"


def test_where_only_machines_wrote_the_last_of_them_is_answered(desk: Desk) -> None:
    number = receive(desk, message_id="<first@corp.example>", automatic="it is marked as bulk mail").number
    last = load(desk, number).last_from_customer
    assert last is not None
    assert last.message_id == "<first@corp.example>"


def test_a_ticket_that_is_not_there_cannot_be_read(desk: Desk) -> None:
    with pytest.raises(NoSuchTicket):
        load(desk, TicketNumber(99))
