"""`tandem export` and `tandem import`: everything on a desk in files that other programs read, and back again."""

from __future__ import annotations

import json
import mailbox
import re
import stat
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import tinydb

from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.conversation import Direction, Message
from desk.desk import Desk
from desk.incoming import Fetched, Place
from desk.intake import take_in
from desk.outgoing import Answer, OutboxState
from desk.ticket import Status, TicketNumber
from mail.parse import parse
from storage.blobs import Blobs
from storage.database import open_store
from tandem.paths import Home
from tests.desks import make_desk, receive
from tests.journeys.mails import customer_mail
from tests.tandem.backups.test_backup import no_file_larger_than
from tests.tandem.commands import Commands, Ended

SECRET = "she will never see this"


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    return tmp_path / "export"


@pytest.fixture(autouse=True)
def tickets(desk: Desk) -> None:
    """Three tickets, one of them closed, with notes, and an answer in every state."""
    for number in (1, 2, 3):
        receive(desk, subject=f"Frage {number} “ü”", text="Hello\nFrom here on\n>From there\n")
        add_note(desk, TicketNumber(number), SECRET)
    for state in OutboxState:
        entry = reply(desk, TicketNumber(1), Answer(text=f"This one is {state}.", send_in=0))
        desk.store.outbox.put(replace(entry, state=state, sent_at=desk.clock() if state == "sent" else None))
    set_status(desk, TicketNumber(2), Status.CLOSED)


class TestJson:
    def test_it_is_what_show_prints_a_ticket_a_line_oldest_first(self, tandem: Commands, dest: Path) -> None:
        lines = tandem.run("export", "--format", "json", dest).lines
        assert lines == [f"{dest}: 3 tickets, {lines[0].rpartition(', ')[2]}"]
        exported = [json.loads(line) for line in dest.read_text().splitlines()]
        assert exported == [tandem.run("show", number, "--json").objects[0] for number in (1, 2, 3)]

    def test_standard_output_is_the_same(self, tandem: Commands, dest: Path) -> None:
        tandem.run("export", "--format", "json", dest)
        assert tandem.run("export", "--format", "json", "-").bytes_out == dest.read_bytes()

    def test_spam_and_merged_tickets_are_in_it(self, tandem: Commands, desk: Desk) -> None:
        set_status(desk, TicketNumber(2), Status.SPAM)
        desk.store.tickets.put(replace(desk.ticket(TicketNumber(3)), merged_into=TicketNumber(1)))
        exported = tandem.run("export", "--format", "json", "-").objects
        assert [each["id"] for each in exported] == [1, 2, 3]


def mails(path: Path) -> list[bytes]:
    with closing(mailbox.mbox(path, create=False)) as box:
        return [re.sub(rb"^>(>*From )", rb"\1", box.get_bytes(key), flags=re.MULTILINE) for key in box.iterkeys()]


class TestMbox:
    def test_it_holds_what_came_in_and_what_is_known_to_have_left(
        self, tandem: Commands, desk: Desk, dest: Path
    ) -> None:
        [told] = tandem.run("export", "--format", "mbox", dest, "--json").objects
        left_out = {"queued": 1, "sending": 2, "deferred": 1, "refused": 1, "uncertain": 1, "cancelled": 1}
        assert (told["mails"], told["left_out"], told["missing"]) == (5, left_out, [])
        left = (OutboxState.SENT, OutboxState.BOUNCED)
        sent = [desk.blobs.get(each.raw) for each in desk.store.outbox.all() if each.state in left]
        received = [
            desk.blobs.get(each.raw)
            for number in (1, 2, 3)
            for each in desk.store.conversations.of(TicketNumber(number))
            if isinstance(each, Message) and each.direction is Direction.IN
        ]
        assert len(sent) == 2
        expected = [each if each.endswith(b"\n") else each + b"\n" for each in (*received, *sent)]
        assert sorted(mails(dest)) == sorted(expected)

    def test_never_a_note(self, tandem: Commands, dest: Path) -> None:
        tandem.run("export", "--format", "mbox", dest)
        assert SECRET.encode() not in dest.read_bytes()
        assert dest.stat().st_size > 1000

    def test_mails_of_a_real_parser_come_back_byte_for_byte(self, tandem: Commands, desk: Desk, dest: Path) -> None:
        raws = [
            customer_mail(21, text="From the start\n>From there\n\n\nFrom"),
            customer_mail(22, text="8 bit: жена"),
            customer_mail(23).replace(b"\r\n", b"\n"),
            customer_mail(24) + b"no end",
            customer_mail(25, text="binary").replace(b"binary", b"\x00\xff\x1b"),
            b"",
        ]
        for uid, raw in enumerate(raws, 5000):
            where = Fetched(Place("support", "INBOX", 9, uid), raw, datetime(2026, 11, 2, 9, tzinfo=UTC))
            take_in(desk, where, parse(raw), desk.blobs.put(raw))
        tandem.run("export", "--format", "mbox", dest)
        expected = [raw if raw.endswith(b"\n") else raw + b"\n" for raw in raws]
        assert mails(dest)[-len(raws) :] == expected
        assert b"From dana@corp.example Mon Nov  2 09:00:00 2026\n" in dest.read_bytes()

    def test_a_mail_that_is_lost_is_told(self, tandem: Commands, desk: Desk, dest: Path) -> None:
        message = next(each for each in desk.store.conversations.of(TicketNumber(2)) if isinstance(each, Message))
        Blobs(dest.parent / "desk" / "mail").path(message.raw).unlink()
        refused = tandem.run("export", "--format", "mbox", dest, expect=1)
        assert "1 mail is missing or damaged on this desk, and so not in the export" in refused.err
        assert len(mails(dest)) == 4


class TestTinydb:
    def test_stock_tinydb_opens_it_with_every_document(self, tandem: Commands, home: Home, dest: Path) -> None:
        lines = tandem.run("export", "--format", "tinydb", dest).lines
        assert f"files in {home.mail}, which belongs to it" in lines[1]
        with open_store(home.store) as store, tinydb.TinyDB(str(dest)) as stock:
            for name in store.tables():
                ours = {each.doc_id: dict(each) for each in store.table(name)}
                assert {each.doc_id: dict(each) for each in stock.table(name)} == ours
            assert stock.tables() == {*store.tables(), "tandem_export"}

    def test_it_comes_back_equal_but_for_mails_that_would_be_sent_again(
        self, tandem: Commands, desk: Desk, dest: Path, tmp_path: Path
    ) -> None:
        tandem.run("export", "--format", "tinydb", dest)
        new = Commands(tmp_path / "new")
        said = new.run("import", "--format", "tinydb", dest).out
        assert "4 mails had not left then and may have left since" in said
        assert "copy mail/ of the desk that was exported" in said
        assert "`tandem init` connects the mailbox" in said
        states = {each["id"]: each["state"] for each in new.run("outbox", "--json").objects}
        assert list(states.values()).count("uncertain") == 5
        for number in (2, 3):
            assert new.run("show", number, "--json").objects == tandem.run("show", number, "--json").objects
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
        assert new.run("deliver", "--json").objects[0]["sent"] == 0

    def test_an_empty_desk_takes_it(self, tandem: Commands, home: Home, dest: Path, tmp_path: Path) -> None:
        tandem.run("export", "--format", "tinydb", dest)
        make_desk(tmp_path / "new", agents=("zed",)).store.close()
        [told] = Commands(tmp_path / "new").run("import", "--format", "tinydb", dest, "--json").objects
        assert (told["tickets"], told["uncertain"]) == (3, 4)
        assert [each["agent"] for each in Commands(tmp_path / "new").run("agents", "--json").objects] == ["ana", "bo"]


class TestTheFile:
    @pytest.mark.parametrize("kind", ["tinydb", "json", "mbox"])
    def test_it_is_private_and_never_takes_the_place_of_another(self, tandem: Commands, dest: Path, kind: str) -> None:
        tandem.run("export", "--format", kind, dest)
        assert stat.S_IMODE(dest.stat().st_mode) == 0o600
        before = dest.read_bytes()
        assert "is there already" in tandem.run("export", "--format", kind, dest, expect=1).err
        assert dest.read_bytes() == before
        assert "there is no folder" in tandem.run("export", "--format", kind, dest / "x" / "y", expect=1).err
        assert sorted(each.name for each in dest.parent.iterdir()) == ["desk", "export"]

    @pytest.mark.parametrize("kind", ["tinydb", "json", "mbox"])
    def test_a_full_disk_leaves_nothing_half(self, tandem: Commands, desk: Desk, dest: Path, kind: str) -> None:
        for number in range(30):
            receive(desk, text="x" * 10_000 + str(number))
        with no_file_larger_than(100_000):
            assert "there is no room for" in tandem.run("export", "--format", kind, dest, expect=1).err
        assert [each.name for each in dest.parent.iterdir()] == ["desk"]

    def test_the_format_must_be_said(self, tandem: Commands, dest: Path) -> None:
        tandem.run("export", dest, expect=2)
        tandem.run("export", "--format", "json", "-", "--json", expect=2)


class TestImport:
    def refused(self, tandem: Commands, *words: str | Path, expect: int = 1) -> Ended:
        before = tandem.run("export", "--format", "tinydb", "-").bytes_out
        ended = tandem.run("import", *words, expect=expect)
        assert tandem.run("export", "--format", "tinydb", "-").bytes_out == before
        return ended

    def test_never_onto_tickets(self, tandem: Commands, dest: Path) -> None:
        tandem.run("export", "--format", "tinydb", dest)
        assert "holds tickets already (3)" in self.refused(tandem, "--format", "tinydb", dest).err

    def test_an_export_is_one_file_and_nothing_else(self, tandem: Commands, dest: Path) -> None:
        self.refused(tandem, "--format", "tinydb", dest, dest, expect=2)
        self.refused(tandem, "--format", "tinydb", dest, "--closed", expect=2)
        self.refused(tandem, expect=2)

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"tickets": {"1": {"number": 1}}}', '{"tickets": {"1"'])
    def test_another_file_makes_no_desk(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "file").write_text(text)
        new = Commands(tmp_path / "new")
        assert "cannot be imported" in new.run("import", "--format", "tinydb", tmp_path / "file", expect=1).err
        assert "there is no file" in new.run("import", "--format", "tinydb", tmp_path / "nowhere", expect=1).err
        assert not (tmp_path / "new").exists()

    def test_another_file_leaves_an_empty_desk_as_it_is(self, tmp_path: Path) -> None:
        make_desk(tmp_path / "new").store.close()
        (tmp_path / "file").write_text('{"agents": {}, "tickets": {"1": {"number": 2}}}')
        self.refused(Commands(tmp_path / "new"), "--format", "tinydb", tmp_path / "file")
