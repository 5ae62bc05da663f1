"""One file that holds a live desk: its store, its mails and attached files, its macros, its settings without secrets.

The store is copied first, as it is at one moment; then the files that this copy speaks of are read, which never change.
So others may fetch, answer and write all the while, and the backup is still of that one moment.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from desk.clock import utc_now
from desk.errors import RefusedError, StorageError, StoreDamaged
from desk.expression import EVERYTHING
from storage.files import create_folder, explained, refuse_network
from storage.schema import SCHEMA
from storage.shared import open_shared
from storage.workshop import workshop
from tandem.backups.archive import Archive, Chunks, Differs, write_archive
from tandem.backups.manifest import CONFIG, STORE, Member
from tandem.backups.parcel import Files, Parcel
from tandem.backups.soundness import make_sound
from tandem.outfile import Taken, free_path, outfile
from tandem.paths import Home
from tandem.progress import Tell, share_of
from tandem.wiring import refuse_no_desk

SUFFIX = ".tar.gz"
"""Mails and documents shrink to a fifth or so. What is called .tar is left as it is, for programs that compress and
share between backups by themselves."""

_PLAIN = ".tar"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """A backup that was made and read back. `size` is its bytes, `made` the moment that it shows.

    `left_out` says what is not in it on purpose, and why; `missing` are the sha256 of mails and attached files
    that were not there, or not whole. `unfit` says why it cannot be restored; "" when it can.
    """

    path: Path
    size: int
    made: datetime
    tickets: int
    mails: int
    attachments: int
    macros: int
    has_config: bool
    left_out: tuple[str, ...]
    missing: tuple[str, ...]
    unfit: str = ""


def back_up(home: Home, target: Path, tell: Tell, *, or_next: bool = False) -> BackedUp:
    """Make a backup of a desk that others may be working on.

    `or_next`: where somebody else just made a file of this name, another default one will do.

    Raises:
        RefusedError: there is no desk; the file is there already, or cannot be written.
        StorageError: the store or a mail cannot be read.
    """
    refuse_no_desk(home)
    with _staging(home, target) as folder, closing(open_shared(home.store)) as store:
        made = utc_now()
        tell("copying the store", 0)
        store.copy_to(folder / STORE)
        unfit = _unfit(home, folder / STORE)
        while True:
            try:
                return replace(pack(home, folder / STORE, made, target, tell), unfit=unfit)
            except Taken:
                if not or_next:
                    raise
                target = default_target(home, target.parent)


@contextmanager
def _staging(home: Home, target: Path) -> Generator[Path]:
    """A folder for the copy: on the disk that the backup goes to, where a store can be there; else on the desk's."""
    with ExitStack() as stack:
        try:
            refuse_network(target.parent)
            folder = stack.enter_context(workshop(target.parent))
        except StorageError:
            folder = stack.enter_context(workshop(home.folder))
        yield folder


def _unfit(home: Home, copy: Path) -> str:
    """Why a copy of the desk's store could not be restored; "" when it could."""
    try:
        with closing(open_shared(copy)) as store:
            make_sound(store)
    except StoreDamaged as error:
        return error.message.replace(str(copy), str(home.store))
    return ""


def default_target(home: Home, folder: Path | None = None) -> Path:
    """Where a backup goes that nobody named: into a folder, or else into the desk's own for backups.

    Raises:
        StoreUnreachable: that cannot be made.
    """
    return free_path(folder or backups_folder(home), f"tandem-{stamp()}", SUFFIX)


def backups_folder(home: Home) -> Path:
    """The desk's own folder for backups.

    Raises:
        StoreUnreachable: it cannot be made.
    """
    try:
        create_folder(home.backups)
    except OSError as error:
        raise explained(error, home.backups) from error
    return home.backups


def stamp() -> str:
    """The present moment as it stands in names of files."""
    return f"{utc_now():%Y%m%dT%H%M%SZ}"


def pack(home: Home, copy: Path, made: datetime, target: Path, tell: Tell) -> BackedUp:
    """Make a backup of a desk from a copy of its store that nobody else has open.

    Raises:
        RefusedError: the file is there already, or cannot be written.
        StorageError: the copy or a mail cannot be read.
    """
    with closing(open_shared(copy)) as store:
        tickets, spoken_of = store.tickets.count(EVERYTHING), Files.of(store)
    parcel = Parcel.of(home, copy, made, spoken_of)
    try:
        size = _write(parcel, target, tell)
    except Differs:  # a mail is not whole: find all of these before the next try
        parcel = parcel.without_broken()
        size = _write_again(parcel, target, tell)
    return BackedUp(
        path=target,
        size=size,
        made=made,
        tickets=tickets,
        mails=parcel.count(spoken_of.mails),
        attachments=parcel.count(spoken_of.attached),
        macros=parcel.macros,
        has_config=CONFIG in parcel.texts,
        left_out=parcel.left_out,
        missing=parcel.missing,
    )


def _write_again(parcel: Parcel, target: Path, tell: Tell) -> int:
    try:
        return _write(parcel, target, tell)
    except Differs as error:
        what = f"{error.member.name} became another file while it was being backed up"
        raise StoreDamaged(what, "look at the disk, then try again") from error


def _write(parcel: Parcel, target: Path, tell: Tell) -> int:
    """Write it and read it back; returns its size in bytes."""
    with outfile(target, parcel.home.folder) as file:
        _put_into(file, parcel, tell, compress=target.suffix != _PLAIN)
        _put_on_disk(file)
        try:
            archive = Archive(target, file, SCHEMA.version)
            archive.examine(share_of(archive.manifest.size, "reading it back", tell))
        except (StoreDamaged, RefusedError) as error:
            what = f"the backup does not read back as it was written: {error.message}"
            raise RefusedError(what, "look at the disk, or choose another place") from error
        return file.seek(0, os.SEEK_END)


def _put_into(file: BinaryIO, parcel: Parcel, tell: Tell, *, compress: bool) -> None:
    manifest = parcel.manifest()
    contents = _told(parcel.contents, share_of(manifest.size, "writing", tell))
    write_archive(file, manifest, contents, compress=compress)


def _told(contents: Callable[[Member], Chunks], tell: Callable[[int], None]) -> Callable[[Member], Chunks]:
    """The same contents; `tell` is told how many bytes of them were taken."""
    done = 0

    def counted(member: Member) -> Chunks:
        nonlocal done
        for chunk in contents(member):
            done += len(chunk)
            tell(done)
            yield chunk

    return counted


def _put_on_disk(file: BinaryIO) -> None:
    """On the disk and, where the system knows how, out of memory: so that what is read back comes from the disk."""
    file.flush()
    os.fsync(file.fileno())
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
