"""What of a desk goes into a backup: its store as it was copied, mails and attached files, macros, and settings."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from stat import S_ISREG

from desk.errors import StoreDamaged
from storage.blobs import Blobs
from storage.schema import SCHEMA
from storage.shared import SharedStore
from tandem.backups.archive import Chunks, Differs
from tandem.backups.manifest import (
    CONFIG,
    LARGEST_TEXT,
    LARGEST_TEXTS,
    MACROS,
    STORE,
    Manifest,
    Member,
    blob_member,
    may_be_called,
)
from tandem.backups.settings import without_secrets
from tandem.paths import Home

_CHUNK = 1 << 20
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK


@dataclass(frozen=True, slots=True)
class Files:
    """What a store speaks of in the folder of mails, by sha256, each once."""

    mails: tuple[str, ...]
    attached: tuple[str, ...]

    @classmethod
    def of(cls, store: SharedStore) -> Files:
        """The mails and attached files of this store."""
        mails = store.mails()
        attached = {each.digest for each in store.references()}.difference(mails)
        return cls(tuple(mails), tuple(sorted(attached)))

    @property
    def all(self) -> tuple[str, ...]:
        """Mails first."""
        return self.mails + self.attached


@dataclass(frozen=True, slots=True)
class Parcel:
    """A desk's belongings for one backup.

    `texts` are macros and settings by the names they have there, `sizes` those of mails and attached files by sha256;
    `left_out` says what is not taken along, and why; `missing` are the files that the store speaks of and that are not
    there, or not whole.
    """

    home: Home
    copy: Path
    made: datetime
    texts: Mapping[str, bytes]
    sizes: Mapping[str, int]
    left_out: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @classmethod
    def of(cls, home: Home, copy: Path, made: datetime, spoken_of: Files) -> Parcel:
        """The belongings of a desk whose store was copied at the moment `made` and speaks of these files."""
        left_out: list[str] = []
        texts = {**_settings(home, left_out), **_macros(home.macros, left_out)}
        sizes, missing, blobs = dict[str, int](), list[str](), Blobs(home.mail)
        mails = frozenset(spoken_of.mails)
        for digest in spoken_of.all:
            try:
                sizes[digest] = blobs.path(digest).stat().st_size
            except FileNotFoundError:
                if digest in mails:  # an attached file lies in its mail too, and some only there
                    missing.append(digest)
        return cls(home, copy, made, texts, sizes, tuple(left_out), tuple(missing))

    def without_broken(self) -> Parcel:
        """The same without the files that are not what they were."""
        broken = [digest for digest in self.sizes if not self._is_whole(digest)]
        sizes = {digest: size for digest, size in self.sizes.items() if digest not in broken}
        return replace(self, sizes=sizes, missing=(*self.missing, *broken))

    def _is_whole(self, digest: str) -> bool:
        try:
            return len(Blobs(self.home.mail).get(digest)) == self.sizes[digest]
        except StoreDamaged:
            return False

    def manifest(self) -> Manifest:
        """What stands first in the backup."""
        with self.copy.open("rb") as file:
            store = Member(STORE, self.copy.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
        texts = [Member(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in self.texts.items()]
        return Manifest(
            tandem=version("tandem-inbox"),
            schema=SCHEMA.version,
            made=self.made,
            missing=self.missing,
            members=(store, *texts, *(blob_member(digest, size) for digest, size in self.sizes.items())),
        )

    def contents(self, member: Member) -> Chunks:
        """The bytes of one member.

        Raises:
            Differs: it is a mail, or a file of one, that is not whole any more.
        """
        if member.name == STORE:
            return _chunks(self.copy)
        return self._blob(member) if member.is_blob else iter([self.texts[member.name]])

    def _blob(self, member: Member) -> Chunks:
        try:
            yield Blobs(self.home.mail).get(member.sha256)
        except StoreDamaged as error:
            raise Differs(member) from error

    @property
    def macros(self) -> int:
        """How many macros are in it."""
        return sum(name.startswith(MACROS) for name in self.texts)

    def count(self, digests: Iterable[str]) -> int:
        """How many of these files are in it."""
        return sum(each in self.sizes for each in digests)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _settings(home: Home, left_out: list[str]) -> dict[str, bytes]:
    if not os.path.lexists(home.config):
        return {}
    data = _plain_file(home.config, flags=_READ)
    try:
        made = without_secrets("=" if data is None else data.decode(), home)
    except ValueError:
        left_out.append(f"{CONFIG}: it cannot be read as settings, so nobody can say what is secret in it")
        return {}
    left_out.extend(f"the setting {name}: it may be a password" for name in made.left_out)
    return {CONFIG: made.text.encode()}


def _macros(folder: Path, left_out: list[str]) -> dict[str, bytes]:
    """The plain files in the desk's macros; nothing is followed out of it, and hidden files are no macros."""
    if folder.is_symlink():
        left_out.append("macros: it is a link to another place")
        return {}
    found: dict[str, bytes] = {}
    for name in _names(folder):
        data = _plain_file(folder / name, flags=_READ | os.O_NOFOLLOW)
        if data is None:
            left_out.append(f"{MACROS}{name}: it is no plain file that can be read")
        elif len(data) > LARGEST_TEXT or not may_be_called(MACROS + name):
            left_out.append(f"{MACROS}{name}: it, or its name, is too long for a macro")
        elif sum(map(len, found.values())) + len(data) > LARGEST_TEXTS - LARGEST_TEXT:  # which the settings may need
            left_out.append(f"{MACROS}{name}: there are too many macros")
        else:
            found[MACROS + name] = data
    return found


def _names(folder: Path) -> Sequence[str]:
    try:
        return sorted(each.name for each in folder.iterdir() if not each.name.startswith("."))
    except FileNotFoundError:
        return ()


def _plain_file(path: Path, flags: int) -> bytes | None:
    """Its bytes, or one more than a text may have; None when it cannot be read or is a folder, a pipe, a device."""
    try:
        descriptor = os.open(path, flags)
    except OSError:
        return None
    try:
        is_plain = S_ISREG(os.fstat(descriptor).st_mode)
        return os.read(descriptor, LARGEST_TEXT + 1) if is_plain else None
    finally:
        os.close(descriptor)
