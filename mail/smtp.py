"""Hands one mail to an SMTP server and says how that ended (RFC 5321, 4954).

The conversation itself is in mail/smtp_line.py, and what answers mean in mail/replies.py; when to try again is the
desk's matter.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from aiosmtplib import SMTPException, SMTPResponseException

from desk.errors import ConfigError, LoginRefused, MailError, MailUnreachable
from desk.outgoing import Attempt, Limits, OutboxEntry, Verdict
from mail.auth import Login, PasswordSource
from mail.handshakes import tls_hint, tls_words
from mail.replies import Answer, cut, judge_after_body
from mail.sasl import NoWayIn, takes_token
from mail.sent_ids import id_in_answer
from mail.servers import SmtpAddress
from mail.smtp_line import Line
from mail.smtp_login import log_in, said_with

CONNECT_TIMEOUT = 30.0
COMMAND_TIMEOUT = 60.0
DATA_TIMEOUT = 600.0
"""Seconds; the last is what RFC 5321 4.5.3.2.6 asks for, and a shorter one is the usual cause of mails sent twice."""

_BARE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n)")


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

    async def check(self) -> Limits:
        """Log in and leave again; returns what the server offers.

        Raises:
            ConfigError: there is no password where it should be.
            LoginRefused: the server does not accept the user name and password.
            MailUnreachable: the server cannot be reached, or not as safely as was asked.
        """
        line = await self._connect()
        limits = line.limits
        await line.hang_up()
        return limits

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
            stops_account = isinstance(error, ConfigError | LoginRefused)
            return Attempt(Verdict.DEFERRED, error.message, server_wide=True, stops_account=stops_account)
        limits = line.limits
        try:
            attempt = await self._hand_over(line, entry, raw, entering_data)
        except BaseException:
            line.close()
            raise
        await line.hang_up()
        return replace(attempt, limits=limits)

    async def _connect(self) -> Line:
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

    async def _connect_with(self, secret: str | None, context: ssl.SSLContext | None) -> Line:
        try:
            line = Line(self.address.host, self.address.port, context, self.command_timeout)
            try:
                await line.dial(self.connect_timeout, with_tls=self.address.security == "tls")
                await self._open(line, secret)
            except BaseException:
                line.close()
                raise
        except (SMTPException, OSError, UnicodeError) as error:  # the last where a host name is none
            if isinstance(error, MailError):
                raise
            raise self._explained(error) from error
        return line

    async def _open(self, line: Line, secret: str | None) -> None:
        await line.introduce()
        if self.address.security == "starttls":
            await line.encrypt()
            await line.introduce()
        if self.address.user and secret is not None:
            line.hushed = said_with(self.address, secret)
            ways = line.server_auth_methods
            await log_in(line, self.address, ways, secret, self.login, is_token=self._takes_token)

    def _explained(self, error: Exception) -> MailError:
        where = f"SMTP: {self.address.host}:{self.address.port}"
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
        self, line: Line, entry: OutboxEntry, raw: bytes, entering_data: Callable[[], None]
    ) -> Attempt:
        if (obstacle := await _before_body(line.begin(entry, raw))) is not None:
            return obstacle
        entering_data()
        if (obstacle := await _before_body(line.look_up())) is not None:
            return obstacle
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


async def _before_body(step: Awaitable[Attempt | None]) -> Attempt | None:
    """Do a step before the first byte of the body; what stands in the way of the mail, or None."""
    try:
        return await step
    except (SMTPException, OSError) as error:
        return Attempt(Verdict.DEFERRED, f"{_words(error)}, before the mail was handed over")


def _words(error: Exception) -> str:
    if said := tls_words(error):
        return said
    match error:
        case SMTPResponseException():
            return str(Answer(error.code, error.message))
        case TimeoutError(errno=None):
            return "the server took too long"
        case socket.gaierror():  # its numbers are not those of the operating system
            return cut(f"{error.strerror}")
        case OSError(errno=int(number)):
            return os.strerror(number)
        case _:
            return cut(str(error)) or type(error).__name__
