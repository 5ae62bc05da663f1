"""`tandem reread`: try once more to read a message of which only the head could be read."""

from __future__ import annotations

import click

from desk.actions.read_again import read_again, unread_message
from desk.conversation import EntryId
from desk.errors import NoSuchEntry
from desk.ticket import TicketNumber
from tandem.cli.arguments import TICKET, Number
from tandem.cli.output import say
from tandem.cli.session import Session, pass_session

CPU, WALL, MEMORY = 60.0, 180.0, 4 << 30
"""Seconds of CPU, seconds in all, and bytes: more than a mail may cost when it comes in among others."""


@click.command("reread")
@click.argument("number", metavar="ID", type=TICKET)
@click.argument("entry", metavar="MESSAGE", type=Number(min=1))
@pass_session
def reread_command(session: Session, number: int, entry: int) -> None:
    """Read a message again of which only the head could be read, with more time and memory than when it came.

    MESSAGE is its number, as `tandem show ID` prints it.
    """
    from mail.reading import Limits, WorkerReader

    desk = session.desk
    message = unread_message(desk, EntryId(entry))
    if message.ticket != TicketNumber(number):
        raise NoSuchEntry(f"message on ticket {number} that is number", entry)
    with WorkerReader(Limits(cpu=CPU, wall=WALL, memory=MEMORY)) as reader:
        read = reader.read(desk.blobs.get(message.raw))
    desk.blobs.put_many(read.files)
    message = read_again(desk, message, read)
    files = f" and {len(message.attachments)} files" if message.attachments else ""
    say(f"Message {entry} is read: {len(message.text)} characters{files}.")
