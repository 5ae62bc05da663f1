"""Take back the last thing an agent did, all of it or nothing; a mail that can still be stopped goes first.

What cannot be taken back any more is refused, with what was done before it and still can be: an undo that is told so
(`past`) goes on there, and those behind it go on from there until the agent does something else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NoReturn

from desk.beginning import KeptBeginning
from desk.conversation import Act, Event, Happened, Message
from desk.desk import Desk, new_act
from desk.draft import Draft
from desk.errors import NothingToUndo, RefusedError, UndoTooLate
from desk.outgoing import OutboxState
from desk.reversal.beginnings import DISCARDED, bring_beginning_back, is_thrown_since, last_done, thrown_at_last
from desk.reversal.older import Older
from desk.reversal.queueing import MAILED, QUEUED, queued_with
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
    events: tuple[Event, ...] = ()


def undo(desk: Desk, past: Older | None = None) -> Undone:
    """Take back the acting agent's last act, whichever process it was done in.

    While the undo window of a mail of theirs is open, that act is meant, whatever they did since: it alone can be
    missed by a moment. A mail that has not left is always stopped; what was changed since of its ticket stays.

    `past` is what a refusal told of: that older act is meant, as long as what was refused still would come first.

    Raises:
        NothingToUndo: this agent has done nothing that is not undone already.
        UndoTooLate: it cannot be taken back any more (the mail has left; a colleague changed it since); nothing is.
            What was done before that and still can be, it tells too.
    """
    with desk.store.transaction():
        going = _gone_past(desk)
        if past is not None and _first(desk, going) == past.refused:
            going = past.past
        try:
            with desk.store.transaction():
                return _taken_back(desk, going)
        except UndoTooLate as error:
            error.older = _older(desk, going)
            raise


def would_take_back(desk: Desk) -> Older | None:
    """What an undo would take back now; None where there is nothing, or where that would be refused."""
    with desk.store.transaction():
        going = _gone_past(desk)
        undone = _rehearsed(desk, going)
        return Older(_first(desk, going), going, undone.events) if undone else None


def taken_back_last(desk: Desk) -> Sequence[Event]:
    """The events of the act that was taken back, if taking it back is the last that the acting agent did; else none."""
    last = _last_undoing(desk)
    return desk.store.conversations.of_act(Act(last.detail["act"])) if last is not None else ()


_LOOK_BACK = 200
"""Events of an agent among which a mail is sought that waits; its window is a minute at most."""
_TRIED = 20
"""So many acts in front of one that cannot be taken back are tried, whether one of them can."""
_PAST = "past"
"""Under this name an undoing keeps which acts it went past."""


def _taken_back(desk: Desk, past: Collection[Act]) -> Undone:
    from desk.reversal.table import parts_of  # noqa: PLC0415 - it loads how each act is turned

    leaving = _leaving(desk, past)
    if leaving is None and (beginning := bring_beginning_back(desk, past)) is not None:
        return Undone(new_act(), (), None, DISCARDED, beginning)
    events = _standing(desk, leaving or last_done(desk, past))
    parts = reversed(parts_of(events, UndoTooLate))
    text = next(iter([text for row, part in parts if (text := row.back(desk, part))]), None)
    stops_mail = any(event.what in MAILED for event in events)
    detail = {**(text.left if text else {}), **({_PAST: " ".join(sorted(past))} if past else {})}
    left = turn(desk, BACK, events, events, detail=detail, partly=stops_mail)
    draft = text.draft if text else None
    return Undone(
        events[0].act, numbers_of(events), draft, in_words(desk, "taken back", events, left), events=tuple(events)
    )


def _older(desk: Desk, past: Collection[Act]) -> Older | None:
    """The latest act that can be taken back, of those before the one that cannot; None where none of the last can."""
    refused, going = _first(desk, _gone_past(desk)), frozenset(past)
    for _ in range(_TRIED):
        if (act := _first(desk, going)) is None or refused is None:
            return None
        going |= {act}
        if (undone := _rehearsed(desk, going)) is not None:
            return Older(refused, going, undone.events)
    return None


class _RehearsedError(Exception):
    """Ends a transaction in which nothing was meant."""


def _rehearsed(desk: Desk, past: Collection[Act]) -> Undone | None:
    """What would be taken back; None where that is refused."""
    undone: Undone | None = None
    try:
        with desk.store.transaction():
            undone = _taken_back(desk, past)
            _end_rehearsal()
    except (_RehearsedError, RefusedError):
        return undone


def _end_rehearsal() -> NoReturn:
    raise _RehearsedError


def _first(desk: Desk, past: Collection[Act]) -> Act | None:
    """The act that an undo means; None where it is none, or a first mail."""
    event = _leaving(desk, past)
    if event is None and thrown_at_last(desk, past) is None:
        event = last_done(desk, past)
    return event.act if event is not None else None


def _gone_past(desk: Desk) -> frozenset[Act]:
    """The acts that the last undo went past, if it is the last thing that the agent did: the next one goes on there."""
    last = _last_undoing(desk)
    if last is None or last.undone or is_thrown_since(desk, last):
        return frozenset()
    return frozenset(map(Act, last.detail.get(_PAST, "").split()))


def _last_undoing(desk: Desk) -> Event | None:
    """The undoing that is the last thing the agent did."""
    done = desk.store.conversations.done_by(desk.acting.handle, 1) if desk.acting else ()
    last = next(iter(done), None)
    is_undoing = last is not None and last.what is Happened.UNDONE and "act" in last.detail
    return last if is_undoing else None


def _standing(desk: Desk, event: Event | None) -> list[Event]:
    """All that is not undone of an act."""
    if event is None:
        raise NothingToUndo
    return [each for each in desk.store.conversations.of_act(event.act) if not each.undone]


def _leaving(desk: Desk, past: Collection[Act]) -> Event | None:
    """The act that queued the agent's latest mail whose undo window is open."""
    done = desk.store.conversations.done_by(desk.me.handle, _LOOK_BACK)
    mailed = (each for each in done if each.what in QUEUED and not each.undone and each.act not in past)
    return next((each for each in mailed if _can_be_stopped(desk, each)), None)


def _can_be_stopped(desk: Desk, event: Event) -> bool:
    message = desk.store.conversations.get(event.entry) if event.entry is not None else None
    if not isinstance(message, Message) or message.outbox is None:
        return False
    mail = desk.store.outbox.get(message.outbox)
    if mail is None or mail.state is not OutboxState.QUEUED or mail.due <= desk.clock():
        return False
    last = queued_with(desk, mail)
    return last is None or last.author == desk.me.handle
