"""Taking back on the screen: what cannot be taken back says so once, and what the same key takes back then.

Only while that sentence stands does the key go past it, and not within a blink of it: a key that is held down, or a
second press that was on its way, has not read it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from desk.actions.undo import Undone, would_take_back
from desk.conversation import Event, Happened
from desk.desk import Desk
from desk.errors import UndoTooLate
from desk.outgoing import OutboxEntry, OutboxState
from desk.reversal.mails import mail_of
from desk.reversal.older import Older
from tui.actions.deeds import named
from tui.keys.naming import presses, with_keys
from tui.lists.outbox_rows import recipient
from tui.messages import Said, Tone
from tui.reader.wrapping import fit
from tui.words.heard import heard
from tui.words.telling import told
from tui.words.tongue import tr

if TYPE_CHECKING:
    from tui.app import TandemApp

T = TypeVar("T")
Work = Callable[[Desk, Older | None], T]
"""What takes something back; it may be told to go past what was refused."""

UNREAD = 0.5
"""Seconds for which nobody has read a refusal."""
_LONGEST = 36
"""Cells of what was done before."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """What a refusal told of, in which sentence, and when that was said (seconds of the monotonic clock)."""

    older: Older
    said: Said
    at: float


class Undoing:
    """The undo key of all screens of an application."""

    def __init__(self, app: TandemApp) -> None:
        self._app = app
        self._refused: _Refused | None = None
        self._brings_text = False

    def take_back(self, work: Work[T], done: Callable[[T], None]) -> None:
        """Take back what was done last, or what the sentence that stands there tells of; then `done`."""
        older, self._refused = self._meant, None
        if older is not None:  # the sentence was answered
            self._app.fall_silent()
        self._app.act(tr("undo"), partial(_tried, work, older), partial(self._answer, done))

    def bring_text(self) -> None:
        """Know that the text which is opened next was taken back."""
        self._brings_text = True

    def keys_of_text(self) -> frozenset[str]:
        """With which keys the text that is being opened was taken back; none where it was not, or this was asked."""
        brings, self._brings_text = self._brings_text, False
        return presses("undo") if brings else frozenset()

    def refuse(self, why: str, tone: Tone = "info") -> None:
        """Say why what was done last is not taken back, and what the same key takes back then."""
        self._app.act(tr("undo"), _next, partial(self._tell, why, tone))

    @property
    def _meant(self) -> Older | None:
        refused = self._refused
        if refused is None or refused.said is not self._app.said or time.monotonic() - refused.at < UNREAD:
            return None
        return refused.older

    def _answer(self, done: Callable[[T], None], answer: tuple[T | UndoTooLate, OutboxEntry | None]) -> None:
        result, queued = answer
        if isinstance(result, UndoTooLate):
            self._tell(heard(str(result)), "error", result.older)
            return
        self._app.counts_no_more()
        done(result)
        if queued is not None:
            self._app.tell_of(queued.id, recipient(queued))

    def _tell(self, why: str, tone: Tone, older: Older | None) -> None:
        if older is None:
            self._app.say(why, tone)
            return
        what = _what(older)
        brief, whole = (
            with_keys(each, what=what)
            for each in (tr("{key_undo} again: {what}"), tr("{key_undo} again takes back: {what}"))
        )
        said = Said(why, tone, onward=(whole, brief))
        self._refused = _Refused(older, said, time.monotonic())
        self._app.offer_again(said, "undo")


def _tried(work: Work[T], older: Older | None, desk: Desk) -> tuple[T | UndoTooLate, OutboxEntry | None]:
    """What came of it, and a mail that waits to leave again by that."""
    try:
        result = work(desk, older)
    except UndoTooLate as error:
        return error, None
    return result, _queued(desk, result.events) if isinstance(result, Undone) else None


def _queued(desk: Desk, events: Sequence[Event]) -> OutboxEntry | None:
    """The mail that is in the outbox again, now that it is taken back that it was cancelled."""
    mails = (mail_of(desk, each) for each in events if each.what is Happened.CANCELLED)
    return next((each for each in mails if each is not None and each.state is OutboxState.QUEUED), None)


def _next(desk: Desk) -> Older | None:
    return would_take_back(desk) if desk.acting else None


def _what(older: Older) -> str:
    """What was done, to which ticket or how many: “tagged vip (12)”."""
    if not older.events:
        return tr("a new mail was thrown away")
    first, numbers = older.events[0], list(dict.fromkeys(each.ticket for each in older.events))
    deeds = dict.fromkeys(told(each) for each in older.events if each.ticket == first.ticket)
    return f"{fit(', '.join(deeds), _LONGEST)} ({named(numbers)})"
