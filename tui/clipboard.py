"""Texts for the clipboard: OSC 52 through Textual, and tmux's own buffer, which drops OSC 52 by default."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping

from textual.app import App

from desk.safe import safe_line

_PATIENCE = 2.0


def copy(app: App[None], text: str) -> None:
    """Put one line on the clipboard of the terminal, cleaned: it may be pasted into a shell."""
    app.copy_to_clipboard(safe_line(text))


def copy_to_tmux(text: str, environ: Mapping[str, str] = os.environ) -> None:
    """Put one line into tmux's buffer where we are in tmux; may take a moment."""
    if environ.get("TMUX") and (tmux := shutil.which("tmux")):
        line = [tmux, "load-buffer", "-w", "-"]
        try:
            subprocess.run(line, input=safe_line(text).encode(), check=False, timeout=_PATIENCE, capture_output=True)  # noqa: S603 - our own words
        except (OSError, subprocess.TimeoutExpired):
            return
