"""What the composer asks of the desk, each in one go in the writer's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from desk.actions.attend import attend
from desk.actions.forward import prepare_forward, queue_forward
from desk.actions.note import add_note
from desk.actions.reply import prepare, queue
from desk.actions.run_macro import run_macro
from desk.conversation import EntryId
from desk.desk import Desk, new_act
from desk.draft import DraftKind
from desk.errors import TandemError, TicketMoved
from desk.outgoing import Answer, OutboxEntry
from desk.presence import Doing
from desk.ticket import Status, TicketNumber
from tui.composer.drafting import Drafting
from tui.composer.keeping import Keeper
from tui.composer.letterhead import LetterHead
from tui.reader.opened import OpenTicket, load


@dataclass(frozen=True, slots=True)
class Sent:
    """What was done: the mail in the outbox (None: a note was added), and whether the ticket is closed now."""

    entry: OutboxEntry | None
    closed: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """Why a text did not go: `by` did something meanwhile, `what` tells it all.

    `opened` is the ticket as it is now, `head` what it says of whom an answer goes to.
    """

    by: str
    what: str
    opened: OpenTicket
    head: LetterHead


@dataclass(frozen=True, slots=True)
class Finished:
    """How writing ended: whether something was sent or noted, whether that closed the ticket, and which it was."""

    sent: bool
    closed: bool
    number: TicketNumber


def stay(desk: Desk, number: TicketNumber, doing: Doing) -> OpenTicket:
    """Say again what this agent does; returns the ticket as it is now.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
    """
    attend(desk, number, doing)
    return load(desk, number)


Outcome = Sent | Moved | TandemError
"""How it ended. A refusal is a value here, because the composer stays and has to know."""


def send(desk: Desk, keeper: Keeper, answer: Answer) -> Outcome:
    """Queue a reply or forward, unless somebody wrote since the agent last looked, or another screen has the draft."""
    number, is_forward = keeper.number, keeper.kind is DraftKind.FORWARD
    about = answer.wording.forwards if answer.wording else None
    try:
        prepared = prepare_forward(desk, number, about, answer) if is_forward else prepare(desk, number, answer)
        with desk.store.transaction():
            keeper.check(desk)
            entry = queue_forward(desk, prepared) if is_forward else queue(desk, prepared)
            keeper.finish(desk)
        return Sent(entry, _is_closed(desk, number))
    except TicketMoved as moved:
        return Moved(moved.by, moved.what, load(desk, number), keeper.head(desk))
    except TandemError as error:
        return error


class PutDown(Protocol):
    """How a finished note gets to the desk."""

    def __call__(
        self, desk: Desk, keeper: Keeper, text: str, drafting: Drafting, *, seen: EntryId | None = None
    ) -> Outcome:
        """Put it there, in one commit."""
        ...


def note_down(desk: Desk, keeper: Keeper, text: str, drafting: Drafting, *, seen: EntryId | None = None) -> Outcome:
    """Add a note and do what its macro says, in one commit that one undo takes back.

    With a macro nothing is done when somebody else wrote or changed something after the entry `seen` (None: not asked).
    """
    act, number = new_act(), keeper.number

    def write() -> bool:
        add_note(desk, number, text, act=act)
        if use := drafting.used(text):
            run_macro(desk, number, drafting.steps, use, seen=seen, act=act)
        return _is_closed(desk, number)

    return put_down(desk, keeper, write)


def put_down(desk: Desk, keeper: Keeper, write: Callable[[], bool]) -> Outcome:
    """Let `write` put a finished note where it belongs and forget the draft, in one commit.

    `write` tells whether that closed the ticket.
    """
    try:
        with desk.store.transaction():
            keeper.check(desk)
            is_closed = write()
            keeper.finish(desk)
            return Sent(None, is_closed)
    except TicketMoved as moved:
        return Moved(moved.by, moved.what, load(desk, keeper.number), keeper.head(desk))
    except TandemError as error:
        return error


def _is_closed(desk: Desk, number: TicketNumber) -> bool:
    return desk.ticket(number).status is Status.CLOSED
