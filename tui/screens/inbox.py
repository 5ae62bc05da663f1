"""The inbox: the list of tickets and, beside or instead of it, the ticket that is read.

At 100 columns and more both stand side by side, and moving the cursor shows the ticket; below that one at a time. How a
ticket is read is in tui/reader/reading.py, how the list is narrowed and left in tui/lists/narrowing.py, what the keys
do to tickets in tui/actions/tickets.py and tui/actions/writing.py.
"""

from __future__ import annotations

from functools import partial
from typing import cast

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from desk.beginning import KeptBeginning
from desk.desk import Desk
from desk.draft import Draft
from desk.errors import RefusedError
from desk.ticket import TicketNumber
from tui.actions.handing import HandingActions
from tui.actions.macros import MacroActions
from tui.actions.offers import OfferActions
from tui.composer.recovering import Recovering
from tui.customer_side import CustomerSide
from tui.front import Writing, front
from tui.keys import Context
from tui.lists.listing import Listing
from tui.lists.narrowing import Narrowing
from tui.lists.viewing import SIDED
from tui.messages import StoreChanged
from tui.reader.attending import RENEW_EVERY
from tui.reader.opened import OpenTicket
from tui.screens.side import Onward, side_screen
from tui.style.signs import Signs
from tui.terminal.first_frame import FirstFrame
from tui.widgets.bars import KeyLine, StatusLine
from tui.widgets.filter import FilterLine
from tui.widgets.find import FindLine
from tui.widgets.reader import Reader
from tui.widgets.sidebar import Sidebar
from tui.widgets.ticket_list import TicketList
from tui.widgets.top_line import TopLine
from tui.words.tongue import tr


class InboxScreen(FirstFrame, CustomerSide, Narrowing, HandingActions, MacroActions, Recovering, OfferActions):
    """The list, the reader, and the lines around them."""

    AUTO_FOCUS = "TicketList"

    def __init__(self, desk: Desk, signs: Signs, begun: Listing | None = None) -> None:
        super().__init__(desk, signs)
        self._begun = begun

    def compose(self) -> ComposeResult:
        yield TopLine()
        with Horizontal(id="panes"):
            yield Sidebar(self._signs)
            with Vertical(id="left"):
                yield FilterLine(self.narrow)
                yield TicketList(self._read_rows, self._desk.clock, self._signs)
            yield Reader(self._desk.clock, self._signs)
        yield FindLine()
        yield StatusLine()
        yield KeyLine(Context.LIST)

    def on_mount(self) -> None:
        front(self).changed.subscribe(self, self._store_changed)
        self.set_interval(RENEW_EVERY, self._attend_again)
        self.set_interval(1.0, self._each_second)
        self._describe()
        if self._begun is not None:
            self._show_listing(self.asked, self._begun)
        self.refresh_list()

    @property
    def context(self) -> Context | None:
        """Where keys act: in the list or in the reader; nowhere while a filter is typed, or before there is a list."""
        if isinstance(self.focused, Reader):
            return Context.FOUND if self.is_seeking else Context.READER
        if isinstance(self.focused, Sidebar):
            return Context.SIDEBAR
        return Context.LIST if isinstance(self.focused, TicketList) else self.customer_place

    def marked(self) -> tuple[TicketNumber, ...]:
        return () if self.is_reading else self.tickets.marked

    def targets(self) -> tuple[TicketNumber, ...]:
        if marked := self.marked():
            self._departure.check()
            return marked
        return (self.target(),)

    def target(self) -> TicketNumber:
        if not self.is_reading:
            self._departure.check()
        number = self._turning or (self._opened if self.is_reading else self.tickets.current)
        if number is None:
            raise RefusedError(tr("there is no ticket here"))
        return number

    def acted(self) -> None:
        self.refresh_list()
        self._reload()

    def let_go(self, number: TicketNumber) -> None:
        if number == self.tickets.current:
            self.tickets.let_go()

    def go_back_to(self, number: TicketNumber) -> None:
        if self.is_reading and number != self._opened:
            self._open(number)
        if not self.tickets.go_to(number):
            self._sought = number

    def action_view(self, name: str) -> None:
        if (screen := side_screen(name)) is not None:
            front(self).push_screen(screen, self._came_back)
        else:
            self._go_to_page(self.page(name))

    def action_open(self) -> None:
        if isinstance(self.focused, Sidebar):
            self.open_chosen()
        elif (number := self.tickets.current) is not None:
            self._open(number)

    def action_switch_pane(self) -> None:
        if isinstance(self.focused, Sidebar):
            self._leave_sidebar()
        elif self.is_reading:
            self._close_reader()
            if self.has_sidebar:
                self.set_focus(self.sidebar)
        else:
            self.action_open()

    def action_mark(self, then: str = "") -> None:
        self.tickets.action_mark(then)

    def on_ticket_list_moved(self) -> None:
        """Show the ticket under the cursor, once the cursor stays; a held-down key shows none of those it passes."""
        self._sought = None
        if not self.is_active:
            return
        self._stop_timers()
        if not self.is_reading:
            self._attending.close()
            self._show_soon()

    def on_ticket_list_marked(self) -> None:
        self._describe()

    def on_descendant_focus(self) -> None:
        self._uncover_list()
        self._describe()

    def on_screen_suspend(self) -> None:
        self._stop_timers()
        self.query("Tour").set(visible=False)  # no corner of it is to look out below a box

    def on_screen_resume(self) -> None:
        """Tell colleagues again what is read here; below another screen the cursor may have come to another ticket."""
        self.query("Tour").set(visible=True)
        if self._listing is None:
            return
        self._tell_departure()
        if self.tickets.current != self._opened and not self.is_reading:
            self.on_ticket_list_moved()
        else:
            self._attend_again()
            self._read_soon()

    def on_resize(self) -> None:
        self.set_class(front(self).size.width >= SIDED, "-sided")
        self._uncover_list()
        if self.is_wide and not self.is_reading:
            self._show_current()
        self._describe()

    def _read_rows(self) -> None:
        """Read the rows that the list misses, in the reader's thread."""
        rows = self.tickets.rows
        front(self).read("rows", lambda desk: rows.fill(desk.store.tickets.many), lambda _: self._rows_arrived())

    def _rows_arrived(self) -> None:
        for tickets in self.query(TicketList):  # none on a screen that is closing
            tickets.arrived()

    def _store_changed(self, change: StoreChanged) -> None:
        self.tickets.forget(change.tickets)
        if change.touches("tickets", "drafts", "parked", "views"):
            self.refresh_list()
        elif change.touches("presence"):
            self._refresh_presences()
        self._tell_composer(change)
        showing = self.reader.current
        if showing is None:
            return
        if (
            change.tickets is None
            or showing.ticket.number in change.tickets
            or change.touches("presence", "outbox", "drafts")
        ):
            self._reload()

    def _tell_composer(self, change: StoreChanged) -> None:
        composer = front(self).screen
        if not isinstance(composer, Writing) or not change.touches("tickets", "presence", "drafts"):
            return
        if not composer.number:  # a first mail, which is on no ticket yet
            return
        self._fetch("written on", composer.number, partial(self._tell_news_to, composer))

    def _tell_news_to(self, composer: Writing, opened: OpenTicket) -> None:
        if cast("object", front(self).screen) is composer:
            composer.news(opened)

    def _came_back(self, onward: Onward) -> None:
        if isinstance(onward, str):
            self._view_or_say(onward)
        elif isinstance(onward, Draft):
            self.write_on(onward)
        elif isinstance(onward, KeptBeginning):
            self.write_first(onward)
        elif onward is not None:
            self._open(onward)

    def _view_or_say(self, name: str) -> None:
        """Go to a view that was chosen on another screen; it may be gone since."""
        try:
            self.action_view(name)
        except RefusedError as error:
            front(self).say(str(error), "error")
