"""Full text in SQLite (FTS5): its table beside a collection, the triggers that keep it true, and its expressions.

Words are runs of letters and digits, compared without case and (in Latin script) without accents.  Scripts that put
no blanks between words, such as Japanese, Chinese or Thai, make one word of each run of letters: there a search finds
a run by its beginning.
"""

from __future__ import annotations

import re

from storage.schema import Collection, column
from storage.sqlite_dialect import listed, quoted
from storage.sqlite_session import Session
from storage.words import TextQuery

_TOKENS = "unicode61 remove_diacritics 2"
_UNSTORED = re.compile("[\0\ud800-\udfff]")


def text_table(collection: str) -> str:
    """The full-text table of a collection, as an SQL identifier."""
    return quoted(f"tandem_text_{collection}")


def expression(text: TextQuery) -> str:
    """The FTS5 expression for a text query: each phrase in quotes, where nothing is an operator.

    Phrases without a letter or digit find nothing and are passed over beside others.
    """
    phrases = [_UNSTORED.sub(" ", phrase).replace('"', '""') for phrase in text.phrases]
    terms = " ".join(f'"{phrase}"' for phrase in phrases)
    within = f"{quoted(column(text.field))} : " if text.field else ""
    return f"{within}({terms}{' *' if text.prefix else ''})" if terms else '""'


def build(session: Session, collection: Collection) -> None:
    """Make a collection's full text, anew when its fields are not the ones it was made of."""
    columns = [column(path) for path in collection.text]
    if session.columns(f"tandem_text_{collection.name}")[: len(columns)] == columns:
        return
    text = text_table(collection.name)
    session.run(f"DROP TABLE IF EXISTS {text}")
    session.run(
        f"CREATE VIRTUAL TABLE {text} USING fts5"
        f"({listed(columns)}, content={quoted(collection.name)}, content_rowid='id', tokenize='{_TOKENS}')"
    )
    _build_triggers(session, collection.name, columns)
    session.run(f"INSERT INTO {text} ({text}) VALUES ('rebuild')")


def _build_triggers(session: Session, name: str, columns: list[str]) -> None:
    text, table = text_table(name), quoted(name)
    add = f"INSERT INTO {text} (rowid, {listed(columns)}) VALUES (new.id, {listed(columns, 'new.')});"
    drop = (
        f"INSERT INTO {text} ({text}, rowid, {listed(columns)}) VALUES ('delete', old.id, {listed(columns, 'old.')});"
    )
    differs = " OR ".join(f"old.{quoted(each)} IS NOT new.{quoted(each)}" for each in columns)
    for event, when, action in (
        ("insert", "TRUE", add),
        ("update", differs, f"{drop} {add}"),
        ("delete", "TRUE", drop),
    ):
        trigger = quoted(f"tandem_text_{name}_{event}")
        session.run(f"DROP TRIGGER IF EXISTS {trigger}")
        session.run(f"CREATE TRIGGER {trigger} AFTER {event} ON {table} WHEN {when} BEGIN {action} END")
