"""The inbox: the list of tickets and, beside or instead of it, the ticket that is read.

At 100 columns and more both stand side by side, and moving the cursor shows the ticket; below that one at a time.
How a ticket is read is in tui/reading.py, what the keys do to tickets in tui/ticket_actions.py and
tui/writing_actions.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import cast

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from desk.desk import Desk
from desk.draft import Draft
from desk.errors import RefusedError
from desk.ticket import TicketNumber
from tui.attending import RENEW_EVERY
from tui.customer_side import CustomerSide
from tui.first_frame import FirstFrame
from tui.front import Writing, front
from tui.keys import Context
from tui.keys.naming import with_keys
from tui.listing import Listing
from tui.messages import StoreChanged
from tui.opened import OpenTicket
from tui.pages import INBOX, PAGES
from tui.screens.side import Onward
from tui.signs import Signs
from tui.tongue import tr
from tui.viewing import SIDED, Viewing
from tui.widgets.bars import KeyLine, StatusLine
from tui.widgets.filter import FilterLine
from tui.widgets.find import FindLine
from tui.widgets.reader import Reader
from tui.widgets.sidebar import Sidebar
from tui.widgets.ticket_list import TicketList
from tui.widgets.top_line import TopLine


class InboxScreen(FirstFrame, CustomerSide, Viewing):
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
                yield FilterLine()
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

    def targets(self) -> tuple[TicketNumber, ...]:
        if self.tickets.marked and not self.is_reading:
            self._departure.check()
            return self.tickets.marked
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

    def go_on_from(self, numbers: Sequence[TicketNumber]) -> None:
        following = self.tickets.after(numbers)
        if following is not None:
            self.tickets.go_to(following)
        if self.is_reading:
            if following is None:
                self._close_reader()
            else:
                self._open(following)

    def let_go(self, number: TicketNumber) -> None:
        if number == self.tickets.current:
            self.tickets.let_go()

    def go_back_to(self, number: TicketNumber) -> None:
        if self.is_reading and number != self._opened:
            self._open(number)
        if not self.tickets.go_to(number):
            self._sought = number

    def action_view(self, name: str) -> None:
        if name == "stats":
            from tui.screens.stats import StatsScreen  # noqa: PLC0415 - not needed to show a list

            front(self).push_screen(StatsScreen(), self._came_back)
        elif name == "shift":
            from tui.screens.shift import ShiftScreen  # noqa: PLC0415 - likewise

            front(self).push_screen(ShiftScreen(), self._came_back)
        elif name == "parked":
            from tui.screens.parked import ParkedScreen  # noqa: PLC0415 - likewise

            front(self).push_screen(ParkedScreen(), self._came_back)
        elif name == "outbox":
            from tui.screens.outbox import OutboxScreen  # noqa: PLC0415 - likewise

            front(self).push_screen(OutboxScreen(), self._came_back)
        else:
            self._go_to_page(self.page(name))

    def action_open(self) -> None:
        if isinstance(self.focused, Sidebar):
            self.open_chosen()
        elif (number := self.tickets.current) is not None:
            self._open(number)

    def action_open_ticket(self, number: str) -> None:
        """Open a ticket by its number, wherever it is."""
        self._open(TicketNumber(int(number)))

    def action_next_ticket(self) -> None:
        self._step(1)

    def action_previous_ticket(self) -> None:
        self._step(-1)

    def action_switch_pane(self) -> None:
        if isinstance(self.focused, Sidebar):
            self._leave_sidebar()
        elif self.is_reading:
            self._close_reader()
            if self.has_sidebar:
                self.set_focus(self.sidebar)
        else:
            self.action_open()

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

    def action_mark(self, then: str = "") -> None:
        self.tickets.action_mark(then)

    def action_copy(self, what: str) -> None:
        ticket = self._desk.ticket(self.target())
        text = str(ticket.number) if what == "number" else ticket.customer.email
        front(self).copy(text)
        front(self).say(tr("copied: {text}").format(text=text))

    def on_ticket_list_moved(self) -> None:
        """Show the ticket under the cursor, once the cursor stays; a held-down key shows none of those it passes."""
        self._sought = None
        if not self.is_active:
            return
        self._stop_timers()
        if not self.is_reading:
            self._attending.close()
        if self.is_wide and not self.is_reading and not self.query_one(FilterLine).is_open:
            self._show_soon()

    def on_ticket_list_marked(self) -> None:
        self._describe()

    def on_reader_end_reached(self, event: Reader.EndReached) -> None:
        if event.number == self._opened and not self.is_turning:
            self._step(1)

    @property
    def is_narrowing(self) -> bool:
        """Whether a filter is being typed, or what it leaves has yet to be read."""
        return self.query_one(FilterLine).is_open or self._listed != self.asked

    def on_filter_line_typed(self, event: FilterLine.Typed) -> None:
        self._filter = event.words
        self._search()

    async def on_filter_line_left(self, event: FilterLine.Left) -> None:
        if not event.keep:
            self._filter = ""
            self._search()
        await self.query_one(FilterLine).shut()
        self.tickets.focus()

    def on_descendant_focus(self) -> None:
        self._describe()

    def on_screen_suspend(self) -> None:
        self._stop_timers()

    def on_screen_resume(self) -> None:
        """Tell colleagues again what is read here; below another screen the cursor may have come to another ticket."""
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

    @property
    def has_tickets(self) -> bool:
        """Whether the list shows any."""
        return bool(self.tickets.numbers)

    def seek(self, words: str) -> None:
        """Show whatever fits these words of the query language, in every view."""
        self._go_to_page(PAGES["all"])
        self._filter = words
        self._search()

    async def _went_back(self) -> bool:
        """Undo the last step into depth: the reader, marks, the filter, another view; false at the root."""
        if isinstance(self.focused, Sidebar):
            self._hide_sidebar()
        elif self.is_reading:
            self._close_reader()
        elif self.tickets.marked:
            self.tickets.clear_marks()
        elif self._filter:
            await self.on_filter_line_left(FilterLine.Left(keep=False))
        elif self._page is not INBOX:
            self._go_to_page(INBOX)
        else:
            return False
        return True

    def _came_back(self, onward: Onward) -> None:
        if isinstance(onward, str):
            self.action_view(onward)
        elif isinstance(onward, Draft):
            self.write_on(onward)
        elif onward is not None:
            self._open(onward)

    def _step(self, by: int) -> None:
        if (number := self._beside(by)) is not None:
            self._open(number)
        else:
            last, first = tr("this is the last ticket of the list"), tr("this is the first ticket of the list")
            front(self).say(last if by > 0 else first)

    def _beside(self, by: int) -> TicketNumber | None:
        """The next ticket; it has the cursor already where the one that is read went to another place of the list."""
        current = self.tickets.current
        if by > 0 and self.is_reading and current not in (None, self._opened):
            return current
        return self.tickets.step(by)
