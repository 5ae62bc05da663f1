"""Commands that change tickets: assign, tag, status, priority, note, undo, redo. Several tickets are one act."""

from __future__ import annotations

import re
from collections.abc import Callable

import click

from desk.actions.assign import assign
from desk.actions.edit_note import edit_note
from desk.actions.hand_over import hand_over
from desk.actions.note import add_note
from desk.actions.priority import set_priority
from desk.actions.redo import redo
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.conversation import Act, EntryId, Note
from desk.desk import Desk, new_act
from desk.errors import NoSuchEntry, NothingToRedo, NothingToUndo, RefusedError, UndoTooLate
from desk.mentions import named_in
from desk.people import Handle
from desk.reversal.older import Older
from desk.reversal.turning import numbers_of
from desk.ticket import Priority, Status, TicketNumber
from tandem.cli.arguments import FREE_WORDS, TICKET, Number, read_text, words
from tandem.cli.output import say
from tandem.cli.session import Session, pass_session

_IDS = click.argument("numbers", metavar="ID...", nargs=-1, required=True, type=TICKET)
_NUMBER = re.compile("[0-9]{1,40}")
_MOST_UNDONE = 100


def _on_each(desk: Desk, numbers: tuple[int, ...], do: Callable[[TicketNumber, Act], object]) -> None:
    """Do the same to every ticket, or to none when one of them refuses."""
    act = new_act()
    with desk.store.transaction():
        for number in numbers:
            do(TicketNumber(number), act)


@click.command("assign")
@_IDS
@click.argument("agent")
@click.option("--note", metavar="TEXT|-", type=words, help="Hand them over with this note, which calls AGENT to them.")
@pass_session
def assign_command(session: Session, numbers: tuple[int, ...], agent: str, note: str | None) -> None:
    """Give tickets to AGENT: a handle, `me`, or `none`. With --note it is a hand-over, which one undo takes back."""
    desk = session.desk
    to = desk.me.handle if agent == "me" else None if agent == "none" else Handle(agent)
    if note is not None:
        if to is None:
            raise click.UsageError("--note hands tickets to somebody; `none` is nobody")
        text, colleague = _text(note), to
        _on_each(desk, numbers, lambda number, act: hand_over(desk, number, colleague, text, act=act))
        return
    _on_each(desk, numbers, lambda number, act: assign(desk, number, to, act=act))


@click.command("tag", context_settings=FREE_WORDS)
@click.argument("said", metavar="ID... +TAG... -TAG...", nargs=-1, required=True, type=words)
@pass_session
def tag_command(session: Session, said: tuple[str, ...]) -> None:
    """Put tags on tickets (+billing) and take tags off (-billing)."""
    numbers = tuple(int(word) for word in said if _NUMBER.fullmatch(word))
    add = [word[1:] for word in said if word.startswith("+")]
    remove = [word[1:] for word in said if word.startswith("-")]
    if not numbers or len(numbers) + len(add) + len(remove) != len(said) or not add + remove:
        raise click.UsageError("say ticket numbers, then tags with a sign: tandem tag 12 14 +billing -new")
    desk = session.desk
    _on_each(desk, numbers, lambda number, act: tag(desk, number, add, remove, act=act))


@click.command("status")
@_IDS
@click.argument("status", type=click.Choice([each.value for each in Status]))
@pass_session
def status_command(session: Session, numbers: tuple[int, ...], status: str) -> None:
    """Set whose turn it is on tickets."""
    desk = session.desk
    _on_each(desk, numbers, lambda number, act: set_status(desk, number, Status(status), act=act))


@click.command("priority")
@_IDS
@click.argument("priority", type=click.Choice([each.value for each in Priority]))
@pass_session
def priority_command(session: Session, numbers: tuple[int, ...], priority: str) -> None:
    """Set how much tickets matter."""
    desk = session.desk
    _on_each(desk, numbers, lambda number, act: set_priority(desk, number, Priority(priority), act=act))


@click.command("note")
@click.argument("number", metavar="ID", type=TICKET)
@click.argument("text", type=words)
@click.option("--edit", "entry", metavar="NOTE", type=TICKET, help="Give your note of this number these words instead.")
@click.option("--seen", metavar="VERSION", type=TICKET, help="Only if the note to edit still has this version.")
@pass_session
def note_command(session: Session, number: int, text: str, entry: int | None, seen: int | None) -> None:
    """Leave an internal note that only agents see. TEXT is `-` to read it from standard input.

    With --edit, a note of your own gets other words; `tandem show ID` prints its number, and its version once it was
    edited. It is refused when the note changed since the command began, or with --seen since that version.
    """
    if seen is not None and entry is None:
        raise click.UsageError("--seen is about a note to --edit")
    desk, ticket = session.desk, TicketNumber(number)
    if entry is None:
        note = add_note(desk, ticket, _text(text))
        say(f"note {note.id} on ticket {number}{_told_unknown(desk, note)}")
        return
    version = _version(desk, ticket, EntryId(entry))  # before the text is read, which may take as long as its author
    note = edit_note(desk, EntryId(entry), _text(text), seen=version if seen is None else seen)
    say(f"note {note.id} on ticket {number} is version {note.version}")


def _told_unknown(desk: Desk, note: Note) -> str:
    """Which names in a note call nobody."""
    unknown = named_in(note.note, {each.handle for each in desk.store.agents.all()}).unknown
    return f"; nobody here is called {', '.join(f'@{each}' for each in unknown)}" if unknown else ""


def _text(said: str) -> str:
    return read_text("-") if said == "-" else said


def _version(desk: Desk, number: TicketNumber, entry: EntryId) -> int:
    """Which version of a note there is now.

    Raises:
        NoSuchTicket, NoSuchEntry: there is no such ticket, or no such note on it.
    """
    desk.ticket(number)
    note = desk.store.conversations.get(entry)
    if not isinstance(note, Note) or note.ticket != number:
        raise NoSuchEntry(f"note on ticket {number} with the number", entry)
    return note.version


_COUNT = click.argument("count", metavar="[N]", type=Number(min=1, max=_MOST_UNDONE), default=1)


@click.command("undo")
@_COUNT
@click.option("--past", is_flag=True, help="Go past what cannot be taken back any more, to what you did before it.")
@pass_session
def undo_command(session: Session, count: int, *, past: bool) -> None:
    """Take back the last thing you did, wherever you did it; or the last N things, all of them or none."""
    desk = session.desk
    _say_each(desk, count, lambda: _undone(desk, past=past, is_only=count == 1))


def _undone(desk: Desk, *, past: bool, is_only: bool) -> str:
    """What was taken back, in words, behind what was gone past.

    Raises:
        UndoTooLate: it cannot be; it says what can be.
    """
    try:
        return undo(desk).said
    except UndoTooLate as error:
        if error.older is None:
            raise
        if past:
            return f"{error.message}; {undo(desk, error.older).said}"
        hint = f"`tandem undo --past` takes back what you did before that: {_told(error.older)}"
        hint = hint if is_only else "nothing was changed; --past goes past it"
        raise error.reworded(error.message, f"{error.hint}; {hint}" if error.hint else hint) from error


@click.command("redo")
@_COUNT
@pass_session
def redo_command(session: Session, count: int) -> None:
    """Do again what you took back last; or the last N things, all of them or none."""
    desk = session.desk
    _say_each(desk, count, lambda: redo(desk).said)


def _told(older: Older) -> str:
    """What was done before an act that cannot be taken back: “tagged, on ticket 3”."""
    if not older.events:
        return "a new mail was discarded"
    words = ", ".join(dict.fromkeys(event.what.replace("_", " ") for event in older.events))
    numbers = numbers_of(older.events)
    return f"{words}, on ticket {numbers[0]}" if len(numbers) == 1 else f"{words}, on {len(numbers)} tickets"


def _say_each(desk: Desk, count: int, step: Callable[[], str]) -> None:
    """Take so many steps in one commit, and say each once all are done."""
    said = list[str]()
    with desk.store.transaction():
        while len(said) < count:
            try:
                said.append(step())
            except (NothingToUndo, NothingToRedo) as error:
                if not said:
                    raise
                what = f"nothing was changed: only {len(said)} of {count} are there"
                raise RefusedError(what, "say a smaller number") from error
    for each in said:
        say(each)
