"""Views on the screen: which is shown, their order, the sidebar, and how the panes share the room."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.widget import Widget

from desk.actions.undo import Undone
from desk.errors import RefusedError
from desk.ports import Sort
from desk.safe import safe_line
from desk.saved_views import SavedView
from desk.ticket import TicketNumber
from tui.front import front
from tui.keys import Action, Context, keys_to
from tui.keys.action import ANYWHERE
from tui.keys.naming import with_keys
from tui.lists.joining import joined
from tui.lists.kept_views import Settled, forget, keep, taken_back
from tui.lists.listed import Listed
from tui.lists.listing import Asked, Listing
from tui.lists.pages import INBOX, PAGES, Page, saved_pages
from tui.widgets.sidebar import Sidebar, entries
from tui.words.heard import heard
from tui.words.tongue import tr

if TYPE_CHECKING:
    from tui.screens.keep_view import Wanted

SIDED = 120
"""Columns from which the sidebar stands beside the list instead of over it."""


class Viewing(Listed):
    """Which view is shown, and how much room it has."""

    _saved: tuple[Page, ...] = ()
    _settled: Settled | None = None
    _is_solo = False
    """Whether list and ticket take turns although both would have room."""
    _returns_to_both = False

    @property
    def sidebar(self) -> Sidebar:
        """All views."""
        return self.query_one(Sidebar)

    @property
    def is_wide(self) -> bool:
        return super().is_wide and not self._is_solo

    @property
    def has_sidebar(self) -> bool:
        """Whether the sidebar is shown."""
        return self.has_class("-sidebar")

    def counted(self) -> Iterable[Page]:
        return (*PAGES.values(), *self._saved) if self.has_sidebar else super().counted()

    def page(self, name: str) -> Page:
        """The view that the table of keys knows by this name.

        Raises:
            RefusedError: it is gone.
        """
        for page in (*PAGES.values(), *self._saved):
            if page.name == name:
                return page
        raise RefusedError(tr("this view is gone"))

    def action_sidebar(self) -> None:
        """Show all views, with the keys on them; or hide them."""
        if self.has_sidebar:
            self._hide_sidebar()
            return
        self.add_class("-sidebar")
        self._tell_sidebar()
        self.set_focus(self.sidebar)
        self.refresh_list()

    def idle_keys(self) -> frozenset[str]:
        if self.focused is not self.sidebar or self._saved_at_hand is not None:
            return super().idle_keys()
        return keys_to("forget_view", Context.SIDEBAR)

    @property
    def idle_actions(self) -> frozenset[str]:
        """The names of actions of the list that could only be refused now."""
        return frozenset() if self._saved_at_hand is not None else frozenset({"forget_view"})

    def on_sidebar_moved(self) -> None:
        """Name the key that takes a view away only where the cursor is on one that was kept."""
        self._describe()

    @property
    def _saved_at_hand(self) -> SavedView | None:
        """The saved view under the cursor of the sidebar, or the one that is shown; None: it is on every desk."""
        name = self.sidebar.chosen if self.focused is self.sidebar else self._page.name
        return next((page.saved for page in self._saved if page.name == name), None)

    def action_save_view(self) -> None:
        from tui.screens.keep_view import KeepViewScreen

        asked = self.asked
        query = joined(asked.query, asked.words)
        there = [page.saved for page in self._saved if page.saved]
        front(self).push_screen(KeepViewScreen(query, there), partial(self._keep, query, asked.sort))

    def action_forget_view(self) -> None:
        """Take a saved view away: the one under the cursor of the sidebar, or the one that is shown."""
        saved = self._saved_at_hand
        if saved is None:
            raise RefusedError(tr("this view is on every desk"), tr("only views that were kept can be taken away"))
        front(self).act(tr("forget the view"), lambda desk: forget(desk, saved.id), self._view_forgotten)

    def action_undo(self) -> None:
        """Take back what was done last, which may have been that a view was kept or taken away."""
        front(self).undoing.take_back(partial(taken_back, self._settled), self._taken_back)

    def action_sort(self, by: str) -> None:
        """Another order, remembered for this view."""
        now = self.asked
        sort, reverse = (now.sort, not now.reverse) if by == "reverse" else (cast("Sort", by), False)
        self._orders[self._page.name] = replace(now, sort=sort, reverse=reverse)
        self.refresh_list(anew=True)
        self._describe()

    def action_panes(self, which: str) -> None:
        """More room for the ticket or for the list: the list alone, both, the ticket alone."""
        if which == "more":
            self._enlarge_ticket()
        else:
            self._enlarge_list()

    def on_sidebar_chosen(self, event: Sidebar.Chosen) -> None:
        """Go where was clicked."""
        self._leave_sidebar()
        self.action_view(event.name)

    @abstractmethod
    def action_view(self, name: str) -> None:
        """Go to a view."""

    def open_chosen(self) -> None:
        """Go to the place under the cursor of the sidebar."""
        name = self.sidebar.chosen
        self._leave_sidebar()
        self.action_view(name)

    def _show_listing(self, asked: Asked, listing: Listing, *, at: TicketNumber | None = None) -> None:
        if listing.saved != tuple(page.saved for page in self._saved):
            self._saved = tuple(saved_pages(listing.saved))
            front(self).offer_views(map(_way, self._saved))
        super()._show_listing(asked, listing, at=at)
        self._tell_sidebar()

    def _keep(self, query: str, sort: Sort, wanted: Wanted | None) -> None:
        if wanted is None:
            return
        name, key, shared = wanted.name, wanted.key, wanted.shared
        front(self).act(
            tr("keep the view"),
            lambda desk: keep(desk, name, query, key=key, sort=sort, shared=shared),
            self._view_kept,
        )

    def _tell_sidebar(self) -> None:
        if self.has_sidebar and self._listing is not None:
            self.sidebar.show(entries(self._saved), self._listing.counts, self._page.name)

    def _leave_sidebar(self) -> None:
        """Give the keys back to the list; a sidebar that lies over the list goes."""
        self.set_focus(self.tickets)
        self._uncover_list()

    def _uncover_list(self) -> None:
        """Let a sidebar that lies over the list go as soon as keys go elsewhere, whichever way that came."""
        if not self.has_class("-sided") and self.focused is not self.sidebar:
            self.remove_class("-sidebar")

    def _hide_sidebar(self) -> None:
        had_keys = self.focused is self.sidebar
        self.remove_class("-sidebar")
        if had_keys:
            back: Widget = self.reader if self.is_reading else self.tickets
            self.set_focus(back)

    def _view_kept(self, settled: Settled) -> None:
        self._settled, view = settled, settled.view
        key = tr(", g {key} leads there").format(key=view.key) if view.key else ""
        done = tr("kept as “{name}”").format(name=safe_line(view.name)) + key
        self._saved = (*self._saved, *saved_pages([view]))
        front(self).offer_views(map(_way, self._saved))
        self._go_to_page(self.page(f"saved:{view.id}"), done)

    def _view_forgotten(self, settled: Settled) -> None:
        self._settled, view = settled, settled.view
        words = tr("the view “{name}” is gone, {key_undo} puts it back")
        self._leave_view(view, with_keys(words, name=safe_line(view.name)))

    def _taken_back(self, back: Settled | Undone | RefusedError) -> None:
        self._settled = None
        if isinstance(back, RefusedError):
            front(self).undoing.refuse(heard(str(back)), "error")
            return
        if isinstance(back, Undone):
            self._undone(back)
            return
        words = tr("the view “{name}” is gone again") if back.is_kept else tr("the view “{name}” is back")
        self._leave_view(back.view, words.format(name=safe_line(back.view.name)))

    def _leave_view(self, view: SavedView, done: str) -> None:
        """Say what was done, and show the list anew: the inbox, where it shows a view that may be no more."""
        if self._page.saved and self._page.saved.id == view.id:
            self._go_to_page(INBOX, done)
        else:
            front(self).say(done)
            self.refresh_list()

    def _enlarge_ticket(self) -> None:
        if super().is_wide and self._is_solo and not self.is_reading:
            self._set_solo(is_solo=False)
        elif (number := self.tickets.current) is not None and not (self.is_reading and not self.is_wide):
            if self.is_wide:
                self._returns_to_both = True
                self._set_solo(is_solo=True)
            self._open(self._opened if self.is_reading and self._opened else number)

    def _enlarge_list(self) -> None:
        if self.is_reading and not self.is_wide:
            self._close_reader()
        elif self.is_wide:
            if self.is_reading:
                self._close_reader()
            self._set_solo(is_solo=True)

    def _close_reader(self) -> None:
        if self._returns_to_both:
            self._returns_to_both = False
            self._set_solo(is_solo=False)
        super()._close_reader()

    def _set_solo(self, *, is_solo: bool) -> None:
        self._is_solo = is_solo
        self.set_class(is_solo, "-solo")
        if self.is_wide and not self.is_reading:
            self._show_current()


def _way(page: Page) -> Action:
    """What leads to a saved view."""
    keys = (f"g {page.view.key}",) if page.view.key else ()
    return Action("view", keys, page.title, page.view.query, ANYWHERE, (page.name,), moves=True)
