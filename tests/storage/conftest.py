"""Fixtures for the store's own tests: a file of its own for each, closed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import TicketStore, open_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store's file is or would be."""
    return tmp_path / "desk.db"


@pytest.fixture
def store(path: Path) -> Iterator[TicketStore]:
    """A new, empty store."""
    with open_store(path) as opened:
        yield opened
