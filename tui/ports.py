"""What the screen asks of the program around it, as Protocols; tandem/loops.py does the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from desk.conversation import EntryId
from desk.standing import Standing


class Background(Protocol):
    """Mail coming in and going out while the screen is open."""

    @property
    def mailboxes(self) -> Sequence[str]:
        """The names of the mailboxes whose mail comes in."""
        ...

    def deliver(self) -> None:
        """Send what is due and return; called about once a second, always from the same thread.

        Raises:
            TandemError: nothing can be sent now, in words.
        """
        ...

    def follow(self, tell: Callable[[Standing], None]) -> None:
        """Begin to take in what comes into every mailbox, until `stop`; returns at once.

        `tell` hears how each mailbox stands, from threads of the background's own.
        """
        ...

    def hurry(self) -> None:
        """Look into every mailbox now, whatever is being waited for."""
        ...

    def stop(self) -> None:
        """Ask for the end, without waiting for it; a second time does nothing."""
        ...

    def load_whole(self, entry: EntryId) -> None:
        """Fetch all of a mail that was too large to be fetched whole, and put it in the place of its beginning.

        It takes as long as the network needs.

        Raises:
            TandemError: it cannot be had, in words.
        """
        ...
