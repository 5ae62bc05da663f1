"""Hand a shift over to a colleague, who is told at the next start at the latest; and take that back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from desk.desk import Desk
from desk.errors import NothingToUndo, RefusedError, UndoTooLate
from desk.handovers import Handover
from desk.people import Handle
from desk.shift import end_of_shift, handed_to, last_handover

LONGEST = 5_000
"""Characters of a remark."""


def hand_shift_over(desk: Desk, to: Handle, remark: str = "", *, since: datetime | None = None) -> Handover:
    """Leave a colleague what was done in the acting agent's shift and what waits, with a remark above it.

    Raises:
        NoSuchAgent, NoAgent: the colleague or the acting agent is unknown.
        RefusedError: the colleague is the acting agent, or the remark is too long.
    """
    me, words = desk.me.handle, remark.strip()
    if to == me:
        raise RefusedError("a shift is handed to somebody else", "`tandem agents` lists everybody")
    if len(words) > LONGEST:
        raise RefusedError(f"a remark has at most {LONGEST} characters", "leave notes on the tickets")
    with desk.store.transaction():
        desk.agent(to)
        shift = end_of_shift(desk, since)
        keep_remark(desk, "")
        return desk.store.handovers.add(
            Handover(
                by=me,
                to=to,
                at=shift.now,
                since=shift.since,
                remark=words,
                done=shift.done,
                ours=tuple(each.number for each in shift.ours),
                theirs=tuple(each.number for each in shift.theirs),
                asleep=tuple(each.number for each in shift.asleep),
                colleagues=tuple(each.number for each in shift.colleagues),
            )
        )


def take_shift_back(desk: Desk) -> Handover:
    """Take back the shift that the acting agent handed over last, as long as the colleague has not read it.

    Raises:
        NothingToUndo: there is none.
        UndoTooLate: it was read.
    """
    with desk.store.transaction():
        if (last := last_handover(desk, desk.me.handle)) is None:
            raise NothingToUndo
        if last.seen is not None:
            raise UndoTooLate(f"too late: {last.to} has read what you handed over")
        gone = replace(last, is_gone=True)
        desk.store.handovers.put(gone)
        keep_remark(desk, kept_remark(desk) or last.remark)
        return gone


def kept_remark(desk: Desk) -> str:
    """The remark that the acting agent has begun and not handed over."""
    begun = _begun(desk)
    return begun.remark if begun else ""


def keep_remark(desk: Desk, text: str) -> None:
    """Keep a remark until the shift is handed over; an empty one is forgotten.

    Raises:
        NoAgent: nobody said who is acting.
    """
    with desk.store.transaction():
        begun, now = _begun(desk), desk.clock()
        if not text.strip():
            if begun is not None:
                desk.store.handovers.remove(begun.id)
        elif begun is None:
            new = Handover(by=desk.me.handle, to=Handle(""), at=now, since=now, remark=text, is_begun=True)
            desk.store.handovers.add(new)
        else:
            desk.store.handovers.put(replace(begun, remark=text, at=now))


def _begun(desk: Desk) -> Handover | None:
    me = desk.me.handle
    return next((each for each in desk.store.handovers.all() if each.is_begun and each.by == me), None)


def see_shifts(desk: Desk) -> list[Handover]:
    """The shifts that were handed to the acting agent and not read yet; from now on they are."""
    with desk.store.transaction():
        new = handed_to(desk, desk.me.handle)
        for each in new:
            desk.store.handovers.put(replace(each, seen=desk.clock()))
        return new
