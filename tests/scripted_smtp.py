"""An SMTP server that misbehaves on command (RFC 5321): it refuses, stalls or hangs up at a chosen step.

A plain socket server, because a well-kept library would not let it break the rules. The one that behaves is
`tandem.demo.servers.SmtpServer`.
"""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

HOST = "127.0.0.1"

Step = Literal["greeting", "ehlo", "mail", "rcpt", "data", "body", "dot", "rset", "quit"]
"""Where a session stands: before the greeting, before the answer to a command (`data`: before the 354), after the
first line of the body (`body`), or after the final dot and before the answer to it (`dot`)."""

EXTENSIONS = ("SIZE 50000000", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
USUAL: dict[Step, str] = {
    "greeting": "220 scripted.example ESMTP",
    "mail": "250 2.1.0 sender ok",
    "rcpt": "250 2.1.5 recipient ok",
    "data": "354 end with a dot",
    "body": "",
    "dot": "250 2.0.0 taken",
    "rset": "250 2.0.0 forgotten",
    "quit": "221 2.0.0 goodbye",
}


@dataclass(slots=True)
class _Misdeed:
    """What happens at a step: silence for some seconds, then `answer`, or a closed connection where it is None."""

    step: Step
    answer: str | None
    seconds: float = 0.0
    recipient: str | None = None
    times: int | None = None

    def fits(self, step: Step, recipient: str | None) -> bool:
        return self.times != 0 and self.step == step and self.recipient in {None, recipient}


class ScriptedSmtp:
    """A server with a script of misdeeds: the first that fits a step and is not used up (`times`) decides.

    `accepted` holds the exact bytes of each mail whose final dot came and was not answered by a refusal: a careful
    server would deliver these, also where the client never got an answer. `refused` holds those answered by 4xx or
    5xx after the dot, `commands` every line that a client sent outside DATA.
    """

    host = HOST

    def __init__(self, extensions: tuple[str, ...] = EXTENSIONS) -> None:
        self.extensions = extensions
        self.commands: list[str] = []
        self.accepted: list[bytes] = []
        self.refused: list[bytes] = []
        self._script: list[_Misdeed] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = _Server((HOST, 0), self)

    @property
    def port(self) -> int:
        """The TCP port."""
        return int(self._server.server_address[1])

    def refuse(self, step: Step, answer: str, *, recipient: str | None = None, times: int | None = None) -> None:
        """Answer a step with `answer`, such as "451 4.3.0 later"; at `rcpt` perhaps for one recipient only."""
        self._script.append(_Misdeed(step, answer, recipient=recipient, times=times))

    def hang_up(self, step: Step, *, times: int | None = None) -> None:
        """Close the connection at a step instead of answering."""
        self._script.append(_Misdeed(step, None, times=times))

    def stall(self, step: Step, seconds: float, *, times: int | None = None) -> None:
        """Give the usual answer to a step, but so many seconds later."""
        self._script.append(_Misdeed(step, self._usual(step), seconds, times=times))

    def behave(self) -> None:
        """Forget the script."""
        self._script.clear()

    def start(self) -> Self:
        """Take connections."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="ScriptedSmtp")
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port and every connection, and wait for their threads."""
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def judge(self, raw: bytes) -> _Misdeed:
        """Decide about a mail whose final dot has come, and book it before anything is answered."""
        verdict = self.plan("dot")
        refused = verdict.answer is not None and verdict.answer[0] in "45"
        (self.refused if refused else self.accepted).append(raw)
        return verdict

    def plan(self, step: Step, recipient: str | None = None) -> _Misdeed:
        """What happens now at this step."""
        with self._lock:
            for misdeed in self._script:
                if misdeed.fits(step, recipient):
                    if misdeed.times is not None:
                        misdeed.times -= 1
                    return misdeed
        return _Misdeed(step, self._usual(step))

    def wait(self, seconds: float) -> None:
        """Say nothing for a while, or until the server stops."""
        self._stopping.wait(seconds)

    def _usual(self, step: Step) -> str:
        if step != "ehlo":
            return USUAL[step]
        return "\r\n".join(["250-scripted.example", *(f"250-{name}" for name in self.extensions), "250 HELP"])


class _HungUp(Exception):
    """The script says to end this connection here."""


class _Session(socketserver.StreamRequestHandler):
    """One client's connection, from greeting to QUIT."""

    server: _Server

    def handle(self) -> None:
        with contextlib.suppress(_HungUp, ConnectionError):
            self._do(self.server.script.plan("greeting"))
            while line := self.rfile.readline():
                self._command(line.decode("utf-8", "surrogateescape").rstrip("\r\n"))

    def _command(self, line: str) -> None:
        script = self.server.script
        script.commands.append(line)
        match line.split(" ", maxsplit=1)[0].upper():
            case "EHLO" | "HELO":
                self._do(script.plan("ehlo"))
            case "MAIL":
                self._do(script.plan("mail"))
            case "RCPT":
                self._do(script.plan("rcpt", _address(line)))
            case "DATA":
                self._data()
            case "RSET":
                self._do(script.plan("rset"))
            case "QUIT":
                self._do(script.plan("quit"))
                raise _HungUp
            case _:
                self._say("502 5.5.1 not here")

    def _data(self) -> None:
        opening = self.server.script.plan("data")
        self._do(opening)
        if opening.answer is not None and opening.answer.startswith("354"):
            self._do(self.server.script.judge(self._body()))

    def _body(self) -> bytes:
        """The mail without its final dot and with the doubled dots undone (RFC 5321 §4.5.2)."""
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _HungUp
            if not lines:
                self._do(self.server.script.plan("body"))
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    def _do(self, misdeed: _Misdeed) -> None:
        self.server.script.wait(misdeed.seconds)
        if misdeed.answer is None:
            raise _HungUp
        self._say(misdeed.answer)

    def _say(self, answer: str) -> None:
        if answer:
            self.wfile.write(answer.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    """The listening socket; it remembers its connections so that it can close them."""

    def __init__(self, address: tuple[str, int], script: ScriptedSmtp) -> None:
        self.script = script
        self._open: set[socket.socket] = set()
        super().__init__(address, _Session)

    def server_close(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        assert isinstance(request, socket.socket)
        self._open.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        assert isinstance(request, socket.socket)
        self._open.discard(request)
        super().close_request(request)


def _address(command: str) -> str | None:
    found = re.search(r"<([^>]*)>", command)
    return found[1] if found else None
