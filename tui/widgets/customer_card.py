"""What is known of one customer, to read: a window on the lines that tui/customer_lines.py lays out.

A key that needs what is still being read waits for it, and the keys behind it too: each is for what the
one before leads to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

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

    def __init__(self, clock: Clock, signs: Signs, read_for: Callable[[Callable[[], None]], None]) -> None:
        """`read_for` reads who it is and then does what a key asked for; the keys behind that one wait."""
        super().__init__(signs)
        self._clock, self._read_for = clock, read_for
        self._rows: list[Row] = []
        self._known: Dossier | None = None
        self._waits = False
        self._is_asked = self._is_form_awaited = False

    @property
    def known(self) -> Dossier | None:
        """What is shown; None while it is read."""
        return self._known

    @property
    def is_asked(self) -> bool:
        """Whether a key asked for a ticket or the form, and has yet to be acted on."""
        return self._is_asked or (self._is_form_awaited and front(self).is_preparing())

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

    def let_be(self) -> None:
        """What a key asked for is done, or cannot be."""
        self._is_asked = self._is_form_awaited = False

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
        """Open the ticket under the cursor."""
        if self._is_awaited(self.action_open):
            return
        if (number := self.chosen) is not None:
            self._is_asked = True
            self.post_message(self.Chosen(number))
        else:
            front(self).say(tr("this customer has no other ticket"), "warn")

    def action_edit(self) -> None:
        """Have the form in the place of this."""
        self._is_form_awaited = self._is_awaited(self.action_edit)
        if not self._is_form_awaited:
            self._is_asked = True
            self.post_message(self.Edited())

    def action_copy_address(self) -> None:
        """Copy the address that the ticket's mail came from."""
        if self._is_awaited(self.action_copy_address):
            return
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
        if self._is_awaited(partial(self._step, by)):
            return
        stops = [at for at in tickets_of(self._rows) if (at - self._cursor) * by > 0]
        if stops:
            self._go_to(min(stops, key=lambda at: abs(at - self._cursor)))
        else:
            self._scroll(by)

    def _go_to_end(self, end: int) -> None:
        """To the first ticket (0) or the last one (-1), and to that end of all lines."""
        if self._is_awaited(partial(self._go_to_end, end)):
            return
        if stops := tickets_of(self._rows):
            self._go_to(stops[end])
        self._scroll(len(self._rows) if end else -len(self._rows))

    def _is_awaited(self, then: Callable[[], None]) -> bool:
        """Whether it is still being read who it is; then what a key asks for is done once that is known."""
        is_awaited = self._known is None and self._waits
        if is_awaited:
            self._read_for(then)
        return is_awaited

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
