"""Take back the last thing an agent did, all of it or nothing; a mail that can still be stopped goes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.beginning import KeptBeginning
from desk.conversation import Act, Event, Happened, Message
from desk.desk import Desk, new_act
from desk.draft import Draft
from desk.errors import NothingToUndo, UndoTooLate
from desk.outgoing import OutboxState
from desk.reversal.beginnings import DISCARDED, bring_beginning_back, last_done
from desk.reversal.table import parts_of
from desk.reversal.turning import BACK, in_words, numbers_of, turn
from desk.ticket import TicketNumber


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back. `draft` is the text of the reply or note, to be written on; `said` tells it in words.

    `beginning` is a first mail that is unfinished again: it is on no ticket yet.
    """

    act: Act
    tickets: tuple[TicketNumber, ...]
    draft: Draft | None
    said: str
    beginning: KeptBeginning | None = None


def undo(desk: Desk) -> Undone:
    """Take back the acting agent's last act, whichever process it was done in.

    While the undo window of a mail of theirs is open, that act is meant, whatever they did since: it alone can be
    missed by a moment. A mail that has not left is always stopped; what was changed since of its ticket stays.

    Raises:
        NothingToUndo: this agent has done nothing that is not undone already.
        UndoTooLate: it cannot be taken back any more (the mail has left; a colleague changed it since); nothing is.
    """
    with desk.store.transaction():
        leaving = _leaving(desk)
        if leaving is None and (beginning := bring_beginning_back(desk)) is not None:
            return Undone(new_act(), (), None, DISCARDED, beginning)
        events = _last_act(desk, leaving)
        parts = reversed(parts_of(events, UndoTooLate))
        text = next(iter([text for row, part in parts if (text := row.back(desk, part))]), None)
        stops_mail = any(event.what in _MAILED for event in events)
        left = turn(desk, BACK, events, events, detail=text.left if text else None, partly=stops_mail)
        draft = text.draft if text else None
        return Undone(events[0].act, numbers_of(events), draft, in_words("taken back", events, left))


def taken_back_last(desk: Desk) -> Sequence[Event]:
    """The events of the act that was taken back, if taking it back is the last that the acting agent did; else none."""
    done = desk.store.conversations.done_by(desk.acting.handle, 1) if desk.acting else ()
    last = next(iter(done), None)
    if last is None or last.what is not Happened.UNDONE or "act" not in last.detail:
        return ()
    return desk.store.conversations.of_act(Act(last.detail["act"]))


_MAILED = frozenset({Happened.REPLIED, Happened.WRITTEN, Happened.FORWARDED})
_QUEUED = _MAILED | {Happened.RESENT, Happened.SENT_TO_REST}
"""What opens an undo window: of one mail, the last of them is meant."""
_LOOK_BACK = 200
"""Events of an agent among which a mail is sought that waits; its window is a minute at most."""


def _last_act(desk: Desk, leaving: Event | None) -> list[Event]:
    last = leaving or last_done(desk)
    if last is None:
        raise NothingToUndo
    return [each for each in desk.store.conversations.of_act(last.act) if not each.undone]


def _leaving(desk: Desk) -> Event | None:
    """The act that queued the agent's latest mail whose undo window is open."""
    done = desk.store.conversations.done_by(desk.me.handle, _LOOK_BACK)
    mailed = (each for each in done if each.what in _QUEUED and not each.undone)
    return next((each for each in mailed if _can_be_stopped(desk, each)), None)


def _can_be_stopped(desk: Desk, event: Event) -> bool:
    message = desk.store.conversations.get(event.entry) if event.entry is not None else None
    if not isinstance(message, Message) or message.outbox is None:
        return False
    mail = desk.store.outbox.get(message.outbox)
    return mail is not None and mail.state is OutboxState.QUEUED and mail.due > desk.clock()
