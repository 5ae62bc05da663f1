"""A desk's folder: private, or shared with a group, with everything in it."""

from __future__ import annotations

import grp
import os
import resource
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.errors import ConfigError, RefusedError
from storage.files import is_shared
from tandem.config import Config, read_config
from tandem.founding import keep_secret, make_home, save_config
from tandem.paths import Home
from tests.desks import make_desk, receive

OURS = grp.getgrgid(os.getegid()).gr_name


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(folder: Path) -> dict[str, int]:
    """The mode of everything in a folder."""
    return {str(path.relative_to(folder)): mode(path) for path in sorted(folder.rglob("*"))}


@pytest.fixture
def home() -> Iterator[Home]:
    """A place for a desk that every user of this machine can get to, as those below /srv are."""
    place = Path(tempfile.mkdtemp(prefix="tandem-founding-", dir="/tmp"))
    place.chmod(0o755)
    yield Home(place / "new" / "desk")
    shutil.rmtree(place)


@pytest.fixture(autouse=True)
def generous_umask() -> Iterator[None]:
    """Modes come from us and not from the shell."""
    before = os.umask(0o002)
    yield
    os.umask(before)


FOLDERS = ["", "backups", "log", "macros", "mail"]


class TestPrivate:
    def test_every_folder_is_for_its_owner_alone(self, home: Home) -> None:
        make_home(home, None)
        assert {name: mode(home.folder / name) for name in FOLDERS} == dict.fromkeys(FOLDERS, 0o700)
        assert not is_shared(home.folder)

    def test_every_file_is_for_its_owner_alone(self, home: Home) -> None:
        make_home(home, None)
        save_config(home, Config())
        desk = make_desk(home.folder)
        receive(desk)
        found = modes(home.folder)
        desk.store.close()
        assert {"config.toml", "desk.db", "desk.db.lock", "desk.db-wal"} <= found.keys()
        assert set(found.values()) <= {0o600, 0o700}

    def test_a_folder_that_others_could_enter_is_shut(self, home: Home) -> None:
        home.folder.mkdir(parents=True, mode=0o755)
        make_home(home, None)
        assert mode(home.folder) == 0o700

    def test_one_that_others_can_enter_and_that_holds_something_is_refused(self, home: Home) -> None:
        (home.folder / "photos").mkdir(parents=True)
        home.folder.chmod(0o751)
        with pytest.raises(RefusedError, match=r"open to everybody on this machine \(mode 751\).*`chmod o= "):
            make_home(home, None)
        assert (mode(home.folder), [each.name for each in home.folder.iterdir()]) == (0o751, ["photos"])

    def test_twice_is_as_once(self, home: Home) -> None:
        make_home(home, None)
        make_home(home, None)
        assert mode(home.folder) == 0o700


class TestShared:
    def test_every_folder_is_the_groups(self, home: Home) -> None:
        make_home(home, OURS)
        assert {name: mode(home.folder / name) for name in FOLDERS} == dict.fromkeys(FOLDERS, 0o2770)
        assert {(home.folder / name).stat().st_gid for name in FOLDERS} == {os.getegid()}
        assert is_shared(home.folder)

    def test_every_file_is_the_groups(self, home: Home) -> None:
        make_home(home, OURS)
        save_config(home, Config())
        desk = make_desk(home.folder)
        receive(desk)
        found = modes(home.folder)
        desk.store.close()
        assert set(found.values()) <= {0o660, 0o2770}

    def test_a_private_desk_is_shared_whole_but_for_passwords(self, home: Home) -> None:
        make_home(home, None)
        save_config(home, Config())
        secret = keep_secret(home, "support", "wild boar 77")
        desk = make_desk(home.folder)
        receive(desk)
        desk.store.close()
        make_home(home, OURS)
        found = modes(home.folder)
        assert (found.pop("secrets"), found.pop("secrets/support")) == (0o700, 0o600)
        assert set(found.values()) == {0o660, 0o2770}
        assert secret.read_text() == "wild boar 77\n"

    def test_a_link_on_it_leads_nobody_astray(self, home: Home, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        outside.touch(mode=0o600)
        make_home(home, None)
        make_desk(home.folder).store.close()
        (home.macros / "link.md").symlink_to(outside)
        make_home(home, OURS)
        assert mode(outside) == 0o600

    @pytest.mark.parametrize("before", [0o700, 0o770, 0o755, 0o2755])
    def test_a_folder_that_is_not_yet_the_groups_becomes_so(self, home: Home, before: int) -> None:
        home.folder.mkdir(parents=True)
        home.folder.chmod(before)
        make_home(home, OURS)
        assert mode(home.folder) == 0o2770

    def test_a_place_that_the_group_cannot_get_to_is_refused(self, home: Home) -> None:
        home.folder.parent.mkdir(mode=0o700)
        with pytest.raises(RefusedError, match=f"cannot get to {home.folder}: it may not enter {home.folder.parent} "):
            make_home(home, OURS)
        assert not home.folder.exists()
        make_home(home, None)

    def test_folders_that_are_made_on_the_way_let_the_group_through(self, home: Home) -> None:
        os.umask(0o077)
        make_home(home, OURS)
        assert mode(home.folder.parent) == 0o755

    def test_a_link_from_a_place_that_the_group_cannot_get_to_is_refused(self, home: Home, tmp_path: Path) -> None:
        home.folder.mkdir(parents=True)
        (tmp_path / "desk").symlink_to(home.folder)
        tmp_path.chmod(0o700)
        with pytest.raises(RefusedError, match="it may not enter"):
            make_home(Home(tmp_path / "desk"), OURS)

    def test_a_shared_desk_stays_shared(self, home: Home) -> None:
        make_home(home, OURS)
        make_desk(home.folder).store.close()
        make_home(home, None)
        assert mode(home.folder) == 0o2770

    @pytest.mark.parametrize("group", ["nosuchgroup", "x" * 5000, "\udcff", "a b", ":"])
    def test_a_group_that_is_not_there_is_refused(self, home: Home, group: str) -> None:
        with pytest.raises(RefusedError, match="there is no Unix group"):
            make_home(home, group)
        assert not home.folder.exists()

    @pytest.mark.skipif(os.geteuid() == 0, reason="root is in every group")
    def test_a_group_that_is_not_ours_is_refused(self, home: Home) -> None:
        other = next(each for each in grp.getgrall() if each.gr_gid not in (os.getegid(), *os.getgroups()))
        with pytest.raises(RefusedError, match="you are not in the Unix group"):
            make_home(home, other.gr_name)


class TestSettingsAndSecrets:
    def test_settings_are_as_private_as_the_desk(self, home: Home) -> None:
        make_home(home, None)
        save_config(home, Config(undo_seconds=3))
        assert (mode(home.config), read_config(home.config).undo_seconds) == (0o600, 3)
        make_home(home, OURS)
        save_config(home, Config())
        assert mode(home.config) == 0o660

    def test_a_secret_is_private_also_on_a_shared_desk_and_where_a_file_was(self, home: Home) -> None:
        make_home(home, OURS)
        path = keep_secret(home, "support", "old")
        path.chmod(0o644)
        assert keep_secret(home, "support", "new") == path
        assert (path.read_text(), mode(path), mode(path.parent) & 0o777) == ("new\n", 0o600, 0o700)

    def test_what_finds_no_room_leaves_what_was_there(self, home: Home) -> None:
        make_home(home, None)
        save_config(home, Config(undo_seconds=3))
        secret = keep_secret(home, "support", "old")
        there = set(home.folder.rglob("*"))
        before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2, most))
        try:
            with pytest.raises(ConfigError, match="cannot be written"):
                keep_secret(home, "support", "new and longer")
            with pytest.raises(ConfigError, match="cannot be written"):
                save_config(home, Config())
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))
        assert (secret.read_text(), read_config(home.config).undo_seconds) == ("old\n", 3)
        assert set(home.folder.rglob("*")) == there

    def test_what_cannot_be_written_is_told(self, home: Home) -> None:
        make_home(home, None)
        home.config.mkdir()
        (home.folder / "secrets").touch()
        with pytest.raises(ConfigError, match="cannot be written: Is a directory"):
            save_config(home, Config())
        with pytest.raises(ConfigError, match="cannot be written"):
            keep_secret(home, "support", "x")

    def test_a_place_where_no_folder_can_be_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        for place in (tmp_path / "file", tmp_path / "file/below", tmp_path / ("x" * 300)):
            with pytest.raises(RefusedError, match="cannot be made"):
                make_home(Home(place), None)
