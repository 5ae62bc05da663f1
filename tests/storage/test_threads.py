from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.ticket import TicketNumber
from storage.shared import SharedStore, open_shared

ONE, TWO = TicketNumber(1), TicketNumber(2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SharedStore]:
    opened = open_shared(tmp_path / "desk.db")
    yield opened
    opened.close()


def test_ids_lead_to_the_tickets_that_hold_or_mention_them_newest_first(store: SharedStore) -> None:
    store.threads.link(ONE, ["<a@x>", "<b@x>", "<a@x>", ""])
    store.threads.link(TWO, ["<a@x>"])
    store.threads.link(ONE, [], ["<c@x>"])
    assert store.threads.tickets(["<a@x>", "<b@x>", "<c@x>", "<d@x>"], own=True) == {
        "<a@x>": [TWO, ONE],
        "<b@x>": [ONE],
    }
    assert store.threads.tickets(["<a@x>", "<c@x>"], own=False) == {"<c@x>": [ONE]}
    assert store.threads.tickets([], own=True) == {}


def test_a_link_that_is_there_stands_once(store: SharedStore) -> None:
    for _ in range(3):
        store.threads.link(ONE, ["<a@x>", "<b@x>"], ["<a@x>", "<c@x>"])
    assert store.threads.tickets(["<a@x>", "<c@x>"], own=False) == {"<a@x>": [ONE], "<c@x>": [ONE]}
    assert store.threads.tickets(["<a@x>", "<b@x>"], own=True) == {"<a@x>": [ONE], "<b@x>": [ONE]}


def test_hundreds_of_ids_are_looked_up_together(store: SharedStore) -> None:
    ids = [f"<{number}@x>" for number in range(400)]
    store.threads.link(ONE, [], ids)
    assert store.threads.tickets(ids, own=False) == {each: [ONE] for each in ids}
