from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.actions.assign import assign
from desk.actions.status import set_status
from desk.people import Handle
from desk.ticket import Status
from tests.desks import acting_as, make_desk, receive
from tests.program import Program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A desk on which bo closed one of two tickets; the other has been waiting for three hours."""
    home = tmp_path / "home"
    desk = make_desk(home)
    (home / "config.toml").write_text('[mailboxes.support]\naddress = "support@acme.example"\n')
    then = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    done = receive(desk, received=then)
    assign(desk, done.number, Handle("bo"))
    set_status(acting_as(desk, "bo"), done.number, Status.CLOSED)
    receive(desk, subject="Parcel \x1b[31mlost", text="Where is it?", received=then)
    desk.store.close()
    return Program(home)


def test_figures_come_as_one_object_with_the_fields_of_the_contract(program: Program) -> None:
    (stats,) = program.run("stats", "--json", "--since", "1d").lines
    none = {"median": None, "p90": None, "n": 0}
    ana, bo = stats["agents"]
    assert list(stats) == ["since", "until", "agents", "team", "unanswered"]
    assert stats["since"].endswith("Z")
    assert ana == {
        "agent": "ana",
        "open": 0,
        "assigned": 0,
        "replies": 0,
        "closed": 0,
        "reopened": 0,
        "first_response": none,
        "next_response": none,
        "resolution": none,
    }
    assert (bo["assigned"], bo["closed"], bo["resolution"]["n"]) == (1, 1, 1)
    assert bo["resolution"]["median"] == bo["resolution"]["p90"] == pytest.approx(3 * 3600, abs=60)
    assert stats["team"] == {**bo, "agent": None, "open": 1}
    assert stats["unanswered"] == [{"id": 2, "waiting": pytest.approx(3 * 3600, abs=60)}]


def test_a_person_sees_a_line_for_each_agent_and_who_waits(program: Program) -> None:
    shown = program.run("stats").out
    assert "bo\t0\t1\t0\t1\t0 (0%)\t- / - n=0\t- / - n=0\t3h / 3h n=1" in shown
    assert "Unanswered now: 2 3h" in shown


def test_one_agent_can_be_asked_for(program: Program) -> None:
    (stats,) = program.run("stats", "--agent", "ana", "--json").lines
    assert [each["agent"] for each in stats["agents"]] == ["ana"]
    assert (stats["team"]["closed"], stats["unanswered"]) == (1, [])


def test_an_unknown_agent_and_an_odd_time_are_refused(program: Program) -> None:
    assert "there is no agent “zoe”" in program.run("stats", "--agent", "zoe", expect=1).err
    assert "say a span" in program.run("stats", "--since", "yesterday", expect=2).err
    assert "say a span" in program.run("stats", "--since", "2999-01-01", expect=2).err
