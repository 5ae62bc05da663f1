"""What was read a moment ago: a list that is narrowed holds what one that is read anew would hold."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from desk.actions.attend import attend
from desk.actions.snooze import snooze
from desk.actions.status import set_status
from desk.desk import Desk
from desk.errors import BadQuery
from desk.expression import Expression
from desk.ports import Sort, Store
from desk.presence import Doing
from desk.ticket import Status, TicketNumber
from desk.views import parse_query
from tests.desks import SetClock, acting_as, make_desk, receive
from tui.lists.lately import Lately
from tui.lists.listing import Asked, Here, Listing, read_asked

pytestmark = pytest.mark.real_time

SUBJECTS = ("Refund", "refunds and more", "Re-fund", "Größe", "Gros", "注文について", "Invoice", "ref in")
TYPED = ("refund in", "re-fund", "gross", "注文", "re or in", "-re", "is:closed re", "subject:re", '"refund"')


def readable(words: str) -> bool:
    try:
        parse_query(words, me=None, now=SetClock().now)
    except BadQuery:
        return False
    return True


def read(desk: Desk, asked: Asked, lately: Lately) -> Listing:
    return read_asked(desk, asked, Here(), lately)


@pytest.mark.parametrize("sort", ["updated", "waiting"])
def test_letter_by_letter_and_back_as_much_is_found_as_by_a_search_that_knows_nothing(desk: Desk, sort: Sort) -> None:
    chance = random.Random(1)
    numbers = [receive(desk, subject=" ".join(chance.choices(SUBJECTS, k=2)), text="in").number for _ in range(30)]
    lately = Lately()
    letters = [typed[:end] for typed in TYPED for end in (*range(len(typed) + 1), len(typed) // 2)]
    for words in filter(readable, letters):
        if chance.random() < 0.2:
            set_status(desk, chance.choice(numbers), chance.choice(list(Status)))
        asked = Asked("is:open -is:snoozed", words, sort)
        assert read(desk, asked, lately).numbers == read(desk, asked, Lately()).numbers, words


def test_a_change_of_the_order_is_seen(desk: Desk) -> None:
    first, second = receive(desk, subject="Refund one").number, receive(desk, subject="Refund two").number
    lately = Lately()
    assert list(read(desk, Asked("", "re", "id"), lately).numbers) == [second, first]
    assert list(read(desk, Asked("", "ref", "id", reverse=True), lately).numbers) == [first, second]


def test_who_comes_to_a_ticket_is_told_though_the_list_is_not_read_again(desk: Desk) -> None:
    ticket, lately = receive(desk, subject="Refund"), Lately()
    assert read(desk, Asked("", "re"), lately).presences == ()
    attend(acting_as(desk, "bo"), ticket.number, Doing.READING)
    assert [each.agent for each in read(desk, Asked("", "ref"), lately).presences] == ["bo"]


def test_counts_follow_what_is_written(desk: Desk) -> None:
    ticket, lately = receive(desk, subject="Refund"), Lately()
    assert read(desk, Asked("", "re"), lately).counts["inbox"] == 1
    set_status(desk, ticket.number, Status.CLOSED)
    assert read(desk, Asked("", "ref"), lately).counts["inbox"] == 0


def test_a_ticket_that_wakes_is_back_in_the_view_at_once_and_soon_in_what_is_typed(tmp_path: Path) -> None:
    clock = SetClock()
    desk = make_desk(tmp_path / "desk", clock=clock)
    number, lately = receive(desk, subject="Refund").number, Lately()
    snooze(desk, number, clock.now.replace(minute=30))
    inbox = Asked("is:open -is:snoozed")
    assert list(read(desk, replace(inbox, words="re"), lately).numbers) == []
    clock.go_on(minutes=31)
    assert list(read(desk, inbox, lately).numbers) == [number]
    assert list(read(desk, replace(inbox, words="ref"), lately).numbers) == [number]
    desk.store.close()


def test_tickets_whose_rows_are_there_are_not_read_again(desk: Desk) -> None:
    first, second = receive(desk, subject="One").number, receive(desk, subject="Two").number
    listing = read_asked(desk, Asked(""), Here(rows=frozenset([first])), Lately())
    assert [each.number for each in listing.tickets] == [second]
    assert set(listing.numbers) == {first, second}


class Endless:
    """Tickets of which there are very many, however they are searched."""

    def __init__(self) -> None:
        self.asked = list[Expression]()

    def numbers(self, query: Expression, *, sort: Sort = "updated", reverse: bool = False) -> Sequence[TicketNumber]:
        del sort, reverse
        self.asked.append(query)
        return [TicketNumber(each) for each in range(20_000)]


def test_a_long_list_is_kept_while_it_is_shown_or_narrowed_and_let_go_with_another_view(desk: Desk) -> None:
    endless, lately = Endless(), Lately()
    store = SimpleNamespace(tickets=endless, watch=desk.store.watch)
    desk = replace(desk, store=cast("Store", store))
    closed, spam = (parse_query(each, me=None, now=desk.clock()) for each in ("is:closed", "is:spam"))

    def look(wanted: Expression, *, anew: bool) -> None:
        lately.numbers(lately.still(desk, anew=anew), wanted, "updated", reverse=False)

    look(closed, anew=True)
    look(closed, anew=False)
    look(closed, anew=True)
    assert endless.asked == [closed]
    look(spam, anew=True)
    look(closed, anew=True)
    assert endless.asked == [closed, spam, closed]
