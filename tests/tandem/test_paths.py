"""Where a desk lives, and which one is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.errors import RefusedError
from tandem.paths import Home, choose_home


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """We stand in an empty folder, and no variable names a desk."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TANDEM_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path / "me"))


def test_a_desk_has_its_parts_in_one_folder() -> None:
    home = Home(Path("/srv/desk"))
    parts = [home.config, home.store, home.mail, home.macros, home.backups, home.log]
    assert [str(each.relative_to("/srv/desk")) for each in parts] == [
        "config.toml", "desk.db", "mail", "macros", "backups", "log/tandem.log",
    ]  # fmt: skip


def test_the_option_comes_first_then_the_variable_then_the_folder_here_then_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert choose_home(None).folder.name == "tandem"
    assert not choose_home(None).folder.is_relative_to(tmp_path / ".tandem")
    (tmp_path / ".tandem").mkdir()
    assert choose_home(None) == Home(tmp_path / ".tandem")
    monkeypatch.setenv("TANDEM_HOME", "/srv/desk")
    assert choose_home(None) == choose_home("") == Home(Path("/srv/desk"))
    assert choose_home("other") == Home(tmp_path / "other")


def test_a_tilde_is_a_home_folder(tmp_path: Path) -> None:
    assert choose_home("~/desk") == Home(tmp_path / "me" / "desk")


def test_a_user_that_is_not_there_has_no_folder() -> None:
    with pytest.raises(RefusedError, match="--home"):
        choose_home("~nobodyatall/desk")


def test_a_desk_is_there_once_it_has_a_store(tmp_path: Path) -> None:
    home = Home(tmp_path / "desk")
    assert not home.exists
    home.folder.mkdir()
    assert not home.exists
    home.store.touch()
    assert home.exists
    assert not Home(home.store).exists
    assert not Home(tmp_path / ("x" * 300)).exists
