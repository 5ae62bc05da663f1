"""`tandem backup`: one verified file of a live desk."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from desk.errors import RefusedError
from tandem.backups.backup import BackedUp, back_up, default_target
from tandem.cli.amounts import counted, files_of_mails, size
from tandem.cli.jsonl import Json, moment
from tandem.cli.output import print_json, say
from tandem.cli.progress import progress
from tandem.cli.session import Session, pass_session
from tandem.log import open_log
from tandem.paths import Home
from tandem.wiring import refuse_no_desk

log = logging.getLogger("tandem.backups")


@click.command("backup")
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="What the backup holds, as one line of JSON.")
@pass_session
def backup_command(session: Session, file: Path | None, as_json: bool) -> None:
    """Put the whole desk into one FILE while others go on working on it, and read it back.

    Without FILE it goes into the desk's backups/; FILE may also be a folder. It is compressed unless it is called .tar.
    Passwords are never in it.
    """
    home = session.home
    refuse_no_desk(home)
    open_log(home.log, debug=session.debug)
    with progress() as tell:
        made = back_up(home, _target(home, file), tell, or_next=file is None or file.is_dir())
    log.info("backed up %d tickets and %d mails into %s", made.tickets, made.mails, made.path)
    if as_json:
        print_json(_json(made))
    else:
        _print(made)
    if made.unfit:
        raise RefusedError(f"{made.path} cannot be restored as it is: {made.unfit}", "`tandem doctor` looks closer")
    if made.missing:
        what = f"{files_of_mails(len(made.missing))} missing or damaged on this desk, and so not in the backup"
        raise RefusedError(what, "`tandem doctor` names them")


def _target(home: Home, file: Path | None) -> Path:
    if file is None:
        return default_target(home)
    if file == Path("-"):
        raise RefusedError("a backup is read back, so it cannot go to standard output", "name a file")
    return default_target(home, file.absolute()) if file.is_dir() else file.absolute()


def _json(made: BackedUp) -> Json:
    return {
        "file": str(made.path),
        "size": made.size,
        "made": moment(made.made),
        "tickets": made.tickets,
        "mails": made.mails,
        "attachments": made.attachments,
        "macros": made.macros,
        "config": made.has_config,
        "left_out": list(made.left_out),
        "missing": list(made.missing),
    }


def _print(made: BackedUp) -> None:
    amounts = {"ticket": made.tickets, "mail": made.mails, "attached file": made.attachments, "macro": made.macros}
    contents = ", ".join(counted(number, thing) for thing, number in amounts.items())
    settings = "the settings without passwords" if made.has_config else "no settings"
    say(f"{made.path}: {contents} and {settings}, {size(made.size)}, read back{'' if made.unfit else ' and whole'}.")
    for each in made.left_out:
        say(f"Not in it: {each}.")
