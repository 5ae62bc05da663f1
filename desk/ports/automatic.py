"""Automatic answers: those that were given, and whether any may be."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from desk.acknowledged import Acknowledged, Likeness, Stopped


class Acknowledgements(Protocol):
    """What is remembered of automatic answers, by all processes of a desk."""

    def add(self, answer: Acknowledged) -> None:
        """Remember one that is given."""
        ...

    def count(self, since: datetime, likeness: Likeness | None = None, value: str = "") -> int:
        """How many were given since then; with this digest only."""
        ...

    def forget(self, before: datetime) -> None:
        """Forget those that were given before."""
        ...

    def stopped(self) -> Stopped | None:
        """Since when none are given; None: they are."""
        ...

    def stop(self, stopped: Stopped) -> None:
        """Give none from now on."""
        ...

    def go_on(self) -> None:
        """Give them again."""
        ...
