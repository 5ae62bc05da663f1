"""`tandem export`: everything on the desk in a file that other programs read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
import orjson

from desk.errors import RefusedError
from desk.expression import EVERYTHING
from desk.safe import safe
from tandem.cli.amounts import counted, counted_are, size
from tandem.cli.output import print_json, say
from tandem.cli.progress import progress
from tandem.cli.session import Session, pass_session
from tandem.cli.whole import read_whole, whole_json
from tandem.mailbox_export import write_mbox
from tandem.outfile import outfile
from tandem.progress import Tell
from tandem.wiring import Office

Write = Callable[[bytes], object]
_STDOUT = Path("-")


@dataclass(frozen=True, slots=True)
class _Done:
    """How many things of each kind were written; how many replies were not, by state; mails that are lost."""

    amounts: Mapping[str, int]
    left_out: Mapping[str, int] = field(default_factory=dict[str, int])
    missing: Sequence[str] = ()


@click.command("export")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["tinydb", "json", "mbox"]),
    required=True,
    help="tinydb: all documents, for `tandem import`. json: a ticket a line, as `show --json`. mbox: all mails.",
)
@click.argument("dest", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="What was written, as one line of JSON.")
@pass_session
def export_command(session: Session, kind: str, dest: Path, as_json: bool) -> None:
    """Write everything, as it is at one moment, into the new file DEST; `-` is standard output.

    A tinydb export and the desk's folder mail/ belong together: the bytes of mails are files there. An mbox holds what
    came in and what the mail server took of what went out; never a note.
    """
    if as_json and dest == _STDOUT:
        raise click.UsageError("with - standard output is the export itself: leave --json out")
    office = session.unattended
    path = dest if dest == _STDOUT else dest.absolute()
    with progress() as tell, _destination(path, office) as write:
        done = _EXPORTS[kind](office, write, tell)
    if as_json:
        told = {**done.amounts, "left_out": dict(done.left_out), "missing": list(done.missing)}
        print_json({"format": kind, "file": str(path), "size": path.stat().st_size, **told})
    elif path != _STDOUT:
        _print(kind, path, done, office.home.mail)
    _refuse_lost(done)


@contextmanager
def _destination(dest: Path, office: Office) -> Generator[Write]:
    """A new file that only we may read, or standard output."""
    if dest == _STDOUT:
        yield _print_piece
        sys.stdout.flush()
    else:
        with outfile(dest, office.home.folder) as file:
            yield file.write


def _print_piece(piece: bytes) -> None:
    if sys.stdout.isatty():
        click.echo(safe(piece.decode("utf-8", "replace")), nl=False)
    else:
        sys.stdout.buffer.write(piece)


def _tinydb(office: Office, write: Write, tell: Tell) -> _Done:
    with office.store.snapshot():
        tickets = office.store.tickets.count(EVERYTHING)
        tell("writing", 0)
        return _Done({"tickets": tickets, "documents": office.store.export(lambda text: write(text.encode()))})


def _json(office: Office, write: Write, tell: Tell) -> _Done:
    desk = office.desk
    with desk.store.snapshot():
        numbers = desk.store.tickets.numbers(EVERYTHING, sort="id", reverse=True)
        for done, number in enumerate(numbers, 1):
            write(orjson.dumps(whole_json(read_whole(desk, number)), option=orjson.OPT_APPEND_NEWLINE))
            tell("writing", done / len(numbers))
    return _Done({"tickets": len(numbers)})


def _mbox(office: Office, write: Write, tell: Tell) -> _Done:
    done = write_mbox(office.desk, write, lambda share: tell("writing", share))
    return _Done({"mails": done.mails}, done.left_out, done.missing)


_EXPORTS: dict[str, Callable[[Office, Write, Tell], _Done]] = {"tinydb": _tinydb, "json": _json, "mbox": _mbox}


def _refuse_lost(done: _Done) -> None:
    """The export is there, without mails that are not."""
    if done.missing:
        what = f"{counted_are(len(done.missing), 'mail')} missing or damaged on this desk, and so not in the export"
        raise RefusedError(what, "`tandem doctor` names them")


def _print(kind: str, path: Path, done: _Done, mail: Path) -> None:
    contents = ", ".join(counted(number, thing.removesuffix("s")) for thing, number in done.amounts.items())
    say(f"{path}: {contents}, {size(path.stat().st_size)}.")
    if kind == "tinydb":
        say(f"The bytes of mails are files in {mail}, which belongs to it: take that folder along.")
    if done.left_out:
        states = ", ".join(f"{number} {state}" for state, number in sorted(done.left_out.items()))
        say(f"Not in it, for they are not known to have left: {states}.")
