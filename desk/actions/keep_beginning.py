"""Keep a mail that opens a ticket while it is being written: its author's own, which no other screen writes over.

Unlike an answer it has no ticket to stand on, so that nobody else sees it.
"""

from __future__ import annotations

from dataclasses import replace

from desk.beginning import Beginning, KeptBeginning
from desk.desk import Desk


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
        new = KeptBeginning(author=me, beginning=beginning, saved=desk.clock())
        if now is None:
            return desk.store.beginnings.add(new)
        kept = replace(new, id=now.id, revision=now.revision + 1)
        desk.store.beginnings.put(kept)
        return kept


def kept_beginnings(desk: Desk) -> list[KeptBeginning]:
    """The acting agent's own, the one that was saved last at the end.

    Raises:
        NoAgent: nobody said who is acting.
    """
    return sorted(desk.store.beginnings.of(desk.me.handle), key=lambda each: (each.saved, each.id))


def discard_beginning(desk: Desk, kept: KeptBeginning | None) -> None:
    """Forget one of the acting agent's, if it still is what was last read or saved."""
    with desk.store.transaction():
        if (now := _stored(desk, kept)) is not None:
            desk.store.beginnings.remove(now.id)


def _stored(desk: Desk, kept: KeptBeginning | None) -> KeptBeginning | None:
    there = (each for each in desk.store.beginnings.of(desk.me.handle) if kept is not None and each.id == kept.id)
    return next((each for each in there if kept is not None and each.revision == kept.revision), None)
