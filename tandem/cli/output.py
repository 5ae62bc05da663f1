"""What commands print: lines for people, cleaned of anything that drives a terminal, and JSON Lines for programs."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import click
import orjson

from desk.safe import safe, safe_line

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_NARROWEST = 10


def print_json(value: Mapping[str, object]) -> None:
    """One object on one line, UTF-8, whatever the terminal says."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))


def say(line: str) -> None:
    """One line for a person."""
    click.echo(safe_line(line))


def say_text(text: str) -> None:
    """Many lines for a person, as they are but for what a terminal would obey."""
    click.echo(safe(text))


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
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """A text cut or filled up to exactly this many columns, filled on the left for `right`."""
    while cells(text) > width:
        text = text[:-1]
    blanks = " " * (width - cells(text))
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
    """A moment on this machine's clock, as people read it."""
    return f"{at.astimezone():%a %d %b %Y %H:%M}"
