"""Commands to an IMAP server and its answers, told apart by their tags; several may be under way at once (RFC 9051).

A server's greeting, its TLS, its abilities and the login are here; what is asked of an account is in `mail.imap`.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import itertools
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

from desk.errors import MailError, MailUnreachable
from mail.answers import LITERAL, Answer, named_uid
from mail.refusals import farewell, login_refusal, refusal, spoken
from mail.servers import ImapAddress
from mail.wire import Timeouts, Wire

LARGEST_LITERAL = 64_000_000
"""Bytes of one literal: more than any mail that is fetched whole."""

MOST_ANSWERS = 200_000
"""Answers to one command."""

_MOST_CHALLENGES = 10
_WITHOUT_LITERALS = (b"* OK", b"* NO", b"* BAD", b"* BYE", b"+")


@dataclass(frozen=True, slots=True)
class Reply:
    """All answers to one command, and the words after the OK that ended it."""

    answers: list[Answer]
    said: bytes


class Dialogue:
    """A connection on which one can ask.

    `exists` is how many mails the open folder was last said to hold, `arrivals` how often that number grew, and
    `is_prompted` whether the server said `+` since it was last asked something.
    """

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.capabilities: frozenset[str] = frozenset()
        self.exists = 0
        self.arrivals = 0
        self.is_prompted = False
        self._tags = (b"T%d" % number for number in itertools.count(1))
        self._open: set[bytes] = set()
        self._ended: dict[bytes, bytes] = {}
        self._is_leaving = False

    @classmethod
    def begin(cls, address: ImapAddress, context: ssl.SSLContext, timeouts: Timeouts) -> Self:
        """Connect as safely as the address asks and learn what the server can.

        Raises:
            MailUnreachable: no conversation is possible now.
            MailError: the server cannot be used as safely as was asked.
        """
        wire = Wire.connect(address.host, address.port, timeouts, context if address.security == "tls" else None)
        try:
            dialogue = cls(wire)
            dialogue.greet()
            if address.security == "starttls":
                dialogue.start_tls(context, address.host)
        except BaseException:
            wire.close()
            raise
        return dialogue

    @property
    def where(self) -> str:
        """The server, for an error's sentence."""
        return self.wire.where

    def can(self, capability: str) -> bool:
        """Whether the server offers this."""
        return capability in self.capabilities

    def greet(self) -> None:
        """Hear the server's greeting.

        Raises:
            MailError: it is none. One that claims to know us already would keep us from asking for TLS
                (CVE-2020-14093), and any other means that this is no IMAP server (CVE-2020-28896).
        """
        line = self.wire.line()
        kind = line.partition(b" ")[2].partition(b" ")[0].upper()
        if not line.startswith(b"* ") or kind not in (b"OK", b"PREAUTH", b"BYE"):
            raise MailError(f"{self.where} does not greet as an IMAP server does: {spoken(line)}")
        if kind == b"BYE":
            raise farewell(self.where, line[2:])
        if kind == b"PREAUTH":
            raise MailError(f"{self.where} claims that we are logged in already, which is not to be trusted")
        self.learn()

    def learn(self) -> None:
        """Ask what the server can; what it said before TLS or login does not count."""
        found: set[str] = set()
        for answer in self.run(b"CAPABILITY").answers:
            words = answer.line.upper().split()
            if words[1:2] == [b"CAPABILITY"]:
                found.update(word.decode("ascii", "replace") for word in words[2:])
        self.capabilities = frozenset(found)

    def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Go on with TLS, or not at all.

        Raises:
            MailError: the server does not offer STARTTLS, or refuses it.
        """
        if not self.can("STARTTLS"):
            raise MailError(f"{self.where} does not offer STARTTLS, so nothing was said to it", "try imaps://")
        self.run(b"STARTTLS")
        self.wire.start_tls(context, host)
        self.learn()

    def login(self, user: str, password: str) -> None:
        """Log in with the LOGIN command; both must be ASCII.

        Raises:
            LoginRefused: the server does not accept them. MailUnreachable: not now.
        """
        tag = self.ask(b"LOGIN " + quoted(user.encode("ascii")) + b" " + quoted(password.encode("ascii")))
        self._end_login(tag, user)

    def authenticate(self, mechanism: str, respond: Callable[[bytes], bytes], user: str) -> None:
        """Log in with a SASL mechanism; `respond` answers each of the server's challenges, the first one is empty.

        Raises:
            LoginRefused: the server does not accept it. MailUnreachable: not now.
        """
        tag = self.ask(b"AUTHENTICATE " + mechanism.encode("ascii"))
        for _ in range(_MOST_CHALLENGES):
            if (challenge := self._challenge(tag)) is None:
                break
            self.wire.send(base64.b64encode(respond(challenge)) + b"\r\n")
        self._end_login(tag, user)

    def ask(self, *commands: bytes) -> bytes:
        """Send commands in one packet without waiting; returns the last one's tag."""
        tags = [next(self._tags) for _ in commands]
        self._open.update(tags)
        self.is_prompted = False
        self.wire.send(b"".join(b"%b %b\r\n" % each for each in zip(tags, commands, strict=True)))
        return tags[-1]

    def run(self, *commands: bytes) -> Reply:
        """Send commands in one packet and hear all that is answered until the last one's end.

        Raises:
            MailUnreachable: the connection is lost, or the server cannot do it now.
            MailError: the server refuses the last command.
        """
        tag = self.ask(*commands)
        answers = list(self.answers(tag))
        said = self.end(tag)
        self._ended.clear()
        return Reply(answers, said)

    def answers(self, tag: bytes) -> Iterator[Answer]:
        """What is answered until a command has ended; `end` tells how it did."""
        for _ in range(MOST_ANSWERS):
            if tag in self._ended:
                return
            if (answer := self.hear()) is not None:
                yield answer
        raise self.wire.broken("the server does not end its answer")

    def end(self, tag: bytes) -> bytes:
        """The words with which a command ended well.

        Raises:
            MailUnreachable: not now. MailError: the server refuses it.
        """
        said = self._ended.pop(tag)
        if said[:2].upper() != b"OK":
            raise refusal(self.where, said)
        return said[2:].strip()

    def has_ended(self, tag: bytes) -> bool:
        """Whether the server has ended its answer to a command."""
        return tag in self._ended

    def hear(self) -> Answer | None:
        """The next answer; None where it was a command's end, or a `+`.

        Raises:
            MailUnreachable: the connection is lost or garbled, or the server said BYE.
        """
        return self._noted(self._pieces())

    def leave(self, seconds: float) -> None:
        """Say goodbye, unless there is still something else to hear first, and close the connection; never raises."""
        self._is_leaving = True
        with contextlib.suppress(MailError, OSError):
            self.wire.expect_within(seconds)
            if not self._open:
                self.run(b"LOGOUT")
        self.wire.close()

    def _challenge(self, tag: bytes) -> bytes | None:
        """What stands behind the server's next `+`; None where the command ended instead."""
        while not self.has_ended(tag):
            pieces = self._pieces()
            if not pieces[0].startswith(b"+"):
                self._noted(pieces)
                continue
            try:
                return base64.b64decode(pieces[0][1:].strip())
            except binascii.Error as error:
                raise self.wire.broken("the server's questions at login cannot be understood") from error
        return None

    def _end_login(self, tag: bytes, user: str) -> None:
        for _ in self.answers(tag):
            pass
        said = self._ended.pop(tag)
        if said[:2].upper() != b"OK":
            raise login_refusal(self.where, user, said)

    def _pieces(self) -> tuple[bytes, ...]:
        pieces = [self.wire.line()]
        if pieces[0].startswith(_WITHOUT_LITERALS):
            return tuple(pieces)
        try:
            while found := LITERAL.search(pieces[-1]):
                if (size := int(found[1])) > LARGEST_LITERAL:
                    raise self.wire.broken(f"the server announces a piece of {size:,} bytes")
                pieces += [self.wire.take(size), self.wire.line()]
        except MailUnreachable as error:
            error.uid = named_uid(pieces[0])
            raise
        return tuple(pieces)

    def _noted(self, pieces: tuple[bytes, ...]) -> Answer | None:
        line = pieces[0]
        if line.startswith(b"* "):
            answer = Answer(pieces)
            self._note(answer)
            return answer
        if line.startswith(b"+"):
            self.is_prompted = True
        else:
            tag, _, said = line.partition(b" ")
            if tag not in self._open or said.split(b" ")[0].upper() not in (b"OK", b"NO", b"BAD"):
                raise self.wire.broken(f"the server says what cannot be understood: {spoken(line)}")
            self._open.remove(tag)
            self._ended[tag] = said
        return None

    def _note(self, answer: Answer) -> None:
        if (exists := answer.number(b"EXISTS")) is not None:
            self.arrivals += exists > self.exists
            self.exists = exists
        elif answer.number(b"EXPUNGE") is not None:
            self.exists = max(0, self.exists - 1)
        elif answer.line[:5].upper() == b"* BYE" and not self._is_leaving:
            raise farewell(self.where, answer.line[2:])


def quoted(text: bytes) -> bytes:
    """A string as it stands in a command.

    Raises:
        MailError: it holds line breaks or NUL, which no command can. It is not repeated: it may be a password.
    """
    if any(byte in text for byte in b"\r\n\0"):
        raise MailError("there is no way to name this to a mail server: it holds line breaks or NUL")
    return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
