"""`tandem files` and `tandem links`: what came with a ticket's mails, saved on request, and where their links lead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from desk.conversation import Attachment, EntryId, Message, Note
from desk.desk import Desk
from desk.errors import NoSuchEntry, RefusedError, TandemError
from desk.filetypes import FileType, true_type, type_by_name
from desk.links import Link, links_in, links_of
from desk.ticket import TicketNumber
from tandem.cli.arguments import TICKET, Number
from tandem.cli.lists import json_lines
from tandem.cli.output import print_json, say, table
from tandem.cli.session import Session, pass_session


@click.command("files")
@click.argument("number", metavar="ID", type=TICKET)
@click.argument("message", metavar="[MESSAGE]", type=Number(min=1), required=False)
@click.option("--save", "folder", metavar="FOLDER", type=click.Path(path_type=Path), help="Save all of them there.")
@click.option("--over", is_flag=True, help="Put them over files of the same names.")
@json_lines("file")
@pass_session
def files_command(
    session: Session, number: int, message: int | None, folder: Path | None, over: bool, as_json: bool
) -> None:
    """List the files of a ticket, or of one of its messages, with what each really is; save them."""
    desk = session.desk
    found = [(each, file) for each in _messages(desk, number, message) for file in each.attachments]
    if folder is not None:
        _save(desk, [file for _, file in found], folder, over=over)
        return
    known = [(each, file, _type(desk, file)) for each, file in found]
    if as_json:
        for one in known:
            print_json(_file_json(*one))
    else:
        rows = ((str(each.id), file.name, *_told(kind), str(file.size)) for each, file, kind in known)
        table(rows, right=frozenset({4}), stretch=3)


@click.command("links")
@click.argument("number", metavar="ID", type=TICKET)
@click.argument("message", metavar="[MESSAGE]", type=Number(min=1), required=False)
@json_lines("link")
@pass_session
def links_command(session: Session, number: int, message: int | None, as_json: bool) -> None:
    """List the links of a ticket's mails and notes with their true hosts; nothing is ever opened."""
    desk = session.desk
    rows: list[tuple[str, str, str, str]] = []
    for entry, link in _links(desk, number, message):
        if as_json:
            warnings = list(link.warnings)
            print_json(
                {"message": entry, "host": link.host, "url": link.url, "words": link.words, "warnings": warnings}
            )
        else:
            rows.append((str(entry), link.host or "-", link.url, "; ".join(_odd(link))))
    table(rows, stretch=2)


def _odd(link: Link) -> Iterator[str]:
    """What is to be known of a link beside where it leads."""
    if link.looks:
        yield f"looks like {link.looks}"
    if link.words:
        yield f"“{link.words}”"
    yield from (f"⚠ {each}" for each in link.warnings)


def _told(kind: FileType) -> tuple[str, str]:
    return kind.words, f"⚠ {kind.warning}" if kind.warning else ""


def _type(desk: Desk, file: Attachment) -> FileType:
    try:
        return true_type(file.name, file.type, desk.blobs.get(file.sha256))
    except TandemError as error:  # of very many files the last are only in the mail itself
        return FileType(type_by_name(file.name, file.type).words, str(error))


def _messages(desk: Desk, number: int, message: int | None) -> list[Message]:
    entries = desk.store.conversations.of(desk.ticket(TicketNumber(number)).number)
    found = [each for each in entries if isinstance(each, Message) and message in (None, each.id)]
    if message is not None and not found:
        raise NoSuchEntry(f"message on ticket {number} with the id", EntryId(message))
    return found


def _links(desk: Desk, number: int, message: int | None) -> Iterator[tuple[EntryId, Link]]:
    for each in _messages(desk, number, message):
        links = tuple(links_in(each.text))
        if each.has_html and each.raw and not each.redacted and desk.forms is not None:
            forms = desk.forms.of(desk.blobs.get(each.raw))
            links = links if forms.problem else links_of(forms.links, forms.plain)
        yield from ((each.id, link) for link in links)
    notes = desk.store.conversations.of(TicketNumber(number)) if message is None else ()
    yield from ((each.id, link) for each in notes if isinstance(each, Note) for link in links_in(each.note))


def _file_json(message: Message, file: Attachment, kind: FileType) -> dict[str, object]:
    known = {"name": file.name, "type": file.type, "size": file.size, "sha256": file.sha256}
    return {"message": message.id, **known, "is": kind.words, "warning": kind.warning or None}


def _save(desk: Desk, files: list[Attachment], folder: Path, *, over: bool) -> None:
    """Save files as the screen does: private, under names of their own, over nothing that was not named.

    Raises:
        RefusedError: something stands in the way, or they cannot be saved; nothing is left half written.
    """
    from tui.reader.saving import apart, save

    if not files:
        raise RefusedError("no file came with it", "`tandem show` tells what did")
    saved = save(desk, apart(files), f"{folder.absolute()}/", over=over)
    if saved.taken:
        raise RefusedError(f"{', '.join(saved.taken)} is there already", "--over replaces it")
    if saved.problem:
        raise RefusedError(saved.problem, "choose another folder")
    for path in saved.paths:
        say(str(path))
