from __future__ import annotations

from pathlib import Path

import pytest
from tinydb import Query

from storage.database import TicketStore, open_store
from storage.engine import Change
from storage.errors import StorageError
from tests.storage.transactions import failing

T = Query()


def test_what_was_written_is_there_when_the_store_is_opened_again(path: Path) -> None:
    with open_store(path) as store:
        store.table("tickets").insert({"subject": "é", "customer": {"email": "a@example.com"}})
        store.table("macros").insert({"name": "hello"})
    with open_store(path) as store:
        assert store.table("tickets").find(T.customer.email == "a@example.com") == [
            {"subject": "é", "customer": {"email": "a@example.com"}}
        ]
        assert store.table("macros").all() == [{"name": "hello"}]
        assert store.revision() == 2


def test_a_transaction_spans_collections_and_is_taken_back_as_a_whole(store: TicketStore) -> None:
    tickets, entries, notes = store.table("tickets"), store.table("entries"), store.table("made_inside")
    with failing(store):
        number = tickets.insert({"status": "open"})
        entries.insert({"ticket": number})
        notes.insert({"ticket": number})
    assert (len(tickets), len(entries), len(notes), store.revision(), store.changes(0)) == (0, 0, 0, 0, [])
    assert tickets.insert({}) == 1  # the number that was taken back is given again
    assert notes.insert({}) == 1


def test_a_transaction_sees_what_it_wrote(store: TicketStore) -> None:
    tickets = store.table("tickets")
    with store.transaction():
        number = tickets.insert({"status": "open"})
        tickets.update({"status": "closed"}, doc_ids=[number])
        assert tickets.ids(T.status == "closed") == [number]


def test_an_inner_transaction_is_committed_by_the_outer_one(store: TicketStore) -> None:
    tickets = store.table("tickets")
    with failing(store):
        with store.transaction():
            tickets.insert({"inner": 1})
        assert len(tickets) == 1
    assert len(tickets) == 0


def test_an_inner_failure_that_is_caught_takes_back_the_inner_part_alone(store: TicketStore) -> None:
    tickets = store.table("tickets")
    with store.transaction():
        tickets.insert({"outer": "before"})
        with failing(store):
            tickets.insert({"inner": 1})
            store.table("made_inside").insert({})
            with store.transaction():
                tickets.insert({"innermost": 1})
        tickets.insert({"outer": "after"})
        store.table("made_inside").insert({"later": True})
    assert [(each.doc_id, dict(each)) for each in tickets] == [(1, {"outer": "before"}), (2, {"outer": "after"})]
    assert store.table("made_inside").all() == [{"later": True}]
    assert [change.revision for change in store.changes(0)] == [1, 2, 3]


def test_half_an_insert_of_many_is_not_left_behind_inside_a_transaction(store: TicketStore) -> None:
    tickets = store.table("tickets")
    with store.transaction():
        with pytest.raises(StorageError):
            tickets.insert_multiple([{"n": 1}, {"n": {1, 2}}])
        tickets.insert({"n": 3})
    assert tickets.all() == [{"n": 3}]


def test_a_store_says_what_changed_in_order_and_once_for_each_document(store: TicketStore) -> None:
    tickets = store.table("tickets")
    tickets.insert_multiple([{}, {}])
    since = store.revision()
    with store.transaction():
        tickets.update({"status": "open"}, doc_ids=[2])
        store.table("entries").insert({"ticket": 2})
    tickets.remove(doc_ids=[1])
    assert store.changes(since) == [
        Change(3, "tickets", 2, "put"),
        Change(4, "entries", 1, "put"),
        Change(5, "tickets", 1, "delete"),
    ]
    assert store.changes(5) == []
    document = tickets.get(doc_id=2)
    assert document is not None
    assert document.rev == 3


def test_the_feed_is_pruned_from_its_old_end(store: TicketStore) -> None:
    store.table("tickets").insert_multiple([{}] * 10)
    store.prune(keep=3)
    assert [change.revision for change in store.changes(0)] == [8, 9, 10]
    assert store.revision() == 10


def test_a_snapshot_reads_one_moment(store: TicketStore, path: Path) -> None:
    tickets = store.table("tickets")
    with open_store(path) as other, store.snapshot():
        assert len(tickets) == 0
        other.table("tickets").insert({})
        assert len(tickets) == 0
        with store.snapshot():
            assert store.revision() == 0
    assert len(tickets) == 1


def test_nothing_is_written_inside_a_snapshot(store: TicketStore) -> None:
    with store.snapshot(), pytest.raises(StorageError, match="snapshot"):
        store.table("tickets").insert({})
    assert store.table("tickets").insert({}) == 1


def test_a_transaction_may_take_a_snapshot_of_itself(store: TicketStore) -> None:
    with store.transaction():
        store.table("tickets").insert({})
        with store.snapshot():
            assert len(store.table("tickets")) == 1
        store.table("tickets").insert({})
    assert len(store.table("tickets")) == 2


def test_a_dropped_table_is_empty_and_others_are_untouched(store: TicketStore) -> None:
    store.table("macros").insert_multiple([{}, {}])
    store.table("tickets").insert({})
    store.drop_table("macros")
    assert (len(store.table("macros")), len(store.table("tickets"))) == (0, 1)
    assert store.table("macros").insert({}) == 1
    store.drop_tables()
    assert len(store.table("tickets")) == 0


def test_the_default_table_is_tinydbs(store: TicketStore) -> None:
    store.insert({"a": 1})
    assert store.search(T.a == 1) == [{"a": 1}] == store.table("_default").all()


@pytest.mark.parametrize("name", ["Tickets", "tandem_clock", "tickets\0", "a b", ""])
def test_a_table_whose_name_could_collide_is_refused(store: TicketStore, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be called"):
        store.table(name).insert({})
