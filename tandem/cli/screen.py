"""`tandem` and `tandem tui`: the inbox screen."""

from __future__ import annotations

from threading import Timer

import click

from tandem.cli.screen_settings import screen_settings
from tandem.cli.session import Session, pass_session

_SOON = 0.7
"""Seconds after which it is told that the end takes its time."""


@click.command("tui")
@pass_session
def tui_command(session: Session) -> None:
    """Open the inbox."""
    office = session.office
    _ = office.desk.me  # an inbox without an agent is refused before the screen opens
    settings = screen_settings(office.config.screen)
    from tandem.late_rounds import LateRounds
    from tui.start import run

    with LateRounds(office) as rounds:
        try:
            run(office.on_screen, office.library, rounds, settings)
        finally:
            _tell_later()


def _tell_later() -> None:
    """Say what the shell waits for, where it still does in a moment."""
    words = "leaving: a mail server or the desk does not answer yet, some seconds at most"
    teller = Timer(_SOON, click.echo, [words], {"err": True})
    teller.daemon = True
    teller.start()
