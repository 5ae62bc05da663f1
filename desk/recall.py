"""Texts and mails when an act about them is taken back or done again: replies, notes, and what the outbox was told.

A mail that is on its way is never touched, and none is sent to somebody of whom there is news.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desk.actions.draft import bring_back
from desk.conversation import EntryId, Event, Happened, Message, Note
from desk.desk import Desk
from desk.errors import RedoTooLate, RefusedError, UndoTooLate
from desk.meanwhile import in_words, written_since
from desk.outgoing import OutboxEntry, OutboxState
from desk.plan import Plan
from desk.presence import Draft, DraftKind
from desk.standing import CANCELLABLE, NOT_GONE, as_it_stood, cancelled, queued_again
from desk.ticket import TicketNumber

_MAY_HAVE_LEFT = frozenset({Happened.SENT, Happened.UNCERTAIN})


@dataclass(frozen=True, slots=True)
class Part:
    """One event of an act. `is_typed`: its text is what the agent wrote, not something that a macro left with it."""

    event: Event
    is_typed: bool


def take_reply_back(desk: Desk, part: Part) -> Draft | None:
    """Stop a reply that has not left; its text is a draft again.

    Raises:
        UndoTooLate: it left, may have left, or is leaving.
    """
    if (mail := _mail(desk, part.event)) is None:
        return None
    late = f"too late to take back the reply on ticket {mail.ticket}"
    if mail.state not in NOT_GONE:
        raise UndoTooLate(f"{late}: it is {_how(desk, mail)}")
    if _may_have_left(desk, mail):
        hint = f"`tandem outbox cancel {mail.id}` keeps it from being sent once more"
        raise UndoTooLate(f"{late}: an earlier attempt to send it may have succeeded", hint)
    desk.store.outbox.put(cancelled(mail))
    return bring_back(desk, mail.ticket, DraftKind.REPLY, mail.draft, mail.plan)


def send_reply_again(desk: Desk, part: Part) -> None:
    """Queue a reply that was taken back, the very same mail; the draft that it had become goes.

    Raises:
        RedoTooLate: the mail, the ticket or the draft is not as the undo left it.
    """
    if (mail := _mail(desk, part.event)) is None:
        return
    if mail.state is not OutboxState.CANCELLED or _may_have_left(desk, mail):
        raise RedoTooLate(f"the reply on ticket {mail.ticket} cannot be sent again: it is {_how(desk, mail)}")
    if news := _news(desk, mail.ticket, mail.entry):
        raise RedoTooLate(f"the reply on ticket {mail.ticket} is not sent again: since then {news}", _FROM_COMPOSER)
    _put_away(desk, mail.ticket, DraftKind.REPLY, mail.draft, mail.plan)
    desk.store.outbox.put(queued_again(mail, _undo_window(desk)))


def take_note_back(desk: Desk, part: Part) -> Draft | None:
    """Take a note off its ticket; one that the agent typed is a draft again."""
    if (note := _note(desk, part.event)) is None:
        return None
    desk.store.conversations.put(replace(note, removed=True))
    return bring_back(desk, note.ticket, DraftKind.NOTE, note.note) if part.is_typed else None


def add_note_again(desk: Desk, part: Part) -> None:
    """Let a note stand again that was taken back; the draft that it had become goes.

    Raises:
        RedoTooLate: the draft is not as the undo left it.
    """
    if (note := _note(desk, part.event)) is None:
        return
    if part.is_typed:
        _put_away(desk, note.ticket, DraftKind.NOTE, note.note, None)
    desk.store.conversations.put(replace(note, removed=False))


def unedit_note(desk: Desk, part: Part) -> None:
    """Give a note the words back that it had before it was edited.

    Raises:
        UndoTooLate: it was edited once more, or taken back.
    """
    _reword(desk, part.event, was="after", becomes="before", refused=UndoTooLate)


def edit_note_again(desk: Desk, part: Part) -> None:
    """Give a note the words again that it was edited to.

    Raises:
        RedoTooLate: it was edited once more, or taken back.
    """
    _reword(desk, part.event, was="before", becomes="after", refused=RedoTooLate)


def take_resend_back(desk: Desk, part: Part) -> None:
    """Let a mail stand as it did before it was to be sent again.

    Raises:
        UndoTooLate: it was sent again, or is being sent.
    """
    if (mail := _mail(desk, part.event)) is None:
        return
    before = as_it_stood(mail, part.event.detail, desk.clock())
    late = f"too late to take back that the mail on ticket {mail.ticket} is sent again"
    if mail.state not in NOT_GONE:
        raise UndoTooLate(f"{late}: it is {_how(desk, mail)}")
    if before is None:
        raise UndoTooLate(f"{late}: how it stood before is not known any more")
    desk.store.outbox.put(before)


def resend_again(desk: Desk, part: Part) -> None:
    """Queue a mail once more that was to be sent again.

    Raises:
        RedoTooLate: it does not stand as the undo left it.
    """
    if (mail := _mail(desk, part.event)) is None:
        return
    if mail.state.value != part.event.detail.get("state"):
        raise RedoTooLate(f"the mail on ticket {mail.ticket} is not sent again: it is {_how(desk, mail)}")
    desk.store.outbox.put(queued_again(mail, desk.clock()))


def take_cancel_back(desk: Desk, part: Part) -> None:
    """Put a mail back where it was before it was cancelled; one that waited to be sent gets a new undo window.

    Raises:
        UndoTooLate: it is not cancelled any more, or there is news on its ticket, so that it may be wrong by now.
    """
    if (mail := _mail(desk, part.event)) is None:
        return
    before = as_it_stood(mail, part.event.detail, _undo_window(desk))
    late = f"too late to put the mail on ticket {mail.ticket} back into the outbox"
    if mail.state is not OutboxState.CANCELLED:
        raise UndoTooLate(f"{late}: it is {_how(desk, mail)}")
    if before is None:
        raise UndoTooLate(f"{late}: how it stood before is not known any more")
    if before.state in NOT_GONE and (news := _news(desk, mail.ticket, part.event.id)):
        raise UndoTooLate(f"{late}: since then {news}", "answer with what is right now")
    desk.store.outbox.put(before)


def cancel_again(desk: Desk, part: Part) -> None:
    """Cancel a mail once more.

    Raises:
        RedoTooLate: it is on its way, or was sent.
    """
    if (mail := _mail(desk, part.event)) is None:
        return
    if mail.state not in CANCELLABLE:
        raise RedoTooLate(f"too late to cancel the mail on ticket {mail.ticket} again: it is {_how(desk, mail)}")
    desk.store.outbox.put(cancelled(mail))


_FROM_COMPOSER = "look at the ticket, and send the draft from the composer"


def _mail(desk: Desk, event: Event) -> OutboxEntry | None:
    entry = desk.store.conversations.get(event.entry) if event.entry is not None else None
    return desk.store.outbox.get(entry.outbox) if isinstance(entry, Message) and entry.outbox is not None else None


def _note(desk: Desk, event: Event) -> Note | None:
    entry = desk.store.conversations.get(event.entry) if event.entry is not None else None
    return entry if isinstance(entry, Note) else None


def _reword(desk: Desk, event: Event, *, was: str, becomes: str, refused: type[RefusedError]) -> None:
    """Each change of the words has a version of its own, so that no editor takes them for those it began with."""
    if (note := _note(desk, event)) is None:
        return
    if note.removed or note.note != event.detail[was]:
        raise refused(f"too late: note {note.id} on ticket {note.ticket} was changed again since, by {note.author}")
    desk.store.conversations.put(replace(note, note=event.detail[becomes], version=note.version + 1))


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
    news = written_since(desk, number, since)
    return in_words(news, desk.me.handle) if news else ""


def _put_away(desk: Desk, number: TicketNumber, kind: DraftKind, text: str, plan: Plan | None) -> None:
    """Remove the draft that an undo made of a text, if it is just that.

    Raises:
        RedoTooLate: it holds other words by now, is a colleague's, or is gone.
    """
    drafts = [each for each in desk.store.drafts.of(number) if each.kind is kind]
    mine = [each for each in drafts if each.author == desk.me.handle]
    for draft in mine:
        if (draft.text, draft.plan) == (text, plan):
            desk.store.drafts.remove(draft.id)
            return
    others = next((each.author for each in drafts if each.author != desk.me.handle), None)
    if mine:
        what = "was changed since"
    elif others is not None and kind is DraftKind.REPLY:
        what = f"is {others}'s now"
    else:
        what = "is gone"
    raise RedoTooLate(f"the draft of that {kind} on ticket {number} {what}", _FROM_COMPOSER)
