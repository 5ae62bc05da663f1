"""A lease: one process does something for all of them for a while, such as fetching a mailbox's mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Lease:
    """`holder` names a process; after `until` the lease is anybody's, whatever became of that process."""

    name: str
    holder: str
    until: datetime
