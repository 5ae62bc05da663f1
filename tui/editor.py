"""A text in the agent's own editor: $VISUAL, else $EDITOR, else vi.

The file lies in a folder of its own that only this user can enter, and is removed afterwards; what was typed before is
kept as a draft in the store meanwhile. Nothing may be awaited or raised inside `App.suspend()` unless painting is held
back: the application's output queue would fill up and everything would stop.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from textual.app import SuspendNotSupported

from tui.draft_text import plain
from tui.host import Host

_VIMS = frozenset({"vim", "nvim", "gvim", "vimx"})


@dataclass(frozen=True, slots=True)
class Edited:
    """What came back: the new text (None: nothing was changed), or a sentence about what went wrong."""

    text: str | None = None
    problem: str = ""


async def edit(app: Host, text: str, name: str) -> Edited:
    """Let the agent edit a text; the screen stands aside until the editor ends. `name` is the file's, for its title."""
    try:
        with tempfile.TemporaryDirectory(prefix="tandem-", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / name
            path.touch(mode=0o600)
            path.write_text(text, encoding="utf-8")
            problem = await _run(app, command(os.environ, path))
            return Edited(problem=problem) if problem else _read(path, text)
    except SuspendNotSupported:
        return Edited(problem="no editor can be opened here: this is not a terminal")
    except OSError as error:
        return Edited(problem=f"the text cannot be handed to an editor: {error.strerror or error}")


def command(environ: Mapping[str, str], path: Path) -> list[str]:
    """The editor's command line for a file. A mail may be quoted in it, so Vim is told to obey no modelines."""
    words = _split(environ.get("VISUAL", "")) or _split(environ.get("EDITOR", "")) or ["vi"]
    if Path(words[0]).name in _VIMS:
        words += ["--cmd", "set nomodeline"]
    return [*words, str(path)]


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


async def _run(app: Host, line: list[str]) -> str:
    problem = ""
    with app.suspend():
        try:
            with app.batch_update():
                editor = await asyncio.create_subprocess_exec(*line)
                code = await editor.wait()
            problem = f"{line[0]} ended with exit code {code}; the text is as it was" if code else ""
        except OSError as error:
            problem = f"{line[0]} cannot be started: {error.strerror}"
    return problem


def _read(path: Path, before: str) -> Edited:
    try:
        after = plain(path.read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        return Edited(problem=f"the editor's file cannot be read: {error.strerror}")
    after = after.removesuffix("\n") if not before.endswith("\n") else after
    return Edited() if after == before else Edited(after)
