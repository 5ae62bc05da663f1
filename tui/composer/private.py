"""Where a text lies that is in a file for a while: a new folder that only this user can enter.

It is below the user's own state folder (`$XDG_STATE_HOME`, or else `~/.local/state`), which outlives a restart of the
machine and is no one else's; where that cannot be made, among the temporary files.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def private_folder(environ: Mapping[str, str] = os.environ, *, mark: str = "") -> Path:
    """A new folder for one text (mode 0700). A `mark` in its name tells whose it is, should it be left behind.

    Raises:
        OSError: there is no room for it anywhere.
    """
    try:
        folder = drafts_folder(environ)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f"tandem-{mark}-" if mark else "tandem-", dir=folder))
    except (OSError, RuntimeError):  # no home folder, or none that can be written to
        return Path(tempfile.mkdtemp(prefix="tandem-"))


def drafts_folder(environ: Mapping[str, str]) -> Path:
    """Where these folders are, if there is a home folder.

    Raises:
        RuntimeError: nobody has a home folder here.
    """
    return state_folder(environ) / "tandem" / "drafts"


def state_folder(environ: Mapping[str, str]) -> Path:
    """The user's own state folder.

    Raises:
        RuntimeError: nobody has a home folder here.
    """
    named = Path(environ.get("XDG_STATE_HOME", ""))
    return named if named.is_absolute() else Path.home() / ".local" / "state"
