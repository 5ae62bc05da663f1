"""`tandem restore`: a desk becomes what a backup holds; what it was before is kept."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from desk.erased import returned
from desk.errors import RefusedError
from storage.shared import open_shared
from tandem.backups.restore import Restored, restore
from tandem.backups.texts import Settled
from tandem.backups.unpacked import Unpacked
from tandem.cli.amounts import counted, files_of_mails
from tandem.cli.jsonl import Json, moment
from tandem.cli.output import local, print_json, say
from tandem.cli.progress import progress
from tandem.cli.session import Session, pass_session
from tandem.cli.uncertain import say_what_is_uncertain
from tandem.new_desk import bare_desk
from tandem.paths import Home

_WORD = "restore"


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Replace the desk that is there, without asking.")
@click.option("--json", "as_json", is_flag=True, help="What came of it, as one line of JSON.")
@pass_session
def restore_command(session: Session, file: Path, yes: bool, as_json: bool) -> None:
    """Let the desk be what the backup in FILE holds, here or in a new --home.

    All of FILE is checked before anything is touched, and the desk as it is now is kept in backups/. Mails that had not
    left when the backup was made are not sent by themselves: they may have left since. Mails that came in since are
    fetched again. Open screens go on with the restored desk.
    """
    home = session.home
    if home.exists and not yes and not (sys.stdin.isatty() and not as_json):
        raise RefusedError(f"there is a desk in {home.folder} already", "--yes replaces it; it is kept in backups/")
    with progress() as tell:
        done = restore(home, file.absolute(), lambda found: None if yes else _ask(found, home), tell)
    with closing(open_shared(home.store)) as store:
        back = returned(bare_desk(store, home.mail))
    if as_json:
        print_json(_json(done, back))
    else:
        _print(done, home)
        _say_who_is_back(back)
    if done.settled.failed:
        what = f"the desk is restored, but not all of its macros and settings: {done.settled.failed}"
        raise RefusedError(what, "mend that, then restore it again")


def _ask(found: Unpacked, home: Home) -> None:
    holds = f"{counted(found.tickets, 'ticket')} as of {local(found.made)}"
    answer: str = click.prompt(
        f"\rThe backup holds {holds}. Type “{_WORD}” to put it in the place of the desk in {home.folder}",
        default="",
        show_default=False,
        err=True,
    )
    if answer.strip() != _WORD:
        raise RefusedError("not restored: everything is as it was")


def _json(done: Restored, back: Sequence[str]) -> Json:
    return {
        "made": moment(done.made),
        "tickets": done.tickets,
        "mails": done.mails,
        "files_added": done.files_added,
        "macros": done.settled.macros or 0,
        "config": done.settled.config,
        "uncertain": done.uncertain,
        "missing": list(done.missing),
        "kept": str(done.kept.path) if done.kept else None,
        "returned": list(back),
        "passwords": [str(each) for each in done.settled.password_files],
    }


def _print(done: Restored, home: Home) -> None:
    holds = f"{counted(done.tickets, 'ticket')} and {counted(done.mails, 'mail')} as of {local(done.made)}"
    say(f"Restored in {home.folder}: {holds}; {counted(done.files_added, 'file')} of mails added.")
    _print_kept(done)
    say_what_is_uncertain(done.uncertain)
    if done.missing:
        say(f"{files_of_mails(len(done.missing))} neither in the backup nor here: `tandem doctor` names them.")
    _print_settled(done.settled, home)


def _say_who_is_back(back: Sequence[str]) -> None:
    for each in back:
        say(f"{each} was erased after this backup was made, and is back: `tandem customers erase {each}`")


def _print_kept(done: Restored) -> None:
    if done.kept is None:
        return
    what = (
        "The store that was here is damaged; its file is kept as" if done.kept.damaged else "The desk before is kept in"
    )
    say(f"{what} {done.kept.path}")
    if done.kept.unsent:
        what = f"{counted(done.kept.unsent, 'mail')} that had not left there"
        say(f"{what} will not be sent from here: only what is kept knows of it.")
    if done.kept.reopen:
        say("Close Tandem on every screen now, and open it again: they still have the damaged file open.")


def _print_settled(settled: Settled, home: Home) -> None:
    if settled.failed:
        return
    if settled.macros is None:
        say(f"The macros stay as they are: {home.macros} is a link to another place.")
    elif settled.macros:
        say(f"{counted(settled.macros, 'macro')} restored; others stay.")
    match settled.config:
        case "kept":
            say(f"The settings in {home.config} stay as they are.")
        case "none":
            say("There were no settings in the backup: `tandem init` connects a mailbox.")
        case "restored":
            say(f"The settings came from the backup: look at {home.config} before you fetch mail.")
    for each in settled.commands:
        say(f"They run this for a password: {each}")
    for path in settled.password_files:
        say(f"A password is missing, for none is ever in a backup: write it into {path} (mode 600).")
