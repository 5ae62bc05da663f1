"""`tandem reindex`: what follows from the documents is made anew."""

from __future__ import annotations

import logging
import sys

import click

from desk.upkeep import sum_up_all
from tandem.cli.amounts import counted
from tandem.cli.output import print_json, say
from tandem.cli.progress import progress
from tandem.cli.session import Session, pass_session

log = logging.getLogger("tandem.reindex")


@click.command("reindex")
@click.option("--json", "as_json", is_flag=True, help="What was done, as one line of JSON.")
@pass_session
def reindex_command(session: Session, as_json: bool) -> None:
    """Make indexes and full text anew, and work out again what each ticket says of its conversation.

    It changes nothing that anybody wrote, and mends what a search does not find or a list shows wrongly. Colleagues may
    go on working; while the full text is being made, their changes wait.
    """
    office = session.unattended
    if sys.stderr.isatty():
        click.echo("On a large desk this takes minutes; meanwhile whoever writes waits.", err=True)
    with progress() as tell:
        tell("making indexes and full text", 0)
        office.store.rebuild()
        done = sum_up_all(office.desk, lambda share: tell("summing up tickets", share))
    log.info("reindexed; %d of %d tickets were put right", done.mended, done.tickets)
    if as_json:
        print_json({"tickets": done.tickets, "mended": done.mended})
        return
    mended = "none needed it" if not done.mended else f"{done.mended} put right"
    say(f"Indexes and full text are new; {counted(done.tickets, 'ticket')} summed up, {mended}.")
