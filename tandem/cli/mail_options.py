"""What may stand on the command line of every command that writes a mail, and what is said once it is queued."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

import click

from desk.outgoing import OutboxEntry
from desk.ticket import Status
from tandem.cli.arguments import Number, pair, recipient, window, words
from tandem.cli.jsonl import outbox_json
from tandem.cli.output import local, print_json, say

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

ANSWERS = click.option(
    "--set", "answers", metavar="K=V", multiple=True, type=pair, help="Answer a question of the macro."
)
DONE = click.option("--done", metavar="N", multiple=True, type=Number(min=1), help="Confirm a required step.")
"""What a macro asks and requires."""

TEXT = (
    click.option("--macro", metavar="NAME", type=words, help="Start from a macro; its actions are done with the mail."),
    ANSWERS,
    DONE,
    click.option(
        "--body-file",
        metavar="F",
        type=click.Path(readable=False),
        help="The text, instead of the macro's; - for stdin.",
    ),
    click.option("--text", metavar="T", type=words, help="The text itself."),
)
"""Where the words come from."""

BCC = click.option("--bcc", metavar="A", multiple=True, type=recipient, help="A copy that nobody else knows of.")
ATTACH = click.option("--attach", metavar="F", multiple=True, type=click.Path(path_type=Path), help="A file to send.")

SENDING = (
    click.option(
        "--status", type=click.Choice([each.value for each in Status]), help="The ticket's status afterwards."
    ),
    click.option("--send-in", metavar="0s", type=window, help="How long it can be taken back, 0s to 60s."),
    click.option("--dry-run", is_flag=True, help="Print the mail and send nothing."),
    click.option("--json", "as_json", is_flag=True, help="Print the queued mail as one line of JSON."),
)
"""When it leaves and what is told."""


def options(*each: Decorator) -> Decorator:
    """These options, in this order."""
    return lambda command: reduce(lambda under, option: option(under), reversed(each), command)


def tell_queued(entry: OutboxEntry, *, as_json: bool) -> None:
    """Say that a mail is queued, to whom and until when it can be taken back."""
    if as_json:
        print_json(outbox_json(entry))
        return
    say(f"queued as mail {entry.id} to {', '.join(entry.recipients)}, leaves {local(entry.due)}")
    if entry.due > entry.created:
        say("`tandem undo` takes it back until then")
