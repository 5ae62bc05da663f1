"""A Maildir: a folder of mails, one file each, in `cur` what was looked at and in `new` what was not.

What lies in `tmp` is not delivered yet, and flags and subfolders (`.Sent`) are not looked at.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

_DELIVERED = re.compile(r"(\d{9,11})\.")
_FIRST = datetime(1980, 1, 1, tzinfo=UTC)


def is_maildir(folder: Path) -> bool:
    """Whether this folder is one."""
    return any((folder / part).is_dir() for part in ("cur", "new"))


def mail_files(folder: Path) -> list[Path]:
    """The files of its mails, in the order in which they were delivered.

    Raises:
        OSError: the folder cannot be read.
    """
    parts = [folder / part for part in ("cur", "new") if (folder / part).is_dir()]
    files = (each for part in parts for each in part.iterdir() if not each.name.startswith("."))
    return sorted(files, key=lambda each: (_seconds(each.name), each.name))


def delivered(name: str, modified: float) -> datetime | None:
    """When a mail was delivered: as its file's name says, or as its time does, whichever is earlier.

    A copy has a newer time, and a mail that was moved to this server a newer name.
    """
    moments = (each for each in (_seconds(name), int(modified)) if each)
    at = datetime.fromtimestamp(min(moments, default=0), UTC)
    return at if at >= _FIRST else None


def _seconds(name: str) -> int:
    found = _DELIVERED.match(name)
    return int(found[1]) if found else 0
