"""`tandem load`: all of a mail that was too large to be fetched at first."""

from __future__ import annotations

import click

from desk.conversation import EntryId, Message
from desk.errors import NoSuchEntry
from desk.intake.stand_ins import stands_in
from desk.ticket import TicketNumber
from tandem.cli.arguments import TICKET, Number
from tandem.cli.output import say
from tandem.cli.session import Session, pass_session


@click.command("load")
@click.argument("number", metavar="ID", type=TICKET)
@click.argument("entry", metavar="MESSAGE", type=Number(min=1))
@pass_session
def load_command(session: Session, number: int, entry: int) -> None:
    """Fetch all of a message that was too large or not given: its text, its files and its bytes.

    MESSAGE is its number, as `tandem show ID` prints it. Bytes of a message that are missing or damaged on this disk
    come back, if the mail server still has the very same.
    """
    from tandem.bringing_back import bring_back
    from tandem.loading import load_missing, load_whole

    office = session.office
    office.desk.ticket(TicketNumber(number))
    found = [each for each in office.desk.store.conversations.of(TicketNumber(number)) if each.id == entry]
    if not found:
        raise NoSuchEntry(f"message on ticket {number} that is number", entry)
    if isinstance(found[0], Message) and stands_in(found[0]):
        taken = load_missing(office, EntryId(entry))
        where = f"ticket {taken.ticket}, message {taken.entry}" if taken.ticket else f"on no ticket, {taken.outcome}"
        say(f"The mail has come: {where}.")
        return
    if bring_back(office, EntryId(entry)):
        say(f"The bytes of message {entry} are on this disk again, as they came.")
        return
    message = load_whole(office, EntryId(entry))
    files = f" and {len(message.attachments)} files" if message.attachments else ""
    say(f"All of message {entry} is here: {len(message.text)} characters{files}.")
