"""A plain TinyDB file, as TinyDB's own JSONStorage keeps one: written and read one document at a time.

{"tickets": {"1": {...}, "2": {...}}, "entries": {}}

Reading knows nothing of desks; it says where a file is anything else.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Generator, Iterable, Iterator
from typing import Any, NamedTuple, NoReturn, TextIO, cast

_PIECE = 1 << 20
_LARGEST = 1 << 28
"""Characters of one document past which nobody waits for its end."""

_LONGEST_WORD = 16
"""More characters than what JSON takes as one has, but for strings."""

_SPACE = re.compile(r"[ \t\r\n]*")
_ID = re.compile(r"[1-9][0-9]{0,17}")


class Malformed(Exception):
    """What is read is no TinyDB file, or does not fit a desk; the message says what of it."""


class Item(NamedTuple):
    """A table's beginning (`id` 0, no document), or one of its documents."""

    table: str
    id: int
    document: dict[str, Any]


def written(tables: Iterable[tuple[str, Iterable[tuple[int, str]]]]) -> Generator[str]:
    """The file's text, piece by piece: tables by name, each with the ids and JSON texts of its documents.

    Only ASCII is in it, so that it is read alike wherever Python's locale is.
    """
    opening = "{"
    for name, documents in tables:
        yield f"{opening}\n{json.dumps(name)}: {{"
        comma = ""
        for number, body in documents:
            yield f'{comma}\n"{number}": {_ascii(body)}'
            comma = ","
        yield "}"
        opening = ","
    yield "{}\n" if opening == "{" else "\n}\n"


def _ascii(body: str) -> str:
    return body if body.isascii() else json.dumps(json.loads(body), separators=(",", ":"))


def read(file: TextIO) -> Iterator[Item]:
    """Everything in a file, in its order.

    Raises:
        Malformed: it is not of this shape.
    """
    reader = _Reader(file)
    for table in reader.members("the file"):
        yield Item(table, 0, {})
        for key in reader.members(f"the table {table[:40]!a}"):
            number = int(key) if _ID.fullmatch(key) else reader.refuse(f"{key[:40]!a} is no document's id")
            yield Item(table, number, reader.document(f"{table}/{key}"))
    reader.end()


class _Reader:
    """Walks through JSON text of which only a part is in memory."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._text, self._at, self._is_whole = file, "", 0, False
        self._decoder = json.JSONDecoder(parse_constant=_no_number, parse_float=_finite)

    def refuse(self, what: str) -> NoReturn:
        raise Malformed(what)

    def members(self, what: str) -> Iterator[str]:
        """The keys of the object that begins here; whoever asks reads the value between two of them."""
        if self._next() != "{":
            self.refuse(f"{what} is no JSON object")
        self._at += 1
        seen = set[str]()
        if self._next() == "}":
            self._at += 1
            return
        while True:
            yield self._key(what, seen)
            mark = self._next()
            self._at += 1
            if mark == "}":
                return
            if mark != ",":
                self.refuse(f"{what} breaks off" if mark else f"{what} ends too early")
            if self._next() != '"':
                self.refuse(f"{what} breaks off")

    def _key(self, what: str, seen: set[str]) -> str:
        if not (mark := self._next()):
            self.refuse(f"{what} ends too early")
        key = self._value(what) if mark == '"' else None
        if not isinstance(key, str) or self._next() != ":":
            self.refuse(f"{what} holds something without a name")
        self._at += 1
        if key in seen:
            self.refuse(f"{what} holds {key[:40]!a} twice")
        seen.add(key)
        return key

    def document(self, what: str) -> dict[str, Any]:
        if self._next() != "{":
            self.refuse(f"{what} is no document")
        return cast("dict[str, Any]", self._value(what))

    def end(self) -> None:
        if self._next():
            self.refuse("it goes on behind its end")

    def _next(self) -> str:
        """The next character that is no blank; "" at the end."""
        while True:
            blank = _SPACE.match(self._text, self._at)
            self._at = blank.end() if blank else self._at
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def _more(self) -> bool:
        """Read on, as much again as is waiting to be understood; false at the end."""
        rest = self._text[self._at :]
        try:
            piece = "" if self._is_whole else self._file.read(max(_PIECE, len(rest)))
        except UnicodeDecodeError:
            self.refuse("it is not UTF-8")
        self._text, self._at, self._is_whole = rest + piece, 0, not piece
        return bool(piece)

    def _value(self, what: str) -> object:
        while True:
            try:
                value, self._at = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._may_go_on(error) or not self._more():
                    self.refuse(f"{what} is not whole, or no JSON")
            except RecursionError:
                self.refuse(f"{what} is nested too deeply")
            except ValueError as error:  # of ours, or a number of thousands of digits
                self.refuse(f"{what} holds a number that is none: {error}")
            else:
                return value

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        """Whether it was the end of what is in memory that could not be understood."""
        is_cut = error.msg.startswith("Unterminated") or error.pos > len(self._text) - _LONGEST_WORD
        return is_cut and len(self._text) < _LARGEST


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(text[:40])
    return number
