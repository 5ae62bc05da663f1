"""`tandem outbox`: outgoing mails, where they stand, and what an agent may do about one."""

from __future__ import annotations

import click

from desk.actions.cancel import cancel
from desk.actions.resend import resend
from desk.conversation import OutboxId
from tandem.cli.arguments import refuse_stray_json
from tandem.cli.jsonl import outbox_json
from tandem.cli.output import local, print_json, say, table
from tandem.cli.session import Session, pass_session


@click.group("outbox", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One mail a line, as JSON.")
@click.pass_context
def outbox_command(ctx: click.Context, as_json: bool) -> None:
    """List outgoing mails, newest first."""
    if ctx.invoked_subcommand is not None:
        refuse_stray_json(ctx, as_json=as_json)
        return
    session: Session = ctx.obj
    entries = session.desk.store.outbox.all()
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


_ID = click.argument("number", metavar="N", type=click.IntRange(min=1))


@outbox_command.command("retry")
@_ID
@pass_session
def retry_command(session: Session, number: int) -> None:
    """Send mail N again: the same bytes under the same Message-ID."""
    entry = resend(session.desk, OutboxId(number))
    say(f"mail {entry.id} on ticket {entry.ticket} is queued again")


@outbox_command.command("cancel")
@_ID
@pass_session
def cancel_command(session: Session, number: int) -> None:
    """Do not send mail N, or stop asking about it."""
    entry = cancel(session.desk, OutboxId(number))
    say(f"mail {entry.id} on ticket {entry.ticket} is cancelled")
