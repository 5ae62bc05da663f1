"""A list that is narrowed by what is typed, and left again one step at a time."""

from __future__ import annotations

from contextlib import suppress

from desk.errors import BadQuery
from desk.ticket import TicketNumber
from tui.front import front
from tui.keys.naming import with_keys
from tui.lists.listing import understood
from tui.lists.pages import INBOX, PAGES
from tui.lists.viewing import Viewing
from tui.widgets.filter import FilterLine
from tui.widgets.sidebar import Sidebar
from tui.words.tongue import tr


class Narrowing(Viewing):
    """Views with a filter over them, and the way back from each step into depth."""

    _came_from: TicketNumber | None = None
    """Where the cursor stood before there was a filter."""

    @property
    def has_tickets(self) -> bool:
        """Whether the list shows any."""
        return bool(self.tickets.numbers)

    def seek(self, words: str) -> None:
        """Show whatever fits these words of the query language, in every view."""
        self._go_to_page(PAGES["all"])
        self.narrow(words)

    @property
    def is_narrowing(self) -> bool:
        """Whether a filter is being typed, or what it leaves has yet to be read."""
        return self.query_one(FilterLine).is_open or self._listed != self.asked

    def narrow(self, words: str) -> None:
        """Show of the view what fits these words too."""
        if self._listed is not None and not self._listed.words.strip():
            self._came_from = self.tickets.current
        self._filter = words
        self._search()

    def _search(self) -> None:
        """Narrow the list by what is typed, where that can be read; the caption changes with it, in one paint."""
        try:
            understood(self._desk, self._page.view.query, self._filter)
        except BadQuery as error:
            self._unreadable = error
            self._search_before()
            self._describe()
        else:
            self._unreadable = None
            self._read_narrowed(self._filter)

    def _search_before(self) -> None:
        """Show what the words before the unfinished one find, where they can be read: not what its letters found."""
        words = self._filter.rpartition(" ")[0]
        with suppress(BadQuery):
            understood(self._desk, self._page.view.query, words)
            if words != self._words:
                self._read_narrowed(words)

    def _read_narrowed(self, words: str) -> None:
        """Have the cursor on the first ticket that words find; without any it stays, or goes back where it was."""
        self._words = words
        self.refresh_list(anew=True, back_to=None if words.strip() else self._came_from)

    async def on_filter_line_left(self, event: FilterLine.Left) -> None:
        if not event.keep:
            self.narrow("")
        await self.query_one(FilterLine).shut()
        self.set_focus(self.tickets)
        if self.tickets.current != self._opened:
            self._show_soon()
        else:
            self._read_soon()

    def _read_soon(self) -> None:
        """A ticket that stands beside the list while words are typed is not read by that."""
        if not self.query_one(FilterLine).is_open:
            super()._read_soon()

    async def action_filter(self) -> None:
        """Narrow the list; a ticket that is read gives the keys up."""
        if self.is_reading:
            self._close_reader()
        await self.query_one(FilterLine).ask(self._filter)

    async def action_cancel(self) -> None:
        await self._went_back()

    async def action_back(self) -> None:
        if not await self._went_back() and front(self).asked_again(
            with_keys(tr("leave Tandem? {key_back} again")), action="back"
        ):
            front(self).leave()

    async def _went_back(self) -> bool:
        """Undo a step into depth: the reader, the filter, marks, another view; false at the root.

        The filter goes first: the list then shows whatever was marked under one filter after another.
        """
        if isinstance(self.focused, Sidebar):
            self._hide_sidebar()
        elif self.is_reading:
            self._close_reader()
        elif self._filter:
            await self.on_filter_line_left(FilterLine.Left(keep=False))
        elif self._marks:
            self.tickets.clear_marks()
        elif self._page is not INBOX:
            self._go_to_page(INBOX)
        else:
            return False
        return True
