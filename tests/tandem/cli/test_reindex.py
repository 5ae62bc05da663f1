"""`tandem reindex`: what follows from the documents is true again, and nothing else changes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from desk.actions.note import add_note
from desk.desk import Desk
from desk.ticket import Ticket, TicketNumber
from tandem.paths import Home
from tests.desks import receive
from tests.tandem.commands import Commands

ONE = TicketNumber(1)


@pytest.fixture(autouse=True)
def tickets(desk: Desk) -> list[Ticket]:
    made = [receive(desk, subject=f"Refund {number}", text="The printer is broken.") for number in range(3)]
    add_note(desk, ONE, "called the bank")
    return made


def test_a_healthy_desk_is_left_as_it_is(tandem: Commands, desk: Desk) -> None:
    before = tandem.run("export", "--format", "tinydb", "-").bytes_out
    assert tandem.run("reindex", "--json").objects == [{"tickets": 3, "mended": 0}]
    assert tandem.run("export", "--format", "tinydb", "-").bytes_out == before


def test_words_that_a_search_does_not_find_are_found_again(tandem: Commands, desk: Desk, home: Home) -> None:
    desk.store.close()
    with closing(sqlite3.connect(home.store)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE sql LIKE '%fts5%'")]
        for each in tables:
            connection.execute(f"INSERT INTO {each} ({each}) VALUES ('delete-all')")  # noqa: S608 - our own tables
        connection.commit()
    assert tandem.run("list", "printer").lines == []
    tandem.run("reindex")
    assert len(tandem.run("list", "printer").lines) == 3
    assert len(tandem.run("list", "bank").lines) == 1
    assert len(tandem.run("list", "subject:refund").lines) == 3


def test_what_a_ticket_says_of_its_conversation_is_true_again(tandem: Commands, desk: Desk) -> None:
    right = desk.ticket(ONE)
    desk.store.tickets.put(
        replace(right, message_count=99, waiting_since=None, holds=("attachment",), defects=("odd",))
    )
    assert tandem.run("reindex").lines == ["Indexes and full text are new; 3 tickets summed up, 1 put right."]
    assert desk.ticket(ONE) == right
    assert tandem.run("reindex").lines == ["Indexes and full text are new; 3 tickets summed up, none needed it."]


def test_what_agents_set_stays(tandem: Commands, desk: Desk) -> None:
    tandem.run("tag", 1, "+vip")
    tandem.run("status", 1, "closed")
    before = desk.ticket(ONE)
    tandem.run("reindex")
    assert desk.ticket(ONE) == before
