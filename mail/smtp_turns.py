"""Who speaks when on an SMTP connection: one answer for each command, and none that nobody asked for (RFC 5321 4.2).

aiosmtplib leaves what stands behind an answer in its buffer and takes it for the answer to the next command, so that a
server with one answer too many is believed to have said yes to what it refused. Here such a connection is useless.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from aiosmtplib import SMTPException, SMTPResponse, SMTPResponseException, SMTPServerDisconnected
from aiosmtplib.protocol import SMTPProtocol

CLOSING = 421
"""The one answer that may come unasked: the server is about to close the connection (RFC 5321 3.8)."""

_END_OF_ANSWER = re.compile(rb"^(?!...-)[^\n]*\n", re.MULTILINE)
_LISTENED_TO = 32_768
"""Bytes of an answer; aiosmtplib gives up at as many."""

_KEPT = 1_000
"""Bytes that are kept of what nobody asked for."""

_BABBLE = "Malformed SMTP response line: "
"""What aiosmtplib puts before the words of an answer without a code."""


class OutOfTurn(SMTPException):
    """The server said what nobody asked for, so that its answers can no longer be told apart."""

    def __init__(self) -> None:
        super().__init__("the server's answers cannot be told apart: it gives more than it is asked for")


class Turns(SMTPProtocol):
    """One end of the connection. `lost` is called when it is lost."""

    def __init__(self, loop: asyncio.AbstractEventLoop, lost: Callable[[SMTPProtocol], None]) -> None:
        super().__init__(loop, lost)
        self._is_asked = True  # for its greeting
        self._heard = bytearray()
        self._more = bytearray()
        self._codes_differ = False
        self._is_full = False
        self._news = asyncio.Event()

    @property
    def unasked(self) -> SMTPResponse | None:
        """What the server said without being asked: its code (0: none) and its words."""
        if not self._more:
            return None
        line = bytes(self._more).split(b"\n", 1)[0]
        code = int(line[:3]) if re.match(rb"\d{3}", line) else 0
        return SMTPResponse(code, line[4:].strip().decode("utf-8", "replace"))

    @property
    def is_out_of_turn(self) -> bool:
        """Whether its answers can no longer be told apart: it said more than asked, and did not just say goodbye."""
        return self._codes_differ or ((more := self.unasked) is not None and more.code != CLOSING)

    async def catch_up(self) -> None:
        """Hear what the server has said by now: the loop looks at the connection once, and passes it on once."""
        for _ in range(2):
            await asyncio.sleep(0)

    async def execute_command(self, *args: bytes, timeout: float | None = None) -> SMTPResponse:  # noqa: ASYNC109 - aiosmtplib's
        """Give a command and wait for the answer, unless the server has spoken meanwhile.

        Raises:
            OutOfTurn: it has said what nobody asked for.
        """
        await self.catch_up()
        if self.is_out_of_turn:
            raise OutOfTurn
        return self.unasked or await super().execute_command(*args, timeout=timeout)

    async def read_response(self, timeout: float | None = None) -> SMTPResponse:  # noqa: ASYNC109 - aiosmtplib's
        """Wait for an answer for so many seconds.

        One that is none by the rules has the code 0, and the connection is of no use after it.

        Raises:
            OutOfTurn: there was more than one, or it speaks with two tongues.
        """
        try:
            answer = await super().read_response(timeout)
        except SMTPResponseException as error:  # its words may be what we said to log in
            answer = SMTPResponse(0, error.message.removeprefix(_BABBLE) if error.message.startswith(_BABBLE) else "")
        finally:
            self._is_asked = False
        if self.is_out_of_turn:
            raise OutOfTurn
        return answer

    async def pour(self, data: bytes, seconds: float) -> None:
        """Send what asks for no answer, until nearly all of it has gone or the server breaks in.

        Raises:
            TimeoutError: the server does not take it.
            SMTPServerDisconnected: the connection is lost.
        """
        super().write(data)
        async with asyncio.timeout(seconds):
            while self._is_full and self.is_connected and self.unasked is None:
                self._news.clear()
                await self._news.wait()
        await self.catch_up()
        if not self.is_connected and self.unasked is None:
            raise SMTPServerDisconnected("Connection lost")

    def write(self, data: bytes) -> None:
        """Say something that asks for an answer."""
        self._is_asked = True
        super().write(data)

    def data_received(self, data: bytes) -> None:
        """Pass on one whole answer where one is asked for, and keep the rest apart."""
        if self._is_asked:
            data = self._hear(data)
        if data:
            self._more += data[: _KEPT - len(self._more)]
            self._news.set()

    def _hear(self, data: bytes) -> bytes:
        """Take what belongs to the answer; returns what is left."""
        self._heard += data
        end = _END_OF_ANSWER.search(self._heard) if b"\n" in data else None
        if end is None:
            self._is_asked = len(self._heard) <= _LISTENED_TO
            super().data_received(data)
            return b""
        answer, left = bytes(self._heard[: end.end()]), len(self._heard) - end.end()
        self._is_asked, self._heard = False, bytearray()
        self._codes_differ = len({line[:3] for line in answer[:-1].split(b"\n")}) > 1
        super().data_received(data[: len(data) - left])
        return data[len(data) - left :]

    def pause_writing(self) -> None:
        """The connection takes no more for the moment."""
        super().pause_writing()
        self._is_full = True

    def resume_writing(self) -> None:
        """It takes more again."""
        super().resume_writing()
        self._is_full = False
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        super().connection_lost(exc)
        self._news.set()
