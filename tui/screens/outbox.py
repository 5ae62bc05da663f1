"""The outbox: every mail that left or is to leave, and in words how it stands; what needs a person comes first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rich.cells import set_cell_size
from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from desk.actions.cancel import cancel
from desk.actions.resend import resend
from desk.actions.send_to_rest import send_to_rest
from desk.actions.settle import settle
from desk.desk import Desk
from desk.draft import Draft
from desk.outgoing import NOT_GONE, OutboxEntry, OutboxState, SendingAccount
from desk.people import Handle
from desk.safe import safe_line
from tui.accounts import about_stopped
from tui.front import front
from tui.keys import Context
from tui.keys.naming import with_keys
from tui.mail_story import can, findings, history, is_rewritable
from tui.messages import StoreChanged
from tui.opened import stopped_accounts
from tui.screens.side import SideScreen
from tui.sending import write_anew
from tui.telling import delivery, moment, trouble
from tui.tongue import tr
from tui.widgets.bars import Heading, KeyLine, StatusLine
from tui.wrapping import fit

_SHOWN = 500
_ON_A_MAIL = frozenset("yResX")
"""The keys that act on a mail, of which only some make sense for each."""

_NAMED = 3
"""Recipients that stand above what is known of a mail; where they are more, all of them stand below it."""
_ROOMY = 100
_WHO = 28
"""Cells of the recipients at least; on a wide screen they have a quarter of it."""
_DONE = frozenset({OutboxState.SENT, OutboxState.CANCELLED})


class OutboxScreen(SideScreen):
    """The mails above; what is known of the one under the cursor, and what can be done about it, below."""

    PLACE: ClassVar[Context] = Context.OUTBOX
    AUTO_FOCUS = "OptionList"
    CSS_PATH = "side.tcss"

    def compose(self) -> ComposeResult:
        yield Heading(tr("Outbox"))
        yield OptionList(markup=False, compact=True)
        with VerticalScroll(can_focus=False, id="about"):
            yield Static(Content(""), id="mail")
        yield StatusLine()
        yield KeyLine(Context.OUTBOX)

    def __init__(self) -> None:
        super().__init__()
        self._mails: Sequence[OutboxEntry] = ()
        self._stopped: Mapping[str, SendingAccount] = {}

    def on_mount(self) -> None:
        front(self).changed.subscribe(self, self._store_changed)
        self.set_interval(1.0, self._refresh)
        self._refresh()

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()

    def action_open(self) -> None:
        if mail := self._current():
            self.dismiss(mail.ticket)

    def action_send_again(self) -> None:
        """Send a mail again; where nobody knows of the first copy, only once that was asked."""
        if (mail := self._current()) is None:
            return
        doubt = with_keys(tr("{who} may have it already: {key_send_again} again sends a second copy"), who=_to(mail))
        if mail.state is OutboxState.UNCERTAIN and not front(self).asked_again(doubt, action="send-again"):
            return
        front(self).act(
            _name(mail),
            lambda desk: resend(desk, mail.id, send_in=desk.settings.undo_seconds),
            lambda again: front(self).say(_again(mail, again, front(self).desk.clock())),
        )

    def action_send_to_rest(self) -> None:
        if (mail := self._current()) is None:
            return
        front(self).act(
            _name(mail),
            lambda desk: send_to_rest(desk, mail.id, send_in=desk.settings.undo_seconds),
            self._goes,
        )

    def action_write_anew(self) -> None:
        """Take a mail out of the outbox and its words back into the composer."""
        if (mail := self._current()) is None:
            return
        if not is_rewritable(mail):
            words = tr("this mail cannot be written anew: it is {state}")
            front(self).say(words.format(state=tr(mail.state.shown)), "warn")
            return
        doubt = with_keys(
            tr("{who} may have it already: {key_write_anew} again writes it anew all the same"), who=_to(mail)
        )
        if mail.state is not OutboxState.UNCERTAIN or front(self).asked_again(doubt, action="write-anew"):
            front(self).act(_name(mail), lambda desk: write_anew(desk, mail.id), self._written_anew)

    def action_settle(self) -> None:
        if mail := self._current():
            front(self).act(
                _name(mail),
                lambda desk: settle(desk, mail.id),
                lambda _: front(self).say(with_keys(tr("it counts as sent, {key_undo} takes that back"))),
            )

    def action_cancel_mail(self) -> None:
        """Let a mail not leave, or ask no more about it; asked twice."""
        if (mail := self._current()) is None:
            return
        question = with_keys(tr("do not send the mail to {who}? {key_cancel_mail} again"), who=_to(mail))
        if front(self).asked_again(question, action="cancel-mail"):
            front(self).act(
                _name(mail),
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

    def _goes(self, sent: OutboxEntry) -> None:
        leaves = _leaves(sent, front(self).desk.clock())
        words = tr("goes to {who}: {leaves}")
        front(self).say(words.format(who=safe_line(", ".join(sent.recipients)), leaves=leaves))

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
        if not self.is_attached:
            return
        desk, shown, before = front(self).desk, self.query_one(OptionList), self._current()
        me, now = desk.acting.handle if desk.acting else None, desk.clock()
        self._mails, self._stopped = in_order(read.mails), read.stopped
        width = self.size.width
        rows = [
            Option(told(mail, now, me, is_stopped=mail.mailbox in self._stopped, width=width), id=str(mail.id))
            for mail in self._mails
        ]
        self.query_one(Heading).show(tr("Outbox"), summary(self._mails))
        place = shown.highlighted or 0
        shown.clear_options()
        shown.add_options(rows or [Option(Content(tr("  Nothing has been sent yet.")), disabled=True)])
        at = next((at for at, each in enumerate(self._mails) if before and each.id == before.id), place)
        shown.highlighted = min(at, len(rows) - 1) if rows else None
        self._tell()

    def _tell(self) -> None:
        mail, now = self._current(), front(self).desk.clock()
        about = about_mail(mail, self._stopped.get(mail.mailbox), now) if mail else Content("")
        self.query_one("#mail", Static).update(about)
        self.query_one(KeyLine).leave_out(_ON_A_MAIL.difference(key for key, _ in can(mail)) if mail else _ON_A_MAIL)


@dataclass(frozen=True, slots=True)
class _Read:
    """The mails, and the accounts that are not let in."""

    mails: Sequence[OutboxEntry]
    stopped: Mapping[str, SendingAccount]


def _read(desk: Desk) -> _Read:
    return _Read(desk.store.outbox.all(_SHOWN), stopped_accounts(desk))


def _again(before: OutboxEntry, after: OutboxEntry, now: datetime) -> str:
    """What came of asking for a mail to be sent again: where its account is stopped, only that is asked."""
    if (after.state, after.due) == (before.state, before.due):
        return tr("the mail server of {mailbox} is asked again now").format(mailbox=safe_line(after.mailbox))
    return tr("queued again, {leaves}").format(leaves=_leaves(after, now))


def _leaves(mail: OutboxEntry, now: datetime) -> str:
    """When a mail that was queued again leaves: undo is promised only where there is time for it."""
    left = math.ceil((mail.due - now).total_seconds())
    return (
        with_keys(tr("leaves in {count} s, {key_undo} takes that back"), count=left) if left > 0 else tr("leaves now")
    )


def _to(mail: OutboxEntry) -> str:
    first = safe_line(mail.recipients[0]) if mail.recipients else tr("nobody")
    more = len(mail.recipients) - 1
    return tr("{who} and {count} more").format(who=first, count=more) if more > 0 else first


def _name(mail: OutboxEntry) -> str:
    """What is said where something cannot be done with a mail."""
    return tr("mail {number}").format(number=mail.id)


def in_order(mails: Sequence[OutboxEntry]) -> list[OutboxEntry]:
    """Mails that need a person, then those on their way, then the rest, each newest first."""
    return sorted(mails, key=lambda mail: 0 if trouble(mail) else 2 if mail.state in _DONE else 1)


def summary(mails: Sequence[OutboxEntry]) -> str:
    """How many mails need somebody, and how many are on their way."""
    odd = sum(trouble(each) is not None for each in mails)
    leaving = sum(each.state not in _DONE and trouble(each) is None for each in mails)
    told = ((odd, tr("{count} need you")), (leaving, tr("{count} on their way")))
    return "   ".join(words.format(count=count) for count, words in told if count)


def told(
    mail: OutboxEntry, now: datetime, me: Handle | None, *, is_stopped: bool = False, width: int = _ROOMY
) -> Content:
    """One mail as a line: its ticket, whom it goes to, who wrote it, when (where there is room), and how it stands."""
    recipients, roomy, who = safe_line(", ".join(mail.recipients)), width >= _ROOMY, max(width // 4, _WHO)
    why, is_waiting = trouble(mail), is_stopped and mail.state in NOT_GONE
    stands = delivery(mail, now, me, is_stopped=is_stopped)
    words = f"{stands}: {why}" if roomy and why and not is_waiting and why not in stands else stands
    return Content.assemble(
        (f"{mail.ticket:>6}  ", "$muted"),
        (set_cell_size(fit(recipients, who), who), ""),
        (f"  {set_cell_size(fit(safe_line(mail.author), 6), 6)}  ", "$muted"),
        (f"{moment(mail.created, now):<17}  " if roomy else "", "$muted"),
        (words, "$warning" if why or is_waiting else ""),
    )


def about_mail(mail: OutboxEntry, account: SendingAccount | None, now: datetime) -> Content:
    """All that is known of one mail, and what can be done about it."""
    wrong = trouble(mail)
    waits = about_stopped(account, now) if account and mail.state in NOT_GONE else ()
    everybody = tr("to {who}").format(who=safe_line(", ".join(mail.recipients)))
    are_many = len(mail.recipients) > _NAMED
    lines = [
        Content.styled(tr("to {who}").format(who=_to(mail)) if are_many else everybody, "$muted"),
        *(Content.styled(each, "$warning") for each in waits),
        *([Content.styled(wrong, "$warning")] if wrong and not mail.refused_for else []),
        *(Content.styled(each, "$warning") for each in findings(mail, now)),
        *(Content.styled(each, "$muted") for each in history(mail, now)),
        Content("   ").join([Content.assemble((key, "bold $accent"), f" {words}") for key, words in can(mail)]),
        *([Content.styled(everybody, "$muted")] if are_many else []),
    ]
    return Content("\n").join(lines)
