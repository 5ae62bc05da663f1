"""The open ticket, to read: a window on the lines that tui/reader/conversation.py lays out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rich.segment import Segment
from textual.message import Message as Posted
from textual.strip import Strip

from desk.clock import Clock
from desk.conversation import Direction, EntryId, Message, Note
from desk.outgoing import OutboxState
from desk.ticket import TicketNumber
from tui.keys.action import Context
from tui.keys.naming import with_keys
from tui.reader.conversation import Conversation
from tui.reader.heading import heading
from tui.reader.line_places import fold_at_hand, is_open, places_of, same_place, starts_fold
from tui.reader.lines import Fold, Frame, Line
from tui.reader.opened import OpenTicket
from tui.reader.view import Holding, View, first_open
from tui.style.signs import Signs
from tui.widgets.line_view import LineView
from tui.words.tongue import tr, trn

_MARGIN = 2
_WIDEST = 100
_NARROWEST = 20
_MINUTE = 60


class Reader(LineView):
    """One ticket with its conversation. `show` gives it another one, or a newer state of the same."""

    @dataclass
    class EndReached(Posted):
        """The agent paged on from the end of a ticket."""

        number: TicketNumber

    def __init__(self, clock: Clock, signs: Signs) -> None:
        super().__init__(signs)
        self._clock = clock
        self._opened: OpenTicket | None = None
        self._view = View()
        self._conversation = Conversation()
        self._seconds_old = 0
        self._unseen: set[EntryId] = set()
        self._is_fresh = False

    @property
    def current(self) -> OpenTicket | None:
        """The ticket on show."""
        return self._opened

    @property
    def chosen(self) -> EntryId | None:
        """The entry that the cursor is on."""
        return line.entry if (line := self._line()) else None

    @property
    def at_hand(self) -> Message | Note | None:
        """The mail or note that the cursor is on, or else the nearest above, or below where there is none."""
        if self._opened is None:
            return None
        read = {each.id: each for each in self._opened.entries if isinstance(each, (Message, Note))}
        around = [*reversed(self._lines[: self._cursor + 1]), *self._lines[self._cursor + 1 :]]
        entries = (each.entry for each in around if each.entry is not None)
        return next((read[entry] for entry in entries if entry in read), None)

    @property
    def row(self) -> str:
        """The words of the line that the cursor is on."""
        return line.words if (line := self._line()) else ""

    @property
    def view(self) -> View:
        """What is open."""
        return self._view

    def show(self, opened: OpenTicket | None) -> None:
        """Show a ticket from its first open entry, or a newer state of the one on show, without moving it."""
        known, self._opened = self._opened, opened
        if opened is not None and known is not None and known.ticket.number == opened.ticket.number:
            self._take_news(known, opened)
            self._lay_out()
            return
        self._conversation.clear()
        self._unseen.clear()
        self._found = self._place = None
        self._view = View(entries=first_open(opened)) if opened else View()
        self._is_fresh = True
        self._lay_out()

    def open_found(self, holding: Holding) -> None:
        """Open what holds the sought words, and fold again what was only open because it held others."""
        self._look(self._view.finding(holding))
        if self._found is not None:
            self.find(self._found.words)

    def end_find(self) -> None:
        """Take the marks off, and fold what was opened for the search, but for where the cursor is."""
        super().end_find()
        self._look(self._view.found_no_more(self.chosen))

    def show_headers(self, headers: Mapping[EntryId, tuple[str, ...]] | None) -> None:
        """Show the mails' headers: all of these where they are known; no more where there are none.

        Where they come into sight the mail at hand is shown from its head on.
        """
        begins, entry = self._view.headers is None and headers is not None, self.chosen
        self._look(self._view.with_headers(headers))
        places = [at for at, line in enumerate(self._lines) if line.entry == entry]
        if begins and entry is not None and places:
            self._go_to(places[0], last=places[-1])

    def show_other(self, entry: EntryId, text: str | None) -> None:
        """Show a mail's other form in the place of its text, or (None) its text again."""
        self._look(self._view.with_other(entry, text))

    def on_mount(self) -> None:
        self.set_interval(1.0, self._tick)

    def on_resize(self) -> None:
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """One row: the first always says which ticket this is, the last may say that there is news below."""
        if y and y == self.size.height - 1 and (news := self._news()):
            self._painted[y] = news
            return self._news_strip(news)
        return super().render_line(y)

    def action_page_down(self) -> None:
        """A page on; from the end, on to the next ticket."""
        if self._opened is not None and round(self.scroll_y) >= self.max_scroll_y:
            self.post_message(self.EndReached(self._opened.ticket.number))
        else:
            super().action_page_down()

    def action_fold(self) -> None:
        """Open or close what the cursor is on: a fold on its own line, or else the whole entry."""
        if (line := self._line()) is None:
            return
        if line.fold is not None and starts_fold(self._cursor, self._lines):
            self._toggle(line.fold)
        elif line.entry is not None:
            self._toggle(Fold(line.entry))

    def action_toggle_fold(self) -> None:
        """Open or close the quotation, signature or rest at the cursor, or the next one of the same entry."""
        if (fold := fold_at_hand(self._cursor, self._lines)) is not None:
            self._toggle(fold)

    def action_open_fold(self) -> None:
        if (fold := fold_at_hand(self._cursor, self._lines)) is not None and not is_open(fold, self._lines):
            self._toggle(fold)

    def action_close_fold(self) -> None:
        """Close the part at the cursor where it is open, or else the whole entry."""
        if (line := self._line()) is None or line.entry is None:
            return
        part = line.fold if line.fold is not None and line.fold.part is not None else None
        fold = part if part is not None and is_open(part, self._lines) else Fold(line.entry)
        if is_open(fold, self._lines):
            self._toggle(fold)

    def action_fold_all(self) -> None:
        self._look(self._view.all_folded())

    def action_open_all(self) -> None:
        if self._opened is not None:
            self._look(self._view.all_open(self._opened))

    def action_toggle_quotes(self) -> None:
        """Open all quotations, or fold them again."""
        self._look(self._view.with_quotes(is_open=not self._view.texts.quotes))

    def _toggle(self, fold: Fold) -> None:
        """Open or close something, and show as much of it as there is room for."""
        self._look(self._view.toggled(fold, is_open=is_open(fold, self._lines)))
        if places := places_of(fold, self._lines):
            self._go_to(places[0], last=places[-1])

    def _look(self, view: View) -> None:
        if view != self._view:
            self._view = view
            self._lay_out()

    def _take_news(self, known: OpenTicket, opened: OpenTicket) -> None:
        """Open what came in while the ticket was on show, and remember what its reader has not seen."""
        old = {each.id for each in known.entries}
        new = [each for each in opened.entries if each.id not in old]
        self._view = self._view.with_open(first_open(opened) & {each.id for each in new})
        self._unseen |= {each.id for each in new if isinstance(each, Message) and each.direction is Direction.IN}

    def _tick(self) -> None:
        """Keep the words that tell time true: every second while a reply counts down, or else once a minute.

        A colleague whose screen ended without a word is gone within a second too.
        """
        if self._opened is None:
            return
        queued = any(each.state is OutboxState.QUEUED for each in self._opened.outbox.values())
        is_left = any(each.until <= self._clock() for each in self._opened.presences)
        self._seconds_old += 1
        if queued or is_left or self._seconds_old >= _MINUTE:
            self._lay_out()

    def _lay_out(self) -> None:
        """Work out all lines anew and keep the cursor on the words it was on."""
        if not self.size.width:
            return
        row = self._cursor - round(self.scroll_y)
        lines = self._all_lines(self._clock())
        self._seconds_old = 0
        if lines == self._lines and not self._is_fresh:
            self.repaint()
            return
        cursor = same_place(self._cursor, self._lines, lines)
        self._origin = same_place(self._origin, self._lines, lines)
        self._put(lines)
        if self._is_fresh:
            self._is_fresh = False
            self._start()
        else:
            self._go_to(cursor, row=row)
        self.repaint()

    def _all_lines(self, now: datetime) -> list[Line]:
        if self._opened is None:
            return []
        width = min(max(self.size.width - _MARGIN - 1, _NARROWEST), _WIDEST)
        frame = Frame(width, now, signs=self._signs)
        return [*heading(self._opened, frame), *self._conversation.lines(self._opened, self._view, frame)]

    def _start(self) -> None:
        """Begin at the first open entry; what stands above it stays in sight where there is room for both."""
        first = next((at for at, line in enumerate(self._lines) if line.entry in self._view.entries), 0)
        self._cursor = first
        fits = first <= max(self.size.height // 3, 8)
        self.scroll_to(y=0 if fits else first - 2, animate=False)

    def _go_to(self, cursor: int, *, row: int | None = None, last: int | None = None) -> None:
        super()._go_to(cursor, row=row, last=last)
        self._see()

    def _see(self) -> None:
        """Count what stands in sight as seen."""
        bottom = round(self.scroll_y) + self.size.height - 1
        self._unseen -= {line.entry for line in self._lines[:bottom] if line.entry in self._unseen}
        self.repaint()

    def _line_at(self, y: int) -> int:
        return 0 if y == 0 else super()._line_at(y)

    def _looks(self, y: int) -> object:
        return (y and y == self.size.height - 1 and self._news()) or super()._looks(y)

    def _news(self) -> str:
        count = len(self._unseen)
        words = trn("{count} new message below", "{count} new messages below", count) if count else ""
        return words.format(count=count)

    def _news_strip(self, news: str) -> Strip:
        style = self._style("lines--cursor", "lines--accent")
        words = with_keys(tr("{news}, {key_bottom} goes there"), Context.READER, news=news)
        strip = Strip([Segment(f"  {self._signs.below} {words}", style)])
        return strip.adjust_cell_length(self.size.width, style)
