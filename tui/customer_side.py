"""A screen with tickets and, on a key, the customer of the one at hand: beside the reader, or over it when narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.ticket import TicketNumber
from tui.front import front
from tui.keys import Context, keys_to
from tui.reader.opened import OpenTicket
from tui.reader.reading import Reading
from tui.style.signs import Signs

if TYPE_CHECKING:
    from tui.widgets.customer import CustomerPane
    from tui.widgets.customer_card import CustomerCard
    from tui.widgets.customer_form import CustomerForm

ROOMY = 140
"""Columns from which the customer stands beside the reader."""


class CustomerSide(Reading):
    """Knows whose ticket is read. From 140 columns on, the customer stays in sight and follows the cursor."""

    _signs: Signs
    _pane: CustomerPane | None = None

    @property
    def is_roomy(self) -> bool:
        """Whether there is room for the customer beside the reader."""
        return front(self).size.width >= ROOMY

    @property
    def is_at_customer(self) -> bool:
        """Whether the customer has the keys, be it to read or to edit."""
        return self._pane is not None and self.focused is not None and self._pane in self.focused.ancestors

    @property
    def customer_place(self) -> Context | None:
        """Where keys act that the customer gets; None while something is typed there, or where others get the keys."""
        is_read = self._pane is not None and self.focused is self._pane.card
        return Context.CUSTOMER if is_read else None

    @property
    def typing_place(self) -> Context:
        return Context.CUSTOMER_FORM if self.is_at_customer else super().typing_place

    @property
    def _keeps_customer(self) -> bool:
        """Whether the agent wants the customer beside the reader."""
        return front(self).habits.shows_customer

    def _keep_customer(self, *, shows: bool) -> None:
        if shows != self._keeps_customer:
            front(self).remember(front(self).habits.with_customer(shows=shows))

    @property
    def number(self) -> TicketNumber:
        """The ticket whose customer is being edited."""
        return (self._pane.number if self._pane is not None else None) or TicketNumber(0)

    @property
    def text(self) -> str:
        """What is typed about a customer and not saved: it goes into a file when the screen must end."""
        return self._pane.text if self._pane is not None else ""

    @property
    def is_kept(self) -> bool:
        """Whether nothing is typed that would be lost."""
        return not self.text

    @property
    def is_changing_place(self) -> bool:
        """Whether a ticket, or the customer's form, comes or goes in a moment: what is typed is for that."""
        is_changing = self._pane is not None and (self._pane.is_closing or self._pane.card.is_asked)
        return self.is_at_customer and is_changing

    def call_back(self) -> bool:
        """No editor has it."""
        return False

    def action_save(self) -> None:
        """Nothing: what is half typed is not yet known of the customer, so it goes into a file and not to the desk."""

    async def action_customer(self) -> None:
        """Show the customer and give them the keys; where they have the keys already, hide them."""
        if self.is_at_customer:
            self._keep_customer(shows=self._keeps_customer and not self.is_roomy)
            self._leave_customer()
            return
        number = self.target()
        pane = self._pane or await self._new_pane()
        self._keep_customer(shows=self._keeps_customer or self.is_roomy)
        self.add_class("-customer", "-at-customer")
        pane.show(number)
        self.set_focus(pane.card)

    def on_resize(self) -> None:
        self.set_class(self.is_roomy, "-roomy")
        self._arrange_customer()

    def on_descendant_focus(self) -> None:
        self._arrange_customer()

    def idle_keys(self) -> frozenset[str]:
        """Without another ticket of the customer nothing opens one."""
        if self._pane is None or self.customer_place is None or self._pane.card.chosen is not None:
            return super().idle_keys()
        return keys_to("open", Context.CUSTOMER)

    def on_customer_card_shown(self) -> None:
        """Name the key that opens a ticket only where there is one."""
        self._describe()

    def on_customer_card_left(self) -> None:
        self._leave_customer()

    def on_customer_card_chosen(self, event: CustomerCard.Chosen) -> None:
        """Open another ticket of the customer."""
        self._leave_customer()
        self._open(event.number)

    def on_customer_form_closed(self, event: CustomerForm.Closed) -> None:
        """Say what was saved."""
        from tui.widgets.customer_fields import told_saved

        if event.profile is not None and (pane := self._pane) is not None and pane.card.known:
            front(self).say(told_saved(event.profile.name or pane.card.known.person.label))

    def _show_in_reader(self, opened: OpenTicket | None) -> None:
        super()._show_in_reader(opened)
        if self._pane is None and opened is not None and self.is_roomy and self._keeps_customer:
            self.call_later(self._bring_customer)
        if not self.is_at_customer:
            self._follow(opened.ticket.number if opened else None)

    def _follow(self, number: TicketNumber | None) -> None:
        """Let what stands beside the reader be about the ticket that is read."""
        if self.has_class("-customer") and self._pane is not None:
            self._pane.show(number)

    def _leave_customer(self) -> None:
        """Give the keys back to the ticket, or else to the list."""
        self.set_focus(self.reader if self.is_reading else self.tickets)
        self._arrange_customer()
        self._follow(self._opened)

    def _arrange_customer(self) -> None:
        """Have the customer in sight while they have the keys, and where there is room for them as long as wanted."""
        self.set_class(self.is_at_customer, "-at-customer")
        self.set_class(self.is_at_customer or (self.is_roomy and self._keeps_customer), "-customer")

    async def _bring_customer(self) -> None:
        """Have the customer beside the reader from the first ticket on, as it was when the screen was left."""
        if self._pane is None:
            await self._new_pane()
            self._arrange_customer()
            self._follow(self._opened)

    async def _new_pane(self) -> CustomerPane:
        from tui.widgets.customer import CustomerPane

        self._pane = CustomerPane(self._desk.clock, self._signs)
        await self.query_one("#panes").mount(self._pane)
        return self._pane
