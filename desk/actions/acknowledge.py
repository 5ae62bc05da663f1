"""Switch the automatic answers of a desk off, for all of its processes at once, and on again."""

from __future__ import annotations

from desk.acknowledged import Stopped
from desk.desk import Desk
from desk.silence import stop_all


def stop_acknowledging(desk: Desk) -> int:
    """Give no automatic answers from now on, and stop those that wait to leave; returns how many these were.

    Raises:
        NoAgent: nobody said who is acting.
    """
    return stop_all(desk, Stopped(at=desk.clock(), by=desk.me.handle))


def go_on_acknowledging(desk: Desk) -> bool:
    """Give automatic answers again; False where nothing had stopped them.

    Raises:
        NoAgent: nobody said who is acting.
    """
    _ = desk.me
    with desk.store.transaction():
        if desk.store.acknowledgements.stopped() is None:
            return False
        desk.store.acknowledgements.go_on()
        return True
