"""The servers that other tests stand on keep their own promises."""

from __future__ import annotations

import imaplib
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.servers import (
    PASSWORD,
    Certificates,
    Dovecot,
    ImapServer,
    ScriptedSmtp,
    SecureSmtpServer,
    SmtpServer,
    Step,
    logged_in,
    make_certificates,
    need_dovecot,
)

RECEIVED = datetime(2026, 3, 2, 8, 30, 15, tzinfo=UTC)
MAIL = b"Subject: Hello\r\nFrom: dana@corp.example\r\n\r\nFirst line\r\n.a dot\r\n\xd0\x96\r\n"


def wait_for_news(client: IMAPClient, exists: int) -> None:
    """Read an idling client's news until it is told how many messages exist."""
    while (exists, b"EXISTS") not in (news := client.idle_check(timeout=30)):
        assert news, "no news in time"


def send(port: int, *recipients: str, body: bytes = MAIL) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        return client.sendmail("support@acme.example", recipients or ("dana@corp.example",), body)


def test_pymap_hands_out_the_delivered_bytes_date_and_uid(imap_server: ImapServer) -> None:
    uid = imap_server.deliver(MAIL, RECEIVED)
    with logged_in(imap_server) as client:
        client.normalise_times = False
        found = client.fetch([uid], ["BODY.PEEK[]", "INTERNALDATE", "FLAGS"])[uid]
    assert found[b"BODY[]"] == MAIL
    assert found[b"INTERNALDATE"] == RECEIVED
    assert found[b"FLAGS"] == (b"\\Recent",)


def test_pymap_wants_the_right_password(imap_server: ImapServer) -> None:
    with (
        IMAPClient(imap_server.host, imap_server.port, ssl=False, timeout=30) as client,
        pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"),
    ):
        client.login("support", "guess")


def test_pymap_delivers_into_the_sent_folder(imap_server: ImapServer) -> None:
    imap_server.deliver(MAIL, RECEIVED, folder="Sent")
    with logged_in(imap_server) as client:
        assert client.folder_status("Sent", ["MESSAGES"]) == {b"MESSAGES": 1}
        assert client.folder_status("INBOX", ["MESSAGES"]) == {b"MESSAGES": 0}


def test_pymap_wakes_an_idling_client_with_whole_lines_every_time(imap_server: ImapServer) -> None:
    with logged_in(imap_server) as client:
        client.idle()
        for number in range(1, 21):
            imap_server.deliver(MAIL, RECEIVED)
            wait_for_news(client, number)
        client.idle_done()


def test_pymap_tells_of_mail_that_came_just_before_idle(imap_server: ImapServer) -> None:
    with logged_in(imap_server) as client:
        imap_server.deliver(MAIL, RECEIVED)
        client.idle()
        wait_for_news(client, 1)
        client.idle_done()


def test_pymap_hangs_up_on_command_and_takes_the_next_client(imap_server: ImapServer) -> None:
    with logged_in(imap_server) as client:
        client.idle()
        imap_server.hang_up()
        assert client.socket().recv(1000) == b""
        client.shutdown()
    with logged_in(imap_server) as client:
        assert client.folder_status("INBOX", ["MESSAGES"]) == {b"MESSAGES": 0}


def test_a_port_in_use_is_an_error_and_leaves_no_thread(imap_server: ImapServer) -> None:
    threads = threading.active_count()
    with pytest.raises(OSError, match="in use"):
        ImapServer(PASSWORD, port=imap_server.port).start()
    assert threading.active_count() == threads


@pytest.mark.parametrize("make", [lambda: ImapServer(PASSWORD), SmtpServer], ids=["imap", "smtp"])
def test_a_stopped_server_leaves_no_thread_and_no_port(make: Callable[[], ImapServer | SmtpServer]) -> None:
    threads = threading.active_count()
    server = make().start()
    port = server.port
    with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        client.recv(100)
        server.stop()
        assert client.recv(100) == b""
    server.stop()
    assert threading.active_count() == threads
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=30)


def test_aiosmtpd_keeps_envelope_and_exact_bytes(tmp_path: Path) -> None:
    with SmtpServer(tmp_path / "out") as server:
        assert send(server.port, "dana@corp.example", "cc@corp.example") == {}
        send(server.port, body=b"Subject: two\r\n\r\n")
    first, second = server.received
    assert first.sender == "support@acme.example"
    assert first.recipients == ("dana@corp.example", "cc@corp.example")
    assert first.raw == MAIL
    assert (tmp_path / "out" / "0001.eml").read_bytes() == MAIL
    assert (tmp_path / "out" / "0002.eml").read_bytes() == second.raw == b"Subject: two\r\n\r\n"


def test_aiosmtpd_takes_addresses_beyond_ascii(smtp_server: SmtpServer) -> None:
    with smtplib.SMTP("127.0.0.1", smtp_server.port, timeout=30) as client:
        client.ehlo()
        assert client.has_extn("SMTPUTF8")
        client.mail("иван@пример.example", ["SMTPUTF8"])
        client.rcpt("佐藤@corp.example")
        assert client.data(MAIL)[0] == 250
    assert smtp_server.received[0].recipients == ("佐藤@corp.example",)


def test_the_secure_smtp_server_wants_tls_and_the_right_login(certificates: Certificates) -> None:
    trust = ssl.create_default_context(cafile=str(certificates.authority))
    with (
        SecureSmtpServer(certificates) as server,
        smtplib.SMTP_SSL("localhost", server.port, timeout=30, context=trust) as client,
    ):
        client.ehlo()
        assert client.mail("a@acme.example") == (530, b"5.7.0 authentication required")
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("support", "guess")
        client.login("support", PASSWORD)
        client.sendmail("a@acme.example", ["b@corp.example"], MAIL)
    assert [mail.raw for mail in server.received] == [MAIL]


def test_starttls_is_asked_for_before_the_login(certificates: Certificates) -> None:
    trust = ssl.create_default_context(cafile=str(certificates.authority))
    with (
        SecureSmtpServer(certificates, starttls=True) as server,
        smtplib.SMTP("localhost", server.port, timeout=30) as client,
    ):
        client.ehlo()
        assert not client.has_extn("AUTH")
        client.starttls(context=trust)
        client.login("support", PASSWORD)
        client.sendmail("a@acme.example", ["b@corp.example"], MAIL)
    assert [mail.raw for mail in server.received] == [MAIL]


def test_a_certificate_for_another_host_is_not_trusted(tmp_path: Path) -> None:
    elsewhere = make_certificates(tmp_path, names="DNS:elsewhere.example")
    trust = ssl.create_default_context(cafile=str(elsewhere.authority))
    with SecureSmtpServer(elsewhere) as server, pytest.raises(ssl.SSLCertVerificationError, match="match"):
        smtplib.SMTP_SSL("localhost", server.port, timeout=30, context=trust)


def test_dovecot_hands_out_the_delivered_bytes_and_date(dovecot: Dovecot) -> None:
    dovecot.deliver(MAIL, RECEIVED)
    with logged_in(dovecot) as client:
        client.normalise_times = False
        [found] = client.fetch(client.search("ALL"), ["BODY.PEEK[]", "INTERNALDATE"]).values()
    assert found[b"BODY[]"] == MAIL
    assert found[b"INTERNALDATE"] == RECEIVED


def test_dovecot_numbers_mails_in_the_order_of_delivery(dovecot: Dovecot) -> None:
    for number in range(12):
        dovecot.deliver(b"Subject: %d\r\n\r\n" % number, RECEIVED - timedelta(days=number))
    with logged_in(dovecot) as client:
        found = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
    assert [found[uid][b"BODY[]"] for uid in sorted(found)] == [b"Subject: %d\r\n\r\n" % n for n in range(12)]


def test_dovecot_says_which_flags_are_set_and_sets_none(dovecot: Dovecot) -> None:
    dovecot.deliver(MAIL)
    dovecot.deliver(MAIL)
    with logged_in(dovecot) as client:
        client.add_flags([2], ["\\Seen", "\\Flagged"])
    assert dovecot.flags() == {1: frozenset(), 2: frozenset({"\\Seen", "\\Flagged"})}
    assert dovecot.flags() == dovecot.flags()


def test_dovecot_delivers_into_a_folder_that_it_makes(dovecot: Dovecot) -> None:
    dovecot.deliver(MAIL, folder="Old/2025")
    assert list(dovecot.flags("Old/2025")) == [1]


def test_dovecot_names_its_sent_folder_by_special_use(dovecot: Dovecot) -> None:
    with logged_in(dovecot) as client:
        assert client.find_special_folder(b"\\Sent") == "Sent"


def test_dovecot_wakes_an_idling_client(dovecot: Dovecot) -> None:
    with logged_in(dovecot) as client:
        client.idle()
        dovecot.deliver(MAIL)
        wait_for_news(client, 1)
        client.idle_done()


def test_dovecot_can_void_all_uids(dovecot: Dovecot) -> None:
    dovecot.deliver(MAIL)
    with logged_in(dovecot) as client:
        before = client.select_folder("INBOX")
    dovecot.renew_uidvalidity()
    with logged_in(dovecot) as client:
        after = client.select_folder("INBOX")
    assert after[b"UIDVALIDITY"] != before[b"UIDVALIDITY"]
    assert after[b"EXISTS"] == before[b"EXISTS"] == 1


def test_dovecot_speaks_tls_to_who_trusts_its_authority(secure_dovecot: Dovecot, certificates: Certificates) -> None:
    trust = ssl.create_default_context(cafile=str(certificates.authority))
    with IMAPClient("localhost", secure_dovecot.tls_port, ssl_context=trust, timeout=30) as client:
        assert client.login(secure_dovecot.user, secure_dovecot.password)
    with IMAPClient("localhost", secure_dovecot.port, ssl=False, timeout=30) as client:
        client.starttls(trust)
        assert client.login(secure_dovecot.user, secure_dovecot.password)
    with pytest.raises(ssl.SSLCertVerificationError):
        IMAPClient("localhost", secure_dovecot.tls_port, timeout=30)


def test_a_stopped_dovecot_is_gone_with_all_its_files() -> None:
    need_dovecot()
    server = Dovecot().start()
    port, home = server.port, server.home
    server.stop()
    server.stop()
    assert not home.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((server.host, port), timeout=30)


def test_a_missing_dovecot_skips_or_fails_as_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.dovecot.PROGRAM", "/nowhere/dovecot")
    monkeypatch.delenv("TANDEM_REQUIRE_SERVERS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="not installed"):
        need_dovecot()
    monkeypatch.setenv("TANDEM_REQUIRE_SERVERS", "1")
    with pytest.raises(pytest.fail.Exception, match="not installed"):
        need_dovecot()


def test_the_scripted_server_without_a_script_takes_mail(scripted_smtp: ScriptedSmtp) -> None:
    assert send(scripted_smtp.port, "a@corp.example", "b@corp.example") == {}
    assert scripted_smtp.accepted == [MAIL]
    recipients = [line for line in scripted_smtp.commands if line.lower().startswith("rcpt")]
    assert recipients == ["rcpt TO:<a@corp.example>", "rcpt TO:<b@corp.example>"]


@pytest.mark.parametrize("step", ["greeting", "ehlo", "mail", "rcpt", "data", "body"])
def test_a_connection_lost_before_the_final_dot_leaves_no_mail(scripted_smtp: ScriptedSmtp, step: Step) -> None:
    scripted_smtp.hang_up(step)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(scripted_smtp.port, body=MAIL + b"x" * 900 + b"\r\n")
    assert scripted_smtp.accepted == []


def test_a_connection_lost_after_the_final_dot_leaves_the_mail(scripted_smtp: ScriptedSmtp) -> None:
    scripted_smtp.hang_up("dot")
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(scripted_smtp.port)
    assert scripted_smtp.accepted == [MAIL]


@pytest.mark.parametrize("answer", ["451 4.3.0 later", "554 5.7.1 never"])
@pytest.mark.parametrize("step", ["greeting", "ehlo", "mail", "rcpt", "data", "dot"])
def test_a_refusal_at_any_step_reaches_the_client(scripted_smtp: ScriptedSmtp, step: Step, answer: str) -> None:
    scripted_smtp.refuse(step, answer)
    with pytest.raises(smtplib.SMTPException, match=answer[4:9]):
        send(scripted_smtp.port)
    assert scripted_smtp.accepted == []
    assert scripted_smtp.refused == ([MAIL] if step == "dot" else [])


def test_one_recipient_may_be_refused_and_the_others_not(scripted_smtp: ScriptedSmtp) -> None:
    scripted_smtp.refuse("rcpt", "550 5.1.1 nobody here", recipient="bad@corp.example")
    refused = send(scripted_smtp.port, "good@corp.example", "bad@corp.example")
    assert refused == {"bad@corp.example": (550, b"5.1.1 nobody here")}
    assert scripted_smtp.accepted == [MAIL]


def test_a_misdeed_may_happen_so_many_times_only(scripted_smtp: ScriptedSmtp) -> None:
    scripted_smtp.refuse("mail", "451 4.3.0 later", times=2)
    for _ in range(2):
        with pytest.raises(smtplib.SMTPSenderRefused):
            send(scripted_smtp.port)
    assert send(scripted_smtp.port) == {}


def test_a_forgotten_script_is_forgotten(scripted_smtp: ScriptedSmtp) -> None:
    scripted_smtp.hang_up("ehlo")
    scripted_smtp.behave()
    assert send(scripted_smtp.port) == {}


def test_a_stalled_answer_comes_late_and_the_mail_is_booked_before_it(scripted_smtp: ScriptedSmtp) -> None:
    scripted_smtp.stall("dot", 0.3)
    started = time.monotonic()
    send(scripted_smtp.port)
    assert time.monotonic() - started > 0.3
    assert scripted_smtp.accepted == [MAIL]


def test_stopping_does_not_wait_for_a_stalled_answer() -> None:
    server = ScriptedSmtp().start()
    server.stall("greeting", 60)
    with socket.create_connection((server.host, server.port), timeout=30):
        started = time.monotonic()
        server.stop()
        assert time.monotonic() - started < 5
