"""Mails, when an act about them is taken back or done again: replies, and what the outbox was told.

A mail that is on its way is never touched, and none is sent to somebody of whom there is news.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from desk.addressed import goes_to_whom_it_was
from desk.anew import kind_of
from desk.conversation import EntryId, Event, Happened, Message, Purpose
from desk.desk import Desk
from desk.drafts import finished_by
from desk.errors import RedoTooLate, UndoTooLate
from desk.meanwhile import in_words, written_since
from desk.outgoing import CANCELLABLE, NOT_GONE, OutboxEntry, OutboxState, as_it_stood, cancelled, queued_again
from desk.reversal.anew import take_draft_away, write_anew_again
from desk.reversal.drafts import FROM_COMPOSER, Redrafted, redraft, undraft
from desk.reversal.part import Part
from desk.reversal.queueing import queued_with
from desk.ticket import TicketNumber

_MAY_HAVE_LEFT = frozenset({Happened.SENT, Happened.UNCERTAIN})


def take_reply_back(desk: Desk, part: Part) -> Redrafted | None:
    """Stop a reply, a first mail or a forward that has not left; it is a draft again, with all that was chosen.

    Raises:
        UndoTooLate: it left, may have left, or is leaving, or a colleague had it sent again.
    """
    if (mail := mail_of(desk, part.event)) is None:
        return None
    late = f"too late for the {_what(mail)} on ticket {mail.ticket}"
    if mail.state not in NOT_GONE:
        raise UndoTooLate(f"{late}: it is {_how(desk, mail)}")
    if _may_have_left(desk, mail):
        hint = f"`tandem outbox cancel {mail.id}` keeps it from being sent once more"
        raise UndoTooLate(f"{late}: an earlier attempt to send it may have succeeded", hint)
    if (last := queued_with(desk, mail)) is not None and last.author != desk.me.handle:
        raise UndoTooLate(f"{late}: {last.author} had it sent again since")
    desk.store.outbox.put(cancelled(mail))
    again = redraft(desk, mail.ticket, kind_of(mail), mail.written, finished_by(part.event))
    return replace(again, draft=goes_to_whom_it_was(desk, again.draft, mail))


def send_reply_again(desk: Desk, part: Part) -> None:
    """Queue a mail that was taken back, the very same; the draft that it had become goes.

    Raises:
        RedoTooLate: the mail, the ticket or the draft is not as the undo left it.
    """
    if (mail := mail_of(desk, part.event)) is None:
        return
    if mail.state is not OutboxState.CANCELLED or _may_have_left(desk, mail):
        raise RedoTooLate(f"the {_what(mail)} on ticket {mail.ticket} cannot be sent again: it is {_how(desk, mail)}")
    if news := _news(desk, mail.ticket, mail.entry):
        raise RedoTooLate(
            f"the {_what(mail)} on ticket {mail.ticket} is not sent again: since then {news}", FROM_COMPOSER
        )
    undraft(desk, mail.ticket, kind_of(mail), part, mail.written)
    desk.store.outbox.put(queued_again(mail, _undo_window(desk)))


def take_resend_back(desk: Desk, part: Part) -> None:
    """Let a mail stand as it did before it was to be sent again.

    Raises:
        UndoTooLate: it was sent again, or is being sent.
    """
    if (mail := mail_of(desk, part.event)) is None:
        return
    before = as_it_stood(mail, part.event.detail, desk.clock())
    late = f"too late to take back that the mail on ticket {mail.ticket} is sent again"
    if mail.state not in NOT_GONE:
        raise UndoTooLate(f"{late}: it is {_how(desk, mail)}")
    if (last := queued_with(desk, mail)) is not None and last.id != part.event.id:
        raise UndoTooLate(f"{late}: {last.author} had it sent again since")
    if before is None:
        raise UndoTooLate(f"{late}: how it stood before is not known any more")
    desk.store.outbox.put(before)


def resend_again(desk: Desk, part: Part) -> None:
    """Queue a mail once more that was to be sent again.

    Raises:
        RedoTooLate: it does not stand as the undo left it.
    """
    if (mail := mail_of(desk, part.event)) is None:
        return
    if mail.state.value != part.event.detail.get("state"):
        raise RedoTooLate(f"the mail on ticket {mail.ticket} is not sent again: it is {_how(desk, mail)}")
    desk.store.outbox.put(queued_again(mail, desk.clock()))


def take_cancel_back(desk: Desk, part: Part) -> None:
    """Put a mail back where it was before it was cancelled; one that waited to be sent gets a new undo window.

    Raises:
        UndoTooLate: it is not cancelled any more, its text was written anew and changed or sent since, or there is
            news on its ticket, so that it may be wrong by now.
    """
    if (mail := mail_of(desk, part.event)) is None:
        return
    before = as_it_stood(mail, part.event.detail, _undo_window(desk))
    late = f"too late to put the mail on ticket {mail.ticket} back into the outbox"
    if mail.state is not OutboxState.CANCELLED:
        raise UndoTooLate(f"{late}: it is {_how(desk, mail)}")
    if before is None:
        raise UndoTooLate(f"{late}: how it stood before is not known any more")
    take_draft_away(desk, mail, part.event, late)
    since = written_since(desk, mail.ticket, part.event.id) if before.state in NOT_GONE else ()
    if since:
        raise UndoTooLate(f"{late}: since then {in_words(since, desk.me.handle)}", "answer with what is right now")
    desk.store.outbox.put(before)


def cancel_again(desk: Desk, part: Part) -> None:
    """Cancel a mail once more.

    Raises:
        RedoTooLate: it is on its way, or was sent.
    """
    if (mail := mail_of(desk, part.event)) is None:
        return
    if mail.state not in CANCELLABLE:
        raise RedoTooLate(f"too late to cancel the mail on ticket {mail.ticket} again: it is {_how(desk, mail)}")
    desk.store.outbox.put(cancelled(mail))
    write_anew_again(desk, mail, part.event)


def _what(mail: OutboxEntry) -> str:
    return "forward" if mail.purpose is Purpose.FORWARD else "reply"


def mail_of(desk: Desk, event: Event) -> OutboxEntry | None:
    """The mail that an event is about, on whichever ticket it is by now; None where there is none any more."""
    entry = desk.store.conversations.get(event.entry) if event.entry is not None else None
    return desk.store.outbox.get(entry.outbox) if isinstance(entry, Message) and entry.outbox is not None else None


def _undo_window(desk: Desk) -> datetime:
    return desk.clock() + timedelta(seconds=desk.settings.undo_seconds)


def _events_about(desk: Desk, mail: OutboxEntry) -> list[Event]:
    entries = desk.store.conversations.of(mail.ticket)
    return [each for each in entries if isinstance(each, Event) and each.entry == mail.entry and not each.undone]


def _may_have_left(desk: Desk, mail: OutboxEntry) -> bool:
    """Whether an attempt ended in a way after which the customer may have the mail, whatever was done since."""
    return any(each.what in _MAY_HAVE_LEFT for each in _events_about(desk, mail))


def _how(desk: Desk, mail: OutboxEntry) -> str:
    """How a mail stands, in words; a cancelled one with who did it, and whether it may have left all the same."""
    if mail.state is not OutboxState.CANCELLED:
        return mail.state.shown
    stopped = [each for each in _events_about(desk, mail) if each.what is Happened.CANCELLED]
    by = f" by {stopped[-1].author}" if stopped and stopped[-1].author else ""
    doubt = ", and an earlier attempt to send it may have succeeded" if _may_have_left(desk, mail) else ""
    return f"cancelled{by}{doubt}"


def _news(desk: Desk, number: TicketNumber, since: EntryId) -> str:
    """What others wrote. An own reply in between is one that was done again before: anything else ends the redo."""
    me = desk.me.handle
    return in_words([each for each in written_since(desk, number, since) if each.author != me], me)
