"""Servers that really talk, for tests: IMAP by pymap and Dovecot, SMTP by aiosmtpd and one that breaks its word.

IMAP servers that misbehave are in scripted_imap.py (says what it is told) and quirky_imap.py (has mails, bad habits).

All listen on 127.0.0.1 at a free port and are used as `with Server(...) as server:` or through the fixtures in
conftest.py. A mail is put in by `deliver(raw, received)`; what was sent is in `received` or `accepted`.
"""

from __future__ import annotations

import asyncio

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from imapclient import IMAPClient

from tandem.demo.loopback import HOST
from tandem.demo.servers import Delivered, ImapServer, SmtpServer
from tests.certificates import Certificates, make_certificates
from tests.dovecot import PASSWORD, Dovecot, need_dovecot
from tests.scripted_smtp import ScriptedSmtp, Step

__all__ = [
    "HOST",
    "PASSWORD",
    "Certificates",
    "Delivered",
    "Dovecot",
    "ImapServer",
    "ScriptedSmtp",
    "SecureSmtpServer",
    "SmtpServer",
    "Step",
    "logged_in",
    "make_certificates",
    "need_dovecot",
]


def logged_in(server: ImapServer | Dovecot) -> IMAPClient:
    """A client without TLS that has logged in and selected INBOX for writing; it is a context manager."""
    client = IMAPClient(server.host, server.port, ssl=False, timeout=30)
    client.login(server.user, server.password)
    client.select_folder("INBOX")
    return client


class SecureSmtpServer(SmtpServer):
    """An SMTP server that wants a login, over TLS from the first byte or, with `starttls`, after STARTTLS."""

    def __init__(
        self,
        certificates: Certificates,
        *,
        user: str = "support",
        password: str = PASSWORD,
        starttls: bool = False,
    ) -> None:
        super().__init__()
        self.user = user
        self.password = password
        self._starttls = starttls
        self._context = certificates.for_server()

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, sender: str, options: list[str]
    ) -> str:
        if not session.authenticated:
            return "530 5.7.0 authentication required"
        envelope.mail_from = sender
        envelope.mail_options.extend(options)
        return "250 2.1.0 sender ok"

    async def _listen(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            self._session, HOST, self._wanted_port, ssl=None if self._starttls else self._context
        )

    def _protocol(self) -> SMTP:
        return SMTP(
            self,
            loop=asyncio.get_running_loop(),
            hostname="smtp.acme.example",
            enable_SMTPUTF8=True,
            tls_context=self._context if self._starttls else None,
            require_starttls=self._starttls,
            auth_require_tls=self._starttls,
            authenticator=self._authenticate,
        )

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        right = (given.login, given.password) == (self.user.encode(), self.password.encode())
        return AuthResult(success=right, handled=False)
