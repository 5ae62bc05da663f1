"""How two processes hand each other bytes over a pipe: four bytes of length, then so many bytes.

Both ends are watched against a deadline, so neither a process that hangs nor one that was stopped can hold us up.
"""

from __future__ import annotations

import os
import select
import struct
import time

_LENGTH = struct.Struct("!I")
_CHUNK = 1 << 20


def send(fd: int, payload: bytes, deadline: float | None = None) -> None:
    """Write one frame; `deadline` is on the clock of `time.monotonic`.

    Raises:
        TimeoutError: the deadline has come.
        BrokenPipeError: nobody reads any more.
    """
    head = _LENGTH.pack(len(payload))
    for piece in (head + payload,) if len(payload) < _CHUNK else (head, payload):
        _write(fd, memoryview(piece), deadline)


def receive(fd: int, deadline: float | None = None) -> bytes:
    """Read one frame.

    Raises:
        TimeoutError: the deadline has come.
        EOFError: the other side has ended.
    """
    (length,) = _LENGTH.unpack(_read(fd, _LENGTH.size, deadline))
    return _read(fd, length, deadline)


def _write(fd: int, rest: memoryview, deadline: float | None) -> None:
    while rest:
        _wait(fd, select.POLLOUT, deadline)
        rest = rest[os.write(fd, rest[:_CHUNK]) :]


def _read(fd: int, length: int, deadline: float | None) -> bytes:
    pieces: list[bytes] = []
    while length:
        _wait(fd, select.POLLIN, deadline)
        piece = os.read(fd, min(length, _CHUNK))
        if not piece:
            raise EOFError
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)


def _wait(fd: int, event: int, deadline: float | None) -> None:
    if deadline is None:
        return
    poll = select.poll()
    poll.register(fd, event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError
