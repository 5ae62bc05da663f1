"""What agents decided about mails that failed, when it is taken back or done again: to the rest only, and settled."""

from __future__ import annotations

from dataclasses import replace

from desk.desk import Desk
from desk.errors import RedoTooLate, UndoTooLate
from desk.inquiry import went_out
from desk.outgoing import NOT_GONE, OutboxState, as_it_stood, queued_again, to_the_rest
from desk.reversal.mails import mail_of
from desk.reversal.part import Part
from desk.reversal.queueing import queued_with


def take_rest_back(desk: Desk, part: Part) -> None:
    """Let a mail that was to go to the rest of its recipients stand as it did, refused and for all of them.

    Raises:
        UndoTooLate: it was sent, or is being sent, or was decided about since.
    """
    if (mail := mail_of(desk, part.event)) is None:
        return
    everybody = tuple(part.event.detail.get("recipients", "").split("\n"))
    before = as_it_stood(mail, part.event.detail, desk.clock())
    late = f"too late to take back who gets the mail on ticket {mail.ticket}"
    if mail.state not in NOT_GONE or before is None or set(mail.recipients) >= set(everybody):
        raise UndoTooLate(f"{late}: it is {mail.state.shown}")
    if (last := queued_with(desk, mail)) is not None and last.id != part.event.id:
        raise UndoTooLate(f"{late}: {last.author} had it sent again since")
    desk.store.outbox.put(replace(before, recipients=everybody))


def send_to_rest_again(desk: Desk, part: Part) -> None:
    """Queue a mail for the rest of its recipients once more.

    Raises:
        RedoTooLate: it does not stand as the undo left it.
    """
    if (mail := mail_of(desk, part.event)) is None:
        return
    rest = to_the_rest(mail)
    if mail.state is not OutboxState.REFUSED or not rest:
        raise RedoTooLate(f"the mail on ticket {mail.ticket} is not sent to the rest: it is {mail.state.shown}")
    desk.store.outbox.put(queued_again(replace(mail, recipients=rest), desk.clock()))


def unsettle(desk: Desk, part: Part) -> None:
    """Let a mail that was settled be in doubt again, as it was.

    Raises:
        UndoTooLate: it is not settled any more.
    """
    if (mail := mail_of(desk, part.event)) is None:
        return
    before = as_it_stood(mail, part.event.detail, desk.clock())
    if mail.state is not OutboxState.SENT or before is None:
        raise UndoTooLate(f"the mail on ticket {mail.ticket} is not settled any more: it is {mail.state.shown}")
    desk.store.outbox.put(before)


def settle_again(desk: Desk, part: Part) -> None:
    """Settle a mail once more.

    Raises:
        RedoTooLate: it does not stand as the undo left it.
    """
    if (mail := mail_of(desk, part.event)) is None:
        return
    if mail.state.value != part.event.detail.get("state"):
        raise RedoTooLate(f"the mail on ticket {mail.ticket} is not settled again: it is {mail.state.shown}")
    desk.store.outbox.put(went_out(mail))
