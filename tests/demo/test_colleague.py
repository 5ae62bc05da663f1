"""The demo's second agent works, and keeps its hands off what is somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from desk.actions.assign import assign
from desk.actions.attend import attend
from desk.actions.status import set_status
from desk.conversation import Entry, Event, Message, Note
from desk.desk import Desk
from desk.people import Handle
from desk.presence import Doing
from desk.ticket import Status, TicketNumber
from macros.library import Library
from tandem.demo.colleague import ENOUGH, Colleague
from tests.desks import SetClock, acting_as, make_desk, receive

ANA, BO = Handle("ana"), Handle("bo")
TEXT = "Hello, the printer of order 88213 is broken and I would like a new one."


def bo(desk: Desk, seed: int = 1) -> Colleague:
    return Colleague(acting_as(desk, "bo"), Library(None), Random(seed))


def act_until(colleague: Colleague, said: str) -> None:
    assert any((colleague.act() or "").startswith(said) for _ in range(50)), f"never {said}"


def entries_by(desk: Desk, number: TicketNumber, agent: Handle) -> list[Entry]:
    entries = desk.store.conversations.of(number)
    return [each for each in entries if not isinstance(each, Message) and each.author == agent]


def answers(desk: Desk, number: TicketNumber) -> list[str]:
    return [each.draft for each in desk.store.outbox.of(number)]


def test_it_takes_notes_tags_and_answers_a_ticket_that_nobody_has(desk: Desk) -> None:
    number = receive(desk, text=TEXT).number
    colleague = bo(desk)
    first, *others = [said for _ in range(20) if (said := colleague.act())]
    assert first == f"took {number}"
    possible = {"left a note on 1", "tagged 1 refund", "is answering 1", "answered 1"}
    assert {"is answering 1", "answered 1"} <= set(others) <= possible
    assert desk.ticket(number).assignee == BO
    assert answers(desk, number)[0].startswith("Hello Dana,")


def test_it_is_seen_answering_before_the_answer_is_queued(desk: Desk) -> None:
    number = receive(desk, text=TEXT).number
    colleague = bo(desk)
    act_until(colleague, "is answering")
    [presence] = desk.store.presences.all(desk.clock())
    assert (presence.agent, presence.ticket, presence.doing) == (BO, number, Doing.ANSWERING)
    assert answers(desk, number) == []
    assert colleague.act() == f"answered {number}"
    assert desk.store.presences.all(desk.clock()) == []
    assert len(answers(desk, number)) == 1


@pytest.mark.parametrize("seed", range(5))
def test_it_never_touches_a_ticket_that_is_somebody_elses(desk: Desk, seed: int) -> None:
    number = receive(desk, text=TEXT).number
    assign(desk, number, ANA)
    colleague = bo(desk, seed)
    assert [colleague.act() for _ in range(10)] == [None] * 10
    assert entries_by(desk, number, BO) == []
    assert desk.ticket(number).assignee == ANA


@pytest.mark.parametrize("doing", list(Doing))
def test_it_never_touches_a_ticket_that_a_colleague_has_open(desk: Desk, doing: Doing) -> None:
    number = receive(desk, text=TEXT).number
    attend(desk, number, doing)
    colleague = bo(desk)
    assert [colleague.act() for _ in range(10)] == [None] * 10
    assert entries_by(desk, number, BO) == []


def test_it_goes_on_once_the_colleague_has_looked_away(desk: Desk, clock: SetClock) -> None:
    number = receive(desk, text=TEXT).number
    attend(desk, number, Doing.READING)
    clock.go_on(minutes=2)
    act_until(bo(desk), f"took {number}")


def give_away(desk: Desk, number: TicketNumber) -> None:
    assign(desk, number, ANA)


def open_it(desk: Desk, number: TicketNumber) -> None:
    attend(desk, number, Doing.READING)


def close_it(desk: Desk, number: TicketNumber) -> None:
    set_status(desk, number, Status.CLOSED)


def write_again(desk: Desk, number: TicketNumber) -> None:
    first, *_ = [each for each in desk.store.conversations.of(number) if isinstance(each, Message)]
    receive(desk, subject="Re: Refund for order 88213", answers=(first.message_id,))


@pytest.mark.parametrize("interrupt", [give_away, open_it, close_it, write_again])
def test_a_begun_answer_is_dropped_when_the_ticket_moves(
    desk: Desk, interrupt: Callable[[Desk, TicketNumber], None]
) -> None:
    number = receive(desk, text=TEXT).number
    colleague = bo(desk)
    act_until(colleague, "is answering")
    interrupt(desk, number)
    assert colleague.act() is None
    assert answers(desk, number) == []
    assert BO not in {each.agent for each in desk.store.presences.all(desk.clock())}


def test_it_answers_each_ticket_once(desk: Desk) -> None:
    number = receive(desk, text=TEXT).number
    colleague = bo(desk)
    act_until(colleague, "answered")
    write_again(desk, number)
    for _ in range(20):
        colleague.act()
    assert len(answers(desk, number)) == 1


def test_a_mail_from_the_future_does_not_hide_the_one_that_came_last(desk: Desk, clock: SetClock) -> None:
    number = receive(desk, text=TEXT, received=clock() + timedelta(days=1)).number
    write_again(desk, number)
    act_until(bo(desk), "answered")


def test_it_leaves_the_answer_to_others_where_the_customer_writes_no_english(desk: Desk) -> None:
    number = receive(desk, subject="Заказ 88155", text="Добрый день! Заказ 88155 не пришёл.").number
    colleague = bo(desk)
    act_until(colleague, "took")
    for _ in range(20):
        colleague.act()
    assert answers(desk, number) == []


def test_it_closes_the_ticket_of_a_customer_who_says_thank_you(desk: Desk) -> None:
    number = receive(desk, subject="Thank you", text=TEXT).number
    act_until(bo(desk), "answered")
    assert desk.ticket(number).status is Status.CLOSED


@pytest.mark.parametrize(
    ("text", "automatic"), [("Send us the name of your first pet and 2 EUR.", None), (TEXT, "a delivery report")]
)
def test_it_takes_neither_spam_nor_automatic_mail(desk: Desk, text: str, automatic: str | None) -> None:
    receive(desk, subject="Your parcel", text=text, automatic=automatic)
    colleague = bo(desk)
    assert [colleague.act() for _ in range(50)] == [None] * 50


def test_it_does_not_take_the_whole_inbox(desk: Desk) -> None:
    for _ in range(3 * ENOUGH):
        receive(desk, subject="Bestellung 88177", text="Guten Tag, Bestellung 88177 fehlt.")
    colleague = bo(desk)
    for _ in range(60):
        colleague.act()
    taken = [each for each in desk.store.tickets.many([TicketNumber(n) for n in range(1, 99)]) if each.assignee]
    assert len(taken) == ENOUGH


def test_it_notes_each_ticket_once_at_most(desk: Desk) -> None:
    number = receive(desk, text="Bestellung 88213 fehlt.").number
    colleague = bo(desk)
    for _ in range(50):
        colleague.act()
    notes = [each for each in entries_by(desk, number, BO) if isinstance(each, Note)]
    tags = [each for each in entries_by(desk, number, BO) if isinstance(each, Event) and each.what == "tagged"]
    assert len(notes) == len(tags) == 1


def test_the_same_chance_on_the_same_desk_does_the_same(tmp_path: Path) -> None:
    def day(name: str) -> list[str | None]:
        desk = make_desk(tmp_path / name, clock=SetClock())
        for order in range(10):
            receive(desk, subject=f"Parcel {order}", text=TEXT, uid=1000 + order)
        colleague = bo(desk, seed=7)
        done = [colleague.act() for _ in range(30)]
        desk.store.close()
        return done

    assert day("one") == day("two")


def test_an_empty_desk_gives_it_nothing_to_do(desk: Desk) -> None:
    assert bo(desk).act() is None
