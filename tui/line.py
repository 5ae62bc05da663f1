"""The line to the terminal, and what is left of it once it is cut: an input that stays silent, an output into nothing.

Textual's own threads do not bear that: the one that writes ends at the first error, so that whoever writes after it
waits forever, and the one that reads takes a whole processor for the end of its input.
"""

from __future__ import annotations

import os
import sys
from typing import ClassVar

from textual.drivers.linux_driver import LinuxDriver


class Line(LinuxDriver):
    """Textual's driver for the one terminal of this process."""

    is_cut: ClassVar[bool] = False

    def write(self, data: str) -> None:
        if not self.is_cut:
            super().write(data)

    def run_input_thread(self) -> None:
        try:
            super().run_input_thread()
        except BlockingIOError:  # it was about to read when the line was cut
            if not self.is_cut:
                raise

    def close(self) -> None:
        if not self.is_cut:
            super().close()


def cut_if_dead() -> None:
    """Let go of a terminal that is there no longer."""
    if not os.isatty(sys.__stdin__.fileno() if sys.__stdin__ else 0):
        Line.is_cut = True
        silence, _ = os.pipe()  # its other end stays open, so that nothing ever comes
        os.set_blocking(silence, False)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for here, there in ((silence, 0), (nowhere, 1), (nowhere, 2)):
            os.dup2(here, there)
