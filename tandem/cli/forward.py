"""`tandem forward`: pass a mail of a ticket on to somebody else, who is not to talk with the customer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from desk.actions.draft import settle_draft
from desk.actions.forward import prepare_forward, queue_forward
from desk.conversation import Direction, EntryId, Message
from desk.desk import Desk
from desk.draft import DraftKind
from desk.forwarding import message_to_forward
from desk.outgoing import Answer, OutboxEntry
from desk.people import Address
from desk.queueing import Prepared
from desk.quoting import forwarded, passed_on
from desk.signing import signatures, signed
from desk.ticket import Status, TicketNumber
from desk.wording import Wording
from tandem.cli.answer import newest_entry
from tandem.cli.arguments import TICKET, read_text, recipient, subject_line, words
from tandem.cli.mail_options import ATTACH, BCC, SENDING, options, tell_queued
from tandem.cli.output import print_bytes
from tandem.cli.session import Session, pass_session
from tandem.cli.texts import keeping_what_was_piped


@click.command("forward")
@click.argument("number", metavar="ID", type=TICKET)
@click.option("--to", metavar="A", multiple=True, type=recipient, help="Whom to forward it to.")
@click.option("--entry", metavar="MESSAGE", type=TICKET, help="Which mail; else the last that the customer wrote.")
@click.option("--body-file", metavar="F", type=click.Path(readable=False), help="Your words above it; - for stdin.")
@click.option("--text", metavar="T", type=words, help="Your words above it.")
@click.option("--cc", metavar="A", multiple=True, type=recipient, help="Copy to this address.")
@options(BCC)
@click.option("--subject", metavar="S", type=subject_line, help="Another subject than the mail's.")
@options(ATTACH)
@click.option("--no-files", is_flag=True, help="Leave out the files of the mail.")
@options(*SENDING)
@pass_session
def forward_command(
    session: Session,
    number: int,
    to: tuple[Address, ...],
    entry: int | None,
    body_file: str | None,
    text: str | None,
    cc: tuple[Address, ...],
    bcc: tuple[Address, ...],
    subject: str | None,
    attach: tuple[Path, ...],
    no_files: bool,
    status: str | None,
    send_in: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Forward a mail of ticket ID, with its files, to somebody else; `tandem show ID` prints the mails' numbers.

    What they answer comes onto the ticket beside the talk with the customer, who is told nothing and waits on as
    before. Where MESSAGE is such an answer and --to is left out, this answers it.
    """
    if body_file is not None and text is not None:
        raise click.UsageError("--text and --body-file contradict each other")
    desk, ticket = session.desk, TicketNumber(number)
    seen = newest_entry(desk, ticket)
    message = message_to_forward(desk, ticket, None if entry is None else EntryId(entry))
    goes_back = not to and message.side is not None and message.direction is Direction.IN
    below, files = (None, ()) if goes_back else (message, () if no_files else passed_on(message))
    typed = (text if body_file is None else read_text(body_file)) or ""
    answer = Answer(
        text=_above(desk, ticket, typed, below),
        wording=Wording(to=to or None, cc=cc or None, bcc=bcc, subject=subject, enclosures=files),
        attachments=attach,
        status=Status(status) if status else None,
        seen=seen,
        send_in=send_in,
    )
    prepared = prepare_forward(desk, ticket, message.id, answer)
    if dry_run:
        print_bytes(prepared.composed.raw)
        return
    with keeping_what_was_piped(desk, ticket, DraftKind.FORWARD, body_file, replace(prepared.answer, text=typed)):
        queued = _send(desk, prepared, typed)
    tell_queued(queued, as_json=as_json)


def _above(desk: Desk, number: TicketNumber, typed: str, message: Message | None) -> str:
    """One's own words with the signatures, and below them the mail that is passed on (None: none is)."""
    own = signed(typed, signatures(desk, number)) if typed.strip() else ""
    return "\n\n".join(each for each in (own, forwarded(message, None) if message else "") if each)


def _send(desk: Desk, prepared: Prepared, typed: str) -> OutboxEntry:
    with desk.store.transaction():
        entry = queue_forward(desk, prepared)
        settle_draft(desk, prepared.number, typed, DraftKind.FORWARD)
        return entry
