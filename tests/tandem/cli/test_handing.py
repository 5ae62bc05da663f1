"""Working together from the command line: hand over, take the next ticket, promises, and the end of a shift."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from desk.actions.snooze import snooze
from desk.conversation import Note
from desk.desk import Desk
from desk.people import Address
from desk.ticket import TicketNumber
from tandem.paths import Home
from tests.desks import SetClock, receive
from tests.program import Program
from tests.tandem.commands import Commands

ONE = TicketNumber(1)


@pytest.fixture(autouse=True)
def three(desk: Desk, clock: SetClock) -> None:
    """Tickets 1 to 3; the first has waited longest."""
    for number in range(3):
        clock.go_on(minutes=1)
        receive(desk, subject=f"Order {number + 1}", sender=Address(f"customer{number}@corp.example", "Leo"))


class TestHandOver:
    def test_a_note_and_an_assignment_are_one_act(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("assign", 1, 2, "bo", "--note", "The bank calls.")
        assert [desk.ticket(TicketNumber(each)).assignee for each in (1, 2)] == ["bo", "bo"]
        assert [each.note for each in desk.store.conversations.of(ONE) if isinstance(each, Note)] == ["The bank calls."]
        assert [row[0] for row in tandem.acting_as("bo").run("list", "is:mentioned").rows] == ["2", "1"]
        assert "2 tickets: handed over" in tandem.run("undo").out
        assert desk.ticket(ONE).assignee is None
        assert tandem.acting_as("bo").run("list", "is:mentioned").lines == []

    def test_nobody_is_no_one_to_hand_to(self, tandem: Commands) -> None:
        assert "hands tickets to somebody" in tandem.run("assign", 1, "none", "--note", "x", expect=2).err

    def test_a_note_says_whom_it_cannot_call(self, tandem: Commands) -> None:
        assert "nobody here is called @zoe" in tandem.run("note", 1, "@zoe and @Bo, see leo@corp.example").out
        assert [row[0] for row in tandem.acting_as("bo").run("list", "is:unseen").rows] == ["1"]


class TestNext:
    def test_the_longest_waiting_is_taken_and_printed(self, tandem: Commands, desk: Desk) -> None:
        assert tandem.run("next").rows[0][:3] == ["1", "Leo", "Order 1"]
        assert desk.ticket(ONE).assignee == "ana"
        assert tandem.acting_as("bo").run("next", "--json").objects[0]["id"] == 2

    def test_what_sleeps_is_left_to_sleep_and_nothing_left_is_said(self, tandem: Commands, desk: Desk) -> None:
        snooze(desk, ONE, desk.clock() + timedelta(weeks=2))
        assert tandem.run("next").rows[0][0] == "2"
        tandem.run("next")
        assert "no open ticket waits" in tandem.run("next", expect=1).err

    def test_two_processes_at_once_get_two_tickets(self, desk: Desk, home: Home) -> None:
        for number in range(3, 20):
            receive(desk, subject=f"Order {number}", sender=Address(f"customer{number}@corp.example"))
        asking = [
            Popen(each.command("next"), stdout=PIPE, text=True, env=each.full_environment)
            for each in (Program(home.folder, agent) for agent in ("ana", "bo", "ana", "bo"))
        ]
        taken = [int(each.communicate(timeout=60)[0].split("\t")[0]) for each in asking]
        assert sorted(taken) == [1, 2, 3, 4]


class TestPromise:
    def test_promises_are_made_listed_and_kept(self, tandem: Commands, desk: Desk) -> None:
        said = tandem.run("promise", 1, "2 days", "the", "refund goes out").out
        assert "promised on ticket 1 by" in said
        (made,) = desk.store.promises.of(ONE)
        assert made.text == "the refund goes out"
        assert tandem.run("promise").rows[0][2:] == ["1", "the refund goes out", "ana"]
        assert tandem.run("promise", 1, "--json").objects[0]["late"] is False
        assert "the refund goes out" in tandem.acting_as("bo").run("promise", 1, "done").out
        assert tandem.run("promise").lines == []
        assert "nothing is promised" in tandem.run("promise", 1, "done", expect=1).err

    def test_what_is_no_moment_is_refused(self, tandem: Commands) -> None:
        assert tandem.run("promise", 1, "whenever", "x", expect=1).err


class TestShift:
    def test_it_says_what_changed_what_waits_and_what_was_promised(self, tandem: Commands) -> None:
        tandem.run("assign", 1, "me")
        tandem.run("assign", 2, "bo")
        tandem.run("promise", 1, "2 days", "a call")
        told = tandem.run("shift", "--json").objects[0]
        assert {each["id"]: each["did"] for each in told["changed"]} == {
            1: "ana took it, promised something",
            2: "ana gave it to bo",
        }
        assert [each["id"] for each in told["waiting"]["ours"]] == [1, 3]
        assert [each["id"] for each in told["waiting"]["colleagues"]] == [2]
        assert [each["text"] for each in told["promised"]] == ["a call"]
        shown = tandem.run("shift").out
        assert all(each in shown for each in ("Waiting for us 2", "Order 3", "Promised 1", "a call", "ana took it"))

    def test_it_is_handed_over_read_and_begins_anew(self, tandem: Commands) -> None:
        bo = tandem.acting_as("bo")
        tandem.run("tag", 1, "+bank")
        tandem.run("shift", "--hand-to", "partner", "--remark", "The bank calls at 5.")
        assert "ana handed over to you" in bo.run("shift").out
        assert "The bank calls at 5." in bo.run("shift", "--seen").out
        assert "handed over" not in bo.run("shift").out
        assert "has read" in tandem.run("shift", "--take-back", expect=1).err
        assert tandem.run("shift", "--json").objects[0]["began"] == "handed_over"

    def test_it_is_taken_back_before_it_is_read(self, tandem: Commands) -> None:
        tandem.run("shift", "--hand-to", "bo")
        tandem.run("shift", "--take-back")
        assert "handed over" not in tandem.acting_as("bo").run("shift").out


def test_what_was_promised_and_remarked_about_a_person_is_in_their_export_and_goes_with_them(
    tandem: Commands, desk: Desk, tmp_path: Path
) -> None:
    tandem.run("promise", 1, "2 days", "Leo gets his money")
    tandem.run("shift", "--hand-to", "bo", "--remark", "customer0@corp.example calls at 5.")
    tandem.run("customers", "export", "customer0@corp.example", tmp_path / "out")
    person = json.loads((tmp_path / "out" / "person.json").read_text("utf-8"))
    assert [each["text"] for each in person["tickets"][0]["promises"]] == ["Leo gets his money"]
    assert [each["text"] for each in person["remarks"]] == ["customer0@corp.example calls at 5."]
    tandem.run("customers", "erase", "customer0@corp.example", "--yes")
    left = (str(each) for each in (*desk.store.promises.of(ONE), *desk.store.handovers.all()))
    assert not any("Leo" in each or "customer0" in each for each in left)
    assert tandem.run("promise").lines == []
