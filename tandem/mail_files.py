"""Mails in files, as other programs keep them: mbox files, Maildirs, single mails and folders of such.

Only plain files are read: nothing here waits for a pipe or a device, and links in folders are not followed.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from mail.maildir import delivered, is_maildir, mail_files
from mail.unboxing import LARGEST, unboxed

_SNIFFED = 4096
_HEAD = re.compile(rb"[!-9;-~]{1,80}[ \t]*:")
_PACKED = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x03\x04": "zip",
    b"7z\xbc\xaf": "7z",
}
_SUFFIX = ".eml"
_BOM = b"\xef\xbb\xbf"
_TOO_LARGE = f"is larger than {LARGEST // 1_000_000} MB"
_EMPTY = "is empty"
_NOT_PLAIN = "is no plain file"


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail in a file. `told` is when it came, as the file says (UTC); `share` how much of all lies before it."""

    raw: bytes
    told: datetime | None
    share: float


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, or a mail in one, that cannot be had, and why."""

    where: str
    why: str


def mails_at(path: Path) -> Iterator[Kept | Unreadable]:
    """Every mail of a path that a person named, in the order in which they are kept there."""
    try:
        if path.is_dir():
            yield from _in_folder(path)
        else:
            with _opened(path) as file:
                yield from _in(path, file)
    except OSError as error:
        yield Unreadable(str(path), _said(error))


def _in_folder(folder: Path) -> Iterator[Kept | Unreadable]:
    if is_maildir(folder):
        yield from _each(mail_files(folder), in_maildir=True)
    elif files := sorted(each for each in folder.iterdir() if _is_named_a_mail(each)):
        yield from _each(files, in_maildir=False)
    else:
        yield Unreadable(
            str(folder), "holds no mails: name a Maildir (with cur and new in it) or a folder of .eml files"
        )


def _each(files: Sequence[Path], *, in_maildir: bool) -> Iterator[Kept | Unreadable]:
    for index, path in enumerate(files):
        share = index / len(files)
        try:
            with _opened(path, os.O_NOFOLLOW) as file:
                if in_maildir:
                    yield _whole(path, file, delivered(path.name, os.fstat(file.fileno()).st_mtime), share)
                else:
                    yield from (
                        replace(each, share=share) if isinstance(each, Kept) else each for each in _in(path, file)
                    )
        except OSError as error:
            yield Unreadable(str(path), _said(error))


def _in(path: Path, file: BinaryIO) -> Iterator[Kept | Unreadable]:
    """The mails of one file: an mbox, or a single mail."""
    begin = file.read(_SNIFFED)
    blank = len(begin) - len(begin.removeprefix(_BOM).lstrip(b"\r\n"))
    file.seek(blank)
    begin = begin[blank:]
    if packed := _packed(begin):
        yield _compressed(path, packed)
    elif begin.startswith(b"From ") and b"\r" in begin and b"\n" not in begin:
        yield Unreadable(str(path), "has lines that end with CR alone: write it with LF or CR LF first")
    elif begin.startswith(b"From "):
        yield from _boxed(path, file)
    elif _HEAD.match(begin):
        yield _whole(path, file, None, 0.0)
    elif begin:
        yield Unreadable(str(path), "is neither an mbox file nor a mail")
    elif _is_named_a_mail(path):
        yield Unreadable(str(path), _EMPTY)


def _is_named_a_mail(path: Path) -> bool:
    return path.suffix.lower() == _SUFFIX


def _boxed(path: Path, file: BinaryIO) -> Iterator[Kept | Unreadable]:
    size = os.fstat(file.fileno()).st_size
    for each in unboxed(file):
        if each.raw is None:
            yield Unreadable(f"{path}, the mail at byte {each.at}", _TOO_LARGE)
        elif not each.raw:
            yield Unreadable(f"{path}, the mail at byte {each.at}", _EMPTY)
        else:
            yield Kept(each.raw, each.received, each.at / size)


def _whole(path: Path, file: BinaryIO, told: datetime | None, share: float) -> Kept | Unreadable:
    raw = file.read(LARGEST + 1)
    if packed := _packed(raw):
        return _compressed(path, packed)
    if not raw:
        return Unreadable(str(path), _EMPTY)
    return Kept(raw, told, share) if len(raw) <= LARGEST else Unreadable(str(path), _TOO_LARGE)


def _compressed(path: Path, how: str) -> Unreadable:
    """A file that is compressed, which is left to those who can."""
    return Unreadable(str(path), f"is compressed ({how}): unpack it first")


def _packed(begin: bytes) -> str:
    return next((name for magic, name in _PACKED.items() if begin.startswith(magic)), "")


@contextmanager
def _opened(path: Path, flags: int = 0) -> Generator[BinaryIO]:
    """A plain file to read; whatever else has that name is not waited for.

    Raises:
        OSError: it cannot be read.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, _NOT_PLAIN)
    with os.fdopen(descriptor, "rb") as file:
        yield file


def _said(error: OSError) -> str:
    match error.errno:
        case errno.ELOOP:
            return "is a link, and links in a folder are not followed"
        case errno.ENXIO:
            return _NOT_PLAIN
        case _ if error.strerror == _NOT_PLAIN:
            return _NOT_PLAIN
        case _:
            return f"cannot be read: {(error.strerror or str(error)).lower()}"
