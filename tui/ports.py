"""What the screen asks of the program around it, as Protocols; tandem/loops.py does the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Background(Protocol):
    """Mail coming in and going out while the screen is open. Each method has a thread of its own."""

    def deliver(self) -> None:
        """Send what is due and return; called about once a second.

        Raises:
            TandemError: nothing can be sent now, in words.
        """
        ...

    def fetch(self, stop: Callable[[], bool], tell: Callable[[str], None]) -> int:
        """One round: take in new mail, or wait up to a minute for some; returns how many mails came.

        `stop` is asked at least five times a second while waiting; once it says yes the round ends. `tell` takes a few
        words about what is going on ("40 of 200", "waiting for mail").

        Raises:
            TandemError: the mailbox cannot be read now, in words.
        """
        ...
