"""A store goes into a plain TinyDB file and comes back equal; what is no such file changes nothing."""

from __future__ import annotations

import io
import json
import os
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tinydb
from tinydb import Query

from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.desk import Desk
from desk.errors import RefusedError, StorageError, StoreTooNew
from desk.outgoing import Answer
from storage import tinydb_file
from storage.database import TicketStore, open_store
from storage.schema import SCHEMA
from storage.tinydb_file import Malformed
from storage.transfer import MARK, export, import_
from tests.desks import make_desk, receive

Content = dict[str, dict[int, dict[str, Any]]]
NO_FILE = {"name": "a.pdf", "type": "application/pdf", "size": 3, "sha256": "", "part": 1}
SCALARS = (
    None,
    True,
    False,
    0,
    -7,
    1.0,
    0.1,
    -0.0,
    1e300,
    2**63 - 1,
    -(2**63),
    "",
    "é",
    "日本\u2028",
    "💡",
    '"\\',
    "\x1b",
)


def odd_document(r: random.Random) -> dict[str, Any]:
    return {r.choice(("a", "ключ", 'odd "key"', "", "text")): _odd(r, 3) for _ in range(r.randrange(4))}


def _odd(r: random.Random, depth: int) -> object:
    match r.randrange(4) if depth else 0:
        case 1:
            return [_odd(r, depth - 1) for _ in range(r.randrange(3))]
        case 2:
            return {r.choice("abc"): _odd(r, depth - 1) for _ in range(r.randrange(3))}
        case _:
            return r.choice(SCALARS)


def content(store: TicketStore) -> Content:
    return {name: {each.doc_id: dict(each) for each in store.table(name)} for name in store.tables()}


def upcoming(store: TicketStore) -> dict[str, int]:
    return {name: store.engine.upcoming(name) for name in store.engine.collections()}


def exported(store: TicketStore, path: Path) -> Path:
    with path.open("w", encoding="ascii") as file:
        export(store, file.write)
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "export.json"


@pytest.fixture
def full(tmp_path: Path) -> TicketStore:
    """The store of a desk where everything has happened."""
    desk = make_desk(tmp_path / "desk")
    for number in range(3):
        ticket = receive(desk, subject=f"Возврат {number} 💡", text="日本語 text\u2028 and \x1b[31m more")
        add_note(desk, ticket.number, "she called “twice”")
        reply(desk, ticket.number, Answer(text="It is on its way."))
    desk.store.agents.remove(desk.store.agents.all()[-1].handle)
    desk.store.close()
    store = open_store(tmp_path / "desk" / "desk.db")
    store.table("tickets").remove(doc_ids=[3])
    for name in ("entries", "outbox"):
        store.table(name).remove(Query().ticket == 3)
    return store


class TestExport:
    def test_stock_tinydb_opens_every_table_and_document(self, full: TicketStore, target: Path) -> None:
        with full, tinydb.TinyDB(str(exported(full, target))) as stock:
            assert stock.tables() == {*full.tables(), MARK}
            for name, documents in content(full).items():
                assert {each.doc_id: dict(each) for each in stock.table(name)} == documents, name
            assert len(content(full)["entries"]) > 8

    def test_odd_documents_are_written_as_they_are(self, store: TicketStore, target: Path) -> None:
        r = random.Random(3)
        store.table("odd").insert_multiple(odd_document(r) for _ in range(200))
        with tinydb.TinyDB(str(exported(store, target))) as stock:
            assert {each.doc_id: dict(each) for each in stock.table("odd")} == content(store)["odd"]

    def test_it_shows_one_moment(self, store: TicketStore, path: Path) -> None:
        store.table("tickets").insert_multiple({"number": n} for n in range(1, 2001))
        written: list[str] = []

        def write(piece: str) -> None:
            if len(written) == 50:
                with open_store(path) as colleague:
                    colleague.table("tickets").truncate()
            written.append(piece)

        assert export(store, write) == 2000
        assert len(json.loads("".join(written))["tickets"]) == 2000
        assert len(store.table("tickets")) == 0

    def test_it_never_holds_more_than_a_little_of_it(self, store: TicketStore) -> None:
        store.table("tickets").insert_multiple({"text": "x" * 5000} for _ in range(2000))
        sizes = [0]

        def write(piece: str) -> None:
            sizes[0] += len(piece)

        tracemalloc.start()
        export(store, write)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert sizes[0] > 10_000_000
        assert peak < sizes[0] / 3


class TestImport:
    def test_it_comes_back_equal_with_the_ids_that_follow(
        self, full: TicketStore, target: Path, tmp_path: Path
    ) -> None:
        with full, open_store(tmp_path / "new.db") as new:
            count = import_(new, exported(full, target))
            assert content(new) == content(full)
            assert upcoming(new) == upcoming(full)
            assert new.table("tickets").insert({}) == 4
            assert count == sum(map(len, content(full).values()))
            new.examine()
            assert exported(new, tmp_path / "again.json").stat().st_size > 0

    def test_it_takes_the_place_of_everything(self, full: TicketStore, target: Path, store: TicketStore) -> None:
        store.table("agents").insert({"handle": "zed", "name": "Zed"})
        store.table("scratch").insert({"old": True})
        with full:
            import_(store, exported(full, target))
            assert content(store) == content(full) | {"scratch": {}}

    def test_a_file_that_stock_tinydb_edited_comes_back(
        self, full: TicketStore, target: Path, store: TicketStore
    ) -> None:
        with full:
            exported(full, target)
        with tinydb.TinyDB(str(target)) as stock:
            stock.table("tickets").update({"tags": ["edited"]}, doc_ids=[1])
            stock.table("agents").remove(doc_ids=[1])
        import_(store, target)
        assert content(store)["tickets"][1]["tags"] == ["edited"]
        assert upcoming(store)["agents"] == 3

    def test_any_odd_documents_come_back(self, store: TicketStore, target: Path, tmp_path: Path) -> None:
        r = random.Random(4)
        store.table("odd").insert_multiple(odd_document(r) for _ in range(1500))
        with open_store(tmp_path / "new.db") as new:
            import_(new, exported(store, target))
            assert content(new) == content(store)

    def test_memory_stays_flat(self, store: TicketStore, target: Path, tmp_path: Path) -> None:
        store.table("odd").insert_multiple({"text": "x" * 5000} for _ in range(4000))
        exported(store, target)
        with open_store(tmp_path / "new.db") as new:
            tracemalloc.start()
            import_(new, target)
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert peak < target.stat().st_size / 2

    def test_an_older_version_is_brought_up_to_date(self, full: TicketStore, target: Path, store: TicketStore) -> None:
        with full:
            data = json.loads(exported(full, target).read_text())
            data[MARK]["1"]["version"] = 1
            target.write_text(json.dumps(data))
            import_(store, target)
            assert content(store)["tickets"].keys() == content(full)["tickets"].keys()

    def test_a_newer_one_is_refused(self, full: TicketStore, target: Path, store: TicketStore) -> None:
        with full:
            data = json.loads(exported(full, target).read_text())
        data[MARK]["1"]["version"] = SCHEMA.version + 1
        target.write_text(json.dumps(data))
        with pytest.raises(StoreTooNew, match="newer Tandem"):
            import_(store, target)


Document = dict[str, Any]


def changed(table: str, **fields: object) -> Callable[[dict[str, Any]], None]:
    """Change fields of a table's first document; None takes one away."""

    def change(data: dict[str, Any]) -> None:
        document: Document = next(iter(data[table].values()))
        document.update(fields)
        for name in [name for name, value in fields.items() if value is None]:
            del document[name]

    return change


def first_of_kind(found: str, **fields: object) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        next(each for each in data["entries"].values() if each["kind"] == found).update(fields)

    return change


def moved(table: str, number: int) -> Callable[[dict[str, Any]], None]:
    """Give a table's first document another number."""

    def change(data: dict[str, Any]) -> None:
        first = next(iter(data[table]))
        data[table][str(number)] = data[table].pop(first) | ({"number": number} if table == "tickets" else {})

    return change


def renumbered(data: dict[str, Any]) -> None:
    data["tickets"]["01"] = data["tickets"].pop("1")


def negative(data: dict[str, Any]) -> None:
    data["tickets"]["-1"] = data["tickets"].pop("1")


def badly_named(data: dict[str, Any]) -> None:
    data["Table; DROP"] = {}


def reserved(data: dict[str, Any]) -> None:
    data["tandem_clock"] = {"1": {}}


def far_ahead(data: dict[str, Any]) -> None:
    data[MARK]["1"]["next"]["tickets"] = 1 << 62


def another_next(data: dict[str, Any]) -> None:
    data[MARK]["1"]["next"]["nowhere"] = 1


def two_marks(data: dict[str, Any]) -> None:
    data[MARK]["2"] = data[MARK]["1"]


def without_tickets(data: dict[str, Any]) -> None:
    del data["tickets"]


class TestFilesThatDoNotFit:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "the file is no JSON object"),
            ("hello", "the file is no JSON object"),
            ("[]", "the file is no JSON object"),
            ("{}", "holds no tickets"),
            ('{"other": {"1": {"a": 1}}}', "holds no tickets"),
            ('{"tickets": []}', "the table 'tickets' is no JSON object"),
            ('{"tickets": {"1": []}}', "tickets/1 is no document"),
            ('{"tickets": {"1": "text"}}', "tickets/1 is no document"),
            ('{"tickets": {"0": {}}}', "'0' is no document's id"),
            ('{"tickets": {"1.5": {}}}', "'1.5' is no document's id"),
            ('{"tickets": {"9999999999999999999": {}}}', "no document's id"),
            ('{"tickets": {}, "tickets": {}}', "twice"),
            ('{"odd": {"1": {}, "1": {}}}', "twice"),
            ('{"tickets": {}} more', "goes on behind its end"),
            ('{"tickets": {', "ends too early"),
            ('{"tickets"', "without a name"),
            ('{"tickets": {"1": {"a": ', "tickets/1 is not whole"),
            ('{"odd": {"1": {"a": NaN}}, "tickets": {}}', "a number that is none"),
            ('{"odd": {"1": {"a": -Infinity}}, "tickets": {}}', "a number that is none"),
            ('{"odd": {"1": {"a": 1e999}}, "tickets": {}}', "a number that is none"),
            ('{"odd": {"1": {"a": 99999999999999999999}}, "tickets": {}}', "cannot be stored"),
            ('{"odd": {"1": {"a": ' + "[" * 100_000 + "]" * 100_000 + "}}}", "nested too deeply"),
            ('{"odd": {"1": {"a": 1,}}}', "odd/1 is not whole, or no JSON"),
            ('{"odd": {"1": {} "2": {}}}', "breaks off"),
            ('{"odd": {"1": {},}}', "breaks off"),
            ("{1: {}}", "without a name"),
        ],
    )  # fmt: skip
    def test_another_shape_is_refused(self, store: TicketStore, target: Path, text: str, said: str) -> None:
        store.table("agents").insert({"handle": "ana", "name": "Ana"})
        before = content(store)
        target.write_text(text)
        with pytest.raises((RefusedError, StorageError), match=said) as caught:
            import_(store, target)
        assert str(caught.value).startswith(str(target))
        assert content(store) == before

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (changed("tickets", number=7), "tickets/1 does not fit: its number is another one"),
            (changed("tickets", number="1"), "its number is another one"),
            (changed("tickets", subject=None), "required field `subject`"),
            (changed("tickets", subject=["x"]), "Expected `str`"),
            (changed("tickets", status="stolen"), "Invalid enum value"),
            (changed("tickets", created="yesterday"), "Invalid RFC3339"),
            (changed("tickets", created="2026-11-20T09:00:00"), "created is not in UTC"),
            (changed("tickets", created="2026-11-20T09:00:00+02:00"), "created is not in UTC"),
            (changed("tickets", created="2026-11-20T09:00:00.5Z"), "whole seconds"),
            (changed("tickets", customer="dana"), "Expected `object`"),
            (first_of_kind("note", kind="in"), "required field"),
            (first_of_kind("note", kind="event"), "required field"),
            (first_of_kind("note", kind="memo"), "no entries of its kind"),
            (first_of_kind("note", text="dressed as a message"), "it is called note and is something else"),
            (first_of_kind("in", kind="note"), "does not fit"),
            (first_of_kind("in", note="dressed as a note"), "it is called in and is something else"),
            (first_of_kind("in", direction="out"), "it is called in and is out"),
            (first_of_kind("in", raw=""), "no sha256"),
            (first_of_kind("in", attachments=[NO_FILE]), "no sha256"),
            (first_of_kind("in", ticket=1.0), "its ticket is no whole number"),
            (first_of_kind("in", ticket=77), "entries speaks of 1 tickets that are not there, the first is 77"),
            (changed("outbox", ticket=77), "outbox speaks of"),
            (changed("outbox", raw=""), "no sha256"),
            (changed("places", raw=""), "no sha256"),
            (moved("entries", 1 << 32), "entries/4294967296 does not fit: its number is too large"),
            (moved("tickets", 1 << 31), "tickets/2147483648 does not fit: its number is too large"),
            (first_of_kind("in", kind="out"), "it is called out and is in"),
            (first_of_kind("in", raw="../../etc/passwd"), "no sha256"),
            (changed("entries", kind=None), "does not fit: 'kind'"),
            (changed("outbox", state="flying"), "Invalid enum value"),
            (changed("outbox", raw="x"), "no sha256"),
            (changed("outbox", recipients="dana@corp.example"), "Expected `array`"),
            (changed("places", uid="1"), "Expected `int`"),
            (changed("places", raw="x"), "no sha256"),
            (changed("threads", own="yes"), "Expected `bool`"),
            (changed("agents", handle=None), "required field"),
            (renumbered, "'01' is no document's id"),
            (negative, "'-1' is no document's id"),
            (badly_named, "no table can be called 'Table; DROP'"),
            (reserved, "no table can be called 'tandem_clock'"),
            (far_ahead, "something odd about 'tickets'"),
            (another_next, "something odd about 'nowhere'"),
            (two_marks, "does not fit"),
            (without_tickets, "holds no tickets"),
        ],
        ids=range(44),
    )
    def test_documents_of_another_kind_are_refused(
        self, full: TicketStore, store: TicketStore, target: Path, change: Callable[[dict[str, Any]], None], said: str
    ) -> None:
        with full:
            data = json.loads(exported(full, target).read_text())
        change(data)
        target.write_text(json.dumps(data))
        store.table("agents").insert({"handle": "ana", "name": "Ana"})
        before = content(store), upcoming(store)
        with pytest.raises(RefusedError, match=said):
            import_(store, target)
        assert (content(store), upcoming(store)) == before

    def test_a_file_cut_anywhere_is_refused(self, full: TicketStore, store: TicketStore, target: Path) -> None:
        with full:
            whole = exported(full, target).read_bytes()
        r = random.Random(5)
        for place in (1, 2, *(r.randrange(3, len(whole) - 2) for _ in range(60))):
            target.write_bytes(whole[:place])
            with pytest.raises(RefusedError):
                import_(store, target)
        assert not any(content(store).values())

    def test_bytes_that_are_no_text_are_refused(self, store: TicketStore, target: Path) -> None:
        target.write_bytes(b'{"tickets": {"1": {"subject": "\xff"}}}')
        with pytest.raises(RefusedError, match="not UTF-8"):
            import_(store, target)

    def test_what_is_no_file_is_refused(self, store: TicketStore, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        for name, said in (("nowhere", "there is no file"), ("pipe", "no plain file"), (".", "no plain file")):
            with pytest.raises(RefusedError, match=said):
                import_(store, tmp_path / name)


class Slow(io.StringIO):
    """A file that gives a few characters at a time, so that every value is cut somewhere."""

    def __init__(self, text: str, piece: int) -> None:
        super().__init__(text)
        self._piece = piece

    def read(self, size: int | None = -1, /) -> str:
        return super().read(self._piece)


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 64])
def test_it_does_not_matter_where_a_file_is_cut_for_reading(piece: int) -> None:
    r = random.Random(6)
    tables = {"a": {n: odd_document(r) for n in range(1, 30)}, "b": {}, 'c "': {5: {"x": 'ü\\"\n'}}}
    plain = json.dumps({name: {str(n): each for n, each in rows.items()} for name, rows in tables.items()}, indent=1)
    found: Content = {}
    for item in tinydb_file.read(Slow(plain, piece)):
        rows = found.setdefault(item.table, {})
        if item.id:
            rows[item.id] = item.document
    assert found == tables


def test_a_mistake_is_found_without_reading_all_that_follows() -> None:
    file = io.StringIO('{"a": {"1": {"x" 5}, "2": {}}' + " " * 50_000_000)
    with pytest.raises(Malformed, match="a/1"):
        list(tinydb_file.read(file))
    assert file.tell() < 10_000_000


def test_a_desk_works_on_after_an_import(tmp_path: Path, target: Path) -> None:
    desk: Desk = make_desk(tmp_path / "desk")
    receive(desk, message_id="<1@corp.example>")
    with open_store(tmp_path / "desk" / "desk.db") as store:
        exported(store, target)
    desk.store.close()
    other = make_desk(tmp_path / "other", agents=())
    with open_store(tmp_path / "other" / "desk.db") as store:
        import_(store, target)
    assert receive(other, answers=("<1@corp.example>",)).number == 1
    assert receive(other).number == 2
    other.store.close()
