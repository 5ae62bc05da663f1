"""What a SQLite file holds beside documents, compared with a new store: what no Tandem made, and what is missing."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

from storage.schema import Schema
from storage.sqlite import ddl
from storage.sqlite.session import Session

_IN_MEMORY = Path(":memory:")
_ACTING = """
    SELECT name, sql FROM sqlite_schema
    WHERE type IN ('trigger', 'view') OR (type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%')
"""

_OF_INDEX = re.compile(r"(row \d+ missing from|wrong # of entries in|non-unique entry in) index tandem_\w+")
_FOLLOWING = f"{_ACTING} OR (type = 'index' AND name LIKE 'tandem%')"


def strangers(session: Session, schema: Schema) -> list[str]:
    """The names of triggers, views and virtual tables that are not those of a new store of this schema."""
    ours = _in_a_new_store(schema, _ACTING)
    return [name for name, sql in session.run(_ACTING) if (name, sql) not in ours]


def missing(session: Session, schema: Schema) -> list[str]:
    """The names of indexes, triggers, views and full text of a new store that this one lacks, or has otherwise."""
    present = {tuple(each) for each in session.run(_FOLLOWING)}
    return sorted(name for name, sql in _in_a_new_store(schema, _FOLLOWING) if (name, sql) not in present)


def wrong_index(fault: str, session: Session, schema: Schema) -> str:
    """What is wrong with an index or the full text, "" when nothing is; `fault` is what SQLite says of the file."""
    if fault:
        return fault if _OF_INDEX.fullmatch(fault) else ""
    lacks = missing(session, schema)
    return f"{', '.join(lacks[:3])} is missing, or not as Tandem makes it" if lacks else ""


def _in_a_new_store(schema: Schema, query: str) -> set[tuple[str, str]]:
    with closing(Session(_IN_MEMORY, 0)) as fresh:
        with fresh.transaction():
            ddl.build(fresh, schema)
        return {(name, sql) for name, sql in fresh.run(query)}
