"""A desk of two agents over the real store, with a clock that the test sets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.desk import Desk
from tests.desks import SetClock, make_desk


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    made = make_desk(tmp_path / "desk", clock=clock)
    yield made
    made.store.close()
