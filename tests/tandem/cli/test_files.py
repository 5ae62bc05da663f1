"""`tandem files` and `tandem links`: what came with a ticket, by what it is, and where links lead."""

from __future__ import annotations

import stat
from pathlib import Path

from desk.actions.note import add_note
from desk.conversation import Attachment
from desk.desk import Desk
from tests.desks import receive
from tests.tandem.commands import Commands


def attached(desk: Desk, name: str, data: bytes) -> Attachment:
    return Attachment(name, "application/pdf", len(data), desk.blobs.put(data), 1)


def test_files_are_told_by_what_they_are_and_saved_privately(tandem: Commands, desk: Desk, tmp_path: Path) -> None:
    files = (attached(desk, "a.pdf", b"MZ"), attached(desk, "b.pdf", b"%PDF-1"), attached(desk, "b.pdf", b"%PDF-2"))
    number = receive(desk, attachments=files).number
    told = [(each["name"], each["is"], bool(each["warning"])) for each in tandem.run("files", number, "--json").objects]
    assert told == [("a.pdf", "Windows program", True), ("b.pdf", "PDF", False), ("b.pdf", "PDF", False)]
    folder = tmp_path / "cases"
    folder.mkdir()
    tandem.run("files", number, "--save", folder)
    assert (folder / "b (2).pdf").read_bytes() == b"%PDF-2"
    assert stat.S_IMODE((folder / "a.pdf").stat().st_mode) == 0o600
    assert "is there already" in tandem.run("files", number, "--save", folder, expect=1).err
    tandem.run("files", number, "--save", folder, "--over")


def test_a_file_whose_bytes_are_gone_is_still_listed(tandem: Commands, desk: Desk) -> None:
    number = receive(desk, attachments=(Attachment("a.exe", "", 7, "0" * 64, 1),)).number
    ended = tandem.run("files", number)
    assert ended.rows[0][1:3] == ["a.exe", "Windows program"]
    assert "missing" in ended.out


def test_links_are_told_by_their_true_hosts(tandem: Commands, desk: Desk) -> None:
    number = receive(desk, text="See http://paypal.com@evil.example/x").number
    add_note(desk, number, "https://bank.example/7")
    told = [(each["host"], bool(each["warnings"])) for each in tandem.run("links", number, "--json").objects]
    assert told == [("evil.example", True), ("bank.example", False)]
    assert "⚠" in tandem.run("links", number).out


def test_a_message_that_is_not_there_is_said_so(tandem: Commands, desk: Desk) -> None:
    number = receive(desk).number
    tandem.run("files", number, 999, expect=1)
    tandem.run("links", 999, expect=1)
