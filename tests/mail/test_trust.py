"""Whom a connection trusts: only a server that an authority vouches for, by its name, today; and nobody gets a password
before that.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from aiosmtpd.smtp import Session as Peer

from desk.errors import MailError, MailUnreachable
from mail.imap import Session
from mail.servers import ImapAddress, Security, SmtpAddress
from mail.smtp import SmtpSender
from tests.certificates import Certificates, make_certificates, make_expired, make_self_signed
from tests.scripted_imap import ScriptedImap
from tests.servers import PASSWORD, Dovecot, ScriptedSmtp, SecureSmtpServer, need_dovecot

SECURITIES: tuple[Security, ...] = ("tls", "starttls")


@dataclass(frozen=True)
class Secret:
    def read(self) -> str:
        return PASSWORD


def elsewhere(folder: Path) -> Certificates:
    return make_certificates(folder, names="DNS:mail.elsewhere.example")


@pytest.fixture(params=[make_expired, make_self_signed, elsewhere], ids=["expired", "self-signed", "another host"])
def doubtful(request: pytest.FixtureRequest, tmp_path: Path) -> Certificates:
    make: Callable[[Path], Certificates] = request.param
    return make(tmp_path / "doubtful")


@pytest.fixture
def imap(doubtful: Certificates) -> Iterator[Dovecot]:
    need_dovecot()
    with Dovecot(certificates=doubtful) as server:
        yield server


class Listening(SecureSmtpServer):
    """Remembers whether anybody tried to log in."""

    is_told = False

    def _authenticate(
        self, server: SMTP, session: Peer, envelope: Envelope, mechanism: str, given: object
    ) -> AuthResult:
        self.is_told = True
        return super()._authenticate(server, session, envelope, mechanism, given)


@pytest.mark.parametrize("security", SECURITIES)
def test_no_doubtful_imap_server_is_logged_in_to(imap: Dovecot, doubtful: Certificates, security: Security) -> None:
    port = imap.tls_port if security == "tls" else imap.port
    with pytest.raises(MailUnreachable, match="its certificate is not trusted") as caught:
        Session.connect(ImapAddress("localhost", port, security, "support"), Secret(), cafile=doubtful.authority)
    is_another_host = "mismatch" in caught.value.message
    assert ("the server as its certificate does" if is_another_host else "cafile") in caught.value.hint
    assert "Login: user" not in (imap.home / "dovecot.log").read_text()


@pytest.mark.parametrize("security", SECURITIES)
async def test_no_doubtful_smtp_server_is_logged_in_to(doubtful: Certificates, security: Security) -> None:
    with Listening(doubtful, starttls=security == "starttls") as server:
        address = SmtpAddress("localhost", server.port, security, "support")
        with pytest.raises(MailUnreachable, match="its certificate is not trusted") as caught:
            await SmtpSender(address, Secret(), cafile=doubtful.authority).check()
        assert "cafile" in caught.value.hint
        assert not server.is_told


@pytest.mark.parametrize("security", SECURITIES)
def test_an_authority_of_our_own_is_enough_and_needed(
    secure_dovecot: Dovecot, certificates: Certificates, security: Security
) -> None:
    port = secure_dovecot.tls_port if security == "tls" else secure_dovecot.port
    address = ImapAddress("localhost", port, security, "support")
    Session.connect(address, Secret(), cafile=certificates.authority).close()
    with pytest.raises(MailUnreachable, match="its certificate is not trusted"):
        Session.connect(address, Secret())


def test_an_imap_server_without_starttls_hears_nothing_of_us() -> None:
    with ScriptedImap(CAPABILITY="* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n") as server:
        with pytest.raises(MailError, match="STARTTLS"):
            Session.connect(ImapAddress("127.0.0.1", server.port, "starttls", "support"), Secret())
        assert not [each for each in server.commands if "LOGIN" in each or "AUTHENTICATE" in each]


async def test_an_smtp_server_without_starttls_hears_nothing_of_us() -> None:
    with ScriptedSmtp(extensions=("AUTH PLAIN LOGIN",)) as server:
        address = SmtpAddress("127.0.0.1", server.port, "starttls", "support")
        with pytest.raises(MailUnreachable, match="STARTTLS"):
            await SmtpSender(address, Secret()).check()
        assert not [each for each in server.commands if each.startswith("AUTH")]


async def test_what_an_smtp_server_says_before_tls_does_not_count_after_it(certificates: Certificates) -> None:
    """Somebody on the way adds an answer to the server's own, so that it seems to come from under TLS."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 smtp.acme.example\r\n")
        with contextlib.suppress(OSError):
            while line := await reader.readline():
                heard.append(line)
                if line.startswith(b"STARTTLS"):
                    writer.write(b"220 go on\r\n250-smtp.acme.example\r\n250 AUTH PLAIN\r\n")
                    await writer.drain()
                    await writer.start_tls(certificates.for_server())
                elif line.startswith(b"EHLO"):
                    writer.write(b"250-smtp.acme.example\r\n250-STARTTLS\r\n250 AUTH LOGIN\r\n")
                else:
                    writer.write(b"235 in\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        address = SmtpAddress("localhost", server.sockets[0].getsockname()[1], "starttls", "support")
        with contextlib.suppress(MailError):  # to stop here is as good
            await SmtpSender(address, Secret(), cafile=certificates.authority).check()
    assert b"STARTTLS\r\n" in heard
    assert not [line for line in heard if line.startswith(b"AUTH PLAIN")]
