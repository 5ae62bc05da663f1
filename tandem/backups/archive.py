"""The file of a backup: a tar of plain files, and nothing but plain files.

    manifest.json     which files follow, in order (tandem/backups/manifest.py)
    desk.db           the ticket store
    config.toml       the settings, without anything secret
    macros/NAME       the desk's own macros
    mail/ab/cdef...   every mail and attached file that the store speaks of, by its sha256
    manifest.sha256   the digest of the first file, and the end

It may be compressed with gzip. Reading believes nothing: a file that is not announced, is not plain, is larger than
announced or holds other bytes ends it, and nothing is ever unpacked by the names in it.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tarfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn, cast

import msgspec

from desk.errors import RefusedError, StoreDamaged
from storage.plain_file import opened
from tandem.backups.manifest import Manifest, Member, no_backup, read_manifest

MANIFEST, SEAL = "manifest.json", "manifest.sha256"
_LARGEST_MANIFEST = 16 << 20
"""Bytes that a manifest may have; more only in a file of which it is a part that makes sense."""

_MANIFEST_SHARE = 4
"""More than what a manifest says of a mail, for each byte that the mail and its digests take at least."""

_BEST_GZIP = 1100
"""More bytes than one compressed byte can ever stand for (RFC 1951: 258 bytes take two bits at least)."""

_BLOCK = 512
_CHUNK = 1 << 20
_GZIP, _SQLITE = b"\x1f\x8b", b"SQLite format 3\0"
_ANOTHER = "choose another backup"
_BROKEN = (EOFError, zlib.error, tarfile.TarError, gzip.BadGzipFile)

Chunks = Iterator[bytes]


class Differs(Exception):
    """A file is not what the manifest says of it; `member` is what it was to be."""

    def __init__(self, member: Member) -> None:
        super().__init__(member.name)
        self.member = member


def write_archive(out: BinaryIO, manifest: Manifest, contents: Callable[[Member], Chunks], *, compress: bool) -> None:
    """Write a whole backup; `contents` gives the bytes of each member.

    Raises:
        Differs: these are not the announced ones.
        OSError: it cannot be written.
    """
    if compress:
        with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=out, mtime=0) as packed:
            _write(cast("BinaryIO", packed), manifest, contents)
    else:
        _write(out, manifest, contents)


def _write(out: BinaryIO, manifest: Manifest, contents: Callable[[Member], Chunks]) -> None:
    moment = int(manifest.made.timestamp())
    out.write(_file(MANIFEST, told := msgspec.json.encode(manifest), moment))
    for member in manifest.members:
        out.write(_header(member.name, member.size, moment))
        out.writelines(_checked(member, contents(member)))
        out.write(_padding(member.size))
    out.write(_file(SEAL, _seal(told), moment) + bytes(2 * _BLOCK))


def _seal(manifest: bytes) -> bytes:
    """As `sha256sum -c` reads it."""
    return f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST}\n".encode()


def _file(name: str, data: bytes, moment: int) -> bytes:
    return _header(name, len(data), moment) + data + _padding(len(data))


def _header(name: str, size: int, moment: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, moment, 0o600
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "strict")


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _checked(member: Member, chunks: Chunks) -> Chunks:
    """The same bytes, as long as they can be the announced ones; raises Differs where they are not."""
    digest, left = hashlib.sha256(), member.size
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            break
        digest.update(chunk)
        yield chunk
    if left or digest.hexdigest() != member.sha256:
        raise Differs(member)


class Archive:
    """A backup that is being read. Its manifest makes sense; whether the rest is whole, reading it tells.

    Every method may raise StoreDamaged, which names the file that is not what it was, and RefusedError.
    """

    def __init__(self, path: Path, file: BinaryIO, schema: int) -> None:
        self.path, self._file = path, file
        self._size = file.seek(0, os.SEEK_END)
        file.seek(0)
        self._packed = self._file.read(len(_GZIP)) == _GZIP
        try:
            told = self._told(self._begun())
        except _BROKEN as error:
            raise no_backup(path) from error
        self._seal = _seal(told)
        self.manifest = read_manifest(told, path, schema)
        self._refuse_absurd(self.manifest)

    def _told(self, stream: BinaryIO) -> bytes:
        """The manifest's bytes."""
        name, size = self._next(stream)
        if name != MANIFEST or not 0 <= size <= max(_LARGEST_MANIFEST, _MANIFEST_SHARE * self._size):
            raise no_backup(self.path)
        return b"".join(self._taken(stream, size))

    def _refuse_absurd(self, manifest: Manifest) -> None:
        if manifest.size > self._size * (_BEST_GZIP if self._packed else 1):
            what = f"it is too small for the {manifest.size} bytes that it announces"
            raise StoreDamaged(f"{self.path} is damaged: {what}", _ANOTHER)

    def contents(self) -> Generator[tuple[Member, Chunks]]:
        """Each member with its bytes, which are read to their end before the next one comes; all of it is checked."""
        with self._explaining(MANIFEST):
            if _seal(self._told(stream := self._begun())) != self._seal:
                raise EOFError
        for member in self.manifest.members:
            chunks = self._content(stream, member)
            yield member, chunks
            for _ in chunks:
                pass
        for _ in self._content(stream, Member(SEAL, len(self._seal), hashlib.sha256(self._seal).hexdigest())):
            pass
        with self._explaining(SEAL):
            self._end(stream)

    def _content(self, stream: BinaryIO, member: Member) -> Chunks:
        with self._explaining(member.name):
            found = self._next(stream)
            if found != (member.name, member.size):
                self._refuse(f"it holds {found[0]!a} where {member.name} was announced")
            yield from _checked(member, self._taken(stream, member.size))

    def examine(self, tell: Callable[[int], None] = lambda _: None) -> None:
        """Read all of it and compare it with the manifest; `tell` is told how many bytes were read so far."""
        seen = 0
        for _, chunks in self.contents():
            for chunk in chunks:
                seen += len(chunk)
                tell(seen)

    def _begun(self) -> BinaryIO:
        self._file.seek(0)
        return cast("BinaryIO", gzip.GzipFile(mode="rb", fileobj=self._file)) if self._packed else self._file

    @contextmanager
    def _explaining(self, where: str) -> Generator[None]:
        try:
            yield
        except Differs as error:
            raise self._damaged(error.member.name) from error
        except _BROKEN as error:
            raise self._damaged(where) from error

    def _damaged(self, where: str) -> StoreDamaged:
        return StoreDamaged(f"{self.path} is damaged: {ascii(where)[1:-1]} is not what was written", _ANOTHER)

    def _refuse(self, what: str) -> NoReturn:
        raise RefusedError(f"{self.path} is no backup that Tandem made: {what}", _ANOTHER)

    def _next(self, stream: BinaryIO) -> tuple[str, int]:
        """The name and size of the next plain file."""
        block = stream.read(_BLOCK)
        if len(block) < _BLOCK or not any(block):
            raise EOFError
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        if info.type != tarfile.REGTYPE:
            self._refuse(f"it holds {info.name!a}, which is no plain file")
        return info.name, info.size

    def _taken(self, stream: BinaryIO, size: int) -> Chunks:
        left = size
        while left:
            chunk = stream.read(min(left, _CHUNK))
            if not chunk:
                raise EOFError
            left -= len(chunk)
            yield chunk
        if any(stream.read(-size % _BLOCK)):
            raise EOFError

    def _end(self, stream: BinaryIO) -> None:
        """Nothing but zeros may follow, and no more of them than tar programs put there."""
        rest = stream.read(_CHUNK)
        if len(rest) < 2 * _BLOCK:
            raise EOFError
        if any(rest) or stream.read(1):
            self._refuse("it goes on behind its end")


@contextmanager
def open_archive(path: Path, schema: int) -> Generator[Archive]:
    """The backup in a file, for a program that knows this schema.

    Raises:
        RefusedError: there is no such file, it may not be read, or it is no backup.
        StoreTooNew: a newer Tandem made it.
        StoreDamaged: its beginning is.
    """
    with opened(path) as file:
        yield Archive(path, file, schema)


def is_bare_store(path: Path) -> bool:
    """Whether a file is a ticket store by itself, as it is kept before an upgrade.

    Raises:
        RefusedError: it cannot be read.
    """
    with opened(path) as file:
        return file.read(len(_SQLITE)) == _SQLITE
