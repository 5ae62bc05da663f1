"""tmux's paste buffer: Textual copies by OSC 52, which tmux drops as it comes configured."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Mapping

from desk.safe import safe, safe_line

_PATIENCE = 2.0


def copy_to_tmux(text: str, environ: Mapping[str, str] = os.environ, *, is_text: bool = False) -> None:
    """Put one cleaned line, or a whole cleaned text, into tmux's buffer, where we are in tmux; waits for it briefly."""
    tmux = shutil.which("tmux") if environ.get("TMUX") else None
    if tmux is None:
        return
    line, data = [tmux, "load-buffer", "-w", "-"], (safe if is_text else safe_line)(text).encode()
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(line, input=data, check=False, timeout=_PATIENCE, capture_output=True)  # noqa: S603 - no words of others
