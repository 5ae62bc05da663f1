"""`tandem sync` and `tandem deliver`: mail in and out without a screen."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NoReturn

import click

from desk.errors import RefusedError, StoreBusy, TandemError
from tandem.cli.output import complain, print_json, say
from tandem.cli.session import Session, pass_session
from tandem.counts import Counts
from tandem.fetching import Progress
from tandem.loops import MailRounds, deliver_due, one_round, unsent
from tandem.wiring import Office

_BETWEEN_ROUNDS = 1.0
_AFTER_A_FAILURE = 30.0
_LONGEST_WAIT = 5.0


@click.command("sync")
@click.option("--follow", is_flag=True, help="Go on until interrupted, with IDLE where the server offers it.")
@click.option("--json", "as_json", is_flag=True, help="The counts of a round, as one line of JSON.")
@pass_session
def sync_command(session: Session, follow: bool, as_json: bool) -> None:
    """Fetch new mail, put it on tickets, and send what is due."""
    office = session.office
    if not office.config.accounts:
        raise RefusedError("this desk watches no mailbox", "`tandem init` connects one")
    if follow:
        _follow(office, as_json=as_json)
    counts, wrong = one_round(office)
    if counts.fetched or counts.sent or not wrong:
        _tell(counts, as_json=as_json)
    _refuse(wrong)


def _tell(counts: Counts, *, as_json: bool) -> None:
    if as_json:
        print_json(counts.as_json())
    else:
        parked = f"; {counts.parked} parked, or not given by the server and asked for again" if counts.parked else ""
        say(
            f"{counts.fetched} mails fetched: {counts.tickets_created} new tickets, "
            f"{counts.messages_added} added to tickets, {counts.duplicates} held already, "
            f"{counts.bounces} bounces{parked}; {counts.sent} sent; {counts.seconds:.1f} s"
        )


def _refuse(wrong: Sequence[TandemError]) -> None:
    """End as the first thing that went wrong says."""
    if wrong:
        raise wrong[0]


def _follow(office: Office, *, as_json: bool) -> NoReturn:
    """Rounds until somebody interrupts. A server that is away is told about and tried again; mail leaves meanwhile."""
    next_look, watch = 0.0, office.store.watch()
    with MailRounds(office) as rounds:
        while True:
            watch.poll()  # fails once a newer Tandem has upgraded the desk
            counts, started = Counts(), time.monotonic()
            wrong = _send(office, counts)
            if started >= next_look and (failed := _look(rounds, counts)):
                wrong, next_look = [*wrong, *failed], started + _AFTER_A_FAILURE
            counts.seconds = time.monotonic() - started
            if counts.fetched or counts.sent:
                _tell(counts, as_json=as_json)
            for error in wrong:
                complain(str(error))
            time.sleep(_BETWEEN_ROUNDS)


def _send(office: Office, counts: Counts) -> list[TandemError]:
    try:
        done = deliver_due(office)
    except StoreBusy as error:
        return [error]
    counts.sent = done.sent
    return unsent(done)


def _look(rounds: MailRounds, counts: Counts) -> list[TandemError]:
    """Wait for mail, but not for long: what falls due in the outbox must not wait for it."""
    end = time.monotonic() + _LONGEST_WAIT
    try:
        return rounds.take_in_or_wait(Progress(counts, stop=lambda: time.monotonic() >= end))
    except StoreBusy as error:
        return [error]


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
