"""What the header of a mail says, and a scan for the few fields that are needed of a mail that cannot be read.

The scan works on a bounded piece of the mail, line by line: no mail can make it slow or large.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import mktime_tz, parsedate_tz

from desk.incoming import Incoming
from desk.people import Address
from desk.subjects import base_subject
from mail.addresses import MOST, looks_like_address, read_addresses
from mail.defects import Defects, quoted
from mail.headers import Headers
from mail.threads import LONGEST_SUBJECT, read_thread

SCANNED = 64 * 1024
"""Bytes of a mail that `scan_head` looks at."""

_LONGEST_SCANNED_FIELD = 4_000
_LONGEST_DATE = 100
_YEARS = range(1980, 2101)
"""Years a mail may be from; any other is a broken clock."""

_FARTHEST = 14 * 60
"""Minutes from UTC to the farthest time zone that there is."""

_ZONE = re.compile(r"(?<=\s)(?P<sign>[+-])(?P<hours>[0-9]{2})(?P<minutes>[0-5][0-9])(?=\s|\(|$)")

_SINGLE = ("From", "Subject", "Date", "Message-ID")
"""Fields that stand once in a mail (RFC 5322 3.6)."""

_FIELD = re.compile(r"([!-9;-~]{1,80})[ \t]*:(.*)", re.DOTALL)


def read_head(headers: Headers, raw: bytes, defects: Defects) -> Incoming:
    """All that the header says; text and files are still missing. `raw` is the whole mail."""
    from mail.automatic import asks_for_silence, read_automatic  # noqa: PLC0415 - few read mails outside of their process
    from mail.phishing import suspicions  # noqa: PLC0415 - likewise

    _note_repeated(headers, defects)
    thread = read_thread(headers, raw)
    sender = _sender(headers, defects)
    subject = headers.text("subject")[:LONGEST_SUBJECT]
    reply_to = _people(headers, "Reply-To", defects)
    automatic = read_automatic(headers, sender, reply_to)
    for suspicion in suspicions(sender, reply_to, by_person=automatic is None):
        defects.note(suspicion)
    return Incoming(
        message_id=thread.message_id,
        local_id=thread.is_local,
        parents=thread.parents,
        answers=thread.answers,
        references=thread.references,
        alike_ids=thread.alike,
        tokens=thread.tokens,
        subject_number=thread.subject_number,
        sender=sender,
        reply_to=reply_to,
        to=_people(headers, "To", defects),
        cc=_people(headers, "Cc", defects),
        subject=subject,
        base_subject=base_subject(subject),
        date=_date(headers, defects),
        utc_offset=read_offset(headers.text("date")[:_LONGEST_DATE]),
        automatic=automatic.reason if automatic else None,
        is_doubtful=automatic is not None and automatic.is_doubtful,
        asks_for_silence=asks_for_silence(headers),
        digest=digest(sender, own_date(headers, raw), subject, ""),
    )


def digest(sender: Address, date: str, subject: str, text: str, files: Iterable[str] = ()) -> str:
    """What tells two mails with one Message-ID apart, in 64 hex digits.

    `date` is the field as it stands, or else something that only this mail has; `files` are the sha256 of its files.
    """
    content = "\0".join((sender.key, date, subject, text, *files))
    return hashlib.sha256(content.encode()).hexdigest()


def own_date(headers: Headers, raw: bytes) -> str:
    """The Date field; a mail without one is the same mail only as a copy of exactly its bytes."""
    return headers.text("date") or hashlib.sha256(raw).hexdigest()


def scan_head(raw: bytes, reason: str) -> Incoming:
    """What can be had of a mail that could not be read; `reason` says why, as a sentence."""
    defects = Defects()
    defects.note(reason)
    incoming = read_head(Headers(_fields(raw), defects), raw, defects)
    return replace(incoming, defects=defects.found)


def _fields(raw: bytes) -> Iterator[tuple[str, str]]:
    head = re.split(r"\r?\n\r?\n|\r\r", raw[:SCANNED].decode("ascii", "surrogateescape"), maxsplit=1)[0]
    unfolded = re.sub(r"(?:\r\n|\n|\r)(?=[ \t])", " ", head)
    for line in re.split(r"\r\n|\n|\r", unfolded):
        if field := _FIELD.fullmatch(line[:_LONGEST_SCANNED_FIELD]):
            yield field[1], field[2]


def _note_repeated(headers: Headers, defects: Defects) -> None:
    for name in _SINGLE:
        if (times := len(headers.every(name.lower()))) > 1:
            defects.note(f"this mail has {times} {name} lines; the first one counts")


def _people(headers: Headers, name: str, defects: Defects) -> tuple[Address, ...]:
    people = read_addresses(headers.every(name.lower()), MOST + 1)
    if len(people) > MOST:
        defects.note(f"this mail has more than {MOST} addresses in {name}; the rest was not read")
    return tuple(_unmasked(each) for each in people[:MOST] if each.email)


def _unmasked(person: Address) -> Address:
    """A name that shows another address than the real one is left out: in a list it would be believed."""
    posed = looks_like_address(person.name)
    return Address(person.email) if posed and posed.casefold() != person.key else person


def _sender(headers: Headers, defects: Defects) -> Address:
    senders = read_addresses(headers.every("from")[:1])
    if len(senders) > 1:
        defects.note("this mail names several senders; the first one counts")
    whole_first = sorted(senders, key=lambda each: "@" not in each.email)
    found = next((each for each in whole_first if each.email), None) or _stand_in(headers, defects)
    unmasked = _unmasked(found)
    if unmasked != found:
        defects.note(f"the sender's name looks like another address than theirs: {quoted(found.name)}")
    return unmasked


def _stand_in(headers: Headers, defects: Defects) -> Address:
    """Who else may have sent a mail that has no usable From."""
    others = (*headers.every("sender"), *headers.every("reply-to"), *headers.every("return-path"))
    found = next((each for each in read_addresses(others) if each.email), None)
    why = f"; {quoted(found.email)} was taken from another line" if found else ""
    defects.note(f"this mail does not say who sent it{why}")
    return found or Address("", headers.text("from"))


def _date(headers: Headers, defects: Defects) -> datetime | None:
    text = headers.text("date")[:_LONGEST_DATE]
    date = read_date(text)
    if date is None and text:
        defects.note(f"the date of this mail cannot be right: {quoted(text)}")
    return date


def read_date(text: str) -> datetime | None:
    """A Date field in UTC; None for one that cannot be read or is from another age."""
    try:
        parsed = parsedate_tz(text)
        date = datetime.fromtimestamp(mktime_tz(parsed), UTC) if parsed else None
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None
    return date if date and date.year in _YEARS else None


def read_offset(text: str) -> int | None:
    """How many minutes east of UTC a Date field says it was written; None where it does not (RFC 5322 3.3: -0000)."""
    if (found := _ZONE.search(text)) is None or found[0] == "-0000":
        return None
    minutes = int(found["hours"]) * 60 + int(found["minutes"])
    return (-minutes if found["sign"] == "-" else minutes) if minutes <= _FARTHEST else None
