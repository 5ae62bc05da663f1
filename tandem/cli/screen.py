"""`tandem` and `tandem tui`: the inbox screen."""

from __future__ import annotations

import click

from tandem.cli.screen_settings import screen_settings
from tandem.cli.session import Session, pass_session


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
        run(office.on_screen, office.library, rounds, settings)
