"""tmux's paste buffer: Textual copies by OSC 52, which tmux drops as it comes configured."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Mapping

from desk.safe import safe_line

_PATIENCE = 2.0


def copy_to_tmux(text: str, environ: Mapping[str, str] = os.environ) -> None:
    """Put one cleaned line into tmux's buffer, where we are in tmux; waits for tmux at most two seconds."""
    tmux = shutil.which("tmux") if environ.get("TMUX") else None
    if tmux is None:
        return
    line = [tmux, "load-buffer", "-w", "-"]
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(line, input=safe_line(text).encode(), check=False, timeout=_PATIENCE, capture_output=True)  # noqa: S603 - no words of others
