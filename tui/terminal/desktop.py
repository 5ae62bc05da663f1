"""Opening a file with the desktop's own program, where there is a desktop and the agent asked for it."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from desk.errors import RefusedError
from tui.keys.action import Context
from tui.keys.naming import with_keys
from tui.reader.saving import fit_name
from tui.words.heard import heard
from tui.words.tongue import tr

_OVER_THE_NET = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
_READ_ONLY = 0o400
_started: list[subprocess.Popen[bytes]] = []
"""Programs that may still run, so that somebody sees them end."""


def refused(environ: Mapping[str, str] = os.environ) -> str:
    """Why nothing can be opened here, in words; empty where it can."""
    if any(environ.get(each) for each in _OVER_THE_NET):
        words = tr(
            "this screen runs over SSH: what is opened would open on the other machine; {key_save} saves the file there"
        )
        return with_keys(words, Context.FILES)
    if opener() is None:
        return with_keys(tr("nothing here opens files (no xdg-open); {key_save} saves the file"), Context.FILES)
    if sys.platform != "darwin" and not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        return with_keys(
            tr("there is no desktop here to open it on (no display); {key_save} saves the file"), Context.FILES
        )
    return ""


def opener() -> str | None:
    """The program that opens a file with whatever the desktop has for it."""
    return shutil.which("open" if sys.platform == "darwin" else "xdg-open")


def open_copy(name: str, data: bytes, environ: Mapping[str, str] = os.environ) -> None:
    """Open a private copy of a file, which goes when Tandem ends.

    Raises:
        RefusedError: there is no desktop, or no copy can be made; says why.
    """
    program, why = opener(), refused(environ)
    if program is None or why:
        raise RefusedError(why)
    try:
        folder = Path(tempfile.mkdtemp(prefix="tandem-", dir=environ.get("XDG_RUNTIME_DIR") or None))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        copy = folder / fit_name(name)
        copy.write_bytes(data)
        copy.chmod(_READ_ONLY)
        _started.append(
            subprocess.Popen(  # noqa: S603 - the desktop's own program, with a path of our making
                [program, str(copy)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )
        _started[:] = [each for each in _started if each.poll() is None]
    except OSError as error:
        why = tr("it cannot be opened: {why}").format(why=heard(str(error.strerror or error)))
        raise RefusedError(why, with_keys(tr("{key_save} saves it"), Context.FILES)) from error
