"""The store, plain dicts and stock TinyDB are told the same things and must hold the same, whatever happens."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tinydb import TinyDB
from tinydb.queries import QueryInstance
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from storage.database import TicketStore, open_store
from storage.errors import StaleWrite, Unstorable
from storage.table import StoredDocument
from tests.storage.model import Fields, Model, Update
from tests.storage.odd_documents import documents, in_order, orders, queries, unstorable, updates
from tests.storage.transactions import WentWrong

TABLES = ("tickets", "entries", "free", "table")
EXAMPLES = int(os.environ.get("TANDEM_EXAMPLES", "0"))
"""How many new random histories to try; without it a few, which are always the same."""

names = st.sampled_from(TABLES)
ids = st.integers(1, 12)
some_ids = st.lists(ids, unique=True, max_size=4)
any_query = st.none() | queries


class CopyingStorage(MemoryStorage):
    """As TinyDB's own, which hands out the very dicts it holds."""

    def read(self) -> dict[str, dict[str, Any]] | None:
        return deepcopy(super().read())

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        super().write(deepcopy(data))


class Seen(NamedTuple):
    """A document as somebody read it, and which write had made it so."""

    table: str
    document: StoredDocument
    version: int | None


@dataclass(frozen=True)
class Level:
    """An open transaction, and what there was when it began."""

    transaction: AbstractContextManager[None]
    model: Model
    memory: Any
    seen: tuple[Seen, ...]


def written(tables: dict[str, dict[int, Fields]]) -> str:
    """Everything as text, in which 1, 1.0 and true differ, as does the order of fields."""
    return json.dumps({name: sorted(table.items()) for name, table in tables.items()}, indent=1)


def contents(store: TicketStore | TinyDB) -> str:
    return written({name: {each.doc_id: dict(each) for each in store.table(name)} for name in TABLES})


def outcome(act: Callable[[], object]) -> object:
    """A result or an error, whatever comes first: stock TinyDB goes by insertion, the store by id."""
    try:
        result = act()
        return sorted(result) if isinstance(result, list) else result
    except (KeyError, TypeError):
        return "a field is missing or of another kind"
    except ValueError as error:
        return type(error)


def agree(*acts: Callable[[], object]) -> None:
    """Do the same thing in several ways; the same must come of it."""
    expected, *others = (outcome(act) for act in acts)
    for other in others:
        assert other == expected


class Histories(RuleBasedStateMachine):
    """One file that two stores have open and use in turn, in transactions within transactions."""

    base: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=self.base))
        self.store, self.other = self.open(), self.open()
        self.stock = TinyDB(storage=CopyingStorage)
        self.model = Model(TABLES)
        self.levels: list[Level] = []
        self.seen: tuple[Seen, ...] = ()
        self.published, self.revision = self.model.copy(), 0

    def open(self) -> TicketStore:
        return open_store(self.folder / "desk.db")

    def teardown(self) -> None:
        while self.levels:
            self.give_up()
        self.store.close()
        self.other.close()
        shutil.rmtree(self.folder)

    @property
    def committed(self) -> str:
        return written((self.levels[0].model if self.levels else self.model).tables)

    # Writing

    @initialize(some=st.lists(documents, min_size=4, max_size=8))
    def begin_with_some(self, some: list[Fields]) -> None:
        for name in TABLES:
            self.insert(name, some, at_once=True)
            self.read(name, 1)

    @rule(name=names, some=st.lists(documents, min_size=1, max_size=3), at_once=st.booleans())
    def insert(self, name: str, some: list[Fields], at_once: bool) -> None:  # noqa: FBT001  hypothesis names it
        numbers, table = self.model.next_ids(name, len(some)), self.store.table(name)
        agree(
            lambda: self.model.insert(name, dict(zip(numbers, some, strict=True))),
            lambda: self.stock.table(name).insert_multiple(map(Document, some, numbers)),
            lambda: table.insert_multiple(some) if at_once else [table.insert(each) for each in some],
        )

    @rule(name=names, document=documents, number=ids)
    def insert_under_an_id(self, name: str, document: Fields, number: int) -> None:
        agree(
            lambda: self.model.insert(name, {number: document})[0],
            lambda: self.stock.table(name).insert(Document(document, number)),
            lambda: self.store.table(name).insert(Document(document, number)),
        )

    @rule(name=names, some=st.lists(documents, max_size=3), bad=unstorable, found=any_query)
    def write_what_cannot_be_stored(
        self, name: str, some: list[Fields], bad: object, found: QueryInstance | None
    ) -> None:
        with_bad = [*some, {"deep": [bad]}, *some]
        with pytest.raises(Unstorable):
            self.store.table(name).insert_multiple(with_bad)
        if self.model.found(name, found):
            with pytest.raises(Unstorable):
                self.store.table(name).update({"deep": bad}, found)

    @rule(name=names, update=updates, found=any_query)
    def update(self, name: str, update: Update, found: QueryInstance | None) -> None:
        agree(
            lambda: self.model.update(name, update, self.model.found(name, found)),
            lambda: self.stock.table(name).update(update, found),
            lambda: self.store.table(name).update(update, found),
        )

    @rule(name=names, update=updates, numbers=some_ids)
    def update_by_id(self, name: str, update: Update, numbers: list[int]) -> None:
        agree(
            lambda: self.model.update(name, update, numbers),
            lambda: self.stock.table(name).update(update, doc_ids=numbers),
            lambda: self.store.table(name).update(update, doc_ids=numbers),
        )

    @rule(name=names, several=st.lists(st.tuples(updates, queries), max_size=3))
    def update_several(self, name: str, several: list[tuple[Update, QueryInstance]]) -> None:
        agree(
            lambda: self.model.update_multiple(name, several),
            lambda: self.stock.table(name).update_multiple(several),
            lambda: self.store.table(name).update_multiple(several),
        )

    @rule(name=names, document=documents, found=queries)
    def upsert(self, name: str, document: Fields, found: QueryInstance) -> None:
        new = Document(document, *self.model.next_ids(name, 1))
        is_there = bool(self.model.found(name, found))
        agree(
            lambda: self.model.upsert(name, document, self.model.found(name, found), new.doc_id),
            lambda: self.stock.table(name).upsert(document if is_there else new, found if is_there else None),
            lambda: self.store.table(name).upsert(document, found),
        )

    @rule(name=names, document=documents, number=ids)
    def upsert_under_an_id(self, name: str, document: Fields, number: int) -> None:
        agree(
            lambda: self.model.upsert(name, document, [number], number),
            lambda: self.stock.table(name).upsert(Document(document, number)),
            lambda: self.store.table(name).upsert(Document(document, number)),
        )

    @rule(name=names, found=queries)
    def remove(self, name: str, found: QueryInstance) -> None:
        agree(
            lambda: self.model.remove(name, self.model.found(name, found)),
            lambda: self.stock.table(name).remove(found),
            lambda: self.store.table(name).remove(found),
        )

    @rule(name=names, numbers=some_ids)
    def remove_by_id(self, name: str, numbers: list[int]) -> None:
        agree(
            lambda: self.model.remove(name, numbers),
            lambda: self.stock.table(name).remove(doc_ids=numbers),
            lambda: self.store.table(name).remove(doc_ids=numbers),
        )

    @rule(name=names, drop=st.booleans())
    def empty(self, name: str, drop: bool) -> None:  # noqa: FBT001  hypothesis names it
        self.model.empty(name)
        for database in (self.stock, self.store):
            if drop:
                database.drop_table(name)
            else:
                database.table(name).truncate()

    @precondition(lambda self: self.levels)
    @rule()
    def drop_tables(self) -> None:
        for name in TABLES:
            self.model.empty(name)
        self.stock.drop_tables()
        self.store.drop_tables()

    # Reading, and writing back what was read

    @rule(name=names, number=ids)
    def read(self, name: str, number: int) -> None:
        document = self.store.table(name).get(doc_id=number)
        assert document == self.model.tables[name].get(number) == self.stock.table(name).get(doc_id=number)
        assert self.store.table(name).contains(doc_id=number) == (document is not None)
        if document is not None:
            self.seen = (Seen(name, document, self.model.version(name, number)), *self.seen[:7])

    @precondition(lambda self: self.seen)
    @rule(which=st.integers(0, 7), change=documents)
    def write_back(self, which: int, change: Fields) -> None:
        name, document, version = self.seen[which % len(self.seen)]
        number, edited = document.doc_id, deepcopy(document)
        edited.update(change)
        if version != self.model.version(name, number):
            with pytest.raises(StaleWrite) as stale:
                self.store.table(name).replace(edited)
            assert stale.value.current == self.model.tables[name].get(number)
            return
        replaced = self.store.table(name).replace(edited)
        self.model.replace(name, number, dict(edited))
        self.stock.table(name).remove(doc_ids=[number])
        self.stock.table(name).insert(Document(edited, number))
        self.seen = (Seen(name, replaced, self.model.version(name, number)), *self.seen[:7])

    @rule(name=names, found=queries)
    def search(self, name: str, found: QueryInstance) -> None:
        table, stock, expected = self.store.table(name), self.stock.table(name), self.model.found(name, found)
        assert [each.doc_id for each in table.search(found)] == expected
        assert sorted(each.doc_id for each in stock.search(found)) == expected
        assert table.count(found) == stock.count(found) == len(expected)
        assert table.contains(found) == stock.contains(found) == bool(expected)
        assert table.get(found) == (self.model.tables[name][expected[0]] if expected else None)

    @rule(name=names, found=any_query, order=orders, limit=st.none() | st.integers(0, 4), offset=st.integers(0, 3))
    def find(
        self, name: str, found: QueryInstance | None, order: tuple[str, ...], limit: int | None, offset: int
    ) -> None:
        matching = {number: self.model.tables[name][number] for number in self.model.found(name, found)}
        page = in_order(matching, order)[offset : None if limit is None else offset + limit]
        table = self.store.table(name)
        assert table.ids(found, order_by=order, limit=limit, offset=offset) == page
        there = table.find(found, order_by=order, limit=limit, offset=offset)
        assert [(each.doc_id, each) for each in there] == [(number, matching[number]) for number in page]

    @rule(word=st.sampled_from(["refund", "late", "возврат"]))
    def search_text(self, word: str) -> None:
        subjects = {number: each.get("subject", "") for number, each in self.model.tables["tickets"].items()}
        expected = [number for number, text in subjects.items() if word in text.lower().replace("é", "e")]
        assert self.store.table("tickets").matching_ids(f"{word} ") == sorted(expected, reverse=True)

    # Transactions, crashes, and opening again

    @precondition(lambda self: len(self.levels) < 3)
    @rule()
    def begin(self) -> None:
        transaction = self.store.transaction()
        transaction.__enter__()
        self.levels.append(Level(transaction, self.model.copy(), self.stock.storage.read(), self.seen))

    @precondition(lambda self: self.levels)
    @rule()
    def crash(self) -> None:
        """Look at what there would be, had the process died just now."""
        assert self.contents_of(self.copied()) == self.committed

    @precondition(lambda self: self.levels)
    @rule(how=st.sampled_from(["give up", "go through", "commit"]), share=st.sampled_from([0, 0.3, 0.7, 1]))
    def end(self, how: str, share: float) -> None:
        if how == "give up":
            self.give_up()
        elif how == "go through" and len(self.levels) > 1:
            self.go_through()
        else:
            self.commit(share)

    def give_up(self) -> None:
        """An error leaves the innermost transaction; what was read inside it is forgotten with it."""
        level, error = self.levels.pop(), WentWrong()
        assert not level.transaction.__exit__(WentWrong, error, None)
        self.model, self.seen = level.model, level.seen
        self.stock.storage.write(level.memory or {})

    def go_through(self) -> None:
        """End the innermost transaction; within an outer one that may still be taken back."""
        self.levels.pop().transaction.__exit__(None, None, None)

    def commit(self, share: float) -> None:
        """End all transactions, and look at what would be there had only a share of the last write reached the disk."""
        before, log, torn = self.committed, self.folder / "desk.db-wal", self.copied()
        size = log.stat().st_size if log.exists() else 0
        while self.levels:
            self.go_through()
        if log.stat().st_size > size:
            subprocess.run(["cp", log, torn], check=True)
            os.truncate(torn / log.name, size + int(share * (log.stat().st_size - size)))
            possible = (before, self.committed) if share < 1 else (self.committed,)
            assert self.contents_of(torn) in possible

    def copied(self) -> Path:
        """The files as they are; another process copies them, since to close them here would drop SQLite's locks."""
        copy = Path(tempfile.mkdtemp(dir=self.folder))
        subprocess.run(["cp", *self.folder.glob("desk.db"), *self.folder.glob("desk.db-wal"), copy], check=True)
        return copy

    @staticmethod
    def contents_of(copy: Path) -> str:
        with closing(open_store(copy / "desk.db")) as store:
            store.examine()
            found = contents(store)
        shutil.rmtree(copy)
        return found

    @precondition(lambda self: not self.levels)
    @rule()
    def open_again(self) -> None:
        self.store.close()
        self.store = self.open()

    @precondition(lambda self: not self.levels)
    @rule()
    def take_turns(self) -> None:
        self.store, self.other = self.other, self.store

    # What must always hold

    @invariant()
    def all_hold_the_same(self) -> None:
        assert contents(self.store) == written(self.model.tables) == contents(self.stock)

    @invariant()
    def others_see_what_is_committed(self) -> None:
        assert contents(self.other) == self.committed

    @invariant()
    def the_feed_tells_of_all_that_changed(self) -> None:
        if not self.levels:
            changes = self.other.changes(self.revision)
            revisions = [each.revision for each in changes]
            assert revisions == list(range(self.revision + 1, self.store.revision() + 1))
            differing = {
                (name, number)
                for name, number in itertools.product(TABLES, range(1, 100))
                if self.model.version(name, number) != self.published.version(name, number)
            }
            assert differing <= {(each.collection, each.id) for each in changes}
            self.published, self.revision = self.model.copy(), self.store.revision()


@pytest.mark.timeout(600 + 10 * EXAMPLES)
def test_random_histories_with_crashes_leave_what_plain_dicts_and_stock_tinydb_hold(tmp_path: Path) -> None:
    class HistoriesHere(Histories):
        base = tmp_path

    run_state_machine_as_test(
        HistoriesHere,
        settings=settings(
            max_examples=EXAMPLES or 60,
            stateful_step_count=50,
            phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],
            derandomize=not EXAMPLES,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
