"""An application that goes on: where something breaks, and where a screen is left that is not on top.

Textual ends the loop of messages of what breaks, and the application with it. Whichever screen is dismissed, it takes
away the one on top. Neither is so here.
"""

from __future__ import annotations

from asyncio import CancelledError, current_task, shield
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from functools import partial
from typing import Any, cast

from textual import events
from textual._context import active_message_pump
from textual.await_complete import AwaitComplete
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker, WorkerFailed, active_worker  # pyright: ignore[reportUnknownVariableType] - of what, is not said

from tui.bulletin import Bulletin
from tui.grafting import graft
from tui.host import stands
from tui.leftbehind import came_too_late
from tui.net import Net, guarded


class Steady(Bulletin):
    """An application that ends by a defect only where it could do nothing else any more."""

    def __init__(self, driver_class: type[Driver]) -> None:
        _put_a_net_under_textual()
        super().__init__(driver_class=driver_class)
        self._net = Net(self)
        self._going: dict[Screen[Any], object] = {}
        """The screens that were left under another one, with what they give."""
        self.latest_size: Size | None = None
        """The size that the terminal last told of."""
        self.broken: Exception | None = None
        """What the screen ended with, where it did not end well."""
        self.at_worst: Callable[[], object] = bool
        """What is done before that end."""

    def outlives(self, error: Exception) -> bool:
        """Whether the screen goes on after this error, of which it has told what there is to tell."""
        cause = error.error if isinstance(error, WorkerFailed) and isinstance(error.error, Exception) else error
        if not self._net.catches(cause):
            return False
        if not came_too_late(cause) and (screen := _rising()) is not None:
            self.call_later(self._give_up, screen)
        return True

    def push_screen(self, screen: Any, callback: Any = None, *how: Any, **more: Any) -> Any:  # noqa: ANN401 - Textual has two of it
        """Put a screen on top; an error in what it calls back is said, and what is below it stays."""
        told = None if callback is None else guarded(self, callback)
        push: Callable[..., Any] = super().push_screen
        return push(screen, told, *how, **more)

    async def push_screen_wait(self, screen: Any, *how: Any, **more: Any) -> Any:  # noqa: ANN401 - likewise
        """Put a screen on top and wait for its result, in a worker; none of what was left meanwhile asks any more.

        Textual would do here what the application is about to do: a worker that so waited for the end of its own screen
        would be ended by that, and the application with it.
        """
        worker = cast("Worker[object]", active_worker.get())  # pyright: ignore[reportUnknownMemberType] - likewise
        if isinstance(worker.node, Widget) and not stands(worker.node):
            raise CancelledError
        answer: Awaitable[object] = self.push_screen(screen, *how, wait_for_dismiss=True, **more)
        return await shield(answer)

    def leave_later(self, screen: Screen[Any], result: object) -> None:
        """Leave a screen with this result as soon as it is on top; one that was left already is not left again."""
        if screen in self.screen_stack:
            self._going[screen] = result

    def pop_screen(self) -> AwaitComplete:
        """Leave the screen on top, and the one under it where that was left before."""
        self._going.pop(self.screen, None)
        popped = super().pop_screen()
        if (below := self.screen) in self._going:
            self.call_later(below.dismiss, self._going.pop(below))
        return popped

    def _give_up(self, screen: Screen[Any]) -> None:
        """Take a screen away that could not be put together; never the one at the bottom. Who asks it hears nothing."""
        if self.screen is screen and len(self.screen_stack) > 1:
            screen.dismiss(None)

    def _handle_exception(self, error: Exception) -> None:
        """Textual's hook for what nobody caught: timers, workers, what is put together and painted."""
        if not self.outlives(error):
            cause = error.error if isinstance(error, WorkerFailed) else error
            is_first, self.broken = self.broken is None, cause if isinstance(cause, Exception) else error
            try:
                if is_first:
                    self.at_worst()
            finally:
                super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End without Textual's own report, which shows all local variables: mails are in them."""
        self._close_messages_no_wait()


_textuals_dispatch = MessagePump._dispatch_message  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - there is no public way
_textuals_flush = MessagePump._flush_next_callbacks  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - likewise
_textuals_clear = Screen[Any]._invoke_and_clear_callbacks  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - likewise
_textuals_dismiss: Callable[[Screen[Any], Any], AwaitComplete] = Screen[Any].dismiss


def _put_a_net_under_textual() -> None:
    graft(MessagePump, _dispatch_message=_dispatch_message, _flush_next_callbacks=_flush_next_callbacks)
    graft(Screen, dismiss=_dismiss, _invoke_and_clear_callbacks=_invoke_and_clear_callbacks)


async def _dispatch_message(self: MessagePump, message: Message) -> None:
    if isinstance(message, events.Resize) and _is_outgrown(self, message):
        return
    try:
        with _own_end_only():
            await _textuals_dispatch(self, message)
    except Exception as error:
        app = cast("object", self.app)
        if not (isinstance(app, Steady) and app.outlives(error)):
            raise


async def _flush_next_callbacks(self: MessagePump) -> None:
    await _one_by_one(self._next_callbacks, partial(_textuals_flush, self))  # pyright: ignore[reportPrivateUsage] - likewise


async def _invoke_and_clear_callbacks(self: Screen[Any]) -> None:
    await _one_by_one(self._callbacks, partial(_textuals_clear, self))  # pyright: ignore[reportPrivateUsage] - likewise


async def _one_by_one(waiting: list[Any], do: Callable[[], Awaitable[None]]) -> None:
    """Do what waits for the next moment or the next frame. Textual forgets all that is behind something that breaks."""
    for _ in range(len(waiting)):
        behind = waiting[1:]
        del waiting[1:]
        try:
            with _own_end_only():
                await do()
        finally:
            waiting[:0] = behind


def _is_outgrown(node: MessagePump, resize: events.Resize) -> bool:
    """Whether the terminal has yet another size since a screen was told of this one.

    Two sizes that are on their way to one screen would chase each other for ever: it lays itself out for each, and so
    tells itself of each again.
    """
    app = cast("object", node.app)
    if not isinstance(app, Steady):
        return False
    if node is app:
        app.latest_size = resize.size
    return isinstance(node, Screen) and app.latest_size not in {None, resize.size}


@contextmanager
def _own_end_only() -> Generator[None]:
    """Let a cancellation through only where it is meant for whoever waits, and not for what is waited for."""
    try:
        yield
    except CancelledError:
        if (task := current_task()) is None or task.cancelling():
            raise


def _dismiss(screen: Screen[Any], result: object = None) -> AwaitComplete:
    app = cast("object", screen.app)
    if screen.is_active or not isinstance(app, Steady):
        return _textuals_dismiss(screen, result)
    app.leave_later(screen, result)
    return AwaitComplete.nothing()  # type: ignore[no-untyped-call,no-any-return]  # Textual's


def _rising() -> Screen[Any] | None:
    """The screen that is being put together by what is done just now."""
    pump = active_message_pump.get(None)
    around = pump.ancestors_with_self if isinstance(pump, Widget) else []
    for each in around:
        if isinstance(each, Screen):
            return None if each.is_mounted else cast("Screen[Any]", cast("object", each))
    return None
