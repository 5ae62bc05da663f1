"""The customer of a ticket: beside the reader where there is room, else over it.

It reads off the loop, and shows what it read only while that is still about the ticket it was asked for.
"""

from __future__ import annotations

import time
from asyncio import TimerHandle
from collections.abc import Callable
from functools import partial

from textual.app import ComposeResult
from textual.containers import Vertical

from desk.clock import Clock
from desk.dossier import Dossier, dossier
from desk.ticket import TicketNumber
from tui.front import front
from tui.host import stands
from tui.messages import StoreChanged
from tui.style.signs import Signs
from tui.threads.later import later
from tui.widgets.customer_card import CustomerCard
from tui.widgets.customer_form import CustomerForm
from tui.words.tongue import tr

_SOON, _REST = 0.05, 4
"""Seconds after which a change is read, and how many times as long as the last read took."""


class CustomerPane(Vertical):
    """The card of the customer of one ticket, and in its place the form while it is edited."""

    def __init__(self, clock: Clock, signs: Signs) -> None:
        super().__init__()
        self._clock = clock
        self._card = CustomerCard(clock, signs, self._read_for)
        self._number: TicketNumber | None = None
        self._minute = -1
        self._again: TimerHandle | None = None
        self._took = 0.0

    @property
    def card(self) -> CustomerCard:
        """What is read."""
        return self._card

    @property
    def number(self) -> TicketNumber | None:
        """The ticket whose customer is shown."""
        return self._number

    @property
    def text(self) -> str:
        """What is typed in the form, if there is one, and not saved."""
        return "".join(each.text for each in self.query(CustomerForm))

    @property
    def is_closing(self) -> bool:
        """Whether the form goes in a moment."""
        return any(each.is_closing for each in self.query(CustomerForm))

    def compose(self) -> ComposeResult:
        yield self._card

    def on_mount(self) -> None:
        front(self).changed.subscribe(self, self._store_changed)
        self.set_interval(1.0, self._tick)

    def show(self, number: TicketNumber | None) -> None:
        """Show the customer of this ticket; of another one than was shown nothing stays in sight."""
        if number != self._number:
            self._number = number
            self._card.show(None, waits=number is not None)
        self.read()

    def read(self) -> None:
        """Read what is known now."""
        if (number := self._number) is not None:
            begun = time.monotonic()
            front(self).read("customer", lambda desk: dossier(desk, number), partial(self._came, number, begun))

    def _read_for(self, then: Callable[[], None]) -> None:
        """Read who it is for a key that needs it, and then do what it asks for; the keys behind it wait."""
        if (number := self._number) is not None:
            front(self).prepare(lambda desk: dossier(desk, number), partial(self._came_for, number, then))

    def _came_for(self, number: TicketNumber, then: Callable[[], None], known: Dossier) -> None:
        if number == self._number and stands(self) and self._card.has_focus:
            self._card.show(known)
            then()

    async def on_customer_card_edited(self) -> None:
        """Put the form in the place of the card."""
        known = self._card.known
        if known is None or known.person.is_nobody or self.query(CustomerForm):
            self._card.let_be()
            front(self).say(tr("nobody knows whose address this is") if known else "", "warn")
            return
        await self.mount(CustomerForm(known))
        self._card.display = False

    async def on_customer_form_closed(self) -> None:
        """Show the card again, with what is known now."""
        self._card.display = True
        self._card.focus()
        await self.query(CustomerForm).remove()
        self.read()

    def _came(self, number: TicketNumber, begun: float, known: Dossier) -> None:
        self._took = time.monotonic() - begun
        if number == self._number and stands(self):
            self._card.show(known)
            for each in self.query(CustomerForm):
                each.news(known)

    def _store_changed(self, change: StoreChanged) -> None:
        """Read again soon; what takes long to read is not read again before a few times as long has passed."""
        if self._again is None and self.display and change.touches("profiles", "tickets", "presence", "entries"):
            self._again = later(self, max(_SOON, _REST * self._took), self._read_again)

    def _read_again(self) -> None:
        self._again = None
        if self.display:
            self.read()

    def _tick(self) -> None:
        if (minute := self._clock().minute) != self._minute:
            self._minute = minute
            self._card.tick()
