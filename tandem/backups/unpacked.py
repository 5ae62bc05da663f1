"""A backup laid open in a folder of our own and looked at whole, before anything of a desk is touched."""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from desk.errors import RefusedError, StorageError
from desk.expression import EVERYTHING
from desk.unsent import make_uncertain
from storage.blobs import Blobs
from storage.plain_file import opened
from storage.schema import SCHEMA
from storage.shared import open_shared
from storage.sqlite.copies import take
from tandem.backups.archive import Archive, Chunks, is_bare_store, open_archive
from tandem.backups.manifest import CONFIG, STORE
from tandem.backups.parcel import Files
from tandem.backups.soundness import make_sound
from tandem.new_desk import bare_desk
from tandem.progress import Tell

_COPIES = 4
"""How often a store is on the disk while it takes another's place: laid open, made ready, in the log, in the place."""

_CHUNK = 1 << 20
_ANOTHER = "choose another backup"
_BATCH_BYTES, _BATCH_FILES = 8_000_000, 100


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a backup holds. `store` is its store in a file of our own, ready to take the place of a desk's.

    `texts` are macros and settings by name; `files` are all mails and attached files that the store speaks of;
    `uncertain` is how many mails in it may have left since. `archive` is None for a store that came alone.
    """

    made: datetime
    store: Path
    texts: Mapping[str, bytes]
    tickets: int
    files: Files
    uncertain: int
    archive: Archive | None

    def add_files(self, blobs: Blobs, tell: Tell) -> int:
        """Put mails and attached files among those of a desk, of which none goes; returns how many are new there.

        Those that the store does not speak of are left out.

        Raises:
            RefusedError, StoreDamaged: the backup is not what it was a moment ago.
            StoreUnreachable: one cannot be written.
        """
        added, batch, wanted = 0, list[bytes](), frozenset(self.files.all)
        for done, (digest, chunks) in enumerate(self._blobs(), 1):
            if digest not in wanted:
                continue
            added += not blobs.has(digest)
            batch.append(b"".join(chunks))
            if len(batch) == _BATCH_FILES or sum(map(len, batch)) > _BATCH_BYTES:
                blobs.put_many(batch)
                batch.clear()
                tell("adding mails and files", done / max(len(self.files.all), 1))
        blobs.put_many(batch)
        return added

    def _blobs(self) -> Generator[tuple[str, Chunks]]:
        for member, chunks in self.archive.contents() if self.archive else ():
            if member.is_blob:
                yield member.sha256, chunks


@contextmanager
def unpacked(source: Path, folder: Path, tell: Tell) -> Generator[Unpacked]:
    """A whole backup, or a store that was kept alone, read and checked; its store is laid open in this folder.

    Raises:
        RefusedError: this is no backup, or there is no room for it.
        StoreDamaged, StoreTooNew: it cannot be used; says what of it.
    """
    if is_bare_store(source):
        yield _alone(source, folder)
        return
    with open_archive(source, SCHEMA.version) as archive:
        texts = _laid_open(archive, folder, tell)
        tickets, files, uncertain = _made_ready(folder / STORE, source, archive.manifest.made)
        yield Unpacked(archive.manifest.made, folder / STORE, texts, tickets, files, uncertain, archive)


def _alone(source: Path, folder: Path) -> Unpacked:
    with opened(source) as file:
        found = os.fstat(file.fileno())
        logs = [source.with_name(f"{source.name}{suffix}") for suffix in ("-wal", "-journal")]
        unfinished = sum(each.stat().st_size for each in logs if each.exists())
        _refuse_no_room(folder, found.st_size + unfinished, 0)
        if not unfinished:
            _write(folder / STORE, iter(lambda: file.read(_CHUNK), b""))
    if unfinished:  # a store that somebody works on is more than its file
        take(source, folder / STORE, SCHEMA.version)
    made = datetime.fromtimestamp(found.st_mtime, UTC).replace(microsecond=0)
    tickets, files, uncertain = _made_ready(folder / STORE, source, made)
    return Unpacked(made, folder / STORE, {}, tickets, files, uncertain, None)


def _laid_open(archive: Archive, folder: Path, tell: Tell) -> dict[str, bytes]:
    """Read everything; the store is in the folder then. Returns macros and settings."""
    total = archive.manifest.size
    store = sum(each.size for each in archive.manifest.members if each.name == STORE)
    _refuse_no_room(folder, store, total - store)
    texts, seen = dict[str, bytes](), 0
    for member, chunks in archive.contents():
        if member.name == STORE:
            _write(folder / STORE, chunks)
        elif not member.is_blob:
            texts[member.name] = b"".join(chunks)
        seen += member.size
        tell("reading the backup", seen / max(total, 1))
    _refuse_odd_settings(texts.get(CONFIG, b""), archive.path)
    return texts


def _refuse_odd_settings(data: bytes, source: Path) -> None:
    try:
        tomllib.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"{source} is no backup that Tandem made: its settings are no TOML", _ANOTHER) from error


def _refuse_no_room(folder: Path, store: int, rest: int) -> None:
    needed, free = _COPIES * store + rest, shutil.disk_usage(folder).free
    if needed > free:
        what = f"there is no room to restore it: {needed} bytes are needed in {folder.parent} and {free} are free"
        raise RefusedError(what, "make room on the disk")


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    try:
        with path.open("xb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise RefusedError(f"there is no room to restore it: {error.strerror}", "make room on the disk") from error


def _made_ready(store: Path, source: Path, made: datetime) -> tuple[int, Files, int]:
    """Look at all of a store, and make uncertain what it would send; returns tickets, files, uncertain mails."""
    why = f"restored from a backup of {made:%Y-%m-%d %H:%M} UTC, after which this mail may have been sent"
    try:
        with closing(open_shared(store)) as shared:
            make_sound(shared)
            uncertain = make_uncertain(bare_desk(shared, store.parent), why)
            return shared.tickets.count(EVERYTHING), Files.of(shared), uncertain
    except StorageError as error:
        message = error.message.replace(str(store), f"{STORE} in {source}")
        message = message if str(source) in message else f"{STORE} in {source}: {message}"
        raise error.reworded(message, _ANOTHER) from error
