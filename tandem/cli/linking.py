"""`tandem link`, `tandem unlink` and `tandem apart`: which tickets have to do with each other, and which do not."""

from __future__ import annotations

import click

from desk.actions.keep_apart import keep_apart
from desk.actions.link import link, unlink
from desk.ticket import TicketNumber
from tandem.cli.arguments import TICKET
from tandem.cli.output import say
from tandem.cli.session import Session, pass_session


@click.command("link")
@click.argument("number", metavar="ID", type=TICKET)
@click.argument("other", metavar="OTHER", type=TICKET)
@pass_session
def link_command(session: Session, number: int, other: int) -> None:
    """Let tickets ID and OTHER name each other as related; each goes on by itself."""
    ticket = link(session.desk, TicketNumber(number), TicketNumber(other))
    say(f"ticket {ticket.number} is linked with {other}")


@click.command("unlink")
@click.argument("number", metavar="ID", type=TICKET)
@click.argument("other", metavar="OTHER", type=TICKET)
@pass_session
def unlink_command(session: Session, number: int, other: int) -> None:
    """Take the link between tickets ID and OTHER off again."""
    ticket = unlink(session.desk, TicketNumber(number), TicketNumber(other))
    say(f"ticket {ticket.number} is not linked with {other} any more")


@click.command("apart")
@click.argument("number", metavar="ID", type=TICKET)
@pass_session
def apart_command(session: Session, number: int) -> None:
    """Say that ticket ID is another matter than those of its customer that it looks like; nobody is asked again."""
    ticket = keep_apart(session.desk, TicketNumber(number))
    say(f"ticket {ticket.number} is a matter of its own")
