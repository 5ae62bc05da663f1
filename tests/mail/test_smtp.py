from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from desk.actions.reply import reply
from desk.conversation import EntryId, OutboxId
from desk.delivery import Delivered, deliver
from desk.desk import Desk
from desk.errors import LoginRefused, MailError, MailUnreachable
from desk.outgoing import Answer, Attempt, OutboxEntry, OutboxState, Verdict
from desk.people import Address, Handle
from desk.ticket import TicketNumber
from mail.auth import PasswordFile
from mail.servers import SmtpAddress
from mail.smtp import SmtpSender
from tandem.processes import is_gone, owner
from tests.desks import make_desk, receive
from tests.servers import HOST, PASSWORD, Certificates, ScriptedSmtp, SecureSmtpServer, SmtpServer, Step

MOMENT = datetime(2025, 3, 9, 8, 7, 6, tzinfo=UTC)
RAW = b"From: a@acme.example\r\nSubject: dots\r\n\r\n.one\r\n..two\r\nFrom three\r\n.\r\n\r\n"
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
SECONDS = 0.4
"""The timeouts of the senders here; the server stalls for longer."""


def plain_sender(server: ScriptedSmtp | SmtpServer, *, data_timeout: float = SECONDS) -> SmtpSender:
    return SmtpSender(
        SmtpAddress.parse(f"smtp://{HOST}:{server.port}?security=none"),
        connect_timeout=SECONDS,
        command_timeout=SECONDS,
        data_timeout=data_timeout,
    )


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


@dataclass(slots=True)
class Entering:
    """Counts how often DATA was entered."""

    times: int = 0

    def __call__(self) -> None:
        self.times += 1


async def test_a_mail_arrives_byte_for_byte_at_every_recipient(smtp_server: SmtpServer) -> None:
    entering = Entering()
    attempt = await plain_sender(smtp_server, data_timeout=5).send(ENTRY, RAW, entering)
    assert (attempt.verdict, entering.times) == (Verdict.SENT, 1)
    (mail,) = smtp_server.received
    assert mail.raw == RAW
    assert (mail.sender, tuple(mail.recipients)) == (ENTRY.envelope_from, ENTRY.recipients)


async def test_the_bytes_on_the_line_are_the_stored_ones(scripted_smtp: ScriptedSmtp) -> None:
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert attempt == Attempt(Verdict.SENT, "250 2.0.0 taken")
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


Misdeed = Callable[[ScriptedSmtp, Step], None]
OPENING: list[Step] = ["greeting", "ehlo"]
ENVELOPE: list[Step] = ["mail", "rcpt", "data"]
BEFORE_BODY: list[Step] = [*OPENING, *ENVELOPE]


def drop(server: ScriptedSmtp, step: Step) -> None:
    server.hang_up(step)


def stall(server: ScriptedSmtp, step: Step) -> None:
    server.stall(step, 30)


def put_off(server: ScriptedSmtp, step: Step) -> None:
    server.refuse(step, "451 4.3.0 later")


def close_down(server: ScriptedSmtp, step: Step) -> None:
    server.refuse(step, "421 4.3.2 closing")


def refuse(server: ScriptedSmtp, step: Step) -> None:
    server.refuse(step, "550 5.7.1 never")


def want_login(server: ScriptedSmtp, step: Step) -> None:
    server.refuse(step, "530 5.7.0 log in first")


def babble(server: ScriptedSmtp, step: Step) -> None:
    server.refuse(step, "what is this")


SENT, DEFERRED, REFUSED, UNCERTAIN = Verdict.SENT, Verdict.DEFERRED, Verdict.REFUSED, Verdict.UNCERTAIN
VERDICTS: dict[Misdeed, dict[Step, Verdict]] = {
    put_off: dict.fromkeys(BEFORE_BODY, DEFERRED) | {"dot": DEFERRED, "quit": SENT},
    close_down: dict.fromkeys(BEFORE_BODY, DEFERRED) | {"dot": DEFERRED, "quit": SENT},
    refuse: dict.fromkeys(OPENING, DEFERRED) | dict.fromkeys(ENVELOPE, REFUSED) | {"dot": REFUSED, "quit": SENT},
    want_login: dict.fromkeys(BEFORE_BODY, DEFERRED) | {"dot": REFUSED, "quit": SENT},
    drop: dict.fromkeys(BEFORE_BODY, DEFERRED) | {"body": UNCERTAIN, "dot": UNCERTAIN, "quit": SENT},
    stall: dict.fromkeys(BEFORE_BODY, DEFERRED) | {"body": UNCERTAIN, "dot": UNCERTAIN, "quit": SENT},
    babble: dict.fromkeys(BEFORE_BODY, DEFERRED) | {"dot": UNCERTAIN, "quit": SENT},
}
TABLE = [(step, misdeed, verdict) for misdeed, row in VERDICTS.items() for step, verdict in row.items()]


@pytest.mark.parametrize(("step", "misdeed", "verdict"), TABLE)
async def test_every_failure_at_every_step_is_judged_truly(
    scripted_smtp: ScriptedSmtp, step: Step, misdeed: Misdeed, verdict: Verdict
) -> None:
    misdeed(scripted_smtp, step)
    entering = Entering()
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, entering)
    assert attempt.verdict is verdict
    assert attempt.said
    assert entering.times == (step in {"body", "dot", "quit"})
    assert len(scripted_smtp.accepted) <= 1
    if verdict in {DEFERRED, REFUSED}:
        assert scripted_smtp.accepted == []
    if verdict is SENT:
        assert scripted_smtp.accepted == [RAW]


@pytest.mark.parametrize(("step", "misdeed", "verdict"), TABLE)
async def test_no_failure_makes_two_copies(
    tmp_path: Path, scripted_smtp: ScriptedSmtp, step: Step, misdeed: Misdeed, verdict: Verdict
) -> None:
    desk = make_desk(tmp_path)
    queued = reply(desk, receive(desk).number, Answer(text="It is on its way.", send_in=0))
    misdeed(scripted_smtp, step)
    await asyncio.to_thread(deliver, desk, Blocking(plain_sender(scripted_smtp)), owner=owner(), is_gone=is_gone)
    entry = desk.store.outbox.get(queued.id)
    assert entry is not None
    assert entry.state.value == verdict.value
    scripted_smtp.behave()
    if entry.state is OutboxState.DEFERRED:
        desk.store.outbox.put(replace(entry, due=desk.clock()))
    await asyncio.to_thread(deliver, desk, Blocking(plain_sender(scripted_smtp)), owner=owner(), is_gone=is_gone)
    copies = len(scripted_smtp.accepted)
    desk.store.close()
    assert copies == 1 if verdict in {SENT, DEFERRED} else copies <= 1


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


@dataclass(frozen=True, slots=True)
class Blocking:
    """Implements desk.ports.Sender with an event loop for each mail."""

    sender: SmtpSender

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: Callable[[], None]) -> Attempt:
        return asyncio.run(self.sender.send(entry, raw, entering_data))


@pytest.mark.parametrize("step", ["greeting", "ehlo"])
async def test_trouble_before_the_mail_is_named_is_not_the_mails(scripted_smtp: ScriptedSmtp, step: Step) -> None:
    refuse(scripted_smtp, step)
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert attempt.server_wide
    assert "550 5.7.1 never" in attempt.said


async def test_a_server_that_is_not_there_defers_everything() -> None:
    sender = SmtpSender(SmtpAddress.parse(f"smtp://{HOST}:1?security=none"))
    attempt = await sender.send(ENTRY, RAW, Entering())
    assert (attempt.verdict, attempt.server_wide) == (Verdict.DEFERRED, True)
    with pytest.raises(MailUnreachable, match=f"^{HOST}:1: Connection refused"):
        await sender.check()


@pytest.mark.parametrize("host", ["a..b", "x" * 64])
async def test_a_host_that_cannot_be_found_defers_everything(host: str) -> None:
    attempt = await SmtpSender(SmtpAddress(host, 25, "none")).send(ENTRY, RAW, Entering())
    assert (attempt.verdict, attempt.server_wide) == (Verdict.DEFERRED, True)
    assert attempt.said.startswith(f"{host}:25: ")


@pytest.mark.parametrize("address", ["дана@corp.example", "a@b\r\nDATA"])
async def test_an_envelope_that_cannot_be_written_is_refused(scripted_smtp: ScriptedSmtp, address: str) -> None:
    attempt = await plain_sender(scripted_smtp).send(replace(ENTRY, recipients=(address,)), RAW, Entering())
    assert attempt.verdict is Verdict.REFUSED
    assert "DATA" not in scripted_smtp.commands


async def test_one_refused_recipient_stops_the_mail_for_all_and_is_named(scripted_smtp: ScriptedSmtp) -> None:
    scripted_smtp.refuse("rcpt", "550 5.1.1 unknown", recipient="bo@corp.example")
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert attempt == Attempt(Verdict.REFUSED, "bo@corp.example: 550 5.1.1 unknown")
    assert scripted_smtp.commands[-1] in {"RSET", "QUIT"}
    assert "RSET" in scripted_smtp.commands
    assert "DATA" not in scripted_smtp.commands


async def test_a_refused_recipient_outweighs_one_that_is_put_off(scripted_smtp: ScriptedSmtp) -> None:
    scripted_smtp.refuse("rcpt", "450 4.2.1 busy", recipient="dana@corp.example")
    assert (await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())).verdict is Verdict.DEFERRED
    scripted_smtp.refuse("rcpt", "550 5.1.1 unknown", recipient="bo@corp.example")
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert attempt == Attempt(Verdict.REFUSED, "bo@corp.example: 550 5.1.1 unknown")
    assert scripted_smtp.accepted == []


async def test_of_many_refused_recipients_some_are_named_and_the_rest_counted(scripted_smtp: ScriptedSmtp) -> None:
    refuse(scripted_smtp, "rcpt")
    entry = replace(ENTRY, recipients=tuple(f"p{number}@corp.example" for number in range(40)))
    attempt = await plain_sender(scripted_smtp).send(entry, RAW, Entering())
    assert attempt.said.startswith("p0@corp.example: 550 5.7.1 never; p1@")
    assert attempt.said.endswith("; and 35 more")


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
    scripted_smtp.stall("body", 3 * SECONDS)
    raw = RAW + (b"x" * 76 + b"\r\n") * 200_000
    attempt = await plain_sender(scripted_smtp).send(ENTRY, raw, Entering())
    assert attempt.verdict is Verdict.UNCERTAIN
    await asyncio.sleep(4 * SECONDS)
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


DELIVERS = """
import asyncio, sys
from pathlib import Path
from desk.delivery import deliver
from mail.servers import SmtpAddress
from mail.smtp import SmtpSender
from tandem.processes import is_gone, owner
from tests.desks import make_desk

class Blocking:
    def send(self, entry, raw, entering_data):
        return asyncio.run(SmtpSender(SmtpAddress.parse(sys.argv[2])).send(entry, raw, entering_data))

deliver(make_desk(Path(sys.argv[1])), Blocking(), owner=owner(), is_gone=is_gone)
"""


LEFT_BEHIND: list[tuple[Step, str, int]] = [("mail", "sent", 1), ("body", "uncertain", 0), ("dot", "uncertain", 1)]


@pytest.mark.parametrize(("step", "after", "copies"), LEFT_BEHIND)
def test_a_process_that_is_killed_leaves_the_truth_behind(
    tmp_path: Path, scripted_smtp: ScriptedSmtp, step: Step, after: str, copies: int
) -> None:
    desk = make_desk(tmp_path)
    queued = reply(desk, receive(desk).number, Answer(text="It is on its way.", send_in=0))
    scripted_smtp.stall(step, 60, times=1)
    url = f"smtp://{HOST}:{scripted_smtp.port}?security=none"
    with subprocess.Popen([sys.executable, "-c", DELIVERS, str(tmp_path), url]) as process:
        while not is_reached(step, scripted_smtp, desk, queued):
            assert process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
    result = deliver(desk, Blocking(plain_sender(scripted_smtp)), owner=owner(), is_gone=is_gone)
    entry = desk.store.outbox.get(queued.id)
    desk.store.close()
    assert entry is not None
    assert entry.state.value == after
    assert result == (Delivered(sent=1) if after == "sent" else Delivered(uncertain=1))
    assert len(scripted_smtp.accepted) == copies


def is_reached(step: Step, server: ScriptedSmtp, desk: Desk, queued: OutboxEntry) -> bool:
    """Whether the process has come as far as this step."""
    entry = desk.store.outbox.get(queued.id)
    assert entry is not None
    reached = {"mail": len(server.commands) > 1, "body": entry.state is OutboxState.IN_DATA}
    return reached.get(step, bool(server.accepted))
