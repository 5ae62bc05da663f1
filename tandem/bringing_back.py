"""A mail's bytes that are missing or damaged on this disk, fetched again from where the mail lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256

from desk.conversation import EntryId, Message
from desk.desk import Desk
from desk.errors import RefusedError, StoreDamaged
from desk.incoming import Place
from mail.loading import HEAD
from tandem.loading import fetched
from tandem.wiring import Office


def bring_back(office: Office, entry: EntryId) -> bool:
    """Put the bytes of a message in their places again, where a mail server has the very same; False: none were lost.

    Raises:
        MailError: no mail server has them any more.
        RefusedError: they were erased meanwhile.
        TandemError: it cannot be reached, or the disk cannot be used, in words.
    """
    lost = _lost(office.desk, entry)
    for digest, places in lost.items():
        raw = fetched(office, places, partial(_is_of, digest))
        office.desk.blobs.put(_digests(raw)[digest])
        if office.desk.blobs.remove([digest], office.desk.store.digests):
            raise RefusedError(f"message {entry} was erased")
    return bool(lost)


def _lost(desk: Desk, entry: EntryId) -> Mapping[str, Sequence[Place]]:
    """The sha256 of each copy of the mail that is not whole here, and where it may lie.

    First where it was taken in, the newest place first, then all the others: since the server numbered its mails anew,
    or the mail was moved, or only its beginning was fetched there, the ledger may speak of other bytes at its place.
    """
    message = desk.store.conversations.get(entry)
    places = desk.store.ledger.places(entry)
    lost: defaultdict[str, list[Place]] = defaultdict(list)
    for place in places:
        row = desk.store.ledger.row(place)
        if row and row.raw and not _is_whole(desk, row.raw):
            lost[row.raw].append(place)
    if isinstance(message, Message) and message.raw and not _is_whole(desk, message.raw):
        lost[message.raw] += []
    return {digest: [*known, *(each for each in places if each not in known)] for digest, known in lost.items()}


def _is_whole(desk: Desk, digest: str) -> bool:
    try:
        desk.blobs.get(digest)
    except StoreDamaged:
        return False
    return True


def _is_of(digest: str, raw: bytes) -> bool:
    return digest in _digests(raw)


def _digests(raw: bytes) -> Mapping[str, bytes]:
    """What may be kept of a mail, by its sha256: all of it, or its beginning."""
    return {sha256(each).hexdigest(): each for each in (raw, raw[:HEAD])}
