"""What the screen was told about itself: `[screen]` of the desk's `config.toml`, and each agent's own `screen.toml`.

The agent's file has the same settings at its top, and goes before the desk's, setting by setting and key by key:

theme = "auto"          # dark, light, contrast, ansi; auto: dark, or ansi where the terminal has 16 colours only
language = "auto"       # en, ru, bg; auto: as the locale says
mouse = false           # true: the wheel scrolls and a click chooses
ascii = false           # true: plain signs, whatever the terminal can show
tour = true             # false: no tour at an agent's first start
bell = true             # false: the terminal does not ring when a colleague asks for you

[keys]                  # in config.toml: [screen.keys]
close = ["e", "f8"]     # these keys instead of the built-in ones; [] for none
view-closed = "g x"     # a chord
[keys.reader]           # only there
undo = "ctrl+z"

Which actions and keys there are is the screen's affair: tui/keys/keymap.py checks them. What cannot be used says
nothing and is told (`ScreenConfig.faults`): a slip in one of these files, which may be a colleague's, keeps nobody out.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from desk.errors import ConfigError
from tandem.config.section import Section, is_line

T = TypeVar("T")

THEMES = ("auto", "dark", "light", "contrast", "ansi")
LANGUAGES = ("auto", "en", "ru", "bg")
_SWITCHES = ("mouse", "ascii", "tour", "bell")
_KEYS = frozenset({"theme", "language", "keys", *_SWITCHES})


@dataclass(frozen=True, slots=True)
class KeySetting:
    """One line of a keymap: an action gets these keys, in one place or (None) wherever it acts."""

    path: str
    setting: str
    action: str
    keys: tuple[str, ...]
    place: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenConfig:
    """The settings that are there; None where nothing is said."""

    theme: str | None = None
    language: str | None = None
    mouse: bool | None = None
    ascii: bool | None = None
    tour: bool | None = None
    bell: bool | None = None
    keys: tuple[KeySetting, ...] = ()
    faults: tuple[ConfigError, ...] = ()

    def over(self, other: ScreenConfig) -> ScreenConfig:
        """These settings, and for what they do not say, those of `other`."""
        return ScreenConfig(
            theme=self.theme or other.theme,
            language=self.language or other.language,
            mouse=other.mouse if self.mouse is None else self.mouse,
            ascii=other.ascii if self.ascii is None else self.ascii,
            tour=other.tour if self.tour is None else self.tour,
            bell=other.bell if self.bell is None else self.bell,
            keys=(*other.keys, *self.keys),
            faults=(*other.faults, *self.faults),
        )


def own_file(environ: Mapping[str, str] = os.environ) -> Path | None:
    """An agent's own settings: `tandem/screen.toml` in $XDG_CONFIG_HOME, else in ~/.config; None without a home."""
    named = Path(environ.get("XDG_CONFIG_HOME", ""))
    try:
        folder = named if named.is_absolute() else Path.home() / ".config"
    except RuntimeError:
        return None
    return folder / "tandem" / "screen.toml"


def read_own(path: Path | None) -> ScreenConfig:
    """What an agent's own file says; one that is not there says nothing, and one that cannot be read is a fault."""
    if path is None:
        return ScreenConfig()
    try:
        with path.open("rb") as file:
            return screen_section(Section(str(path), (), tomllib.load(file)))
    except (FileNotFoundError, NotADirectoryError):
        return ScreenConfig()
    except OSError as error:
        fault = ConfigError(str(path), "", f"cannot be read: {error.strerror}", "check its owner and mode")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        fault = ConfigError(str(path), "", f"is no TOML: {error}", "mend the file, or move it away")
    return ScreenConfig(faults=(fault,))


def screen_section(section: Section | None) -> ScreenConfig:
    """The settings in a table; of what cannot be used nothing but the fault is left."""
    if section is None:
        return ScreenConfig()
    faults: list[ConfigError] = []

    def said(key: str, read: Callable[[], T]) -> T | None:
        return _tried(read, faults) if key in section.values else None

    for key, value in section.values.items():
        _tried(partial(Section(section.path, section.at, {key: value}).only, _KEYS), faults)
    switches = {each: said(each, partial(section.is_on, each)) for each in _SWITCHES}
    keys = said("keys", partial(section.table, "keys"))
    return ScreenConfig(
        theme=said("theme", partial(section.choice, "theme", THEMES)),
        language=said("language", partial(section.choice, "language", LANGUAGES)),
        mouse=switches["mouse"],
        ascii=switches["ascii"],
        tour=switches["tour"],
        bell=switches["bell"],
        keys=tuple(_keys(keys, None, faults)) if keys else (),
        faults=tuple(faults),
    )


def screen_table(section: Section) -> ScreenConfig:
    """The settings in the table `screen` of the desk's file, if it has one."""
    faults: list[ConfigError] = []
    found = screen_section(_tried(partial(section.table, "screen"), faults))
    return found if not faults else ScreenConfig(faults=tuple(faults))


def _tried(read: Callable[[], T], faults: list[ConfigError]) -> T | None:
    try:
        return read()
    except ConfigError as error:
        faults.append(error)
        return None


def _keys(section: Section, place: str | None, faults: list[ConfigError]) -> Iterator[KeySetting]:
    """The lines of a keymap; a table in it is that of one place."""
    for name, value in section.values.items():
        inner = section.table(name) if place is None and isinstance(value, dict) else None
        if inner is not None:
            yield from _keys(inner, name, faults)
        elif (keys := _tried(partial(_listed, section, name), faults)) is not None:
            yield KeySetting(section.path, section.where(name), name, keys, place)


def _listed(section: Section, name: str) -> tuple[str, ...]:
    value = section.values[name]
    keys = cast("list[object]", value) if isinstance(value, list) else [value]
    if not all(map(is_line, keys)):
        like = f'for example {name} = "x", {name} = ["x", "f8"], or {name} = [] for none'
        raise section.wrong(name, "must be a key in quotes, or a list of them", like)
    return tuple(cast("list[str]", keys))
