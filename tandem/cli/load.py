"""`tandem load`: all of a mail that was too large to be fetched at first."""

from __future__ import annotations

import click

from desk.conversation import EntryId
from desk.errors import NoSuchEntry
from desk.ticket import TicketNumber
from tandem.cli.arguments import TICKET
from tandem.cli.output import say
from tandem.cli.session import Session, pass_session


@click.command("load")
@click.argument("number", metavar="ID", type=TICKET)
@click.argument("entry", metavar="MESSAGE", type=click.IntRange(min=1))
@pass_session
def load_command(session: Session, number: int, entry: int) -> None:
    """Fetch all of a message that was too large: its text, its files and its bytes.

    MESSAGE is its number, as `tandem show ID` prints it.
    """
    from tandem.loading import load_whole

    office = session.office
    office.desk.ticket(TicketNumber(number))
    if not any(each.id == entry for each in office.desk.store.conversations.of(TicketNumber(number))):
        raise NoSuchEntry(f"message on ticket {number} that is number", entry)
    message = load_whole(office, EntryId(entry))
    files = f" and {len(message.attachments)} files" if message.attachments else ""
    say(f"All of message {entry} is here: {len(message.text)} characters{files}.")
