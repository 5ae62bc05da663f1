"""A desk's settings without anything that could be a secret, as they travel in a backup, and back on another desk.

Passwords never stand in `config.toml`; this is for the one that somebody wrote there all the same. Comments are left
out. A password file in the desk's own `secrets/` is named without the desk's folder, which may be another one later.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, cast
from urllib.parse import urlsplit

import tomli_w

from tandem.paths import Home

_SECRET = re.compile(r"passw|secret|token|passphrase|credential|api_?key|private", re.IGNORECASE)
_POINTER = re.compile(r"(password|token)_(command|env|file|keyring)")
_SPELT_OUT = frozenset({"echo", "printf", "print"})
"""Commands that say what stands behind them: a password command made of one is the password."""

_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "env"})
_STAND_IN = "TANDEM_PASSWORD"

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WithoutSecrets:
    """Settings without secrets as TOML, and what was left out, each as the setting's name."""

    text: str
    left_out: tuple[str, ...]


def without_secrets(text: str, home: Home) -> WithoutSecrets:
    """The settings of a desk, without secrets.

    Raises:
        ValueError: this is no TOML, so that nobody can say what is secret in it.
    """
    left_out: list[str] = []

    def strip(name: str, key: str, value: object) -> Table:
        if _POINTER.fullmatch(key) and key.endswith("_file") and isinstance(value, str):
            return {key: _without_desk(value, home)}
        if _is_secret(key, value):
            left_out.append(name)
            return {"password_env": _STAND_IN} if _POINTER.fullmatch(key) else {}
        if isinstance(value, str) and (plain := _without_password(value)) != value:
            left_out.append(name)
            return {key: plain}
        return {key: value}

    return WithoutSecrets(tomli_w.dumps(_walked(tomllib.loads(text), strip)), tuple(left_out))


def for_desk(text: str, home: Home) -> str:
    """Settings from a backup as they are for this desk.

    Raises:
        ValueError: this is no TOML.
    """

    def place(_name: str, key: str, value: object) -> Table:
        if key.endswith("_file") and isinstance(value, str) and Path(value).parts[:1] == (home.secrets.name,):
            return {key: str(home.folder / value)}
        return {key: value}

    return tomli_w.dumps(_walked(tomllib.loads(text), place))


def password_files(text: str) -> tuple[Path, ...]:
    """The files in which passwords are looked for.

    Raises:
        ValueError: this is no TOML.
    """
    return tuple(Path(each) for each in _values(text, "_file") if isinstance(each, str))


def commands(text: str) -> tuple[str, ...]:
    """The commands that are run for a password.

    Raises:
        ValueError: this is no TOML.
    """
    found = (cast("list[object]", each) for each in _values(text, "_command") if isinstance(each, list))
    return tuple(dict.fromkeys(shlex.join(map(str, each)) for each in found))


def _values(text: str, ending: str) -> list[object]:
    """The values of all settings that point to a password in this way."""
    found: list[object] = []

    def note(_name: str, key: str, value: object) -> Table:
        if _POINTER.fullmatch(key) and key.endswith(ending) and value not in found:
            found.append(value)
        return {}

    _walked(tomllib.loads(text), note)
    return found


def _walked(table: Mapping[str, Any], change: Callable[[str, str, object], Table], at: tuple[str, ...] = ()) -> Table:
    """The table with each setting, at any depth, replaced by what `change` makes of it, its name and its value."""
    changed: Table = {}
    for key, value in table.items():
        inside = (*at, key)
        if isinstance(value, dict):
            changed[key] = _walked(cast("Table", value), change, inside)
        elif tables := _tables(value):
            changed[key] = [_walked(each, change, inside) for each in tables]
        else:
            changed |= change(".".join(inside), key, value)
    return changed


def _tables(value: object) -> list[Table]:
    """The tables in a list that holds nothing else."""
    found = cast("list[object]", value) if isinstance(value, list) else []
    return cast("list[Table]", found) if all(isinstance(each, dict) for each in found) else []


def _is_secret(key: str, value: object) -> bool:
    if not _SECRET.search(key):
        return False
    if not _POINTER.fullmatch(key):
        return True
    return key.endswith("_command") and _spells_out(value)


def _spells_out(command: object) -> bool:
    """Whether a command may hold the password itself: it prints its own words, or is a line for a shell."""
    words = cast("list[object]", command) if isinstance(command, list) else []
    name = PurePosixPath(str(words[0])).name if words else ""
    return name in _SPELT_OUT | _SHELLS or not words


def _without_password(url: str) -> str:
    try:
        parts = urlsplit(url)
        if parts.password is None:
            return url
        place = parts.netloc.rpartition("@")[2]
        user = f"{parts.username}@" if parts.username else ""
    except ValueError:
        return ""
    return parts._replace(netloc=user + place).geturl()


def _without_desk(path: str, home: Home) -> str:
    try:
        found = Path(path).expanduser()
    except RuntimeError:
        return path
    return str(found.relative_to(home.folder)) if found.is_relative_to(home.secrets) else path
