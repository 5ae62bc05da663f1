"""Mails out of an mbox file, whichever program wrote it, one at a time and never more than one in memory.

There are four ways to keep a line of a mail that begins with `From ` from being taken for the beginning of the next:
one `>` before it (mboxo), or one more `>` than there were (mboxrd), or the length of the mail in its head and quoting
as well (mboxcl) or none (mboxcl2). All four are read: a length counts where it ends exactly at a mail or at the end of
the file, and is not believed elsewhere; a line is a beginning only with a date, after a blank line or before a head.
Where the first one has no date, others need none either, but one word at most, the blank line and the head.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import BinaryIO

from mail.heads import read_date

LARGEST = 200_000_000
"""Bytes of a mail that is taken out of a file at all; it is held in memory."""

_LINE = 64 * 1024
"""Bytes of a line that are read at once."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STAMP = re.compile(
    rb"\b(" + "|".join(_MONTHS).encode() + rb")[a-z]* +(\d{1,2}) +(\d{1,2}):(\d\d)(?::(\d\d))?"
    rb"(?: +(?:[A-Z]{1,5}|([+-]\d\d)(\d\d)))? +((?:19|20)\d\d)\b"
)
"""As asctime writes it, perhaps with a zone before the year."""
_WRITTEN = re.compile(rb"\b\d{1,2} (?:" + "|".join(_MONTHS).encode() + rb")[a-z]* \d{4} +\d\d?:\d\d")
"""As mails write it (RFC 5322 3.3)."""
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:|>From ")
_LENGTH = re.compile(rb"content-length[ \t]*:[ \t]*(\d{1,12})[ \t]*\r?\n", re.IGNORECASE)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_BARE = re.compile(rb"^From ", re.MULTILINE)
_FIRST_YEAR = 1980
_LONGEST_DATE = 100
_BLANK = (b"\n", b"\r\n")


@dataclass(frozen=True, slots=True)
class Unboxed:
    """A mail: the byte of the file at which it begins, its own bytes (None: too many), and its moment in UTC."""

    at: int
    raw: bytes | None
    received: datetime | None


def unboxed(file: BinaryIO, largest: int = LARGEST) -> Iterator[Unboxed]:
    """The mails of a file that begins with `From `; of those with more than `largest` bytes only where they begin.

    The file must be one in which one can go back.
    """
    size = os.fstat(file.fileno()).st_size
    line = file.readline(_LINE)
    is_dated = _is_dated(line)
    while line:
        at = file.tell() - len(line)
        while not line.endswith(b"\n") and (more := file.readline(_LINE)):
            line = more  # of an endless line nothing but its end matters
        mail = _Mail(file, size, largest, is_dated=is_dated)
        raw = mail.read()
        yield Unboxed(at, raw, moment(line))
        line = mail.following


class _Mail:
    """One mail from behind the line that begins it; `following` is the line that begins the next, if there is one.

    `is_dated`: all such lines have a date.
    """

    def __init__(self, file: BinaryIO, size: int, largest: int, *, is_dated: bool) -> None:
        self._file, self._size, self._largest, self._is_dated = file, size, largest, is_dated
        self._pieces: list[bytes] = []
        self._held = 0
        self.following = b""

    def read(self) -> bytes | None:
        """Its bytes without what quotes them; None if they are too many."""
        length = self._read_head()
        is_counted = length > 0 and self._take_counted(length)
        if not self.following:
            self._read_to_next()
        if self._held > self._largest:
            return None
        raw = _without_blank_line(b"".join(self._pieces))
        return raw if is_counted and _BARE.search(raw) else _QUOTED.sub(rb"\1", raw)

    def _read_head(self) -> int:
        """Read up to the blank line behind the head; returns the length of the rest, if the head tells one."""
        length, is_whole = 0, True
        while line := self._file.readline(_LINE):
            if is_whole and self._begins_next(line, after_blank=False):
                self.following = line
                return 0
            self._keep(line)
            if is_whole and line in _BLANK:
                return length
            if is_whole and not length and (found := _LENGTH.fullmatch(line)):
                length = int(found[1])
            is_whole = line.endswith(b"\n")
        return 0

    def _take_counted(self, length: int) -> bool:
        """Read so many bytes where a mail ends behind them, else nothing."""
        begun = self._file.tell()
        if begun + length > self._size or self._held + length > self._largest:
            return False
        self._file.seek(begun + length)
        end = self._file.read(_LINE).lstrip(b"\r\n")
        line, _, rest = end.partition(b"\n")
        is_true = not end or (self._may_begin(line) and (_is_dated(line) or _FIELD.match(rest) is not None))
        self._file.seek(begun)
        if is_true:
            self._keep(self._file.read(length))
        return is_true

    def _read_to_next(self) -> None:
        after_blank = is_whole = True
        while line := self._file.readline(_LINE):
            if is_whole and self._begins_next(line, after_blank=after_blank):
                self.following = line
                return
            self._keep(line)
            after_blank, is_whole = line in _BLANK, line.endswith(b"\n")

    def _begins_next(self, line: bytes, *, after_blank: bool) -> bool:
        if not self._may_begin(line):
            return False
        if after_blank == _is_dated(line):  # with a date a blank line is enough, without one it is needed
            return after_blank
        here = self._file.tell()
        is_head = _FIELD.match(self._file.readline(_LINE)) is not None
        self._file.seek(here)
        return is_head

    def _may_begin(self, line: bytes) -> bool:
        return line.startswith(b"From ") and (_is_dated(line) or not (self._is_dated or line.split()[2:]))

    def _keep(self, piece: bytes) -> None:
        self._held += len(piece)
        if self._held > self._largest:
            self._pieces.clear()
        else:
            self._pieces.append(piece)


def moment(line: bytes) -> datetime | None:
    """When a mail came, as the line before it says: in UTC where it names no other zone; None where that is nothing."""
    if not (found := _STAMP.search(line)):
        return read_date(" ".join(line.decode("ascii", "replace").split(" ")[2:])[:_LONGEST_DATE])
    month, day, hour, minute, second, ahead, minutes, year = (each and each.decode() for each in found.groups())
    zone = timedelta(hours=int(ahead), minutes=int(f"{ahead[0]}{minutes}")) if ahead else timedelta()
    date = int(year), _MONTHS.index(month) + 1, int(day)
    try:
        at = datetime(*date, int(hour), int(minute), int(second or 0), tzinfo=timezone(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at.year >= _FIRST_YEAR else None


def _is_dated(line: bytes) -> bool:
    return len(line) < _LINE and (_STAMP.search(line) is not None or _WRITTEN.search(line) is not None)


def _without_blank_line(raw: bytes) -> bytes:
    """What stands before the blank line between two mails."""
    if raw.endswith(b"\n\n"):
        return raw[:-1]
    return raw[:-2] if raw.endswith(b"\n\r\n") else b"" if raw in _BLANK else raw
