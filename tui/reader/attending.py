"""Which ticket this agent has open, told to colleagues for as long as it is so, and that its mail was read."""

from __future__ import annotations

from desk.actions.attend import attend, leave
from desk.actions.open import mark_read
from desk.desk import Desk
from desk.presence import Doing
from desk.ticket import TicketNumber
from tui.host import Host
from tui.words.tongue import tr

RENEW_EVERY = 15.0
"""Seconds after which it is said again, well within the time that a presence holds."""


class Attending:
    """Tells through the app's writer, so that nothing waits for it; silent where nobody is acting."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._number: TicketNumber | None = None

    def open(self, number: TicketNumber, *, unread: bool) -> None:
        """A ticket is open from now on; colleagues see it, and it counts as read."""
        self._number = number
        if unread:
            label = tr("read mark of {number}").format(number=number)
            self._host.act(label, lambda desk: mark_read(desk, number))
        self.renew()

    def renew(self) -> None:
        """Say it again, if a ticket is open."""
        if (number := self._number) is not None and self._is_acting():
            self._host.be_seen(lambda desk: attend(desk, number, Doing.READING))

    def close(self) -> None:
        """No ticket is open any more."""
        if self._number is not None and self._is_acting():
            self._host.be_seen(leave)
        self._number = None

    def _is_acting(self) -> bool:
        return self._host.desk.acting is not None


def depart(desk: Desk) -> None:
    """Take this agent's presence away at the end."""
    if desk.acting is not None:
        leave(desk)
