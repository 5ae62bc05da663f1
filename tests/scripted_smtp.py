"""An SMTP server that misbehaves on command (RFC 5321): it refuses, stalls, babbles or hangs up at a chosen step.

A plain socket server, because a well-kept library would not let it break the rules. The one that behaves is
`tandem.demo.servers.SmtpServer`.
"""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from tests.certificates import Certificates

HOST = "127.0.0.1"

Step = Literal[
    "greeting", "ehlo", "starttls", "tls", "auth", "password",
    "mail", "rcpt", "data", "body", "dot", "rset", "quit",
]  # fmt: skip
"""Where a session stands: before the greeting, before the answer to a command (`data`: before the 354), before it
shakes hands (`tls`), before the answer to a login's second part (`password`), after the first line of the body
(`body`), or after the final dot and before the answer to it (`dot`)."""

EXTENSIONS = ("SIZE 50000000", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
USUAL: dict[Step, str] = {
    "greeting": "220 scripted.example ESMTP",
    "starttls": "220 2.0.0 go ahead",
    "tls": "",
    "auth": "235 2.7.0 come in",
    "password": "235 2.7.0 come in",
    "mail": "250 2.1.0 sender ok",
    "rcpt": "250 2.1.5 recipient ok",
    "data": "354 end with a dot",
    "body": "",
    "dot": "250 2.0.0 taken",
    "rset": "250 2.0.0 forgotten",
    "quit": "221 2.0.0 goodbye",
}
ASK_FOR_PASSWORD = "334 UGFzc3dvcmQ6"


@dataclass(slots=True)
class _Misdeed:
    """What happens at a step: silence for some seconds, then `answer`, or a closed connection where it is None.

    Where there are `pieces` the answer comes in these, `pause` seconds apart. `leaves`: then the connection is closed.
    """

    step: Step
    answer: str | None
    seconds: float = 0.0
    recipient: str | None = None
    times: int | None = None
    pieces: tuple[str, ...] = ()
    pause: float = 0.0
    leaves: bool = False

    def fits(self, step: Step, recipient: str | None) -> bool:
        return self.times != 0 and self.step == step and self.recipient in {None, recipient}


class ScriptedSmtp:
    """A server with a script of misdeeds: the first that fits a step and is not used up (`times`) decides.

    `accepted` holds the exact bytes of each mail whose final dot came and was not answered by a refusal: a careful
    server would deliver these, also where the client never got an answer. `refused` holds those answered by 4xx or
    5xx after the dot, `commands` every line that a client sent outside DATA, `reached` the steps that were
    come to and `done` those that were answered.

    With `certificates` it speaks TLS, from the first byte or after STARTTLS. Every login is welcome, and one by LOGIN
    has two parts.
    """

    host = HOST

    def __init__(
        self,
        extensions: tuple[str, ...] = EXTENSIONS,
        certificates: Certificates | None = None,
        *,
        starttls: bool = False,
    ) -> None:
        self.extensions = extensions
        self.context = certificates.for_server() if certificates else None
        self.starttls = starttls
        self.reached: list[Step] = []
        self.done: list[Step] = []
        self.commands: list[str] = []
        self.accepted: list[bytes] = []
        self.refused: list[bytes] = []
        self._script: list[_Misdeed] = []
        self._lock = threading.Lock()
        self._hurry = threading.Event()
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
        self._script.append(_Misdeed(step, self.usual(step), seconds, times=times))

    def say(self, step: Step, *pieces: str, pause: float = 0.0, leave: bool = False) -> None:
        """Say exactly these at a step, one after the other with a pause between, and perhaps close the connection."""
        self._script.append(_Misdeed(step, "".join(pieces), pieces=pieces, pause=pause, leaves=leave))

    def say_more(self, step: Step, more: str) -> None:
        """Give the usual answer to a step, and in the same breath another."""
        self.say(step, f"{self.usual(step)}\r\n{more}\r\n")

    def behave(self) -> None:
        """Forget the script; who stalls goes on at once."""
        self._script.clear()
        stalled, self._hurry = self._hurry, threading.Event()
        stalled.set()

    def wait_until_left(self, seconds: float = 60) -> None:
        """Wait until every client has gone and all that they sent is read."""
        end = time.monotonic() + seconds
        while self._server.open:
            assert time.monotonic() < end, "a client has not gone"
            time.sleep(0.01)

    def start(self) -> Self:
        """Take connections."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="ScriptedSmtp")
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port and every connection, and wait for their threads."""
        self._hurry.set()
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
        refused = verdict.answer is not None and verdict.answer.startswith(("4", "5"))
        (self.refused if refused else self.accepted).append(raw)
        return verdict

    def plan(self, step: Step, recipient: str | None = None) -> _Misdeed:
        """What happens now at this step."""
        self.reached.append(step)
        with self._lock:
            for misdeed in self._script:
                if misdeed.fits(step, recipient):
                    if misdeed.times is not None:
                        misdeed.times -= 1
                    return misdeed
        return _Misdeed(step, self.usual(step))

    def wait(self, seconds: float) -> None:
        """Say nothing for a while, or until the server stops or behaves."""
        self._hurry.wait(seconds)

    def usual(self, step: Step) -> str:
        """What a server that behaves answers at a step."""
        if step == "auth" and any(each.startswith("AUTH LOGIN") for each in self.extensions):
            return ASK_FOR_PASSWORD
        if step != "ehlo":
            return USUAL[step]
        offers = (*self.extensions, "STARTTLS") if self.starttls else self.extensions
        return "\r\n".join(["250-scripted.example", *(f"250-{name}" for name in offers), "250 HELP"])


class _HungUp(Exception):
    """The script says to end this connection here."""


class _Session(socketserver.StreamRequestHandler):
    """One client's connection, from greeting to QUIT."""

    server: _Server

    def handle(self) -> None:
        script = self.server.script
        with contextlib.suppress(_HungUp, OSError, ValueError):  # the last where it is closed while it is read
            if script.context is not None and not script.starttls:
                self._shake_hands()
            self._do(script.plan("greeting"))
            while line := self.rfile.readline():
                self._command(line.decode("utf-8", "surrogateescape").rstrip("\r\n"))

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        self.connection.close()
        self.server.forget(self.connection)

    def _command(self, line: str) -> None:
        script = self.server.script
        script.commands.append(line)
        match line.split(" ", maxsplit=1)[0].upper():
            case "EHLO" | "HELO":
                self._do(script.plan("ehlo"))
            case "STARTTLS" if script.starttls:
                self._starttls()
            case "AUTH":
                self._auth()
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

    def _starttls(self) -> None:
        answer = self.server.script.plan("starttls")
        self._do(answer)
        if answer.answer is not None and answer.answer.startswith("220"):
            self._shake_hands()

    def _shake_hands(self) -> None:
        assert self.server.script.context is not None
        self._do(self.server.script.plan("tls"))
        self.connection = self.server.script.context.wrap_socket(
            self.connection, server_side=True, do_handshake_on_connect=False
        )
        self.server.watch(self.connection)
        self.connection.do_handshake()
        self.setup_streams()

    def setup_streams(self) -> None:
        """Read and write on the connection as it is now."""
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)

    def _auth(self) -> None:
        answer = self.server.script.plan("auth")
        self._do(answer)
        if answer.answer is not None and answer.answer.startswith("334"):
            if not (line := self.rfile.readline()):
                raise _HungUp
            self.server.script.commands.append(line.decode().strip())
            self._do(self.server.script.plan("password"))

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
        for piece in misdeed.pieces:
            self.wfile.write(piece.encode("utf-8", "surrogateescape"))
            self.server.script.wait(misdeed.pause)
        if not misdeed.pieces:
            self._say(misdeed.answer)
        self.server.script.done.append(misdeed.step)
        if misdeed.leaves:
            raise _HungUp

    def _say(self, answer: str) -> None:
        if answer:
            self.wfile.write(answer.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    """The listening socket; it remembers its connections so that it can close them."""

    def __init__(self, address: tuple[str, int], script: ScriptedSmtp) -> None:
        self.script = script
        self.open: set[socket.socket] = set()
        super().__init__(address, _Session)

    def server_close(self) -> None:
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def watch(self, connection: socket.socket) -> None:
        """Close this one too when the server stops."""
        self.open.add(connection)

    def forget(self, connection: socket.socket) -> None:
        """It is closed."""
        self.open.discard(connection)

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        assert isinstance(request, socket.socket)
        self.open.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        assert isinstance(request, socket.socket)
        self.open.discard(request)
        super().close_request(request)


def _address(command: str) -> str | None:
    found = re.search(r"<([^>]*)>", command)
    return found[1] if found else None
