from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from desk.actions.reply import reply
from desk.delivery import deliver
from desk.errors import LoginRefused, MailError, MailUnreachable
from desk.outgoing import Answer, Limits, OutboxEntry, RecipientAnswer, Verdict
from desk.people import Address
from mail.auth import PasswordFile
from mail.servers import SmtpAddress
from mail.smtp import SmtpSender
from tandem.processes import is_gone, owner
from tests.desks import make_desk, receive
from tests.mail.sending import ENTRY, LARGE, RAW, Blocking, Entering, password_file, plain_sender, secure_sender
from tests.servers import HOST, PASSWORD, Certificates, ScriptedSmtp, SecureSmtpServer, SmtpServer, Step


async def test_a_mail_arrives_byte_for_byte_at_every_recipient(smtp_server: SmtpServer) -> None:
    entering = Entering()
    attempt = await plain_sender(smtp_server).send(ENTRY, RAW, entering)
    assert (attempt.verdict, entering.times) == (Verdict.SENT, 1)
    (mail,) = smtp_server.received
    assert mail.raw == RAW
    assert (mail.sender, tuple(mail.recipients)) == (ENTRY.envelope_from, ENTRY.recipients)


async def test_the_bytes_on_the_line_are_the_stored_ones(scripted_smtp: ScriptedSmtp) -> None:
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert (attempt.verdict, attempt.said, attempt.recipients) == (Verdict.SENT, "250 2.0.0 taken", ())
    assert scripted_smtp.accepted == [RAW]
    assert scripted_smtp.commands[1:5] == [
        f"MAIL FROM:<support@acme.example> SIZE={len(RAW)}",
        "RCPT TO:<dana@corp.example>",
        "RCPT TO:<bo@corp.example>",
        "DATA",
    ]


async def test_the_server_does_not_learn_the_name_of_this_machine(scripted_smtp: ScriptedSmtp) -> None:
    await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert scripted_smtp.commands[0] == "EHLO [127.0.0.1]"


async def test_an_answer_to_the_id_that_the_server_gave_our_mail_is_on_its_ticket(
    tmp_path: Path, scripted_smtp: ScriptedSmtp
) -> None:
    desk = make_desk(tmp_path)
    ticket = receive(desk).number
    reply(desk, ticket, Answer(text="It is on its way.", send_in=0))
    scripted_smtp.refuse("dot", "250 2.0.0 OK <given@prod.exchangelabs.com> [Hostname=given.example]")
    await asyncio.to_thread(deliver, desk, Blocking(plain_sender(scripted_smtp)), owner=owner(), is_gone=is_gone)
    colleague = Address("Kim", "kim@corp.example")
    answered = receive(desk, sender=colleague, subject="Thanks", answers=("<given@prod.exchangelabs.com>",)).number
    desk.store.close()
    assert answered == ticket


@pytest.mark.parametrize("step", ["greeting", "ehlo"])
async def test_trouble_before_the_mail_is_named_is_not_the_mails(scripted_smtp: ScriptedSmtp, step: Step) -> None:
    scripted_smtp.refuse(step, "550 5.7.1 never")
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert attempt.server_wide
    assert "550 5.7.1 never" in attempt.said


async def test_a_server_that_is_not_there_defers_everything() -> None:
    sender = SmtpSender(SmtpAddress.parse(f"smtp://{HOST}:1?security=none"))
    attempt = await sender.send(ENTRY, RAW, Entering())
    assert (attempt.verdict, attempt.server_wide) == (Verdict.DEFERRED, True)
    with pytest.raises(MailUnreachable, match=f"^SMTP: {HOST}:1: Connection refused"):
        await sender.check()


@pytest.mark.parametrize("host", ["a..b", "x" * 64])
async def test_a_host_that_cannot_be_found_defers_everything(host: str) -> None:
    attempt = await SmtpSender(SmtpAddress(host, 25, "none")).send(ENTRY, RAW, Entering())
    assert (attempt.verdict, attempt.server_wide) == (Verdict.DEFERRED, True)
    assert attempt.said.startswith(f"SMTP: {host}:25: ")


@pytest.mark.parametrize(
    "address",
    ["a@b\r\nDATA", "a@b> NOTIFY=NEVER", "a b@corp.example", "a>@corp.example", "@corp.example", "a\x00@b", "a"],
)
async def test_an_envelope_that_cannot_be_written_is_refused(scripted_smtp: ScriptedSmtp, address: str) -> None:
    attempt = await plain_sender(scripted_smtp).send(replace(ENTRY, recipients=(address,)), RAW, Entering())
    assert attempt.verdict is Verdict.REFUSED
    assert attempt.said == "not sent: an address in its envelope cannot be written"
    assert not [each for each in scripted_smtp.commands if each.startswith("MAIL")]


@pytest.mark.parametrize("address", ["", '"two words"@corp.example', '"a>b\\"c"@corp.example'])
async def test_odd_addresses_that_may_be_written_are(scripted_smtp: ScriptedSmtp, address: str) -> None:
    await plain_sender(scripted_smtp).send(replace(ENTRY, envelope_from=address), RAW, Entering())
    assert scripted_smtp.commands[1].startswith(f"MAIL FROM:<{address}>")
    assert scripted_smtp.accepted == [RAW]


NEEDS_SMTPUTF8 = [
    (replace(ENTRY, recipients=("дана@corp.example",)), RAW, "дана@corp.example"),
    (replace(ENTRY, envelope_from="помощь@acme.example"), RAW, "помощь@acme.example"),
    (ENTRY, "To: дана@corp.example\r\n".encode() + RAW, "its header"),
]


@pytest.mark.parametrize(("entry", "raw", "what"), NEEDS_SMTPUTF8)
async def test_addresses_of_all_scripts_go_where_the_server_takes_them(
    entry: OutboxEntry, raw: bytes, what: str
) -> None:
    with ScriptedSmtp(extensions=("SMTPUTF8",)) as server:
        assert (await plain_sender(server).send(entry, raw, Entering())).verdict is Verdict.SENT
        assert server.commands[1] == f"MAIL FROM:<{entry.envelope_from}> SMTPUTF8"
        assert server.commands[2] == f"RCPT TO:<{entry.recipients[0]}>"
        assert server.accepted == [raw]


@pytest.mark.parametrize(("entry", "raw", "what"), NEEDS_SMTPUTF8)
async def test_addresses_of_all_scripts_are_refused_in_words_where_it_does_not(
    entry: OutboxEntry, raw: bytes, what: str
) -> None:
    with ScriptedSmtp(extensions=("8BITMIME",)) as server:
        attempt = await plain_sender(server).send(entry, raw, Entering())
        said = f"not sent: {what} has letters that this server cannot take (it offers no SMTPUTF8)"
        assert (attempt.verdict, attempt.said) == (Verdict.REFUSED, said)
        assert not [each for each in server.commands if each.startswith("MAIL")]


async def test_what_needs_no_smtputf8_does_not_ask_for_it(scripted_smtp: ScriptedSmtp) -> None:
    await plain_sender(scripted_smtp).send(ENTRY, RAW + "Привет\r\n".encode(), Entering())
    assert "SMTPUTF8" not in scripted_smtp.commands[1]


async def test_one_refused_recipient_stops_the_mail_for_all_and_is_named(scripted_smtp: ScriptedSmtp) -> None:
    scripted_smtp.refuse("rcpt", "550 5.1.1 unknown", recipient="bo@corp.example")
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert (attempt.verdict, attempt.said) == (Verdict.REFUSED, "bo@corp.example: 550 5.1.1 unknown")
    assert attempt.recipients == (RecipientAnswer("bo@corp.example", 550, "5.1.1 unknown"),)
    assert scripted_smtp.commands[-1] in {"RSET", "QUIT"}
    assert "RSET" in scripted_smtp.commands
    assert "DATA" not in scripted_smtp.commands


async def test_a_refused_recipient_outweighs_one_that_is_put_off(scripted_smtp: ScriptedSmtp) -> None:
    scripted_smtp.refuse("rcpt", "450 4.2.1 busy", recipient="dana@corp.example")
    assert (await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())).verdict is Verdict.DEFERRED
    scripted_smtp.refuse("rcpt", "550 5.1.1 unknown", recipient="bo@corp.example")
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert (attempt.verdict, attempt.said) == (Verdict.REFUSED, "bo@corp.example: 550 5.1.1 unknown")
    assert [(each.address, each.code) for each in attempt.recipients] == [
        ("dana@corp.example", 450),
        ("bo@corp.example", 550),
    ]
    assert scripted_smtp.accepted == []


async def test_of_many_refused_recipients_some_are_named_and_the_rest_counted(scripted_smtp: ScriptedSmtp) -> None:
    scripted_smtp.refuse("rcpt", "550 5.7.1 never")
    entry = replace(ENTRY, recipients=tuple(f"p{number}@corp.example" for number in range(40)))
    attempt = await plain_sender(scripted_smtp).send(entry, RAW, Entering())
    assert attempt.said.startswith("p0@corp.example: 550 5.7.1 never; p1@")
    assert attempt.said.endswith("; and 35 more")


async def test_a_refusal_of_many_lines_says_its_status_once(scripted_smtp: ScriptedSmtp) -> None:
    scripted_smtp.refuse("rcpt", "550-5.1.1 The account does not exist.\r\n550-5.1.1 Look for\r\n550 5.1.1 typos.")
    attempt = await plain_sender(scripted_smtp).send(replace(ENTRY, recipients=("x@corp.example",)), RAW, Entering())
    assert attempt.said == "x@corp.example: 550 5.1.1 The account does not exist. Look for typos."
    assert attempt.recipients[0].words == "5.1.1 The account does not exist. Look for typos."


async def test_what_a_server_says_is_harmless_and_short(scripted_smtp: ScriptedSmtp) -> None:
    scripted_smtp.refuse("dot", "550-\x1b]52;c;eA==\x07 first\r\n550-second\u202e\r\n550 " + "x" * 900)
    said = (await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())).said
    assert len(said) <= 200
    assert said.startswith("550 \ufffd]52;c;eA==\ufffd first second\ufffd xxx")


async def test_a_mail_that_is_too_large_for_the_server_is_not_begun() -> None:
    with ScriptedSmtp(extensions=("SIZE 100",)) as server:
        attempt = await plain_sender(server).send(ENTRY, RAW + b"x" * 100 + b"\r\n", Entering())
        assert attempt.verdict is Verdict.REFUSED
        assert re.search(r"not sent: .* takes 100$", attempt.said)
        assert not [command for command in server.commands if command.startswith("MAIL")]


@pytest.mark.parametrize(
    ("extensions", "limits"),
    [
        (("SIZE 35882577", "SMTPUTF8", "DSN"), Limits(35_882_577, smtputf8=True, dsn=True)),
        (("SIZE 0",), Limits(None, smtputf8=False, dsn=False)),
        (("SIZE",), Limits(None, smtputf8=False, dsn=False)),
        ((f"SIZE {'9' * 5_000}",), Limits(None, smtputf8=False, dsn=False)),
        (("SIZE many", "dsn"), Limits(None, smtputf8=False, dsn=True)),
    ],
)
@pytest.mark.parametrize("step", ["mail", "dot", "quit"])
async def test_what_the_server_offers_is_told_however_the_attempt_ends(
    extensions: tuple[str, ...], limits: Limits, step: Step
) -> None:
    with ScriptedSmtp(extensions) as server:
        server.refuse(step, "451 4.3.0 later")
        assert (await plain_sender(server).send(ENTRY, RAW, Entering())).limits == limits


async def test_failures_are_asked_for_where_the_server_can_tell_of_them() -> None:
    with ScriptedSmtp(extensions=("DSN",)) as server:
        await plain_sender(server).send(ENTRY, RAW, Entering())
        assert server.commands[1:3] == [
            "MAIL FROM:<support@acme.example> RET=HDRS ENVID=t1.abc+2Bdef+3Dghi@acme.example",
            "RCPT TO:<dana@corp.example> NOTIFY=FAILURE,DELAY",
        ]


@pytest.mark.parametrize("raw", [b"a\r\n\r\nb\n.\nc\r\n", b"a\r\n\r\nb\r.\rc\r\n", b"a\r\n\r\nno end"])
async def test_bytes_that_a_server_might_read_as_two_mails_are_not_sent(
    scripted_smtp: ScriptedSmtp, raw: bytes
) -> None:
    assert (await plain_sender(scripted_smtp).send(ENTRY, raw, Entering())).verdict is Verdict.REFUSED
    assert scripted_smtp.commands == []


class Stopped(Exception):
    """What a desk may raise to stop an attempt."""


async def test_nothing_of_the_body_leaves_when_entering_data_is_stopped(scripted_smtp: ScriptedSmtp) -> None:
    def stop() -> None:
        assert scripted_smtp.commands[-1] == "DATA"
        raise Stopped

    with pytest.raises(Stopped):
        await plain_sender(scripted_smtp).send(ENTRY, RAW, stop)
    assert scripted_smtp.accepted == []
    assert (await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())).verdict is Verdict.SENT
    assert scripted_smtp.accepted == [RAW]


async def test_a_mail_that_was_given_up_in_data_is_not_completed_later(scripted_smtp: ScriptedSmtp) -> None:
    scripted_smtp.stall("body", 300)
    attempt = await plain_sender(scripted_smtp, seconds=3).send(ENTRY, LARGE, Entering())
    assert (attempt.verdict, "too long" in attempt.said) == (Verdict.UNCERTAIN, True)
    scripted_smtp.behave()
    await asyncio.to_thread(scripted_smtp.wait_until_left)
    assert scripted_smtp.accepted == []


URLS = ["smtps://support@localhost:{}", "smtp://support@localhost:{}?security=starttls"]


@pytest.mark.parametrize("url", URLS)
async def test_mail_leaves_encrypted_and_after_a_login(certificates: Certificates, tmp_path: Path, url: str) -> None:
    with SecureSmtpServer(certificates, starttls="starttls" in url) as server:
        sender = secure_sender(server, tmp_path, url, cafile=certificates.authority)
        await sender.check()
        assert (await sender.send(ENTRY, RAW, Entering())).verdict is Verdict.SENT
        assert [mail.raw for mail in server.received] == [RAW]


class LoginOnlyServer(SecureSmtpServer):
    """Knows AUTH LOGIN only, as some large providers do."""

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [re.sub("AUTH .*", "AUTH LOGIN", each) for each in responses]


async def test_a_login_that_must_be_given_in_two_pieces(certificates: Certificates, tmp_path: Path) -> None:
    with LoginOnlyServer(certificates) as server:
        sender = secure_sender(server, tmp_path, URLS[0], cafile=certificates.authority)
        assert (await sender.send(ENTRY, RAW, Entering())).verdict is Verdict.SENT


@pytest.mark.parametrize("url", URLS)
async def test_a_refused_login_is_trouble_with_the_account(
    certificates: Certificates, tmp_path: Path, url: str
) -> None:
    with SecureSmtpServer(certificates, starttls="starttls" in url) as server:
        sender = secure_sender(server, tmp_path, url, cafile=certificates.authority, password="wrong")
        attempt = await sender.send(ENTRY, RAW, Entering())
        assert (attempt.verdict, attempt.server_wide) == (Verdict.DEFERRED, True)
        assert attempt.stops_account
        assert "refuses the login of support: 535" in attempt.said
        with pytest.raises(LoginRefused, match="535"):
            await sender.check()


@pytest.mark.parametrize("url", URLS)
async def test_a_server_that_cannot_prove_its_name_gets_no_password(
    certificates: Certificates, tmp_path: Path, url: str
) -> None:
    with SecureSmtpServer(certificates, starttls="starttls" in url) as server:
        sender = secure_sender(server, tmp_path, url, cafile=None)
        attempt = await sender.send(ENTRY, RAW, Entering())
        assert attempt.verdict is Verdict.DEFERRED
        assert "certificate is not trusted" in attempt.said
        with pytest.raises(MailError, match="certificate is not trusted"):
            await sender.check()


async def test_a_password_that_is_not_there_stops_the_account_and_no_mail(tmp_path: Path) -> None:
    with ScriptedSmtp() as server:
        address = SmtpAddress.parse(f"smtp://support@{HOST}:{server.port}?security=none")
        attempt = await SmtpSender(address, PasswordFile(tmp_path / "gone")).send(ENTRY, RAW, Entering())
        assert (attempt.verdict, attempt.server_wide) == (Verdict.DEFERRED, True)
        assert "No such file" in attempt.said
        assert server.commands == []


async def test_a_server_that_offers_no_login_is_not_sent_through_without(tmp_path: Path) -> None:
    with ScriptedSmtp() as server:
        address = SmtpAddress.parse(f"smtp://support@{HOST}:{server.port}?security=none")
        attempt = await SmtpSender(address, password_file(tmp_path, PASSWORD)).send(ENTRY, RAW, Entering())
        assert (attempt.verdict, attempt.server_wide) == (Verdict.DEFERRED, True)
        assert "no way to log in" in attempt.said


async def test_a_server_without_starttls_gets_nothing(tmp_path: Path) -> None:
    with ScriptedSmtp() as server:
        address = SmtpAddress.parse(f"smtp://support@{HOST}:{server.port}?security=starttls")
        attempt = await SmtpSender(address, password_file(tmp_path, PASSWORD)).send(ENTRY, RAW, Entering())
        assert attempt.verdict is Verdict.DEFERRED
        assert "STARTTLS" in attempt.said
        assert [command.split()[0] for command in server.commands] == ["EHLO"]
