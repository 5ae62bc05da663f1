"""A screen under which the desk was upgraded or replaced: it says so until it is left, and no text on it is lost.

Nothing that is written from here is saved any more (`desk.errors.StoreOutdated`), and trying again would not help.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from textual.screen import Screen

from tui.composer.private import private_folder
from tui.front import Keeping, Resumable
from tui.words.tongue import mark, tr

OUTDATED = mark("desk upgraded or replaced: quit and start Tandem again, nothing is saved here")


def texts_on(screens: Iterable[Screen[Any]]) -> dict[str, str]:
    """What is being written on these screens, each under the name of the file that it would go into."""
    return dict(
        (screen.file_name, screen.file_text)
        if isinstance(screen, Resumable)
        else (f"{screen.number or 'new'}.txt", screen.text)
        for screen in screens
        if screen.is_mounted and isinstance(screen, Keeping) and screen.text.strip()
    )


def unkept_on(screens: Iterable[Screen[Any]]) -> dict[str, str]:
    """The same, without those that are in the store already."""
    return texts_on(each for each in screens if each.is_mounted and isinstance(each, Keeping) and not each.is_kept)


def put_down(texts: dict[str, str], mark: str) -> list[str]:
    """Put texts into files that only this user can read, and say where; those with this `mark` are offered again.

    Raises:
        OSError: there is no room for them.
    """
    if not texts:
        return []
    folder = private_folder(mark=mark)
    return [_written(folder / name, text) for name, text in texts.items()]


def told_path(path: Path) -> str:
    """Where a text is that could not be saved."""
    return tr("a text, which is in {path}").format(path=path)


def _written(path: Path, text: str) -> str:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8", errors="replace")
    return told_path(path)
