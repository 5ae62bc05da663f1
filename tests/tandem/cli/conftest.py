"""A ticket that waits for an answer, and a macro for that."""

from __future__ import annotations

import pytest

from desk.desk import Desk
from tandem.paths import Home
from tests.tandem.cli.replies import ask, keep_refund


@pytest.fixture
def asked(desk: Desk) -> None:
    """Ticket 1, from Dana with a copy to Bob."""
    ask(desk)


@pytest.fixture
def refund(home: Home) -> None:
    """A macro that asks, requires a step and does things."""
    keep_refund(home)
