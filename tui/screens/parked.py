"""Mail that was kept back: who wrote it, the reason in words, how it begins; one key takes it in, one drops it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from rich.cells import set_cell_size
from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from desk.actions.accept import accept, accept_each, drop, waiting_from
from desk.intake import Taken
from desk.parked import ParkedId, ParkedMail
from desk.safe import safe, safe_line
from tui.front import front
from tui.keys import Context
from tui.messages import StoreChanged
from tui.screens.side import SideScreen
from tui.telling import moment
from tui.widgets.bars import Heading, KeyLine, StatusLine

_SHOWN = 500
_GLIMPSED = 3_000
"""Characters of a mail's text that are shown: enough to tell a customer from a machine."""
_AT_ONCE = 20
"""So many mails of one sender are taken in before what else was asked for has its turn."""

_EMPTY = "  No mail is parked: nothing was kept back."


class ParkedScreen(SideScreen):
    """The mails above, the one under the cursor below."""

    PLACE: ClassVar[Context] = Context.PARKED
    AUTO_FOCUS = "OptionList"
    CSS_PATH = "side.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._mails: Sequence[ParkedMail] = ()
        self._is_settled = False
        """Whether the last thing done here was to let a mail in or drop it, which nothing takes back."""

    def compose(self) -> ComposeResult:
        yield Heading("Parked", "kept back until you decide")
        yield OptionList(markup=False, compact=True)
        with VerticalScroll(can_focus=False, id="glimpse"):
            yield Static(Content(""), id="parked")
        yield StatusLine()
        yield KeyLine(Context.PARKED)

    def on_mount(self) -> None:
        front(self).changed.subscribe(self, self._store_changed)
        self._refresh()

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()

    def action_accept(self) -> None:
        if mail := self._current():
            front(self).act(f"accept parked mail {mail.id}", lambda desk: accept(desk, mail.id), self._accepted)

    def action_accept_sender(self) -> None:
        if (mail := self._current()) is None:
            return
        sender, who = mail.read.sender, safe_line(mail.read.sender.email)
        count = sum(each.read.sender.key == sender.key for each in self._mails)
        more = " and those that are not shown" if len(self._mails) == _SHOWN else ""
        mails = f"all {count} mails" if count > 1 or more else "the one mail"
        if front(self).asked_again(f"take in {mails} from {who}{more}? Y again", key="Y"):
            front(self).act(
                f"accept all from {who}",
                lambda desk: waiting_from(desk, sender),
                lambda waiting: self._accept_on(who, waiting, 0),
            )

    def action_undo(self) -> None:
        """Take back what was done before; that a mail was let in or dropped stays, and is told first."""
        if not self._is_settled:
            super().action_undo()
            return
        self._is_settled = False
        front(self).say(
            "what was accepted stays on its ticket, what was dropped off the list; u again: what was before"
        )

    def action_drop(self) -> None:
        mail = self._current()
        if mail and front(self).asked_again(
            f"drop the mail from {safe_line(mail.read.sender.email)}? X again", key="X"
        ):
            front(self).act(f"drop parked mail {mail.id}", lambda desk: drop(desk, mail.id), self._dropped)

    @on(OptionList.OptionHighlighted)
    def show_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the mail that the cursor is on."""
        event.stop()
        self._glimpse()

    def _current(self) -> ParkedMail | None:
        marked = self.query_one(OptionList).highlighted
        return self._mails[marked] if marked is not None and marked < len(self._mails) else None

    def _accept_on(self, who: str, waiting: Sequence[ParkedId], done: int) -> None:
        """Take in some of the mails, then the rest: whatever else is asked for meanwhile comes between."""
        if not waiting:
            self._is_settled = True
            mails = "1 mail from {} is on a ticket now" if done == 1 else f"{done} mails from {{}} are on tickets now"
            front(self).say(mails.format(who))
            return
        if done:
            front(self).say(f"{done} mails from {who} are on tickets, {len(waiting)} to go …")
        front(self).act(
            f"accept all from {who}",
            lambda desk: accept_each(desk, waiting[:_AT_ONCE]),
            lambda more: self._accept_on(who, waiting[_AT_ONCE:], done + more),
        )

    def _accepted(self, taken: Taken) -> None:
        self._is_settled = True
        front(self).say(f"accepted: it is on ticket {taken.ticket}" if taken.ticket else f"accepted: {taken.outcome}")

    def _dropped(self, mail: ParkedMail) -> None:
        self._is_settled = True
        front(self).say(f"dropped; its bytes are kept, and `tandem parked accept {mail.id}` still takes it in")

    def _store_changed(self, change: StoreChanged) -> None:
        if change.touches("parked"):
            self._refresh()

    def _refresh(self) -> None:
        front(self).read("parked", lambda desk: desk.store.parked.all(limit=_SHOWN), self._show)

    def _show(self, mails: Sequence[ParkedMail]) -> None:
        """Show the mails; the cursor stays on its mail, or goes to the one that took its place."""
        if not self.is_attached:
            return
        before, shown = self._current(), self.query_one(OptionList)
        place = shown.highlighted or 0
        self._mails, now = mails, front(self).desk.clock()
        rows = [Option(told(mail, now)) for mail in mails]
        shown.clear_options()
        shown.add_options(rows or [Option(Content(_EMPTY), disabled=True)])
        at = _index(mails, before.id) if before else None
        shown.highlighted = (at if at is not None else min(place, len(rows) - 1)) if rows else None
        self._glimpse()

    def _glimpse(self) -> None:
        mail = self._current()
        self.query_one("#parked", Static).update(glimpse(mail) if mail else Content(""))


def _index(mails: Sequence[ParkedMail], wanted: ParkedId) -> int | None:
    return next((at for at, each in enumerate(mails) if each.id == wanted), None)


def told(mail: ParkedMail, now: datetime) -> Content:
    """One mail as a line: when it came, from whom, and what it says that it is about."""
    sender = safe_line(mail.read.sender.email or mail.read.sender.name or "nobody")
    return Content.assemble(
        (f" {moment(mail.received, now):<17}  ", "$muted"),
        (set_cell_size(sender, 26), ""),
        f"  {safe_line(mail.read.subject) or '(no subject)'}",
    )


def glimpse(mail: ParkedMail) -> Content:
    """Why a mail was kept back, who wrote it, and how it begins."""
    text = safe(mail.read.text[:_GLIMPSED]).strip("\n")
    rest = "\n…" if len(mail.read.text) > _GLIMPSED else ""
    automatic = f"automatic: {safe_line(mail.read.automatic)}\n" if mail.read.automatic else ""
    return Content.assemble(
        (f"parked: {safe_line(mail.reason)}\n", "$warning"),
        (automatic, "$muted"),
        (f"{safe_line(str(mail.read.sender))} · {safe_line(mail.read.subject) or '(no subject)'}\n\n", "$muted"),
        text + rest,
    )
