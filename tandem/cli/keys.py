"""`tandem keys`: the keys of the screen as they are for the one who asks, and what a keymap calls each action."""

from __future__ import annotations

import click

from tandem.access import refuse_unfit
from tandem.cli.output import print_json, say
from tandem.cli.screen_settings import refuse_faults, screen_settings
from tandem.cli.session import Session, pass_session
from tandem.config import read_config


@click.command("keys")
@click.argument("place", required=False)
@click.option("--json", "as_json", is_flag=True, help="One key of one place a line.")
@pass_session
def keys_command(session: Session, place: str | None, as_json: bool) -> None:
    """Print the keys of the screen, with the names that a keymap uses; PLACE narrows it to one of its places.

    What the settings say and cannot be is told at the end.
    """
    from tui.keys import Context, shown

    if place is not None and place not in set(Context):
        raise click.BadParameter(f"there is no place “{place}”; known: {', '.join(Context)}", param_hint="PLACE")
    refuse_unfit(session.home)
    settings = screen_settings(read_config(session.home.config).screen)
    actions = settings.actions
    for context in Context if place is None else [Context(place)]:
        rows = [each for each in actions if context in each.contexts]
        if as_json:
            for each in rows:
                print_json({"place": context, "action": each.id, "keys": list(each.keys), "help": each.help})
            continue
        say(f"[{context}]")
        for each in rows:
            say(f"  {'  '.join(map(shown, each.keys)) or '-':<14}  {each.id:<20}  {each.help}")
    refuse_faults(settings)
