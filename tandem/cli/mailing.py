"""`tandem sync` and `tandem deliver`: mail in and out without a screen."""

from __future__ import annotations

import time
from collections.abc import Sequence

import click

from desk.errors import RefusedError, TandemError
from tandem.cli.following import follow, tell_round
from tandem.cli.output import complain, print_json, say
from tandem.cli.progress import complain_aside, progress
from tandem.cli.session import Session, pass_session
from tandem.loops import deliver_due, one_round, unsent


@click.command("sync")
@click.option("--follow", "go_on", is_flag=True, help="Go on until interrupted, with IDLE where the server offers it.")
@click.option("--json", "as_json", is_flag=True, help="The counts of a round, as one line of JSON.")
@pass_session
def sync_command(session: Session, go_on: bool, as_json: bool) -> None:
    """Fetch new mail, put it on tickets, and send what is due.

    Every folder is compared with what was taken in. That is so even while a screen or a daemon follows the same
    mailbox, which is then said: no mail comes in twice.
    """
    office = session.office
    if not office.config.accounts:
        raise RefusedError("this desk watches no mailbox", "`tandem init` connects one")
    if go_on:
        follow(office, as_json=as_json)
        return
    with progress() as tell:
        counts, wrong = one_round(office, notice=complain_aside, tell=lambda far: tell(far.in_words, far.share))
    if counts.fetched or counts.sent or not wrong:
        tell_round(counts, as_json=as_json)
    _refuse(wrong)


def _refuse(wrong: Sequence[TandemError]) -> None:
    """Tell everything that went wrong, and end as the first of it says."""
    for error in wrong[1:]:
        complain(str(error))
    if wrong:
        raise wrong[0]


@click.command("deliver")
@click.option("--json", "as_json", is_flag=True, help="The counts, as one line of JSON.")
@pass_session
def deliver_command(session: Session, as_json: bool) -> None:
    """Send what is due in the outbox, and nothing else."""
    started = time.monotonic()
    done = deliver_due(session.office)
    if as_json:
        counts = {"sent": done.sent, "deferred": done.deferred, "refused": done.refused, "uncertain": done.uncertain}
        print_json({**counts, "seconds": round(time.monotonic() - started, 3)})
    else:
        say(f"{done.sent} sent, {done.deferred} deferred, {done.refused} refused, {done.uncertain} uncertain")
    _refuse(unsent(done))
