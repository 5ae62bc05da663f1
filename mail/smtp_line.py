"""The conversation with an SMTP server about one mail, command by command (RFC 5321, 3207, 1870, 3461, 6531).

The commands are driven one by one, because only so is it known how far a mail had got when a connection fails:
aiosmtplib raises the same error before the server's 354 and after the final dot. Whose turn it is to speak is watched
over in mail/smtp_turns.py; what answers mean is in mail/replies.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import Sequence

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected

from desk.outgoing import Attempt, Limits, OutboxEntry, Verdict
from mail.replies import Answer, judge_before_body, judge_recipients
from mail.sasl import without
from mail.smtp_turns import OutOfTurn, Turns

_GO_ON = 354
_READY = 220
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_ENVELOPE_ID_LIMIT = 100
_SIZE = re.compile(r"0{0,9}[1-9][0-9]{0,17}")
_NOT_XTEXT = re.compile(r"[^!-*,-<>-~]")
_MAILBOX = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^\s<>"@]+)@[^\s<>"@]+')
"""What may stand between the brackets of MAIL and RCPT (RFC 5321 4.1.2); for MAIL also nothing (4.5.5)."""


class Line(SMTP):
    """A connection that is dropped at once when it is closed. `seconds` is how long an answer may take.

    An orderly close would go on writing what is still in its buffers, so that a mail which was given up as uncertain
    might be completed after all.
    """

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, seconds: float) -> None:
        # The name is never sent, see `introduce`; without it the resolver is asked for one.
        super().__init__(hostname=host, port=port, local_hostname="localhost", timeout=seconds, start_tls=False)
        self._host, self._port, self._context = host, port, context
        self.hushed: Sequence[str] = ()
        """What is left out of the server's words, should it repeat them: the password."""

    async def dial(self, seconds: float, *, with_tls: bool) -> None:
        """Connect, with TLS from the first byte or without, and hear the greeting, each for so many seconds at most.

        `SMTP.connect` would make a protocol of its own, which takes whatever comes for an answer.
        """
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(seconds):
            self.transport, self.protocol = await loop.create_connection(
                lambda: Turns(loop, lambda _: self.close()),
                self._host,
                self._port,
                ssl=self._context if with_tls else None,
            )
        code, words = await self.protocol.read_response(seconds)
        if code != _READY:
            raise SMTPResponseException(code, words)

    async def encrypt(self) -> None:
        """STARTTLS; what the server said before counts no longer (RFC 3207 4.2)."""
        await self.starttls(tls_context=self._context)

    def close(self) -> None:
        """Drop the connection; nothing more is written."""
        if isinstance(self.transport, asyncio.WriteTransport):
            with contextlib.suppress(AttributeError):  # a TLS transport that is closed already, up to Python 3.11.3
                self.transport.abort()
        super().close()

    async def hang_up(self) -> None:
        """Say goodbye and drop the connection; it is closed when this returns.

        The answer to QUIT is not awaited: how the mail fared is known, and each moment before that is written down
        is one in which a crash would make it uncertain.
        """
        if self.protocol is not None:
            with contextlib.suppress(SMTPServerDisconnected):
                self.protocol.write(b"QUIT\r\n")
        self.close()
        await asyncio.sleep(0)  # the loop closes the socket in its next round

    async def ask(self, *command: str) -> Answer:
        """Give one command and wait for its answer; a server that answers in another language than SMTP is left."""
        try:
            code, words = await self.execute_command(*(part.encode() for part in command))
        except OutOfTurn:
            self.close()
            raise
        if not code:
            self.close()
        return self._answer(code, words)

    async def introduce(self) -> None:
        """EHLO with the address of this end (RFC 5321 4.1.3): the name of the machine is nobody's business."""
        host = str(self.get_transport_info("sockname")[0]).partition("%")[0]
        await self.ehlo(hostname=f"[IPv6:{host}]" if ":" in host else f"[{host}]")

    @property
    def limits(self) -> Limits:
        """What the server offered when it was greeted last. A size of 0 means that it sets no limit (RFC 1870 4)."""
        size = _SIZE.fullmatch(self.esmtp_extensions.get("size", ""))
        return Limits(
            size=int(size[0]) if size else None,
            smtputf8=self.supports_extension("smtputf8"),
            dsn=self.supports_extension("dsn"),
        )

    async def begin(self, entry: OutboxEntry, raw: bytes) -> Attempt | None:
        """MAIL, RCPT for each recipient, and DATA; what stands in the way, or None when the server awaits the body."""
        if said := self._unfit(entry, raw):
            return Attempt(Verdict.REFUSED, f"not sent: {said}")
        if (refusal := await self._name_envelope(entry, raw)) is not None:
            return refusal
        answer = await self.ask("DATA")
        return None if answer.code == _GO_ON else judge_before_body(answer)

    async def look_up(self) -> Attempt | None:
        """What the server may have said since it awaits the body: its goodbye, or None for nothing.

        Raises:
            SMTPException: the connection is lost, or the server spoke out of turn.
        """
        turns = self._turns()
        await turns.catch_up()
        if turns.is_out_of_turn:
            raise OutOfTurn
        if turns.unasked is not None:
            return judge_before_body(self._answer(*turns.unasked))
        self._turns()
        return None

    async def hand_over(self, raw: bytes, seconds: float) -> Answer:
        """The body, after the server's 354, and the answer to it, each for so many seconds at most.

        `SMTP.data` would send DATA and body in one go, with no place between them to commit that the mail is in DATA.
        The final dot leaves only when the server is silent: what comes before it is no answer to it. A refusal that
        breaks into the body is one all the same, for without the dot there is no mail.
        """
        turns = self._turns()
        await turns.pour(_LEADING_DOT.sub(b"..", raw), seconds)
        if (early := turns.unasked) is not None:
            self.close()
            if (answer := self._answer(*early)).is_rejection:
                return answer
            raise OutOfTurn
        turns.write(b".\r\n")
        answer = self._answer(*await turns.read_response(seconds))
        await turns.catch_up()
        if turns.is_out_of_turn:
            raise OutOfTurn
        return answer

    async def _name_envelope(self, entry: OutboxEntry, raw: bytes) -> Attempt | None:
        sender_options, recipient_options = self._options(entry, raw)
        if not (answer := await self.ask("MAIL", f"FROM:<{entry.envelope_from}>", *sender_options)).is_yes:
            return judge_before_body(answer)
        answers: dict[str, Answer] = {}
        for recipient in entry.recipients:
            answers[recipient] = await self.ask("RCPT", f"TO:<{recipient}>", *recipient_options)
            if not self.is_connected:
                break
        if (refusal := judge_recipients(answers)) is not None:
            with contextlib.suppress(SMTPException):
                await self.ask("RSET")
        return refusal

    def _turns(self) -> Turns:
        if not isinstance(self.protocol, Turns):
            raise SMTPServerDisconnected("Connection lost")
        return self.protocol

    def _answer(self, code: int, words: str) -> Answer:
        return Answer(code, without(self.hushed, words))

    def _unfit(self, entry: OutboxEntry, raw: bytes) -> str:
        """Why this server would not take such a mail, or nobody could write such an envelope; empty: it may try."""
        addresses = (entry.envelope_from, *entry.recipients) if entry.envelope_from else entry.recipients
        if not all(_MAILBOX.fullmatch(each) and each.isprintable() for each in addresses):
            return "an address in its envelope cannot be written"
        limits = self.limits
        if limits.size is not None and len(raw) > limits.size:
            return f"the mail has {len(raw)} bytes and this server takes {limits.size}"
        if _needs_smtputf8(entry, raw) and not limits.smtputf8:
            strange = next((each for each in addresses if not each.isascii()), "its header")
            return f"{strange} has letters that this server cannot take (it offers no SMTPUTF8)"
        return ""

    def _options(self, entry: OutboxEntry, raw: bytes) -> tuple[list[str], list[str]]:
        """The size (RFC 1870), scripts (RFC 6531), and that we want to hear of failures under this name (RFC 3461)."""
        sender_options = [f"SIZE={len(raw)}"] if self.supports_extension("size") else []
        if _needs_smtputf8(entry, raw):
            sender_options.append("SMTPUTF8")
        if not self.limits.dsn:
            return sender_options, []
        envelope_id = _NOT_XTEXT.sub(lambda found: f"+{ord(found[0]):02X}", entry.message_id.strip("<>"))
        named = [f"ENVID={envelope_id}"] if len(envelope_id) <= _ENVELOPE_ID_LIMIT and envelope_id.isascii() else []
        return [*sender_options, "RET=HDRS", *named], ["NOTIFY=FAILURE,DELAY"]


def _needs_smtputf8(entry: OutboxEntry, raw: bytes) -> bool:
    header = raw.partition(b"\r\n\r\n")[0]
    return not (header.isascii() and entry.envelope_from.isascii() and all(map(str.isascii, entry.recipients)))
