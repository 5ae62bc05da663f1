"""How the desk's views stand on the screen: their order, what the top line counts, and what an empty one says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desk.ports import Sort
from desk.saved_views import SavedView
from desk.views import VIEWS, View
from tui.words.tongue import mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A view as a list. `counted` ones stand in the top line, `mixed` ones hold tickets of several states.

    In `done` ones all are closed or spam. `saved` is the view that an agent keeps, where it is one.
    """

    view: View
    sort: Sort = "updated"
    counted: bool = False
    mixed: bool = False
    done: bool = False
    empty: str = mark("Nothing here.")
    saved: SavedView | None = None

    @property
    def name(self) -> str:
        """What the view is called in the table of keys."""
        return f"saved:{self.saved.id}" if self.saved else self.view.name

    @property
    def title(self) -> str:
        """What people call it."""
        return self.view.name if self.saved else self.view.name.capitalize()


_VIEWS = {view.name: view for view in VIEWS}

INBOX = Page(
    view=_VIEWS["inbox"],
    sort="waiting",
    counted=True,
    empty="Nothing is open. {key_view_waiting} shows what waits for customers.",
)
PAGES = {
    page.name: page
    for page in (
        INBOX,
        Page(
            view=_VIEWS["mine"],
            sort="waiting",
            counted=True,
            mixed=True,
            empty="Nothing here is yours. {key_view_new} shows what nobody has taken.",
        ),
        Page(
            view=_VIEWS["new"],
            sort="waiting",
            counted=True,
            empty="Everything open is taken. {key_view_inbox} shows the inbox.",
        ),
        Page(view=_VIEWS["waiting"], counted=True, empty="No customer owes us an answer."),
        Page(
            view=_VIEWS["snoozed"],
            sort="wakes",
            counted=True,
            mixed=True,
            empty="Nothing sleeps. {key_snooze} lets a ticket sleep until you want it back.",
        ),
        Page(
            view=_VIEWS["mentions"], mixed=True, empty="Nobody has asked for you. @handle in a note calls a colleague."
        ),
        Page(view=_VIEWS["drafts"], mixed=True, empty="There are no unfinished texts."),
        Page(view=_VIEWS["closed"], done=True, empty="Nothing is closed yet."),
        Page(view=_VIEWS["spam"], done=True, empty="There is no spam. {key_status_spam} marks a ticket as spam."),
        Page(view=_VIEWS["all"], mixed=True, empty="There are no tickets yet. {key_sync} looks for mail."),
    )
}


COUNTED = tuple(page for page in PAGES.values() if page.counted)
"""The views whose counts stand in the top line."""


def saved_pages(saved: Iterable[SavedView]) -> list[Page]:
    """The views that agents keep, as lists."""
    return [
        Page(view=each.view, sort=each.sort, mixed=True, empty=mark("Nothing fits this view now."), saved=each)
        for each in saved
    ]
