"""`tandem merge` and `tandem split`: one ticket of several, and several of one."""

from __future__ import annotations

import click

from desk.actions.merge import merge
from desk.actions.split import split
from desk.conversation import EntryId
from desk.ticket import TicketNumber
from tandem.cli.arguments import TICKET
from tandem.cli.output import say
from tandem.cli.session import Session, pass_session


@click.command("merge")
@click.argument("numbers", metavar="FROM...", nargs=-1, required=True, type=TICKET)
@click.argument("into", metavar="INTO", type=TICKET)
@pass_session
def merge_command(session: Session, numbers: tuple[int, ...], into: int) -> None:
    """Put the mails and notes of tickets FROM on ticket INTO, which goes on for them; answers to any land there.

    It keeps its customer and assignee, and has the tags of all. `tandem undo` takes them apart again, as long as nobody
    wrote since.
    """
    merged = merge(session.desk, [TicketNumber(each) for each in numbers], TicketNumber(into))
    for each in merged.said:
        say(each)


@click.command("split")
@click.argument("number", metavar="ID", type=TICKET)
@click.argument("message", metavar="MESSAGE", type=click.IntRange(min=1))
@pass_session
def split_command(session: Session, number: int, message: int) -> None:
    """Make a ticket of its own of a MESSAGE of ticket ID and of every later one that answers it.

    MESSAGE is its number, as `tandem show ID` prints it. Notes stay; `tandem undo` puts it back.
    """
    say(split(session.desk, TicketNumber(number), EntryId(message)).said)
