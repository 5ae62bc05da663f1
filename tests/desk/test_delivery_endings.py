"""What a server said is not lost to a store that cannot take it at that moment."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from desk.delivery import DATA_LEASE, Delivered, Lane
from desk.desk import Desk
from desk.errors import StoreBusy
from desk.outgoing import Attempt, OutboxState
from desk.ports import Store
from storage.endings import StoredEndings
from tests.desk.posting import PUT_OFF, REFUSED, SENT, RecordingSender, now, queue, run
from tests.desks import SetClock


class BusyStore:
    """The store of a desk on which others write for longer than anybody waits, whenever `is_busy`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.is_busy = False

    def transaction(self) -> AbstractContextManager[None]:
        if self.is_busy:
            raise StoreBusy("others are writing")
        return self._store.transaction()

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


def on(desk: Desk, store: BusyStore) -> Desk:
    return replace(desk, store=cast("Store", store))


def busy_after_the_answer(store: BusyStore, end: Attempt) -> RecordingSender:
    """A sender during whose last wait for the server others begin to write."""

    def begin() -> None:
        store.is_busy = True

    return RecordingSender([end], in_data=begin)


@pytest.mark.parametrize("end", [SENT, PUT_OFF, REFUSED])
def test_what_a_busy_store_does_not_take_it_takes_in_the_next_round(desk: Desk, tmp_path: Path, end: Attempt) -> None:
    entry, store, lane = queue(desk), BusyStore(desk.store), Lane(endings=StoredEndings(tmp_path / "endings"))
    sender = busy_after_the_answer(store, end)
    assert len(run(on(desk, store), sender, lane=lane).broken) == 1
    assert now(desk, entry).state is OutboxState.IN_DATA
    assert len(run(on(desk, store), sender, lane=lane).broken) == 1
    store.is_busy = False
    done = run(on(desk, store), sender, lane=lane)
    assert done.broken == ()
    assert now(desk, entry).state.value == end.verdict.value
    assert len(sender.sent) == 1
    assert list((tmp_path / "endings").iterdir()) == []


def test_another_process_learns_it_when_this_one_ended_before_the_store_took_it(
    desk: Desk, tmp_path: Path, clock: SetClock
) -> None:
    entry, store = queue(desk), BusyStore(desk.store)
    sender = busy_after_the_answer(store, SENT)
    run(on(desk, store), sender, owner="dead", lane=Lane(endings=StoredEndings(tmp_path / "endings")))
    sent_at = clock.now
    clock.now += DATA_LEASE
    other = RecordingSender()
    lane = Lane(endings=StoredEndings(tmp_path / "endings"))
    assert run(desk, other, owner="other", gone="dead", lane=lane) == Delivered(sent=1)
    assert (now(desk, entry).state, now(desk, entry).sent_at) == (OutboxState.SENT, sent_at)
    assert other.tried == []


def test_what_was_known_of_an_older_attempt_says_nothing_of_a_newer_one(
    desk: Desk, tmp_path: Path, clock: SetClock
) -> None:
    entry, store = queue(desk), BusyStore(desk.store)
    run(
        on(desk, store),
        busy_after_the_answer(store, REFUSED),
        owner="dead",
        lane=Lane(endings=StoredEndings(tmp_path / "endings")),
    )
    clock.now += DATA_LEASE
    run(desk, RecordingSender(), gone="dead")  # a process on another machine, which cannot see that folder
    assert now(desk, entry).state is OutboxState.UNCERTAIN
    waiting = replace(now(desk, entry), state=OutboxState.QUEUED, claim=None)
    desk.store.outbox.put(waiting)
    assert run(desk, RecordingSender(), lane=Lane(endings=StoredEndings(tmp_path / "endings"))) == Delivered(sent=1)
    assert now(desk, entry).state is OutboxState.SENT
