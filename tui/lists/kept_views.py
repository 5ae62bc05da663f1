"""Views that are kept and taken away at the desk, and how the undo key takes that back; in the writer's thread.

No event tells of a view, since events belong to tickets: the screen that did it knows, and takes it back only where it
was the last thing that its agent did.
"""

from __future__ import annotations

from dataclasses import dataclass

from desk.actions.save_view import put_back, remove_view, save_view
from desk.actions.undo import Undone, undo
from desk.conversation import EntryId
from desk.desk import Desk
from desk.errors import RefusedError
from desk.ports import Sort
from desk.reversal.beginnings import last_done, number_of, thrown_last
from desk.reversal.older import Older
from desk.saved_views import SavedView, SavedViewId


@dataclass(frozen=True, slots=True)
class Settled:
    """A view that was kept or taken away, and what this agent had done last before that."""

    view: SavedView
    is_kept: bool
    after: tuple[EntryId, int]


def keep(desk: Desk, name: str, query: str, *, key: str, sort: Sort, shared: bool) -> Settled:
    """Keep a search as a view."""
    view = save_view(desk, name, query, key=key, sort=sort, shared=shared)
    return Settled(view, is_kept=True, after=_last(desk))


def forget(desk: Desk, view: SavedViewId) -> Settled:
    """Take a view away."""
    return Settled(remove_view(desk, view), is_kept=False, after=_last(desk))


def taken_back(settled: Settled | None, desk: Desk, older: Older | None) -> Settled | Undone | RefusedError:
    """Put a view back or take it away, where the contrary was the last thing done; or else undo what was.

    A refusal about a view comes back: nothing of it is to be tried again.
    """
    if settled is None or _last(desk) != settled.after:
        return undo(desk, older)
    try:
        remove_view(desk, settled.view.id) if settled.is_kept else put_back(desk, settled.view)
    except RefusedError as error:
        return error
    return settled


def _last(desk: Desk) -> tuple[EntryId, int]:
    """What an undo of the desk's would take back, as numbers."""
    thrown, latest = thrown_last(desk), last_done(desk)
    return latest.id if latest else EntryId(0), number_of(thrown.thrown) if thrown else 0
