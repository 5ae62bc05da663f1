"""Take back the last thing an agent did, all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from desk.conversation import Act, Event, Happened
from desk.desk import Desk
from desk.draft import Draft
from desk.errors import NothingToUndo, UndoTooLate
from desk.reversal.table import parts_of
from desk.reversal.turning import BACK, in_words, numbers_of, turn
from desk.ticket import TicketNumber


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back. `draft` is the text of the reply or note, to be written on; `said` tells it in words."""

    act: Act
    tickets: tuple[TicketNumber, ...]
    draft: Draft | None
    said: str


def undo(desk: Desk) -> Undone:
    """Take back the acting agent's last act, whichever process it was done in.

    A reply that has not left is always stopped; what a colleague changed since of its ticket stays as it is now.

    Raises:
        NothingToUndo: this agent has done nothing that is not undone already.
        UndoTooLate: it cannot be taken back any more (the mail has left; a colleague changed it since); nothing is.
    """
    with desk.store.transaction():
        events = _last_act(desk)
        parts = reversed(parts_of(events, UndoTooLate))
        text = next(iter([text for row, part in parts if (text := row.back(desk, part))]), None)
        stops_mail = any(event.what is Happened.REPLIED for event in events)
        left = turn(desk, BACK, events, events, detail=text.left if text else None, partly=stops_mail)
        draft = text.draft if text else None
        return Undone(events[0].act, numbers_of(events), draft, in_words("taken back", events, left))


def _last_act(desk: Desk) -> list[Event]:
    last = desk.store.conversations.latest(desk.me.handle, but=(Happened.UNDONE, Happened.REDONE))
    if last is None:
        raise NothingToUndo
    return [each for each in desk.store.conversations.of_act(last.act) if not each.undone]
