"""`tandem snooze`: until when, for which tickets, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from desk.desk import Desk
from desk.ticket import TicketNumber
from desk.waking import wake
from tests.desks import receive
from tests.tandem.commands import Commands

ONE, TWO, THREE = (TicketNumber(number) for number in (1, 2, 3))
LATER = "2028-02-29T10:00:00Z"


@pytest.fixture(autouse=True)
def three(desk: Desk) -> None:
    """Tickets 1 to 3."""
    for number in range(3):
        receive(desk, subject=f"Order {number + 1}")


def sleeps(desk: Desk) -> list[bool]:
    return [desk.ticket(number).snoozed_until is not None for number in (ONE, TWO, THREE)]


def test_several_tickets_are_put_off_as_one_act_and_told_until_when(tandem: Commands, desk: Desk) -> None:
    said = tandem.run("snooze", 1, 2, "1 mar 2028 14:30").lines
    assert said[0].startswith("ticket 1 sleeps until Wed 1 Mar 2028 14:30 (ana), wakes on an answer")
    assert sleeps(desk) == [True, True, False]
    tandem.run("undo")
    assert sleeps(desk) == [False] * 3


def test_words_that_begin_with_a_letter_need_no_quotes(tandem: Commands, desk: Desk) -> None:
    tandem.run("snooze", 1, 3, "tomorrow", "morning")
    assert sleeps(desk) == [True, False, True]


@pytest.mark.parametrize("words", [(1, 2, "weeks"), (1, 27, "nov")], ids=["2 weeks", "27 nov"])
def test_a_number_that_belongs_to_the_moment_is_taken_for_no_ticket(
    tandem: Commands, desk: Desk, words: tuple[str | int, ...]
) -> None:
    refused = tandem.run("snooze", *words, expect=1).err
    assert f'the moment belongs in quotes (tandem snooze 1 "{words[1]} {words[2]}")' in refused
    assert sleeps(desk) == [False] * 3


def test_json_gives_each_ticket_as_it_is_now_with_its_moment_in_utc(tandem: Commands) -> None:
    found = tandem.run("snooze", 1, 2, LATER, "--json").objects
    assert [(each["id"], each["snoozed_until"]) for each in found] == [(1, LATER), (2, LATER)]
    assert tandem.run("list", "is:snoozed", "--sort", "wakes", "--json").objects == found
    assert tandem.run("snooze", 1, "off", "--json").objects[0]["snoozed_until"] is None


def test_off_wakes_up_what_sleeps_and_leaves_alone_what_is_awake(tandem: Commands, desk: Desk) -> None:
    tandem.run("snooze", 1, LATER)
    assert tandem.run("snooze", 1, 2, "OFF").lines == ["ticket 1 is awake", "ticket 2 is awake"]
    assert sleeps(desk) == [False] * 3
    assert "ana: woke it up" in tandem.run("show", 1).out


def test_through_is_kept_and_told(tandem: Commands, desk: Desk) -> None:
    assert tandem.run("snooze", 1, LATER, "--through").lines[0].endswith(", sleeps through answers")
    assert desk.ticket(ONE).sleeps_through
    assert "--through" in tandem.run("snooze", 1, "off", "--through", expect=2).err
    assert tandem.run("snooze", 2, "friday", "through", "answers").lines[0].endswith(", sleeps through answers")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((1, "frday"), 1, "“frday” means no day and no time (such as fri 9"),
        ((1, "yesterday"), 1, "“yesterday” is past"),
        ((1, "2001-01-01"), 1, "“2001-01-01” was Mon 1 Jan 2001 09:00"),
        ((1, "9999-01-01"), 1, "more than five years ahead"),
        ((1, 99, "friday"), 1, "there is no ticket 99"),
        (("friday",), 2, "say ticket numbers, then until when"),
        ((1, 2), 2, "say ticket numbers, then until when"),
        ((0, "friday"), 2, "say ticket numbers, then until when"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    tandem: Commands, desk: Desk, words: tuple[str | int, ...], code: int, said: str
) -> None:
    assert said in tandem.run("snooze", *words, expect=code).err
    assert sleeps(desk) == [False] * 3


def test_without_an_agent_nobody_puts_anything_off(tandem: Commands) -> None:
    tandem.acting_as("").run("snooze", 1, "friday", expect=1)


def test_lists_show_until_when_a_ticket_sleeps_and_why_it_woke(tandem: Commands, desk: Desk) -> None:
    tandem.run("snooze", 1, LATER)
    row = next(each for each in tandem.run("list").rows if each[0] == "1")
    words = "sleeps until Tue 29 Feb 2028"
    assert row[-1].startswith(words)
    assert any(each.startswith(words) for each in tandem.run("show", 1).lines)
    wake(_at(desk, datetime(2028, 3, 1, tzinfo=UTC)))
    assert "tandem: woke it up, as ana wanted" in tandem.run("show", 1).out


def _at(desk: Desk, now: datetime) -> Desk:
    return replace(desk, clock=lambda: now)


def test_an_answer_puts_its_ticket_off_or_does_not_leave(tandem: Commands, desk: Desk) -> None:
    assert "“soon” means no day" in tandem.run("reply", 1, "--text", "Soon.", "--snooze", "soon", expect=1).err
    assert desk.store.outbox.all() == []
    assert "--snooze" in tandem.run("reply", 1, "--text", "Soon.", "--through", expect=2).err
    tandem.run("reply", 1, "--text", "We are on it.", "--snooze", "2 weeks", "--through")
    assert desk.ticket(ONE).sleeps_through
    assert (desk.ticket(ONE).status, sleeps(desk)) == ("waiting", [True, False, False])
