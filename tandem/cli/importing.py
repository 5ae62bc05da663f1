"""`tandem import`: mails from files become tickets; an export of a desk becomes a desk again."""

from __future__ import annotations

import time
from pathlib import Path

import click

from desk.errors import RefusedError
from tandem.cli.amounts import counted, counted_are, files_of_mails
from tandem.cli.output import complain, print_json, say
from tandem.cli.progress import progress
from tandem.cli.session import Session, pass_session
from tandem.cli.uncertain import say_what_is_uncertain
from tandem.importing import Imported, import_export
from tandem.paths import Home
from tandem.wiring import Office


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option("--mailbox", metavar="NAME", help="Whose mail it is (else the first mailbox's).")
@click.option("--sent", is_flag=True, help="It is sent mail: answers that were written with another program.")
@click.option("--closed", is_flag=True, help="Close the tickets that it opens, as of their last mail.")
@click.option("--format", "kind", type=click.Choice(["tinydb"]), help="tinydb: what `tandem export` wrote, alone.")
@click.option("--json", "as_json", is_flag=True, help="What was imported, as one line of JSON.")
@pass_session
def import_command(
    session: Session, paths: tuple[Path, ...], mailbox: str | None, sent: bool, closed: bool, kind: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Take mails in from mbox files, Maildirs, .eml files or folders of these, as if they came from the mail server.

    What is on the desk already is not taken in again, so an import that was stopped is simply run again. Nothing is
    answered or sent. With --format tinydb a whole desk comes back from an export, into a new --home or a desk that
    holds no tickets.
    """
    if kind is None:
        _import_mails(session, paths, mailbox, sent=sent, closed=closed, as_json=as_json)
    elif len(paths) != 1 or mailbox or sent or closed:
        raise click.UsageError("--format tinydb takes one file and nothing else")
    else:
        _import_export(session, paths[0].absolute(), as_json=as_json)


def _import_mails(
    session: Session, paths: tuple[Path, ...], mailbox: str | None, *, sent: bool, closed: bool, as_json: bool
) -> None:
    from tandem.mail_import import MailImport, close_all
    from tandem.workshop import Workshop

    office, started = session.office, time.monotonic()
    name = _mailbox(office, mailbox)
    if closed:
        _ = office.desk.me  # somebody must have closed them: refused before anything is done
    with Workshop(office.desk.blobs) as workshop:
        work = MailImport(office.desk, workshop, name, all_sent=sent)
        try:
            with progress() as tell:
                work.run([path.absolute() for path in paths], tell, complain)
        except KeyboardInterrupt:
            complain(f"{counted_are(work.done.counts.fetched, 'mail')} imported; the same command goes on from there")
            raise
    done = work.done
    settled = close_all(office.desk, done.opened) if closed else 0
    done.counts.seconds = time.monotonic() - started
    if as_json:
        told = {"known": done.known, "elsewhere": done.elsewhere, "failed": done.failed, "closed": settled}
        print_json({**done.counts.as_json(), **told})
    else:
        counts = done.counts
        parked = f", {counts.parked} parked" if counts.parked else ""
        elsewhere = f", {done.elsewhere} of our own that belong to no ticket" if done.elsewhere else ""
        say(
            f"{counted(counts.fetched, 'mail')} imported: {counts.tickets_created} new tickets, "
            f"{counts.messages_added} added to tickets, {counts.duplicates} held already, "
            f"{counts.bounces} bounces{parked}{elsewhere}; {done.known} were imported before; {counts.seconds:.1f} s"
        )
        if closed:
            say(f"{counted(settled, 'ticket')} closed")
    if done.failed:
        what = f"{counted(done.failed, 'file or mail', 'files or mails')} could not be imported"
        raise RefusedError(what, "all others are; run it again when these can be read")


def _mailbox(office: Office, name: str | None) -> str:
    """The name of the mailbox that is meant."""
    known = [each.mailbox.name for each in office.config.accounts]
    if not known:
        raise RefusedError("this desk has no mailbox that the mails could be for", "`tandem init` connects one")
    if name is not None and name not in known:
        raise click.UsageError(f"there is no mailbox “{name}”: {', '.join(known)}")
    return name or known[0]


def _import_export(session: Session, path: Path, *, as_json: bool) -> None:
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
