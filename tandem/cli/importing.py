"""`tandem import`: an export of a desk becomes a desk again."""

from __future__ import annotations

from pathlib import Path

import click

from desk.errors import RefusedError
from tandem.cli.amounts import counted, files_of_mails
from tandem.cli.output import print_json, say
from tandem.cli.session import Session, pass_session
from tandem.cli.uncertain import say_what_is_uncertain
from tandem.importing import Imported, import_export
from tandem.paths import Home


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "kind", type=click.Choice(["tinydb"]), help="tinydb: what `tandem export` wrote.")
@click.option("--json", "as_json", is_flag=True, help="What was imported, as one line of JSON.")
@pass_session
def import_command(session: Session, paths: tuple[Path, ...], kind: str | None, as_json: bool) -> None:
    """Bring an export of a whole desk back, into a new --home or a desk that holds no tickets.

    Everything is as it was, with the same numbers. Mails that had not left are not sent by themselves: the desk that
    the export came from may have sent them.
    """
    if kind is None:
        what = "mbox files, Maildirs and single mails cannot be imported yet"
        raise RefusedError(what, "`tandem import --format tinydb FILE` brings an export back")
    if len(paths) != 1:
        raise click.UsageError("--format tinydb takes one file")
    path = paths[0].absolute()
    done = import_export(session.home, path)
    if as_json:
        told = {"tickets": done.tickets, "documents": done.documents, "uncertain": done.uncertain}
        print_json({"file": str(path), **told, "missing": done.missing})
    else:
        _print(done, session.home)


def _print(done: Imported, home: Home) -> None:
    say(f"Imported into {home.folder}: {counted(done.tickets, 'ticket')}, {counted(done.documents, 'document')}.")
    say_what_is_uncertain(done.uncertain)
    if done.missing:
        say(f"{files_of_mails(done.missing)} not here: copy mail/ of the desk that was exported to {home.mail}")
    if not home.config.exists():
        say("There are no settings: `tandem init` connects the mailbox.")
