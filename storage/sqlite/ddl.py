"""The tables, indexes, triggers and full text of a store in SQLite, made and brought up to date.

Each collection is a table that any SQL shell can read: id, rev, the document as JSON text, and its lifted fields as
generated columns.  What is ours alone is called tandem_*: the clock (the store's revision), the sequences (each
collection's next id), the changes (the feed), the indexes, and the full text, which holds no second copy of the words,
with what it has not seen yet.
"""

from __future__ import annotations

from storage.schema import Collection, Schema, column
from storage.sqlite import fulltext
from storage.sqlite.dialect import extracted, index_name, listed, listing, quoted, scan_name
from storage.sqlite.session import Session

APPLICATION_ID = 0x54_41_4E_44
"""Marks a SQLite file as a store of Tandem ("TAND")."""

_OWN = (
    "CREATE TABLE IF NOT EXISTS tandem_clock (rev INTEGER NOT NULL)",
    "INSERT INTO tandem_clock SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM tandem_clock)",
    "CREATE TABLE IF NOT EXISTS tandem_sequence (collection TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE IF NOT EXISTS tandem_changes
       (rev INTEGER PRIMARY KEY, collection TEXT NOT NULL, id INTEGER NOT NULL, operation TEXT NOT NULL)""",
    fulltext.UNSAID,
)


def build(session: Session, schema: Schema) -> None:
    """Make whatever the schema names and the file lacks, and mark the file; only inside a transaction."""
    for statement in _OWN:
        session.run(statement)
    for collection in schema.collections:
        build_collection(session, collection)
    session.run(f"PRAGMA application_id={APPLICATION_ID}")
    session.run(f"PRAGMA user_version={schema.version}")


def build_collection(session: Session, collection: Collection) -> None:
    """Make one collection, or give the one that is there the columns, indexes and full text that it lacks."""
    table = quoted(collection.name)
    session.run(
        f"CREATE TABLE IF NOT EXISTS {table} (id INTEGER PRIMARY KEY, rev INTEGER NOT NULL, body TEXT NOT NULL)"
    )
    session.run("INSERT OR IGNORE INTO tandem_sequence VALUES (?, 1)", (collection.name,))
    _add_columns(session, collection)
    _build_indexes(session, collection)
    if collection.searchable:
        fulltext.build(session, collection)


def _add_columns(session: Session, collection: Collection) -> None:
    present = session.columns(collection.name)
    values = {path: extracted(path) for path in collection.columns} | {path: listing(path) for path in collection.lists}
    for path, value in values.items():
        if column(path) not in present:
            name = quoted(column(path))
            session.run(
                f"ALTER TABLE {quoted(collection.name)} ADD COLUMN {name} GENERATED ALWAYS AS ({value}) VIRTUAL"
            )


def _build_indexes(session: Session, collection: Collection) -> None:
    """Make the indexes of the schema, and let those go that it no longer names or makes otherwise."""
    named = {index_name(collection.name, paths): paths for paths in collection.indexes}
    if collection.scan:
        named[scan_name(collection.name)] = collection.scan
    wanted = {
        name: f"CREATE INDEX {quoted(name)} ON {quoted(collection.name)} ({listed(map(column, paths))})"
        for name, paths in named.items()
    }
    sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND name LIKE 'tandem%'"
    present = dict(session.run(sql, (collection.name,)))
    for name in present.keys() - {name for name, made in wanted.items() if present.get(name) == made}:
        session.run(f"DROP INDEX {quoted(name)}")
    for name, statement in wanted.items():
        if present.get(name) != statement:
            session.run(statement)
