"""Mail of customers who were erased, come again: it is known by keyed digests that hold nothing of it.

The digests are HMAC-SHA256 (RFC 2104) under the desk's own key, so that nobody who has them can try addresses or texts.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256

from desk.conversation import Direction, Message
from desk.desk import Desk
from desk.erasure import Erasure
from desk.errors import RefusedError
from desk.incoming import Fetched, Incoming
from desk.people import Address
from desk.subjects import base_subject

_LOCAL_ID = "@tandem.invalid>"
_DATE = re.compile(rb"^Date[ \t]*:(.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)

_OWN_ID = re.compile(rb"^Message-ID[ \t]*:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)


def is_erased(desk: Desk, mail: Fetched, read: Incoming, raw: str) -> bool:
    """Whether this mail was erased before and must not come back. `raw` is the sha256 of its bytes.

    It is the same mail when its bytes are, or when Message-ID (if it has one), sender, date, subject, text and files
    are; or without text and files, for a list adds to these, and may name the sender in Reply-To or Cc alone. A copy
    of a mail of our own, to which servers add what they like, is known by its Message-ID, but only from ourselves: else
    whoever got our mail could keep another one from coming in. One that stood on no ticket is known by its date and
    what stands below its head.
    """
    if not desk.store.tombstones.any():
        return False
    over_list = (*read.reply_to, *read.cc) if read.is_doubtful else ()
    known = [_of_bytes(raw), _of_read(read), *_of_versions(read, (read.sender, *over_list)), _of_letter(mail.raw)]
    if desk.settings.is_own(read.sender):
        known.append(_of_own(read.message_id))
    return desk.store.tombstones.has(_keyed(desk, known))


def remains(desk: Desk, read: Incoming) -> Message | None:
    """What is left on a ticket of somebody else's mail out of which a customer was erased, when it comes again."""
    held = [] if read.local_id else desk.store.conversations.with_message_id(read.message_id)
    return next((each for each in held if each.redacted and each.sender.key == read.sender.key), None)


def discard(desk: Desk, mails: Iterable[tuple[Incoming, str]]) -> None:
    """Remove the files of mails that came again after they were erased; `mails` as read, with their bytes' sha256.

    To be called when the ledger speaks of them, outside of a transaction.
    """
    digests = [digest for read, raw in mails for digest in (raw, *(each.sha256 for each in read.attachments))]
    if digests:
        desk.blobs.remove(digests, desk.store.digests)


@contextmanager
def discarded_if_refused(desk: Desk, read: Incoming, raw: str) -> Generator[None]:
    """Remove a mail's files, which are on disk already, when its message was erased before they could stand on it."""
    try:
        yield
    except RefusedError:
        discard(desk, [(read, raw)])
        raise


def tombstones_of(desk: Desk, message: Message) -> list[str]:
    """What a mail that is being erased will be known by."""
    message_id = "" if message.message_id.endswith(_LOCAL_ID) else message.message_id
    known = [_of_bytes(message.raw), _of_mail(message_id, message.digest)]
    known += _of_versions(message, (message.sender, *message.reply_to))
    if message.direction is Direction.OUT:
        known.append(_of_own(message.message_id))
    return _keyed(desk, known)


def tombstones_of_incoming(desk: Desk, read: Incoming, raw: str) -> list[str]:
    """What a parked mail that is being erased will be known by."""
    return _keyed(desk, [_of_bytes(raw), _of_read(read), *_of_versions(read, (read.sender, *read.reply_to))])


def tombstones_of_bytes(desk: Desk, raws: Iterable[str]) -> list[str]:
    """What mails of these sha256 will be known by."""
    return _keyed(desk, map(_of_bytes, raws))


def tombstones_of_loose(desk: Desk, letters: Iterable[tuple[str, bytes]]) -> list[str]:
    """What mails of ours that stand on no ticket will be known by; each with the sha256 of its bytes."""
    return _keyed(desk, (each for raw, data in letters for each in (_of_bytes(raw), _of_letter(data), *_own_ids(data))))


def person_digests(desk: Desk, keys: Iterable[str]) -> tuple[str, ...]:
    """What is kept of the addresses of somebody who was erased."""
    return tuple(_keyed(desk, map(_of_person, sorted(keys))))


def returned(desk: Desk) -> list[str]:
    """The addresses of people who were erased and whose mails from before are there: a backup brought them back."""
    erased: dict[str, Erasure] = {}
    for each in desk.store.erasures.all():
        erased |= dict.fromkeys(each.people, each)
    if not erased:
        return []
    oldest: dict[str, int] = {}
    for contact in desk.store.customers.contacts():
        key = contact.person.key
        oldest[key] = min(contact.entry, oldest.get(key, contact.entry))
    kept_back: dict[str, datetime] = {}
    for parked in desk.store.parked.all():  # newest first
        kept_back |= dict.fromkeys((each.key for each in _people(parked.read)), parked.at)
    people = {*oldest, *kept_back}
    digests = dict(zip(people, _keyed(desk, map(_of_person, people)), strict=True))
    there = {key: erased[digest] for key, digest in digests.items() if digest in erased}
    return sorted(
        key
        for key, last in there.items()
        if (key in oldest and oldest[key] <= last.upto) or (key in kept_back and kept_back[key] <= last.at)
    )


def _people(read: Incoming) -> tuple[Address, ...]:
    return (read.sender, *read.to, *read.cc, *read.reply_to)


def _of_person(key: str) -> str:
    return f"person:{key}"


def _of_bytes(raw: str) -> str:
    return f"bytes:{raw}" if raw else ""


def _of_read(read: Incoming) -> str:
    return _of_mail("" if read.local_id else read.message_id, read.digest)


def _of_mail(message_id: str, digest: str) -> str:
    """A mail that came without an id has none here: the one that stands in for it differs in each copy."""
    return f"mail:{message_id}\n{digest}" if digest else ""


def _of_versions(mail: Incoming | Message, people: Iterable[Address]) -> list[str]:
    """A mail in whichever words it comes: by one of these people, under one id, of one moment and subject."""
    if mail.date is None or not mail.message_id or mail.message_id.endswith(_LOCAL_ID):
        return []
    moment = mail.date.astimezone(UTC).isoformat()
    about = f"{mail.message_id}\n{moment}\n{base_subject(mail.subject)}"
    return [f"version:{about}\n{each}" for each in dict.fromkeys(each.key for each in people) if each]


def _of_letter(data: bytes) -> str:
    """What no server changes when it hands a mail on: its date, and what is below its head, whatever ends the lines."""
    head, _, body = data.replace(b"\r\n", b"\n").partition(b"\n\n")
    date = _DATE.search(head)
    text = body.strip()
    return f"letter:{sha256(b' '.join(date[1].split()) + text).hexdigest()}" if date and text else ""


def _own_ids(data: bytes) -> list[str]:
    found = _OWN_ID.search(data.replace(b"\r\n", b"\n").partition(b"\n\n")[0])
    return [_of_own(found[1].decode("ascii", "replace"))] if found else []


def _of_own(message_id: str) -> str:
    return f"own:{message_id}" if message_id else ""


def _keyed(desk: Desk, known: Iterable[str]) -> list[str]:
    key = desk.store.secret()
    return [hmac.digest(key, each.encode("utf-8", "surrogatepass"), "sha256").hex() for each in known if each]
