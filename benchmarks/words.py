"""Finding words in Russian, Bulgarian and Japanese: FTS5 as it comes, FTS5's trigrams, and our search forms.

Each index holds the same 100,000 texts and no copy of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import median
from benchmarks.languages import PAIRS, Language, Speaker
from benchmarks.worlds import seconds
from desk.words import asked, search_form

_TEXTS = 100_000
_TIMES = 21
_LANGUAGES: tuple[Language, ...] = ("Russian", "Bulgarian", "Japanese")
_TYPED = {
    "a rare word": "фактурия",
    "a common word": "здравствуйте",
    "two words": "заказ возврат",
    "a beginning of two letters": "во",
    "a beginning of three": "воз",
    "two characters": "返金",
    "a sentence": "返金をお願いします",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to make an index and to ask it."""

    name: str
    options: str
    stored: Callable[[str], str]
    sought: Callable[[str], str]


def _beginnings(typed: str) -> str:
    return " ".join(f'"{each}" *' for each in typed.split())


def _parts(typed: str) -> str:
    return " ".join(f'"{each}"' for each in typed.split())


def _ours(typed: str) -> str:
    parts = (asked(each, whole=False) for each in typed.split())
    return " ".join(f'"{" ".join(each.words)}"{" *" if each.unfinished else ""}' for each in parts)


_WAYS = (
    Way("unicode61", "tokenize='unicode61 remove_diacritics 2'", str, _beginnings),
    Way("trigram", "tokenize='trigram'", str, _parts),
    Way("ours", "tokenize='ascii', prefix='2'", search_form, _ours),
)


def measure(folder: Path) -> Iterator[str]:
    """A table of what is found, what it costs, and how long it takes."""
    texts = [speaker.text() for _, speaker in zip(range(_TEXTS), _speakers(), strict=False)]
    yield _line(f"{_TEXTS:,} texts", [each.name for each in _WAYS])
    for language in _LANGUAGES:
        yield _line(f"{language}: found of what must be", [_found(each, language, must=True) for each in _WAYS])
    for language in _LANGUAGES:
        yield _line(f"{language}: found of what must not be", [_found(each, language, must=False) for each in _WAYS])
    columns = [_measured(folder / f"{each.name}.db", each, texts) for each in _WAYS]
    for title in columns[0]:
        yield _line(title, [each[title] for each in columns])


def _speakers() -> Iterator[Speaker]:
    speakers = [Speaker(language) for language in _LANGUAGES]
    while True:
        yield from speakers


def _found(way: Way, language: Language, *, must: bool) -> str:
    wanted = [(text, typed) for text, typed, is_found in PAIRS[language] if is_found is must]
    return f"{sum(_is_found(way, text, typed) for text, typed in wanted)} of {len(wanted)}"


def _is_found(way: Way, text: str, typed: str) -> bool:
    with closing(sqlite3.connect(":memory:")) as connection:
        _fill(connection, way, [text])
        return bool(_ask(connection, way, typed))


def _fill(connection: sqlite3.Connection, way: Way, texts: Sequence[str]) -> None:
    with connection:
        connection.execute(f"CREATE VIRTUAL TABLE found USING fts5(text, content='', {way.options})")
        connection.executemany("INSERT INTO found (text) VALUES (?)", ((way.stored(text),) for text in texts))


def _ask(connection: sqlite3.Connection, way: Way, typed: str) -> list[tuple[int]]:
    """The newest fifty."""
    sql = "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid DESC LIMIT 50"
    return connection.execute(sql, (way.sought(typed),)).fetchall()


def _measured(path: Path, way: Way, texts: Sequence[str]) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        took = seconds(lambda: _fill(connection, way, texts))
        times = {
            f"{title}, newest 50, ms": f"{1000 * median(lambda: _ask(connection, way, typed), _TIMES):.2f}"  # noqa: B023 - called at once
            for title, typed in _TYPED.items()
        }
    return {
        "index, MB": f"{path.stat().st_size / 1e6:.0f}",
        "ingest, us/text": f"{took / len(texts) * 1e6:.0f}",
        **times,
    }


def _line(title: str, cells: Sequence[str]) -> str:
    return f"{title:<40}" + "".join(f"{each:>12}" for each in cells)
