from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime

import pytest
from tinydb import Query, where
from tinydb.operations import increment
from tinydb.table import Document

from storage.database import TicketStore
from storage.errors import StaleWrite, Unstorable
from storage.table import DocumentTable, StoredDocument
from storage.words import TextQuery

T = Query()


@pytest.fixture
def tickets(store: TicketStore) -> DocumentTable:
    return store.table("tickets")


def read(table: DocumentTable, doc_id: int) -> StoredDocument:
    document = table.get(doc_id=doc_id)
    assert document is not None
    return document


def test_documents_are_numbered_from_one_and_numbers_are_not_used_again(tickets: DocumentTable) -> None:
    assert tickets.insert_multiple([{}, {}, {}]) == [1, 2, 3]
    tickets.remove(doc_ids=[3])
    assert tickets.insert({}) == 4


def test_a_document_may_bring_its_id_and_numbering_goes_on_after_it(tickets: DocumentTable) -> None:
    assert tickets.insert(Document({"a": 1}, 7)) == 7
    assert tickets.insert({}) == 8
    with pytest.raises(ValueError, match="already exists"):
        tickets.insert(Document({}, 7))


@pytest.mark.parametrize("doc_id", [0, -1, 2**63 - 1, 2**63, 2**80, -(2**70)])
def test_an_id_that_is_not_there_is_simply_not_there(tickets: DocumentTable, doc_id: int) -> None:
    tickets.insert({})
    assert tickets.get(doc_id=doc_id) is None
    assert [each.doc_id for each in tickets.get(doc_ids=[doc_id, 1, 1])] == [1]
    assert tickets.update({"a": 1}, doc_ids=[doc_id]) == []


def test_an_id_too_large_for_the_store_is_refused_in_words(tickets: DocumentTable) -> None:
    with pytest.raises(Unstorable, match="too large"):
        tickets.insert(Document({}, 2**70))
    assert len(tickets) == 0


def test_the_ids_of_a_long_list_are_never_in_memory_one_by_one(tickets: DocumentTable) -> None:
    tickets.insert_multiple([{"number": each} for each in range(10_000)])
    tracemalloc.start()
    found = tickets.packed_ids(order_by="-doc_id")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(found), found[0]) == (10_000, 10_000)
    assert most < 4 * found.itemsize * len(found)


def test_editing_what_was_read_changes_nothing_until_it_is_written(tickets: DocumentTable) -> None:
    tickets.insert({"tags": ["a"]})
    read(tickets, 1)["tags"].append("b")
    tickets.search(T.tags.exists())[0]["tags"].append("c")
    assert read(tickets, 1)["tags"] == ["a"]


def test_found_documents_come_in_order_in_pages_and_without_a_value_last(tickets: DocumentTable) -> None:
    tickets.insert_multiple([{"updated": "b"}, {}, {"updated": "c"}, {"updated": "a"}, {"updated": None}])
    assert tickets.ids(order_by="updated") == [4, 1, 3, 2, 5]
    assert tickets.ids(order_by="-updated") == [3, 1, 4, 5, 2]
    assert tickets.ids(order_by="-updated", limit=2, offset=1) == [1, 4]
    assert tickets.ids(order_by="-doc_id", limit=2) == [5, 4]
    assert [each.doc_id for each in tickets.find(limit=2, offset=1)] == [2, 3]


def test_pages_are_the_same_when_documents_are_judged_one_by_one(tickets: DocumentTable) -> None:
    tickets.insert_multiple({"n": number, "updated": str(number % 3)} for number in range(20))
    odd = T.n.test(lambda number: number % 2 == 1)
    expected = sorted(range(1, 20, 2), key=lambda number: (number % 3, number), reverse=True)
    assert [each["n"] for each in tickets.find(odd, order_by="-updated", limit=4, offset=3)] == expected[3:7]
    assert [doc_id - 1 for doc_id in tickets.ids(odd, order_by="-updated")] == expected
    assert tickets.count(odd) == 10
    assert tickets.count() == 20


def test_an_order_by_several_fields_and_by_fields_that_are_not_lifted(tickets: DocumentTable) -> None:
    tickets.insert_multiple([{"a": 1, "b": {"c": "x"}}, {"a": 2, "b": {"c": "x"}}, {"a": 3, "b": {"c": "w"}}])
    assert tickets.ids(order_by=("b.c", "-a")) == [3, 2, 1]


@pytest.mark.parametrize("order_by", ["", "a b", "a;b", "a'", "--a", "1", "customer.", "updated DESC"])
def test_an_order_by_what_is_no_path_is_refused(tickets: DocumentTable, order_by: str) -> None:
    with pytest.raises(ValueError, match="no path"):
        tickets.find(order_by=order_by)


def test_a_table_may_be_written_while_it_is_walked(tickets: DocumentTable) -> None:
    tickets.insert_multiple({"n": number} for number in range(1_200))
    walked = iter(tickets)
    first = next(walked)
    tickets.update({"seen": True}, doc_ids=[first.doc_id, 1_199])
    tickets.remove(doc_ids=[2, 1_100])  # the one was read before, the other not yet
    rest = list(walked)
    assert len(rest) == 1_198
    assert [each.doc_id for each in rest if each.get("seen")] == [1_199]


def test_an_update_applies_to_the_document_as_it_is_now(tickets: DocumentTable) -> None:
    tickets.insert({"n": 1, "other": "x"})
    assert tickets.update(increment("n"), T.other == "x") == [1]
    assert tickets.update({"other": "y"}, doc_ids=[1, 99]) == [1]
    assert tickets.update({"all": 1}) == [1]
    assert read(tickets, 1) == {"n": 2, "other": "y", "all": 1}


def test_an_update_that_fails_halfway_leaves_nothing_behind(tickets: DocumentTable) -> None:
    tickets.insert_multiple([{"n": 1}, {"n": "text"}])
    with pytest.raises(TypeError):
        tickets.update(increment("n"))
    with pytest.raises(Unstorable):
        tickets.update({"when": datetime.now(UTC)}, doc_ids=[1])
    with pytest.raises(ValueError, match="not a Mapping"):
        tickets.insert_multiple([{"n": 3}, ["no document"]])  # type: ignore[list-item]  # it is refused
    assert [dict(each) for each in tickets] == [{"n": 1}, {"n": "text"}]


def test_an_update_that_changes_nothing_keeps_the_revision(store: TicketStore, tickets: DocumentTable) -> None:
    tickets.insert({"unread": 1})
    before = store.revision()
    tickets.update({"unread": 1}, doc_ids=[1])
    assert store.revision() == before
    tickets.update({"unread": True}, doc_ids=[1])  # equal to Python, another value in the document
    assert read(tickets, 1)["unread"] is True


def test_an_upsert_updates_or_inserts(tickets: DocumentTable) -> None:
    assert tickets.upsert({"a": 1}, where("a") == 1) == [1]
    assert tickets.upsert({"a": 1, "b": 2}, where("a") == 1) == [1]
    assert tickets.upsert(Document({"c": 3}, 9)) == [9]
    assert [dict(each) for each in tickets] == [{"a": 1, "b": 2}, {"c": 3}]


def test_an_emptied_table_numbers_from_one_again(tickets: DocumentTable) -> None:
    tickets.insert_multiple([{}, {}])
    tickets.truncate()
    assert tickets.insert({}) == 1


def test_an_edited_document_replaces_the_one_that_was_read(tickets: DocumentTable) -> None:
    tickets.insert({"subject": "old", "gone": 1})
    edited = read(tickets, 1)
    edited["subject"] = "new"
    del edited["gone"]
    replaced = tickets.replace(edited)
    assert replaced == read(tickets, 1) == {"subject": "new"}
    assert replaced.rev > edited.rev
    assert tickets.replace(replaced).rev == replaced.rev


def test_a_replace_is_refused_when_somebody_else_wrote_in_between(tickets: DocumentTable) -> None:
    tickets.insert({"subject": "old"})
    edited = read(tickets, 1)
    tickets.update({"subject": "theirs"}, doc_ids=[1])
    with pytest.raises(StaleWrite) as caught:
        tickets.replace(edited)
    theirs = caught.value.current
    assert isinstance(theirs, StoredDocument)
    assert theirs == {"subject": "theirs"}
    assert tickets.replace(theirs).rev == theirs.rev


def test_a_replace_is_refused_when_the_document_was_removed(tickets: DocumentTable) -> None:
    tickets.insert({})
    edited = read(tickets, 1)
    tickets.remove(doc_ids=[1])
    with pytest.raises(StaleWrite) as caught:
        tickets.replace(edited)
    assert caught.value.current is None
    assert len(tickets) == 0


def test_values_and_distinct_read_one_field_without_the_documents(tickets: DocumentTable) -> None:
    tickets.insert_multiple(
        [
            {"status": "open", "tags": ["vip", "late"], "free": {"n": 1}, "marks": ["vip", None, ["x"], 7]},
            {"status": None, "tags": ["late"], "marks": []},
            {"status": ["a"], "tags": []},
            {"marks": "alone"},
        ]
    )
    assert tickets.values("status", [1, 2, 3, 99]) == {1: "open", 2: None, 3: None}
    assert tickets.values("free.n", [1, 4]) == {1: 1, 4: None}
    assert tickets.distinct("tags") == ["late", "vip"]
    assert tickets.distinct("marks") == [7, "alone", "vip"]
    with pytest.raises(ValueError, match="no path"):
        tickets.distinct("a'b")


def test_a_table_that_was_never_written_is_empty(store: TicketStore) -> None:
    macros = store.table("macros")
    assert (len(macros), macros.all(), macros.find(order_by="-x"), macros.ids(), macros.count(T.a == 1)) == (
        0,
        [],
        [],
        [],
        0,
    )
    assert (macros.get(doc_id=1), macros.values("a", [1]), macros.distinct("a")) == (None, {}, [])
    assert macros.remove(T.a == 1) == []
    assert "macros" not in store.tables()


def test_words_are_found_without_case_accents_or_order(tickets: DocumentTable) -> None:
    tickets.insert_multiple([{"subject": "Réfund of INVOICE"}, {"subject": "Возврат денег за заказ"}, {"subject": "x"}])
    assert [each.doc_id for each in tickets.matching("invoice refund ")] == [1]
    assert tickets.matching_ids("РЕФАНД") == []
    assert tickets.matching_ids("ДЕНЕГ возврат ") == [2]
    assert tickets.matching_ids("invoice nothing ") == []


def test_the_last_word_may_be_unfinished_until_a_blank_follows(tickets: DocumentTable) -> None:
    tickets.insert_multiple([{"subject": "refunds"}, {"subject": "возвраты"}])
    assert tickets.matching_ids("refun") == [1]
    assert tickets.matching_ids("refun ") == []
    assert tickets.matching_ids("возвра") == [2]
    assert tickets.matching_ids(TextQuery(("refun",), prefix=True)) == [1]


def test_words_in_quotes_stand_side_by_side(tickets: DocumentTable) -> None:
    tickets.insert_multiple([{"subject": "bank transfer late"}, {"subject": "transfer to the bank"}])
    assert tickets.matching_ids('"bank transfer"') == [1]
    assert tickets.matching_ids('"bank transfer" la') == [1]
    assert tickets.matching_ids('"bank tra') == [1]
    assert tickets.matching_ids("bank transfer ") == [2, 1]


def test_a_run_of_japanese_is_found_by_any_part_of_it(tickets: DocumentTable) -> None:
    tickets.insert({"subject": "請求書について 返金をお願いします"})
    assert tickets.matching_ids("請求") == [1]
    assert tickets.matching_ids("返金をお願いします") == [1]
    assert tickets.matching_ids("求書") == [1]
    assert tickets.matching_ids("書求") == []


def test_customers_are_found_by_name_and_address_and_a_field_can_be_chosen(tickets: DocumentTable) -> None:
    tickets.insert_multiple(
        [{"subject": "hello", "customer": {"name": "Zoë Hello", "email": "zoe.b@mail.example.com"}}, {"subject": "zoe"}]
    )
    assert tickets.matching_ids("zoe.b@mail.example.com") == [1]
    assert tickets.matching_ids("zoe ") == [2, 1]
    assert tickets.matching_ids(TextQuery.typed("zoe", "customer")) == [1]
    assert tickets.matching_ids(TextQuery(("hello", "zoe"), fields=("subject",))) == []
    with pytest.raises(ValueError, match="no text to search in status"):
        tickets.matching_ids(TextQuery(("a",), fields=("status",)))


@pytest.mark.parametrize(
    "text",
    [
        *(
            '"',
            '""',
            '"""',
            "'",
            "*",
            "a*",
            "^a",
            "(",
            ")",
            "a AND",
            "NOT a",
            "NEAR(a b)",
            "subject:a",
            "-a",
            "{a} : b",
        ),
        *("a\0b", "\ud800", "%", "\\", "; DROP TABLE tickets", "!!! ???", "", "  ", "+", 'a"b"c', "@", "\u0301"),
    ],
)
def test_any_text_a_person_can_type_is_safe_to_search_for(tickets: DocumentTable, text: str) -> None:
    tickets.insert({"subject": "unrelated"})
    for typed in (text, f"{text} ", f"unrelated {text}", f'"{text}"'):
        assert tickets.matching_ids(typed) in ([], [1])


def test_a_quote_inside_a_phrase_is_a_blank(tickets: DocumentTable) -> None:
    tickets.insert({"subject": "say hi"})
    assert tickets.matching_ids(TextQuery(('say "hi"',))) == [1]
    assert tickets.matching_ids(TextQuery(('hi" OR "x',))) == []


def test_a_word_without_letters_does_not_spoil_the_others(tickets: DocumentTable) -> None:
    tickets.insert({"subject": "Refund, please!"})
    assert tickets.matching_ids("refund !!! ") == [1]
    assert tickets.matching_ids("?? refund") == [1]
    assert tickets.matching_ids("!!!") == []


def test_full_text_follows_every_change_of_a_document(store: TicketStore) -> None:
    entries = store.table("entries")
    entries.insert_multiple(
        [{"text": "a zebra crossing"}, {"text": "a zebra"}, {"text": None}, {"text": ["zebra"]}, {}]
    )
    assert entries.matching_ids("zebra") == [2, 1]
    entries.update({"text": "a horse"}, doc_ids=[1])
    entries.update({"seen": True}, doc_ids=[2])
    assert (entries.matching_ids("zebra"), entries.matching_ids("horse")) == ([2], [1])
    entries.remove(doc_ids=[2])
    assert entries.matching_ids("zebra") == []
    entries.truncate()
    assert entries.matching_ids("horse") == []


def test_matches_come_newest_first_or_best_first(store: TicketStore) -> None:
    entries = store.table("entries")
    entries.insert_multiple([{"text": "refund refund refund"}, {"text": "refund " + "of many other things " * 20}])
    assert entries.matching_ids("refund ", limit=1) == [2]
    assert entries.matching_ids("refund ", limit=1, newest=False) == [1]
    assert [each.doc_id for each in entries.matching("refund ", 5)] == [2, 1]


def test_a_collection_without_text_cannot_be_searched(store: TicketStore) -> None:
    with pytest.raises(ValueError, match="agents has no text to search"):
        store.table("agents").matching("mia")
