"""The line to the terminal, and what is left of it once it is cut: an input that stays silent, an output into nothing.

Textual's own threads do not bear that: the one that writes ends at the first error, so that whoever writes after it
waits forever, the one that reads takes a whole processor for the end of its input, and both are started a second time.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import termios
from contextlib import suppress
from itertools import pairwise
from selectors import EVENT_READ, SelectSelector
from threading import Lock
from typing import ClassVar

from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Paste
from textual.message import Message

from tui.terminal.bursts import TOGETHER
from tui.terminal.ear import Ear
from tui.terminal.first_light import ALTERNATE, FirstLight
from tui.terminal.standing import STANDING

log = logging.getLogger("tandem.screen")

_AT_ONCE = 4096
"""Bytes that are read at most in one go."""


class Line(LinuxDriver):
    """Textual's driver for the one terminal of this process."""

    is_cut: ClassVar[bool] = False
    light: ClassVar[FirstLight | None] = None
    """What stands on the terminal already."""
    active: ClassVar[Line | None] = None
    """The one that keeps keys back, or has done so."""
    _lock = Lock()
    _early: list[Message] | None = None
    _has_begun = False
    _is_aside = False
    """Whether the terminal is somebody else's for a while: a shell's, or an editor's."""

    def start_application_mode(self) -> None:
        """Begin; rows that stand there already are not cleared, and the terminal will be what it was before them."""
        if not self._has_begun:
            self._has_begun, self._early, Line.active = True, [], self
        STANDING.forget()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's
        if self.light is not None and self.light.is_lit:
            self.attrs_before = self.light.take_over()

    def send_message(self, message: Message) -> None:
        """Keep keys that are pressed before there is anything to press them on."""
        with self._lock:
            is_held = self._early is not None and isinstance(message, Key | Paste)
            if is_held and self._early is not None:
                self._early.append(message)
        if not is_held:
            super().send_message(message)

    def let_keys_in(self) -> None:
        """Let keys have their way from now on, those that were kept first.

        Those were read in one go however slowly they were typed, and must not look like a paste
        (`tui/terminal/bursts.py`).
        """
        with self._lock:
            early, self._early = self._early or [], None
        for each, after in reversed(tuple(pairwise(early))):
            each.time = min(each.time, after.time - TOGETHER)
        for each in early:
            super().send_message(each)

    def write(self, data: str) -> None:
        if self.light is not None and self.light.is_lit and data == ALTERNATE:
            return
        if not self.is_cut:
            super().write(data)

    def _enable_mouse_support(self) -> None:
        """Ask for clicks and the wheel, but not for every movement: each would travel over a slow line."""
        super()._enable_mouse_support()
        if self._mouse:
            self.write("\x1b[?1003l\x1b[?1000h")
            self.flush()

    def run_input_thread(self) -> None:
        """Hear the terminal until the end: with an ear of our own, for which a pasted text is never keys.

        A line that nothing can be read from is one that broke.
        """
        try:
            self._listen(Ear())
        except OSError:
            if not self.is_cut:  # else it was about to read when that was done
                log.exception("the terminal cannot be read")
                signal.raise_signal(signal.SIGHUP)

    def _listen(self, ear: Ear) -> None:
        with SelectSelector() as selector:
            selector.register(self.fileno, EVENT_READ)
            while not self.exit_event.is_set():
                is_ready = selector.select(ear.patience)
                data = os.read(self.fileno, _AT_ONCE) if is_ready else b""
                try:
                    for message in ear.hear(data):
                        self.process_message(message)
                except Exception as error:  # noqa: BLE001 - a thread's edge: the loop tells it and logs it
                    self._app.call_later(_stumble, error)
                    ear = Ear()

    def suspend_application_mode(self) -> None:
        self._is_aside = True
        super().suspend_application_mode()

    def _forget_unread(self) -> None:
        """Throw away what was typed for somebody who did not read it, unless that still has the terminal."""
        with suppress(OSError, termios.error):
            if os.tcgetpgrp(self.fileno) == os.getpgrp():
                termios.tcflush(self.fileno, termios.TCIFLUSH)

    def resume_application_mode(self) -> None:
        """Take the terminal back, also from a shell that it was not given to (SIGSTOP).

        The system wakes (SIGCONT) whoever was on a line that breaks, asleep or not. Threads that were started again
        would take the place of the first ones, and nobody would ever end these.
        """
        if self._is_aside:
            self._forget_unread()
            before = self._key_thread
            super().resume_application_mode()
            self._is_aside = self._key_thread is before  # it is in the background yet, and tries again
        elif os.isatty(self.fileno) and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._begin_again)

    def _begin_again(self) -> None:
        if self._key_thread is not None and self._key_thread.is_alive():
            super().suspend_application_mode()
            super().resume_application_mode()

    def close(self) -> None:
        if not self.is_cut:
            super().close()


def _stumble(error: Exception) -> None:
    raise error


def is_dead() -> bool:
    """Whether the terminal is there no longer."""
    return not os.isatty(sys.__stdin__.fileno() if sys.__stdin__ else 0)


def cut_if_dead() -> None:
    """Let go of a terminal that is there no longer."""
    if is_dead():
        Line.is_cut = True
        silence, _ = os.pipe()  # its other end stays open, so that nothing ever comes
        os.set_blocking(silence, False)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for here, there in ((silence, 0), (nowhere, 1), (nowhere, 2)):
            os.dup2(here, there)
