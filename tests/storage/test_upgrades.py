"""Stores of an older version: upgraded when they are opened, whole or not at all, after a copy was kept."""

from __future__ import annotations

import random
import re
import shutil
import signal
import stat
import time
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tinydb import Query

from desk.conversation import EntryId, Event, Message, Note
from desk.expression import EVERYTHING
from desk.incoming import FolderState, Place
from desk.outgoing import OutboxState
from desk.people import Address, Handle
from desk.summary import summed_up
from desk.ticket import Status, TicketNumber
from desk.views import parse_query
from storage.database import TicketStore, open_store
from storage.engine import Engine
from storage.errors import StorageError, StoreBusy, StoreDamaged, StoreTooNew, StoreUnreachable
from storage.schema import SCHEMA
from storage.shared import SharedStore, open_shared
from storage.upgrades import reshape, steps
from storage.watch import Watch
from tests.processes import ask, next_line
from tests.storage.versions import NEWER, documents_in, make_version_one, open_newer
from tests.storage.worker import working

T = Query()


@pytest.fixture
def old(path: Path) -> Path:
    """A desk of version 1."""
    make_version_one(path)
    return path


def copies(folder: Path) -> list[Path]:
    return sorted(folder.glob("desk-v*"))


class TestADeskOfVersionOne:
    @pytest.fixture
    def shared(self, old: Path) -> Iterator[SharedStore]:
        store = open_shared(old)
        yield store
        store.close()

    def test_every_field_of_every_document_is_there(self, old: Path) -> None:
        before = documents_in(old)
        open_store(old).close()
        after = documents_in(old)
        assert after.pop("") == {SCHEMA.version: {}}
        assert before.pop("") == {1: {}}
        drafts = before.pop("drafts")
        for name, documents in before.items():
            for number, document in documents.items():
                document.pop("correspondents", None)  # senders and recipients now
                assert after[name][number] | document == after[name][number]
        texts = "\n".join(each["text"] for each in after["drafts"].values())
        assert all(draft["text"] in texts for draft in drafts.values())

    def test_its_tickets(self, shared: SharedStore) -> None:
        one, two, three, four = shared.tickets.many([TicketNumber(each) for each in (1, 2, 3, 4)])
        assert (one.subject, one.assignee, one.tags) == ("Refund for order 88213", "ana", ("refund", "vip"))
        assert (two.subject, two.customer) == ("Возврат принтера", Address("ivan@corp.example", "Иван Петров"))
        assert (three.subject, three.status) == ("請求書について", Status.CLOSED)
        assert (four.status, four.assignee, four.message_count) == (Status.OPEN, "bo", 2)
        assert "draft" in two.holds

    def test_its_tickets_tell_senders_from_recipients(self, shared: SharedStore) -> None:
        for ticket in shared.tickets.find(EVERYTHING):
            states = {each.id: each.state for each in shared.outbox.of(ticket.number)}
            worked_out = summed_up(ticket, shared.conversations.of(ticket.number), states, drafts=False)
            assert (worked_out.senders, worked_out.recipients) == (ticket.senders, ticket.recipients)
        asked = parse_query("from:dana@corp.example to:dana", me=None, now=datetime(2026, 11, 3, tzinfo=UTC))
        assert [*shared.tickets.numbers(asked)] == [1]

    def test_its_conversations(self, shared: SharedStore) -> None:
        entries = shared.conversations.of(TicketNumber(1))
        assert [type(each) for each in entries] == [
            Event, Message, Event, Event, Note, Event, Message, Event, Event, Message, Event,
        ]  # fmt: skip
        asked = shared.conversations.get(EntryId(2))
        assert isinstance(asked, Message)
        assert [each.name for each in asked.attachments] == ["invoice.pdf"]
        [taken_back] = [each for each in shared.conversations.of(TicketNumber(3)) if getattr(each, "undone", False)]
        assert isinstance(taken_back, Event)

    def test_its_outbox_and_what_it_knows_of_mails(self, shared: SharedStore) -> None:
        assert [each.state for each in shared.outbox.all()] == [OutboxState.QUEUED, OutboxState.SENT]
        assert [each.ticket for each in shared.outbox.due(datetime(2026, 11, 3, tzinfo=UTC))] == [4]
        assert shared.ledger.folder("support", "INBOX") == FolderState("support", "INBOX", 1, 6, ((5, 2),))
        assert shared.ledger.known("support", "INBOX", 1) == {1, 2, 3, 4, 5, 7}
        assert shared.ledger.has(Place("support", "INBOX", 1, 7))
        assert shared.threads.tickets(["<1@corp.example>"], own=True) == {"<1@corp.example>": [1]}
        assert len(shared.mails()) == 8

    def test_its_agents_and_their_drafts(self, shared: SharedStore) -> None:
        assert [each.name for each in shared.agents.all()] == ["Ana Petrova", "Bo Lind"]
        bo = shared.agents.with_login("bo")
        assert bo is not None
        assert bo.handle == "bo"
        drafts = shared.drafts.of(TicketNumber(2))
        assert {(each.author, each.kind.value, each.aside) for each in drafts} == {
            ("ana", "reply", True),
            ("ana", "note", False),
            ("bo", "reply", False),
        }
        [shared_reply] = [each for each in drafts if each.kind.value == "reply" and not each.aside]
        assert shared_reply.author == Handle("bo")  # it is the newest
        [planned] = [each for each in drafts if each.plan is not None]
        assert planned.author == Handle("bo")

    def test_its_words_are_found(self, old: Path) -> None:
        with open_store(old) as store:
            assert store.table("tickets").matching_ids("возврат") == [2]
            assert store.table("entries").matching_ids("warehouse") == [5]
            assert store.table("tickets").ids(T.customer.email == "kim@corp.example") == [4]
            store.examine()

    def test_it_goes_on_counting_where_it_was(self, old: Path) -> None:
        with open_store(old) as store:
            assert store.table("tickets").insert({}) == 5
            assert store.revision() > 78
            assert store.table("macros_used").all() == [{"name": "printer", "times": 3}]

    def test_so_it_is_when_it_comes_as_a_copy(self, old: Path, tmp_path: Path) -> None:
        with open_store(tmp_path / "live.db") as store:
            store.become(old)
            assert store.table("tickets").ids() == [1, 2, 3, 4]
            store.examine()
        assert documents_in(tmp_path / "live.db")[""] == {SCHEMA.version: {}}
        assert documents_in(old)[""] == {1: {}}
        assert not list(tmp_path.glob("*-before-*"))


class TestCopy:
    def test_the_desk_as_it_was_is_kept_beside_it(self, old: Path) -> None:
        before = documents_in(old)
        open_store(old).close()
        [copy] = copies(old.parent)
        assert re.fullmatch(rf"desk-v1-before-v{SCHEMA.version}-\d{{8}}T\d{{6}}Z\.db", copy.name)
        assert documents_in(copy) == before

    def test_it_is_kept_among_the_backups_where_there_are_any(self, old: Path) -> None:
        (old.parent / "backups").mkdir()
        open_store(old).close()
        assert copies(old.parent) == []
        assert len(copies(old.parent / "backups")) == 1

    @pytest.mark.parametrize(("folder", "file"), [(0o700, 0o600), (0o2770, 0o660)])
    def test_it_is_for_whoever_shares_the_desk(self, tmp_path: Path, folder: int, file: int) -> None:
        tmp_path.chmod(folder)
        make_version_one(tmp_path / "desk.db")
        open_store(tmp_path / "desk.db").close()
        assert [stat.S_IMODE(each.stat().st_mode) for each in copies(tmp_path)] == [file]

    def test_none_is_made_of_a_new_desk_or_of_one_that_is_up_to_date(self, path: Path) -> None:
        for _ in range(2):
            open_store(path).close()
        assert copies(path.parent) == []

    def test_one_is_made_before_each_upgrade_and_none_takes_another_ones_place(self, old: Path) -> None:
        for version in (SCHEMA.version, SCHEMA.version + 1, SCHEMA.version + 2):
            open_newer(old, version=version).close()
        assert len(copies(old.parent)) == 3

    def test_without_room_for_it_the_desk_is_not_touched(self, path: Path) -> None:
        make_version_one(path, tickets=2_000)
        before = documents_in(path)
        with working("cramped", path, 500_000) as worker:
            said = next_line(worker)
        assert said.startswith("StoreUnreachable: ")
        assert "was not upgraded, because no copy of it can be kept" in said
        assert documents_in(path) == before
        assert copies(path.parent) == []

    def test_where_none_may_be_written_the_desk_is_not_touched(self, old: Path) -> None:
        before = documents_in(old)
        (old.parent / "backups").symlink_to("/proc/self")  # a folder in which not even root can make a file
        with pytest.raises(StoreUnreachable, match="was not upgraded"):
            open_store(old)
        assert documents_in(old) == before

    def test_a_damaged_desk_is_not_upgraded(self, path: Path) -> None:
        make_version_one(path, tickets=2_000)
        with path.open("r+b") as file:
            file.seek(500_000)
            file.write(b"\xff" * 100_000)
        before = path.read_bytes()
        with pytest.raises(StoreDamaged, match="was not upgraded"):
            open_store(path)
        assert path.read_bytes() == before
        assert copies(path.parent) == []


class TestSteps:
    def test_they_are_taken_in_order_from_the_version_that_was_found(self) -> None:
        def first(_: TicketStore) -> None: ...
        def second(_: TicketStore) -> None: ...
        def third(_: TicketStore) -> None: ...

        known = {3: (third,), 2: (first, second)}
        assert [*steps(1, known)] == [first, second, third]
        assert [*steps(2, known)] == [third]
        assert [*steps(3, known)] == []
        assert [*steps(SCHEMA.version)] == []

    def test_a_failing_one_leaves_the_desk_as_it_was_and_says_so(self, old: Path) -> None:
        def stumble(engine: Engine, found: int) -> None:
            TicketStore(engine).table("tickets").update({"subject": "half done"})
            raise KeyError(found)

        before = documents_in(old)
        for _ in range(3):
            with pytest.raises(
                StorageError, match=r"cannot be upgraded from version 1 .* stays as it was: KeyError: 1"
            ):
                open_newer(old, stumble)
            assert documents_in(old) == before
        assert copies(old.parent) == []
        with open_store(old) as store:
            assert store.table("tickets").matching_ids("half") == []
            store.examine()

    def test_one_that_is_killed_leaves_the_desk_as_it_was(self, old: Path) -> None:
        before = documents_in(old)
        with working("die_upgrading", old) as worker:
            assert next_line(worker) == ""
            assert worker.wait() == -signal.SIGKILL
        assert documents_in(old) == before
        with open_store(old) as store:
            assert store.table("tickets").ids() == [1, 2, 3, 4]
        assert [documents_in(each) for each in copies(old.parent)] == [before, before]

    def test_whenever_it_is_killed_the_desk_is_old_or_new_and_upgraded_the_next_time(self, tmp_path: Path) -> None:
        r = random.Random(5)
        make_version_one(tmp_path / "old.db", tickets=3_000)
        before = documents_in(tmp_path / "old.db")
        for number in range(6):
            (folder := tmp_path / str(number)).mkdir()
            shutil.copy(tmp_path / "old.db", folder / "desk.db")
            with working("serve", folder / "desk.db"):
                time.sleep(r.uniform(0.15, 0.6))
            assert next(iter(documents_in(folder / "desk.db")[""])) in {1, SCHEMA.version}
            with open_store(folder / "desk.db") as store:
                assert store.table("tickets").ids() == [*before["tickets"]]
                store.examine()
            assert documents_in(folder / "desk.db")[""] == {SCHEMA.version: {}}
            assert all(documents_in(each) == before for each in copies(folder))
            assert not list(folder.glob(".*"))

    def test_documents_are_reshaped_in_batches_and_only_where_they_change(self, store: TicketStore) -> None:
        tickets = store.table("tickets")
        tickets.insert_multiple({"n": number} for number in range(2_500))
        revision = store.revision()

        def halve(document: MutableMapping[str, Any]) -> None:
            if document["n"] % 2:
                document["odd"] = True

        with store.transaction():
            reshape(tickets, halve)
        assert tickets.count(T.odd == True) == 1_250  # noqa: E712 - a query, not a comparison
        assert store.revision() == revision + 1_250
        assert tickets.get(doc_id=2_500) == {"n": 2_499, "odd": True}

    def test_a_desk_that_somebody_keeps_locked_is_not_upgraded_yet(self, old: Path) -> None:
        with working("hold", f"{old}.lock") as other:
            assert next_line(other) == "held"
            before = old.read_bytes()
            with pytest.raises(StoreBusy):
                open_store(old, patience=0.2)
            assert old.read_bytes() == before
        assert copies(old.parent) == []
        open_store(old).close()

    def test_processes_that_open_the_desk_at_the_same_time_upgrade_it_once(self, path: Path) -> None:
        make_version_one(path, tickets=1_000)
        with ExitStack() as stack:
            workers = [stack.enter_context(working("serve", path)) for _ in range(3)]
            assert [next_line(each) for each in workers] == ["ready"] * 3
            assert [ask(each, "write") for each in workers] == ["2001", "2002", "2003"]
        assert len(copies(path.parent)) == 1


class TestARunningProcess:
    def test_may_not_write_once_a_newer_tandem_has_upgraded_the_desk(self, store: TicketStore, path: Path) -> None:
        store.table("tickets").insert({"subject": "before"})
        open_newer(path).close()
        with pytest.raises(StoreTooNew, match="upgraded by a newer Tandem while") as caught:
            store.table("tickets").insert({"subject": "after"})
        assert "start Tandem again" in caught.value.hint
        assert [ticket["subject"] for ticket in store.table("tickets")] == ["before"]
        for write in (store.prune, store.rebuild):
            with pytest.raises(StoreTooNew):
                write()

    def test_is_told_by_its_watch_each_time_it_asks(self, store: TicketStore, path: Path) -> None:
        watch = Watch(store)
        open_newer(path).close()
        for _ in range(3):
            with pytest.raises(StoreTooNew):
                watch.poll()
        with pytest.raises(StoreTooNew):
            Watch(store)

    def test_is_told_so_in_another_process(self, path: Path) -> None:
        with working("serve", path) as colleague:
            assert next_line(colleague) == "ready"
            assert ask(colleague, "write") == "1"
            with open_newer(path) as newer:
                assert ask(colleague, "write").startswith("StoreTooNew: this desk was upgraded")
                assert ask(colleague, "poll").startswith("StoreTooNew: this desk was upgraded")
                assert ask(colleague, "read") == "['from a colleague']"
                assert newer.table("tickets").insert({"subject": "by the newer one"}) == 2

    def test_may_not_bring_an_older_desk_back_either(self, store: TicketStore, path: Path, tmp_path: Path) -> None:
        store.copy_to(tmp_path / "copy.db")
        open_newer(path).close()
        with pytest.raises(StoreTooNew):
            store.become(tmp_path / "copy.db")
        assert documents_in(path)[""] == {NEWER.version: {}}

    def test_that_writes_just_then_finishes_before_the_upgrade(self, store: TicketStore, path: Path) -> None:
        with ExitStack() as stack:
            with store.transaction():
                newer = stack.enter_context(working("upgrade", path))
                time.sleep(0.6)  # it waits at the turnstile by now
                store.table("tickets").insert({"subject": "in time"})
            assert next_line(newer) == "['in time']"
