"""On which line of a TOML file a setting stands, so that whoever mends it need not look for it."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from desk.errors import ConfigError

_NAME = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_NAMES = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_TABLE = re.compile(rf"\s*\[\s*({_NAMES})\s*\]")
_SETTING = re.compile(rf"\s*({_NAMES})\s*=")


@contextmanager
def naming_lines() -> Generator[None]:
    """Say in complaints about settings on which line of their file they stand."""
    try:
        yield
    except ConfigError as error:
        raise on_its_line(error) from error.__cause__


def on_its_line(error: ConfigError) -> ConfigError:
    """The same complaint with the line of its setting, where that is found."""
    line = _line_of(Path(error.path), error.key) if error.key else 0
    return error.on_line(line) if line else error


def _line_of(path: Path, key: str) -> int:
    """The line of a setting, or that of the table it is missing in; 0 where neither is found."""
    lines: list[str] = []
    with suppress(OSError, UnicodeDecodeError):
        lines = path.read_text("utf-8").splitlines()
    table, best, longest = "", 0, 0
    for number, line in enumerate(lines, 1):
        if found := _TABLE.match(line):
            here = table = _plain(found[1])
        elif found := _SETTING.match(line):
            here = ".".join(filter(None, (table, _plain(found[1]))))
        else:
            continue
        if (key == here or key.startswith(f"{here}.")) and len(here) > longest:
            best, longest = number, len(here)
    return best


def _plain(names: str) -> str:
    """Dotted names without blanks and quotes."""
    return ".".join(each.strip("\"'") for each in re.findall(_NAME, names))
