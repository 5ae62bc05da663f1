"""Other programs that keep a desk locked."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_FOREIGN = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep(1000)
"""
"""A program that is no Tandem, and writes for as long as it runs."""
_STOPPED = """
import os, signal, sys
from pathlib import Path
from storage.shared import open_shared
with open_shared(Path(sys.argv[1])).transaction():
    print("locked", flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
"""
"""A Tandem that was stopped while it writes."""
HOLDERS = {"another program": _FOREIGN, "a Tandem that is stopped": _STOPPED}


@contextmanager
def kept_locked(folder: Path, program: str = _FOREIGN) -> Generator[None]:
    """Another process has the desk in this folder locked."""
    line = [sys.executable, "-c", program, str(folder / "desk.db")]
    holder = subprocess.Popen(line, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        yield
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
