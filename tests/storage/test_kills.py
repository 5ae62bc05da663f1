"""`kill -9` while several processes write: what was acknowledged is there and whole, and nothing is half there."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest
from tinydb import Query

from storage.database import TicketStore, open_store
from tests.storage.nursery import Writer, nursery

ROUNDS = int(os.environ.get("TANDEM_KILLS", "60"))
"""How often writers are killed: a quick look in every test run, 200 times when asked for."""

WRITERS = 3
SECONDS_A_ROUND = 5
"""How long a round may take on a slow machine before the test counts as stuck."""


def look(path: Path, killed: list[Writer]) -> None:
    """What these writers had acknowledged is there, and there are no halves, whoever else is writing just now."""
    assert {writer.status for writer in killed} <= {-signal.SIGKILL}
    with open_store(path) as store, store.snapshot():
        tickets, entries = store.table("tickets"), store.table("entries")
        for writer in killed:
            numbers = list(writer.wrote.values())
            found = {each.doc_id: (each["writer"], each["serial"]) for each in tickets.get(doc_ids=numbers)}
            assert found == {number: (writer.name, serial) for serial, number in writer.wrote.items()}
            assert entries.count(Query().ticket.one_of(numbers)) == 2 * len(numbers)
        assert len(entries) == 2 * len(tickets)
        assert [each["n"] for each in store.table("counter")] == [len(tickets)] * bool(len(tickets))


def look_closely(store: TicketStore, writers: list[Writer]) -> None:
    """All hangs together; each writer's commits are there without a gap, the last maybe untold."""
    store.examine()
    tickets = store.table("tickets")
    assert tickets.ids() == list(range(1, len(tickets) + 1))
    stored: dict[str, list[int]] = {writer.name: [] for writer in writers}
    for each in tickets:
        stored[each["writer"]].append(each["serial"])
    for writer in writers:
        serials, told = stored[writer.name], max(writer.wrote, default=0)
        assert serials == list(range(1, len(serials) + 1))
        assert len(serials) - told in (0, 1)
    for number in tickets.ids():
        assert store.table("entries").count(Query().ticket == number) == 2


@pytest.mark.timeout(60 + SECONDS_A_ROUND * ROUNDS)
def test_what_was_acknowledged_survives_kill_9_and_nothing_is_half_there(path: Path) -> None:
    """Now the next writers write while those before them are killed and looked at, now there are none but the dead."""
    r = random.Random(9)
    everybody, before = list[Writer](), list[Writer]()
    with nursery(path) as born:
        for number in range(ROUNDS):
            if number % 3 == 0:
                born.kill(before)
                look(path, before)
                before = []
            writers = born.start(f"{number}-{each}" for each in range(WRITERS))
            everybody += writers
            if r.random() < 0.8:
                born.wait_until_ready(writers)
            time.sleep(r.random() * r.choice((0.005, 0.02, 0.1)))
            born.kill(before)
            look(path, before)
            before = writers
        born.kill(before)
    look(path, before)
    with open_store(path) as store:
        look_closely(store, everybody)
    assert sum(len(writer.wrote) for writer in everybody) > ROUNDS


def test_a_store_whose_making_is_killed_is_made_by_the_next(tmp_path: Path) -> None:
    r = random.Random(10)
    for number in range(ROUNDS // 3):
        path = tmp_path / str(number) / "desk.db"
        path.parent.mkdir()
        with nursery(path) as born:
            writers = born.start(f"{number}-{each}" for each in range(2))
            time.sleep(r.uniform(0, 0.03))
            born.kill(writers)
        look(path, writers)
        with open_store(path) as store:
            look_closely(store, writers)
