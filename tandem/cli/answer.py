"""`tandem reply`: answer a customer from the command line, under the rules of the screen."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from desk.actions.reply import compose_letter, reply
from desk.errors import RefusedError
from desk.outgoing import Answer
from desk.people import Address
from desk.ticket import Status, TicketNumber
from macros.fill import Filled
from macros.run import prepare
from tandem.cli.output import local, say, say_text
from tandem.cli.session import Session, pass_session

_LONGEST_WINDOW = 60


def _pairs(values: tuple[str, ...]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    if any(not sign for _, sign, _ in pairs):
        raise click.UsageError("--set takes NAME=VALUE, for example --set amount=12.50")
    return {name: value for name, _, value in pairs}


def _seconds(value: str | None) -> int | None:
    if value is None:
        return None
    digits = value.removesuffix("s")
    if not digits.isdecimal() or int(digits) > _LONGEST_WINDOW:
        raise click.UsageError("--send-in takes 0s to 60s")
    return int(digits)


def _refuse_open_steps(filled: Filled, done: tuple[int, ...]) -> None:
    """A step that the macro requires is confirmed by its number, or nothing is sent."""
    for number, check in enumerate(filled.checklist, start=1):
        if check.required and number not in done:
            raise RefusedError(
                f"step {number} of the macro is required: {check.text}", f"confirm it with --done {number}"
            )


@click.command("reply")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.option("--macro", metavar="NAME", help="Start from a macro; its actions are done with the reply.")
@click.option("--set", "answers", metavar="K=V", multiple=True, help="Answer one of the macro's questions.")
@click.option("--done", metavar="N", multiple=True, type=click.IntRange(min=1), help="Confirm a required step.")
@click.option(
    "--body-file", metavar="F", type=click.Path(dir_okay=False, allow_dash=True), help="The text; - for stdin."
)
@click.option("--cc", metavar="A", multiple=True, help="Copy to this address, instead of those the customer copied.")
@click.option("--attach", metavar="F", multiple=True, type=click.Path(path_type=Path), help="A file to send along.")
@click.option("--status", type=click.Choice([each.value for each in Status]), help="The ticket's status afterwards.")
@click.option("--send-in", metavar="0s", help="How long it can be taken back, 0s to 60s.")
@click.option("--dry-run", is_flag=True, help="Print the mail and send nothing.")
@pass_session
def reply_command(
    session: Session,
    number: int,
    macro: str | None,
    answers: tuple[str, ...],
    done: tuple[int, ...],
    body_file: str | None,
    cc: tuple[str, ...],
    attach: tuple[Path, ...],
    status: str | None,
    send_in: str | None,
    dry_run: bool,
) -> None:
    """Answer ticket ID. The text comes from --macro, from --body-file, or from the file with the macro's actions."""
    if macro is None and body_file is None:
        raise click.UsageError(
            "say what to answer: --macro NAME, --body-file FILE, or --body-file - for standard input"
        )
    desk, ticket = session.desk, TicketNumber(number)
    filled = prepare(desk, session.library, ticket, macro, _pairs(answers)) if macro else None
    if filled is not None:
        _refuse_open_steps(filled, done)
    typed = _read(body_file) if body_file else None
    answer = Answer(
        text=typed if typed is not None else filled.text if filled else "",
        cc=tuple(Address(each) for each in cc) if cc else None,
        attachments=attach,
        steps=filled.steps if filled else (),
        macro=filled.use if filled else None,
        status=Status(status) if status else None,
        send_in=_seconds(send_in),
    )
    if dry_run:
        say_text(desk.composer.compose(compose_letter(desk, ticket, answer)).raw.decode("utf-8", "replace"))
        return
    entry = reply(desk, ticket, answer)
    say(f"queued as mail {entry.id} to {', '.join(entry.recipients)}, leaves {local(entry.due)}")
    say("`tandem undo` takes it back until then")


def _read(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(f"{name} cannot be read: {error}", "name a UTF-8 text file") from error
