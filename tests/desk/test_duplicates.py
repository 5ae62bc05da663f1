from __future__ import annotations

import pytest

from desk.actions.keep_apart import keep_apart
from desk.actions.merge import merge
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.actions.undo import undo
from desk.desk import Desk
from desk.duplicates import may_be_double, suggested
from desk.errors import RefusedError
from desk.outgoing import Answer
from desk.people import Address
from desk.ticket import Status, TicketNumber
from tests.desks import DANA, SetClock, receive

ONE, TWO = TicketNumber(1), TicketNumber(2)
KIM = Address("kim@else.example", "Kim Else")
ASKED = "Where is my refund for the printer that I sent back to you last Monday with the parcel service?"


def suggestions(desk: Desk, number: TicketNumber = TWO) -> list[int]:
    return [each.number for each in suggested(desk, desk.ticket(number))]


def two(desk: Desk, *mails: tuple[str, str], sender: Address = DANA) -> None:
    receive(desk, subject=mails[0][0], text=mails[0][1])
    receive(desk, subject=mails[1][0], text=mails[1][1], sender=sender)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Refund for my printer", "Hello?"), ("RE: Refund for my printer", "Anybody there?")),
        (("Refund", ASKED), ("Second try", f"Hello again. {ASKED} Please answer me.")),
        (("Order 88213", "It did not come."), ("No parcel", "It did not come: my order 88213, since Monday.")),
        (("Question", ASKED), ("Question", "Where is my refund for the printer that I sent back last Monday?")),
        (("Возврат за принтер", "Где мои деньги?"), ("Возврат за принтер", "Вы мне не ответили.")),
    ],
    ids=["same subject", "same words", "same order", "poor subject like words", "in Russian"],
)
def test_a_customer_who_asks_again_in_a_new_mail_is_noticed_on_both_tickets(
    desk: Desk, first: tuple[str, str], second: tuple[str, str]
) -> None:
    two(desk, first, second)
    assert suggestions(desk, TWO) == [1]
    assert suggestions(desk, ONE) == [2]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Refund for order 88213", ASKED), ("Refund for order 90017", ASKED)),
        (("Question", "How do I change my address?"), ("Question", "Do you ship to Norway?")),
        (("Printer", "It is broken."), ("Toner", "It is empty.")),
        (("Invoice", "Please find my invoice attached. Regards, Dana"), ("Login", "Please help me. Regards, Dana")),
    ],
    ids=["two orders", "poor subject", "two matters", "only the greeting"],
)
def test_two_matters_of_one_customer_are_left_alone(
    desk: Desk, first: tuple[str, str], second: tuple[str, str]
) -> None:
    two(desk, first, second)
    assert suggestions(desk, TWO) == suggestions(desk, ONE) == []


def test_the_same_words_of_somebody_else_are_another_matter(desk: Desk) -> None:
    two(desk, ("Refund for my printer", ASKED), ("Refund for my printer", ASKED), sender=KIM)
    assert suggestions(desk) == []


def test_a_machine_is_not_asked_about(desk: Desk) -> None:
    receive(desk, subject="Your daily report of sales", text=ASKED, automatic="a machine wrote it")
    receive(desk, subject="Your daily report of sales", text=ASKED, automatic="a machine wrote it")
    assert suggestions(desk) == []


@pytest.mark.parametrize(
    ("days", "status", "found"),
    [(6, Status.CLOSED, [1]), (8, Status.CLOSED, []), (13, Status.OPEN, [1]), (15, Status.OPEN, [])],
)
def test_only_what_was_said_lately_counts(
    desk: Desk, clock: SetClock, days: int, status: Status, found: list[int]
) -> None:
    receive(desk, subject="Refund for my printer")
    set_status(desk, ONE, status)
    clock.go_on(days=days)
    receive(desk, subject="Refund for my printer")
    assert suggestions(desk) == found


def test_an_answer_ends_the_question(desk: Desk) -> None:
    two(desk, ("Refund for my printer", ASKED), ("Refund for my printer", ASKED))
    reply(desk, TWO, Answer(text="It is on its way."))
    assert not may_be_double(desk.ticket(TWO))
    assert may_be_double(desk.ticket(ONE))


def test_whoever_says_that_they_are_two_matters_is_not_asked_again_and_can_take_that_back(desk: Desk) -> None:
    two(desk, ("Refund for my printer", ASKED), ("Refund for my printer", ASKED))
    keep_apart(desk, TWO)
    assert suggestions(desk, ONE) == suggestions(desk, TWO) == []
    with pytest.raises(RefusedError, match="looks like no other ticket"):
        keep_apart(desk, TWO)
    undo(desk)
    assert suggestions(desk, ONE) == [2]
    redo(desk)
    assert suggestions(desk, TWO) == []


@pytest.mark.parametrize(("source", "target"), [(ONE, TWO), (TWO, ONE)], ids=["into the newer", "into the older"])
def test_what_is_one_ticket_is_asked_about_no_more_until_it_is_taken_apart(
    desk: Desk, source: TicketNumber, target: TicketNumber
) -> None:
    two(desk, ("Refund for my printer", ASKED), ("Refund for my printer", ASKED))
    merge(desk, [source], target)
    assert suggestions(desk, target) == []
    assert desk.ticket(target).resembles == ()
    undo(desk)
    assert suggestions(desk, target) == [source]
