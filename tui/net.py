"""A net under the screen: what breaks is said and logged, and the screen goes on.

Under what dialogs and changes of the store call back, and, as the last one, under every message, timer and worker.
"""

from __future__ import annotations

import inspect
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from textual.dom import DOMNode
from textual.signal import Signal, SignalCallbackType

from desk.errors import TandemError
from tui.leftbehind import came_too_late
from tui.messages import StoreChanged
from tui.words.tongue import tr

if TYPE_CHECKING:
    from tui.bulletin import Bulletin

log = logging.getLogger("tandem.screen")

_MOST, _WITHIN = 100, 10.0
"""Defects within so many seconds after which the screen ends: it does nothing else any more."""


class Net:
    """The last net under one application, once its first screen stands."""

    def __init__(self, app: Bulletin) -> None:
        self._app = app
        self._caught: deque[float] = deque(maxlen=_MOST)

    def catches(self, error: Exception) -> bool:
        """Whether the screen goes on after this: what came too late is nothing, a defect is said and logged."""
        if came_too_late(error):
            log.debug("it came too late", exc_info=error)
            return True
        screens = self._app.screen_stack
        if not (screens and screens[0].is_mounted):
            return False
        if isinstance(error, TandemError):
            self._app.say(str(error), "error")
            return True
        if self._is_endless():
            return False
        log.error("the screen stumbled", exc_info=error)
        self._app.say(_broken(error), "error")
        return True

    def _is_endless(self) -> bool:
        """Whether this defect is one too many; a refusal, such as a key that is held down gets, is none."""
        now = time.monotonic()
        is_endless = len(self._caught) == _MOST and now - self._caught[0] < _WITHIN
        self._caught.append(now)
        return is_endless


def guarded(app: Bulletin, callback: Callable[..., Any]) -> Callable[..., Any]:
    """The same callback, whose errors are said on the status line, and logged where they are defects."""

    def call(*args: object) -> object:
        done: object = None
        with _said(app):
            done = callback(*args)
        return _awaited(app, done) if inspect.isawaitable(done) else done

    return call


class Changes(Signal[StoreChanged]):
    """Tells nodes what changed in the store; what breaks in one of them holds no other up."""

    def __init__(self, app: Bulletin) -> None:
        super().__init__(app, "store changed")
        self._app = app

    def subscribe(self, node: DOMNode, callback: SignalCallbackType[StoreChanged], immediate: bool = False) -> None:  # noqa: FBT001, FBT002 - as Textual has it
        """Call back with each change, as one of the node's messages."""
        super().subscribe(node, guarded(self._app, callback), immediate)


async def _awaited(app: Bulletin, done: Awaitable[object]) -> None:
    with _said(app):
        await done


@contextmanager
def _said(app: Bulletin) -> Generator[None]:
    """Say what goes wrong in here, and go on behind it."""
    try:
        yield
    except TandemError as error:
        app.say(str(error), "error")
    except Exception as error:  # an edge: whatever a dialog's answer leads to, the screen with its texts stays
        if not came_too_late(error):
            log.exception("a callback broke")
            app.say(_broken(error), "error")


def _broken(error: Exception) -> str:
    words = tr("something went wrong: {error}; nothing you wrote is lost, the log has more")
    return words.format(error=type(error).__name__)
