"""Something done after a while, for certain.

A timer of Textual's that runs once never fires where the machine stalls for longer than its time just as it starts
(`Timer` leaves out what it is late for): a key that waits for one would wait for ever.
"""

from __future__ import annotations

from asyncio import TimerHandle, get_running_loop
from collections.abc import Awaitable, Callable

from textual.message_pump import MessagePump


def later(node: MessagePump, seconds: float, callback: Callable[[], Awaitable[None] | None]) -> TimerHandle:
    """Call back after so many seconds, as one of the node's messages; never once it is gone or this was cancelled."""
    return get_running_loop().call_later(seconds, _call, node, callback)


def _call(node: MessagePump, callback: Callable[[], Awaitable[None] | None]) -> None:
    if node.is_running:
        node.call_next(callback)
