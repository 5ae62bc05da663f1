"""Hands one mail to an SMTP server and says how that ended (RFC 5321, 3207, 4954, 1870, 3461).

The commands are driven one by one, because only so is it known how far a mail had got when a connection fails:
aiosmtplib raises the same error before the server's 354 and after the final dot. What answers mean is in
mail/replies.py; when to try again is the desk's matter.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected

from desk.errors import ConfigError, LoginRefused, MailError, MailUnreachable
from desk.outgoing import Attempt, OutboxEntry, Verdict
from mail.auth import Login, PasswordSource
from mail.handshakes import tls_hint, tls_words
from mail.replies import Answer, cut, judge_after_body, judge_before_body, judge_recipients
from mail.sasl import NoWayIn, takes_token
from mail.sent_ids import id_in_answer
from mail.servers import SmtpAddress
from mail.smtp_login import log_in

CONNECT_TIMEOUT = 30.0
COMMAND_TIMEOUT = 60.0
DATA_TIMEOUT = 600.0
"""Seconds; the last is what RFC 5321 4.5.3.2.6 asks for, and a shorter one is the usual cause of mails sent twice."""

_GO_ON = 354
_BARE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_ENVELOPE_ID_LIMIT = 100


class SmtpSender:
    """One account on one SMTP server; every mail gets a connection of its own. Timeouts are in seconds.

    `password` None: no login. `cafile`: trust only the authorities in this PEM file, not the system's.
    """

    def __init__(
        self,
        address: SmtpAddress,
        password: PasswordSource | None = None,
        *,
        login: Login = "auto",
        cafile: Path | None = None,
        connect_timeout: float = CONNECT_TIMEOUT,
        command_timeout: float = COMMAND_TIMEOUT,
        data_timeout: float = DATA_TIMEOUT,
    ) -> None:
        self.address = address
        self.password = password
        self.login: Login = login
        self.cafile = cafile
        self.connect_timeout = connect_timeout
        self.command_timeout = command_timeout
        self.data_timeout = data_timeout

    async def check(self) -> None:
        """Log in and leave again.

        Raises:
            ConfigError: there is no password where it should be.
            LoginRefused: the server does not accept the user name and password.
            MailUnreachable: the server cannot be reached, or not as safely as was asked.
        """
        line = await self._connect()
        await line.hang_up()

    async def send(self, entry: OutboxEntry, raw: bytes, entering_data: Callable[[], None]) -> Attempt:
        """Try once to hand over a mail to all its recipients or to none.

        `entering_data` is called when the server waits for the body and has nothing of it. What it raises ends the
        attempt and is passed on; nothing else is raised, but for cancellation.
        """
        if _BARE_LINE_END.search(raw) or not raw.endswith(b"\r\n"):
            return Attempt(Verdict.REFUSED, "the stored mail has line ends that no mail may have")
        try:
            line = await self._connect()
        except (ConfigError, MailError) as error:
            return Attempt(Verdict.DEFERRED, error.message, server_wide=True)
        try:
            attempt = await self._hand_over(line, entry, raw, entering_data)
        except BaseException:
            line.close()
            raise
        await line.hang_up()
        return attempt

    async def _connect(self) -> _Line:
        """A connection on which mail may be sent: encrypted as asked, and logged in.

        Where the password is a token and the server refuses it, a fresh one is tried once.
        """
        context = None if self.address.security == "none" else _tls_context(self.cafile)
        source = self.password if self.address.user else None
        secret = source.read() if source else None
        try:
            return await self._connect_with(secret, context)
        except NoWayIn:
            raise
        except LoginRefused:
            if source is None or not self._takes_token or (fresh := source.read()) == secret:
                raise
        return await self._connect_with(fresh, context)

    @property
    def _takes_token(self) -> bool:
        return self.password is not None and takes_token(self.password, self.login)

    async def _connect_with(self, secret: str | None, context: ssl.SSLContext | None) -> _Line:
        try:
            line = _Line(
                hostname=self.address.host,
                port=self.address.port,
                local_hostname="localhost",  # never sent, see _Line.introduce; without it the resolver is asked
                timeout=self.command_timeout,
                use_tls=self.address.security == "tls",
                start_tls=False,
                tls_context=context,
            )
            await line.connect(timeout=self.connect_timeout)
            try:
                await self._open(line, secret)
            except BaseException:
                line.close()
                raise
        except (SMTPException, OSError, UnicodeError) as error:  # the last where a host name is none
            if isinstance(error, MailError):
                raise
            raise self._explained(error) from error
        return line

    async def _open(self, line: _Line, secret: str | None) -> None:
        await line.introduce()
        if self.address.security == "starttls":
            await line.starttls()
            await line.introduce()
        if self.address.user and secret is not None:
            ways = line.server_auth_methods
            await log_in(line, self.address, ways, secret, self.login, is_token=self._takes_token)

    def _explained(self, error: Exception) -> MailError:
        where = f"{self.address.host}:{self.address.port}"
        cause = error.__cause__ if isinstance(error.__cause__, OSError) and error.__cause__.errno else error
        match cause:
            case ssl.SSLCertVerificationError():
                return MailUnreachable(
                    f"{where}: its certificate is not trusted: {cut(cause.verify_message)}",
                    "ask whoever runs the server; `cafile` names an authority of your own",
                )
            case _:
                hint = tls_hint(cause, "smtp") or "no mail is lost: it is tried again later"
                return MailUnreachable(f"{where}: {_words(cause)}", hint)

    async def _hand_over(
        self, line: _Line, entry: OutboxEntry, raw: bytes, entering_data: Callable[[], None]
    ) -> Attempt:
        try:
            if (refusal := await line.name_envelope(entry, len(raw))) is not None:
                return refusal
            if (answer := await line.ask("DATA")).code != _GO_ON:
                return judge_before_body(answer)
        except (SMTPException, OSError) as error:
            return Attempt(Verdict.DEFERRED, f"{_words(error)}, before the mail was handed over")
        except ValueError:
            return Attempt(Verdict.REFUSED, "not sent: an address in its envelope cannot be written")
        entering_data()
        try:
            return self._judged(await line.hand_over(raw, self.data_timeout), entry)
        except (SMTPException, OSError) as error:
            line.close()
            return Attempt(Verdict.UNCERTAIN, f"{_words(error)}, after the mail was handed over")

    def _judged(self, answer: Answer, entry: OutboxEntry) -> Attempt:
        attempt = judge_after_body(answer)
        if attempt.verdict is not Verdict.SENT:
            return attempt
        envelope = (entry.envelope_from, *entry.recipients)
        return replace(attempt, sent_as=id_in_answer(answer.words, self.address.host, envelope))


def _tls_context(cafile: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=cafile)
    except OSError as error:
        why = f"this file with certificates cannot be used: {_words(error)}"
        raise ConfigError(str(cafile), "", why) from error


class _Line(SMTP):
    """A connection that is dropped at once when it is closed.

    An orderly close would go on writing what is still in its buffers, so that a mail which was given up as uncertain
    might be completed after all.
    """

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
        """Give one command and wait for its answer."""
        code, words = await self.execute_command(*(part.encode("ascii") for part in command))
        return Answer(code, words)

    async def introduce(self) -> None:
        """EHLO with the address of this end (RFC 5321 4.1.3): the name of the machine is nobody's business."""
        host = str(self.get_transport_info("sockname")[0]).partition("%")[0]
        await self.ehlo(hostname=f"[IPv6:{host}]" if ":" in host else f"[{host}]")

    async def name_envelope(self, entry: OutboxEntry, size: int) -> Attempt | None:
        """MAIL, then RCPT for each recipient; what stands in the way, or None when all of them were accepted."""
        if (limit := self._size_limit()) and size > limit:
            said = f"not sent: the mail has {size} bytes and this server takes {limit}"
            return Attempt(Verdict.REFUSED, said)
        sender_options, recipient_options = self._options(entry, size)
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

    async def hand_over(self, raw: bytes, seconds: float) -> Answer:
        """The body, after the server's 354, and the answer to it.

        `SMTP.data` would send DATA and body in one go, with no place between them to commit that the mail is in DATA.
        The protocol's `write` and `read_response` are its public parts; nothing can be received between these two
        calls, because neither of them gives up the event loop before the answer is waited for.
        """
        if self.protocol is None:
            raise SMTPServerDisconnected("connection lost")
        self.protocol.write(_LEADING_DOT.sub(b"..", raw) + b".\r\n")
        code, words = await self.protocol.read_response(timeout=seconds)
        return Answer(code, words)

    def _size_limit(self) -> int:
        limit = self.esmtp_extensions.get("size", "")
        return int(limit) if limit.isdecimal() else 0

    def _options(self, entry: OutboxEntry, size: int) -> tuple[list[str], list[str]]:
        """The size (RFC 1870), and that we want to hear of failures under the name of this mail (RFC 3461)."""
        sender_options = [f"SIZE={size}"] if self.supports_extension("size") else []
        if not self.supports_extension("dsn"):
            return sender_options, []
        envelope_id = re.sub(r"[+=]", lambda found: f"+{ord(found[0]):02X}", entry.message_id.strip("<>"))
        named = [f"ENVID={envelope_id}"] if len(envelope_id) <= _ENVELOPE_ID_LIMIT else []
        return [*sender_options, "RET=HDRS", *named], ["NOTIFY=FAILURE,DELAY"]


def _words(error: Exception) -> str:
    if said := tls_words(error):
        return said
    match error:
        case SMTPResponseException() if error.code > 0:
            return str(Answer(error.code, error.message))
        case socket.gaierror():  # its numbers are not those of the operating system
            return cut(f"{error.strerror}")
        case OSError(errno=int(number)):
            return os.strerror(number)
        case _:
            return cut(str(error)) or type(error).__name__
