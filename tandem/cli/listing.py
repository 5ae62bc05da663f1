"""`tandem list` and `tandem search`: tickets, one a line."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import click

from desk.ports import Sort
from desk.remarked import signs
from desk.sleep import sleeps, slept
from desk.ticket import Ticket, TicketNumber
from desk.views import parse_query
from tandem.cli.arguments import FREE_WORDS, Number, words
from tandem.cli.jsonl import ticket_json
from tandem.cli.lists import json_lines
from tandem.cli.output import complain, print_json, since, table
from tandem.cli.session import Session, pass_session

ALL_THAT_LIVES = "-is:closed -is:spam"
_MOST = 1_000_000_000
_NUMBER = re.compile("[0-9]{1,9}")


def _printing(command: Callable[..., None]) -> Callable[..., None]:
    """The options of commands that print tickets."""
    sorts = click.Choice(["updated", "created", "id", "waiting", "wakes"])
    for option in (
        click.option("--reverse", is_flag=True, help="The other way round."),
        click.option("--sort", type=sorts, default="updated", show_default=True),
        click.option("--limit", type=Number(min=0), default=100, show_default=True, help="0 for all."),
        json_lines("ticket"),
    ):
        command = option(command)
    return command


@click.command("list", context_settings=FREE_WORDS)
@click.argument("query", nargs=-1, type=words)
@_printing
@pass_session
def list_command(
    session: Session, query: tuple[str, ...], as_json: bool, limit: int, sort: Sort, reverse: bool
) -> None:
    """List tickets: all that is not closed or spam, or what QUERY matches."""
    asked = " ".join(query).strip() or ALL_THAT_LIVES
    _print(session, asked, as_json=as_json, limit=limit, sort=sort, reverse=reverse)


@click.command("search", context_settings=FREE_WORDS)
@click.argument("query", nargs=-1, required=True, type=words)
@_printing
@pass_session
def search_command(
    session: Session, query: tuple[str, ...], as_json: bool, limit: int, sort: Sort, reverse: bool
) -> None:
    """Search all tickets, closed ones too: `refund "bank transfer" from:bo tag:billing`."""
    asked = " ".join(query).strip()
    if not asked:
        raise click.UsageError("say what to search for")
    _print(session, asked, as_json=as_json, limit=limit, sort=sort, reverse=reverse)


def _print(session: Session, asked: str, *, as_json: bool, limit: int, sort: Sort, reverse: bool) -> None:
    desk = session.desk
    now = desk.clock()
    expression = parse_query(asked, me=desk.acting.handle if desk.acting else None, now=now)
    tickets = desk.store.tickets.find(expression, sort=sort, reverse=reverse, limit=min(limit, _MOST) or None)
    if as_json:
        for ticket in tickets:
            print_json(ticket_json(ticket))
        return
    table([_row(ticket, now) for ticket in tickets], right=frozenset({0, 5}), stretch=3)
    number = asked.removeprefix("#")
    if _NUMBER.fullmatch(number) and desk.store.tickets.get(TicketNumber(int(number))):
        complain(f"the ticket of that number: tandem show {number}")


def _row(ticket: Ticket, now: datetime) -> tuple[str, ...]:
    flags = ("*" if ticket.unread else "") + ("!" if "undelivered" in ticket.holds else "")
    return (
        str(ticket.number),
        ticket.status,
        ticket.customer.label[:24],
        f"{flags} {ticket.subject}" if flags else ticket.subject,
        ticket.assignee or "-",
        since(ticket.waiting_since, now),
        " ".join((*_sleep(ticket, now), *signs(ticket), *(f"#{tag}" for tag in ticket.tags))),
    )


def _sleep(ticket: Ticket, now: datetime) -> list[str]:
    return [slept(ticket)] if sleeps(ticket, now) else []
