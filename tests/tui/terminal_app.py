"""The application as a program of its own, for tests that need a terminal: python -m tests.tui.terminal_app FOLDER."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from desk.errors import TandemError
from macros.library import Library
from tests.tui.apps import open_desk
from tui.settings import ScreenSettings
from tui.start import run


def main(folder: str, *, bell: bool) -> None:
    """Open the inbox over the desk in this folder; what it ends with is said as the command line would."""
    logging.getLogger("tandem").addHandler(logging.NullHandler())  # as the program does: the screen stays clean
    with open_desk(Path(folder)) as desk:
        try:
            run(desk, Library(None), None, settings=ScreenSettings(bell=bell))
        except TandemError as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1], bell="silent" not in sys.argv[2:])
