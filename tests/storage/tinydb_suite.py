"""A pytest plugin that gives TinyDB's own tests a `db` over our store: `pytest -p tests.storage.tinydb_suite FOLDER`.

Only tests that ask for `db` run. The others are about TinyDB's own parts: its storages, its cache, queries without a
database; so are those that ask for `storage`, which look into MemoryStorage.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import TicketStore, open_store

_NAMES_THE_CLASS = "the class is ours, and so is its name"
_HAS_COLLECTIONS = "a new store has the desk's collections"
_CACHES_NOTHING = "nothing is cached, since another process may write"

EXCEPTIONS = {
    "test_table_repr": _NAMES_THE_CLASS,
    "test_tables_list": _HAS_COLLECTIONS,
    "test_query_cache": _CACHES_NOTHING,
    "test_query_cache_size": _CACHES_NOTHING,
    "test_lru_cache": _CACHES_NOTHING,
    "test_search": _CACHES_NOTHING,
    "test_search_path": _CACHES_NOTHING,
}
"""What our store does otherwise on purpose, by the test that says so; each must fail for as long as it stands here."""


@pytest.fixture
def db(tmp_path: Path) -> Iterator[TicketStore]:
    """TinyDB's fixture of that name, line for line, over our store."""
    with open_store(tmp_path / "desk.db") as store:
        store.drop_tables()
        store.insert_multiple({"int": 1, "char": c} for c in "abc")
        yield store


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests that use `db`, and expect the exceptions to fail."""
    asks = [isinstance(item, pytest.Function) and "db" in item.fixturenames for item in items]
    config.hook.pytest_deselected(items=[item for item, uses in zip(items, asks, strict=True) if not uses])
    items[:] = [item for item, uses in zip(items, asks, strict=True) if uses]
    for item in items:
        if reason := EXCEPTIONS.get(item.name):
            item.add_marker(pytest.mark.xfail(reason=reason, raises=AssertionError, strict=True))
