"""A store that is written anew holds nothing of what was removed, in its file, its log or its full text."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.errors import StoreBusy
from storage.schema import SCHEMA
from storage.sqlite.engine import SQLiteEngine

NOTE = '{"ticket":1,"kind":"note","note":"quixotryword"}'


def holding(folder: Path) -> list[str]:
    """The files that hold the word."""
    return sorted(each.name for each in folder.iterdir() if b"quixotryword" in each.read_bytes())


def test_removed_words_are_in_no_file_and_the_rest_is_as_it_was(tmp_path: Path) -> None:
    with closing(SQLiteEngine(tmp_path / "desk.db", SCHEMA)) as engine:
        with engine.write():
            engine.put("entries", [(1, NOTE), (2, NOTE.replace("quixotryword", "kept"))])
        engine.scrub()
        assert "desk.db" in holding(tmp_path)
        with engine.write():
            engine.delete("entries", [1])
        assert holding(tmp_path) != []
        engine.scrub()
        assert holding(tmp_path) == []
        assert [row.id for row in engine.get("entries", [1, 2])] == [2]
        engine.examine()
        with engine.write():
            assert engine.next_ids("entries", 1)[0] == 3


def test_it_is_said_when_somebody_still_reads_what_was_there_before(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    with closing(SQLiteEngine(path, SCHEMA, patience=0.1)) as engine, closing(sqlite3.connect(path)) as other:
        with engine.write():
            engine.put("entries", [(1, NOTE)])
        other.isolation_level = None
        other.execute("BEGIN")
        assert other.execute("SELECT count(*) FROM entries").fetchone() == (1,)
        with engine.write():
            engine.delete("entries", [1])
        with pytest.raises(StoreBusy, match="is being read"):
            engine.scrub()
        other.execute("COMMIT")
        engine.scrub()
        assert holding(tmp_path) == []


def test_others_who_have_the_store_open_read_and_write_on(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    with closing(SQLiteEngine(path, SCHEMA)) as engine, closing(SQLiteEngine(path, SCHEMA)) as other:
        with other.write():
            other.put("entries", [(1, NOTE)])
        engine.scrub()
        assert [row.id for row in other.get("entries", [1])] == [1]
        with other.write():
            other.delete("entries", [1])
        assert engine.get("entries", [1]) == []
