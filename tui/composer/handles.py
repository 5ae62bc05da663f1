"""Whom a note can call."""

from __future__ import annotations

from desk.desk import Desk
from desk.people import Handle


def handles_of_others(desk: Desk) -> tuple[Handle, ...]:
    """The handles of everybody but the acting agent."""
    me = desk.acting.handle if desk.acting else None
    return tuple(each.handle for each in desk.store.agents.all() if each.handle != me)
