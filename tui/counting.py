"""The mail that was sent last, counted down on the status line until it has left and it is clear what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from desk.anew import stopped_by
from desk.conversation import OutboxId
from desk.desk import Desk
from desk.outgoing import OutboxEntry, OutboxState
from desk.people import Handle
from desk.reversal.queueing import queued_with
from tui.messages import Said
from tui.reader.opened import stopped_accounts
from tui.words.countdown import Counted, is_over

T = TypeVar("T")

_LOOKS = 10
"""Looks, one each second, for which a sentence about what is wrong may stand on the line."""


class Spoken(Protocol):
    """What this asks of the application."""

    desk: Desk

    def says_only(self, said: Said) -> bool:
        """Whether nothing but this stands on the status line, or nothing at all."""
        ...

    def show_said(self, said: Said) -> None:
        """Show a sentence there for some seconds."""
        ...

    def read(self, kind: str, work: Callable[[Desk], T], done: Callable[[T], None]) -> None:
        """Do `work` off the event loop and `done` on it; of several of one kind only the last."""
        ...


class Counting:
    """Tells of one mail at a time; other sentences go first."""

    def __init__(self, app: Spoken) -> None:
        self._app = app
        self._counted: Counted | None = None
        self._told = Said()
        self._waiting: OutboxEntry | None = None
        """The mail as it was looked at last, while it could be taken back."""
        self._wrong = 0
        """How often yet to look whether a mail is still not there, as the line tells."""

    @property
    def goes_first(self) -> str:
        """That an undo takes the mail back before anything done since, in words; nothing where it does not."""
        if self._counted is None or self._waiting is None or self._waiting.is_due(self._app.desk.clock()):
            return ""
        return self._counted.goes_first

    def taken_back(self) -> None:
        """Count on nothing: an undo took back what goes first, which may be only that it is sent again."""
        if self.goes_first:
            self._counted = None
        self._waiting = None

    def begin(self, mail: OutboxId, whom: str) -> None:
        """Tell of this mail from now on, under this name."""
        self._counted, self._told, self._waiting, self._wrong = Counted(mail, whom), Said(), None, 0
        self.go_on()

    def go_on(self) -> None:
        """Look how the mail stands now."""
        if (counted := self._counted) is not None:
            self._app.read("counted", partial(_standing_of, counted.mail), partial(self._tell, counted))

    def _tell(self, counted: Counted, standing: _Standing) -> None:
        if counted is not self._counted:
            return
        mail, now = standing.mail, self._app.desk.clock()
        words = counted.words(
            mail,
            now,
            is_stopped=standing.is_stopped,
            taken_out_by=standing.taken_out_by,
            is_mine=standing.is_mine,
        )
        self._waiting = mail if standing.is_mine else None
        if self._wrong and is_over(mail, now):
            self._follow_wrong(words)
            return
        self._wrong = 0  # a mail that waits again is counted down again
        if words is None or is_over(mail, now):
            self._counted, self._wrong = (counted, _LOOKS) if words and words.tone == "warn" else (None, 0)
        if self._app.says_only(self._told) or (words is not None and self._told == Said()):
            self._told = words or Said()
            self._app.show_said(self._told)

    def _follow_wrong(self, words: Said | None) -> None:
        """Take away what is told of a mail that is not there, once that was seen to and is so no more."""
        self._wrong -= 1
        if words == self._told and self._wrong:
            return
        self._counted, self._wrong = None, 0
        if words != self._told and self._app.says_only(self._told):
            self._app.show_said(Said())


@dataclass(frozen=True, slots=True)
class _Standing:
    """A mail as it stands now, whether its account is not let in to send, and which colleague cancelled it.

    `is_mine`: it is queued, by whoever acts here.
    """

    mail: OutboxEntry | None
    is_stopped: bool = False
    taken_out_by: Handle | None = None
    is_mine: bool = False


def _standing_of(number: OutboxId, desk: Desk) -> _Standing:
    if (mail := desk.store.outbox.get(number)) is None:
        return _Standing(None)
    by, me = stopped_by(desk, mail), desk.acting.handle if desk.acting else None
    last = queued_with(desk, mail) if mail.state is OutboxState.QUEUED else None
    is_mine = mail.state is OutboxState.QUEUED and (last or mail).author == me
    return _Standing(mail, mail.mailbox in stopped_accounts(desk), by if by != me else None, is_mine)
