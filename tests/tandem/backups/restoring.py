"""Backups that are restored, and forged ones."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from desk.desk import Desk
from desk.expression import EVERYTHING
from desk.ticket import Ticket, TicketNumber
from storage.schema import SCHEMA
from tandem.backups.archive import write_archive
from tandem.backups.manifest import Manifest, Member
from tandem.paths import Home
from tests.desks import make_desk

ONE = TicketNumber(1)
MACRO = "---\nname: {}\n---\nHello.\n"
AS_IT_WAS, AS_IT_IS = MACRO.format("As it was"), MACRO.format("As it is")


def tickets(desk: Desk) -> list[Ticket]:
    return desk.store.tickets.find(EVERYTHING, sort="id", reverse=True)


def subjects(home: Home) -> list[str]:
    with closing((desk := make_desk(home.folder)).store):
        return [each.subject for each in tickets(desk)]


def files_of(home: Home) -> dict[str, bytes]:
    """Every file of a desk but the log and what SQLite keeps beside the store."""
    paths = [each for each in home.folder.rglob("*") if each.is_file() and home.log.parent not in each.parents]
    return {str(each): each.read_bytes() for each in paths if not each.name.startswith("desk.db-")}


def forged(backup: Path, path: Path, change: Callable[[Path], None], more: bytes = b"") -> Path:
    """The same backup with another store and maybe one more mail, and digests that are right."""
    with tarfile.open(backup) as tar:
        files = {each.name: tar.extractfile(each).read() for each in tar.getmembers()}  # type: ignore[union-attr]  # all are files
    store = path.with_name("forged.db")
    store.write_bytes(files["desk.db"])
    change(store)
    content = {name: data for name, data in files.items() if not name.startswith("manifest.")}
    content["desk.db"] = store.read_bytes()
    if more:
        digest = hashlib.sha256(more).hexdigest()
        content[f"mail/{digest[:2]}/{digest[2:]}"] = more
    members = tuple(Member(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in content.items())
    manifest = Manifest(tandem="0.1.0", schema=SCHEMA.version, made=datetime.now(UTC), members=members)
    with path.open("wb") as out:
        write_archive(out, manifest, lambda each: iter([content[each.name]]), compress=True)
    return path
