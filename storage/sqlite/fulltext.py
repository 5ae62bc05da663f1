"""Full text in SQLite (FTS5): its table beside a collection, what keeps it true, and what it finds.

The index is made of search forms (desk/words.py), whose words are what FTS5's tokenizer `ascii` takes for words.  There
is no second copy of them: a view shows FTS5 the search form of each document, worked out again when one changes.
Beginnings of two letters, which very many words have, are indexed too.  The texts of documents that have an owner stand
under (owner << 32 | id), so that their owners are read off the index.

FTS5 writes what it has gathered whenever a statement or level of a transaction ends.  So triggers only note in
tandem_unsaid which documents it has not seen, and it is shown them all together before the commit, or before somebody
searches in the same transaction; a document that is there is in the index or noted, never both.
"""

from __future__ import annotations

from collections.abc import Sequence

from storage.json_text import dumps, loads
from storage.schema import Collection, Schema, column
from storage.sqlite.dialect import expression, listed, quoted, speakers, text_table
from storage.sqlite.functions import FORM, PEOPLE
from storage.sqlite.session import Session
from storage.words import TextQuery

UNSAID = (
    "CREATE TABLE IF NOT EXISTS tandem_unsaid (collection TEXT, id INTEGER, PRIMARY KEY (collection, id)) WITHOUT ROWID"
)
"""Documents that the full text has not seen yet; outside of transactions there are none."""

_LARGEST_ID = (1 << 32) - 1
_LARGEST_OWNER = (1 << 31) - 1


def matching(
    session: Session, collection: Collection, text: TextQuery, limit: int | None, *, newest: bool
) -> list[int]:
    """Ids by full text: largest owner and id first, as a stream, or best match first."""
    number = f"rowid & {_LARGEST_ID}" if collection.owner else "rowid"
    return _found(session, collection, text, limit, number, "rowid DESC" if newest else "rank")


def owners(session: Session, collection: Collection, text: TextQuery, limit: int | None) -> list[int]:
    """The numbers of the documents that own what matches, each once, or without owners its own ids; as a stream."""
    number = "DISTINCT rowid >> 32" if collection.owner else "rowid"
    return _found(session, collection, text, limit, number, "rowid DESC")


def saying_all(
    session: Session, said: Sequence[Sequence[tuple[Collection, TextQuery]]], limit: int | None
) -> list[int]:
    """The numbers of the documents that say all of these, each in one of some places, and each any times; as a stream.

    They come in one row: many rows take Python longer to read than SQLite to find.
    """
    (first, params), *others = map(speakers, said)
    among = " AND ".join(f"number IN ({found})" for found, _ in others) or "TRUE"
    sql = f"SELECT json_group_array(number) FROM (SELECT number FROM ({first}) WHERE {among} LIMIT ?)"
    ((numbers,),) = session.run(
        sql, (*params, *(each for _, more in others for each in more), -1 if limit is None else limit)
    )
    found: list[int] = loads(numbers)
    return found


def _found(
    session: Session, collection: Collection, text: TextQuery, limit: int | None, number: str, order: str
) -> list[int]:
    require_text(collection, text)
    table = text_table(collection.name)
    sql = f"SELECT {number} FROM {table} WHERE {table} MATCH ? ORDER BY {order} LIMIT ?"
    rows = session.run(sql, (expression(text), -1 if limit is None else limit))
    return [found for (found,) in rows]


def require_text(collection: Collection, text: TextQuery) -> None:
    """Make sure that there is something to search.

    Raises:
        ValueError: the collection has no full text, or not of these fields.
    """
    unknown = [field for field in text.fields if field not in collection.searchable]
    if unknown or not collection.searchable:
        within = f" in {', '.join(unknown)}" if unknown else ""
        raise ValueError(f"{collection.name} has no text to search{within}")


def build(session: Session, collection: Collection) -> None:
    """Make a collection's full text, anew if it was made by another recipe: of other fields, or another rule of words.

    The recipe is what `sqlite_schema` keeps of it, with the version of the rule in the functions' names.
    """
    recipe = _recipe(collection)
    sql = "SELECT name, type, sql FROM sqlite_schema WHERE name IN (SELECT value FROM json_each(?))"
    present = {name: (kind, made) for name, kind, made in session.run(sql, (dumps(list(recipe)),))}
    if {name: made for name, (_, made) in present.items()} == recipe:
        return
    for name, (kind, _) in present.items():
        session.run(f"DROP {kind} {quoted(name)}")
    for statement in recipe.values():
        session.run(statement)
    rebuild(session, collection.name)


def rebuild(session: Session, collection: str) -> None:
    """Make a full text anew from what there is."""
    text = text_table(collection)
    session.run("DELETE FROM tandem_unsaid WHERE collection = ?", (collection,))
    session.run(f"INSERT INTO {text} ({text}) VALUES ('rebuild')")


def catch_up(session: Session, schema: Schema) -> None:
    """Show FTS5 the documents that it has not seen; by their numbers, since it writes at each that is not larger."""
    for (name,) in session.run("SELECT DISTINCT collection FROM tandem_unsaid"):
        if not (collection := schema[name]).searchable:
            continue
        row, columns = _Row(collection, ""), listed(map(column, collection.searchable))
        session.run(
            f"INSERT INTO {text_table(name)} (rowid, {columns}) SELECT {row.key}, {row.all} FROM {quoted(name)}"
            f" WHERE id IN (SELECT id FROM tandem_unsaid WHERE collection = ?) AND {row.speaks} ORDER BY 1",
            (name,),
        )
        session.run("DELETE FROM tandem_unsaid WHERE collection = ?", (name,))


def _recipe(collection: Collection) -> dict[str, str]:
    """By name the statements that make the view, the index and the triggers, in their order."""
    name, table, columns = collection.name, quoted(collection.name), listed(map(column, collection.searchable))
    view, text = f"tandem_said_{name}", f"tandem_text_{name}"
    row, old, new = (_Row(collection, prefix) for prefix in ("", "old.", "new."))
    said = ", ".join(f"{form} AS {quoted(column(path))}" for path, form in row.forms.items())
    noted = f"FROM tandem_unsaid WHERE collection = '{name}' AND id"
    add = f"INSERT INTO tandem_unsaid SELECT '{name}', new.id WHERE NOT EXISTS (SELECT 1 {noted} = new.id);"
    drop = (
        f"INSERT INTO {quoted(text)} ({quoted(text)}, rowid, {columns})"
        f" SELECT 'delete', {old.key}, {old.all} WHERE {old.speaks} AND NOT EXISTS (SELECT 1 {noted} = old.id);"
    )
    return {
        view: f"CREATE VIEW {quoted(view)} AS SELECT {row.key} AS id, {said} FROM {table} WHERE {row.speaks}",
        text: f"CREATE VIRTUAL TABLE {quoted(text)} USING fts5"
        f"({columns}, content={quoted(view)}, content_rowid='id', tokenize='ascii', prefix='2')",
        **{
            f"{text}_{event}": f"CREATE TRIGGER {quoted(f'{text}_{event}')} AFTER {event} ON {table}"
            f"{when} BEGIN {what} END"
            for event, when, what in (
                ("insert", "", add),
                ("update", f" WHEN {old.sources} IS NOT {new.sources}", f"{drop} {add}"),
                ("delete", f" WHEN {old.speaks}", f"{drop} DELETE {noted} = old.id;"),
            )
        },
    }


class _Row:
    """One row of a collection as SQL: itself, or with "old." or "new." before its columns.

    `sources` is all that its words follow from, in one value, since taking a document apart is what costs time.
    """

    def __init__(self, collection: Collection, prefix: str) -> None:
        said = {path: prefix + quoted(column(path)) for path in collection.text}
        people = {path: f"json_extract({prefix}body, '$.{path}')" for path in collection.people}
        self.forms = {path: f"{FORM}({value})" for path, value in said.items()}
        self.forms |= {path: f"{PEOPLE}({value})" for path, value in people.items()}
        self.all = ", ".join(self.forms.values())
        paths = [*collection.searchable, *filter(None, (collection.silenced, collection.owner))]
        if len(paths) == 1:
            paths *= 2  # a list, as text, so that 17 is not taken for 17.0, whose words are others
        self.sources = f"json_extract({prefix}body, {', '.join(map(_literal, paths))})"
        self.key = f"{prefix}id"
        self.speaks = f"coalesce({', '.join([*said.values(), *people.values(), 'NULL'])}) IS NOT NULL"
        if collection.silenced:
            self.speaks += f" AND json_extract({prefix}body, '$.{collection.silenced}') IS NOT TRUE"
        if collection.owner:
            owner = prefix + quoted(column(collection.owner))
            is_number = f"typeof({owner}) = 'integer' AND {owner} BETWEEN 0 AND {_LARGEST_OWNER}"
            self.key = f"(CASE WHEN {is_number} THEN {owner} ELSE 0 END << 32 | {prefix}id)"
            self.speaks += f" AND {prefix}id BETWEEN 0 AND {_LARGEST_ID}"


def _literal(path: str) -> str:
    return f"'$.{path}'"
