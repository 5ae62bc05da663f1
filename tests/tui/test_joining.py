"""What is typed over a view, and the view's own search, as one query."""

from __future__ import annotations

import pytest

from desk.actions.assign import assign
from desk.actions.status import set_status
from desk.desk import Desk
from desk.people import Handle
from desk.ticket import Status
from desk.views import VIEWS, parse_query
from tests.desks import receive
from tui.lists.joining import joined, number_in, stands_alone
from tui.lists.listing import understood

pytestmark = pytest.mark.real_time

INBOX, MINE = (next(view.query for view in VIEWS if view.name == name) for name in ("inbox", "mine"))


@pytest.mark.parametrize("words", ["is:closed", "parcel IS:CLOSED", "is:snoozed", "(is:spam or x)", "is:merged"])
def test_a_state_beyond_the_view_is_sought_everywhere(words: str) -> None:
    assert stands_alone(INBOX, words)
    assert joined(INBOX, words) == words


@pytest.mark.parametrize(
    "words", ["is:unread", "is:mine", "is:open", "-is:waiting", "not is:closed", '"this:is:closed"', "tag:is:closed"]
)
def test_other_terms_narrow_the_view(words: str) -> None:
    assert not stands_alone(INBOX, words)
    assert joined(INBOX, words) == f"{INBOX} {words}"


def test_a_state_within_a_view_of_several_narrows_it() -> None:
    assert not stands_alone(MINE, "is:open")
    assert not stands_alone("tag:refund", "is:closed")
    assert stands_alone(MINE, "is:closed")


def test_unread_mail_of_the_inbox_holds_no_spam(desk: Desk) -> None:
    kept, spam = receive(desk, subject="Printer").number, receive(desk, subject="Prize").number
    set_status(desk, spam, Status.SPAM)
    found = desk.store.tickets.numbers(understood(desk, INBOX, "is:unread"), sort="id")
    assert list(found) == [kept]


@pytest.mark.parametrize("query", [INBOX, MINE, "", "parcel or is:waiting"])
@pytest.mark.parametrize("words", ["printer or parcel", "printer", "(printer OR parcel) -stamp", '"this or that"', ""])
def test_as_a_query_of_its_own_it_finds_what_the_list_shows(desk: Desk, query: str, words: str) -> None:
    me = Handle("ana")
    numbers = [receive(desk, subject=subject).number for subject in ("Printer", "Parcel", "Parcel", "Stamp")]
    set_status(desk, numbers[2], Status.CLOSED)
    assign(desk, numbers[0], me)
    alone = parse_query(joined(query, words), me=me, now=desk.clock())
    shown = desk.store.tickets.numbers(understood(desk, query, words), sort="id")
    assert list(desk.store.tickets.numbers(alone, sort="id")) == list(shown)


@pytest.mark.parametrize(("words", "number"), [("1042", 1042), (" #7 ", 7), ("7a", None), ("7 8", None), ("", None)])
def test_nothing_but_a_number_means_a_ticket(words: str, number: int | None) -> None:
    assert number_in(words) == number


@pytest.mark.parametrize("query", [INBOX, MINE, ""])
def test_a_number_over_a_view_finds_what_it_finds_as_a_query_of_its_own(desk: Desk, query: str) -> None:
    said, closed = receive(desk, subject="order 2").number, receive(desk, subject="order 1").number
    set_status(desk, closed, Status.CLOSED)
    for words in (str(said), f"#{closed}", "9"):
        alone = parse_query(joined(query, words), me=Handle("ana"), now=desk.clock())
        found = list(desk.store.tickets.numbers(understood(desk, query, words), sort="id"))
        assert list(desk.store.tickets.numbers(alone, sort="id")) == found
        assert (number_in(words) in found) is (words != "9")
