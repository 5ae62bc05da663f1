"""Whom a desk lets in, as every command says it; with real users of the machine in test_sharing.py."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from pathlib import Path

import pytest

from desk.desk import Desk
from desk.errors import RefusedError
from tandem.access import group_name, is_member, refuse_unfit, shut_to_group, user_name
from tandem.paths import Home
from tests.desks import receive
from tests.tandem.commands import Commands, run

EVERY_KIND = [
    "list", "show 1", "assign 1 me", "tag 1 +a", "status 1 open", "priority 1 low", "note 1 x", "undo",
    "reply 1 --macro acknowledge", "outbox", "stats", "agents", "sync", "deliver", "tui", "macros list",
    "macros show acknowledge", "macros check", "init --yes", "agents remove bo",
]  # fmt: skip


@pytest.mark.parametrize("words", EVERY_KIND)
@pytest.mark.parametrize("mode", [0o755, 0o701])
def test_a_desk_that_everybody_may_enter_is_refused_before_anything_on_it_is_read(
    tandem: Commands, desk: Desk, home: Home, words: str, mode: int
) -> None:
    receive(desk)
    home.config.write_text("nonsense")
    home.folder.chmod(mode)
    refused = tandem.run(*words.split(), expect=1)
    assert f"{home.folder} is open to everybody on this machine (mode {mode:o})" in refused.err
    assert f"`chmod o= {home.folder}` shuts it" in refused.err
    assert refused.out == ""
    assert not home.log.exists()


@pytest.mark.parametrize(
    "words", ["backup", "export --format json", "reindex", "restore --yes", "import --format tinydb"]
)
def test_such_a_desk_is_not_copied_and_nothing_is_put_on_it(
    tandem: Commands, home: Home, tmp_path: Path, words: str
) -> None:
    for name, made in (("restore", "backup"), ("import", "export --format tinydb")):
        tandem.run(*made.split(), str(tmp_path / name))
    before = home.store.read_bytes()
    home.folder.chmod(0o755)
    command, *options = words.split()
    given = [] if command == "reindex" else [str(tmp_path / command)]
    refused = tandem.run(command, *options, *given, expect=1)
    assert "is open to everybody on this machine" in refused.err
    assert home.store.read_bytes() == before


def test_what_it_says_mends_it(tandem: Commands, home: Home) -> None:
    home.folder.chmod(0o755)
    tandem.run("list", expect=1)
    home.folder.chmod(home.folder.stat().st_mode & ~0o007)
    tandem.run("list")


def test_the_demo_refuses_a_folder_that_everybody_may_enter(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "index.html").touch()
    folder.chmod(0o755)
    ended = run(["demo", "--headless", "--home", str(folder)])
    assert (ended.code, [each.name for each in folder.iterdir()]) == (1, ["index.html"])
    assert "open to everybody" in ended.err


def test_a_link_is_as_open_as_the_folder_it_leads_to(home: Home, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(home.folder)
    refuse_unfit(Home(tmp_path / "link"))
    home.folder.chmod(0o755)
    with pytest.raises(RefusedError):
        refuse_unfit(Home(tmp_path / "link"))


def test_nothing_is_said_of_what_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch(mode=0o666)
    for name in ("nowhere", "nowhere/below", "file", "file/below", "x" * 300):
        refuse_unfit(Home(tmp_path / name))


@pytest.mark.parametrize(
    ("mode", "is_the_groups", "enters"),
    [(0o711, False, True), (0o710, False, False), (0o710, True, True), (0o701, True, True), (0o700, True, False)],
)
def test_a_folder_on_the_way_lets_a_group_in_by_its_mode(mode: int, *, is_the_groups: bool, enters: bool) -> None:
    place = Path(tempfile.mkdtemp(prefix="tandem-access-", dir="/tmp"))
    try:
        place.chmod(mode)
        group = place.stat().st_gid + (not is_the_groups)
        assert shut_to_group(place / "a" / "desk", group) == (None if enters else place)
    finally:
        shutil.rmtree(place)


def test_users_and_groups_without_a_name_are_numbers() -> None:
    assert (user_name(4_000_000), group_name(4_000_000)) == ("4000000", "4000000")
    assert user_name(os.getuid()) == pwd.getpwuid(os.getuid()).pw_name
    assert is_member("root", 0)
    assert not is_member("root", 4_000_000)
    assert not is_member("nobody-like-this", 0)
