"""`tandem list`: which tickets, in which order, as lines and as JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desk.actions.assign import assign
from desk.actions.note import add_note
from desk.actions.priority import set_priority
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.desk import Desk
from desk.people import Address, Handle
from desk.ticket import Priority, Status, TicketNumber
from tests.desks import SetClock, receive
from tests.tandem.commands import Commands

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

TICKET = [
    "id", "subject", "status", "priority", "assignee", "tags", "customer", "mailbox", "created", "updated",
    "last_message", "waiting_since", "snoozed_until", "message_count", "unread", "defects", "merged_into",
    "claims", "follows", "split_from", "related", "resembles", "proposed_customer",
]  # fmt: skip
"""The fields of a ticket, word for word from the contract."""


def ids(tandem: Commands, *words: str) -> list[int]:
    return [each["id"] for each in tandem.run("list", *words, "--json").objects]


@pytest.fixture
def three(desk: Desk) -> None:
    """Tickets 1 to 3, an hour apart."""
    for hours in range(3):
        receive(desk, subject=f"Order {hours + 1}", received=NOON + timedelta(hours=hours))


@pytest.mark.usefixtures("three")
class TestWhich:
    def test_closed_and_spam_are_left_out_unless_asked_for(self, tandem: Commands, desk: Desk) -> None:
        set_status(desk, TicketNumber(1), Status.CLOSED)
        set_status(desk, TicketNumber(2), Status.SPAM)
        assert ids(tandem) == [3]
        assert ids(tandem, "is:closed") == [1]
        assert ids(tandem, "is:closed", "or", "is:spam", "--sort", "id") == [2, 1]

    def test_waiting_tickets_are_listed(self, tandem: Commands, desk: Desk) -> None:
        set_status(desk, TicketNumber(2), Status.WAITING)
        assert 2 in ids(tandem)

    def test_an_empty_query_is_no_query(self, tandem: Commands, desk: Desk) -> None:
        set_status(desk, TicketNumber(1), Status.CLOSED)
        assert ids(tandem, "", "--sort", "id") == ids(tandem, "  ", "--sort", "id") == [3, 2]

    def test_a_number_is_a_word_and_the_ticket_that_has_it_is_named(self, tandem: Commands) -> None:
        assert ids(tandem, "#2") == [2]  # its subject says so
        assert "tandem show 2" in tandem.run("search", "2").err
        assert "tandem show" not in tandem.run("list", "9").err + tandem.run("list", "2", "--json").err

    def test_words_of_a_query_are_joined(self, tandem: Commands, desk: Desk) -> None:
        tag(desk, TicketNumber(2), ["refund"])
        assert ids(tandem, "tag:refund", "order") == [2]
        assert ids(tandem, "tag:refund order") == [2]
        assert ids(tandem, "tag:refund", "parcel") == []

    @pytest.mark.parametrize("query", ["-tag:refund", "-has:note", "-is:mine", "-priority:high"])
    def test_a_query_may_begin_with_a_dash(self, tandem: Commands, desk: Desk, query: str) -> None:
        """A command line would take `-h` of `-has:note` for a call for help."""
        number = TicketNumber(2)
        tag(desk, number, ["refund"])
        add_note(desk, number, "called")
        assign(desk, number, Handle("ana"))
        set_priority(desk, number, Priority.HIGH)
        assert ids(tandem, query, "--sort", "id") == [3, 1]

    def test_me_is_whoever_acts(self, tandem: Commands, desk: Desk) -> None:
        assign(desk, TicketNumber(1), Handle("ana"))
        assign(desk, TicketNumber(3), Handle("bo"))
        assert ids(tandem, "is:mine") == [1]
        assert ids(tandem.acting_as("bo"), "is:mine") == [3]

    def test_mine_without_an_agent_is_refused(self, tandem: Commands) -> None:
        assert "--agent" in tandem.acting_as("").run("list", "is:mine", expect=1).err

    @pytest.mark.parametrize(
        ("query", "column"), [("is:open colour:red", 9), ("is:blue", 4), ("subject:(", 9), ('ab "c', 4), ("(a", 1)]
    )
    def test_a_bad_query_is_refused_with_its_column(self, tandem: Commands, query: str, column: int) -> None:
        refused = tandem.run("list", query, expect=1)
        assert f"column {column} of" in refused.err
        assert refused.out == ""

    def test_an_unknown_key_names_the_known_ones(self, tandem: Commands) -> None:
        assert "is: assignee: tag:" in tandem.run("list", "colour:red", expect=1).err


@pytest.mark.usefixtures("three")
class TestOrder:
    def test_the_last_changed_comes_first(self, tandem: Commands, desk: Desk, clock: SetClock) -> None:
        for number in (3, 1, 2):
            clock.go_on(minutes=1)
            tag(desk, TicketNumber(number), ["seen"])
        assert ids(tandem) == ids(tandem, "--sort", "updated") == [2, 1, 3]
        assert ids(tandem, "--reverse") == [3, 1, 2]

    def test_by_creation_the_newest_comes_first(self, tandem: Commands, desk: Desk) -> None:
        receive(desk, subject="Older", received=NOON - timedelta(days=400))
        assert ids(tandem, "--sort", "created") == [3, 2, 1, 4]

    def test_by_number_the_largest_comes_first(self, tandem: Commands) -> None:
        assert ids(tandem, "--sort", "id") == [3, 2, 1]
        assert ids(tandem, "--sort", "id", "--reverse") == [1, 2, 3]

    def test_by_waiting_the_longest_comes_first(self, tandem: Commands) -> None:
        assert ids(tandem, "--sort", "waiting") == [1, 2, 3]
        assert ids(tandem, "--sort", "waiting", "--reverse") == [3, 2, 1]

    def test_an_unknown_order_is_wrong_usage(self, tandem: Commands) -> None:
        assert "--sort" in tandem.run("list", "--sort", "size", expect=2).err


class TestLimit:
    def test_a_hundred_are_listed_unless_more_are_asked_for(self, tandem: Commands, desk: Desk) -> None:
        desk = replace(desk, settings=replace(desk.settings, flood=0))  # one customer asks everything
        with desk.store.transaction():
            for number in range(103):
                receive(desk, subject=f"Order {number}")
        assert len(ids(tandem)) == 100
        assert len(ids(tandem, "--limit", "0")) == 103
        assert len(ids(tandem, "--limit", "102")) == 102
        assert len(ids(tandem, "--limit", str(10**30))) == 103

    def test_less_than_nothing_is_wrong_usage(self, tandem: Commands) -> None:
        tandem.run("list", "--limit", "-1", expect=2)


class TestLines:
    def test_a_pipe_gets_whole_cells_between_tabs(self, tandem: Commands, desk: Desk) -> None:
        subject = "Very long subject " + "x" * 300
        receive(desk, subject=subject, sender=Address("dana@corp.example", "Dana Petrova"))
        tag(desk, TicketNumber(1), ["refund", "vip"])
        assign(desk, TicketNumber(1), Handle("bo"))
        [row] = tandem.run("list").rows
        assert row == ["1", "open", "Dana Petrova", f"* {subject}", "bo", "2d", "#refund #vip"]

    def test_a_tab_or_line_feed_in_a_subject_makes_no_cell_or_row(self, tandem: Commands, desk: Desk) -> None:
        receive(desk, subject="a\tb\nc\rd\x1b[31me")
        [row] = tandem.run("list").rows
        assert row[3] == "* a b c d\ufffd[31me"

    def test_an_empty_list_prints_nothing(self, tandem: Commands) -> None:
        assert tandem.run("list").bytes_out == b""
        assert tandem.run("list", "--json").bytes_out == b""

    def test_every_script_is_utf8(self, tandem: Commands, desk: Desk) -> None:
        receive(desk, subject="Где мой заказ? 注文")
        assert "Где мой заказ? 注文" in tandem.run("list").bytes_out.decode("utf-8")


class TestJson:
    def test_a_ticket_has_exactly_the_fields_of_the_contract(self, tandem: Commands, desk: Desk) -> None:
        receive(desk)
        [ticket] = tandem.run("list", "--json").objects
        assert list(ticket) == TICKET
        assert list(ticket["customer"]) == ["name", "email"]

    def test_times_are_utc_lists_are_lists_and_what_is_absent_is_null(self, tandem: Commands, desk: Desk) -> None:
        receive(desk, subject="Hi", sender=Address("dana@corp.example"), received=NOON)
        [ticket] = tandem.run("list", "--json").objects
        assert ticket["created"] == ticket["last_message"] == ticket["waiting_since"] == "2026-11-20T12:00:00Z"
        assert ticket["customer"] == {"name": None, "email": "dana@corp.example"}
        assert ticket["tags"] == ticket["defects"] == []
        assert [ticket[name] for name in ("assignee", "snoozed_until", "merged_into")] == [None, None, None]
        assert (ticket["id"], ticket["message_count"], ticket["unread"]) == (1, 1, True)
        assert (ticket["status"], ticket["priority"], ticket["mailbox"]) == ("open", "normal", "support")

    def test_one_object_stands_on_one_line(self, tandem: Commands, desk: Desk) -> None:
        receive(desk, subject="two\nlines\u2028and more")
        receive(desk, subject="another")
        assert tandem.run("list", "--json").bytes_out.count(b"\n") == 2


def test_a_search_looks_at_closed_tickets_too(tandem: Commands, desk: Desk) -> None:
    receive(desk, subject="Refund of order 7", text="The parcel never came.")
    set_status(desk, TicketNumber(1), Status.CLOSED)
    assert ids(tandem, "parcel", "is:open") == []
    assert [each["id"] for each in tandem.run("search", "parcel", "--json").objects] == [1]
    assert "Refund of order 7" in tandem.run("search", "refund", "is:closed").out


def test_a_search_for_nothing_is_a_mistake(tandem: Commands, desk: Desk) -> None:
    receive(desk)
    tandem.run("search", expect=2)
    tandem.run("search", " ", expect=2)
