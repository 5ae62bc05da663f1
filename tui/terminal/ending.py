"""The end that the system asks for: SIGTERM, or SIGHUP when the line breaks. It comes in bounded time, whatever hangs.

The signals are told to a thread of its own, for Textual's loop may be what hangs. Who is on no controlling terminal
gets no SIGHUP: that thread looks by itself now and then whether the terminal is still there. Where it is gone and the
store takes nothing, nobody waits for the end: it comes once all is written (`tui/leaving.py`).
"""

from __future__ import annotations

import asyncio
import logging
import os
import select
import signal
import time
from threading import Thread
from typing import TYPE_CHECKING

from tui.terminal.line import Line, cut_if_dead, is_dead

if TYPE_CHECKING:
    from types import FrameType

    from tui.app import TandemApp

log = logging.getLogger("tandem.screen")

LAST_RESORT = 14.0
"""Seconds after the first signal by which the process has ended: what leaving waits for, the editor, and some more."""
_LOOK_AGAIN = 3.0
_ENDS = (signal.SIGTERM, signal.SIGHUP)
_PLAIN_SCREEN = "\x1b[?1049l\x1b[?25h\r\n"


def end_on_signals(app: TandemApp) -> None:
    """Keep what is written and leave on a signal; another SIGTERM leaves at once. For the main thread, in its loop.

    SIGHUP is often sent twice, by the system and by the shell, or right behind SIGTERM: that is no second wish.
    """
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)  # a handler waits for the main thread, which may hang

    def note(_number: int, _frame: FrameType | None) -> None:
        app.is_ending = True

    for each in _ENDS:
        signal.signal(each, note)
    Thread(target=_end, args=(app, asyncio.get_running_loop(), told), name="ending", daemon=True).start()


def _end(app: TandemApp, loop: asyncio.AbstractEventLoop, told: int) -> None:
    heard, asked = _next_end(told, None), set[bool]()
    deadline = time.monotonic() + LAST_RESORT
    while heard is not None or app.is_alone:
        cut_if_dead()
        if heard == signal.SIGTERM or (heard is not None and Line.is_cut not in asked):
            _ask(app, loop)
            asked.add(Line.is_cut)
        if app.is_alone:
            deadline = time.monotonic() + LAST_RESORT
        heard = _next_end(told, deadline)
    _end_now(app)


def _next_end(told: int, deadline: float | None) -> int | None:
    """Wait for what asks for the end, among all signals that are told; None when the time is over.

    Without a `deadline` nothing has asked yet, and a terminal that is gone does so too.
    """
    while deadline is None or time.monotonic() < deadline:
        wait = _LOOK_AGAIN if deadline is None else max(deadline - time.monotonic(), 0.0)
        if select.select([told], [], [], wait)[0]:
            if (number := os.read(told, 1)[0]) in _ENDS:
                return number
        elif deadline is None and is_dead():
            return signal.SIGHUP
    return None


def _ask(app: TandemApp, loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.call_soon_threadsafe(app.call_later, app.keep_and_leave)
    except RuntimeError:
        log.debug("the loop has ended already")


def _end_now(app: TandemApp) -> None:
    """End without the loop, since that has not come to its end: waiting on would leave a process nobody can see."""
    try:
        put = [] if app.has_ended else app.put_down_last()
        lost = ", ".join(dict.fromkeys([*app.unsaved, *app.unwritten, *put]))
        said = f"the screen did not end in time; {f'this could not be saved: {lost}' if lost else 'nothing was open'}"
        log.error(said)
        os.write(2, f"{_PLAIN_SCREEN}{said}\r\n".encode())
    finally:
        os._exit(1)
