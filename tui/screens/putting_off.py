"""Sending an answer and putting its ticket off in one go: it comes back when the customer answers, or at its time."""

from __future__ import annotations

from dataclasses import replace

from desk.outgoing import Answer
from desk.steps import SnoozeStep
from tui.host import host
from tui.screens.giving import GivingScreen
from tui.screens.snooze import Nodded, SnoozeScreen
from tui.words.tongue import mark, tr

_HEADING = mark("Send and snooze")


class PuttingOffScreen(GivingScreen):
    """A text that is sent with a sleep of its ticket."""

    _sleep: SnoozeStep | None = None

    def action_send(self, status: str = "") -> None:
        """Send the text, with a status for its ticket."""
        raise NotImplementedError

    def action_send_snoozed(self) -> None:
        """Ask until when the ticket sleeps, then send and let it wait for the customer."""
        if not self.number:
            host(self).say(tr("a first mail has no ticket yet that could sleep"), "warn")
        elif missing := self.missing(self.text):
            host(self).say(tr("not sent: {why}").format(why=missing), "warn")
        else:
            host(self).push_screen(SnoozeScreen((self.number,), verb=_HEADING, sends=True), self._nodded)

    def put_off(self, answer: Answer) -> Answer:
        """The answer with the sleep that was chosen for it."""
        return replace(answer, snooze=self._sleep)

    def _nodded(self, chosen: Nodded | None) -> None:
        if chosen is not None:
            self._sleep = SnoozeStep(chosen.words, through=chosen.through)
            self.action_send("waiting")
            self._sleep = None
