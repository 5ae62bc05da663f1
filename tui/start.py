"""Starts the screen. Nothing here imports Textual before the terminal's patience is set, for it reads that once."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING

from desk.desk import Desk
from desk.errors import RefusedError
from tui.ports import Background

if TYPE_CHECKING:
    from macros.library import Library

_PATIENT = "300"
_FAR_AWAY = ("SSH_CONNECTION", "SSH_TTY", "MOSH_CONNECTION", "TMUX")


def run(desk: Desk, library: Library, background: Background | None, *, mouse: bool = False) -> None:
    """Show the inbox until the agent leaves it.

    Raises:
        RefusedError: this is no terminal that a screen can be shown on.
    """
    refuse_dumb_terminals(os.environ, interactive=sys.stdin.isatty() and sys.stdout.isatty())
    be_patient(os.environ)
    from tui.app import TandemApp  # noqa: PLC0415 - after the environment is set

    TandemApp(desk, library, background).run(mouse=mouse)


def refuse_dumb_terminals(environ: Mapping[str, str], *, interactive: bool) -> None:
    """Let only terminals through that a screen can be drawn on.

    Raises:
        RefusedError: TERM is `dumb` or unknown, or the program does not talk to a terminal.
    """
    hint = "`tandem list` prints the inbox as lines"
    if not interactive:
        raise RefusedError("the inbox screen needs a terminal", hint)
    if environ.get("TERM", "dumb") in ("", "dumb", "unknown"):
        raise RefusedError("this terminal (TERM=dumb) cannot show the inbox screen", hint)


def be_patient(environ: MutableMapping[str, str]) -> None:
    """Give the bytes of an arrow key 300 ms to arrive where they travel far: else it is read as Esc and letters."""
    if any(environ.get(name) for name in _FAR_AWAY):
        environ.setdefault("ESCDELAY", _PATIENT)
