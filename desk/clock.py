"""The time, asked for in one place so that tests can set it. UTC, whole seconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present moment in UTC, cut to the second."""


def utc_now() -> datetime:
    """The system's clock in UTC, cut to the second, which is what the store keeps."""
    return datetime.now(UTC).replace(microsecond=0)
