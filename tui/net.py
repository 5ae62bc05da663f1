"""A net under what dialogs and changes of the store call back: what breaks there is said, and the screen goes on."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from textual.dom import DOMNode
from textual.signal import Signal, SignalCallbackType

from desk.errors import TandemError
from tui.messages import StoreChanged
from tui.words.tongue import tr

if TYPE_CHECKING:
    from tui.bulletin import Bulletin

log = logging.getLogger("tandem.screen")


def guarded(app: Bulletin, callback: Callable[..., Any]) -> Callable[..., Any]:
    """The same callback, whose errors are said on the status line, and logged where they are defects."""

    def call(*args: object) -> object:
        try:
            done = callback(*args)
        except TandemError as error:
            app.say(str(error), "error")
            return None
        except Exception as error:  # an edge: whatever a dialog's answer leads to, the screen with its texts stays
            log.exception("a callback broke")
            app.say(_broken(error), "error")
            return None
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
    try:
        await done
    except TandemError as error:
        app.say(str(error), "error")
    except Exception as error:  # likewise
        log.exception("a callback broke")
        app.say(_broken(error), "error")


def _broken(error: Exception) -> str:
    words = tr("something went wrong: {error}; nothing you wrote is lost, the log has more")
    return words.format(error=type(error).__name__)
