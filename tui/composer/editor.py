"""A text in the agent's own editor: $VISUAL, else $EDITOR, else vi.

The file lies in a folder of its own that only this user can enter (tui/composer/private.py), and is removed once the
store has its text; what was typed before is kept as a draft there meanwhile. Nothing may be awaited inside
`App.suspend()` unless painting is held back: the application's output queue would fill up and everything would stop.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shlex
import shutil
import stat
from asyncio.subprocess import Process
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.app import SuspendNotSupported

from tui.composer.draft_text import plain
from tui.composer.leftovers import HEADS, lock
from tui.composer.private import private_folder
from tui.host import Host
from tui.words.heard import heard
from tui.words.tongue import tr

_VIMS = frozenset({"vim", "nvim", "gvim", "vimx"})
_MOST = 1024 * 1024
"""Bytes of a text: what is longer was not typed by anybody, and the screen would stand still over it."""


@dataclass(frozen=True, slots=True)
class Edited:
    """What came back: the new text (None: nothing was changed), or a sentence about what went wrong."""

    text: str | None = None
    problem: str = ""


class Editor:
    """One text in an editor, until it ends. Its file bears the `mark`, should this program not live to see that.

    `left` is called where nobody waits for the text any more when it ends: what was saved is in that file then.
    `heads` are lines above the text that the editor does not show: they lie beside its file.
    """

    _under_way: ClassVar[set[asyncio.Task[Edited]]] = set()

    def __init__(
        self, text: str, mark: str = "", left: Callable[[], object] = lambda: None, *, heads: str = ""
    ) -> None:
        self._before, self._mark, self._left, self._heads = text, mark, left, heads
        self._lock: int | None = None
        self._path: Path | None = None
        self._process: Process | None = None
        self.is_called_back = False

    async def edit(self, app: Host, name: str) -> Edited:
        """Let the agent edit the text; the screen stands aside until then. `name` is the file's, for its title.

        The file of a text that was changed stays until `forget`. Where whoever waits for it goes, the editor goes on
        all the same: it has the terminal.
        """
        task = asyncio.create_task(self._edit(app, name))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(self._leave)
            raise

    def _leave(self, task: asyncio.Task[Edited]) -> None:
        self._unlock()
        if not task.cancelled():
            self._left()

    async def _edit(self, app: Host, name: str) -> Edited:
        try:
            self._path = self._written(name)
            problem = await self._run(app, command(os.environ, self._path))
        except SuspendNotSupported:
            problem = tr("no editor can be opened here: this is not a terminal")
        except OSError as error:
            problem = tr("the text cannot be handed to an editor: {why}").format(
                why=heard(str(error.strerror or error))
            )
        if app.is_ending:  # an editor that was killed is not one that refused the text
            return Edited(self.read())
        return self._ended(problem)

    def call_back(self) -> None:
        """Ask the editor to end."""
        self.is_called_back = True
        self._end()

    def read(self) -> str | None:
        """What has been saved in the editor so far; None where that is what it was, or cannot be read."""
        try:
            text = _text(self._path, self._before) if self._path else self._before
        except OSError:
            return None
        return None if text == self._before or not text.strip() else text

    def forget(self, *, all_of_it: bool = False) -> None:
        """Remove the file, since its text is kept; what an editor has saved beside it stays, unless all is to go."""
        if self._path is None:
            return
        if all_of_it or {*self._path.parent.iterdir()} <= {self._path, self._path.with_name(HEADS)}:
            shutil.rmtree(self._path.parent, ignore_errors=True)
        self._unlock()

    def _written(self, name: str) -> Path:
        """The file with the text, whole; one that finds no room leaves nothing behind.

        On the event loop: it is some kilobytes, and what is typed meanwhile would be missing in it.

        Raises:
            OSError: it cannot be written.
        """
        folder = private_folder(mark=self._mark)
        try:
            self._lock = lock(folder)
            path = folder / name
            if self._heads:
                _write(path.with_name(HEADS), self._heads)
            _write(path, self._before)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            self._unlock()
            raise
        return path

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _ended(self, problem: str) -> Edited:
        if problem and self.read() is not None:
            return self._left_there(problem)
        try:
            after = _text(self._path, self._before) if self._path and not problem else self._before
        except OSError as error:
            problem = tr("the editor's file cannot be read: {why}").format(why=heard(error.strerror or ""))
            if self._path and self._path.is_file():
                return self._left_there(problem)
            after = self._before
        if self._before.strip() and not after.strip():
            problem, after = tr("the editor gave back an empty text; the text is as it was"), self._before
        if after != self._before:
            return Edited(after)
        self.forget(all_of_it=True)
        return Edited(problem=problem)

    def _left_there(self, problem: str) -> Edited:
        self._unlock()
        words = tr("{problem}; what was saved in the editor is in {path}")
        return Edited(problem=words.format(problem=problem, path=self._path))

    async def _run(self, app: Host, line: list[str]) -> str:
        with _aside(app), app.batch_update():
            try:
                self._process = await asyncio.create_subprocess_exec(*line)
                code = await self._process.wait()
            except OSError as error:
                words = tr("{program} cannot be started: {why}")
                return words.format(program=line[0], why=heard(error.strerror or ""))
            finally:
                self._end()
        words = tr("{program} ended with exit code {code}; the text is as it was")
        return words.format(program=line[0], code=code) if code else ""

    def _end(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()


@contextmanager
def _aside(app: Host) -> Generator[None]:
    """Give the terminal away, and take it back however that ends: Textual does not after an error or a cancellation."""
    aside = app.suspend()
    aside.__enter__()
    try:
        yield
    finally:
        aside.__exit__(None, None, None)


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


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


def _text(path: Path, before: str) -> str:
    """What stands in the file now; a pipe that was put in its place is not waited for.

    Raises:
        OSError: it cannot be read, is no file, or is too large.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        data = file.read(_MOST + 1)
    if len(data) > _MOST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    after = plain(data.decode("utf-8", errors="replace"))
    return after.removesuffix("\n") if not before.endswith("\n") else after
