"""`tandem keys`, and the screen's settings from the desk's file, the agent's own and the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from tandem.cli.screen_settings import screen_settings
from tandem.config import read_config
from tandem.config.screen import ScreenConfig
from tandem.paths import Home
from tests.tandem.commands import Commands
from tui.settings import ScreenSettings


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the agent's own settings stand; the environment says nothing else."""
    for name in ("TANDEM_THEME", "TANDEM_TOUR", "NO_COLOR", "LC_ALL", "LC_MESSAGES", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    path = tmp_path / "settings" / "tandem" / "screen.toml"
    path.parent.mkdir(parents=True)
    return path


def settings(home: Home) -> ScreenSettings:
    return screen_settings(read_config(home.config).screen)


def keys_of(found: ScreenSettings, action: str) -> set[tuple[str, ...]]:
    return {each.keys for each in found.actions if each.id == action}


def test_the_keys_are_printed_with_the_names_that_a_keymap_uses(tandem: Commands, own: Path) -> None:
    lines = tandem.run("keys", "list").lines
    assert lines[0] == "[list]"
    assert any(line.split()[:3] == ["e", "close", "close"] for line in lines)
    assert {line for line in tandem.run("keys").lines if line.startswith("[")} >= {"[list]", "[reader]", "[composer]"}


def test_a_changed_key_is_printed_as_it_is_now(tandem: Commands, own: Path) -> None:
    own.write_text('[keys]\nclose = ["f8", "g X"]\nstatus-spam = []\n')
    rows = {each["action"]: each for each in tandem.run("keys", "reader", "--json").objects}
    assert rows["close"]["keys"] == ["f8", "g X"]
    assert rows["status-spam"]["keys"] == []
    assert rows["close"]["place"] == "reader"


def test_an_unknown_place_is_a_usage_error_that_names_the_known(tandem: Commands, own: Path) -> None:
    assert "known: list" in tandem.run("keys", "lists", expect=2).err


def test_the_agents_own_settings_go_before_the_desks_one_by_one(home: Home, own: Path) -> None:
    home.config.write_text(
        '[screen]\ntheme = "light"\nmouse = true\ntour = false\n[screen.keys]\nclose = "f8"\nnote = "f9"\n'
    )
    own.write_text('theme = "contrast"\nlanguage = "bg"\nascii = true\n[keys]\nclose = "f7"\n')
    found = settings(home)
    assert (found.theme, found.language, found.mouse, found.ascii, found.tour) == ("contrast", "bg", True, True, False)
    assert keys_of(found, "close") == {("f7",)}
    assert keys_of(found, "note") == {("f9",)}


def test_nothing_said_is_dark_english_and_without_a_mouse(home: Home, own: Path) -> None:
    assert settings(home) == ScreenSettings(tour=True)


@pytest.mark.parametrize(
    ("environ", "theme"),
    [
        ({"TANDEM_THEME": "light"}, "light"),
        ({"TERM": "xterm"}, "ansi"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "dark"),
        ({"TERM": "linux"}, "ansi"),
    ],
    ids=["asked for", "16 colours", "all colours", "console"],
)
def test_the_environment_chooses_a_theme(
    home: Home, own: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], theme: str
) -> None:
    monkeypatch.delenv("COLORTERM", raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    found = settings(home)
    assert (found.theme, found.is_theme_for_once) == (theme, "TANDEM_THEME" in environ)


def test_no_color_means_no_colours_and_an_empty_one_means_nothing(
    home: Home, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert not settings(home).colours
    monkeypatch.setenv("NO_COLOR", "")
    assert settings(home).colours


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('theme = "pink"', "theme: must be one of auto, dark"),
        ('language = "de"', "language: must be one of"),
        ('mouse = "on"', "mouse: must be true or false"),
        ('colour = "red"', "colour: this is not a setting"),
        ("[keys]\nclose = 3", "keys.close: must be a key in quotes"),
        ('[keys]\nclose = ["e", ""]', "keys.close: must be a key in quotes"),
        ('[keys]\nclsoe = "e"', "keys.clsoe: there is no action “clsoe” (did you mean "),
        ('[keys.reader]\nclose = "n"', "keys.reader.close: “n” would mean two things in the reader"),
        ('[keys]\nclose = "ctrl+h"', "keys.close: “ctrl+h” is the same as Backspace"),
        ("[keys]\nhelp = []", "keys.help: “help” must have a key"),
        ("= nonsense", "is no TOML"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence_by_doctor_too(
    tandem: Commands, own: Path, text: str, says: str
) -> None:
    own.write_text(text)
    assert says in tandem.run("keys", expect=1).err
    assert str(own) in tandem.run("keys", expect=1).err
    [found] = tandem.run("doctor", "--offline", "--json", expect=1).objects
    [screen] = [each for each in found["checks"] if not each["ok"]]
    assert screen["name"] == "screen"
    assert says in screen["detail"]


def test_of_a_faulty_file_the_rest_is_used_and_every_fault_is_told_with_its_line(
    tandem: Commands, home: Home, own: Path
) -> None:
    desk = ('[screen]\ntheme = "pink"', "mouse = true", '[screen.keys]\nclose = "n"', "note = 3", 'sync = "f5"')
    home.config.write_text("\n".join(desk))
    own.write_text('colour = "red"\n[keys]\nundo = "r"\nredo = "f6"\n')
    found = settings(home)
    assert (found.theme, found.mouse) == ("dark", True)
    assert keys_of(found, "sync") == {("f5",)}
    assert keys_of(found, "redo") == {("f6",)}
    assert keys_of(found, "undo") == {("u",)}
    places = {f"{home.config}:{line}: " for line in (2, 5, 6)} | {f"{own}:{line}: " for line in (1, 3)}
    told = tandem.run("keys", expect=1)
    assert "[list]" in told.lines
    assert all(place in told.err for place in places)
    [looked] = tandem.run("doctor", "--offline", "--json", expect=1).objects
    wrong = [each["detail"] for each in looked["checks"] if each["name"] == "screen" and not each["ok"]]
    assert len(wrong) == len(places)
    assert all(any(place in line for line in wrong) for place in places)
    assert {each.place.partition(": ")[0] for each in found.faults} == {
        *(f"config.toml:{line}" for line in (2, 5, 6)), "screen.toml:1", "screen.toml:3"
    }  # fmt: skip


@pytest.mark.parametrize("text", ["screen = 3", "[screen]\nkeys = 3"])
def test_a_desk_whose_screen_settings_are_no_table_works(tandem: Commands, home: Home, own: Path, text: str) -> None:
    home.config.write_text(text)
    assert tandem.run("list").lines == []
    assert "must be a table" in tandem.run("keys", expect=1).err


def test_an_unknown_theme_of_the_environment_is_said_too(
    tandem: Commands, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANDEM_THEME", "pink")
    assert "there is no theme “pink”" in tandem.run("keys", expect=1).err


def test_doctor_tells_what_the_screen_is_like(tandem: Commands, own: Path) -> None:
    own.write_text('theme = "light"\n[keys]\nclose = "f8"\nnote = "f9"\n')
    [found] = tandem.run("doctor", "--offline", "--json").objects
    [screen] = [each["detail"] for each in found["checks"] if each["name"] == "screen"]
    assert screen == "theme light, language en, mouse off, keys of 2 actions changed"


def test_what_one_file_does_not_say_the_other_does() -> None:
    desk, own = ScreenConfig(theme="dark", mouse=True), ScreenConfig(mouse=False, language="ru")
    assert own.over(desk) == ScreenConfig(theme="dark", mouse=False, language="ru")
