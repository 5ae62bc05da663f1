"""`tandem outbox`: outgoing mails, where they stand, and what an agent may do about one."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import click

from desk.actions.cancel import cancel
from desk.actions.resend import resend
from desk.actions.send_to_rest import send_to_rest
from desk.actions.settle import settle
from desk.anew import written_anew
from desk.conversation import EntryId, OutboxId
from desk.delivery.accounts import stopped
from desk.desk import Desk
from desk.errors import TicketMoved
from desk.outgoing import NOT_GONE, Copy, OutboxEntry
from tandem.cli.arguments import Number
from tandem.cli.jsonl import outbox_json
from tandem.cli.lists import list_group
from tandem.cli.output import complain, local, print_json, say, table
from tandem.cli.seen import seen_on
from tandem.cli.session import Session, pass_session


@list_group("outbox", "mail")
def outbox_command(session: Session, as_json: bool) -> None:
    """List outgoing mails, newest first."""
    entries = session.desk.store.outbox.all()
    for account in stopped(session.desk):
        again = f", next try {local(account.next_try)}" if account.next_try else ""
        is_there = session.desk.settings.has(account.mailbox)
        hint = "; `tandem doctor` asks the server now" if is_there else ""
        complain(f"{account.mailbox}: {account.in_words}{again}{hint}")
    if as_json:
        for entry in entries:
            print_json(outbox_json(entry))
        return
    rows = [
        (
            str(each.id),
            str(each.ticket),
            each.state.shown,
            local(each.sent_at or each.due),
            ", ".join(each.recipients),
            each.last_error or "",
        )
        for each in entries
    ]
    table(rows, right=frozenset({0, 1}), stretch=5)


_ID = click.argument("number", metavar="N", type=Number(min=1))
_SEEN = click.option("--seen", metavar="ENTRY", type=Number(min=1), help="Send it though this came since.")


def _read(desk: Desk, mail: int, seen: int | None) -> EntryId | None:
    """The entry of the mail's ticket that was read."""
    return seen_on(desk, desk.outgoing(OutboxId(mail)).ticket, seen)


@contextmanager
def _how_to_go_on(command: str, number: int) -> Generator[None]:
    """Say where a mail is not sent again for what came since how it is all the same.

    Raises:
        TicketMoved: it is not.
    """
    try:
        yield
    except TicketMoved as moved:
        again = f"`tandem outbox {command} {number} --seen {moved.found}` sends it all the same"
        raise moved.reworded(moved.message, f"{moved.hint}; {again}") from moved


@outbox_command.command("retry")
@_ID
@_SEEN
@pass_session
def retry_command(session: Session, number: int, seen: int | None) -> None:
    """Send mail N again: the same bytes under the same Message-ID.

    It is refused when somebody wrote on its ticket since, until --seen says that this was read.
    """
    with _how_to_go_on("retry", number):
        entry = resend(session.desk, OutboxId(number), seen=_read(session.desk, number, seen))
    say(f"mail {entry.id} on ticket {entry.ticket} is queued again")


@outbox_command.command("cancel")
@_ID
@pass_session
def cancel_command(session: Session, number: int) -> None:
    """Do not send mail N, or stop asking about it."""
    entry = cancel(session.desk, OutboxId(number))
    say(f"mail {entry.id} on ticket {entry.ticket} is cancelled")


@outbox_command.command("rest")
@_ID
@_SEEN
@pass_session
def rest_command(session: Session, number: int, seen: int | None) -> None:
    """Send mail N to those of its recipients whom the mail server did not refuse; --seen is as with `retry`."""
    with _how_to_go_on("rest", number):
        entry = send_to_rest(session.desk, OutboxId(number), seen=_read(session.desk, number, seen))
    say(f"mail {entry.id} on ticket {entry.ticket} is queued again, to {', '.join(entry.recipients)}")


@outbox_command.command("settle")
@_ID
@pass_session
def settle_command(session: Session, number: int) -> None:
    """Say of mail N that it did arrive, or that nothing more is to be done about it."""
    entry = settle(session.desk, OutboxId(number))
    say(f"mail {entry.id} on ticket {entry.ticket} is settled")


@outbox_command.command("show")
@_ID
@click.option("--json", "as_json", is_flag=True, help="As one line of JSON.")
@pass_session
def show_command(session: Session, number: int, as_json: bool) -> None:
    """Show mail N with all that is known of it: every attempt, who was refused, and what was found out."""
    entry = session.desk.outgoing(OutboxId(number))
    if as_json:
        print_json(outbox_json(entry))
    else:
        _print_story(entry)
        if (anew := written_anew(session.desk, entry)) is not None:
            say(f"  its text was written anew as mail {anew.id}")


def _print_story(entry: OutboxEntry) -> None:
    say(f"mail {entry.id} on ticket {entry.ticket}: {entry.purpose}, {entry.state.shown}")
    say(f"  to {', '.join(entry.recipients)}")
    if entry.state in NOT_GONE:
        say(f"  leaves {local(entry.due)} at the earliest")
    for answer in entry.refused_for:
        say(f"  refused for {answer.address}: {answer.code} {answer.words}")
    for attempt in entry.tries:
        say(f"  {local(attempt.at)}  {attempt.verdict}: {attempt.said}")
    if entry.last_error and entry.last_error not in {each.said for each in entry.tries}:
        say(f"  {entry.last_error}")
    for found in entry.evidence:
        say(f"  {local(found.at)}  {found.kind.replace('_', ' ')}{found.detail and f': {found.detail}'}")
    if entry.copy is not Copy.UNWANTED:
        say(f"  copy in the folder of sent mail: {entry.copy}{entry.copy_said and f', {entry.copy_said}'}")
