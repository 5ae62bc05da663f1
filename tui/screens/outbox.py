"""The outbox: every mail that left or is to leave, and in words how it stands; what needs a person comes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from rich.cells import set_cell_size
from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from desk.outgoing import OutboxEntry, OutboxState
from desk.people import Handle
from desk.safe import safe_line
from desk.ticket import TicketNumber
from tui.front import front
from tui.keys import Context
from tui.messages import StoreChanged
from tui.screens.side import SideScreen
from tui.telling import delivery, moment, trouble
from tui.widgets.bars import Heading, KeyLine, StatusLine

_SHOWN = 500
_DONE = frozenset({OutboxState.SENT, OutboxState.CANCELLED})


class OutboxScreen(SideScreen):
    """Enter opens the ticket that a mail belongs to."""

    PLACE: ClassVar[Context] = Context.OUTBOX
    AUTO_FOCUS = "OptionList"
    CSS_PATH = "side.tcss"

    def compose(self) -> ComposeResult:
        yield Heading("Outbox")
        yield OptionList(markup=False, compact=True)
        yield StatusLine()
        yield KeyLine(Context.OUTBOX)

    def on_mount(self) -> None:
        front(self).changed.subscribe(self, self._store_changed)
        self.set_interval(1.0, self._refresh)
        self._refresh()

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()

    def action_open(self) -> None:
        mails = self.query_one(OptionList)
        if mails.highlighted is not None and (ticket := mails.get_option_at_index(mails.highlighted).id):
            self.dismiss(TicketNumber(int(ticket.partition(" ")[0])))

    @on(OptionList.OptionSelected)
    def open_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the ticket of the mail that was clicked."""
        event.stop()
        self.action_open()

    def _store_changed(self, change: StoreChanged) -> None:
        if change.touches("outbox"):
            self._refresh()

    def _refresh(self) -> None:
        front(self).read("outbox", lambda desk: desk.store.outbox.all(_SHOWN), self._show)

    def _show(self, mails: Sequence[OutboxEntry]) -> None:
        if not self.is_attached:
            return
        desk, shown = front(self).desk, self.query_one(OptionList)
        me = desk.acting.handle if desk.acting else None
        rows = [Option(told(mail, desk.clock(), me), id=f"{mail.ticket} {mail.id}") for mail in in_order(mails)]
        marked = shown.highlighted
        shown.clear_options()
        shown.add_options(rows or [Option(Content("  Nothing has been sent yet."), disabled=True)])
        shown.highlighted = min(marked or 0, len(rows) - 1) if rows else None


def in_order(mails: Sequence[OutboxEntry]) -> list[OutboxEntry]:
    """Mails that need a person, then those on their way, then the rest, each newest first."""
    return sorted(mails, key=lambda mail: 0 if trouble(mail) else 2 if mail.state in _DONE else 1)


def told(mail: OutboxEntry, now: datetime, me: Handle | None) -> Content:
    """One mail as a line: its ticket, whom it goes to, who wrote it and when, and how it stands."""
    recipients = safe_line(", ".join(mail.recipients))
    return Content.assemble(
        (f"{mail.ticket:>6}  ", "$muted"),
        (set_cell_size(recipients, 28), ""),
        (f"  {set_cell_size(safe_line(mail.author), 6)}  {moment(mail.created, now):<17}  ", "$muted"),
        (delivery(mail, now, me), "$warning" if trouble(mail) else ""),
    )
