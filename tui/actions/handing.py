"""What the keys of the list and the reader do for two agents on one desk: hand over, take the next ticket, promise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from desk.actions.promise import keep_promise, promise
from desk.actions.take_next import take_next
from desk.desk import Desk
from desk.draft import Draft
from desk.errors import TandemError
from desk.people import Agent, Handle
from desk.promised import promised_on
from desk.promises import Promise, PromiseId
from desk.ticket import Ticket, TicketNumber
from tui.actions.deeds import named
from tui.actions.writing import WritingActions
from tui.composer.handing import Handing, partners, taken_back
from tui.front import front
from tui.keys.naming import with_keys
from tui.reader.opened import OpenTicket, load
from tui.words.telling import moment
from tui.words.tongue import tr


class HandingActions(WritingActions):
    """A screen from which tickets go from hand to hand."""

    _is_taking = False

    def action_hand_over(self) -> None:
        """Write the note with which the tickets go to the partner; first to whom, where there are several."""
        front(self).prepare(partners, partial(self._choose_partner, tuple(self.targets())))

    def _choose_partner(self, numbers: Sequence[TicketNumber], others: Sequence[Agent]) -> None:
        from tui.screens.agent_picker import AgentPicker

        if len(others) == 1:
            self._hand_over(Handing(numbers, others[0].handle))
        else:
            heading = tr("Hand {whom} over to").format(whom=named(numbers))
            front(self).push_screen(AgentPicker(others, heading), partial(self._chosen_to, numbers))

    def _chosen_to(self, numbers: Sequence[TicketNumber], to: Handle | None) -> None:
        if to is not None:
            self._hand_over(Handing(numbers, to))

    def _hand_over(self, handing: Handing, text: str = "") -> None:
        number = handing.numbers[0]
        self.let_go(number)
        front(self).prepare(lambda desk: load(desk, number), partial(self._write_to_hand_over, handing, text))

    def _write_to_hand_over(self, handing: Handing, text: str, opened: OpenTicket) -> None:
        from tui.screens.hand_over import HandOverScreen

        screen = HandOverScreen(opened, handing, text, cursor=front(self).cursors.get(text))
        front(self).push_screen(screen, self._written)

    def write_on(self, draft: Draft) -> None:
        front(self).prepare(lambda desk: taken_back(desk, draft), partial(self._write_on_or_hand_over, draft))

    def _write_on_or_hand_over(self, draft: Draft, handing: Handing | None) -> None:
        if handing is not None:
            self._hand_over(handing, draft.text)
        else:
            super().write_on(draft)

    def action_take_next(self) -> None:
        """Take the longest-waiting ticket that nobody has, and open it; a key that is held down takes one."""
        if not self._is_taking:
            self._is_taking = True
            front(self).act(tr("take next"), _take_next, self._took)

    def _took(self, ticket: Ticket | TandemError | None) -> None:
        self._is_taking = False
        if isinstance(ticket, TandemError):
            front(self).say(str(ticket), "error")
            return
        if ticket is None:
            front(self).say(tr("no open ticket waits for somebody to take it"))
            return
        self.acted()
        self.open_ticket(ticket.number)
        front(self).say(with_keys(tr("{number} is yours, {key_undo} puts it back"), number=ticket.number))

    def action_promise(self) -> None:
        """Promise something on the ticket, or say that what was promised was done."""
        number = self.target()
        front(self).prepare(partial(_standing, number), partial(self._ask_for_promise, number))

    def _ask_for_promise(self, number: TicketNumber, there: Sequence[Promise]) -> None:
        from tui.screens.promise import PromisePicker

        picker = PromisePicker(number, there, front(self).desk.clock)
        front(self).push_screen(picker, partial(self._promised, number))

    def _promised(self, number: TicketNumber, said: tuple[datetime, str] | PromiseId | None) -> None:
        if said is None:
            return
        if isinstance(said, tuple):
            due, text = said
            at = moment(due, front(self).desk.clock())
            words = with_keys(tr("promised on {number} by {due}, {key_undo} takes it back"), number=number, due=at)
            work = partial(_promise, number, due, text)
        else:
            words = with_keys(tr("{number}: the promise was kept, {key_undo} takes it back"), number=number)
            work = partial(_keep, said)
        label = tr("promise on {number}").format(number=number)
        front(self).act(label, work, lambda _: self._changed(words, None))


def _take_next(desk: Desk) -> Ticket | TandemError | None:
    """What went wrong is a value, so that the next press is not taken for one that waits."""
    try:
        return take_next(desk)
    except TandemError as error:
        return error


def _standing(number: TicketNumber, desk: Desk) -> list[Promise]:
    return promised_on(desk, number)


def _promise(number: TicketNumber, due: datetime, text: str, desk: Desk) -> Promise:
    return promise(desk, number, due, text)


def _keep(kept: PromiseId, desk: Desk) -> Promise:
    return keep_promise(desk, kept)
