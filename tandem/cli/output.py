"""What commands print: lines for people, cleaned of anything that drives a terminal, and JSON Lines for programs."""

from __future__ import annotations

import json
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import click
import orjson

from desk.safe import DANGEROUS, safe, safe_line

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_NARROWEST = 10
_WIDE = "WF"


def print_json(value: Mapping[str, object]) -> None:
    """One object on one line, UTF-8, whatever the locale says; on a terminal, what that would obey is escaped."""
    line = orjson.dumps(value)
    click.echo(DANGEROUS.sub(_escaped, line.decode()).encode() if sys.stdout.isatty() else line)


def _escaped(character: re.Match[str]) -> str:
    """A character as JSON spells it in ASCII (RFC 8259 7): those past U+FFFF are a pair of surrogates."""
    return json.dumps(character[0])[1:-1]


def print_bytes(data: bytes) -> None:
    """Bytes as they are into a pipe or a file; a terminal gets them as text that it will not obey."""
    if sys.stdout.isatty():
        say_text(data.decode("utf-8", "replace"))
    else:
        click.echo(data, nl=False)


def say(line: str) -> None:
    """One line for a person, whatever line ends are in it; its blanks stay."""
    click.echo(safe(line).replace("\n", " "))


def say_text(text: str) -> None:
    """Many lines for a person, as they are but for what a terminal would obey."""
    click.echo(safe(text))


def complain(sentence: str) -> None:
    """One line on stderr: what is wrong, why, and what to do."""
    click.echo(f"tandem: {safe_line(sentence)}", err=True)


def table(rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset(), stretch: int) -> None:
    """Rows in columns on a terminal, where column `stretch` gives way; elsewhere whole, with a tab between cells."""
    cleaned = [[safe_line(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in cleaned:
            click.echo("\t".join(row))
        return
    if not cleaned:
        return
    widths = [max(map(cells, column)) for column in zip(*cleaned, strict=True)]
    others = sum(widths) - widths[stretch] + 2 * (len(widths) - 1)
    widths[stretch] = max(_NARROWEST, min(widths[stretch], shutil.get_terminal_size().columns - others))
    for row in cleaned:
        columns = enumerate(zip(row, widths, strict=True))
        line = (fitted(cell, width, right=column in right) for column, (cell, width) in columns)
        click.echo("  ".join(line).rstrip())


def cells(text: str) -> int:
    """How many columns of a terminal a text takes (UAX 11: wide characters take two)."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def _cell(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """A text cut or filled up to exactly this many columns, filled on the left for `right`."""
    room = width
    for index, character in enumerate(text):
        if (needed := _cell(character)) > room:
            text = text[:index]
            break
        room -= needed
    blanks = " " * room
    return blanks + text if right else text + blanks


def span(seconds: float) -> str:
    """A length of time in one short word: 45s, 12m, 3h, 2d."""
    for unit, name in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "m")):
        if seconds >= unit:
            return f"{int(seconds // unit)}{name}"
    return f"{int(seconds)}s"


def since(then: datetime | None, now: datetime) -> str:
    """How long ago something was, or a dash."""
    return "-" if then is None else span(max(timedelta(), now - then).total_seconds())


def local(at: datetime) -> str:
    """A moment on this machine's clock, as people read it; in UTC where the calendar ends."""
    try:
        return f"{at.astimezone():%a %d %b %Y %H:%M}"
    except (ValueError, OverflowError, OSError):
        return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
