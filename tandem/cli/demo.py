"""`tandem demo`: a desk to try, with mail servers of its own on this machine."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.errors import RefusedError
from desk.expression import EVERYTHING
from tandem.cli.output import say
from tandem.cli.session import Session, pass_session

if TYPE_CHECKING:
    from tandem.demo.stage import Stage

_ACTS_BEFORE = 9
_SECONDS_BETWEEN = 12.0
_SERVERS = frozenset({"aiosmtpd", "pymap"})


@click.command("demo")
@click.option("--home", metavar="DIR", type=click.Path(path_type=Path), help="Keep the demo's desk here.")
@click.option("--headless", is_flag=True, help="Do it all without a screen, and print what happened.")
@pass_session
def demo_command(session: Session, home: Path | None, headless: bool) -> None:
    """Open a desk of sample mail with a colleague on it. It touches nothing but this machine.

    The colleague, bo, is played by the program: whoever joins from another terminal needs an agent of their own.
    """
    if not headless:
        _refuse_without_terminal()
    try:
        from tandem.demo.stage import open_stage, play_a_day
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _SERVERS:
            raise
        raise RefusedError("the demo's mail servers are not installed", "install tandem-inbox[demo]") from error
    chosen = home or (Path(session.given_home) if session.given_home else None)
    folder = (chosen or Path(tempfile.mkdtemp(prefix="tandem-demo-"))).absolute()
    with open_stage(folder) as stage:
        done = play_a_day(stage, _ACTS_BEFORE)
        if headless:
            _tell(stage, done)
        else:
            _show(stage)
    say(f"The desk stays in {folder}, the mails that went out in {folder / 'sent'}.")
    say(f"Look at it with: tandem --home {folder} --agent ana list")


def _refuse_without_terminal() -> None:
    from tui.start import refuse_dumb_terminals

    refuse_dumb_terminals(os.environ, interactive=sys.stdin.isatty() and sys.stdout.isatty())


def _show(stage: Stage) -> None:
    from tandem.cli.screen_settings import screen_settings
    from tandem.every import Every
    from tandem.loops import MailRounds
    from tui.start import run

    office = stage.office
    settings = screen_settings(office.config.screen)
    with MailRounds(office) as rounds, Every(_SECONDS_BETWEEN, stage.next_moment):
        run(office.on_screen, office.library, rounds, settings)


def _tell(stage: Stage, done: list[str]) -> None:
    tickets = stage.office.desk.store.tickets.find(EVERYTHING)
    status = Counter(each.status.value for each in tickets)
    owners = Counter(each.assignee or "nobody" for each in tickets)
    warned = sum(bool(each.defects) for each in tickets)
    say(f"{stage.counts.fetched} mails fetched over IMAP, {stage.counts.tickets_created} tickets")
    say(f"of these {stage.counts.automatic} automatic mails, {warned} tickets with a warning")
    say("status: " + ", ".join(f"{count} {name}" for name, count in sorted(status.items())))
    say("owners: " + ", ".join(f"{count} {name}" for name, count in sorted(owners.items())))
    for said in done:
        say(f"bo {said}" if not said.startswith("bo") else said)
    say(f"{stage.counts.sent} replies sent over SMTP")
    for mail in stage.smtp.received:
        say(f"  to {', '.join(mail.recipients)}, {len(mail.raw)} bytes")
