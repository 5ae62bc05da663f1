"""The open ticket, to read: a window on the lines that tui/conversation.py lays out. Draws only what is visible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message as Posted
from textual.scroll_view import ScrollView
from textual.strip import Strip

from desk.clock import Clock
from desk.conversation import Direction, EntryId, Message
from desk.outgoing import OutboxState
from desk.ticket import TicketNumber
from tui.bodies import Opened
from tui.conversation import Conversation, View, first_open
from tui.heading import heading
from tui.lines import Fold, Frame, Ground, Line, Tone
from tui.opened import OpenTicket
from tui.signs import Signs

_MARGIN = 2
_WIDEST = 100
_NARROWEST = 20
_MINUTE = 60


class Reader(ScrollView, can_focus=True):
    """One ticket with its conversation. `show` gives it another one, or a newer state of the same."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"reader--{each}" for each in (*Tone, *Ground)),
        "reader--cursor",
    }
    DEFAULT_CSS = """
    Reader {
        height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; background: $background;
        & > .reader--paper { background: $background; }
        & > .reader--note-paper { background: $note-background; }
        & > .reader--side-paper { background: $side-background; }
        & > .reader--cursor { background: $chosen-faint; }
        & > .reader--plain { color: $foreground; }
        & > .reader--title { color: $foreground; text-style: bold; }
        & > .reader--strong { color: $foreground; text-style: bold; }
        & > .reader--muted { color: $muted; }
        & > .reader--faint { color: $faint; }
        & > .reader--accent { color: $accent; text-style: bold; }
        & > .reader--ours { color: $ours; }
        & > .reader--note { color: $note; text-style: bold; }
        & > .reader--side { color: $side; text-style: bold; }
        & > .reader--warning { color: $warning; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "down", "down", show=False),
        Binding("k,up", "up", "up", show=False),
        Binding("pagedown,space", "page_down", "page", show=False),
        Binding("pageup", "page_up", "page back", show=False),
        Binding("enter,o", "fold", "fold", show=False),
        Binding("T", "toggle_quotes", "quotes", show=False),
        Binding("z", "toggle_fold", "fold", show=False),
        Binding("v", "cycle_headers", "headers", show=False),
    ]

    @dataclass
    class EndReached(Posted):
        """The agent paged on from the end of a ticket."""

        number: TicketNumber

    def __init__(self, clock: Clock, signs: Signs) -> None:
        super().__init__()
        self._clock, self._signs = clock, signs
        self._styles: dict[tuple[str, ...], Style] = {}
        self._opened: OpenTicket | None = None
        self._view = View()
        self._conversation = Conversation()
        self._lines: list[Line] = []
        self._cursor = 0
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
        return self._lines[self._cursor].entry if self._cursor < len(self._lines) else None

    def show(self, opened: OpenTicket | None) -> None:
        """Show a ticket from its first open entry, or a newer state of the one on show, without moving it."""
        known, self._opened = self._opened, opened
        if opened is not None and known is not None and known.ticket.number == opened.ticket.number:
            self._take_news(known, opened)
            self._lay_out()
            return
        self._conversation.clear()
        self._unseen.clear()
        self._view = View(entries=first_open(opened)) if opened else View()
        self._is_fresh = True
        self._lay_out()

    def on_mount(self) -> None:
        self.set_interval(1.0, self._tick)

    def on_resize(self) -> None:
        self._lay_out()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row: the first always says which ticket this is, the last may say that there is news below."""
        if y and y == self.size.height - 1 and (news := self._news()):
            return self._news_strip(news)
        at = 0 if y == 0 else y + round(self.scroll_y)
        if at >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        return self._strip(self._lines[at], is_cursor=at == self._cursor and self.has_focus)

    def action_down(self) -> None:
        self._move(1)

    def action_up(self) -> None:
        self._move(-1)

    def action_half_down(self) -> None:
        self._move(self.size.height // 2)

    def action_half_up(self) -> None:
        self._move(-(self.size.height // 2))

    def action_page_up(self) -> None:
        self._move(2 - self.size.height)

    def action_page_down(self) -> None:
        """A page on; from the end, on to the next ticket."""
        if self._opened is not None and round(self.scroll_y) >= self.max_scroll_y:
            self.post_message(self.EndReached(self._opened.ticket.number))
        else:
            self._move(self.size.height - 2)

    def action_top(self) -> None:
        self._move(-len(self._lines))

    def action_bottom(self) -> None:
        self._move(len(self._lines))

    def action_fold(self) -> None:
        """Open or close what the cursor is on: a fold on its own line, or else the whole entry."""
        line = self._line()
        if line is None or line.entry is None:
            return
        if line.fold is not None and line.fold.part is not None and self._starts_fold():
            self._toggle_part(line.fold)
        else:
            self._toggle_entry(line.entry)

    def action_toggle_fold(self) -> None:
        """Open or close the quotation, signature or rest at the cursor, or the next one of the same entry."""
        line = self._line()
        if line is None or line.entry is None:
            return
        below = (each.fold for each in self._lines[self._cursor :] if each.entry == line.entry)
        if fold := next((each for each in below if each is not None and each.part is not None), None):
            self._toggle_part(fold)
        else:
            self._toggle_entry(line.entry)

    def action_toggle_quotes(self) -> None:
        """Open all quotations, or fold them again."""
        self._look(replace(self._view, texts=Opened(quotes=not self._view.texts.quotes)))

    def action_cycle_headers(self) -> None:
        """Show the mails' headers, or only their text."""
        self._look(replace(self._view, headers=not self._view.headers))

    def _line(self) -> Line | None:
        return self._lines[self._cursor] if self._cursor < len(self._lines) else None

    def _starts_fold(self) -> bool:
        before = self._lines[self._cursor - 1].fold if self._cursor else None
        return before != self._lines[self._cursor].fold

    def _toggle_part(self, fold: Fold) -> None:
        texts = self._view.texts
        self._look(replace(self._view, texts=replace(texts, parts=texts.parts ^ {fold})))
        self._go_to_block([at for at, line in enumerate(self._lines) if line.fold == fold])

    def _toggle_entry(self, entry: EntryId) -> None:
        self._look(replace(self._view, entries=self._view.entries ^ {entry}))
        self._go_to_block([at for at, line in enumerate(self._lines) if line.entry == entry])

    def _look(self, view: View) -> None:
        self._view = view
        self._lay_out()

    def _take_news(self, known: OpenTicket, opened: OpenTicket) -> None:
        """Open what came in while the ticket was on show, and remember what its reader has not seen."""
        old = {each.id for each in known.entries}
        new = [each for each in opened.entries if each.id not in old]
        self._view = replace(self._view, entries=self._view.entries | (first_open(opened) & {each.id for each in new}))
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
            return
        cursor = self._same_place(lines)
        self._lines = lines
        self.virtual_size = Size(0, len(lines))
        if self._is_fresh:
            self._is_fresh = False
            self._start()
        else:
            self._go_to(cursor, row=row)
        self.refresh()

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

    def _same_place(self, lines: list[Line]) -> int:
        """Where the cursor belongs in other lines: on the same words or fold, or else as far below its entry's top."""
        line = self._line()
        if line is None or line.entry is None:
            return min(self._cursor, max(len(lines) - 1, 0))
        mine = [at for at, each in enumerate(lines) if each.entry == line.entry]
        below = self._cursor - next(at for at, each in enumerate(self._lines) if each.entry == line.entry)
        same = [at for at in mine if lines[at] == line]
        if not same and line.fold is not None:
            same = [at for at in mine if lines[at].fold == line.fold][:1]
        if same and mine:
            return min(same, key=lambda at: abs(at - mine[0] - below))
        return mine[min(below, len(mine) - 1)] if mine else 0

    def _move(self, by: int) -> None:
        """Move the cursor and the text together, so that the eye keeps its row while there is text to scroll."""
        old = self._cursor
        new = max(0, min(len(self._lines) - 1, old + by))
        self._go_to(new, row=old - round(self.scroll_y))

    def _go_to_block(self, block: list[int]) -> None:
        """Put the cursor on the first of some lines, and show as many of the others as there is room for."""
        if block:
            self._go_to(block[0], last=block[-1])

    def _go_to(self, cursor: int, *, row: int | None = None, last: int | None = None) -> None:
        """Put the cursor on a line, on the given row of the screen where that can be, and always in sight.

        `last` is another line, further down, that is to be in sight if both can be.
        """
        self._cursor = cursor
        height, top = max(self.size.height, 2), round(self.scroll_y)
        wanted = cursor - row if row is not None and 0 <= row < height else top
        wanted = min(max(wanted, (cursor if last is None else last) - height + 1), max(cursor - 1, 0))
        self.scroll_to(y=wanted, animate=False)
        self._see()
        self.refresh()

    def _see(self) -> None:
        bottom = round(self.scroll_y) + self.size.height - 1
        self._unseen -= {line.entry for line in self._lines[:bottom] if line.entry in self._unseen}

    def _news(self) -> str:
        count = len(self._unseen)
        return f"{count} new message{'s' if count > 1 else ''} below" if count else ""

    def _news_strip(self, news: str) -> Strip:
        style = self._style("reader--cursor", "reader--accent")
        strip = Strip([Segment(f"  {self._signs.below} {news}, G goes there", style)])
        return strip.adjust_cell_length(self.size.width, style)

    def _strip(self, line: Line, *, is_cursor: bool) -> Strip:
        ground = "reader--cursor" if is_cursor and line.ground is Ground.PAPER else f"reader--{line.ground}"
        mark = f"{self._signs.here} " if is_cursor else "  "
        words = [Segment(each.text, self._style(ground, f"reader--{each.tone}")) for each in line.spans]
        strip = Strip([Segment(mark, self._style(ground, "reader--accent")), *words])
        return strip.adjust_cell_length(self.size.width, self._style(ground, "reader--plain"))

    def _style(self, ground: str, tone: str) -> Style:
        """How words of a tone look on a ground."""
        if (style := self._styles.get((ground, tone))) is None:
            paper = self.get_component_rich_style(ground).bgcolor
            style = self._styles[ground, tone] = self.get_component_rich_style(tone) + Style(bgcolor=paper)
        return style
