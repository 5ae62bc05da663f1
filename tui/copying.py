"""Copying for the agent: to the clipboard of the terminal and of tmux, and shown where that may not arrive."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from desk.safe import safe, safe_line
from tui.terminal.clipboard import copy_to_tmux
from tui.words.tongue import tr, trn

if TYPE_CHECKING:
    from tui.app import TandemApp

LARGEST = 74_994
"""Bytes that an OSC 52 sequence carries in terminals that bound it at 100,000 characters of base64."""

_TAKE_IT = ("alacritty", "contour", "foot", "ghostty", "kitty", "rio", "wezterm", "xterm-ghostty", "xterm-kitty")
_TAKE_IT_TOO = ("KITTY_WINDOW_ID", "WEZTERM_PANE", "WT_SESSION", "ALACRITTY_WINDOW_ID", "GHOSTTY_RESOURCES_DIR")


def arrives(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether this terminal is known to take what is copied; no terminal ever says so."""
    if environ.get("TMUX") or any(environ.get(each) for each in _TAKE_IT_TOO):
        return True
    return environ.get("TERM", "").startswith(_TAKE_IT)


def copy_line(app: TandemApp, text: str) -> None:
    """Copy one line and show it."""
    line = safe_line(text)
    app.copy(line)
    told = tr("copied: {text}").format(text=line)
    if not arrives() and len(told) >= app.size.width:
        show(app, line)
    app.say(told)


def copy_text(app: TandemApp, text: str) -> None:
    """Copy a whole text, line ends and all; where it may not arrive it is shown, to be marked by hand."""
    text = safe(text).strip("\n")
    is_small = len(text.encode()) <= LARGEST
    if is_small:
        app.copy_to_clipboard(text)
    app.look("clipboard", lambda _: copy_to_tmux(text, is_text=True), lambda _: None)
    count = text.count("\n") + 1
    if not is_small and not os.environ.get("TMUX"):
        app.say(tr("too long for a terminal's clipboard: `tandem show` prints it"), "warn")
        return
    if not arrives():
        show(app, text)
        app.say(tr("copied, if this terminal takes it; if not, mark it here by hand"))
    else:
        app.say(trn("copied {n} line", "copied {n} lines", count).format(n=count))


def show(app: TandemApp, text: str) -> None:
    """Show a text with nothing around it."""
    from tui.screens.source import TextScreen

    app.push_screen(TextScreen(tr("Copied"), text, app.signs))
