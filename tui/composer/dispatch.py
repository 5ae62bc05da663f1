"""How a finished text gets to the desk, as a mail or as a note, and what is said then (the desk's side: sending.py)."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import Protocol

from desk.desk import Desk
from desk.errors import DraftMoved, StorageError
from desk.outgoing import Answer, OutboxEntry
from desk.safe import safe_line
from desk.steps import SnoozeStep
from desk.ticket import Status
from tui.composer.addressing import Addressing
from tui.composer.enclosing import Enclosing
from tui.composer.holding import Holding
from tui.composer.manuscript import Manuscript
from tui.composer.page import Page
from tui.composer.sending import Moved, Outcome, PutDown, Sent
from tui.composer.standing import told_lost
from tui.composer.way_out import WayOut
from tui.front import front
from tui.host import host
from tui.keys.naming import with_keys
from tui.reader.opened import OpenTicket
from tui.screens.snooze import Nodded, SnoozeScreen
from tui.words.heard import heard
from tui.words.tongue import mark, tr

NEWS_HOLD = 1.5
"""Seconds after a refusal for which nothing sends: a second press that was on its way has not read the news."""
_SOON = 1.0
"""Seconds for which keys behind the one that sends wait for what comes then; who goes on pressing means this screen."""
_CURSORS = 20
"""In how many texts that were sent the place of the cursor is remembered."""
_SNOOZE_HEADING = mark("Send and snooze")


class DispatchPage(Page, Protocol):
    """What this asks of its screen."""

    put_note_down: PutDown

    @property
    def sending_name(self) -> str:
        """What is said where the text cannot be sent or added."""
        ...

    @property
    def note_added(self) -> str:
        """What is said once a note is with the desk."""
        ...

    def missing(self, text: str) -> str:
        """What stands between this text and its sending, in words; empty when nothing does."""
        ...

    def send_mail(self, desk: Desk, answer: Answer) -> Outcome:
        """Hand a mail to the desk, in the writer's thread."""
        ...

    def news(self, opened: OpenTicket) -> None:
        """Take in a newer state of the ticket."""
        ...


class Dispatch:
    """The sending of one text. `is_sending`: it is on its way to the desk; no key acts then."""

    def __init__(
        self,
        page: DispatchPage,
        manuscript: Manuscript,
        holding: Holding,
        addressing: Addressing,
        enclosing: Enclosing,
        way_out: WayOut,
    ) -> None:
        self._page, self._manuscript, self._holding = page, manuscript, holding
        self._addressing, self._enclosing, self._way_out = addressing, enclosing, way_out
        self._refused, self._told = -NEWS_HOLD, -_SOON
        self._told_whom = ""
        self.is_sending = False

    @property
    def is_soon_sent(self) -> bool:
        """Whether it was told to send a moment ago, and has not come to its end."""
        return self.is_sending and time.monotonic() - self._told < _SOON

    def send(self, status: str = "", sleep: SnoozeStep | None = None) -> None:
        """Send the mail, with a status and a sleep for its ticket, or add the note.

        Refused in words while something is left to do.
        """
        text, drafting = self._manuscript.text, self._manuscript.drafting
        if time.monotonic() - self._refused < NEWS_HOLD:
            self._say_unread()
            return
        if missing := self._page.missing(text):
            words = tr("not added: {why}") if drafting.is_note else tr("not sent: {why}")
            host(self._page.screen).say(words.format(why=missing), "warn")
            return
        if self._enclosing.is_reading:
            host(self._page.screen).say(tr("not sent: a file is still being read"), "warn")
            return
        if (stays := self._addressing.stays) and stays != self._told_whom:
            self._told_whom, self._refused = stays, time.monotonic()
            host(self._page.screen).say(
                with_keys(tr("not sent: {what}; {key_send} sends it as it is"), what=stays), "warn"
            )
            return
        self.is_sending, self._told = True, time.monotonic()
        self._way_out.stay()
        if drafting.is_note:
            keeper, seen = self._manuscript.keeper, self._manuscript.seen
            work = partial(self._page.put_note_down, keeper=keeper, text=text, drafting=drafting, seen=seen)
        else:
            answer = drafting.answer(text, Status(status) if status else None, self._manuscript.seen)
            stays_to = self._manuscript.says_whom_it_stays_to(answer.wording)
            work = partial(self._page.send_mail, answer=replace(answer, snooze=sleep, stays_to=stays_to))
        front(self._page.screen).act(self._page.sending_name, work, self._answered, self._stay_unsent)

    def send_snoozed(self) -> None:
        """Ask until when the ticket sleeps, then send and let it wait for the customer."""
        number = self._page.opened.ticket.number
        if not number:
            host(self._page.screen).say(tr("a first mail has no ticket yet that could sleep"), "warn")
        elif missing := self._page.missing(self._manuscript.text):
            host(self._page.screen).say(tr("not sent: {why}").format(why=missing), "warn")
        else:
            host(self._page.screen).push_screen(SnoozeScreen((number,), verb=_SNOOZE_HEADING, sends=True), self._nodded)

    def _say_unread(self) -> None:
        """Say to whom presses too soon to have read the news that they came, and what the key does in a moment."""
        note, mail = (
            tr("not added yet: read what came just now; {key_send} in a moment adds it as it is"),
            tr("not sent yet: read what came just now; {key_send} in a moment sends it as it is"),
        )
        host(self._page.screen).say(with_keys(note if self._manuscript.drafting.is_note else mail), "warn")

    def _nodded(self, chosen: Nodded | None) -> None:
        if chosen is not None:
            self.send("waiting", SnoozeStep(chosen.words, through=chosen.through))

    def _stay_unsent(self) -> None:
        """Let the keys act again where nobody can tell what became of it, which is said."""
        self.is_sending = False

    def _answered(self, outcome: Outcome) -> None:
        """Leave when it is sent; stay when it is not, and say why."""
        self.is_sending = False
        match outcome:
            case Sent():
                words = self._page.note_added if outcome.entry is None else ""  # of a mail the status line tells
                self._way_out.leave(sent=True, closed=outcome.closed, words=words)
                self._tell_of(outcome.entry)
            case Moved():
                self._stay(outcome)
            case DraftMoved():
                self._lose(outcome)
            case StorageError():
                words = tr("not added: {why}") if self._manuscript.drafting.is_note else tr("not sent: {why}")
                host(self._page.screen).say(words.format(why=heard(str(outcome))), "error")
            case refused:
                host(self._page.screen).say(str(refused), "error")

    def _tell_of(self, entry: OutboxEntry | None) -> None:
        """Let the status line tell of the mail, and keep where the cursor stood, should it be taken back."""
        if entry is not None:
            people = self._addressing.head.heads.to
            label = people[0].label.split() if people else []
            cursors = front(self._page.screen).cursors
            cursors[entry.draft] = self._page.area.cursor_location
            if len(cursors) > _CURSORS:
                cursors.popitem(last=False)
            front(self._page.screen).tell_of(entry.id, label[0] if label else tr("the customer"))

    def _stay(self, moved: Moved) -> None:
        """Show what somebody wrote meanwhile; what is sent next was written with that on the screen."""
        self._manuscript.seen = moved.opened.newest
        self._addressing.name(moved.head)
        self._page.news(moved.opened)
        self._refused, what = time.monotonic(), heard(safe_line(moved.what))
        if (stays := self._addressing.stays) and stays != self._told_whom:
            self._told_whom, what = stays, f"{what}; {stays}"
        note, mail = (
            tr("not added: {what}; {key_send} adds it as it is"),
            tr("not sent: {what}; {key_send} sends it as it is"),
        )
        words = note if self._manuscript.drafting.is_note else mail
        host(self._page.screen).say(with_keys(words, what=what), "warn")

    def _lose(self, moved: DraftMoved) -> None:
        """Say who has the draft now, or where it went."""
        self._holding.look()
        merged, elsewhere = (
            tr("not sent: {what}; {key_keep} keeps it there"),
            tr("not sent: {what}; {key_take_over} takes the draft over"),
        )
        words = merged if moved.lost.has_moved else elsewhere
        host(self._page.screen).say(
            with_keys(words, what=told_lost(moved.lost, host(self._page.screen).desk.clock())), "warn"
        )
