"""`tandem import`: mails from mbox files, Maildirs and single files become tickets, each once."""

from __future__ import annotations

import gzip
import json
import mailbox
import os
import signal
import socket
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.desk import Desk
from desk.outgoing import Answer, OutboxState
from desk.ticket import TicketNumber
from mail.mbox import entry
from tandem.paths import Home
from tests.desks import make_desk
from tests.journeys.mails import answer_to, customer_mail
from tests.program import Program
from tests.servers import PASSWORD, Dovecot
from tests.tandem.commands import Commands, Ended, run
from tests.tandem.offices import mailbox as settings_of
from tests.tandem.offices import until

AT = datetime(2026, 11, 2, 9, 0, 5, tzinfo=UTC)
NOTHING = {"tickets_created": 0, "messages_added": 0, "duplicates": 0, "parked": 0, "elsewhere": 0, "failed": 0}


def ours(number: int, *, answers: str = "", to: str = "dana@corp.example", text: str = "We answer.") -> bytes:
    """A mail that one of us wrote with another program."""
    thread = f"In-Reply-To: {answers}\r\nReferences: {answers}\r\n" if answers else ""
    raw = customer_mail(number, subject="Re: Refund for order 88213", text=text, headers=thread)
    raw = raw.replace(b"From: Dana Petrova <dana@corp.example>", b"From: Support <support@acme.example>")
    return raw.replace(b"To: Acme Support <support@acme.example>", f"To: {to}".encode())


def mbox(path: Path, *mails: bytes, at: datetime = AT) -> Path:
    """An mbox of mails that came a day after each other."""
    path.write_bytes(b"".join(entry(raw, "a@b.c", at + timedelta(days=day)) for day, raw in enumerate(mails)))
    return path


def imported(tandem: Commands, *words: str | Path) -> dict[str, Any]:
    """What an import that went well says, as JSON."""
    [told] = tandem.run("import", *words, "--json").objects
    return dict(told)


def ended(tandem: Commands, *words: str | Path) -> Ended:
    """An import that may say more than one thing on standard error."""
    return run(["--home", str(tandem.home), "--agent", tandem.agent, "import", *map(str, words)])


def conversation(tandem: Commands, number: int = 1) -> list[tuple[str, str]]:
    """The mails of a ticket: in or out, and the first line."""
    messages = tandem.run("show", number, "--json").objects[0]["messages"]
    return [(each["kind"], each["text"].splitlines()[0]) for each in messages if each["kind"] in ("in", "out")]


class TestMbox:
    def test_a_conversation_comes_in_with_its_answers_and_times(self, tandem: Commands, tmp_path: Path) -> None:
        path = mbox(
            tmp_path / "old.mbox",
            customer_mail(1),
            ours(2, answers="<1@corp.example>"),
            answer_to("<2@corp.example>", "<1@corp.example>", 3),
            customer_mail(4, sender="Leo <leo@partner.example>", subject="Other"),
        )
        told = imported(tandem, path)
        assert {key: told[key] for key in ("fetched", "tickets_created", "messages_added", "sent", "known")} == {
            "fetched": 4, "tickets_created": 2, "messages_added": 2, "sent": 0, "known": 0,
        }  # fmt: skip
        assert conversation(tandem) == [
            ("in", "Hello, where is my refund?"), ("out", "We answer."), ("in", "Thank you, one more question."),
        ]  # fmt: skip
        [ticket] = [each for each in tandem.run("list", "--json").objects if each["id"] == 1]
        assert (ticket["created"], ticket["last_message"]) == ("2026-11-02T09:00:05Z", "2026-11-04T09:00:05Z")
        assert tandem.run("outbox", "--json").objects == []

    def test_the_same_file_again_changes_nothing_and_one_that_has_grown_adds_what_is_new(
        self, tandem: Commands, tmp_path: Path
    ) -> None:
        mails = [customer_mail(1), ours(50, to="x@y.example"), customer_mail(2, subject="Other")]
        path = mbox(tmp_path / "old.mbox", *mails)
        assert imported(tandem, path)["elsewhere"] == 1
        before = tandem.run("export", "--format", "tinydb", "-").bytes_out
        told = imported(tandem, path)
        assert {**told, **NOTHING, "known": 3, "fetched": 0} == told
        assert tandem.run("export", "--format", "tinydb", "-").bytes_out == before
        grown = mbox(tmp_path / "elsewhere.mbox", *mails, customer_mail(3, subject="New"))
        told = imported(tandem, grown)
        assert (told["known"], told["fetched"], told["tickets_created"]) == (3, 1, 1)

    def test_what_an_export_wrote_gives_the_same_mails_on_a_new_desk(
        self, tandem: Commands, desk: Desk, home: Home, tmp_path: Path
    ) -> None:
        first = mbox(tmp_path / "first.mbox", customer_mail(1, text="Hello\nFrom here\n>From there"), customer_mail(2))
        imported(tandem, first)
        sent = reply(desk, TicketNumber(1), Answer(text="From us, with care", send_in=0))
        desk.store.outbox.put(replace(sent, state=OutboxState.SENT, sent_at=desk.clock()))
        add_note(desk, TicketNumber(1), "No mail at all")
        tandem.run("export", "--format", "mbox", tmp_path / "all.mbox")
        make_desk(tmp_path / "new").store.close()
        (tmp_path / "new" / "config.toml").write_bytes(home.config.read_bytes())
        new = Commands(tmp_path / "new")
        told = imported(new, tmp_path / "all.mbox")
        assert (told["fetched"], told["tickets_created"], told["messages_added"]) == (3, 2, 1)
        assert conversation(new) == conversation(tandem)
        new.run("export", "--format", "mbox", tmp_path / "again.mbox")
        assert (tmp_path / "again.mbox").read_bytes() == (tmp_path / "all.mbox").read_bytes()
        assert imported(new, tmp_path / "again.mbox")["known"] == 3
        assert imported(tandem, tmp_path / "all.mbox")["duplicates"] == 1

    def test_line_ends_and_a_cut_last_mail_are_no_trouble(self, tandem: Commands, tmp_path: Path) -> None:
        path = mbox(tmp_path / "old.mbox", customer_mail(1), customer_mail(2, subject="Cut"))
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n")[:-20])
        assert imported(tandem, path)["tickets_created"] == 2
        whole = mbox(tmp_path / "whole.mbox", customer_mail(1))
        assert imported(tandem, whole)["duplicates"] == 1

    def test_old_mail_is_no_flood_however_it_is_dated(self, tandem: Commands, home: Home, tmp_path: Path) -> None:
        home.config.write_text("flood = 2\n" + home.config.read_text())
        path = tmp_path / "old.mbox"
        path.write_bytes(b"".join(entry(customer_mail(n, subject=f"Mail {n}"), "a@b.c", AT) for n in range(20)))
        assert imported(tandem, path)["tickets_created"] == 20
        assert tandem.run("parked", "--json").objects == []


class TestOtherFiles:
    def test_a_maildir_comes_in_by_its_times_without_its_subfolders(self, tandem: Commands, tmp_path: Path) -> None:
        box = mailbox.Maildir(tmp_path / "Maildir")
        box.add(customer_mail(1))
        box.add(customer_mail(2, subject="Second"))
        box.add_folder("Sent").add(ours(3, answers="<1@corp.example>"))
        for each in (tmp_path / "Maildir" / "new").iterdir():
            os.utime(each, (AT.timestamp(), AT.timestamp()))
        assert imported(tandem, tmp_path / "Maildir")["tickets_created"] == 2
        assert {each["created"] for each in tandem.run("list", "--json").objects} == {"2026-11-02T09:00:05Z"}
        told = imported(tandem, "--sent", tmp_path / "Maildir" / ".Sent")
        assert (told["messages_added"], told["tickets_created"]) == (1, 0)
        assert conversation(tandem)[1] == ("out", "We answer.")

    def test_single_mails_and_a_folder_of_them(self, tandem: Commands, tmp_path: Path) -> None:
        (tmp_path / "one.eml").write_bytes(customer_mail(1))
        folder = tmp_path / "folder"
        folder.mkdir()
        for number in (1, 2, 3):
            (folder / f"{number}.eml").write_bytes(customer_mail(number, subject=f"Mail {number}"))
        (folder / "notes.txt").write_text("not a mail")
        told = imported(tandem, tmp_path / "one.eml", folder)
        assert (told["tickets_created"], told["known"]) == (4, 0)
        [ticket] = [each for each in tandem.run("list", "--json").objects if each["subject"] == "Mail 2"]
        assert ticket["created"] == "2026-11-20T07:12:00Z"

    def test_what_cannot_be_read_is_told_and_stops_nothing(self, tandem: Commands, tmp_path: Path) -> None:
        (tmp_path / "packed.mbox.gz").write_bytes(gzip.compress(b"From a"))
        (tmp_path / "table.csv").write_text("1,2,3\n")
        (tmp_path / "empty").mkdir()
        folder = tmp_path / "folder"
        folder.mkdir()
        (folder / "0.eml").write_bytes(b"")
        (folder / "1.eml").symlink_to("/dev/zero")
        os.mkfifo(folder / "2.eml")
        (folder / "3.eml").mkdir()
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(os.path.relpath(folder / "4.eml"))
        (folder / "5.Eml").write_bytes(customer_mail(1))
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "mac.mbox").write_bytes(b"From a\r" + customer_mail(2).replace(b"\r\n", b"\r"))
        (tmp_path / "cut.mbox").write_bytes(b"From dana Fri Nov 20 10:00:00 2026\n")
        names = (
            "mac.mbox",
            "cut.mbox",
            "packed.mbox.gz",
            "table.csv",
            "empty",
            "folder",
            "pipe",
            "nowhere",
            "\x1b]0;x\x07",
        )
        done = ended(tandem, *(tmp_path / each for each in names), "--json")
        told = json.loads(done.lines[0])
        assert (done.code, told["tickets_created"], told["failed"]) == (1, 1, 13)
        said = done.err.splitlines()
        assert len(said) == 14
        for sentence in (
            "packed.mbox.gz is compressed (gzip): unpack it first",
            "table.csv is neither an mbox file nor a mail",
            "empty holds no mails: name a Maildir",
            "0.eml is empty",
            "mac.mbox has lines that end with CR alone",
            "cut.mbox, the mail at byte 0 is empty",
            "1.eml is a link, and links in a folder are not followed",
            "2.eml is no plain file",
            "3.eml is no plain file",
            "4.eml is no plain file",
            "pipe is no plain file",
            "nowhere cannot be read: no such file or directory",
        ):
            assert sum(sentence in line for line in said) == 1, sentence
        assert "\x1b" not in done.err

    def test_a_link_that_a_person_names_is_followed(self, tandem: Commands, tmp_path: Path) -> None:
        mbox(tmp_path / "old.mbox", customer_mail(1))
        (tmp_path / "link").symlink_to("old.mbox")
        assert imported(tandem, tmp_path / "link")["tickets_created"] == 1
        (tmp_path / "nothing.mbox").touch()
        assert imported(tandem, tmp_path / "nothing.mbox")["fetched"] == 0


class TestOurOwn:
    def test_an_answer_that_comes_before_its_question_finds_it_all_the_same(
        self, tandem: Commands, tmp_path: Path
    ) -> None:
        sent = mbox(tmp_path / "sent.mbox", ours(2, answers="<1@corp.example>"), ours(60, to="x@y.example"))
        assert imported(tandem, sent)["elsewhere"] == 2
        inbox = mbox(tmp_path / "inbox.mbox", ours(5, answers="<1@corp.example>", text="Again."), customer_mail(1))
        told = imported(tandem, inbox)
        assert (told["tickets_created"], told["messages_added"], told["elsewhere"]) == (1, 1, 0)
        told = imported(tandem, sent)
        assert (told["messages_added"], told["known"]) == (1, 1)
        assert sorted(kind for kind, _ in conversation(tandem)) == ["in", "out", "out"]

    def test_a_conversation_that_we_began_is_whole(self, tandem: Commands, tmp_path: Path) -> None:
        began = ours(1, text="May we help?").replace(b"Re: Refund", b"Refund")
        path = mbox(tmp_path / "old.mbox", began, answer_to("<1@corp.example>", "", 2, text="Yes, please."))
        assert imported(tandem, path)["tickets_created"] == 1
        assert conversation(tandem) == [("out", "May we help?"), ("in", "Yes, please.")]

    def test_a_form_that_writes_as_ourselves_opens_a_ticket(self, tandem: Commands, tmp_path: Path) -> None:
        form = ours(1, to="support@acme.example").replace(
            b"MIME-Version", b"Reply-To: leo@partner.example\r\nMIME-Version"
        )
        assert imported(tandem, mbox(tmp_path / "old.mbox", form))["tickets_created"] == 1
        assert tandem.run("list", "--json").objects[0]["customer"]["email"] == "leo@partner.example"


class TestClosed:
    def test_tickets_end_when_their_last_mail_came_and_later_ones_follow_them(
        self, tandem: Commands, tmp_path: Path
    ) -> None:
        long_ago = AT - timedelta(days=400)
        path = mbox(
            tmp_path / "old.mbox", customer_mail(1), ours(2, answers="<1@corp.example>"),
            customer_mail(7, sender="Leo <leo@partner.example>", subject="Other"), at=long_ago,
        )  # fmt: skip
        told = imported(tandem, "--closed", path)
        assert (told["tickets_created"], told["closed"]) == (2, 2)
        assert tandem.run("list", "--json").objects == []
        tickets = tandem.run("list", "is:closed", "--json").objects
        assert {(each["unread"], each["waiting_since"]) for each in tickets} == {(False, None)}
        assert sorted(each["updated"][:10] for each in tickets) == ["2025-09-29", "2025-09-30"]
        later = mbox(tmp_path / "later.mbox", answer_to("<2@corp.example>", "<1@corp.example>", 3))
        assert imported(tandem, later)["tickets_created"] == 1
        assert tandem.run("show", 1, "--json").objects[0]["status"] == "closed"
        assert [each["id"] for each in tandem.run("list", "--json").objects] == [3]

    def test_what_somebody_works_on_stays_open_when_an_import_goes_on(
        self, tandem: Commands, desk: Desk, tmp_path: Path
    ) -> None:
        names = ("dana", "leo", "mia")
        mails = [customer_mail(n, sender=f"{each}@corp.example", subject=each) for n, each in enumerate(names)]
        path = mbox(tmp_path / "old.mbox", *mails)
        imported(tandem, path)
        add_note(desk, TicketNumber(1), "I am on it")
        told = imported(tandem, "--closed", path)
        assert (told["known"], told["closed"]) == (3, 2)
        assert [each["id"] for each in tandem.run("list", "--json").objects] == [1]

    def test_somebody_must_have_closed_them(self, tandem: Commands, tmp_path: Path) -> None:
        path = mbox(tmp_path / "old.mbox", customer_mail(1))
        assert "not clear who is acting" in tandem.acting_as("").run("import", "--closed", path, expect=1).err
        assert tandem.run("list", "--json").objects == []


def test_a_mail_that_also_lies_on_the_server_is_one_mail(
    tandem: Commands, home: Home, dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    home.config.write_text(settings_of("support", dovecot.port) + settings_of("sales", dovecot.port))
    path = mbox(tmp_path / "old.mbox", customer_mail(1), customer_mail(2, subject="Only here"))
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    imported(tandem, "--mailbox", "sales", path)
    assert "there is no mailbox “odd”: support, sales" in tandem.run("import", "--mailbox", "odd", path, expect=2).err
    dovecot.deliver(customer_mail(1))
    dovecot.deliver(customer_mail(3, subject="Only there"))
    [told] = tandem.run("sync", "--json").objects
    assert told["tickets_created"] == 1
    tandem.run("audit")
    maildir = mailbox.Maildir(tmp_path / "copy")
    maildir.add(customer_mail(3, subject="Only there"))
    assert imported(tandem, tmp_path / "copy")["duplicates"] == 1
    assert len(tandem.run("list", "--json").objects) == 3
    [receipt] = tandem.run("customers", "erase", "dana@corp.example", "--yes", "--json").objects
    assert {each["folder"] for each in receipt["on_server"]} == {"INBOX"}
    assert imported(tandem, path, tmp_path / "copy")["tickets_created"] == 0
    assert tandem.run("list", "is:open", "--json").objects == []


def test_an_interrupted_import_loses_nothing_and_goes_on(tandem: Commands, tmp_path: Path) -> None:
    mails = [customer_mail(n, sender=f"p{n % 40}@corp.example", subject=f"Mail {n}") for n in range(600)]
    path = mbox(tmp_path / "old.mbox", *mails, at=AT - timedelta(days=900))
    program = Program(tandem.home)
    running = subprocess.Popen(
        program.command("import", path),
        env=program.full_environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: running.poll() is not None or len(tandem.run("list", "--limit", 10, "--json").lines) == 10)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=60)[1]
    if running.returncode:  # else it was done before it could be interrupted
        assert running.returncode == 130
        assert "imported; the same command goes on from there" in said
    told = imported(tandem, path)
    assert told["known"] + told["fetched"] == 600
    assert len(tandem.run("list", "--limit", 0, "--json").lines) == 600


def test_imported_mail_is_part_of_exports_backups_and_what_the_doctor_looks_at(
    tandem: Commands, tmp_path: Path
) -> None:
    path = mbox(tmp_path / "old.mbox", customer_mail(1), ours(50, to="x@y.example"))
    imported(tandem, path)
    tandem.run("doctor", "--offline")
    tandem.run("backup", tmp_path / "kept.tar")
    new = Commands(tmp_path / "new", agent="")
    new.run("restore", tmp_path / "kept.tar")
    assert imported(replace(new, agent="ana"), path)["known"] == 2
    tandem.run("export", "--format", "tinydb", tmp_path / "all.json")
    Commands(tmp_path / "other", agent="").run("import", "--format", "tinydb", tmp_path / "all.json")
    assert len(Commands(tmp_path / "other").run("list", "--json").objects) == 1


def test_a_desk_without_a_mailbox_takes_none(tmp_path: Path) -> None:
    make_desk(tmp_path / "new").store.close()
    path = mbox(tmp_path / "old.mbox", customer_mail(1))
    assert "has no mailbox" in Commands(tmp_path / "new").run("import", path, expect=1).err
