from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from desk.conversation import Attachment
from desk.desk import Desk
from storage.blobs import Blobs
from tests.desks import receive
from tests.tui.apps import Screen, showing
from tui.copying import arrives
from tui.reader.saving import default_folder, save
from tui.terminal.desktop import open_copy, refused


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of the test's own."""
    folder = tmp_path / "home"
    (folder / "Downloads").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    return folder


def attached(desk: Desk, name: str, data: bytes, kind: str = "application/pdf") -> Attachment:
    return Attachment(name, kind, len(data), desk.blobs.put(data), 1)


def lose(desk: Desk, file: Attachment) -> None:
    """Remove a file's bytes behind the desk's back."""
    assert isinstance(desk.blobs, Blobs)
    desk.blobs.path(file.sha256).unlink()


async def listing(screen: Screen) -> None:
    """Open the first ticket and list its files."""
    await screen.sees("Dana Petrova")
    await screen.press("enter")
    await screen.until(lambda: screen.inbox.reader.has_focus)
    await screen.press("v", "f")
    await screen.until(lambda: screen.app.screen is not screen.inbox)


async def test_files_are_listed_by_what_they_really_are_and_saved_privately(desk: Desk, home: Path) -> None:
    receive(desk, attachments=(attached(desk, "invoice.pdf", b"MZ\0\0"), attached(desk, "scan.pdf", b"%PDF-1.4")))
    async with showing(desk) as screen:
        await listing(screen)
        await screen.sees("invoice.pdf", "Windows program", "⚠ it is a program", "its name says PDF", "scan.pdf")
        await screen.press("j", "s")
        await screen.sees("Save scan.pdf", "~/Downloads/scan.pdf")
        await screen.press("enter")
        await screen.sees("saved")
        saved = home / "Downloads" / "scan.pdf"
        assert saved.read_bytes() == b"%PDF-1.4"
        assert stat.S_IMODE(saved.stat().st_mode) == 0o600


async def test_the_size_of_a_file_stays_in_sight_when_the_terminal_becomes_narrow(desk: Desk) -> None:
    receive(desk, attachments=(attached(desk, f"{'a rather long name ' * 6}.pdf", b"%PDF-1.4"),))
    async with showing(desk) as screen:
        await listing(screen)
        await screen.sees("PDF", "8 B")
        await screen.pilot.resize_terminal(80, 24)
        await screen.sees("PDF", "8 B   Dana")


async def test_nothing_is_written_over_another_file_without_a_second_enter(desk: Desk, home: Path) -> None:
    there = home / "Downloads" / "scan.pdf"
    there.write_text("mine")
    receive(desk, attachments=(attached(desk, "scan.pdf", b"%PDF-1.4"),))
    async with showing(desk) as screen:
        await listing(screen)
        await screen.press("s")
        await screen.sees("~/Downloads/scan.pdf")
        await screen.press("enter")
        await screen.sees("scan.pdf is there already: Enter again replaces it")
        assert there.read_text() == "mine"
        await screen.press("enter")
        await screen.sees("saved")
        assert there.read_bytes() == b"%PDF-1.4"


async def test_all_files_are_saved_at_once_and_the_name_is_copied(desk: Desk, home: Path) -> None:
    receive(desk, attachments=(attached(desk, "a.pdf", b"%PDF-1"), attached(desk, "b.pdf", b"%PDF-2")))
    async with showing(desk) as screen:
        await listing(screen)
        await screen.press("y")
        await screen.sees("copied: a.pdf")
        await screen.press("S")
        await screen.sees("Save 2 files")
        await screen.press("enter")
        await screen.sees("saved 2 files in")
        assert sorted(each.name for each in (home / "Downloads").iterdir()) == ["a.pdf", "b.pdf"]


async def test_files_that_are_there_are_saved_beside_one_that_the_desk_has_lost(desk: Desk, home: Path) -> None:
    gone = attached(desk, "gone.pdf", b"%PDF-2")
    receive(desk, attachments=(attached(desk, "a.pdf", b"%PDF-1"), gone, attached(desk, "c.pdf", b"%PDF-3")))
    lose(desk, gone)
    async with showing(desk) as screen:
        await listing(screen)
        await screen.sees("is missing")
        await screen.press("S")
        await screen.sees("Save 3 files")
        await screen.press("enter")
        await screen.sees("not saved, `tandem doctor` says why: gone.pdf; saved 2 files in")
        assert sorted(each.name for each in (home / "Downloads").iterdir()) == ["a.pdf", "c.pdf"]


async def test_a_sign_says_which_file_the_keys_act_on(desk: Desk) -> None:
    receive(desk, attachments=(attached(desk, "a.pdf", b"%PDF-1"), attached(desk, "b.pdf", b"%PDF-2")))
    async with showing(desk) as screen:
        await listing(screen)
        await screen.until(lambda: [row[0] for row in screen.text.splitlines() if "PDF  " in row] == [">", " "])
        await screen.press("j")
        await screen.until(lambda: [row[0] for row in screen.text.splitlines() if "PDF  " in row] == [" ", ">"])


async def test_a_long_name_keeps_its_ending(desk: Desk) -> None:
    receive(desk, attachments=(attached(desk, f"{'a rather long name ' * 6}.pdf", b"%PDF-1.4"),))
    async with showing(desk) as screen:
        await listing(screen)
        await screen.sees("name .pdf  PDF")
        await screen.press("s")
        await screen.sees("Save a rather long name", "name .pdf")


async def test_over_ssh_no_file_is_opened_and_it_says_why(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22")
    receive(desk, attachments=(attached(desk, "a.pdf", b"%PDF-1"),))
    async with showing(desk) as screen:
        await listing(screen)
        await screen.press("o")
        await screen.sees("this screen runs over SSH")


async def test_a_file_is_opened_only_when_that_was_said_twice(
    desk: Desk, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener = home / "xdg-open"
    opener.write_text(f'#!/bin/sh\nstat -c %a "$1" > {home}/mode\ncp "$1" {home}/opened\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{home}:/usr/bin:/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home))
    for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)
    receive(desk, attachments=(attached(desk, "page.html", b"<html>", "text/html"),))
    async with showing(desk) as screen:
        await listing(screen)
        await screen.sees("web page")
        await screen.press("o")
        await screen.sees("open page.html, web page?", "it opens in a browser")
        assert not (home / "opened").exists()
        await screen.press("o")
        await screen.until(lambda: (home / "opened").exists() and (home / "opened").read_bytes() == b"<html>")
        assert (home / "mode").read_text() == "400\n"


@pytest.mark.parametrize(
    ("environ", "why"),
    [({"SSH_TTY": "/dev/pts/1", "DISPLAY": ":0"}, "SSH"), ({"PATH": "/nowhere"}, "nothing here")],
    ids=["over SSH", "no desktop"],
)
def test_where_nothing_can_be_opened_it_is_said(
    environ: dict[str, str], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", environ.get("PATH", "/usr/bin:/bin"))
    assert why in refused(environ)
    with pytest.raises(Exception, match=why):
        open_copy("a.pdf", b"", environ)


@pytest.mark.parametrize(
    "name", ["../../.bashrc", "/etc/passwd", "..", "-rf", ".hidden", "a\u202efdp.exe", "x\n\x1b[2J.pdf"]
)
def test_a_mail_does_not_choose_where_its_files_go(desk: Desk, home: Path, name: str) -> None:
    saved = save(desk, [attached(desk, name, b"x")], "~/Downloads/")
    assert not saved.problem
    (path,) = saved.paths
    assert path.parent == home / "Downloads"
    assert path.name.isprintable()
    assert not path.name.startswith((".", "-"))


def test_a_link_in_the_place_of_a_file_is_not_followed(desk: Desk, home: Path) -> None:
    victim = home / "victim"
    victim.write_text("keep")
    (home / "Downloads" / "a.pdf").symlink_to(victim)
    assert save(desk, [attached(desk, "a.pdf", b"x")], "~/Downloads/").taken == ("a.pdf",)
    assert save(desk, [attached(desk, "a.pdf", b"x")], "~/Downloads/", over=True).paths
    assert victim.read_text() == "keep"


def test_the_folder_that_was_saved_to_last_is_offered_next_time(desk: Desk, home: Path) -> None:
    (home / "cases").mkdir()
    assert default_folder() == "~/Downloads/"
    save(desk, [attached(desk, "a.pdf", b"x")], "~/cases/")
    assert default_folder() == "~/cases/"


def test_what_cannot_be_saved_says_why(desk: Desk) -> None:
    file = attached(desk, "a.pdf", b"x")
    assert save(desk, [file], "~/Downloads/new/").problem == "there is no folder ~/Downloads/new"
    assert save(desk, [file], "~/Downloads/new/b.pdf").problem == "there is no folder ~/Downloads/new"
    assert save(desk, [file, file], "~/Downloads/new").problem == "there is no folder ~/Downloads/new"
    assert save(desk, [replace(file, sha256="0" * 64)], "~/Downloads/").problem
    assert save(desk, [file], "~/Down\0loads").problem


@pytest.mark.parametrize(
    ("environ", "known"),
    [({"TERM": "xterm-kitty"}, True), ({"TMUX": "x"}, True), ({"TERM": "xterm-256color"}, False), ({}, False)],
    ids=["kitty", "tmux", "xterm", "nothing"],
)
def test_it_is_known_which_terminals_take_what_is_copied(environ: dict[str, str], known: bool) -> None:  # noqa: FBT001 - a case
    assert arrives(environ) is known
