"""A proxy on loopback that does to connections what bad networks do: cuts them, stalls, ends them early, garbles.

At most three mishaps happen to a connection, at bytes and in directions that its seed and its number decide. None of
them lasts: whatever is held back for longer than `PATIENCE` seconds ends with the connection.

What is garbled must be noticed, or no client could be blamed. Under TLS (`is_opaque`) any byte may become another one.
Plain IMAP has no checksum: a bit that flips within a mail is a bit of the mail. So there only lines are garbled that
are no part of a mail, and so that their sense is lost and no other one found: they become noise or something unheard
of, lose their tag or their end, come twice, or not at all.
"""

from __future__ import annotations

import contextlib
import random
import re
import select
import socket
import struct
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

HOST = "127.0.0.1"
PATIENCE = 0.12
"""Seconds that something may be held back, or that nothing may be said after a mishap."""

Kind = Literal["cut", "end", "stall", "hang", "garble"]
_KINDS: tuple[Kind, ...] = ("cut", "end", "stall", "hang", "garble", "garble", "garble")
_AT_ONCE = 65_536
_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")
_RESET = struct.pack("ii", 1, 0)
_NOISE = bytes({*range(1, 256)} - set(b"\r\n*+{}0123456789TOKNBADYE"))
"""Of these bytes no answer can be made, nor a command, nor the announcement of a literal."""


@dataclass(frozen=True, slots=True)
class Mishap:
    """What happens once so many bytes went one way."""

    kind: Kind
    from_server: bool
    at: int


class ChaosProxy:
    """Stands before the server at `target`; while `is_calm`, new connections come to no harm."""

    def __init__(self, target: int, *, seed: int, is_opaque: bool = False) -> None:
        self.is_calm = False
        self.is_opaque = is_opaque
        self.mishaps: list[Kind] = []
        self._target, self._seed, self._count = target, seed, 0
        self._listener = socket.create_server((HOST, 0))
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._count += 1
                chance = random.Random(f"{self._seed} {self._count}")
                planned = [] if self.is_calm else _planned(chance)
                connection = _Connection(self, client, chance, planned)
                thread = threading.Thread(target=connection.run, args=(self._target, self._is_over))
                self._threads.append(thread)
                thread.start()


def _planned(chance: random.Random) -> list[Mishap]:
    """Early and late bytes are as likely as those of mails between them; of commands there are fewer."""
    mishaps: list[Mishap] = []
    for _ in range(chance.choice((0, 0, 1, 1, 1, 2, 2, 3))):
        from_server = chance.random() < 0.7
        at = int(10 ** chance.uniform(1, 5 if from_server else 3))
        mishaps.append(Mishap(chance.choice(_KINDS), from_server, at))
    return mishaps


class _Over(Exception):
    pass


class _Connection:
    """One client's connection to the server, in a thread of its own."""

    def __init__(self, proxy: ChaosProxy, client: socket.socket, chance: random.Random, planned: list[Mishap]) -> None:
        self._proxy, self._client, self._chance, self._planned = proxy, client, chance, planned
        self._gone = {True: 0, False: 0}
        self._lines = {True: _Lines(chance), False: _Lines(chance)}
        self._deadline = float("inf")

    def run(self, target: int, is_over: threading.Event) -> None:
        """Carry bytes until somebody hangs up or a mishap does so."""
        with self._client, contextlib.suppress(OSError, _Over), socket.create_connection((HOST, target)) as server:
            sides = {self._client: server, server: self._client}
            for each in sides:
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while not is_over.is_set() and time.monotonic() < self._deadline:
                ready, _, _ = select.select(list(sides), [], [], 0.05)
                for each in ready:
                    self._carry(each, sides[each], from_server=each is server)

    def _carry(self, source: socket.socket, target: socket.socket, *, from_server: bool) -> None:
        data = source.recv(_AT_ONCE)
        if not data:
            raise _Over
        if self._deadline < float("inf"):
            self._deadline = time.monotonic() + PATIENCE
        while (mishap := self._next(from_server, len(data))) is not None:
            before = max(mishap.at - self._gone[from_server], 0)
            self._pass_on(data[:before], target, from_server=from_server)
            data = data[before:]
            self._planned.remove(mishap)
            self._proxy.mishaps.append(mishap.kind)
            data = self._happen(mishap, data, target)
        self._pass_on(data, target, from_server=from_server)

    def _next(self, from_server: bool, size: int) -> Mishap | None:  # noqa: FBT001 - a direction, not a switch
        end = self._gone[from_server] + size
        found = [each for each in self._planned if each.from_server == from_server and each.at < end]
        return min(found, key=lambda each: each.at, default=None)

    def _pass_on(self, data: bytes, target: socket.socket, *, from_server: bool) -> None:
        self._gone[from_server] += len(data)
        target.sendall(data if self._proxy.is_opaque else self._lines[from_server].passed(data))

    def _happen(self, mishap: Mishap, data: bytes, target: socket.socket) -> bytes:
        """Let it happen; returns what is to be passed on."""
        match mishap.kind:
            case "cut":
                for each in (self._client, target):
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                raise _Over
            case "end":
                raise _Over
            case "stall":
                time.sleep(self._chance.uniform(0, PATIENCE / 2))
            case "hang":
                time.sleep(PATIENCE)
                raise _Over
            case "garble":
                self._deadline = time.monotonic() + PATIENCE
                if self._proxy.is_opaque:
                    return bytes([data[0] ^ self._chance.randint(1, 255)]) + data[1:]
                self._lines[mishap.from_server].spoil_next()
        return data


class _Lines:
    """The lines of one direction of a plain connection, told from the literals between them."""

    def __init__(self, chance: random.Random) -> None:
        self._chance, self._line, self._literal = chance, b"", 0
        self._wants_spoil = self._spoils = False

    def spoil_next(self) -> None:
        """Garble the next line that begins."""
        self._wants_spoil = True

    def passed(self, data: bytes) -> bytes:
        """What comes out when this goes in; of a line that is to be garbled, nothing before its end is there."""
        out = b""
        while data:
            if self._literal:
                piece, data = data[: self._literal], data[self._literal :]
                self._literal -= len(piece)
                out += piece
                continue
            end = data.find(b"\n") + 1 or len(data)
            piece, data = data[:end], data[end:]
            if not self._line:
                self._spoils, self._wants_spoil = self._wants_spoil, False
            self._line += piece
            out += b"" if self._spoils else piece
            if piece.endswith(b"\n"):
                out += self._ended()
        return out

    def _ended(self) -> bytes:
        line, self._line = self._line, b""
        literal = _LITERAL.search(line)
        self._literal = int(literal[1]) if literal else 0
        return self._spoiled(line, has_literal=literal is not None) if self._spoils else b""

    def _spoiled(self, line: bytes, *, has_literal: bool) -> bytes:
        noise = bytes(self._chance.choices(_NOISE, k=self._chance.randint(1, 60)))
        tag, _, rest = line.partition(b" ")
        ways = (
            noise + b"\r\n" + line,
            b"* 7 XYZZY (((\r\n" + line,
            noise + b"\r\n",
            b"* " + noise + b"\r\n",
            noise + rest,
            line.removesuffix(b"\r\n") + noise + b"\r\n",
            line + line,
            b"",
        )
        if has_literal:  # which must stay announced, or what a mail says would be what the server says
            return self._chance.choice(ways[:2])
        return self._chance.choice(ways if tag == b"*" else ways[:5])
