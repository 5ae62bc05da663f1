"""`tandem snooze`: put tickets off until a moment, or wake them up."""

from __future__ import annotations

import re
from datetime import datetime

import click

from desk.actions.snooze import snooze
from desk.desk import Desk, new_act
from desk.errors import RefusedError
from desk.moments import UnreadMoment, is_moment, moment_of
from desk.sleep import slept
from desk.steps import SnoozeStep
from desk.ticket import Ticket, TicketNumber
from tandem.cli.arguments import words
from tandem.cli.jsonl import ticket_json
from tandem.cli.output import print_json, say
from tandem.cli.session import Session, pass_session

_OFF = "off"
_NUMBER = re.compile("[0-9]{1,15}")


@click.command("snooze")
@click.argument("said", metavar="ID... WHEN|off", nargs=-1, required=True, type=words)
@click.option("--through", is_flag=True, help="Sleep on even when somebody answers.")
@click.option("--json", "as_json", is_flag=True, help="One ticket a line, as JSON, as it is now.")
@pass_session
def snooze_command(session: Session, said: tuple[str, ...], through: bool, as_json: bool) -> None:
    """Put tickets out of sight until WHEN, or wake them up with `off`.

    WHEN is said in everyday words, in quotes where it begins with a number: tomorrow morning · "fri 9" · "2 weeks" ·
    "3 business days" · 90min · "27 nov" · 2026-12-01. A day without a time begins at 9:00, or when the desk's `morning`
    says. An answer wakes a ticket before that, unless --through is said; automatic mail does not.
    """
    numbers, when = _parted(said)
    if through and when == _OFF:
        raise click.UsageError("--through is about tickets that are put to sleep")
    desk, said_so = session.desk, SnoozeStep.said(when)
    until = None if when == _OFF else _read(desk, numbers, said_so.when)
    for ticket in _on_each(desk, numbers, until, through=through or said_so.through):
        print_json(ticket_json(ticket)) if as_json else say(f"ticket {ticket.number} {slept(ticket)}")


def _parted(said: tuple[str, ...]) -> tuple[list[TicketNumber], str]:
    """The numbers in front, and the words behind them, which need no quotes where they begin with a letter."""
    count = next((at for at, each in enumerate(said) if not _NUMBER.fullmatch(each)), len(said))
    numbers, when = [TicketNumber(int(each)) for each in said[:count]], " ".join(said[count:]).strip()
    if not numbers or not when or not all(numbers):
        raise click.UsageError('say ticket numbers, then until when: tandem snooze 12 14 "fri 9", or off')
    return numbers, when.casefold() if when.casefold() == _OFF else when


def _read(desk: Desk, numbers: list[TicketNumber], when: str) -> datetime:
    """The moment; a number in front of it that nobody put into quotes was taken for a ticket.

    Raises:
        RefusedError: it cannot be understood, or waited for.
    """
    try:
        return moment_of(desk, when)
    except UnreadMoment as error:
        quoted = f"{numbers[-1]} {when}"
        if len(numbers) > 1 and is_moment(quoted):
            hint = f'tandem snooze {" ".join(map(str, numbers[:-1]))} "{quoted}"'
            raise RefusedError(f"{numbers[-1]} was taken for a ticket: the moment belongs in quotes", hint) from error
        raise


def _on_each(desk: Desk, numbers: list[TicketNumber], until: datetime | None, *, through: bool) -> list[Ticket]:
    """Put every ticket off as one act, or none when one of them refuses."""
    act = new_act()
    with desk.store.transaction():
        return [snooze(desk, each, until, through=through, act=act) for each in dict.fromkeys(numbers)]
