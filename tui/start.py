"""Starts the screen. Nothing here imports Textual before the terminal's patience is set, for it reads that once."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Mapping, MutableMapping
from dataclasses import replace
from typing import TYPE_CHECKING

from desk.desk import Desk, new_screen
from desk.errors import RefusedError, StoreBusy, StoreOutdated, TandemError
from tui.lists.listing import read_first
from tui.ports import Background
from tui.settings import ScreenSettings
from tui.terminal.first_light import FirstLight
from tui.words.tongue import speak, tr

if TYPE_CHECKING:
    from macros.library import Library
    from tui.app import TandemApp

log = logging.getLogger("tandem.screen")

_PATIENT = "300"
_LOADED = 1.0
"""Seconds after which all that every screen needs has been loaded."""
_FRAMES = "1000"
_FAR_AWAY = ("SSH_CONNECTION", "SSH_TTY", "MOSH_CONNECTION", "TMUX")


def run(
    desk: Desk,
    library: Library,
    background: Background | None,
    settings: ScreenSettings = ScreenSettings(),
) -> None:
    """Show the inbox until the agent leaves it; a desk whose screen has no name yet gets one.

    Raises:
        RefusedError: this is no terminal that a screen can be shown on.
        StoreBusy, StoreOutdated: the agent left although something could not be written.
        TandemError: a defect ended the screen; the log has more.
    """
    refuse_dumb_terminals(os.environ, interactive=sys.stdin.isatty() and sys.stdout.isatty())
    be_patient(os.environ)
    be_prompt(os.environ)
    desk = replace(desk, screen=desk.screen or new_screen())
    begun = read_first(desk)
    speak(settings.language)
    gc.disable()  # it would look through all that is being loaded again and again
    with FirstLight(desk, None if settings.ascii else begun) as light:
        desk.store.rest()  # from here on other threads read
        import asyncio  # the first rows stand by now

        from tui.thrift import be_thrifty, remember_few_widths  # the first rows stand by now

        remember_few_widths()
        from tui.app import TandemApp  # after the environment is set
        from tui.terminal.line import Line  # likewise

        be_thrifty()
        gc.freeze()  # all of this stays, and is never looked through
        Line.light = light
        app = TandemApp(desk, library, background, begun, settings)
        asyncio.run(_show(app, mouse=settings.mouse))
    _tell_end(app)


def _tell_end(app: TandemApp) -> None:
    """Tell how the screen ended, where it did not end well.

    Raises:
        StoreBusy, StoreOutdated, TandemError: as `run` does.
    """
    unsaved = tr("this could not be saved before the end: {what}").format(what=", ".join(dict.fromkeys(app.unsaved)))
    if app.broken is not None:
        log.error("the screen broke", exc_info=app.broken)
        what = tr("Tandem stumbled: {error}; the log has more")
        raise TandemError(what.format(error=type(app.broken).__name__), unsaved if app.unsaved else "")
    if app.unsaved:
        log.warning(unsaved)  # the terminal may be gone
        if app.is_outdated:
            raise StoreOutdated(unsaved, tr("the desk was upgraded or replaced; start Tandem again"))
        raise StoreBusy(unsaved, tr("somebody else kept the desk locked, or its disk failed; the log says which"))


async def _show(app: TandemApp, *, mouse: bool) -> None:
    """Run the screen; the signals that end a program end it in good order, and a second one at once."""
    import asyncio  # after the first rows

    from tui.terminal.ending import end_on_signals  # after the environment is set

    end_on_signals(app)
    asyncio.get_running_loop().call_later(_LOADED, _collect_again)
    await app.run_async(mouse=mouse)


def _collect_again() -> None:
    """Look for garbage from now on, but never again in what the first frame is made of: that takes too long."""
    gc.collect()  # Textual drops hundreds of nodes on its way to the first frame
    gc.freeze()
    gc.enable()


def refuse_dumb_terminals(environ: Mapping[str, str], *, interactive: bool) -> None:
    """Let only terminals through that a screen can be drawn on.

    Raises:
        RefusedError: TERM is `dumb`, `unknown` or not set, or the program does not talk to a terminal.
    """
    hint = "`tandem list` prints the inbox as lines"
    if not interactive:
        raise RefusedError("the inbox screen needs a terminal", hint)
    term = environ.get("TERM", "")
    if term in ("", "dumb", "unknown"):
        told = f"TERM={term}" if term else "TERM is empty" if "TERM" in environ else "TERM is not set"
        raise RefusedError(f"this terminal ({told}) cannot show the inbox screen", hint)


def be_patient(environ: MutableMapping[str, str]) -> None:
    """Give the bytes of an arrow key 300 ms to arrive where they travel far: else it is read as Esc and letters."""
    if any(environ.get(name) for name in _FAR_AWAY):
        environ.setdefault("ESCDELAY", _PATIENT)


def be_prompt(environ: MutableMapping[str, str]) -> None:
    """Paint what changed as soon as nothing else waits to be done.

    Textual paints sixty times a second, so that the second paint of a key may come 33 ms after the first.
    """
    environ.setdefault("TEXTUAL_FPS", _FRAMES)
