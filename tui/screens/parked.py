"""Mail that was kept back: who wrote it, the reason in words, how it begins; one key takes it in, one drops it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from desk.actions.accept import accept, accept_each, drop, waiting_from
from desk.intake import Taken
from desk.parked import ParkedId, ParkedMail
from desk.safe import safe, safe_line
from tui.front import front
from tui.host import stands
from tui.keys import Context
from tui.keys.naming import instead_of, with_keys
from tui.messages import StoreChanged
from tui.reader.wrapping import fit
from tui.screens.pane import Pane, PanedScreen
from tui.widgets.bars import Heading, KeyLine, StatusLine
from tui.words.heard import heard
from tui.words.subjects import subject_line
from tui.words.telling import moment
from tui.words.tongue import mark, tr, trn

_SHOWN = 500
_GLIMPSED = 3_000
"""Characters of a mail's text that are shown: enough to tell a customer from a machine."""
_WHO = 26
"""Cells of a sender."""
_ON_A_MAIL = "yYX"
"""The keys that act on a mail."""
_AT_ONCE = 20
"""So many mails of one sender are taken in before what else was asked for has its turn."""

_EMPTY = mark("  No mail is parked: nothing was kept back.")


class ParkedScreen(PanedScreen):
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
        yield Heading(tr("Parked"), tr("kept back until you decide"))
        yield OptionList(markup=False, compact=True)
        with Pane(id="glimpse"):
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
        """Take a mail in; asked twice, for no undo parks it again."""
        if (mail := self._current()) is None:
            return
        words = tr("take in the mail from {who}? {key_accept} again")
        if front(self).asked_again(with_keys(words, who=safe_line(mail.read.sender.email)), action="accept"):
            name = tr("accept parked mail {number}").format(number=mail.id)
            front(self).act(name, lambda desk: accept(desk, mail.id), self._accepted)

    def action_accept_sender(self) -> None:
        if (mail := self._current()) is None:
            return
        sender, who = mail.read.sender, safe_line(mail.read.sender.email)
        count = sum(each.read.sender.key == sender.key for each in self._mails)
        if front(self).asked_again(_question(count, who, are_more=len(self._mails) == _SHOWN), action="accept-sender"):
            front(self).act(
                tr("accept all from {who}").format(who=who),
                lambda desk: waiting_from(desk, sender),
                lambda waiting: self._accept_on(who, waiting, 0),
            )

    def action_undo(self) -> None:
        """Take back what was done before; that a mail was let in or dropped stays, and is told first."""
        if not self._is_settled:
            super().action_undo()
            return
        self._is_settled = False
        front(self).undoing.refuse(tr("what was accepted stays on its ticket, what was dropped off the list"))

    def action_drop(self) -> None:
        if (mail := self._current()) is None:
            return
        question = with_keys(tr("drop the mail from {who}? {key_drop} again"), who=safe_line(mail.read.sender.email))
        if front(self).asked_again(question, action="drop"):
            name = tr("drop parked mail {number}").format(number=mail.id)
            front(self).act(name, lambda desk: drop(desk, mail.id), self._dropped)

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
            words = trn(
                "{count} mail from {who} is on a ticket now", "{count} mails from {who} are on tickets now", done
            )
            front(self).say(words.format(count=done, who=who))
            return
        if done:
            words = tr("{count} mails from {who} are on tickets, {left} to go …")
            front(self).say(words.format(count=done, who=who, left=len(waiting)))
        front(self).act(
            tr("accept all from {who}").format(who=who),
            lambda desk: accept_each(desk, waiting[:_AT_ONCE]),
            lambda more: self._accept_on(who, waiting[_AT_ONCE:], done + more),
        )

    def _accepted(self, taken: Taken) -> None:
        self._is_settled = True
        words = tr("accepted: it is on ticket {number}") if taken.ticket else tr("accepted: {outcome}")
        front(self).say(words.format(number=taken.ticket, outcome=heard(str(taken.outcome))))

    def _dropped(self, mail: ParkedMail) -> None:
        self._is_settled = True
        words = tr("dropped; its bytes are kept, and `tandem parked accept {number}` still takes it in")
        front(self).say(words.format(number=mail.id))

    def _store_changed(self, change: StoreChanged) -> None:
        if change.touches("parked"):
            self._refresh()

    def _refresh(self) -> None:
        front(self).read("parked", lambda desk: desk.store.parked.all(limit=_SHOWN), self._show)

    def _show(self, mails: Sequence[ParkedMail]) -> None:
        """Show the mails; the cursor stays on its mail, or goes to the one that took its place."""
        if not stands(self):
            return
        before, shown = self._current(), self.query_one(OptionList)
        place = shown.highlighted or 0
        self._mails, now = mails, front(self).desk.clock()
        moments = [moment(mail.received, now) for mail in mails]
        when = max(map(cell_len, moments), default=0)
        rows = [Option(told(mail, set_cell_size(at, when))) for mail, at in zip(mails, moments, strict=True)]
        self.query_one("#glimpse").display = bool(rows)
        keys = frozenset(instead_of(each, Context.PARKED) for each in _ON_A_MAIL)
        self.leave_out(frozenset() if rows else keys)
        shown.clear_options()
        shown.add_options(rows or [Option(Content(tr(_EMPTY)), disabled=True)])
        at = _index(mails, before.id) if before else None
        shown.highlighted = (at if at is not None else min(place, len(rows) - 1)) if rows else None
        self._glimpse()

    def _glimpse(self) -> None:
        mail = self._current()
        self.turn_to(mail.id if mail else None)
        self.query_one("#parked", Static).update(glimpse(mail) if mail else Content(""))


def _question(count: int, who: str, *, are_more: bool) -> str:
    """Whether all that one sender wrote is to be taken in."""
    words = trn(
        "take in the one mail from {who}? {key_accept_sender} again",
        "take in all {count} mails from {who}? {key_accept_sender} again",
        count,
    )
    if are_more:
        words = tr("take in all {count} mails from {who} and those that are not shown? {key_accept_sender} again")
    return with_keys(words, count=count, who=who)


def _index(mails: Sequence[ParkedMail], wanted: ParkedId) -> int | None:
    return next((at for at, each in enumerate(mails) if each.id == wanted), None)


def told(mail: ParkedMail, at: str) -> Content:
    """One mail as a line: when it came, from whom, and what it says that it is about."""
    sender = safe_line(mail.read.sender.email or mail.read.sender.name or tr("nobody"))
    return Content.assemble(
        (f" {at}  ", "$muted"),
        (set_cell_size(fit(sender, _WHO), _WHO), ""),
        f"  {subject_line(mail.read.subject)}",
    )


def glimpse(mail: ParkedMail) -> Content:
    """Why a mail was kept back, who wrote it, and how it begins."""
    text = safe(mail.read.text[:_GLIMPSED]).strip("\n")
    rest = "\n…" if len(mail.read.text) > _GLIMPSED else ""
    why, sign = heard(safe_line(mail.reason)), heard(safe_line(mail.read.automatic or ""))
    return Content.assemble(
        (tr("parked: {why}").format(why=why) + "\n", "$warning"),
        (tr("automatic: {why}").format(why=sign) + "\n" if sign else "", "$muted"),
        (f"{safe_line(str(mail.read.sender))} · {subject_line(mail.read.subject)}\n\n", "$muted"),
        text + rest,
    )
