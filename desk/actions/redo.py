"""Do again what an agent took back last, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desk.conversation import Act, Event, Happened
from desk.desk import Desk, new_act
from desk.errors import NothingToRedo, RedoTooLate
from desk.reversal.beginnings import DISCARDED_AGAIN, is_thrown_since, throw_beginning_again
from desk.reversal.turning import ON, in_words, numbers_of, turn
from desk.ticket import TicketNumber

_LOOK_BACK = 100


@dataclass(frozen=True, slots=True)
class Redone:
    """What was done again; `said` tells it in words."""

    act: Act
    tickets: tuple[TicketNumber, ...]
    said: str


def redo(desk: Desk) -> Redone:
    """Take the acting agent's last undo back, whichever process it was done in; then the one before it, and so on.

    A reply is queued again, the very same mail with a new undo window, as long as nothing happened that it should know.

    Raises:
        NothingToRedo: this agent has taken nothing back, or has done something else since.
        RedoTooLate: what it changed is not as the undo left it; nothing is done.
    """
    from desk.reversal.table import parts_of  # noqa: PLC0415 - it loads how each act is turned

    with desk.store.transaction():
        if throw_beginning_again(desk):
            return Redone(new_act(), (), DISCARDED_AGAIN)
        undoing = _last_undoing(desk)
        events = _taken_back(desk, undoing)
        for each in undoing:
            desk.store.conversations.put(replace(each, undone=True))
        for row, part in parts_of(events, RedoTooLate, left=undoing[0].detail):
            row.again(desk, part)
        left = turn(desk, ON, events, undoing)
        return Redone(events[0].act, numbers_of(events), in_words(desk, "done again", events, left))


def _last_undoing(desk: Desk) -> list[Event]:
    """The events of the last undo, if that is the last thing the agent did."""
    me, conversations = desk.me.handle, desk.store.conversations
    last = conversations.latest(me, but=(Happened.REDONE,))
    if last is None or last.what is not Happened.UNDONE:
        undone = any(each.what is Happened.UNDONE and not each.undone for each in conversations.done_by(me, _LOOK_BACK))
        raise NothingToRedo(since=undone)
    if is_thrown_since(desk, last):
        raise NothingToRedo(since=True)
    return [each for each in conversations.of_act(last.act) if not each.undone]


def _taken_back(desk: Desk, undoing: Sequence[Event]) -> list[Event]:
    """What an undo took back.

    Raises:
        RedoTooLate: some of it went to another ticket since.
    """
    here = {each.ticket for each in undoing}
    act = Act(undoing[0].detail["act"])
    undone = [each for each in desk.store.conversations.of_act(act) if each.undone]
    if elsewhere := [each.ticket for each in undone if each.ticket not in here]:
        what = f"some of what this was about is on ticket {elsewhere[0]} now"
        raise RedoTooLate(f"not done again: {what}")
    return undone
