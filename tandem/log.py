"""The log file: what the program did and what failed, for the person who looks after the desk.

It never holds anybody's words: no subjects, texts, passwords or addresses.
"""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

_MEGABYTE = 1_000_000


def open_log(path: Path, *, debug: bool = False) -> None:
    """Send the program's log records to a file that is kept below 4 MB; without a folder to write in there is none."""
    root = logging.getLogger("tandem")
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    if root.handlers or not os.access(path.parent.parent, os.W_OK):
        return
    path.parent.mkdir(exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=_MEGABYTE, backupCount=3, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(name)s %(levelname)s %(message)s"))
    root.addHandler(handler)
