"""What a mail server gives of its folders, and how much of it is asked for at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

LARGEST = 35_000_000
"""Bytes of a mail that is fetched whole; of a larger one, only the first `HEAD` bytes are."""

HEAD = 65_536
PIECE = 1_000_000
"""Bytes that a mail too large to be fetched whole is loaded by."""

BATCH_BYTES = 8_000_000
BATCH_MAILS = 50
ASKED_AT_ONCE = 500
"""Mails whose sizes are asked for in one command."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A folder as it was when it was opened: its UIDs mean nothing under another `uidvalidity`."""

    uidvalidity: int
    uidnext: int
    exists: int = 0
    highestmodseq: int | None = None
    """Grows with every change in the folder (RFC 7162); None where the server does not count them."""


@dataclass(frozen=True, slots=True)
class Info:
    """A mail's size in bytes, and when the server received it, in UTC."""

    size: int
    received: datetime
    gmail_id: str = ""
    """Gmail's own id of the mail, the same under every label; empty elsewhere."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Where mails lie now: each old UID's new one, under the other folder's `uidvalidity`; empty if not told."""

    uidvalidity: int = 0
    uids: Mapping[int, int] = field(default_factory=dict[int, int])


@dataclass(frozen=True, slots=True)
class Loaded:
    """A mail's bytes. `note` is empty, or says what is missing of them."""

    uid: int
    raw: bytes
    received: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Unloaded:
    """A mail whose bytes could not be had, and why. `is_gone`: the server has it no longer."""

    uid: int
    reason: str
    is_gone: bool = False


def batches(uids: Sequence[int], infos: Mapping[int, Info]) -> Iterator[list[int]]:
    """UIDs in order, so many at a time as may be held at once; a mail of unknown size goes alone."""
    batch: list[int] = []
    held = 0
    for uid in uids:
        size = infos[uid].size if uid in infos else BATCH_BYTES
        if batch and (held + size > BATCH_BYTES or len(batch) == BATCH_MAILS):
            yield batch
            batch, held = [], 0
        batch.append(uid)
        held += size
    if batch:
        yield batch
