"""Transactions inside transactions: whatever is taken back, on whichever level, is exactly what was written there."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from storage.database import TicketStore, open_store


class _TakenBackError(Exception):
    pass


def perhaps_take_back(chance: Random, share: float) -> None:
    if chance.random() < share:
        raise _TakenBackError


def nest(store: TicketStore, expected: list[int], chance: Random, depth: int = 0) -> None:
    """Write, read and nest at random; `expected` is kept as the store should be."""
    table = store.table("scratch")
    for _ in range(chance.randint(0, 4)):
        match chance.choice(("write", "read", "in", "in")):
            case "write":
                number = chance.getrandbits(40)
                table.insert({"n": number})
                expected.append(number)
            case "read":
                assert [each["n"] for each in table.find()] == expected
            case _ if depth < 5:
                before = list(expected)
                try:
                    with store.transaction():
                        nest(store, expected, chance, depth + 1)
                        perhaps_take_back(chance, 0.4)
                except _TakenBackError:
                    expected[:] = before
            case _:
                pass


@pytest.mark.parametrize("seed", range(3))
def test_any_nesting_leaves_what_was_not_taken_back(tmp_path: Path, seed: int) -> None:
    chance, expected = Random(seed), list[int]()
    with open_store(tmp_path / "desk.db") as store:
        for _ in range(60):
            before = list(expected)
            with suppress(_TakenBackError), store.transaction():
                nest(store, expected, chance)
                try:
                    perhaps_take_back(chance, 0.2)
                except _TakenBackError:
                    expected[:] = before
                    raise
            assert [each["n"] for each in store.table("scratch").find()] == expected
