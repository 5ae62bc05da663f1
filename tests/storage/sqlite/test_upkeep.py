"""Looking at all of a store, and making anew what follows from its documents."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tinydb import Query

from desk.actions.draft import save_draft
from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.draft import DraftKind
from desk.outgoing import Answer
from desk.ticket import TicketNumber
from desk.written import Written
from storage.database import TicketStore, open_store
from storage.errors import IndexDamaged, StoreDamaged
from storage.shared import open_shared
from tests.desks import make_desk, receive
from tests.processes import ask, next_line
from tests.storage.worker import working

T = Query()

_TURN = """UPDATE sqlite_schema SET sql = replace(sql, '"status", "updated"', '"updated", "status"')
           WHERE name = 'tandem_index_tickets_status_updated'"""


@pytest.fixture
def closed(path: Path) -> Path:
    """A store with some tickets that nobody has open."""
    with open_store(path) as store:
        store.table("tickets").insert_multiple({"subject": f"refund {n}", "status": "open"} for n in range(300))
        store.table("entries").insert_multiple({"ticket": n + 1, "text": f"invoice {n}"} for n in range(300))
    return path


def hurt(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as shell:
        for statement in statements:
            shell.execute(statement)


def test_a_store_that_is_in_use_is_in_order(store: TicketStore, path: Path) -> None:
    store.table("tickets").insert({"subject": "refund"})
    store.table("made").insert({"by": "hand"})
    with working("serve", path) as colleague:
        assert next_line(colleague) == "ready"
        assert ask(colleague, "write") == "2"
        store.examine()
        assert ask(colleague, "write") == "3"
    store.table("tickets").remove(doc_ids=[3])
    store.prune(keep=1)
    store.examine()


def test_nobody_waits_while_a_store_is_examined(closed: Path) -> None:
    with (
        open_store(closed) as store,
        closing(sqlite3.connect(closed, isolation_level=None)) as shell,
        working("hold", f"{closed}.lock") as stuck,
    ):
        assert next_line(stuck) == "held"
        shell.execute("BEGIN IMMEDIATE")
        store.examine()
    assert not [each for each in closed.parent.glob(".*") if each.is_dir()]


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("UPDATE tandem_sequence SET next = 1 WHERE collection = 'tickets'", "counters of tickets"),
        ("UPDATE tandem_clock SET rev = 1", "counters of"),
        ("INSERT INTO tandem_changes VALUES (100000, 'tickets', 1, 'put')", "the clock is behind"),
    ],
)
def test_what_does_not_hang_together_is_told(closed: Path, damage: str, found: str) -> None:
    hurt(closed, damage)
    with open_store(closed) as store, pytest.raises(StoreDamaged, match=found) as caught:
        store.examine()
    assert "tandem restore" in caught.value.hint


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (("DELETE FROM tandem_text_entries_data WHERE id > 10",), "words of its documents"),
        (("DROP TRIGGER tandem_text_entries_update",), "tandem_text_entries_update is missing"),
        (("DROP VIEW tandem_said_entries",), "tandem_said_entries is missing"),
        (("DROP INDEX tandem_scan_tickets",), "tandem_scan_tickets is missing"),
        (("PRAGMA writable_schema=ON", _TURN), "index tandem_index_tickets_status_updated"),
    ],
)
def test_what_only_follows_from_the_documents_is_told_found_and_made_anew(
    closed: Path, tmp_path: Path, damage: tuple[str, ...], found: str
) -> None:
    hurt(closed, *damage)
    shutil.copy(closed, tmp_path / "other.db")
    with open_store(closed) as store:
        with pytest.raises(IndexDamaged, match=found) as caught:
            store.examine()
        assert "`tandem reindex`" in caught.value.hint
        store.rebuild()
        store.examine()
        store.become(tmp_path / "other.db")  # which needs it too
        store.examine()
        assert store.table("entries").matching_ids("invoice 299") == [300]


def test_what_follows_from_the_documents_is_made_anew(closed: Path) -> None:
    hurt(closed, "DELETE FROM tandem_text_entries_data WHERE id > 10", "DROP INDEX tandem_index_entries_ticket_at")
    with open_store(closed) as store:
        store.rebuild()
        store.examine()
        assert store.table("entries").matching_ids("invoice 299") == [300]
        assert store.table("tickets").ids(T.status == "open") == list(range(1, 301))
        before = store.revision()
        store.rebuild()
        assert store.revision() == before
    with closing(sqlite3.connect(closed)) as shell:
        names = {name for (name,) in shell.execute("SELECT name FROM sqlite_schema")}
    assert "tandem_index_entries_ticket_at" in names


def test_whoever_has_the_store_open_works_on_while_it_is_made_anew(store: TicketStore, path: Path) -> None:
    with working("serve", path) as colleague:
        assert next_line(colleague) == "ready"
        store.rebuild()
        assert ask(colleague, "write") == "1"
        assert ask(colleague, "poll") == "[('tickets', 1)]"
        store.rebuild()
        assert ask(colleague, "read") == "['from a colleague']"
    assert store.table("tickets").matching_ids("colleague") == [1]


@pytest.mark.parametrize("collection", ["entries", "outbox", "drafts"])
def test_what_belongs_to_a_ticket_that_is_gone_is_told(tmp_path: Path, collection: str) -> None:
    desk = make_desk(tmp_path)
    receive(desk)
    add_note(desk, TicketNumber(1), "Look at the invoice.")
    reply(desk, TicketNumber(1), Answer(text="It is on its way."))
    save_draft(desk, TicketNumber(1), DraftKind.REPLY, Written("Once more:"), last=None)
    desk.store.close()
    closed = tmp_path / "desk.db"
    with open_store(closed) as store:
        [*_, last] = store.table(collection).find(limit=1, order_by="-doc_id")
        store.table(collection).insert({**last, "ticket": 999})
    with closing(open_shared(closed)) as shared, pytest.raises(StoreDamaged, match=f"{collection} .* 999"):
        shared.examine()
