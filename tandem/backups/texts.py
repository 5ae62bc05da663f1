"""Macros and settings from a backup on a desk: macros replace those of the same name, settings never replace any."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from storage import files
from storage.new_file import replace_whole
from tandem.backups.manifest import CONFIG, MACROS
from tandem.backups.settings import commands, for_desk, password_files
from tandem.paths import Home


@dataclass(frozen=True, slots=True)
class Settled:
    """How many macros were written (None: they are kept elsewhere), and what became of the settings.

    Of restored settings: the files with passwords that they name and that are not there, and the commands that they
    run for one. `failed` says why some of it is not where it belongs; "" when all is.
    """

    macros: int | None
    config: Literal["restored", "kept", "none"]
    password_files: tuple[Path, ...] = ()
    commands: tuple[str, ...] = ()
    failed: str = ""


def settle(home: Home, texts: Mapping[str, bytes]) -> Settled:
    """Put macros and settings where they belong.

    Raises:
        StoreUnreachable: they cannot be written.
    """
    macros = {name.removeprefix(MACROS): data for name, data in texts.items() if name.startswith(MACROS)}
    written = None if home.macros.is_symlink() else len(macros)
    for name, data in macros.items():
        if written is not None:
            _put(home.macros / name, data)
    if os.path.lexists(home.config):
        return Settled(written, "kept")
    if CONFIG not in texts:
        return Settled(written, "none")
    text = for_desk(texts[CONFIG].decode(), home)
    _put(home.config, text.encode())
    absent = (each for each in password_files(text) if not _exists(each))
    return Settled(written, "restored", tuple(absent), commands(text))


def _exists(path: Path) -> bool:
    with suppress(OSError, RuntimeError):
        return path.expanduser().exists()
    return False


def _put(path: Path, data: bytes) -> None:
    """Whole or not at all, in place of what is there."""
    try:
        replace_whole(path, data, files.file_mode(path.parent))
    except OSError as error:
        raise files.explained(error, path) from error
