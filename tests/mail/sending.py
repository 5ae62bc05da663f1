"""A mail, senders that try to hand it over, and servers that make it hard for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from desk.conversation import EntryId, OutboxId
from desk.outgoing import Attempt, OutboxEntry, OutboxState
from desk.people import Handle
from desk.ticket import TicketNumber
from mail.auth import PasswordFile
from mail.servers import Security, SmtpAddress
from mail.smtp import SmtpSender
from tests.servers import HOST, PASSWORD, Certificates, ScriptedSmtp, SecureSmtpServer, SmtpServer

MOMENT = datetime(2025, 3, 9, 8, 7, 6, tzinfo=UTC)
RAW = b"From: a@acme.example\r\nSubject: dots\r\n\r\n.one\r\n..two\r\nFrom three\r\n.\r\n\r\n"
LARGE = RAW + (b"x" * 76 + b"\r\n") * 200_000
"""More than any buffer on the way holds."""

ENTRY = OutboxEntry(
    id=OutboxId(1),
    ticket=TicketNumber(1),
    entry=EntryId(1),
    author=Handle("ana"),
    state=OutboxState.CLAIMED,
    due=MOMENT,
    created=MOMENT,
    message_id="<t1.abc+def=ghi@acme.example>",
    raw="",
    mailbox="support",
    envelope_from="support@acme.example",
    recipients=("dana@corp.example", "bo@corp.example"),
    draft="",
)
PATIENCE = 30.0
"""Seconds that a sender waits for a server that will answer."""

OFFERED = ("SIZE 50000000", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "AUTH LOGIN")
"""What a server offers where logins have two parts."""


def plain_sender(server: ScriptedSmtp | SmtpServer, *, seconds: float = PATIENCE) -> SmtpSender:
    address = SmtpAddress.parse(f"smtp://{HOST}:{server.port}?security=none")
    return SmtpSender(address, connect_timeout=seconds, command_timeout=seconds, data_timeout=seconds)


def secure_sender(
    server: SecureSmtpServer, folder: Path, url: str, *, cafile: Path | None, password: str = PASSWORD
) -> SmtpSender:
    address = SmtpAddress.parse(url.format(server.port))
    return SmtpSender(address, password_file(folder, password), cafile=cafile)


def password_file(folder: Path, password: str) -> PasswordFile:
    path = folder / "password"
    path.write_text(f"{password}\n")
    path.chmod(0o600)
    return PasswordFile(path)


def guarded_server(certificates: Certificates, *, starttls: bool = True) -> ScriptedSmtp:
    """A server with every step there is: TLS, and a login in two parts."""
    return ScriptedSmtp(OFFERED, certificates, starttls=starttls)


def sender_with_login(
    server: ScriptedSmtp,
    folder: Path,
    certificates: Certificates,
    *,
    seconds: float = PATIENCE,
    password: str = PASSWORD,
) -> SmtpSender:
    security: Security = "starttls" if server.starttls else "tls"
    return SmtpSender(
        SmtpAddress("localhost", server.port, security, "support"),
        password_file(folder, password),
        cafile=certificates.authority,
        connect_timeout=seconds,
        command_timeout=seconds,
        data_timeout=seconds,
    )


@dataclass(slots=True)
class Entering:
    """Counts how often DATA was entered."""

    times: int = 0

    def __call__(self) -> None:
        self.times += 1


@dataclass(slots=True)
class Blocking:
    """Implements desk.ports.Sender with an event loop for each mail, and remembers how each attempt ended."""

    sender: SmtpSender
    attempts: list[Attempt] = field(default_factory=list)

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: Callable[[], None]) -> Attempt:
        attempt = asyncio.run(self.sender.send(entry, raw, entering_data))
        self.attempts.append(attempt)
        return attempt
