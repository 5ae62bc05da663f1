"""The log file: what the program did and what failed, for the person who looks after the desk.

It is not for anybody's words: no subjects, texts, passwords or addresses are put into it. Whoever logs sees to that;
what slips through in an error, which may quote anything, is left out here. `--debug` shows it on the terminal.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from desk.errors import StorageError
from desk.safe import safe_line
from storage.files import create_file, create_folder

_MEGABYTE = 1_000_000
_ADDRESS = re.compile(r"[^\s<>()\[\]\"'“”,;:=]{1,64}@[^\s<>()\[\]\"'“”,;:=]{1,255}")
_ROOT = logging.getLogger("tandem")
_ROOT.addHandler(logging.NullHandler())  # without any handler, Python prints records on stderr


class _LogFile(RotatingFileHandler):
    """A file that stays small, is there for the same people as the desk, and never gets in the way of the work."""

    def _open(self) -> TextIOWrapper:
        with suppress(OSError):
            create_file(Path(self.baseFilename))
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk must not scribble on the screen."""


class _Discreet(logging.Formatter):
    """Leaves out addresses, and the words of errors but for those of the system and of the store.

    A record is one line, whatever a server's words in it say: who reads the log in a terminal is not to be fooled.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One record."""
        line = super().format(record)
        return _ADDRESS.sub("…@…", line) if "@" in line else line

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The record's own line, without what stands below it."""
        return safe_line(super().formatMessage(record))

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Where an error came from, and which kind it is."""
        errors = reversed(list(_chain(ei[1])))
        return "\n".join(f"{''.join(traceback.format_tb(each.__traceback__))}{_named(each)}" for each in errors)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and those that it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _named(error: BaseException) -> str:
    kind = type(error).__name__
    match error:
        case StorageError():
            return f"{kind}: {error.message}"
        case OSError(strerror=str(words)):
            return f"{kind}: {words}"
        case _:
            return kind


def open_log(path: Path, *, debug: bool = False) -> None:
    """Send the program's log records to a file that is kept below 4 MB; where none can be written there is none."""
    _ROOT.setLevel(logging.DEBUG if debug else logging.INFO)
    if _log_files():
        return
    with suppress(OSError):
        create_folder(path.parent)
    handler = _LogFile(path, maxBytes=_MEGABYTE, backupCount=3, encoding="utf-8", delay=True)
    handler.setFormatter(_Discreet("%(asctime)s %(process)d %(name)s %(levelname)s %(message)s"))
    _ROOT.addHandler(handler)


def close_log() -> None:
    """Let go of the log file, if one is open."""
    for handler in _log_files():
        _ROOT.removeHandler(handler)
        with suppress(OSError):  # what is still in its buffer finds no room
            handler.close()


def _log_files() -> list[_LogFile]:
    return [each for each in _ROOT.handlers if isinstance(each, _LogFile)]
