"""`tandem next` and `tandem promise`: take the ticket that waits longest, and what was promised on one by when."""

from __future__ import annotations

from datetime import datetime

import click

from desk.actions.promise import keep_promises, promise
from desk.actions.take_next import NOBODY_HAS, take_next
from desk.desk import Desk
from desk.errors import RefusedError
from desk.moments import moment_of
from desk.promised import promised_on
from desk.promises import Promise
from desk.ticket import TicketNumber
from tandem.cli.arguments import TICKET, words
from tandem.cli.jsonl import Json, moment, ticket_json
from tandem.cli.lists import json_lines
from tandem.cli.output import local, print_json, say, since, table
from tandem.cli.session import Session, pass_session

_DONE = "done"


@click.command("next")
@click.option("--json", "as_json", is_flag=True, help="The ticket as one line of JSON.")
@pass_session
def next_command(session: Session, as_json: bool) -> None:
    """Take the open ticket whose customer has waited longest of those that nobody has, and print it.

    Two who ask at the same moment get two tickets. Where there is none, the exit code is 1.
    """
    desk = session.desk
    if (ticket := take_next(desk)) is None:
        raise RefusedError("no open ticket waits for somebody to take it", f"`tandem list {NOBODY_HAS}` shows them")
    if as_json:
        print_json(ticket_json(ticket))
        return
    waits = since(ticket.waiting_since, desk.clock())
    table([(str(ticket.number), ticket.customer.label, ticket.subject, f"waits {waits}")], stretch=2)


@click.command("promise")
@click.argument("number", metavar="[ID]", type=TICKET, required=False)
@click.argument("when", metavar="[WHEN|done]", type=words, required=False)
@click.argument("text", metavar="[TEXT]", type=words, nargs=-1)
@json_lines("promise")
@pass_session
def promise_command(
    session: Session, number: int | None, when: str | None, text: tuple[str, ...], as_json: bool
) -> None:
    """Keep in mind what was promised to a customer: `tandem promise 12 "fri 9" the refund goes out`.

    `tandem promise ID done` says that it was kept. Without WHEN it lists what is promised on the ticket, and without
    ID on all of them, the first due first. WHEN is a moment such as "fri 9", "tomorrow morning" or "2 days".
    """
    desk = session.desk
    if number is None:
        _list(desk, desk.store.promises.standing(), as_json=as_json)
    elif when is None:
        desk.ticket(TicketNumber(number))
        _list(desk, promised_on(desk, TicketNumber(number)), as_json=as_json)
    elif when == _DONE and not text:
        kept = keep_promises(desk, TicketNumber(number))
        say(f"kept on ticket {number}: {', '.join(each.text for each in kept)}")
    else:
        due = moment_of(desk, when)
        made = promise(desk, TicketNumber(number), due, " ".join(text))
        say(f"promised on ticket {number} by {local(made.due)}: {made.text}")


def _list(desk: Desk, promises: list[Promise], *, as_json: bool) -> None:
    now = desk.clock()
    if as_json:
        for each in promises:
            print_json(promise_json(each, now))
        return
    table([promise_row(each, now) for each in promises], right=frozenset({2}), stretch=3)


def promise_row(made: Promise, now: datetime) -> tuple[str, ...]:
    """A promise as a table tells it: whether it is late, by when, on which ticket, what, and by whom."""
    return "late" if made.is_late(now) else "-", local(made.due), str(made.ticket), made.text, made.by


def promise_json(made: Promise, now: datetime) -> Json:
    """A promise that stands, as `promise --json` and `shift --json` print it."""
    return {
        "ticket": made.ticket,
        "due": moment(made.due),
        "late": made.is_late(now),
        "text": made.text,
        "by": made.by,
        "made": moment(made.at),
    }
