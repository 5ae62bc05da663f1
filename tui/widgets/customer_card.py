"""What is known of one customer, to read: a window on the lines that tui/customer_lines.py lays out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message as Posted

from desk.clock import Clock
from desk.dossier import Dossier
from desk.safe import safe_line
from desk.ticket import TicketNumber
from tui.customer_lines import Row, customer_rows, tickets_of
from tui.front import front
from tui.reader.lines import Frame, Line, Span, Tone
from tui.style.signs import Signs
from tui.widgets.line_view import LineView
from tui.words.tongue import tr

_MARGIN = 3
_WIDEST, _NARROWEST = 76, 20
_PATIENCE = 3.0
"""Seconds for which keys wait behind the one that asks for the form."""


class CustomerCard(LineView):
    """What is known of one customer, to read; the cursor goes from ticket to ticket."""

    @dataclass
    class Chosen(Posted):
        """One of the customer's tickets is to be opened."""

        number: TicketNumber

    class Left(Posted):
        """The keys go back to where they came from."""

    class Shown(Posted):
        """Other tickets of a customer are in sight."""

    class Edited(Posted):
        """What is known is to be edited."""

    def __init__(self, clock: Clock, signs: Signs) -> None:
        super().__init__(signs)
        self._clock = clock
        self._rows: list[Row] = []
        self._known: Dossier | None = None
        self._waits = False
        self._first: Callable[[], None] | None = None
        """What was asked for before it was known who it is."""
        self._asked = -_PATIENCE

    @property
    def known(self) -> Dossier | None:
        """What is shown; None while it is read."""
        return self._known

    @property
    def is_asked(self) -> bool:
        """Whether a key asked for the form a moment ago, and it is not there yet."""
        return time.monotonic() - self._asked < _PATIENCE

    @property
    def chosen(self) -> TicketNumber | None:
        """The ticket that the cursor is on."""
        return self._rows[self._cursor].ticket if self._cursor < len(self._rows) else None

    def show(self, known: Dossier | None, *, waits: bool = False) -> None:
        """Show somebody, or nobody (`waits`: not yet); a newer state of the same keeps the cursor on its ticket."""
        is_other = known is None or self._known is None or known.about != self._known.about
        on = None if is_other else self.chosen
        self._known, self._waits = known, waits
        self._lay_out(on)
        self.post_message(self.Shown())
        if is_other:
            self.scroll_to(y=0, animate=False)
        if known is not None and (first := self._first) is not None:
            self.let_be()
            first()

    def let_be(self) -> None:
        """Do not do any more what a key asked for."""
        self._first, self._asked = None, -_PATIENCE

    def on_resize(self) -> None:
        self._lay_out(self.chosen)

    def tick(self) -> None:
        """Keep the words that tell time true."""
        self._lay_out(self.chosen)

    def action_down(self) -> None:
        self._step(1)

    def action_up(self) -> None:
        self._step(-1)

    def action_half_down(self) -> None:
        self._scroll(self.size.height // 2)

    def action_half_up(self) -> None:
        self._scroll(-(self.size.height // 2))

    def action_top(self) -> None:
        self._go_to_end(0)

    def action_bottom(self) -> None:
        self._go_to_end(-1)

    def action_open(self) -> None:
        """Open the ticket under the cursor; what is asked before it is known is done once it is."""
        if self._known is None:
            self._first = self.action_open if self._waits else None
        elif (number := self.chosen) is not None:
            self.post_message(self.Chosen(number))
        else:
            front(self).say(tr("this customer has no other ticket"), "warn")

    def action_edit(self) -> None:
        """Have the form in the place of this; what is asked before it is known who it is comes once it is."""
        if self._known is not None:
            self._asked = time.monotonic()
            self.post_message(self.Edited())
        elif self._waits:
            self._first, self._asked = self.action_edit, time.monotonic()

    def action_copy_address(self) -> None:
        """Copy the address that the ticket's mail came from."""
        if self._known is not None and not self._known.person.is_nobody:
            front(self).copy(self._known.person.email)
            front(self).say(tr("copied: {what}").format(what=safe_line(self._known.person.email)))

    def action_back(self) -> None:
        self.post_message(self.Left())

    def action_cancel(self) -> None:
        self.post_message(self.Left())

    def on_blur(self) -> None:
        super().on_blur()
        self.let_be()

    def _is_cursor(self, at: int) -> bool:
        return self.has_focus and at == self._cursor and self.chosen is not None

    def _step(self, by: int) -> None:
        """To the next ticket in a direction; past the last of them the rest is scrolled into sight."""
        self.let_be()
        stops = [at for at in tickets_of(self._rows) if (at - self._cursor) * by > 0]
        if stops:
            self._go_to(min(stops, key=lambda at: abs(at - self._cursor)))
        else:
            self._scroll(by)

    def _go_to_end(self, end: int) -> None:
        """To the first ticket (0) or the last one (-1), and to that end of all lines."""
        self.let_be()
        if stops := tickets_of(self._rows):
            self._go_to(stops[end])
        self._scroll(len(self._rows) if end else -len(self._rows))

    def _scroll(self, by: int) -> None:
        self.scroll_to(y=max(round(self.scroll_y) + by, 0), animate=False)

    def _lay_out(self, on: TicketNumber | None) -> None:
        """Work out all rows anew, with the cursor on a ticket, or else on the first one."""
        if not self.size.width:
            return
        self._rows = self._all_rows()
        self._put([each.line for each in self._rows])
        stops = tickets_of(self._rows)
        kept = next((at for at in stops if self._rows[at].ticket == on), None)
        self._cursor = kept if kept is not None else next(iter(stops), 0)
        self.repaint()

    def _all_rows(self) -> list[Row]:
        if self._known is None:
            return [Row(Line((Span(self._signs.cut, Tone.MUTED),)))] if self._waits else []
        width = min(max(self.size.width - _MARGIN, _NARROWEST), _WIDEST)
        return customer_rows(self._known, Frame(width, self._clock(), signs=self._signs))
