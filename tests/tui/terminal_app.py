"""The application as a program of its own, for tests that need a terminal: python -m tests.tui.terminal_app FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

from macros.library import Library
from tests.tui.apps import open_desk
from tui.start import run


def main(folder: str) -> None:
    """Open the inbox over the desk in this folder."""
    with open_desk(Path(folder)) as desk:
        run(desk, Library(None), None)


if __name__ == "__main__":
    main(sys.argv[1])
