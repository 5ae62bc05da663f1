"""A disk without room, or one that may not be written: one clear sentence, nothing torn, and all goes on afterwards."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.journeys.mails import customer_mail
from tests.mail.mails import multipart, part
from tests.servers import PASSWORD, ImapServer, SmtpServer
from tests.small_disk import ProgramOnDisk, SmallDisk

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")

NOW = datetime(2026, 11, 20, tzinfo=UTC)
LITTLE = 150_000
"""Bytes that are enough to open the store and to read, and too few for what the tests write."""

MUCH = os.urandom(300_000)
TEXT = "Dear Dana, " + "we are looking for your parcel. " * 20_000


@pytest.fixture
def disk(tmp_path: Path) -> Generator[SmallDisk]:
    with SmallDisk(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def tandem(disk: SmallDisk, imap_server: ImapServer, smtp_server: SmtpServer) -> ProgramOnDisk:
    """A desk with one ticket."""
    tandem = ProgramOnDisk.on(disk, DESK_PASSWORD=PASSWORD)
    tandem.init(imap_server.port, smtp_server.port)
    imap_server.deliver(customer_mail(1, subject="First"), NOW)
    tandem.run("sync")
    return tandem


def is_whole(tandem: ProgramOnDisk) -> bool:
    [found] = tandem.run("doctor", "--offline", "--json").lines
    return bool(found["ok"])


@pytest.mark.parametrize("words", ["list", "note 1 hello", "reply 1 --macro acknowledge", "sync", "backup"])
def test_on_a_disk_without_any_room_every_command_says_so_and_goes_on_later(
    tandem: ProgramOnDisk, disk: SmallDisk, words: str
) -> None:
    disk.fill()
    refused = tandem.refused(*words.split())
    assert f"there is no space left for {tandem.home}" in refused.err
    assert "make room on the disk" in refused.err
    [checks] = tandem.run("doctor", "--offline", "--json", expect=1).lines
    wrong = [each for each in checks["checks"] if not each["ok"]]
    assert [each["name"] for each in wrong] == ["store"]
    assert "there is no space left" in wrong[0]["detail"]
    disk.make_room()
    tandem.run(*words.split())
    assert is_whole(tandem)


def test_a_write_that_finds_no_room_is_refused_whole(tandem: ProgramOnDisk, disk: SmallDisk) -> None:
    disk.fill(but=LITTLE)
    assert "there is no space left" in tandem.refused("note", 1, "-", stdin=TEXT).err
    assert [each["kind"] for each in tandem.run("show", 1, "--json").lines[0]["messages"]] == ["in", "event"]
    disk.make_room()
    tandem.run("note", 1, "-", stdin=TEXT)
    assert is_whole(tandem)


def test_mail_that_finds_no_room_stays_on_the_server_and_comes_in_later(
    tandem: ProgramOnDisk, disk: SmallDisk, imap_server: ImapServer
) -> None:
    file = part("application/zip", b64encode(MUCH).decode(), "Content-Transfer-Encoding: base64")
    imap_server.deliver(multipart("mixed", part("text/plain", "Look"), file, subject="Large"), NOW)
    imap_server.deliver(customer_mail(2, subject="Last"), NOW)
    disk.fill(but=LITTLE)
    assert f"there is no space left for {tandem.home}/mail" in tandem.refused("sync").err
    assert [each["subject"] for each in tandem.run("list", "--json").lines] == ["First"]
    assert list((disk.seen / "desk" / "mail").rglob("*.part")) == []
    disk.make_room()
    assert tandem.run("sync", "--json").lines[-1]["tickets_created"] == 2
    assert {each["subject"] for each in tandem.run("list", "--json").lines} == {"First", "Large", "Last"}
    assert is_whole(tandem)


def test_an_answer_that_finds_no_room_is_refused_and_its_text_is_still_there(
    tandem: ProgramOnDisk, disk: SmallDisk, tmp_path: Path
) -> None:
    (tmp_path / "answer.txt").write_text("Here it is.")
    (tmp_path / "much.bin").write_bytes(MUCH)
    words = ("reply", 1, "--body-file", tmp_path / "answer.txt", "--attach", tmp_path / "much.bin")
    disk.fill(but=LITTLE)
    assert "there is no space left" in tandem.refused(*words).err
    assert tandem.run("outbox", "--json").lines == []
    assert (tmp_path / "answer.txt").read_text() == "Here it is."
    disk.make_room()
    tandem.run(*words)
    assert is_whole(tandem)


DRAFTS = """
import sys
from desk.actions.draft import save_draft
from desk.errors import StoreUnreachable
from desk.written import Written
from tandem.paths import Home
from tandem.wiring import open_office
from pathlib import Path

office = open_office(Home(Path(sys.argv[1])), agent="ana")
last = save_draft(office.desk, 1, "reply", Written("Dear Dana,"))
try:
    save_draft(office.desk, 1, "reply", Written("Dear Dana, " * 50_000), last=last)
except StoreUnreachable as error:
    print(error.message)
print([each.text for each in office.desk.store.drafts.of(1)])
office.close()
"""


def test_a_draft_that_finds_no_room_leaves_the_one_before(tandem: ProgramOnDisk, disk: SmallDisk) -> None:
    disk.fill(but=LITTLE)
    said = disk.python(DRAFTS, str(tandem.home)).splitlines()
    assert said[0].startswith("there is no space left for ")
    assert said[1:] == ["['Dear Dana,']"]
    disk.make_room()
    assert is_whole(tandem)


def test_doctor_first_removes_what_takes_the_room(tandem: ProgramOnDisk, disk: SmallDisk) -> None:
    folder = disk.seen / "desk" / "mail" / "ab"
    folder.mkdir(exist_ok=True)
    for number in range(3):
        (folder / f"{number:062}").write_bytes(b"\0" * 100_000)
        os.utime(folder / f"{number:062}", (0, 0))
    disk.fill(but=LITTLE)
    said = tandem.refused("doctor", "--fix", "--offline", expect=1)
    assert said.err == "tandem: something is wrong with this desk: store (the lines above say what)\n"
    assert "WRONG store: there is no space left for " in said.out  # of which a copy is made to look at it
    assert "ok    leftovers: 3 files (300 kB) removed that nothing speaks of" in said.out
    assert is_whole(tandem)


def test_doctor_that_finds_no_room_says_what_it_could_not_do(
    tandem: ProgramOnDisk, disk: SmallDisk, imap_server: ImapServer
) -> None:
    file = part("application/zip", b64encode(MUCH).decode(), "Content-Transfer-Encoding: base64")
    imap_server.deliver(multipart("mixed", part("text/plain", "Look"), file), NOW)
    tandem.run("sync")
    [taken] = [path for path in (disk.seen / "desk" / "mail").glob("??/*") if path.stat().st_size == len(MUCH)]
    taken.unlink()
    disk.fill(but=LITTLE)
    said = tandem.refused("doctor", "--fix", "--offline", expect=1)
    assert said.err.startswith("tandem: something is wrong with this desk: store, attachments (")
    assert "WRONG attachments: there is no space left" in said.out
    disk.make_room()
    assert "1 taken out of their mails" in tandem.run("doctor", "--fix", "--offline").out
    assert is_whole(tandem)


LOGS = """
import logging, sys
from pathlib import Path
from tandem.paths import Home
from tandem.wiring import open_office

office = open_office(Home(Path(sys.argv[1])))
for number in range(2000):
    logging.getLogger("tandem").error("line %d %s", number, "x" * 100)
print(len(office.desk.store.agents.all()))
office.close()
"""


def test_a_log_that_finds_no_room_is_in_nobodys_way(tandem: ProgramOnDisk, disk: SmallDisk) -> None:
    disk.fill(but=LITTLE)
    assert disk.python(LOGS, str(tandem.home)) == "2\n"
    disk.make_room()
    disk.python(LOGS, str(tandem.home))
    assert "line 1999" in (disk.seen / "desk" / "log" / "tandem.log").read_text()


class TestReadOnly:
    def test_where_mail_may_not_be_written_it_waits_on_the_server(
        self, tandem: ProgramOnDisk, disk: SmallDisk, imap_server: ImapServer
    ) -> None:
        imap_server.deliver(customer_mail(2, subject="Second"), NOW)
        disk.turn("ro", tandem.home / "mail")
        for words in ("sync", "reply 1 --macro acknowledge"):
            refused = tandem.refused(*words.split())
            assert f"{tandem.home}/mail" in refused.err
            assert "is on a disk that may only be read" in refused.err
        tandem.run("note", 1, "the store is not concerned")
        assert is_whole(tandem)
        disk.turn("rw", tandem.home / "mail")
        assert tandem.run("sync", "--json").lines[-1]["tickets_created"] == 1
        assert is_whole(tandem)

    def test_where_nothing_may_be_written_every_change_is_refused(self, tandem: ProgramOnDisk, disk: SmallDisk) -> None:
        disk.turn("ro", tandem.home)
        for words in ("note 1 hello", "assign 1 me", "sync", "reply 1 --macro acknowledge"):
            assert "is on a disk that may only be read" in tandem.refused(*words.split()).err
        disk.turn("rw", tandem.home)
        assert is_whole(tandem)


def test_a_backup_to_another_disk_needs_no_room_on_the_desks(
    tandem: ProgramOnDisk, disk: SmallDisk, tmp_path: Path
) -> None:
    disk.fill(but=LITTLE)
    tandem.run("backup", tmp_path / "elsewhere.tar.gz")
    assert (tmp_path / "elsewhere.tar.gz").stat().st_size > 0
    assert not list(tmp_path.glob(".*"))
