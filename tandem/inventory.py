"""The files beside a desk's store, as somebody who looks after the desk sees them: which are not as they should be.

What can be had again is: an attached file lies in its mail too, and is taken out of it in the process that reads mails.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from desk.errors import StoreDamaged, StoreUnreachable
from desk.ports import Reader
from storage.blobs import Blobs
from storage.references import Reference
from tandem.progress import Tell

_OFTEN = 20
"""After so many files it is told how far we are."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that is not as it should be, and why, in words."""

    file: Reference
    why: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """All that the store speaks of: how many mails and attached files, and which are not as they should be.

    `inside` are attached files that are in their mails only: these are from before attached files were kept as files,
    or too many for one mail.
    """

    mails: int
    files: int
    broken_mails: tuple[Broken, ...]
    broken_files: tuple[Broken, ...]
    inside: tuple[Reference, ...]


def take_stock(blobs: Blobs, references: Iterable[Reference], tell: Tell) -> Inventory:
    """Read every file that is spoken of, whole."""
    unique: dict[str, Reference] = {}
    for each in references:
        if each.digest not in unique or not each.name:  # as a mail it counts for more
            unique[each.digest] = each
    broken: dict[str, Broken] = {}
    for count, file in enumerate(unique.values()):
        if count % _OFTEN == 0:
            tell("reading the mails", count / len(unique))
        if why := _trouble(blobs, file.digest):
            broken[file.digest] = Broken(file, why)
    mails = [each for each in broken.values() if not each.file.name]
    files = [each for each in broken.values() if each.file.name]
    is_inside = {
        file.digest
        for file in (each.file for each in files)
        if file.mail and file.mail not in broken and not blobs.has(file.digest)
    }
    return Inventory(
        mails=sum(not each.name for each in unique.values()),
        files=sum(each.name != "" for each in unique.values()),
        broken_mails=tuple(mails),
        broken_files=tuple(each for each in files if each.file.digest not in is_inside),
        inside=tuple(each.file for each in files if each.file.digest in is_inside),
    )


def _trouble(blobs: Blobs, digest: str) -> str:
    """What is wrong with a file, as the end of a sentence; nothing if it is whole."""
    try:
        blobs.get(digest)
    except StoreDamaged:
        return "is not what was written" if blobs.has(digest) else "is missing"
    except StoreUnreachable:
        return "cannot be read by you"
    return ""


def take_out(blobs: Blobs, reader: Reader, wanted: Sequence[Reference], tell: Tell) -> set[str]:
    """Take attached files out of their mails; returns the sha256 of those that are files now.

    The others are in a mail that is not whole, or one that does not give them any more.

    Raises:
        StoreUnreachable: no room for them, or the folder may not be written.
    """
    done: set[str] = set()
    by_mail = _by_mail(wanted)
    for count, (mail, digests) in enumerate(by_mail.items()):
        tell("taking files out of mails", count / len(by_mail))
        if not _trouble(blobs, mail):
            read = reader.read(blobs.get(mail))
            files = dict(zip((each.sha256 for each in read.attachments), read.files, strict=False))
            done.update(blobs.put_many([files[each] for each in digests if each in files]))
    return done


def _by_mail(wanted: Sequence[Reference]) -> Mapping[str, list[str]]:
    by_mail: defaultdict[str, list[str]] = defaultdict(list)
    for each in wanted:
        if each.mail:  # a file of a draft is in none yet
            by_mail[each.mail].append(each.digest)
    return by_mail
