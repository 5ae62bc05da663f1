"""Looking at all of a SQLite store: whether its documents are whole, and what follows from them is true."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from storage.errors import IndexDamaged, StoreDamaged
from storage.schema import Schema
from storage.sqlite import copies, strangers, upkeep
from storage.sqlite.session import Session
from storage.sqlite.sessions import Sessions
from storage.workshop import workshop


def examine(path: Path, sessions: Sessions, schema: Schema, called: Path | None) -> None:
    """As `Engine.examine`; `called` is the file to blame, where this one is a copy of it that nobody else knows.

    Raises:
        IndexDamaged: the documents are whole; an index, a column or the full text does not say what they say.
        StoreDamaged: the file is not what SQLite wrote, or a counter is behind the documents.
    """
    hint = "choose another backup" if called else "`tandem restore` brings back a backup"
    try:
        fault = _fault(sessions.own)
        wrong = strangers.wrong_index(fault, sessions.own, schema)
        if not fault and not wrong:
            wrong = _fault_in_text(sessions.apart()) if called else _fault_in_text_of_copy(path, sessions)
    except StoreDamaged as error:
        raise StoreDamaged(f"{called or path} is damaged", hint) from error
    if wrong:
        what = f"{called or path} is damaged, but no document is: {wrong}"
        raise IndexDamaged(what, "`tandem reindex` makes it anew")
    if fault:
        raise StoreDamaged(f"{called or path} is damaged: {fault}", hint)


def _fault(session: Session) -> str:
    with session.snapshot():
        return upkeep.broken_page(session) or upkeep.broken_count(session)


def _fault_in_text_of_copy(path: Path, sessions: Sessions) -> str:
    """FTS5 wants to write in order to look, and looks for long: the desk must not stand still meanwhile."""
    with workshop(path.parent) as folder:
        copy = folder / path.name
        copies.copy(sessions.own, path, copy)
        return _fault_in_text(Session(copy, sessions.patience))


def _fault_in_text(session: Session) -> str:
    with closing(session), session.rehearsal():
        return upkeep.broken_text(session)
