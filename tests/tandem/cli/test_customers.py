"""`tandem customers`: whom the desk writes with, and what is held about one of them, shown and exported."""

from __future__ import annotations

import hashlib
import json
import mailbox
import stat
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desk.actions.accept import accept
from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.desk import Desk
from desk.incoming import Outcome
from desk.outgoing import Answer
from desk.ticket import TicketNumber
from tests.tandem.commands import Commands
from tests.tandem.erasing import LEO, arrive, mail

DANA = "dana.p@corp.example"
ONE = TicketNumber(1)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Dana wrote twice and Leo twice, once to her; there is an answer to both and a note."""
    arrive(desk, mail(1, "The zeppelin has a hole.", cc=LEO, attached=b"her scan"))
    arrive(desk, mail(2, "I pay for it.", sender=LEO, cc=DANA, answers="<1@dana-laptop.example>"))
    arrive(desk, mail(3, "Between us: she is difficult.", sender=LEO, answers="<1@dana-laptop.example>"))
    reply(desk, ONE, Answer(text="We answer Leo alone."))
    add_note(desk, ONE, "she called")
    arrive(desk, mail(4, "An old matter", sender="D. P. <Dana.P@corp.example>", subject="Old"))
    return desk


def read(dest: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((dest / "person.json").read_text())
    return told


def test_everybody_who_wrote_or_was_written_to_is_listed_but_for_ourselves(busy: Desk, tandem: Commands) -> None:
    del busy
    rows = tandem.run("customers", "list").rows
    assert {row[0]: row[1:3] for row in rows} == {
        "dana.p@corp.example": ["D. P.", "2 tickets"],
        "leo@partner.example": ["Leo Brandt", "1 ticket"],
    }
    [dana] = tandem.run("customers", "list", "petrow", "CORP", "--json").objects
    assert (dana["email"], dana["tickets"], dana["wrote"], dana["received"]) == (DANA, [1, 2], 2, 1)
    assert dana["names"] == ["D. P.", "Dana Petrowska"]
    assert tandem.run("customers", "list", "nobody").out == ""
    assert tandem.run("customers").out == tandem.run("customers", "list").out


def test_a_mail_system_is_no_customer(desk: Desk, tandem: Commands) -> None:
    for number, sender in enumerate(("MAILER-DAEMON@mx.example", "Postmaster <postmaster@mx.example>", LEO)):
        arrive(desk, mail(number, f"words of {number}", sender=sender, cc="mailer-daemon@mx.example"))
    assert [row[0] for row in tandem.run("customers", "list").rows] == ["leo@partner.example"]
    assert "postmaster" in tandem.run("customers", "show", "postmaster@mx.example").out


def test_those_whose_address_nobody_knows_are_no_customer(desk: Desk, tandem: Commands, tmp_path: Path) -> None:
    for number, sender in enumerate(("Anna Example", "Boris Example")):
        arrive(desk, mail(number, f"words of {number}", sender=sender))
    assert not tandem.run("customers", "list").rows
    assert "no mail of this desk" in tandem.run("customers", "show", "unknown@invalid", expect=1).err
    assert "nothing is held" in tandem.run("customers", "export", "unknown@invalid", tmp_path / "new", expect=1).err


def test_one_customer_is_shown_with_tickets_counts_and_dates(busy: Desk, tandem: Commands) -> None:
    del busy
    said = tandem.run("customers", "show", "DANA.P@corp.example").lines
    assert "Dana Petrowska" in said[0]
    assert said[1].startswith("wrote 2 mails, got 1; from ")
    assert said[2].startswith("guessed: company Corp")
    assert [line.split("\t")[0] for line in said[3:]] == ["1", "2"]
    [told] = tandem.run("customers", "show", DANA, "--json").objects
    assert [each["id"] for each in told["tickets"]] == [1, 2]
    assert "no mail of this desk" in tandem.run("customers", "show", "x@y.example", expect=1).err


def test_an_export_holds_the_persons_mails_files_and_notes_about_them(
    busy: Desk, tandem: Commands, tmp_path: Path
) -> None:
    dest = tmp_path / "dana"
    [told] = tandem.run("customers", "export", DANA, dest, "--json").objects
    assert (told["tickets"], told["mails"], told["attachments"], told["notes"], told["others"]) == (2, 3, 1, 1, 2)
    person = read(dest)
    messages = [each for ticket in person["tickets"] for each in ticket["messages"]]
    assert [each["text"] for each in messages if each.get("internal") and each["kind"] == "note"] == ["she called"]
    assert sum(each.get("between_others", False) for each in messages) == 2
    with closing(mailbox.mbox(dest / "mails.mbox")) as box:
        ids = [str(each["Message-ID"]) for each in box]
    assert ids == [
        "<1@dana-laptop.example>",
        "<2@leo-desktop.example>",
        "<4@dana-laptop.example>",
    ]
    [file] = (dest / "attachments").iterdir()
    assert (file.name.endswith("-1-scan.bin"), file.read_bytes()) == (True, b"her scan")
    text = b"".join(each.read_bytes() for each in dest.rglob("*") if each.is_file())
    assert b"difficult" not in text
    assert b"Leo alone" not in text
    assert all(stat.S_IMODE(each.stat().st_mode) & 0o077 == 0 for each in (dest, *dest.rglob("*")))
    assert len(busy.store.conversations.of(ONE)) > 0


def test_an_export_holds_mails_that_are_on_no_ticket_and_parked_ones_once(
    desk: Desk, tandem: Commands, tmp_path: Path
) -> None:
    ours = mail(1, "An offer for you", sender="support@acme.example", to="Dana <dana.p@corp.example>")
    about_her = mail(2, "dana.p@corp.example is rude", sender="support@acme.example", to="leo@partner.example")
    assert [arrive(desk, each).outcome for each in (ours, about_her)] == [Outcome.ELSEWHERE] * 2
    strict = replace(desk, settings=replace(desk.settings, flood=1))
    for number in (3, 4):
        arrive(strict, mail(number, f"The {'ab'[number % 2]} zeppelin"))
    accept(desk, desk.store.parked.all()[0].id)
    [told] = tandem.run("customers", "export", DANA, tmp_path / "dana", "--json").objects
    assert (told["mails"], told["parked"]) == (3, 1)
    person = read(tmp_path / "dana")
    assert [each["subject"] for each in person["on_no_ticket"]] == ["Broken zeppelin"]
    assert person["names"] == ["Dana", "Dana Petrowska"]
    with closing(mailbox.mbox(tmp_path / "dana" / "mails.mbox")) as box:
        ids = [str(each["Message-ID"]) for each in box]
    assert ids == ["<3@dana-laptop.example>", "<4@dana-laptop.example>", "<1@leo-desktop.example>"]


def test_an_export_holds_a_parked_mail_in_which_the_person_is_only_in_copy(
    desk: Desk, tandem: Commands, tmp_path: Path
) -> None:
    strict = replace(desk, settings=replace(desk.settings, flood=1))
    for number in (3, 4):
        arrive(strict, mail(number, "Both of us", sender=LEO, cc="Dana <dana.p@corp.example>", subject=f"No. {number}"))
    [told] = tandem.run("customers", "export", DANA, tmp_path / "dana", "--json").objects
    assert (told["mails"], told["parked"]) == (1, 1)
    person = read(tmp_path / "dana")
    assert [each["subject"] for each in person["parked"]] == ["No. 4"]
    assert person["names"] == ["Dana"]


def test_the_manifest_proves_what_was_written(busy: Desk, tandem: Commands, tmp_path: Path) -> None:
    del busy
    dest = tmp_path / "dana"
    tandem.run("customers", "export", DANA, dest)
    manifest = json.loads((dest / "manifest.json").read_text())
    there = {
        str(each.relative_to(dest)): {
            "size": each.stat().st_size,
            "sha256": hashlib.sha256(each.read_bytes()).hexdigest(),
        }
        for each in dest.rglob("*")
        if each.is_file() and each.name != "manifest.json"
    }
    assert manifest["files"] == there
    assert manifest["counts"]["mails"] == 3
    assert manifest["missing"] == []


def test_notes_can_be_left_out_and_the_whole_can_be_one_file(busy: Desk, tandem: Commands, tmp_path: Path) -> None:
    del busy
    dest = tmp_path / "dana.zip"
    tandem.run("customers", "export", DANA, dest, "--without-notes")
    with zipfile.ZipFile(dest) as archive:
        assert archive.testzip() is None
        assert {"person.json", "mails.mbox", "manifest.json"} < set(archive.namelist())
        assert b"she called" not in archive.read("person.json")
    assert stat.S_IMODE(dest.stat().st_mode) & 0o077 == 0


def test_nothing_is_written_over_and_nothing_half_stays(busy: Desk, tandem: Commands, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    assert "is there already" in tandem.run("customers", "export", DANA, tmp_path / "there", expect=1).err
    assert "nothing is held" in tandem.run("customers", "export", "x@y.example", tmp_path / "new", expect=1).err
    assert "there is no folder" in tandem.run("customers", "export", DANA, tmp_path / "no" / "new", expect=1).err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["desk", "there"]
    for each in busy.store.conversations.of(TicketNumber(2)):
        if raw := getattr(each, "raw", ""):
            (tandem.home / "mail" / raw[:2] / raw[2:]).unlink()
    assert "1 mail or file is missing" in tandem.run("customers", "export", DANA, tmp_path / "lost", expect=1).err
    assert read(tmp_path / "lost")["names"] == ["D. P.", "Dana Petrowska"]


@pytest.mark.parametrize("name", ["../../evil.sh", "-rf", "con.txt", "a\x1b]0;x\x07.txt", ".hidden"])
def test_a_file_is_named_so_that_it_harms_nobody(desk: Desk, tandem: Commands, tmp_path: Path, name: str) -> None:
    raw = mail(1, "x", attached=b"data").replace(b'"scan.bin"', b'"' + name.encode() + b'"')
    arrive(desk, raw)
    tandem.run("customers", "export", DANA, tmp_path / "out")
    [file] = (tmp_path / "out" / "attachments").iterdir()
    assert file.name.startswith("2-1-")
    assert file.name.isprintable()
