"""The full text of a store's file: what it is made of, and that it stays true to the documents."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage.database import TicketStore, open_store
from storage.schema import SCHEMA, Collection, Schema
from storage.sqlite.engine import SQLiteEngine
from storage.words import TextQuery

RAISED = Schema(SCHEMA.version + 1, SCHEMA.collections)


@pytest.fixture
def shell(path: Path, store: TicketStore) -> Iterator[sqlite3.Connection]:
    """Another program that has the file open."""
    store.table("tickets").insert(
        {"number": 1, "subject": "Größe", "customer": {"name": "Zoë", "email": "z@x.example"}}
    )
    store.table("entries").insert({"ticket": 1, "kind": "note", "note": "Ask the warehouse"})
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def test_another_program_reads_every_table_and_finds_the_file_sound(shell: sqlite3.Connection) -> None:
    assert shell.execute("SELECT id, subject, customer_name FROM tickets").fetchall() == [(1, "Größe", "Zoë")]
    assert shell.execute("SELECT ticket, note FROM entries").fetchall() == [(1, "Ask the warehouse")]
    assert shell.execute("SELECT rowid FROM tandem_text_tickets WHERE tandem_text_tickets MATCH 'grosse'").fetchall()
    assert shell.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_another_program_cannot_write_past_the_full_text(shell: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such function"):
        shell.execute("""UPDATE entries SET body = json_set(body, '$.note', 'forged')""")


def test_full_text_by_another_rule_of_words_is_made_anew(path: Path, shell: sqlite3.Connection) -> None:
    (made,) = shell.execute("SELECT sql FROM sqlite_schema WHERE name = 'tandem_said_entries'").fetchone()
    shell.execute("DROP VIEW tandem_said_entries")
    shell.execute(made.replace("tandem_form_", "tandem_form_0"))
    shell.execute("INSERT INTO tandem_text_entries (tandem_text_entries) VALUES ('delete-all')")
    with TicketStore(SQLiteEngine(path, RAISED, keeps_copy=False)) as store:
        assert store.table("entries").matching_ids("ware") == [1]
        store.table("entries").update({"note": "Ask the courier"})
        assert store.table("entries").matching_ids("ware") == []
        store.examine()


def test_full_text_of_a_recipe_that_did_not_change_is_left_alone(path: Path, shell: sqlite3.Connection) -> None:
    made = "SELECT name, rootpage, sql FROM sqlite_schema WHERE name LIKE 'tandem%' ORDER BY name"
    before = shell.execute(made).fetchall()
    with TicketStore(SQLiteEngine(path, RAISED, keeps_copy=False)):
        assert shell.execute(made).fetchall() == before


ODD: list[Any] = [
    *(None, 7, "Bo Lind", [], {}, True, [[]], [None, 1, "bo"], {"email": 5, "name": None}, {"email": ["bo"]}),
    *([{"name": "Bo"}], [[{"name": "deep"}]], {"name": "Bo", "email": "bo@acme.example"}, [{"name": "\0"}]),
]


def test_whatever_stands_in_the_place_of_people_can_be_stored(store: TicketStore) -> None:
    tickets = store.table("tickets")
    for before in ODD:
        for after in ODD:
            [number] = tickets.insert_multiple([{"senders": before, "customer": before, "subject": before}])
            tickets.update({"senders": after, "customer": after, "subject": after}, doc_ids=[number])
            tickets.remove(doc_ids=[number])
    assert tickets.matching_ids("bo") == []
    tickets.insert_multiple([{"senders": each} for each in ODD])
    found = tickets.matching_ids(TextQuery(("bo",), fields=("senders",)))
    assert [tickets.get(doc_id=each) for each in found] == [{"senders": ODD[12]}, {"senders": ODD[10]}]
    store.examine()


def test_what_belongs_to_no_ticket_that_can_be_is_found_by_itself(store: TicketStore) -> None:
    entries = store.table("entries")
    owners = [None, 3, "3", 3.0, -1, 2**31, 2**31 - 1, [3]]
    numbers = entries.insert_multiple([{"ticket": each, "text": "warehouse"} for each in owners])
    assert sorted(entries.matching_ids("warehouse")) == numbers
    assert store.engine.owners("entries", TextQuery(("warehouse",)), None) == [2**31 - 1, 3, 0]
    entries.update({"ticket": 5}, doc_ids=numbers)
    assert store.engine.owners("entries", TextQuery(("warehouse",)), None) == [5]
    store.examine()


def test_a_document_past_all_ids_is_stored_but_not_searched(store: TicketStore) -> None:
    entries = store.table("entries")
    entries.insert(entries.document_class({"text": "warehouse"}, 2**32))
    entries.update({"text": "warehouses"})
    assert entries.matching_ids("ware") == []
    store.examine()


def test_a_store_in_which_nothing_is_said_yet_can_be_searched(path: Path) -> None:
    with open_store(path) as store:
        assert store.table("entries").matching_ids("anything") == []


def test_full_text_follows_a_number_that_equals_the_one_before_but_reads_otherwise(path: Path) -> None:
    alone = Schema(1, (Collection("plain", text=("subject",)), Collection("several", text=("subject", "other"))))
    with TicketStore(SQLiteEngine(path, alone)) as store:
        for name in ("plain", "several"):
            table = store.table(name)
            table.insert({"subject": 17})
            table.update({"subject": 17.5})
            table.update({"subject": 17.0})
            table.update({"subject": 17})
            table.update({"subject": 17.0})
            assert table.matching_ids("17.0") == [1]
        store.examine()


@pytest.mark.parametrize("odd", ["{oops", "[x", '["', "{" * 2_000, "[" * 2_000])
def test_a_text_where_people_belong_is_stored_whatever_it_begins_with(store: TicketStore, odd: str) -> None:
    store.table("tickets").insert({"number": 1, "subject": "parcel", "customer": odd, "senders": odd})
    assert store.table("tickets").matching_ids("parcel") == [1]
    store.table("tickets").update({"customer": {"name": "Zoë", "email": "z@x.example"}})
    assert store.table("tickets").matching_ids("zoe") == [1]
    store.examine()


def test_what_a_transaction_has_written_is_found_in_it_as_it_is_then(store: TicketStore) -> None:
    entries = store.table("entries")
    with store.transaction():
        entries.insert_multiple({"ticket": number, "text": f"parcel {number}"} for number in (1, 2, 3))
        entries.update({"text": "invoice 2"}, doc_ids=[2])
        assert entries.matching_ids("parcel") == [3, 1]
        entries.update({"text": "parcel again"}, doc_ids=[2])
        entries.remove(doc_ids=[3])
        entries.insert({"ticket": 4, "text": "parcel 4"})
        assert entries.matching_ids("parcel") == [4, 2, 1]
        assert entries.matching_ids("invoice") == []
    assert entries.matching_ids("parcel") == [4, 2, 1]
    store.examine()


def test_what_a_level_of_a_transaction_takes_back_is_not_found(store: TicketStore) -> None:
    entries = store.table("entries")

    def taken_back() -> None:
        with store.transaction():
            entries.insert({"ticket": 2, "text": "parcel"})
            entries.update({"text": "invoice"}, doc_ids=[1])
            assert entries.matching_ids("invoice") == [1]
            raise KeyError

    with store.transaction():
        entries.insert({"ticket": 1, "text": "parcel"})
        with pytest.raises(KeyError):
            taken_back()
    assert entries.matching_ids("parcel") == [1]
    assert entries.matching_ids("invoice") == []
    store.examine()


def test_what_is_made_anew_in_a_transaction_that_wrote_is_found_once(store: TicketStore) -> None:
    with store.transaction():
        store.table("entries").insert({"ticket": 1, "text": "parcel"})
        store.rebuild()
    assert store.table("entries").matching_ids("parcel") == [1]
    store.examine()
