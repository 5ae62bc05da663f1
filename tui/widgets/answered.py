"""What is answered, beside the text: the ticket's conversation, its newest in sight; read on in from the review."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from desk.clock import Clock
from desk.conversation import EntryId
from desk.outgoing import OutboxState
from tui.reader.conversation import Conversation
from tui.reader.line_places import same_place
from tui.reader.lines import Frame, Line
from tui.reader.opened import OpenTicket
from tui.reader.view import View, first_open
from tui.style.signs import Signs
from tui.widgets.line_view import LineView

_MARGIN = 2
_NARROWEST, WIDEST = 20, 100
"""Cells of a line."""
_MINUTE = 60


class Answered(LineView, can_focus=False):
    """Open is what the reader opens first. It ends with the last text, or begins with it where that is too long.

    What comes to the ticket while it is shown moves nothing.
    """

    def __init__(self, clock: Clock, signs: Signs) -> None:
        super().__init__(signs)
        self._clock, self._conversation = clock, Conversation()
        self._opened: OpenTicket | None = None
        self._elsewhere: frozenset[EntryId] = frozenset()
        self._is_fresh, self._seconds_old = True, 0
        self._top = self._rows = self._first = 0

    def show(self, opened: OpenTicket, elsewhere: frozenset[EntryId]) -> None:
        """Show this state of the ticket, without the texts that are shown elsewhere."""
        known = self._opened
        if opened is not known or elsewhere != self._elsewhere:
            self._is_fresh &= known is None or known.newest == opened.newest
            self._opened, self._elsewhere = opened, elsewhere
            self._lay_out()

    def on_mount(self) -> None:
        self.set_interval(1.0, self._tick)

    def on_resize(self) -> None:
        self._lay_out()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self.size.height == self._rows and round(new_value) != self._top:  # else another size moved it
            self._top = round(new_value)
            self._is_fresh = self._top == self._first

    def _tick(self) -> None:
        """Keep the words that tell time true: every second while a reply counts down, or else once a minute."""
        self._seconds_old += 1
        mails: Iterable[OutboxState] = (each.state for each in self._opened.outbox.values()) if self._opened else ()
        if OutboxState.QUEUED in mails or self._seconds_old >= _MINUTE:
            self._lay_out()

    def _lay_out(self) -> None:
        """Work out all lines anew; that on the first row stays there, but for as long as none was chosen."""
        if self._opened is None or not self.size.width:
            return
        self._seconds_old = 0
        shown = [each for each in self._opened.entries if each.id not in self._elsewhere]
        opened = replace(self._opened, entries=tuple(shown))
        view = View(entries=first_open(opened))
        width = min(max(self.size.width - _MARGIN - 1, _NARROWEST), WIDEST)
        lines = self._conversation.lines(opened, view, Frame(width, self._clock(), signs=self._signs))
        kept = same_place(self._top, self._lines, lines)
        self._put(lines)
        self._rows = self.size.height
        self._first = _first(lines, view, self._rows)
        self._top = self._first if self._is_fresh else max(min(kept, len(lines) - self._rows), 0)
        self.scroll_to(y=self._top, animate=False)
        self.repaint()


def _first(lines: list[Line], view: View, rows: int) -> int:
    """The line to begin with: all of the last text that is open is in sight, or as much as there is room for."""
    last = next((each.entry for each in reversed(lines) if each.entry is not None and view.shows(each.entry)), None)
    first = next((at for at, each in enumerate(lines) if last is not None and each.entry == last), 0)
    return max(min(first, len(lines) - rows), 0)
