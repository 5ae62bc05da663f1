"""One table of `config.toml`, and every complaint about what stands in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import cast

from desk.errors import ConfigError
from desk.safe import is_tampered

_LONGEST = 10_000
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the file, which knows where it stands, so that every complaint can say so.

    Every method that reads a setting raises ConfigError where it is not what is wanted.
    """

    path: str
    at: tuple[str, ...]
    values: Mapping[str, object]

    def where(self, key: str) -> str:
        """The whole name of a setting."""
        return ".".join((*self.at, key))

    def wrong(self, key: str, message: str, hint: str) -> ConfigError:
        """What is wrong with a setting."""
        return ConfigError(self.path, self.where(key), message, hint)

    def only(self, known: frozenset[str]) -> None:
        """Refuse what is no setting."""
        for key in self.values:
            if key not in known:
                raise self.wrong(key, "this is not a setting", f"known here: {', '.join(sorted(known))}")

    def text(self, key: str, like: str) -> str:
        """A text that must be there; `like` is an example of one."""
        value = self.values.get(key)
        if not is_line(value):
            said = "is missing" if value is None else "must be a text in quotes, in one line"
            raise self.wrong(key, said, f'for example {key} = "{like}"')
        return cast("str", value)

    def lines(self, key: str, like: str) -> str:
        """A text of one line or several, without blank lines around it; empty where nothing is said."""
        value = self.values.get(key, "")
        if not isinstance(value, str) or is_tampered(value):
            raise self.wrong(key, "must be a text in quotes", f'for example {key} = "{like}"')
        text = value.replace("\r\n", "\n").strip("\n")
        if len(text) > _LONGEST:
            raise self.wrong(key, f"must not be longer than {_LONGEST} characters", "write a shorter one")
        return text if text.strip() else ""

    def texts(self, key: str, like: str) -> tuple[str, ...]:
        """A list of at least one text; `like` is an example of the list."""
        value = self.values[key]
        found = cast("list[object]", value) if isinstance(value, list) else []
        if not found or not all(map(is_line, found)):
            raise self.wrong(key, "must be a list of texts, each in one line", f"for example {key} = {like}")
        return tuple(dict.fromkeys(cast("list[str]", found)))

    def whole(self, key: str, default: int, highest: int) -> int:
        """A whole number from 0 on."""
        value = self.values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= highest:
            message = f"must be a whole number from 0 to {highest}"
            raise self.wrong(key, message, f"for example {key} = {default}")
        return value

    def clock(self, key: str, default: time) -> time:
        """A time of the day in hours and minutes, in quotes or as TOML has it."""
        value = self.values.get(key, default)
        if isinstance(value, str) and (found := _CLOCK.fullmatch(value)):
            return time(int(found[1]), int(found[2]))
        if not isinstance(value, time) or value != value.replace(second=0, microsecond=0):
            raise self.wrong(key, "must be a time of the day", f'for example {key} = "8:30"')
        return value

    def is_on(self, key: str) -> bool:
        """Whether a setting that is off by default is on."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "must be true or false, without quotes", f"for example {key} = true")
        return value

    def choice(self, key: str, known: tuple[str, ...]) -> str:
        """One of some words; the first where nothing is said."""
        value = self.values.get(key, known[0])
        if not isinstance(value, str) or value not in known:
            raise self.wrong(key, f"must be one of {', '.join(known)}", f'for example {key} = "{known[0]}"')
        return value

    def tables(self) -> list[Section]:
        """Every table in this one; nothing else may stand here."""
        return [table for key in self.values if (table := self.table(key)) is not None]

    def table(self, key: str) -> Section | None:
        """A table in this one, if it is there."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table", f"begin it with [{self.where(key)}]")
        return Section(self.path, (*self.at, key), cast("dict[str, object]", value))

    def file(self, key: str, like: str) -> Path:
        """A path, where `~` is somebody's home folder."""
        try:
            return Path(self.text(key, like)).expanduser()
        except RuntimeError as error:
            raise self.wrong(key, "there is no such user", f'for example {key} = "{like}"') from error


def is_line(value: object) -> bool:
    """Whether a value is a text of one line, with nothing in it that would steer a terminal."""
    return isinstance(value, str) and value != "" and not is_tampered(value) and "\n" not in value
