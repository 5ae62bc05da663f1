"""A server whose event loop lives in a thread of its own: what the demo's IMAP and SMTP servers share."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Iterable
from types import TracebackType
from typing import Any, Self, TypeVar

HOST = "127.0.0.1"
GOODBYE_SECONDS = 2.0
"""How long the tasks of a dropped connection may take to finish before they are cancelled."""

T = TypeVar("T")


class LoopbackServer(ABC):
    """A server on 127.0.0.1 that runs from `start()` to `stop()`, or for the length of a `with` block."""

    host = HOST

    def __init__(self, port: int = 0) -> None:
        self._wanted_port = port
        self._server: asyncio.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The TCP port while the server runs; the system picks a free one unless a port was wished for.

        Raises:
            RuntimeError: the server is not running.
        """
        if self._server is None:
            raise RuntimeError(f"{type(self).__name__} is not running")
        return int(self._server.sockets[0].getsockname()[1])

    def start(self) -> Self:
        """Listen; returns once connections are taken.

        Raises:
            OSError: the wished port is in use.
        """
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=type(self).__name__, daemon=True)
        self._thread.start()
        try:
            self._server = self._call(self._listen())
        finally:
            if self._server is None:
                self._end_loop()
        return self

    def stop(self) -> None:
        """Close the port, hang up on every client and wait for the thread; a second call does nothing."""
        if self._server is None:
            return
        self._call(self._close(self._server))
        self._server = None
        self._end_loop()

    def hang_up(self) -> None:
        """Drop every open connection without a word, as a failing network does; the port stays open."""
        self._call(self._drop_clients())

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` in the server's loop and wait for its result; any other thread may call this."""
        if self._loop is None:
            work.close()
            raise RuntimeError(f"{type(self).__name__} is not running")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _end_loop(self) -> None:
        if self._loop is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = self._thread = None

    async def _close(self, server: asyncio.Server) -> None:
        server.close()
        await self._drop_clients()
        await server.wait_closed()

    async def _drop_clients(self) -> None:
        """Abort the connections; their tasks see the end of the stream and finish by themselves."""
        for transport in self._transports():
            with contextlib.suppress(AttributeError):  # a TLS transport that is closed already, up to Python 3.11.3
                transport.abort()
        if tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            _, late = await asyncio.wait(tasks, timeout=GOODBYE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    @abstractmethod
    async def _listen(self) -> asyncio.Server:
        """Open the listening socket."""

    @abstractmethod
    def _transports(self) -> Iterable[asyncio.WriteTransport]:
        """The connections that are open now."""
