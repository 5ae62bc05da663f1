"""The outbox: every mail that left or is to leave, and in words how it stands; what needs a person comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from desk.actions.cancel import cancel, write_anew
from desk.actions.resend import resend
from desk.actions.send_to_rest import send_to_rest
from desk.actions.settle import settle
from desk.desk import Desk
from desk.draft import Draft
from desk.outgoing import OutboxEntry, OutboxState, SendingAccount
from tui.actions.resending import Resending, name_of
from tui.front import front
from tui.host import stands
from tui.keys import Context
from tui.keys.naming import instead_of, with_keys
from tui.lists.outbox_rows import about_mail, in_order, recipient, summary, told
from tui.messages import StoreChanged
from tui.reader.opened import stopped_accounts
from tui.screens.pane import Pane, PanedScreen
from tui.widgets.bars import Heading, KeyLine, StatusLine
from tui.words.mail_story import can, is_rewritable
from tui.words.tongue import tr

_SHOWN = 500
_ROOMY = 14
"""Lines of the screen from which there is room for air."""
_ON_A_MAIL = "yResX"
"""The keys that act on a mail, of which only some make sense for each."""


class OutboxScreen(PanedScreen):
    """The mails above; what is known of the one under the cursor, and what can be done about it, below."""

    PLACE: ClassVar[Context] = Context.OUTBOX
    AUTO_FOCUS = "OptionList"
    CSS_PATH = "side.tcss"

    def compose(self) -> ComposeResult:
        yield Heading(tr("Outbox"))
        yield OptionList(markup=False, compact=True)
        with Pane(id="about"):
            yield Static(Content(""), id="mail")
        yield StatusLine()
        yield KeyLine(Context.OUTBOX)

    def __init__(self) -> None:
        super().__init__()
        self._mails: Sequence[OutboxEntry] = ()
        self._stopped: Mapping[str, SendingAccount] = {}
        self._resending = Resending(self)

    def on_mount(self) -> None:
        front(self).changed.subscribe(self, self._store_changed)
        self.set_interval(1.0, self._refresh)
        self._refresh()

    def on_resize(self) -> None:
        self.set_class(self.size.height < _ROOMY, "-low")

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()

    def action_open(self) -> None:
        if mail := self._current():
            self.dismiss(mail.ticket)

    def action_send_again(self) -> None:
        """Send a mail again; in doubt about the first copy, or where somebody wrote since, only once that was asked."""
        if mail := self._current():
            self._resending.send("send-again", mail, resend)

    def action_send_to_rest(self) -> None:
        """Send a mail to those who were not refused; where somebody wrote since, only once that was asked."""
        if mail := self._current():
            self._resending.send("send-to-rest", mail, send_to_rest)

    def action_write_anew(self) -> None:
        """Take a mail out of the outbox and its words back into the composer."""
        if (mail := self._current()) is None:
            return
        if not is_rewritable(mail):
            words = tr("this mail cannot be written anew: it is {state}")
            front(self).say(words.format(state=tr(mail.state.shown)), "warn")
            return
        doubt = with_keys(
            tr("{who} may have it already: {key_write_anew} again writes it anew all the same"), who=recipient(mail)
        )
        if mail.state is not OutboxState.UNCERTAIN or front(self).asked_again(doubt, action="write-anew"):
            front(self).act(name_of(mail), lambda desk: write_anew(desk, mail.id), self._written_anew)

    def action_settle(self) -> None:
        if mail := self._current():
            front(self).act(
                name_of(mail),
                lambda desk: settle(desk, mail.id),
                lambda _: front(self).say(with_keys(tr("it counts as sent, {key_undo} takes that back"))),
            )

    def action_cancel_mail(self) -> None:
        """Let a mail not leave, or ask no more about it; asked twice."""
        if (mail := self._current()) is None:
            return
        question = with_keys(tr("do not send the mail to {who}? {key_cancel_mail} again"), who=recipient(mail))
        if front(self).asked_again(question, action="cancel-mail"):
            front(self).act(
                name_of(mail),
                lambda desk: cancel(desk, mail.id),
                lambda _: front(self).say(with_keys(tr("cancelled, {key_undo} takes that back"))),
            )

    @on(OptionList.OptionSelected)
    def open_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the ticket of the mail that was clicked."""
        event.stop()
        self.action_open()

    @on(OptionList.OptionHighlighted)
    def show_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what is known of the mail that the cursor is on."""
        event.stop()
        self._tell()

    def _written_anew(self, draft: Draft) -> None:
        if self.is_current:
            self.dismiss(draft)

    def _current(self) -> OutboxEntry | None:
        marked = self.query_one(OptionList).highlighted
        return self._mails[marked] if marked is not None and marked < len(self._mails) else None

    def _store_changed(self, change: StoreChanged) -> None:
        if change.touches("outbox", "senders"):
            self._refresh()

    def _refresh(self) -> None:
        front(self).read("outbox", _read, self._show)

    def _show(self, read: _Read) -> None:
        """Show the mails; the cursor stays on its mail, wherever that goes, or at its place."""
        if not stands(self):
            return
        desk, shown, before = front(self).desk, self.query_one(OptionList), self._current()
        me, now = desk.acting.handle if desk.acting else None, desk.clock()
        self._mails, self._stopped = in_order(read.mails), read.stopped
        listed = told([(mail, mail.mailbox in self._stopped) for mail in self._mails], now, me, self.size.width)
        rows = [Option(row, id=str(mail.id)) for mail, row in zip(self._mails, listed, strict=True)]
        self.query_one("#about").display = bool(rows)
        self.query_one(Heading).show(tr("Outbox"), summary(self._mails))
        place = shown.highlighted or 0
        shown.clear_options()
        shown.add_options(rows or [Option(Content(tr("  Nothing has been sent yet.")), disabled=True)])
        at = next((at for at, each in enumerate(self._mails) if before and each.id == before.id), place)
        shown.highlighted = min(at, len(rows) - 1) if rows else None
        self._tell()

    def _tell(self) -> None:
        mail, now = self._current(), front(self).desk.clock()
        self.turn_to(mail.id if mail else None)
        about = about_mail(mail, self._stopped.get(mail.mailbox), now) if mail else Content("")
        self.query_one("#mail", Static).update(about)
        keys = frozenset(instead_of(each, Context.OUTBOX) for each in _ON_A_MAIL)
        self.leave_out(keys.difference(key for key, _ in can(mail)) if mail else keys)


@dataclass(frozen=True, slots=True)
class _Read:
    """The mails, and the accounts that are not let in."""

    mails: Sequence[OutboxEntry]
    stopped: Mapping[str, SendingAccount]


def _read(desk: Desk) -> _Read:
    return _Read(desk.store.outbox.all(_SHOWN), stopped_accounts(desk))
