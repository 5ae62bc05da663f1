"""Promises, when making or keeping one is taken back or done again."""

from __future__ import annotations

from dataclasses import replace

from desk.desk import Desk
from desk.erasure import WORDS
from desk.errors import RedoTooLate, RefusedError, UndoTooLate
from desk.promises import Promise, PromiseId
from desk.reversal.part import Part


def take_promise_back(desk: Desk, part: Part) -> None:
    """Let a promise never have been made.

    Raises:
        UndoTooLate: somebody said that it was kept.
    """
    there = _promise(desk, part, UndoTooLate)
    if there.kept is not None:
        raise UndoTooLate(f"too late: {there.kept_by} kept the promise on ticket {there.ticket} since")
    desk.store.promises.put(replace(there, is_gone=True))


def promise_again(desk: Desk, part: Part) -> None:
    """Let a promise that was taken back stand again.

    Raises:
        RedoTooLate: it was erased at the customer's request.
    """
    there = _promise(desk, part, RedoTooLate)
    if there.text == WORDS:
        raise RedoTooLate(f"not done again: the promise on ticket {there.ticket} was erased")
    desk.store.promises.put(replace(there, is_gone=False))


def unkeep(desk: Desk, part: Part) -> None:
    """Let a promise have still to be kept."""
    desk.store.promises.put(replace(_promise(desk, part, UndoTooLate), kept=None, kept_by=None))


def keep_again(desk: Desk, part: Part) -> None:
    """Let a promise be kept once more.

    Raises:
        RedoTooLate: a colleague kept it, or took it back.
    """
    there = _promise(desk, part, RedoTooLate)
    if not there.stands:
        raise RedoTooLate(f"not done again: the promise on ticket {there.ticket} does not stand any more")
    desk.store.promises.put(replace(there, kept=desk.clock(), kept_by=part.event.author))


def _promise(desk: Desk, part: Part, refused: type[RefusedError]) -> Promise:
    there = desk.store.promises.get(PromiseId(int(part.event.detail["promise"])))
    if there is None:
        raise refused(f"the promise on ticket {part.event.ticket} is gone")
    return there
