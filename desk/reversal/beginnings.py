"""First mails that were thrown away, when that is taken back or done again.

They are on no ticket yet, so that no event tells of it: each keeps after which event of its author it was thrown away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from desk.beginning import KeptBeginning, Step
from desk.conversation import Act, EntryId, Event, Happened
from desk.desk import Desk
from desk.errors import RedoTooLate

DISCARDED = "taken back: new mail discarded"
DISCARDED_AGAIN = "done again: new mail discarded"


def bring_beginning_back(desk: Desk, past: Collection[Act] = ()) -> KeptBeginning | None:
    """Make the acting agent's first mail unfinished again that was thrown away last; inside a transaction.

    None where there is none, or something that is not undone was done on a ticket since, but for the acts in `past`.

    Raises:
        NoAgent: nobody said who is acting.
    """
    if (kept := thrown_at_last(desk, past)) is None:
        return None
    back = replace(kept, brought_back=next_step(desk, kept))
    desk.store.beginnings.put(back)
    return back


def throw_beginning_again(desk: Desk) -> bool:
    """Throw a first mail away once more, if bringing it back is what the acting agent undid last; in a transaction.

    Raises:
        NoAgent: nobody said who is acting.
        RedoTooLate: it was changed since.
    """
    back = (each for each in desk.store.beginnings.of(desk.me.handle) if each.brought_back is not None)
    kept = max(back, key=lambda each: number_of(each.brought_back), default=None)
    last = desk.store.conversations.latest(desk.me.handle, but=(Happened.REDONE,))
    if kept is None or kept.brought_back is None or _is_after(last, kept.brought_back):
        return False
    if kept.revision != kept.brought_back.revision:
        raise RedoTooLate("not done again: the new mail was changed since")
    desk.store.beginnings.put(replace(kept, brought_back=None))
    return True


def is_thrown_since(desk: Desk, undoing: Event) -> bool:
    """Whether the acting agent threw a first mail away after an undo, so that there is nothing to redo."""
    thrown = (each for each in desk.store.beginnings.of(desk.me.handle) if each.is_thrown)
    return any(not _is_after(undoing, each.thrown) for each in thrown)


def next_step(desk: Desk, kept: KeptBeginning) -> Step:
    """What the acting agent does with a first mail now, after all that they did before."""
    done = desk.store.conversations.done_by(desk.me.handle, 1)
    before = (number_of(step) for each in desk.store.beginnings.of(desk.me.handle) for step in _steps(each))
    after = done[0].id if done else EntryId(0)
    return Step(after=after, number=max(before, default=0) + 1, revision=kept.revision)


def thrown_last(desk: Desk) -> KeptBeginning | None:
    """The first mail that the acting agent threw away last, of those that no undo brought back."""
    thrown = (each for each in desk.store.beginnings.of(desk.me.handle) if each.is_thrown)
    return max(thrown, key=lambda each: number_of(each.thrown), default=None)


def thrown_at_last(desk: Desk, past: Collection[Act] = ()) -> KeptBeginning | None:
    """The same if that is the last thing they did, of all that is not undone and is no act in `past`."""
    kept = thrown_last(desk)
    return None if kept is None or _is_after(last_done(desk, past), kept.thrown) else kept


def last_done(desk: Desk, past: Collection[Act] = ()) -> Event | None:
    """What the acting agent did last on a ticket, of all that is not undone and is no act in `past`."""
    return desk.store.conversations.latest(desk.me.handle, but=(Happened.UNDONE, Happened.REDONE), past=past)


def number_of(step: Step | None) -> int:
    """Which step of its author it is, from 1; 0 where there was none."""
    return step.number if step else 0


def _steps(kept: KeptBeginning) -> Iterator[Step]:
    return (each for each in (kept.thrown, kept.brought_back) if each is not None)


def _is_after(event: Event | None, step: Step | None) -> bool:
    return event is not None and (step is None or event.id > step.after)
