"""Stores of other versions: as Tandem wrote them once, and as a newer Tandem is going to."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from storage.database import TicketStore
from storage.schema import SCHEMA, Schema
from storage.sqlite.engine import SQLiteEngine, Upgrade

NEWER = Schema(SCHEMA.version + 1, SCHEMA.collections)
"""What the next Tandem is going to mark its stores with."""

_SCRIPT = Path(__file__).with_name("version_1.sql")


def make_version_one(path: Path, tickets: int = 0) -> None:
    """A desk that Tandem wrote with version 1 of its schema, with so many more tickets, all alike."""
    path.touch(0o600)
    with closing(sqlite3.connect(path, isolation_level=None)) as shell:
        shell.executescript(_SCRIPT.read_text("utf-8"))
        shell.execute("BEGIN")
        shell.execute(
            """WITH RECURSIVE more(n) AS (SELECT 1 WHERE ? > 0 UNION ALL SELECT n + 1 FROM more WHERE n < ?)
               INSERT INTO tickets (id, rev, body)
               SELECT 1000 + n, 1, json_set(body, '$.number', 1000 + n) FROM more, tickets WHERE id = 3""",
            (tickets, tickets),
        )
        shell.execute(
            "UPDATE tandem_sequence SET next = 1001 + ? WHERE collection = 'tickets' AND ? > 0", [tickets] * 2
        )
        shell.execute("COMMIT")


def documents_in(path: Path) -> dict[str, dict[int, dict[str, Any]]]:
    """Every document in a store's file by collection and id, read by SQL alone; and under "" the file's version."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as shell:
        found: dict[str, dict[int, dict[str, Any]]] = {"": {shell.execute("PRAGMA user_version").fetchone()[0]: {}}}
        for (name,) in shell.execute("SELECT collection FROM tandem_sequence").fetchall():
            rows = shell.execute(f'SELECT id, body FROM "{name}"')  # noqa: S608 - names of our own collections
            found[name] = {number: json.loads(body) for number, body in rows}
        return found


def open_newer(path: Path, upgrade: Upgrade | None = None, version: int = NEWER.version) -> TicketStore:
    """Open a store as a newer Tandem is going to: an older one is upgraded."""
    schema = Schema(version, SCHEMA.collections)
    return TicketStore(SQLiteEngine(path, schema, upgrade=upgrade) if upgrade else SQLiteEngine(path, schema))
