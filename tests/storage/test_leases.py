"""Leases: one holder at a time, whoever asks first, until time runs out or the holder lets go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.database import TicketStore
from storage.leases import StoredLeases

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=45)


def test_one_holds_it_until_time_runs_out(store: TicketStore) -> None:
    leases = StoredLeases(store)
    assert leases.take("fetch support", "one", LATER, NOW)
    assert not leases.take("fetch support", "other", LATER, NOW)
    assert leases.holder("fetch support", NOW) == "one"
    assert leases.holder("fetch support", LATER) is None
    assert leases.take("fetch support", "other", LATER + timedelta(seconds=45), LATER)
    assert leases.holder("fetch support", LATER) == "other"


def test_its_holder_renews_it_and_lets_it_go(store: TicketStore) -> None:
    leases = StoredLeases(store)
    assert leases.take("fetch support", "one", LATER, NOW)
    assert leases.take("fetch support", "one", LATER + timedelta(seconds=45), NOW)
    assert leases.holder("fetch support", LATER) == "one"
    leases.release("fetch support", "one")
    assert leases.take("fetch support", "other", LATER, NOW)


def test_nobody_lets_go_of_what_another_took(store: TicketStore) -> None:
    leases = StoredLeases(store)
    assert leases.take("fetch support", "one", LATER, NOW)
    leases.release("fetch support", "other")
    assert leases.holder("fetch support", NOW) == "one"


def test_leases_of_other_names_are_other_leases(store: TicketStore) -> None:
    leases = StoredLeases(store)
    assert leases.take("fetch support", "one", LATER, NOW)
    assert leases.take("fetch sales", "other", LATER, NOW)
    assert leases.holder("fetch support", NOW) == "one"


def test_a_fraction_of_a_second_is_no_trouble(store: TicketStore) -> None:
    leases = StoredLeases(store)
    assert leases.take("fetch support", "one", LATER.replace(microsecond=7), NOW.replace(microsecond=5))
    assert leases.holder("fetch support", NOW.replace(microsecond=5)) == "one"
