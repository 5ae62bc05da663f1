"""What the composer asks of the desk, each in one go in the writer's thread: begin, stay, send, note down."""

from __future__ import annotations

from dataclasses import dataclass

from desk.actions.attend import attend
from desk.actions.draft import discard_draft
from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.actions.run_macro import run_macro
from desk.desk import Desk, new_act
from desk.errors import TandemError, TicketMoved
from desk.letters import recipients
from desk.outgoing import Answer, OutboxEntry
from desk.people import Address
from desk.presence import Doing, Draft, DraftKind
from desk.ticket import Status, TicketNumber
from tui.drafting import Drafting
from tui.opened import OpenTicket, load


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known when writing begins: whom a reply goes to, and a text of this agent that was kept."""

    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    draft: Draft | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What was done: the mail in the outbox (None: a note was added), and whether the ticket is closed now."""

    entry: OutboxEntry | None
    closed: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """Why a reply did not go: `by` wrote in the meantime. `opened` is the ticket as it is now."""

    by: str
    opened: OpenTicket


def begin(desk: Desk, number: TicketNumber, kind: DraftKind) -> Beginning:
    """Say to colleagues that this agent is answering, and read what the composer needs to know.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
    """
    attend(desk, number, Doing.ANSWERING)
    mine = (each for each in desk.store.drafts.of(number) if (each.author, each.kind) == (desk.me.handle, kind))
    to, cc = recipients(desk, number)
    return Beginning(to, cc, next(mine, None))


def stay(desk: Desk, number: TicketNumber) -> OpenTicket:
    """Say again that this agent is answering; returns the ticket as it is now.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
    """
    attend(desk, number, Doing.ANSWERING)
    return load(desk, number)


Outcome = Sent | Moved | TandemError
"""How it ended. A refusal is a value here, because the composer stays and has to know."""


def send(desk: Desk, number: TicketNumber, answer: Answer) -> Outcome:
    """Queue a reply, unless somebody wrote since the agent last looked."""
    try:
        with desk.store.transaction():
            entry = reply(desk, number, answer)
            discard_draft(desk, number, DraftKind.REPLY)
        return Sent(entry, _is_closed(desk, number))
    except TicketMoved as moved:
        return Moved(moved.by, load(desk, number))
    except TandemError as error:
        return error


def note_down(desk: Desk, number: TicketNumber, text: str, drafting: Drafting) -> Outcome:
    """Add a note and do what its macro says, in one commit that one undo takes back."""
    act = new_act()
    try:
        with desk.store.transaction():
            add_note(desk, number, text, act=act)
            if use := drafting.used(text):
                run_macro(desk, number, drafting.steps, use, act=act)
            discard_draft(desk, number, DraftKind.NOTE)
            return Sent(None, _is_closed(desk, number))
    except TandemError as error:
        return error


def _is_closed(desk: Desk, number: TicketNumber) -> bool:
    return desk.ticket(number).status is Status.CLOSED
