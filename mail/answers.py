"""The grammar of FETCH, LIST and STATUS answers and of sets of UIDs (RFC 9051 9); it trusts no line to be well made.

An answer is lines with counted literals between them. What cannot be read is left out, and never stops the rest.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

LAST_UID = 2**32 - 1
MOST_IN_SET = 1_000_000
"""UIDs that a set such as `1:4` in an answer may name."""

LITERAL = re.compile(rb"~?\{(\d{1,20})\+?\}$")
_ABOUT = re.compile(rb"\* (\d{1,10}) ([A-Za-z]+)(?: +|$)")
_QUOTED = rb'"([^"\\]*(?:\\.[^"\\]*)*)"'
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_ESCAPED = re.compile(rb"\\(.)")
_KEY = re.compile(rb" *([A-Za-z0-9.-]+(?:\[[^\]]{0,500}\])?(?:<\d{1,20}>)?) +")
_VALUE = re.compile(
    rb"(?P<literal>~?\{\d{1,20}\+?\}$)|" + _QUOTED + rb"|(?P<list>\([^()]*\))|(?P<atom>[^\s()\"{]+)",
)
_LISTED = re.compile(rb"\(([^()]*)\) +(?:NIL|" + _QUOTED + rb") +(.*)$", re.IGNORECASE | re.DOTALL)
_STATUS = re.compile(rb"\(([^()]*)\) *$")
_DATE = re.compile(r" ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"

Said = bytes | tuple[bytes, bytes] | None
"""A line of an answer as imaplib gives it: with the literal behind it, if there is one, and without `* ` and name."""

Items = dict[bytes, bytes | None]
"""What a FETCH answer says of a mail, by upper-case name; None is the server's NIL."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer without a tag. `pieces` are its lines, with the literal between each two."""

    pieces: tuple[bytes, ...]

    @property
    def line(self) -> bytes:
        """Its first line."""
        return self.pieces[0]

    def number(self, name: bytes) -> int | None:
        """The number in an answer such as `* 5 EXISTS`; None where it is another."""
        found = _ABOUT.match(self.line)
        return int(found[1]) if found and found[2].upper() == name else None


def listed(said: Said) -> tuple[list[str], bytes] | None:
    """The flags and the raw name in a LIST answer as imaplib gives it; None for what is none."""
    line, literal = said if isinstance(said, tuple) else (said, None)
    if line is None or not (found := _LISTED.match(line)):
        return None
    flags = [flag.decode("ascii", "replace") for flag in found[1].split()]
    if literal is not None:
        return flags, literal
    name = re.fullmatch(_QUOTED, found[3])
    return flags, _ESCAPED.sub(rb"\1", name[1]) if name else found[3]


def counted(said: Said) -> dict[str, int]:
    """What a STATUS answer as imaplib gives it counts, by upper-case name; empty for what is none."""
    found = _STATUS.search(said) if isinstance(said, bytes) else None
    words = found[1].decode("ascii", "replace").upper().split() if found else []
    return {name: to_number(value.encode()) for name, value in zip(words[::2], words[1::2], strict=False)}


def fetched(answer: Answer) -> Items | None:
    """What a FETCH answer says; None for another answer.

    Of one that cannot be read to its end, only the UID and what was counted out is believed: a stray quote makes
    anything of the rest.
    """
    found = _ABOUT.match(answer.line)
    if not found or found[2].upper() != b"FETCH":
        return None
    items: Items = {}
    counted = {b"UID"}
    try:
        for name, value, is_counted in _items(answer.pieces, found.end()):
            items[name] = value
            counted.update([name] * is_counted)
    except _UnreadableError:
        return {name: value for name, value in items.items() if name in counted}
    return items


def named_uid(line: bytes) -> int | None:
    """The mail that the beginning of a FETCH answer is about, where it says so."""
    found = _UID.search(line)
    return int(found[1]) if found else None


class _UnreadableError(Exception):
    pass


def _items(pieces: Sequence[bytes], at: int) -> Iterator[tuple[bytes, bytes | None, bool]]:
    """Each item's name and content, and whether that was a literal."""
    index = 0
    if pieces[0][at : at + 1] != b"(":
        raise _UnreadableError
    at += 1
    while (rest := pieces[index][at:].strip(b" ")) != b")":
        key = _KEY.match(pieces[index], at)
        value = _VALUE.match(pieces[index], key.end()) if key and rest else None
        if key is None or value is None:
            raise _UnreadableError
        at = value.end()
        if value["literal"]:
            if index + 2 >= len(pieces):
                raise _UnreadableError
            content: bytes | None = pieces[index + 1]
            index, at = index + 2, 0
        elif pieces[index][at : at + 1] not in (b" ", b")"):
            raise _UnreadableError
        else:
            content = _content(value)
        yield key[1].upper(), content, bool(value["literal"])


def _content(value: re.Match[bytes]) -> bytes | None:
    if (quoted := value[2]) is not None:
        return _ESCAPED.sub(rb"\1", quoted)
    if value["atom"] and value["atom"].upper() == b"NIL":
        return None
    return value[0]


def to_number(text: bytes | None) -> int:
    """A number as it stands in an answer; 0 for anything else."""
    return int(text) if text and len(text) <= len("18446744073709551615") and text.isdigit() else 0


def to_time(text: bytes | None) -> datetime | None:
    """An INTERNALDATE in UTC; None for one that cannot be read."""
    if not text or not (found := _DATE.fullmatch(text.decode("ascii", "replace"))):
        return None
    month, odd = divmod(_MONTHS.find(found[2].lower()), 3)
    if odd or month < 0:
        return None
    offset = timedelta(hours=int(found[8]), minutes=int(found[9])) * (-1 if found[7] == "-" else 1)
    with contextlib.suppress(ValueError, OverflowError):
        day, hour, minute, second = (int(found[group]) for group in (1, 4, 5, 6))
        local = datetime(int(found[3]), month + 1, day, hour, minute, second, tzinfo=timezone(offset))
        return local.astimezone(UTC)
    return None


def to_set(uids: Iterable[int]) -> bytes:
    """UIDs as a command names them: `1:3,7`."""
    ranges: list[list[int]] = []
    for uid in sorted(set(uids)):
        if ranges and uid == ranges[-1][1] + 1:
            ranges[-1][1] = uid
        else:
            ranges.append([uid, uid])
    return b",".join(b"%d" % first if first == last else b"%d:%d" % (first, last) for first, last in ranges)


def of_set(text: bytes) -> list[int]:
    """The UIDs that a set in an answer names, in its order; empty where it is no such set, or names very many."""
    uids: list[int] = []
    for part in text.split(b","):
        first, _, last = part.partition(b":")
        low, high = to_number(first), to_number(last or first)
        if not min(low, high) > 0 or abs(high - low) + len(uids) > MOST_IN_SET:
            return []
        uids += range(min(low, high), max(low, high) + 1)
    return uids
