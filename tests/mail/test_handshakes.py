"""TLS that does not come about is told in words for people, none of them OpenSSL's."""

from __future__ import annotations

import asyncio
import socket
import ssl

import pytest

from desk.errors import MailUnreachable
from mail.handshakes import tls_words
from mail.imap import Session
from mail.line import Timeouts
from mail.servers import ImapAddress, SmtpAddress
from mail.smtp import SmtpSender
from tests.servers import HOST, ImapServer, SmtpServer


class Nobody:
    def read(self) -> str:
        return ""


def test_an_imap_port_without_tls_is_named_so_with_what_to_write_instead(imap_server: ImapServer) -> None:
    with pytest.raises(MailUnreachable, match=r": this port does not speak TLS \(") as caught:
        Session.connect(ImapAddress(HOST, imap_server.port, "tls", "support"), Nobody())
    assert "imap://...?security=starttls" in caught.value.hint


def test_an_smtp_port_without_tls_is_named_so_with_what_to_write_instead(smtp_server: SmtpServer) -> None:
    with pytest.raises(MailUnreachable, match=r": this port does not speak TLS \(") as caught:
        asyncio.run(SmtpSender(SmtpAddress(HOST, smtp_server.port, "tls", "")).check())
    assert "smtp://...?security=starttls" in caught.value.hint


def test_a_server_that_does_not_shake_hands_took_too_long() -> None:
    with socket.create_server((HOST, 0)) as silent:
        address = ImapAddress(HOST, silent.getsockname()[1], "tls", "support")
        with pytest.raises(MailUnreachable, match=r": the TLS handshake took too long \("):
            Session.connect(address, Nobody(), timeouts=Timeouts(connect=0.2))


def test_of_a_server_that_does_not_greet_it_is_said_that_tls_may_come_first() -> None:
    with socket.create_server((HOST, 0)) as silent:
        address = ImapAddress(HOST, silent.getsockname()[1], "starttls", "support")
        with pytest.raises(MailUnreachable, match="says nothing") as caught:
            Session.connect(address, Nobody(), timeouts=Timeouts(connect=0.2, read=0.2))
    assert "imaps://" in caught.value.hint


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol (_ssl.c:992)"), "the server closed the connection"),
        (ssl.SSLError("odd (_ssl.c:1)"), "TLS failed"),
        (TimeoutError("timed out"), ""),
        (ConnectionRefusedError(111, "Connection refused"), ""),
    ],
)
def test_no_line_of_openssls_source_is_told(error: Exception, words: str) -> None:
    assert tls_words(error) == words
