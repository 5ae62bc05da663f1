"""What keeps a SQLite store sound: looking at all of it, and making anew what follows from its documents."""

from __future__ import annotations

from pathlib import Path

from storage.errors import StoreBusy, StoreDamaged
from storage.schema import Schema
from storage.sqlite import ddl
from storage.sqlite.dialect import quoted
from storage.sqlite.session import Session


def broken_page(session: Session) -> str:
    """What SQLite finds wrong with its pages and indexes; "" when nothing is."""
    found = [str(each) for (each,) in session.run("PRAGMA integrity_check(1)")]
    return "" if found == ["ok"] else found[0]


def broken_count(session: Session) -> str:
    """Which counter is behind; "" when none is: no number is given twice, no document is newer than the store."""
    ((clock,),) = session.run("SELECT rev FROM tandem_clock")
    for name, following in session.run("SELECT collection, next FROM tandem_sequence"):
        ((last, newest),) = session.run(f"SELECT coalesce(max(id), 0), coalesce(max(rev), 0) FROM {quoted(name)}")
        if last >= following or newest > clock:
            return f"the counters of {name} are behind its documents"
    ((newest,),) = session.run("SELECT coalesce(max(rev), 0) FROM tandem_changes")
    return "the clock is behind the feed of changes" if newest > clock else ""


def broken_text(session: Session) -> str:
    """What is wrong with the full text, "" when nothing is; in a rehearsal, for FTS5 wants to write."""
    for text in text_tables(session):
        try:
            session.run(f"INSERT INTO {quoted(text)} ({quoted(text)}, rank) VALUES ('integrity-check', 1)")
        except StoreDamaged:
            return f"{text} does not hold the words of its documents"
    return ""


def rebuild(session: Session, schema: Schema) -> None:
    """Make indexes, full text and missing columns anew, from the documents; inside a transaction."""
    ddl.build(session, schema)
    session.run("REINDEX")
    session.run("DELETE FROM tandem_unsaid")
    for text in text_tables(session):
        for command in ("rebuild", "optimize"):
            session.run(f"INSERT INTO {quoted(text)} ({quoted(text)}) VALUES (?)", (command,))


def scrub(session: Session, path: Path) -> None:
    """Write the store anew and its log into it: removed words go from full text, removed documents from free pages.

    Raises:
        StoreBusy: somebody reads what was there before, so that the log still holds it.
    """
    session.run("PRAGMA secure_delete=ON")
    with session.transaction():
        for text in text_tables(session):
            session.run(f"INSERT INTO {quoted(text)} ({quoted(text)}) VALUES ('optimize')")
    session.run("VACUUM")
    ((is_busy, _, _),) = session.run("PRAGMA wal_checkpoint(TRUNCATE)")
    if is_busy:
        raise StoreBusy(f"{path} is being read by another program", "close other programs that have it open")


def text_tables(session: Session) -> list[str]:
    """The names of all full-text tables."""
    sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'"
    return [name for (name,) in session.run(sql)]


def make_newest(session: Session, live: Session) -> None:
    """Let a store follow upon the live one whose content it is going to replace.

    No revision, ticket number or other id that anybody saw in either of them will mean something else: revisions go on
    past both, and so does each collection's next id.  The feed begins anew, so that everybody reads everything again.
    """
    counts = dict(live.run("SELECT collection, next FROM tandem_sequence"))
    ((theirs,),) = live.run("SELECT rev FROM tandem_clock")
    ((ours,),) = session.run("SELECT rev FROM tandem_clock")
    revision = max(ours, theirs) + 1
    for name, following in counts.items():
        session.run("UPDATE tandem_sequence SET next = max(next, ?) WHERE collection = ?", (following, name))
    for (name,) in session.run("SELECT collection FROM tandem_sequence"):
        session.run(f"UPDATE {quoted(name)} SET rev = ?", (revision,))
    session.run("UPDATE tandem_clock SET rev = ?", (revision - 1,))
    begin_anew(session)


def begin_anew(session: Session) -> None:
    """Begin the feed of changes anew, so that everybody reads everything again."""
    session.counts.clear()
    session.run("UPDATE tandem_clock SET rev = rev + 1")
    session.run("DELETE FROM tandem_changes")
