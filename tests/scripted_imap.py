"""An IMAP server that says what a test tells it to, so that a client can be shown every kind of misbehaviour."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

GREETING = b"* OK ready\r\n"
USUAL = {
    "CAPABILITY": "* CAPABILITY IMAP4rev1 IDLE\r\n",
    "EXAMINE": "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n",
    "SEARCH": "* SEARCH 1 2 3\r\n",
    "LOGOUT": "* BYE bye\r\n",
}

Answer = str | bytes | Callable[["ScriptedImap", str], str | bytes]
"""Untagged lines before the OK; a whole answer where it holds `{tag}`; or a function of the command that gives one."""


class ScriptedImap:
    """One connection at a time on 127.0.0.1. `answers` go by the command's name (`UID FETCH` is `FETCH`).

    With `dripping`, every byte goes out in a packet of its own. `commands` is what the client said.
    """

    host = "127.0.0.1"

    def __init__(self, *, greeting: bytes = GREETING, dripping: bool = False, **answers: Answer) -> None:
        self.answers: dict[str, Answer] = USUAL | answers
        self.commands: list[str] = []
        self._greeting = greeting
        self._dripping = dripping
        self._listener = socket.create_server((self.host, 0))
        self._peer: socket.socket | None = None
        self._idle_tag = ""
        self._speaking = threading.Lock()
        self._thread = threading.Thread(target=self._serve)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def say(self, data: str | bytes) -> None:
        """Send something unasked."""
        data = data.encode() if isinstance(data, str) else data
        if self._peer is None:
            return
        with self._speaking:  # a test speaks unasked while the server answers
            for piece in [data[at : at + 1] for at in range(len(data))] if self._dripping else [data]:
                self._peer.sendall(piece)

    def hang_up(self) -> None:
        """Close the connection."""
        if self._peer is not None:
            with contextlib.suppress(OSError):
                self._peer.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._peer, _ = self._listener.accept()
                self._peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with self._peer, self._peer.makefile("rb") as lines, contextlib.suppress(OSError):
                    self.say(self._greeting)
                    for line in lines:
                        self._answer(line.decode("latin-1").rstrip("\r\n"))

    def _answer(self, line: str) -> None:
        self.commands.append(line)
        tag, _, command = line.partition(" ")
        if line == "DONE":
            self.say(f"{self._idle_tag} OK done\r\n")
            return
        name = command.removeprefix("UID ").partition(" ")[0].upper()
        if name == "IDLE":
            self._idle_tag = tag
            self.say("+ idling\r\n")
        answer = self.answers.get(name, "")
        said = answer(self, command) if callable(answer) else answer
        text = said.decode("latin-1") if isinstance(said, bytes) else said
        if name != "IDLE" and "{tag}" not in text:
            text += "{tag} OK done\r\n"
        self.say(text.replace("{tag}", tag).encode("latin-1"))
