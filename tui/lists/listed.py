"""A list that follows the store: which view it shows, narrowed by what, in which order, and how that stands.

The store is only read in the reader's thread; what was read for a list that is no longer wanted is let go.
"""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from desk.conversation import Act
from desk.desk import Desk
from desk.errors import BadQuery
from desk.expression import Expression
from desk.people import Handle
from desk.presence import Presence
from desk.ticket import Status, TicketNumber
from tui.front import front
from tui.keys import Context, keys_of_a_ticket
from tui.lists.awaited import Awaited
from tui.lists.caption import told_empty, told_order, told_query
from tui.lists.departure import Departure, told_gone
from tui.lists.foreseeing import Foreseeing
from tui.lists.joining import stands_alone
from tui.lists.lately import Lately
from tui.lists.listing import (
    Asked,
    Here,
    Listing,
    colleagues_of,
    company,
    read_asked,
    understood,
    unfinished,
    whereabouts,
)
from tui.lists.numbering import Numbers, change
from tui.lists.pages import COUNTED, INBOX, Page
from tui.reader.opened import OpenTicket
from tui.style.signs import Signs
from tui.threads.later import later
from tui.thrift import Quiet, give_back
from tui.widgets.bars import KeyLine
from tui.widgets.filter import FilterLine
from tui.widgets.ticket_list import Showing
from tui.widgets.top_line import Standing, TopLine
from tui.words.tongue import tr, trn

_DONE = (Status.CLOSED, Status.SPAM)
_REST = 4
"""A list that took long to read is not read again before so many times as long have passed."""
_LONG = 0.05
"""Seconds that are long for a list."""


class Listed(Foreseeing):
    """What the list shows."""

    def __init__(self, desk: Desk, signs: Signs) -> None:
        super().__init__(desk)
        self._signs = signs
        self._page: Page = INBOX
        self._orders: dict[str, Asked] = {}
        self._filter, self._words = "", ""
        self._unreadable: BadQuery | None = None
        self._lately = Lately()
        """What the reader's thread keeps for the next list."""
        self._listing: Listing | None = None
        self._listed: Asked | None = None
        self._awaited: Awaited[Listing] | None = None
        self._is_anew, self._quiet = True, Quiet()
        self._rests_until, self._is_resting = 0.0, False
        self._departure = Departure()
        self._sought: TicketNumber | None = None
        self._back_to: TicketNumber | None = None

    @property
    @abstractmethod
    def context(self) -> Context | None:
        """Where keys act."""

    @property
    def asked(self) -> Asked:
        """The list that is wanted."""
        order = self._orders.get(self._page.name) or Asked("", sort=self._page.sort)
        return replace(order, query=self._page.view.query, words=self._words)

    def counted(self) -> Iterable[Page]:
        """The views whose tickets are counted: those of the top line, where the one that is shown stands too."""
        return COUNTED if self._page in COUNTED else (*COUNTED, self._page)

    def refresh_list(self, *, anew: bool = False, back_to: TicketNumber | None = None) -> None:
        """Read the list again, in the reader's thread; with `anew` the cursor goes to the top, or `back_to`.

        A list that takes long to read is not read at each change: whoever looks at it sees the rows change anyway.
        """
        if anew:
            self._is_anew, self._back_to = True, back_to
        rest = self._rests_until - time.monotonic()
        if not self._is_anew and rest > 0:
            if not self._is_resting:
                self._is_resting = True
                later(self, rest, self._rested)
            return
        asked, here = self.asked, self._here()
        awaited = Awaited(
            lambda desk: read_asked(desk, asked, here, self._lately),
            partial(self._show_read, asked, self._sought, self.tickets.pending.written),
        )
        front(self).read("list", awaited.read, awaited.show)
        before, self._awaited = self._awaited, awaited
        if self._is_anew and before is not None and before.was_quick:
            awaited.wait()  # one frame then shows the key and what it finds

    def _here(self) -> Here:
        """What is shown where the list is to be read again."""
        acted_on = self.tickets.marked or (self.tickets.current,)
        return Here(
            None if self._is_anew else self.tickets.numbers,
            self.tickets.rows.fresh,
            tuple(each for each in acted_on if each is not None),
            tuple(self.counted()),
        )

    def wanted(self) -> Expression | None:
        try:
            return understood(self._desk, self._page.view.query, self._words)
        except BadQuery:
            return None

    def cursor_stayed(self) -> None:
        super().cursor_stayed()
        self._describe()

    def _show_in_reader(self, opened: OpenTicket | None) -> None:
        super()._show_in_reader(opened)
        self._describe()

    def list_foreseen(self, at: TicketNumber | None = None) -> None:
        if (listing := self._listing) is not None and self._listed == self.asked:
            numbers = listing.numbers.without(self.leaving())
            news = replace(change(self.tickets.numbers, numbers), came=frozenset())
            self.tickets.show(numbers, news, showing=self._showing(listing, numbers), at=at)
            self._describe()

    def _show_read(self, asked: Asked, at: TicketNumber | None, written: frozenset[Act], listing: Listing) -> None:
        """Show a list that knows of everything that was written when it was asked for."""
        if asked == self.asked:
            self.tickets.pending.end(written)
        self._show_listing(asked, listing, at=at)

    def _rested(self) -> None:
        self._is_resting = False
        self.refresh_list()

    def _refresh_presences(self) -> None:
        front(self).read("presence", colleagues_of, self._show_presences)

    def _show_presences(self, here: tuple[Presence, ...]) -> None:
        if self._listing is not None:
            self._listing = replace(self._listing, presences=here)
            self._tell_time(self._listing)

    def _show_listing(self, asked: Asked, listing: Listing, *, at: TicketNumber | None = None) -> None:
        if asked != self.asked and self._listing is not None:
            return
        if self._listing is None:
            self.call_after_refresh(front(self).begin_mail)
        anew, self._is_anew = self._is_anew, False
        begun_on, marks_before = self.tickets.marked or (self.tickets.current,), self._marks
        is_same_list, self._listing, self._listed = asked == self._listed, replace(listing, tickets=()), asked
        if listing.took > _LONG:
            self._rests_until = time.monotonic() + _REST * listing.took
        leaving = self.leaving()
        numbers = listing.numbers.without(leaving)
        self.tickets.bring(listing.tickets)
        news = self.tickets.show(
            numbers,
            None if leaving else listing.news,
            showing=self._showing(listing, numbers),
            at=at,
            anew=anew,
            narrowed=bool(asked.words.strip()),
            back_to=self._back_to,
        )
        if anew and not is_same_list:
            self._tell_let_go(marks_before - self._marks)
        if self._sought == at:
            self._sought = None
        left = next((each for each in begun_on if each in news.left - leaving), None)
        if left is not None and is_same_list and not self.is_reading:
            self._tell_departed(listing.departed.get(left, told_gone(left)))
        self._tell_time(listing)
        if not listing.numbers and not self.is_reading:
            self.reader.show(None)

    def _showing(self, listing: Listing, numbers: Numbers) -> Showing:
        empty = "" if numbers else told_empty(self._page, self._words, listing.counts)
        return Showing(empty, self._page.mixed or bool(self._words), len(self._desk.settings.mailboxes) > 1)

    def _tell_departed(self, words: str) -> None:
        """Tell that a ticket that keys would have acted on left the list, unless it was by one's own doing."""
        if words:
            self._departure.record(words)
            if self.is_active:
                self._tell_departure()

    def _tell_departure(self) -> None:
        if words := self._departure.show():
            front(self).say(words, "warn")

    def calls_changed(self) -> None:
        self.tickets.called(self.calling)
        if self._listing is not None:
            self._tell_time(self._listing)

    def _each_second(self) -> None:
        if self._listing is None:
            self.refresh_list()
        else:
            self._tell_time(self._listing)
        if self._quiet.has_come(self._awaited):
            front(self).read("memory", lambda _: give_back(), lambda _: None)

    def _tell_time(self, listing: Listing) -> None:
        """Show what the clock changes: who is still here, how long each waits; nothing on a screen that is closing."""
        top_line = next((each for each in self.children if isinstance(each, TopLine)), None)
        if top_line is None:
            return
        now = self._desk.clock()
        here = [each for each in listing.presences if each.until > now]
        me: Handle | None = self._desk.acting.handle if self._desk.acting else None
        self.tickets.attended(whereabouts(here, now), company(here, now))
        self.tickets.drafted(unfinished(listing.drafts, me, now))
        counts = {**listing.counts, **self.counts_of_calls(now)}
        page, agent = self._page, me or tr("nobody")
        top_line.show(Standing(page.name, counts, here, agent, now.replace(second=0), title=page.title))
        self.tickets.tick(now)
        self._describe()

    def _describe(self) -> None:
        """Say what the list shows, and which keys act."""
        caption = self.query_one(FilterLine).caption
        if self._unreadable is not None:
            caption.warn(self._unreadable)
        else:
            caption.show(*told_query(self._page, self._words), self._shown_order())
        marked, aside = (0, 0) if self.is_reading else (len(self.tickets.marked), self.tickets.hidden_marks)
        self.query_one(KeyLine).leave_out(self.idle_keys())
        self.query_one(KeyLine).show(
            self.context or self.typing_place, marked, aside, done=self._are_done(), filtered=bool(self._filter)
        )

    def idle_keys(self) -> frozenset[str]:
        is_on_one = self.is_reading or self.tickets.current is not None
        return frozenset() if is_on_one else keys_of_a_ticket(Context.LIST)

    def _are_done(self) -> bool:
        """Whether all that keys act on is closed or spam."""
        if self.is_reading and (showing := self.reader.current) is not None:
            return showing.ticket.status in _DONE
        current = self.tickets.current
        numbers = self.tickets.marked or (() if current is None else (current,))
        return all(map(self._is_done, numbers)) if numbers else self._has_done_only

    def _is_done(self, number: TicketNumber) -> bool:
        known = self.tickets.rows.get(number)
        return self._has_done_only if known is None else self.tickets.pending.over(known[0]).status in _DONE

    @property
    def _has_done_only(self) -> bool:
        return self._page.done and not stands_alone(self._page.view.query, self._words)

    def _shown_order(self) -> str:
        at = self.tickets
        return told_order(self.asked, self._signs, found=len(at.numbers), above=at.unseen_above, place=at.told_place)

    @property
    def _marks(self) -> int:
        """How many tickets are marked, be they shown or not."""
        return len(self.tickets.marked) + self.tickets.hidden_marks

    def _go_to_page(self, page: Page, done: str = "") -> None:
        """Show a view whole, and say what was `done` and that its marks were let go; in the same view they stay."""
        marks = self._marks if page.name != self._page.name else 0
        self._page, self._filter, self._words, self._unreadable = page, "", "", None
        if marks:
            self.tickets.clear_marks()
        self._tell_let_go(marks, done)
        self._close_reader()
        self.refresh_list(anew=True)

    def _tell_let_go(self, marks: int, done: str = "") -> None:
        let_go = trn("{count} mark was let go", "{count} marks were let go", marks).format(count=f"{marks:,}")
        if told := [*([done] if done else []), *([let_go] if marks > 0 else [])]:
            front(self).say(", ".join(told))
