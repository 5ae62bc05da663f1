"""Putting tickets off from the list and the reader: those that sleep leave the inbox until they wake up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from desk.actions.snooze import snooze
from desk.conversation import Act
from desk.desk import Desk
from desk.errors import RefusedError
from desk.moments import moment_of
from desk.people import Handle
from desk.sleep import Sleep, asleep, awake
from desk.ticket import Status, Ticket, TicketNumber
from tui.actions.deeds import named
from tui.actions.naps import day_and_time
from tui.actions.tickets import TicketActions
from tui.front import front
from tui.keys.naming import with_keys
from tui.lists.pending import Becomes
from tui.words.tongue import tr, trn

if TYPE_CHECKING:
    from tui.screens.snooze import Nodded


class Snoozing(TicketActions):
    """Asks until when, and puts the tickets off as one act."""

    def action_snooze(self) -> None:
        """Choose until when the tickets sleep, or wake them up."""
        from tui.screens.snooze import SnoozeScreen

        numbers = self.targets()
        front(self).push_screen(SnoozeScreen(numbers), partial(self._nodded, numbers))

    def _nodded(self, numbers: Sequence[TicketNumber], chosen: Nodded | None) -> None:
        if chosen is None:
            return
        if not chosen.words:
            self._change(
                numbers,
                lambda whom: tr("wake {whom}").format(whom=named(whom)),
                lambda desk, number, act: snooze(desk, number, None, act=act),
                _woken,
                awake,
            )
            return
        nap = _PutOff(chosen.words, through=chosen.through)
        self._change(
            numbers,
            lambda whom: tr("snooze {whom}").format(whom=named(whom)),
            nap.put_off,
            lambda whom: _slept(whom, nap.until, front(self).desk.clock()),
            nap.foreseen(front(self).desk),
            goes_on=True,
        )


class _PutOff:
    """Puts tickets off until what these words mean when it is done: the same moment for all of one act."""

    def __init__(self, words: str, *, through: bool) -> None:
        self._words, self._through = words, through
        self._moments: dict[Act, datetime] = {}

    @property
    def until(self) -> datetime:
        """Until when the tickets of the last act sleep."""
        return list(self._moments.values())[-1]

    def put_off(self, desk: Desk, number: TicketNumber, act: Act) -> Ticket:
        """Put one ticket off."""
        if act not in self._moments:
            self._moments[act] = moment_of(desk, self._words)
        return snooze(desk, number, self._moments[act], through=self._through, act=act)

    def foreseen(self, desk: Desk) -> Becomes:
        """What becomes of a ticket until it is put off; of spam nothing does, nor by a moment that is gone by now."""
        me = desk.acting.handle if desk.acting else Handle("")
        try:
            sleep = Sleep(moment_of(desk, self._words).replace(microsecond=0), me, self._through)
        except RefusedError:
            return lambda ticket: ticket
        return lambda ticket: ticket if ticket.status is Status.SPAM else asleep(ticket, sleep)


def _slept(numbers: Sequence[TicketNumber], until: datetime, now: datetime) -> str:
    return with_keys(
        trn(
            "{whom} sleeps until {moment}, {key_undo} takes it back",
            "{whom} sleep until {moment}, {key_undo} takes it back",
            len(numbers),
        ),
        whom=named(numbers),
        moment=day_and_time(until, now),
    )


def _woken(numbers: Sequence[TicketNumber]) -> str:
    return trn("{whom} is awake", "{whom} are awake", len(numbers)).format(whom=named(numbers))
