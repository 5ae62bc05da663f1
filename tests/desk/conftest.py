"""What several tests of mail that comes in begin with."""

from __future__ import annotations

import pytest

from desk.desk import Desk
from tests.desks import receive


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """A desk with Dana's mail on ticket 1."""
    receive(desk, message_id="<1@corp.example>")
    return desk
