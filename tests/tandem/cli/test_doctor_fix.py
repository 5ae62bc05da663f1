"""`tandem doctor --fix`: what can be mended is, nothing that is needed goes, and it says what it did and could not."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
import time
from base64 import b64encode
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.actions.attach import attach
from desk.actions.draft import save_draft
from desk.desk import Desk
from desk.draft import DraftKind
from desk.incoming import Fetched, Place
from desk.intake import take_in
from desk.ticket import TicketNumber
from desk.written import Written
from mail.parse import parse
from storage.leftovers import KEPT_FOR
from tandem.paths import Home
from tests.desks import receive
from tests.mail.mails import multipart, part
from tests.tandem.cli.test_doctor import share
from tests.tandem.commands import Commands

LONG_AGO = time.time() - 2 * KEPT_FOR


def before(desk: Desk, *contents: bytes, uid: int = 1) -> TicketNumber:
    """A mail as it was taken in before its files were kept as files of their own."""
    files = [part("image/png", b64encode(each).decode(), "Content-Transfer-Encoding: base64") for each in contents]
    raw = multipart("mixed", part("text/plain", "Look"), *files, message_id=f"<{uid}@corp.example>")
    mail = Fetched(Place("support", "INBOX", 2, uid), raw, datetime(2026, 11, 20, tzinfo=UTC))
    taken = take_in(desk, mail, parse(raw), desk.blobs.put(raw))
    assert taken is not None
    assert taken.ticket is not None
    return taken.ticket


def place(home: Home, content: bytes) -> Path:
    digest = hashlib.sha256(content).hexdigest()
    return home.mail / digest[:2] / digest[2:]


def left_over(home: Home, content: bytes, at: float = LONG_AGO) -> Path:
    """A file that nothing speaks of."""
    path = place(home, content)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at, at))
    return path


def said(tandem: Commands, *words: str, expect: int = 0) -> dict[str, str]:
    """What doctor says, by the name of the check."""
    [found] = tandem.run("doctor", "--offline", "--json", *words, expect=expect).objects
    assert found["ok"] is (expect == 0)
    return {each["name"]: each["detail"] for each in found["checks"]}


class TestAttachments:
    def test_those_from_before_are_counted_and_taken_out(self, tandem: Commands, desk: Desk, home: Home) -> None:
        before(desk, b"one", b"two")
        before(desk, b"three", b"one", uid=2)
        assert said(tandem)["attachments"].startswith("3 attached files; 3 still inside their mails")
        assert not place(home, b"one").exists()
        assert said(tandem, "--fix")["attachments"] == "3 attached files; 3 taken out of their mails"
        assert [desk.blobs.get(hashlib.sha256(each).hexdigest()) for each in (b"one", b"two", b"three")] == [
            b"one", b"two", b"three",
        ]  # fmt: skip
        assert said(tandem)["attachments"] == "3 attached files; all there and whole"

    def test_a_backup_does_without_those_that_are_only_in_their_mails(self, tandem: Commands, desk: Desk) -> None:
        before(desk, *(str(number).encode() for number in range(103)))
        assert json.loads(tandem.run("backup", "--json").out)["missing"] == []
        said(tandem, "--fix")
        assert json.loads(tandem.run("backup", "--json").out)["missing"] == []

    def test_a_damaged_one_is_named_with_its_ticket_and_taken_again(
        self, tandem: Commands, desk: Desk, home: Home
    ) -> None:
        ticket = before(desk, b"one")
        said(tandem, "--fix")
        place(home, b"one").write_bytes(b"oops")
        found = said(tandem, expect=1)["attachments"]
        assert f"1 missing or damaged: “part-2.png” of ticket {ticket} is not what was written" in found
        assert "1 taken out of their mails" in said(tandem, "--fix")["attachments"]
        assert place(home, b"one").read_bytes() == b"one"

    def test_one_whose_mail_is_gone_cannot_be_had_again(self, tandem: Commands, desk: Desk, home: Home) -> None:
        before(desk, b"one")
        said(tandem, "--fix")
        for path in home.mail.rglob("??????*"):
            path.unlink()
        found = said(tandem, "--fix", expect=1)
        assert "1 missing or damaged" in found["mails"]
        assert "“part-2.png” of ticket 1 is missing" in found["attachments"]
        assert "their mails do not give them any more" in found["attachments"]

    def test_one_of_a_draft_is_needed_too_and_is_in_no_mail_yet(self, tandem: Commands, desk: Desk, home: Home) -> None:
        scan = attach(desk, None, "scan.pdf", b"a scan")
        save_draft(desk, before(desk, b"one"), DraftKind.REPLY, Written("Here it is.", wording=scan))
        os.utime(place(home, b"a scan"), (LONG_AGO, LONG_AGO))
        tandem.run("doctor", "--offline", "--fix")
        assert place(home, b"a scan").read_bytes() == b"a scan"
        place(home, b"a scan").unlink()
        assert "“scan.pdf” of ticket 1 is missing" in said(tandem, "--fix", expect=1)["attachments"]

    def test_more_than_a_mail_gives_stay_inside(self, tandem: Commands, desk: Desk) -> None:
        before(desk, *(str(number).encode() for number in range(103)))
        assert "100 taken out of their mails; 3 stay inside their mails" in said(tandem, "--fix")["attachments"]
        assert "3 stay inside their mails" in said(tandem, "--fix")["attachments"]


class TestLeftovers:
    def test_they_are_counted_and_then_removed(self, tandem: Commands, desk: Desk, home: Home) -> None:
        receive(desk)
        gone = [left_over(home, b"1" * 1000), left_over(home, b"2" * 2400)]
        part = gone[0].parent / ".abc.part"
        part.write_bytes(b"half")
        os.utime(part, (LONG_AGO, LONG_AGO))
        assert said(tandem)["leftovers"] == (
            "3 files (3.4 kB), 1 of them unfinished, that nothing speaks of (`tandem doctor --fix` removes them)"
        )
        assert said(tandem, "--fix")["leftovers"] == "3 files (3.4 kB) removed that nothing speaks of"
        assert not any(path.exists() for path in (*gone, part))
        assert said(tandem)["leftovers"] == "nothing is left over"
        assert "all there and whole" in said(tandem)["mails"]

    def test_what_may_just_be_coming_in_is_left(self, tandem: Commands, desk: Desk, home: Home) -> None:
        receive(desk)
        young = [left_over(home, content, time.time()) for content in (b"1", b"2")]
        assert said(tandem, "--fix")["leftovers"] == (
            "nothing is left over; 2 younger than an hour are left: they may belong to a mail that is just coming in"
        )
        assert all(path.exists() for path in young)

    def test_what_is_not_ours_is_named_and_left(self, tandem: Commands, desk: Desk, home: Home) -> None:
        receive(desk)
        (home.mail / "notes.txt").touch()
        os.utime(home.mail / "notes.txt", (LONG_AGO, LONG_AGO))
        assert "1 not made by Tandem and never touched: mail/notes.txt" in said(tandem, "--fix")["leftovers"]
        assert (home.mail / "notes.txt").exists()

    def test_whatever_the_store_speaks_of_stays(self, tandem: Commands, desk: Desk, home: Home) -> None:
        """A mail taken in, one seen twice, an answer with a file that waits to be sent, and files of mails."""
        before(desk, b"one")
        receive(desk)
        attached = home.folder / "invoice.pdf"
        attached.write_bytes(b"invoice")
        tandem.run("reply", "1", "--macro", "acknowledge", "--attach", str(attached))
        said(tandem, "--fix")
        kept = sorted(path for path in home.mail.rglob("*") if path.is_file())
        assert place(home, b"invoice") in kept
        for path in kept:
            os.utime(path, (LONG_AGO, LONG_AGO))
        assert said(tandem, "--fix")["leftovers"] == "nothing is left over"
        assert sorted(path for path in home.mail.rglob("*") if path.is_file()) == kept

    def test_a_store_that_speaks_of_nothing_is_not_trusted(self, tandem: Commands, home: Home) -> None:
        path = left_over(home, b"somebody's mail")
        found = said(tandem, "--fix", expect=1)["leftovers"]
        assert f"the store speaks of no mail at all, but {home.mail} holds 1 file (15 bytes); nothing was" in found
        assert path.exists()

    def test_a_damaged_store_is_not_trusted(self, tandem: Commands, desk: Desk, home: Home) -> None:
        for number in range(50):
            receive(desk, text=f"Mail {number} " * 100)
        desk.store.close()
        path = left_over(home, b"somebody's mail")
        data = bytearray(home.store.read_bytes())
        data[-4096:] = os.urandom(4096)
        home.store.write_bytes(data)
        said(tandem, "--fix", expect=1)
        assert path.exists()


class TestStore:
    def test_what_only_follows_from_the_documents_is_made_anew(self, tandem: Commands, desk: Desk, home: Home) -> None:
        receive(desk, text="A parcel")
        desk.store.close()
        with closing(sqlite3.connect(home.store)) as shell:
            shell.execute("DROP INDEX tandem_scan_tickets")
        told = said(tandem, expect=1)["store"]
        assert "tandem_scan_tickets is missing" in told
        assert "`tandem reindex`" in told
        assert said(tandem, "--fix")["store"].endswith("in order; indexes and full text were made anew")
        assert said(tandem)["store"].endswith("in order")


class TestModes:
    def test_a_desk_that_was_open_to_everybody_is_shut_and_looked_at(
        self, tandem: Commands, desk: Desk, home: Home
    ) -> None:
        receive(desk)
        home.folder.chmod(0o755)
        found = said(tandem, "--fix")
        assert found["folder"].endswith("mode 750; it was open to everybody (mode 755) and is shut now")
        assert "1 mail, all there and whole" in found["mails"]
        tandem.run("list")

    @pytest.mark.parametrize("mode", [0o600, 0o640, 0o400])
    def test_files_that_the_group_of_a_shared_desk_cannot_use_are_opened(
        self, tandem: Commands, desk: Desk, home: Home, mode: int
    ) -> None:
        receive(desk)
        share(home)
        secret = home.folder / "secrets"
        secret.mkdir(mode=0o700)
        files = [path for path in home.mail.rglob("*") if path.is_file()]
        for path in files:
            path.chmod(mode)
        files[0].parent.chmod(0o700)
        assert f"of {files[0].owner()} (`tandem doctor --fix`)" in said(tandem, expect=1)["modes"]
        assert "3 files opened" in said(tandem, "--fix")["modes"]
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o660}
        assert secret.stat().st_mode & 0o777 == 0o700
        assert said(tandem)["modes"] == "everything is open to those whose desk this is"

    def test_settings_and_macros_need_only_be_readable(self, tandem: Commands, desk: Desk, home: Home) -> None:
        share(home)
        home.config.chmod(0o640)
        (home.macros / "own.md").write_text("---\nname: Own\n---\nHello\n")
        (home.macros / "own.md").chmod(0o644)
        assert said(tandem)["modes"] == "everything is open to those whose desk this is"

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files that are somebody else's")
    def test_files_that_root_left_on_somebodys_desk_are_given_to_them(
        self, tandem: Commands, desk: Desk, home: Home
    ) -> None:
        receive(desk)
        for path in (home.folder, *home.folder.rglob("*")):
            os.chown(path, 61001, 61001)
        stray = next(path for path in home.mail.rglob("??????*"))
        os.chown(stray, 0, 0)
        assert "1 file is not open to those whose desk this is" in said(tandem, expect=1)["modes"]
        said(tandem, "--fix")
        assert (stray.stat().st_uid, stray.stat().st_gid) == (61001, 61001)
