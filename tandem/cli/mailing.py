"""`tandem sync` and `tandem deliver`: mail in and out without a screen."""

from __future__ import annotations

import time
from collections.abc import Callable

import click

from desk.errors import MailError, RefusedError
from tandem.cli.output import print_json, say
from tandem.cli.session import Session, pass_session
from tandem.counts import Counts
from tandem.loops import MailRounds, deliver_due, sync_once

_BETWEEN_ROUNDS = 1.0
_AFTER_A_FAILURE = 30.0
_LONGEST_WAIT = 5.0


@click.command("sync")
@click.option("--follow", is_flag=True, help="Go on until interrupted, with IDLE where the server offers it.")
@click.option("--json", "as_json", is_flag=True, help="The counts, as one line of JSON.")
@pass_session
def sync_command(session: Session, follow: bool, as_json: bool) -> None:
    """Fetch new mail, put it on tickets, and send what is due."""
    office = session.office
    if not office.config.accounts:
        raise RefusedError("this desk watches no mailbox", "`tandem init` connects one")
    if follow:
        _follow(session)
        return
    counts = sync_once(office)
    if as_json:
        print_json(counts.as_json())
    else:
        say(_told(counts))


def _told(counts: Counts) -> str:
    return (
        f"{counts.fetched} mails fetched: {counts.tickets_created} new tickets, "
        f"{counts.messages_added} added to tickets, {counts.duplicates} held already, {counts.bounces} bounces; "
        f"{counts.sent} sent; {counts.seconds:.1f} s"
    )


def _follow(session: Session) -> None:
    """Rounds until somebody interrupts; a server that is away is told about and tried again."""
    with MailRounds(session.office) as rounds:
        while True:
            try:
                rounds.deliver()
                if fetched := rounds.fetch(_after(_LONGEST_WAIT), _unheard):
                    say(f"{fetched} mails fetched")
                time.sleep(_BETWEEN_ROUNDS)
            except MailError as error:
                click.echo(f"tandem: {error}; next try in {_AFTER_A_FAILURE:.0f} s", err=True)
                time.sleep(_AFTER_A_FAILURE)


def _after(seconds: float) -> Callable[[], bool]:
    """Says yes once so many seconds have passed: what falls due in the outbox must not wait for mail."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def _unheard(words: str) -> None:
    del words


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
