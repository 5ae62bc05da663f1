"""`tandem new`: write to a customer first; a ticket opens with the mail."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from desk.actions.attach import enclose
from desk.actions.new import Start, begin
from desk.beginning import Beginning
from desk.desk import Desk
from desk.outgoing import OutboxEntry
from desk.people import Address, Handle
from desk.signing import signatures_of, signed
from desk.steps import AssignStep
from desk.ticket import Status
from desk.wording import Enclosure
from macros.run import prepare_beginning
from mail.compose import ATTACHMENT_LIMIT
from mail.enclosures import read_file
from tandem.cli.arguments import recipient, subject_line, words
from tandem.cli.mail_options import ATTACH, BCC, SENDING, TEXT, options, tell_queued
from tandem.cli.output import print_bytes, say
from tandem.cli.session import Session, pass_session
from tandem.cli.texts import Text, answer_of


@click.command("new")
@click.option(
    "--to", metavar="A", multiple=True, required=True, type=recipient, help="Whom to; the first is the customer."
)
@click.option("--subject", metavar="S", required=True, type=subject_line, help="What it is about.")
@options(*TEXT)
@click.option("--cc", metavar="A", multiple=True, type=recipient, help="Copy to this address.")
@options(BCC, ATTACH)
@click.option("--mailbox", metavar="NAME", default="", type=words, help="Where it leaves from; else the first mailbox.")
@click.option("--assign", metavar="AGENT", type=words, help="Who has the ticket: a handle, `me`, or `none`; else you.")
@options(*SENDING)
@pass_session
def new_command(
    session: Session,
    to: tuple[Address, ...],
    subject: str,
    macro: str | None,
    answers: tuple[tuple[str, str], ...],
    done: tuple[int, ...],
    body_file: str | None,
    text: str | None,
    cc: tuple[Address, ...],
    bcc: tuple[Address, ...],
    attach: tuple[Path, ...],
    mailbox: str,
    assign: str | None,
    status: str | None,
    send_in: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write to somebody first: a ticket opens for the first --to, and what they answer comes onto it.

    The text comes from --macro, from --body-file or --text. The ticket is open and yours, as one that you answered,
    where nothing else is said.
    """
    desk = session.desk
    bare = Beginning(mailbox=mailbox, to=to, cc=cc, bcc=bcc, subject=subject)
    said = answer_of(
        Text(macro, dict(answers), frozenset(done), body_file, text),
        lambda name, given: prepare_beginning(desk, session.library, bare, name, given),
    )
    beginning = replace(bare, text=_signed(desk, mailbox, said.text), enclosures=_enclosed(desk, attach))
    start = replace(
        _assigned(Start(steps=said.steps, macro=said.macro), assign),
        status=Status(status) if status else None,
        send_in=send_in,
    )
    if dry_run:
        print_bytes(_tried(desk, beginning, start))
        return
    entry = begin(desk, beginning, start)
    if not as_json:
        say(f"ticket {entry.ticket} is open")
    tell_queued(entry, as_json=as_json)


def _assigned(start: Start, assign: str | None) -> Start:
    """With whom the ticket begins: whoever writes has it, where nothing else is said."""
    if assign == "none":
        return replace(start, steps=(*start.steps, AssignStep(None)))
    return start if assign in (None, "me") else replace(start, assignee=Handle(assign))


def _signed(desk: Desk, mailbox: str, text: str) -> str:
    return signed(text, signatures_of(desk, mailbox)) if text.strip() else text


def _enclosed(desk: Desk, paths: tuple[Path, ...]) -> tuple[Enclosure, ...]:
    """The files, read and copied before the store is ours."""
    files = [read_file(each, ATTACHMENT_LIMIT) for each in paths]
    return tuple(enclose(desk, each.name, each.data) for each in files)


class _OnlyTriedError(Exception):
    """Takes back what was only tried."""


def _tried(desk: Desk, beginning: Beginning, start: Start) -> bytes:
    """The mail as it would leave; nothing is opened or queued."""
    made = list[OutboxEntry]()
    with suppress(_OnlyTriedError), desk.store.transaction():
        made.append(begin(desk, beginning, start))
        raise _OnlyTriedError
    return desk.blobs.get(made[0].raw)
