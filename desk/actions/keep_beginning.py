"""Keep a mail that opens a ticket while it is being written: its author's own, which no other screen writes over.

Unlike an answer it has no ticket to stand on, so that nobody else sees it.
"""

from __future__ import annotations

from dataclasses import replace

from desk.beginning import Beginning, KeptBeginning
from desk.desk import Desk
from desk.reversal.beginnings import next_step, number_of

MOST_THROWN = 20
"""First mails of one agent that are kept after they were thrown away; the one before that is forgotten for good."""


def keep_beginning(desk: Desk, beginning: Beginning, *, last: KeptBeginning | None = None) -> KeptBeginning | None:
    """Keep it in the place of `last`, what was read or saved before; an empty one is forgotten (None comes back).

    Where another screen saved that one since, or sent it, this is kept as one more: nobody's words are lost.

    Raises:
        NoAgent: nobody said who is acting.
    """
    me = desk.me.handle
    with desk.store.transaction():
        now = _stored(desk, last)
        if beginning.is_empty:
            discard_beginning(desk, now)
            return None
        if now is None:
            return desk.store.beginnings.add(KeptBeginning(author=me, beginning=beginning, saved=desk.clock()))
        if now.beginning == beginning:
            return now
        kept = replace(now, beginning=beginning, saved=desk.clock(), revision=now.revision + 1)
        desk.store.beginnings.put(kept)
        return kept


def kept_beginnings(desk: Desk) -> list[KeptBeginning]:
    """The acting agent's own, the one that was saved last at the end.

    Raises:
        NoAgent: nobody said who is acting.
    """
    there = (each for each in desk.store.beginnings.of(desk.me.handle) if not each.is_thrown)
    return sorted(there, key=lambda each: (each.saved, each.id))


def discard_beginning(desk: Desk, kept: KeptBeginning | None) -> None:
    """Forget one of the acting agent's, if it still is what was last read or saved."""
    with desk.store.transaction():
        if (now := _stored(desk, kept)) is not None:
            desk.store.beginnings.remove(now.id)


def throw_beginning_away(desk: Desk, kept: KeptBeginning) -> bool:
    """Keep one of the acting agent's with its files for nothing but an undo.

    False comes back where it is not what was last read or saved any more: it stays then.

    Raises:
        NoAgent: nobody said who is acting.
    """
    with desk.store.transaction():
        if (now := _stored(desk, kept)) is None:
            return False
        step = next_step(desk, now)
        _forget_older(desk)
        desk.store.beginnings.put(replace(now, thrown=step, brought_back=None))
        return True


def _stored(desk: Desk, kept: KeptBeginning | None) -> KeptBeginning | None:
    there = (each for each in kept_beginnings(desk) if kept is not None and each.id == kept.id)
    return next((each for each in there if kept is not None and each.revision == kept.revision), None)


def _forget_older(desk: Desk) -> None:
    """Keep no more than `MOST_THROWN` of the agent's, and nothing of what an undo brought back: no redo is due now."""
    mine = desk.store.beginnings.of(desk.me.handle)
    for each in mine:
        if each.brought_back is not None:
            desk.store.beginnings.put(replace(each, thrown=None, brought_back=None))
    thrown = sorted((each for each in mine if each.is_thrown), key=lambda each: number_of(each.thrown))
    for each in thrown[: -(MOST_THROWN - 1)]:
        desk.store.beginnings.remove(each.id)
