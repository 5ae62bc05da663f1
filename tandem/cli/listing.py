"""`tandem list` and `tandem show`: reading from the desk."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from desk.conversation import Direction, Entry, EntryId, Event, Message, Note
from desk.desk import Desk
from desk.errors import NoSuchEntry
from desk.ports import Sort
from desk.safe import safe
from desk.ticket import Ticket, TicketNumber
from desk.views import parse_query
from tandem.cli.jsonl import entry_json, ticket_json
from tandem.cli.output import local, print_json, say, say_text, since, table
from tandem.cli.session import Session, pass_session

ALL_THAT_LIVES = "-is:closed -is:spam"


@click.command("list")
@click.argument("query", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One ticket a line, as JSON.")
@click.option("--limit", type=click.IntRange(min=0), default=100, show_default=True, help="0 for all.")
@click.option(
    "--sort", type=click.Choice(["updated", "created", "id", "waiting"]), default="updated", show_default=True
)
@click.option("--reverse", is_flag=True, help="The other way round.")
@pass_session
def list_command(
    session: Session, query: tuple[str, ...], as_json: bool, limit: int, sort: Sort, reverse: bool
) -> None:
    """List tickets: all that is not closed or spam, or what QUERY matches."""
    desk = session.desk
    now = desk.clock()
    expression = parse_query(" ".join(query) or ALL_THAT_LIVES, me=desk.acting.handle if desk.acting else None, now=now)
    tickets = desk.store.tickets.find(expression, sort=sort, reverse=reverse, limit=limit or None)
    if as_json:
        for ticket in tickets:
            print_json(ticket_json(ticket))
        return
    table([_row(ticket, now) for ticket in tickets], right=frozenset({0, 5}), stretch=3)


def _row(ticket: Ticket, now: datetime) -> tuple[str, ...]:
    flags = ("*" if ticket.unread else "") + ("!" if "undelivered" in ticket.holds else "")
    return (
        str(ticket.number),
        ticket.status,
        ticket.customer.label[:24],
        f"{flags} {ticket.subject}" if flags else ticket.subject,
        ticket.assignee or "-",
        since(ticket.waiting_since, now),
        " ".join(f"#{tag}" for tag in ticket.tags),
    )


@click.command("show")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="The ticket with its messages, as one line of JSON.")
@click.option("--raw", metavar="MESSAGE", type=click.IntRange(min=1), help="The bytes of one message, as they came.")
@click.option("--all-headers", is_flag=True, help="Every header of every message.")
@pass_session
def show_command(session: Session, number: int, as_json: bool, raw: int | None, all_headers: bool) -> None:
    """Show one ticket with its whole conversation, oldest first."""
    desk = session.desk
    with desk.store.snapshot():
        ticket = desk.ticket(TicketNumber(number))
        entries = desk.store.conversations.of(ticket.number)
        outbox = {each.id: each for each in desk.store.outbox.of(ticket.number)}
    if raw is not None:
        _print_raw(desk, ticket.number, EntryId(raw))
    elif as_json:
        print_json(ticket_json(ticket) | {"messages": [entry_json(each, outbox) for each in entries]})
    else:
        _print_head(ticket, desk.clock())
        for entry in entries:
            state = outbox[entry.outbox].state.shown if isinstance(entry, Message) and entry.outbox else ""
            _print_entry(desk, entry, state, all_headers=all_headers)


def _print_raw(desk: Desk, number: TicketNumber, entry: EntryId) -> None:
    """Bytes go to a pipe or a file as they are; a terminal gets them cleaned."""
    message = desk.store.conversations.get(entry)
    if not isinstance(message, Message) or message.ticket != number:
        raise NoSuchEntry(f"message on ticket {number} with the id", entry)
    data = desk.blobs.get(message.raw)
    if sys.stdout.isatty():
        click.echo(safe(data.decode("utf-8", "replace")))
    else:
        sys.stdout.buffer.write(data)


def _print_head(ticket: Ticket, now: datetime) -> None:
    say(f"{ticket.number}  {ticket.subject}")
    say(
        f"{ticket.customer} · {ticket.status} · {ticket.priority} · {ticket.assignee or 'nobody'}"
        f"{''.join(f' #{tag}' for tag in ticket.tags)} · waiting {since(ticket.waiting_since, now)}"
    )


def _print_entry(desk: Desk, entry: Entry, state: str, *, all_headers: bool) -> None:
    match entry:
        case Message():
            arrow = "→" if entry.direction is Direction.OUT else "←"
            click.echo()
            say(f"{arrow} {entry.id}  {entry.sender}  {local(entry.at)}  {state or entry.automatic or ''}")
            if all_headers and entry.raw:
                head = desk.blobs.get(entry.raw).replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
                say_text(head.decode("utf-8", "replace") + "\n")
            for defect in entry.defects:
                say(f"  ⚠ {defect}")
            say_text(entry.text.strip("\n"))
            for attachment in entry.attachments:
                say(f"  [{attachment.name}, {attachment.type}, {attachment.size} bytes]")
        case Note() if not entry.removed:
            click.echo()
            say(f"NOTE {entry.id}  {entry.author}  {local(entry.at)}")
            say_text(entry.note)
        case Event() if entry.entry is None and not entry.undone:
            changes = ", ".join(f"{each.field} {_shown(each.before)} → {_shown(each.after)}" for each in entry.changes)
            say(f"· {entry.author or 'tandem'}: {entry.what.replace('_', ' ')} {changes}  {local(entry.at)}")
        case _:
            pass


def _shown(value: str | tuple[str, ...] | None) -> str:
    return " ".join(value) if isinstance(value, tuple) else value or "-"
