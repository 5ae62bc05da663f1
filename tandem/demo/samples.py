"""The sample mails of `tandem/demo/mails`, moved in time as if they had arrived over the last days.

Only the `Date:` line of a mail changes; all other bytes stay as a mail server would hand them out. What each mail is
for stands in the README beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

FOLDER = Path(__file__).with_name("mails")
FRESHNESS = timedelta(minutes=4)
"""How long before `now` the newest mail was written."""
TRANSIT = timedelta(seconds=3)
"""How long a mail travels."""
TICK = timedelta(seconds=1)
"""The least time between two arrivals."""

HEAD_WITH_DATE = re.compile(rb"\A((?:[^\r\n]+\r?\n)*?Date: )([^\r\n]+)")
"""The header block up to its date, and the date."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail: its file's name without `.eml`, its bytes, and when the mail server took it (aware)."""

    name: str
    raw: bytes
    received: datetime


def samples(now: datetime) -> list[Sample]:
    """All sample mails in the order of their arrival, which is that of their names.

    The newest was written a few minutes before `now` (aware), and the gaps are as in the files. A mail without
    a date, or with one that cannot be read, stays as it is and arrives just after the mail before it.
    """
    mails = [(path.stem, path.read_bytes()) for path in sorted(FOLDER.glob("*.eml"))]
    newest = max(written for _, raw in mails if (written := _written(raw)))
    shift = now.replace(microsecond=0) - FRESHNESS - newest
    arrival = datetime.min.replace(tzinfo=UTC)
    found: list[Sample] = []
    for name, raw in mails:
        written = _written(raw)
        arrival = max(arrival + TICK, written + shift + TRANSIT) if written else arrival + TICK
        found.append(Sample(name, _dated(raw, written + shift) if written else raw, arrival))
    return found


def _written(raw: bytes) -> datetime | None:
    """What the header says, where it can be read."""
    date = HEAD_WITH_DATE.match(raw)
    try:
        return parsedate_to_datetime(date[2].decode("ascii")) if date else None
    except ValueError:
        return None


def _dated(raw: bytes, written: datetime) -> bytes:
    """The same mail with another date."""
    return HEAD_WITH_DATE.sub(rb"\g<1>" + format_datetime(written).encode(), raw)
