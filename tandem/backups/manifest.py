"""What stands first in a backup: which files follow, how large they are, and how to know that they are whole.

Whoever brings a backup may have made it themselves, so a manifest is believed only as far as it makes sense.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from desk.errors import RefusedError, StoreTooNew

FORMAT = 1
"""The version of the format that tandem/backups/archive.py describes."""

STORE, CONFIG, MACROS = "desk.db", "config.toml", "macros/"
LARGEST_TEXT = 1 << 20
"""Bytes that a macro or the settings may have; both are short texts."""

LARGEST_TEXTS = 50 << 20
"""Bytes that all macros and the settings may have together."""

LARGEST_BLOB = 1 << 30
"""Bytes that a mail or an attached file may have."""

_LONGEST_NAME = 100
"""Bytes: what a tar's header holds without extensions."""

_BLOB = re.compile(r"mail/([0-9a-f]{2})/([0-9a-f]{62})")
_MACRO = re.compile(r"macros/[^./\x00-\x1f\x7f][^/\x00-\x1f\x7f]*")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Member(msgspec.Struct, frozen=True):
    """One file of a backup; its size is in bytes."""

    name: str
    size: int
    sha256: str

    @property
    def is_blob(self) -> bool:
        """Whether it is the bytes of a mail or an attached file."""
        return _BLOB.fullmatch(self.name) is not None


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds, in this order.

    `made` is when its store was copied; `missing` are the sha256 of mails that were not there, and of mails and
    attached files that were not whole: an attached file that is not there lies in its mail.
    """

    format: Literal["tandem-backup"] = "tandem-backup"
    version: int = FORMAT
    tandem: str
    schema: int
    made: datetime
    missing: tuple[str, ...] = ()
    members: tuple[Member, ...]

    @property
    def size(self) -> int:
        """The bytes of all members together."""
        return sum(each.size for each in self.members)


class _Head(msgspec.Struct):
    """What every version of the format begins with."""

    format: Literal["tandem-backup"]
    version: int
    tandem: str = "?"


def blob_member(sha256: str, size: int) -> Member:
    """A mail or an attached file in a backup."""
    return Member(f"mail/{sha256[:2]}/{sha256[2:]}", size, sha256)


def may_be_called(name: str) -> bool:
    """Whether a backup can hold a file of this name."""
    return _limit(name) > 0


def _limit(name: str) -> int:
    """How many bytes a member of this name may have; 0 where nothing may be called so."""
    if len(name.encode("utf-8", "surrogatepass")) > _LONGEST_NAME or not _is_text(name):
        return 0
    if name == STORE:
        return 1 << 62
    if name == CONFIG or _MACRO.fullmatch(name):
        return LARGEST_TEXT
    return LARGEST_BLOB if _BLOB.fullmatch(name) else 0


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_manifest(data: bytes, path: Path, schema: int) -> Manifest:
    """The manifest of the backup in `path`, for a program that knows this schema.

    Raises:
        RefusedError: this is none, or none that Tandem would write.
        StoreTooNew: a newer Tandem made the backup.
    """
    try:
        head = msgspec.json.decode(data, type=_Head)
        if head.version > FORMAT:
            raise _too_new(path, head.tandem)
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise no_backup(path) from error
    if manifest.schema > schema:
        raise _too_new(path, manifest.tandem)
    if wrong := _wrong(manifest.members) or ("" if manifest.made.tzinfo else "its time has no zone"):
        raise RefusedError(f"{path} is no backup that Tandem made: {wrong}", "choose another file")
    return manifest


def no_backup(path: Path) -> RefusedError:
    """What is said of a file that is something else."""
    return RefusedError(f"{path} is no backup that Tandem made, or damaged at its beginning", "choose another file")


def _too_new(path: Path, version: str) -> StoreTooNew:
    return StoreTooNew(f"{path} was made by a newer Tandem ({version[:40]})", "install that version, then try again")


def _wrong(members: Iterable[Member]) -> str:
    """What makes no sense about these files; "" when all is well."""
    seen, texts = set[str](), 0
    for each in members:
        name = ascii(each.name[:_LONGEST_NAME])
        if not _limit(each.name):
            return f"it holds a file {name}"
        if each.name in seen:
            return f"it holds {name} twice"
        if not 0 <= each.size <= _limit(each.name):
            return f"{name} cannot have {each.size} bytes"
        if not _DIGEST.fullmatch(each.sha256) or (each.is_blob and each.name.replace("/", "") != f"mail{each.sha256}"):
            return f"{name} has an impossible sha256"
        seen.add(each.name)
        texts += 0 if each.is_blob or each.name == STORE else each.size
    if texts > LARGEST_TEXTS:
        return f"its macros have {texts} bytes"
    return "" if STORE in seen else f"it holds no {STORE}"
