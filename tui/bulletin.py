"""What the application says on its status line: sentences, questions, accounts that are stopped.

Any screen may hold a line that shows it (`tui.widgets.bars.StatusLine`).
"""

from __future__ import annotations

import time
from abc import abstractmethod
from asyncio import TimerHandle
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from textual.app import App
from textual.driver import Driver
from textual.reactive import reactive

from desk.conversation import OutboxId
from desk.desk import Desk
from desk.errors import TandemError
from tui.accounts import told_stopped
from tui.counting import Counting
from tui.keys.action import Context
from tui.keys.naming import acts_in, presses, with_keys
from tui.keys.presses import is_foreign
from tui.messages import Said, Tone, together
from tui.outdated import OUTDATED
from tui.threads.later import later
from tui.words.heard import heard
from tui.words.tongue import tr

T = TypeVar("T")

_UNDO_ELSEWHERE = "z"
"""The key that takes back in mail programs on the web."""
_SHOWN_FOR, _ASKED_FOR, _OFFERED_FOR = 8.0, 3.0, 12.0
_READ_IN = 2.0
"""Seconds for which nobody can have read what was not saved."""


class Bulletin(App[None]):
    """An application with a status line."""

    said: reactive[Said] = reactive(Said(), repaint=False)
    sync: reactive[Said] = reactive(Said(), repaint=False)
    lost: reactive[Said] = reactive(Said(), repaint=False)
    """Why the store cannot be read now."""
    stopped: reactive[Said] = reactive(Said(), repaint=False)
    """Which accounts are not let in to send, and when they are tried again."""

    left: reactive[Said] = reactive(Said(), repaint=False)
    """What was written and never saved, and the key that offers it."""

    desk: Desk
    is_outdated = False
    """Whether a newer Tandem has upgraded the desk since this screen began, so that it can save nothing more."""
    is_leaving = False
    """Whether it ends as soon as all is written."""

    def __init__(self, driver_class: type[Driver]) -> None:
        super().__init__(driver_class=driver_class)
        self._counting = Counting(self)
        self._silence: TimerHandle | None = None
        self._told_foreign = ""
        """What was said last of a letter of another script."""
        self._wrong = "", 0.0
        """What went wrong last, and when."""
        self._unseen: tuple[tuple[str, ...], str, float] | None = None
        """What could not be saved, why, and when that was said last; nobody has seen it yet."""
        self._asked: tuple[str, frozenset[str]] | None = None
        """The question that stands on the status line, and the key that answers it."""

    def on_mount(self) -> None:
        self.set_interval(1.0, self._counting.go_on)

    @abstractmethod
    def read(self, kind: str, work: Callable[[Desk], T], done: Callable[[T], None]) -> None:
        """Do `work` off the event loop and `done` on it; of several of one kind only the last."""

    def say(self, text: str, tone: Tone = "info") -> None:
        """Show a sentence, ours or the desk's, on the status line for some seconds.

        What was done says there what an undo takes back first, where that is a mail that still waits.
        """
        first = self._counting.goes_first if text and tone == "info" else ""
        words = " · ".join(filter(None, (heard(text), first)))
        if words and tone == "info" and (unsaved := self._unsaved):
            words, tone = f"{unsaved} · {words}", "error"
        self.show_said(Said(words, tone))

    def say_unsaved(self, label: str, error: TandemError) -> None:
        """Tell that something was not saved, until a key is pressed by someone who can have read it; news go behind it.

        Whoever asked for it may look elsewhere by now.
        """
        labels = self._unseen[0] if self._unseen else ()
        self._unseen = tuple(dict.fromkeys((*labels, label))), heard(str(error)), time.monotonic()
        self.fall_silent()

    def has_saved(self, label: str) -> None:
        """Know that something was saved after all, of which it may stand there that it was not."""
        if self._unseen is None or label not in self._unseen[0]:
            return
        labels, why, at = self._unseen
        is_shown, rest = self.said.text == self._unsaved, tuple(each for each in labels if each != label)
        self._unseen = (rest, why, at) if rest else None
        if is_shown:
            self.show_said(Said(), 0.0)

    @property
    def _unsaved(self) -> str:
        if self._unseen is None:
            return ""
        labels, why, _ = self._unseen
        return tr("not saved: {what}: {why}").format(what=", ".join(labels), why=why)

    def say_done(self, text: str, tone: Tone, since: float) -> None:
        """Tell what became of something that was asked for at `since`, on the clock of `time.monotonic`.

        It does not wipe out what keys before it were refused for after that, which nobody has read yet; the last that
        was done stands behind it.
        """
        wrong, at = self._wrong
        if tone == "info" and self.said.tone == "error" and at > since:
            self.show_said(Said(f"{wrong} · {heard(text)}", "error"))
            self._wrong = wrong, at
        else:
            self.say(text, tone)

    def tell_of(self, mail: OutboxId, whom: str) -> None:
        """Count a mail's undo window down on the status line, and say how it ended; other sentences go first."""
        self._counting.begin(mail, whom)

    def counts_no_more(self) -> None:
        """Know that what an undo takes back first was taken back."""
        self._counting.taken_back()

    def asked_again(self, question: str, action: str) -> bool:
        """Whether `question` stands on the status line already; if not, it does now, until a key is pressed.

        Those of the action that asks let it stand. An answer counts once; who is leaving has been asked.
        """
        if self._asked == (question, keys := presses(action)) or self.is_leaving:
            self._asked = None
            return True
        self.show_said(Said(question, "warn"), _ASKED_FOR)
        self._asked = (question, keys)
        return False

    def offer_again(self, said: Said, *actions: str) -> None:
        """Show what the key of one of these actions does when pressed once more, until another key is pressed."""
        self.show_said(said, _OFFERED_FOR)
        self._asked = (said.text, frozenset[str]().union(*map(presses, actions)))

    def say_pasted(self) -> None:
        """Tell that a pasted text was dropped."""
        self.say(
            with_keys(tr("a pasted text was dropped: open a reply ({key_reply}) or a note ({key_note}) to paste into")),
            "warn",
        )

    def say_idle(self, key: str, place: Context | None = None) -> None:
        """Tell that a key does nothing here, until the next key; never over another sentence."""
        if is_foreign(key):
            self._say_foreign(key)
        elif not self.said.text:
            told = tr("{key} does nothing here, {key_help} shows what does")
            if key == _UNDO_ELSEWHERE and acts_in("undo", place):
                told = tr("{key} does nothing here, {key_undo} takes back, {key_help} shows what does")
            words = with_keys(told, place, key=key)
            self.show_said(Said(words))
            self._asked = (words, frozenset())

    def _say_foreign(self, key: str) -> None:
        """Tell whose keyboard writes in another script why nothing happens; not at each letter, nor over errors."""
        if self.said.tone == "info" and (not self.said.text or self.said.text != self._told_foreign):
            words = tr("{key} is no key here: switch the keyboard to Latin letters").format(key=key)
            self._told_foreign = words
            self.show_said(Said(words))

    def say_slow(self, label: str, started: float, who: str) -> None:
        """Tell that a write takes its time, and for whom it waits where known; over no error and no question."""
        if self.said.tone == "error" or self._asked is not None:
            return
        seconds = f"{time.monotonic() - started:.0f}"
        words = tr("{what}: another write is taking long, {seconds} s; yours follows by itself")
        if who and " " not in who:  # a colleague; a process that belongs to none is told in more words
            words = tr("{who}'s write is taking long, {seconds} s; {what} follows by itself")
        elif who:
            words = tr("{what} waits for {who}, {seconds} s by now; it follows by itself")
        if self.is_leaving:
            words = tr("again leaves at once: {what} waits for {who}, {seconds} s by now")
            who = who or tr("somebody else")
        self.say(words.format(what=label, who=heard(who), seconds=seconds), "warn")

    def tell_lost(self, error: TandemError | None) -> None:
        """Tell that the store cannot be read now, and what to do, for as long as that is so (None: it can again)."""
        words = tr("{what}; it is tried again, and what you type stays here") if error else ""
        self.lost = Said(words.format(what=heard(str(error))), "warn") if error else Said()

    @property
    def standing(self) -> Said:
        """What the right end of the status line tells: the worst that is so just now, in and out."""
        if self.lost.text:
            return self.lost
        wrong = [each for each in (self.stopped, self.sync) if each.text and each.tone != "info"]
        return together(wrong) if wrong else self.left if self.left.text else self.sync

    def read_stopped(self) -> None:
        """See from which mailboxes nothing is sent now, because their servers do not let us in."""
        self.read("senders", told_stopped, partial(setattr, self, "stopped"))

    def says_only(self, said: Said) -> bool:
        """Whether nothing but this stands on the status line, or nothing at all."""
        return not self.said.text or self.said == said

    def show_said(self, said: Said, seconds: float = _SHOWN_FOR) -> None:
        """Show a sentence; the timer of the one before it ends with that one."""
        if self.is_outdated and not said.text:
            said, seconds = Said(tr(OUTDATED), "error"), 0.0
        self._asked = None
        if not said.text and (unsaved := self._unsaved):
            said, seconds = Said(unsaved, "error"), 0.0
            self._asked = (unsaved, frozenset())
        self.said = said
        if said.tone == "error":
            self._wrong = said.text, time.monotonic()
        if self._silence is not None:
            self._silence.cancel()
        self._silence = later(self, seconds, self.fall_silent) if said.text and seconds else None

    def fall_silent(self) -> None:
        """Take away what stands there; what was not saved only once it has stood there for long enough to be read."""
        if self._unseen and self.said.text == self._unsaved and time.monotonic() - self._unseen[2] > _READ_IN:
            self._unseen = None
        self.show_said(Said(), 0.0)
