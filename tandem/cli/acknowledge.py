"""`tandem acknowledge`: whether customers' first mails are answered by themselves, and the switch that stops it."""

from __future__ import annotations

from typing import Literal

import click

from desk.actions.acknowledge import go_on_acknowledging, stop_acknowledging
from desk.desk import Desk
from desk.intake.acknowledging import A_DAY
from tandem.cli.output import local, print_json, say
from tandem.cli.session import Session, pass_session


@click.command("acknowledge")
@click.argument("switch", metavar="[off|on]", type=click.Choice(["off", "on"]), required=False)
@click.option("--json", "as_json", is_flag=True, help="How it stands, as one line of JSON.")
@pass_session
def acknowledge_command(session: Session, switch: Literal["off", "on"] | None, as_json: bool) -> None:
    """Say whether first mails are answered automatically; `off` stops that at once, everywhere, and `on` goes on.

    Which mailboxes do so is set in config.toml (`acknowledge`). `off` also stops those answers that wait to leave.
    """
    desk, held_back = session.desk, 0
    if switch == "off":
        held_back = stop_acknowledging(desk)
    elif switch == "on":
        go_on_acknowledging(desk)
    if as_json:
        print_json(_as_json(desk, held_back))
    else:
        _tell(desk, held_back)


def _mailboxes(desk: Desk) -> list[str]:
    return [each.name for each in desk.settings.mailboxes if each.acknowledge is not None]


def _given(desk: Desk) -> int:
    return desk.store.acknowledgements.count(desk.clock() - A_DAY)


def _as_json(desk: Desk, held_back: int) -> dict[str, object]:
    stopped = desk.store.acknowledgements.stopped()
    return {
        "mailboxes": _mailboxes(desk),
        "on": stopped is None,
        "off_since": stopped.at if stopped else None,
        "off_by": stopped.by if stopped else None,
        "why": stopped.why if stopped else "",
        "given_in_a_day": _given(desk),
        "held_back": held_back,
    }


def _tell(desk: Desk, held_back: int) -> None:
    stopped, mailboxes = desk.store.acknowledgements.stopped(), _mailboxes(desk)
    where = f"in {', '.join(mailboxes)}" if mailboxes else "in no mailbox (`acknowledge` in config.toml sets a text)"
    if stopped is None:
        say(f"first mails are acknowledged {where}; {_given(desk)} were in 24 hours")
    else:
        why = stopped.why or f"by {stopped.by}"
        taken_back = f"; {held_back} that waited were taken back" if held_back else ""
        say(f"off since {local(stopped.at)}, {why}{taken_back}; `tandem acknowledge on` goes on, {where}")
