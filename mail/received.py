"""When a mail reached its mailbox, as far as it tells itself."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from mail.heads import SCANNED, read_date, scan_head

_RECEIVED = re.compile(rb"^received[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_LONGEST = 4_000
_LATE = timedelta(days=1)
"""So much later than its own server said a mail cannot have come: what says so is when it was copied."""


def received(raw: bytes, told: datetime | None, now: datetime) -> datetime:
    """When a mail came, in UTC and never after `now`: as whoever kept it `told`, else by its newest Received line.

    A mail without either came when it was written. Programs that write all their mails into one file at once may tell
    the moment at which they did: then Received is right (RFC 5321 4.4).
    """
    stamped = _stamped(raw)
    if told and stamped and told - stamped > _LATE:
        told = None
    at = told or stamped or scan_head(raw[:SCANNED], "").date or now
    return min(at, now)


def _stamped(raw: bytes) -> datetime | None:
    """What the newest Received line says: each server puts its own above the others."""
    head = re.split(rb"\r?\n\r?\n", raw[:SCANNED], maxsplit=1)[0]
    found = _RECEIVED.search(head)
    if found is None:
        return None
    stamp = found[1][:_LONGEST].decode("ascii", "replace").rpartition(";")[2]
    return read_date(" ".join(stamp.split())[:100])
