"""The log file: what the program did and what failed, for the person who looks after the desk.

It is not for anybody's words: no subjects, texts, passwords or addresses are put into it.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from storage.files import create_file, create_folder

_MEGABYTE = 1_000_000
_ROOT = logging.getLogger("tandem")
_ROOT.addHandler(logging.NullHandler())  # without any handler, Python prints records on stderr


class _LogFile(RotatingFileHandler):
    """A file that stays small, is there for the same people as the desk, and never gets in the way of the work."""

    def _open(self) -> TextIOWrapper:
        with suppress(OSError):
            create_file(Path(self.baseFilename))
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging calls it so
        """A full disk must not scribble on the screen."""


def open_log(path: Path, *, debug: bool = False) -> None:
    """Send the program's log records to a file that is kept below 4 MB; where none can be written there is none."""
    _ROOT.setLevel(logging.DEBUG if debug else logging.INFO)
    if _log_files():
        return
    with suppress(OSError):
        create_folder(path.parent)
    handler = _LogFile(path, maxBytes=_MEGABYTE, backupCount=3, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(name)s %(levelname)s %(message)s"))
    _ROOT.addHandler(handler)


def close_log() -> None:
    """Let go of the log file, if one is open."""
    for handler in _log_files():
        _ROOT.removeHandler(handler)
        with suppress(OSError):  # what is still in its buffer finds no room
            handler.close()


def _log_files() -> list[_LogFile]:
    return [each for each in _ROOT.handlers if isinstance(each, _LogFile)]
