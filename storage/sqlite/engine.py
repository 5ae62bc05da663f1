"""Documents in one SQLite file in WAL mode, shared by the threads and processes of one machine.

Each thread has its own connection; writers pass the turnstile first; a commit is on disk when it returns.  A process
must not open the file by other means, since closing it would drop SQLite's locks, nor fork while it is open.
"""

from __future__ import annotations

import os
import threading
from array import array
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Any

from storage import files
from storage.engine import Change, Engine, Row
from storage.errors import IndexDamaged, StorageError, StoreBusy
from storage.json_text import dumps
from storage.predicate import Predicate
from storage.schema import Collection, Schema
from storage.sqlite import copies, counters, ddl, examining, fulltext, strangers, upkeep, versions
from storage.sqlite.dialect import SQLiteDialect, asks_text, quoted
from storage.sqlite.session import Session
from storage.sqlite.sessions import Sessions
from storage.sqlite.turnstile import Turnstile
from storage.words import TextQuery
from storage.workshop import workshop

_SMALLEST, _LARGEST = -(1 << 63), (1 << 63) - 1
_PATIENCE_TO_CLOSE = 1.0
"""Seconds: a command that only reads must not wait long for a stuck writer when it is done."""

_AMONG = "id IN (SELECT value FROM json_each(?))"


Upgrade = Callable[[Engine, int], None]
"""Brings the documents of a store of an older version, which is told, into the shape of the newest."""


def _as_they_are(_engine: Engine, _found: int) -> None:
    """No document needs another shape."""


class _Waiting(threading.local):
    """Whether each thread goes on waiting for its turn once its patience has ended."""

    goes_on: Callable[[], bool] = staticmethod(lambda: False)


class SQLiteEngine:
    """The `storage.engine.Engine` over SQLite.  `patience` is how many seconds a writer waits for its turn.

    A store of an older version is upgraded when it is opened: a copy is kept (unless `keeps_copy` is false), what the
    schema names appears, and `upgrade` sees to the documents, all in one transaction.

    Raises:
        StoreUnreachable: the folder is not there, not ours, on a network file system, or the file is no store.
        StoreDamaged: the file is not what SQLite wrote.
        StoreTooNew: a newer Tandem wrote it.
    """

    def __init__(
        self,
        path: str | Path,
        schema: Schema,
        patience: float = 10.0,
        upgrade: Upgrade = _as_they_are,
        *,
        keeps_copy: bool = True,
    ) -> None:
        self.path = Path(path).resolve()  # whoever comes by a symbolic link meets the same lock
        self.schema = schema
        self._upgrade, self._keeps_copy = upgrade, keeps_copy
        self._dialects = {each.name: SQLiteDialect(each) for each in schema.collections}
        self._plain = SQLiteDialect(Collection("plain"))
        self._sessions = Sessions(self.path, patience)
        self._file: os.stat_result | None = None
        self._waiting = _Waiting()
        files.refuse_network(self.path.parent)
        self._turnstile = Turnstile(self.path.with_name(f"{self.path.name}.lock"), patience)
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        try:
            files.create_file(self.path)  # its mode is the mode of SQLite's -wal and -shm
        except OSError as error:
            raise files.explained(error, self.path) from error
        files.refuse_read_only(self.path)
        self._file = self.path.stat()  # before SQLite opens it, lest another one comes between unseen
        versions.refuse_lost(self.path)
        if not versions.is_current(self._session, self.path, self.schema):
            with self._turnstile.alone():
                self._bring_up_to_date(self._session)

    def _bring_up_to_date(self, session: Session) -> None:
        versions.make_sharable(session, self.path)
        if versions.is_current(session, self.path, self.schema):
            return  # another process was faster, or this is a copy that somebody put in place
        found = versions.version(session)
        kept = versions.keep_copy(session, self.path, self.schema.version) if found and self._keeps_copy else None
        try:
            with session.transaction(), versions.upgrading(self.path, found, self.schema.version):
                ddl.build(session, self.schema)
                if found:
                    self._upgrade(self, found)
                    upkeep.begin_anew(session)
                fulltext.catch_up(session, self.schema)
        except BaseException:
            if kept is not None:
                kept.unlink()  # the store is as it was, and each new attempt would leave one more
            raise

    @property
    def _session(self) -> Session:
        return self._sessions.own

    @property
    def is_writing(self) -> bool:
        return self._session.writing

    @contextmanager
    def write(self) -> Generator[None]:
        session = self._session
        if session.writing:
            with session.savepoint():
                yield
        else:
            with self._turn(session):
                versions.refuse_upgraded(session, self.schema.version)
                yield
                self._catch_up()

    def _turn(self, session: Session) -> ExitStack:
        """Begin to write; who insists begins again where none of our turns came."""
        while True:
            try:
                with ExitStack() as turn:
                    turn.enter_context(self._turnstile.alone())
                    versions.refuse_replaced(self.path, self._file)
                    turn.enter_context(session.transaction())
                    return turn.pop_all()
            except StoreBusy:
                if not self._waiting.goes_on():
                    raise

    def insist(self, goes_on: Callable[[], bool]) -> None:
        self._waiting.goes_on = goes_on

    def writer(self) -> str:
        return self._turnstile.holder().told

    def refuse_outdated(self) -> None:
        versions.refuse_replaced(self.path, self._file)
        versions.refuse_upgraded(self._session, self.schema.version)

    @contextmanager
    def read(self) -> Generator[None]:
        with self._session.snapshot():
            yield

    def dialect(self, collection: str) -> SQLiteDialect:
        return self._dialects.get(collection, self._plain)

    def get(self, collection: str, ids: Iterable[int]) -> list[Row]:
        wanted = [each for each in ids if _SMALLEST <= each <= _LARGEST]
        if not self._has(collection) or not wanted:
            return []
        sql = f"SELECT id, rev, body FROM {quoted(collection)} WHERE"
        if len(wanted) == 1:
            return [Row(*each) for each in self._session.run(f"{sql} id = ?", wanted)]
        return [Row(*each) for each in self._session.run(f"{sql} {_AMONG} ORDER BY id", (dumps(wanted),))]

    def select(
        self,
        collection: str,
        where: Predicate,
        order: tuple[str, ...] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> Iterator[Row]:
        if not self._has(collection):
            return iter(())
        if limit is None:
            sql, params = self._selecting("id, rev, body", collection, where, order, limit, offset)
        else:  # sort numbers, not documents; CROSS JOIN keeps their order
            inner, params = self._selecting("id", collection, where, order, limit, offset)
            whole = f"CROSS JOIN {quoted(collection)} AS whole ON whole.id = found.id"
            sql = f"SELECT whole.id, whole.rev, whole.body FROM ({inner}) AS found {whole}"
        return (Row(*each) for each in self._session.stream(sql, params))

    def ids(
        self,
        collection: str,
        where: Predicate,
        order: tuple[str, ...] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> array[int]:
        if not self._has(collection):
            return array("q")
        sql, params = self._selecting("id", collection, where, order, limit, offset)
        return array("q", chain.from_iterable(self._session.stream(sql, params)))

    def _selecting(
        self, what: str, collection: str, where: Predicate, order: tuple[str, ...], limit: int | None, offset: int
    ) -> tuple[str, tuple[Any, ...]]:
        self._catch_up(where)
        found = self.dialect(collection).found(where, order)
        sql = f"SELECT {what} FROM {quoted(collection)}{found} LIMIT ? OFFSET ?"
        return sql, (*where.params, -1 if limit is None else limit, offset)

    def values(self, collection: str, path: str, ids: Iterable[int]) -> dict[int, Any]:
        if not self._has(collection):
            return {}
        value = self.dialect(collection).value(path)
        sql = f"SELECT id, {value} FROM {quoted(collection)} WHERE {_AMONG}"
        return dict(self._session.run(sql, (dumps(list(ids)),)))

    def distinct(self, collection: str, path: str) -> list[Any]:
        if not self._has(collection):
            return []
        elements = self.dialect(collection).elements(quoted(collection), path)
        sql = f"SELECT DISTINCT value FROM {elements} WHERE type NOT IN ('null', 'array', 'object') ORDER BY value"
        return [value for (value,) in self._session.run(sql)]

    def count(self, collection: str, where: Predicate) -> int:
        if not self._has(collection):
            return 0
        self._catch_up(where)
        sql = f"SELECT count(*) FROM {quoted(collection)}{self.dialect(collection).walk(where)} WHERE {where.sql}"
        return int(self._session.run(sql, where.params)[0][0])

    def matching(self, collection: str, text: TextQuery, limit: int | None, *, newest: bool) -> list[int]:
        self._catch_up()
        return fulltext.matching(self._session, self.schema[collection], text, limit, newest=newest)

    def owners(self, collection: str, text: TextQuery, limit: int | None) -> list[int]:
        self._catch_up()
        return fulltext.owners(self._session, self.schema[collection], text, limit)

    def saying_all(self, said: Sequence[Sequence[tuple[str, TextQuery]]], limit: int | None) -> list[int]:
        self._catch_up()
        there = [[(self.schema[collection], text) for collection, text in each] for each in said]
        return fulltext.saying_all(self._session, there, limit)

    def _catch_up(self, where: Predicate | None = None) -> None:
        """Inside a transaction, let the full text see what was written there, if it is asked at all."""
        session = self._session
        if session.writing and (where is None or asks_text(where.sql)):
            fulltext.catch_up(session, self.schema)

    def put(self, collection: str, documents: Sequence[tuple[int, str]]) -> None:
        session, ids = self._writer, [number for number, _ in documents]
        self.ensure(collection)
        revisions = counters.record(session, collection, ids, "put")
        session.run_many(
            f"INSERT INTO {quoted(collection)} (id, rev, body) VALUES (?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, body = excluded.body",
            [(number, rev, body) for rev, (number, body) in zip(revisions, documents, strict=True)],
        )
        counters.pass_by(session, collection, ids)

    def delete(self, collection: str, ids: Sequence[int]) -> None:
        session = self._writer
        if self._has(collection):
            counters.record(session, collection, ids, "delete")
            session.run(f"DELETE FROM {quoted(collection)} WHERE {_AMONG}", (dumps(list(ids)),))

    def next_ids(self, collection: str, count: int) -> range:
        session = self._writer
        self.ensure(collection)
        return counters.take_ids(session, collection, count)

    def upcoming(self, collection: str) -> int:
        return counters.upcoming(self._session, collection)

    def restart(self, collection: str) -> None:
        counters.restart(self._writer, collection)

    def ensure(self, collection: str) -> None:
        if not self._has(collection):
            ddl.build_collection(self._writer, Collection(collection))

    @property
    def _writer(self) -> Session:
        session = self._session
        session.about_to_write()
        return session

    def _has(self, collection: str) -> bool:
        session = self._session
        if collection not in session.known:
            session.known = frozenset(self.collections())
        return collection in session.known

    def collections(self) -> list[str]:
        return counters.collections(self._session)

    def revision(self) -> int:
        return counters.revision(self._session)

    def changes(self, since: int) -> list[Change]:
        return counters.changes(self._session, since)

    def prune(self, keep: int) -> None:
        counters.prune(self._writer, keep)

    def examine(self, called: Path | None = None) -> None:
        """As `Engine.examine`; `called` is the file to blame, where this one is a copy of it that nobody else knows."""
        examining.examine(self.path, self._sessions, self.schema, called)

    def examine_or_mend(self, called: Path) -> None:
        """As `examine`; what follows from the documents is made anew where only that is wrong."""
        try:
            self.examine(called)
        except IndexDamaged:
            self.rebuild()
            self.examine(called)

    def strangers(self) -> list[str]:
        return strangers.strangers(self._session, self.schema)

    def rebuild(self) -> None:
        with self.write():
            upkeep.rebuild(self._writer, self.schema)

    def scrub(self) -> None:
        with self._turnstile.alone():
            versions.refuse_replaced(self.path, self._file)
            with closing(self._sessions.apart()) as fresh:  # nothing is being read on this one
                upkeep.scrub(fresh, self.path)

    def copy_to(self, target: Path) -> None:
        copies.copy(self._session, self.path, target)

    def become(self, source: Path, first: Callable[[], object] = lambda: None) -> None:
        if self._session.is_inside:
            raise StorageError("the store is not replaced while it is being read or written")
        with workshop(self.path.parent) as folder:
            part = folder / self.path.name
            copies.take(source, part, self.schema.version)
            copies.repage(part, self._session)
            with closing(self._beside(part)) as taken:
                taken.examine_or_mend(source)
                with self._turnstile.alone():
                    first()
                    self._follow(taken)

    def _beside(self, part: Path) -> SQLiteEngine:
        return SQLiteEngine(part, self.schema, self._sessions.patience, self._upgrade, keeps_copy=False)

    def _follow(self, taken: SQLiteEngine) -> None:
        """Let the live store have the content of one that was made ready beside it."""
        self.refuse_outdated()
        with taken.write():
            for name in self.collections():
                taken.ensure(name)
            upkeep.make_newest(taken._session, self._session)
        with closing(self._sessions.apart()) as fresh:  # nothing is being read on this one
            fresh.take_over(taken._session, copies.PAGES, copies.patiently(self.path))
            fresh.run("PRAGMA busy_timeout=0")  # whoever is reading now must not keep writers waiting
            fresh.run("PRAGMA wal_checkpoint(TRUNCATE)")

    def rest(self) -> None:
        self._sessions.rest()

    def close(self) -> None:
        if not self._sessions.shut():
            return
        with ExitStack() as stack:
            # SQLite writes its log into the file when the last connection goes.  If the turnstile stays shut, whoever
            # is inside has a connection, so ours is not the last.
            with suppress(StoreBusy):
                stack.enter_context(self._turnstile.alone(at_most=_PATIENCE_TO_CLOSE))
            self._sessions.close()
        self._turnstile.close()
