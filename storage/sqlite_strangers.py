"""What acts by itself in a SQLite file and no Tandem made: a store from elsewhere may hold more than documents."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from storage import sqlite_ddl
from storage.schema import Schema
from storage.sqlite_session import Session

_IN_MEMORY = Path(":memory:")
_ACTING = """
    SELECT name, sql FROM sqlite_schema
    WHERE type IN ('trigger', 'view') OR (type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%')
"""


def strangers(session: Session, schema: Schema) -> list[str]:
    """The names of triggers, views and virtual tables that are not those of a new store of this schema."""
    with closing(Session(_IN_MEMORY, 0)) as fresh:
        with fresh.transaction():
            sqlite_ddl.build(fresh, schema)
        ours = {tuple(each) for each in fresh.run(_ACTING)}
    return [name for name, sql in session.run(_ACTING) if (name, sql) not in ours]
