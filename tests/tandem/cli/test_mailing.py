"""`tandem sync` and `tandem deliver`: what they print, and how they end when a mail server does not do its part."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desk.desk import Desk
from desk.outgoing import OutboxState
from tandem.paths import Home
from tests.journeys.mails import customer_mail
from tests.scripted_imap import ScriptedImap
from tests.servers import PASSWORD, ImapServer, ScriptedSmtp, SmtpServer
from tests.tandem.commands import Commands, run

NOW = datetime(2026, 11, 20, 7, 15, tzinfo=UTC)
COUNTS = [
    "fetched", "tickets_created", "messages_added", "duplicates", "parked", "automatic", "bounces", "sent", "seconds",
]  # fmt: skip
"""The fields of a round, word for word from the contract."""


def mailbox(name: str, imap: int, smtp: int) -> str:
    return (
        f'[mailboxes.{name}]\naddress = "{name}@acme.example"\n'
        f'[mailboxes.{name}.imap]\nurl = "imap://support@127.0.0.1:{imap}/INBOX?security=none"\n'
        'password_env = "DESK_PASSWORD"\n'
        f'[mailboxes.{name}.smtp]\nurl = "smtp://127.0.0.1:{smtp}?security=none"\n'
    )


@pytest.fixture
def connected(
    tandem: Commands, home: Home, imap_server: ImapServer, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> Commands:
    """The command line of a desk with both servers, where one mail lies."""
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    home.config.write_text(mailbox("support", imap_server.port, smtp_server.port))
    imap_server.deliver(customer_mail(1), NOW)
    return tandem


def answered(tandem: Commands, number: int = 1) -> None:
    tandem.run("reply", number, "--body-file", "-", "--send-in", "0s", stdin="On its way.")


class TestSync:
    def test_a_round_is_counted_in_the_words_of_the_contract(self, connected: Commands) -> None:
        [counts] = connected.run("sync", "--json").objects
        assert list(counts) == COUNTS
        assert (counts["fetched"], counts["tickets_created"], counts["sent"]) == (1, 1, 0)
        answered(connected)
        [counts] = connected.run("sync", "--json").objects
        assert (counts["fetched"], counts["sent"]) == (0, 1)

    def test_every_mailbox_that_fails_is_named_on_a_line_of_its_own(self, connected: Commands, home: Home) -> None:
        home.config.write_text(mailbox("sales", 1, 1) + mailbox("support", 1, 1))
        ended = run(["--home", str(home.folder), "--agent", "ana", "sync"])
        assert ended.code == 4
        assert sorted(line.split(" IMAP: ")[0] for line in ended.err.splitlines()) == [
            "tandem: sales:",
            "tandem: support:",
        ]

    def test_people_get_a_line(self, connected: Commands) -> None:
        [line] = connected.run("sync").lines
        assert line.startswith("1 mails fetched: 1 new tickets")

    def test_nobody_need_be_named(self, connected: Commands) -> None:
        connected.acting_as("").run("sync")

    def test_a_desk_without_a_mailbox_is_refused(self, tandem: Commands, home: Home) -> None:
        home.config.unlink()
        assert "tandem init" in tandem.run("sync", expect=1).err

    def test_a_server_that_is_away_is_exit_code_four_and_answers_leave_all_the_same(
        self, connected: Commands, imap_server: ImapServer, smtp_server: SmtpServer
    ) -> None:
        connected.run("sync")
        answered(connected)
        imap_server.stop()
        told = connected.run("sync", "--json", expect=4)
        assert told.objects[0]["sent"] == len(smtp_server.received) == 1
        assert connected.run("sync", "--json", expect=4).out == ""

    def test_a_password_that_is_refused_is_exit_code_four(
        self, connected: Commands, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DESK_PASSWORD", "wrong horse")
        assert "wrong horse" not in connected.run("sync", expect=4).err
        monkeypatch.setenv("DESK_PASSWORD", "")
        assert "DESK_PASSWORD" in connected.run("sync", expect=1).err

    def test_one_mailbox_that_fails_does_not_stop_the_other(
        self, connected: Commands, home: Home, imap_server: ImapServer, smtp_server: SmtpServer
    ) -> None:
        with ImapServer(PASSWORD) as gone:
            port = gone.port
        home.config.write_text(
            mailbox("sales", port, smtp_server.port) + mailbox("support", imap_server.port, smtp_server.port)
        )
        told = connected.run("sync", "--json", expect=4)
        assert told.objects[0]["tickets_created"] == 1
        assert str(port) in told.err

    def test_mails_that_the_server_does_not_give_are_told_and_at_last_stand_on_tickets(
        self, connected: Commands, home: Home
    ) -> None:
        with ScriptedImap(FETCH="{tag} NO [SERVERBUG] \x1b[31minternal error\r\n") as broken:
            home.config.write_text(mailbox("support", broken.port, 1))
            assert "; 3 parked, or not given by the server and asked for again; 0 sent" in connected.run("sync").out
            assert [connected.run("sync", "--json").objects[0]["parked"] for _ in range(3)] == [3, 0, 0]
        tickets = connected.run("list", "--json").objects
        assert [each["subject"] for each in tickets] == ["(a mail that could not be fetched)"] * 3
        assert all("[SERVERBUG]" in each["defects"][0] and "\x1b" not in each["defects"][0] for each in tickets)

    def test_two_mailboxes_are_told_apart(
        self, connected: Commands, home: Home, imap_server: ImapServer, smtp_server: SmtpServer
    ) -> None:
        with ImapServer(PASSWORD) as other:
            mail = customer_mail(7, subject="To sales")
            other.deliver(mail.replace(b"support@acme.example", b"sales@acme.example"), NOW)
            home.config.write_text(
                mailbox("support", imap_server.port, smtp_server.port) + mailbox("sales", other.port, smtp_server.port)
            )
            assert connected.run("sync", "--json").objects[0]["tickets_created"] == 2
        [ticket] = connected.run("list", "mailbox:sales", "--json").objects
        assert ticket["subject"] == "To sales"
        answered(connected, ticket["id"])
        connected.run("deliver")
        assert smtp_server.received[0].sender == "sales@acme.example"


class TestDeliver:
    def test_what_is_due_leaves_once(self, connected: Commands, smtp_server: SmtpServer) -> None:
        connected.run("sync")
        answered(connected)
        [counts] = connected.run("deliver", "--json").objects
        assert list(counts) == ["sent", "deferred", "refused", "uncertain", "seconds"]
        assert counts["sent"] == 1
        assert connected.run("deliver").lines == ["0 sent, 0 deferred, 0 refused, 0 uncertain"]
        assert len(smtp_server.received) == 1

    def test_what_is_not_due_stays(self, connected: Commands, smtp_server: SmtpServer) -> None:
        connected.run("sync")
        connected.run("reply", 1, "--body-file", "-", "--send-in", "60s", stdin="Later.")
        assert connected.run("deliver", "--json").objects[0]["sent"] == 0
        assert smtp_server.received == []

    def test_a_server_that_is_away_is_exit_code_four_and_the_mail_waits(
        self, connected: Commands, desk: Desk, smtp_server: SmtpServer
    ) -> None:
        connected.run("sync")
        answered(connected)
        smtp_server.stop()
        told = connected.run("deliver", "--json", expect=4)
        assert told.objects[0]["deferred"] == 1
        assert "tandem outbox" in told.err
        assert desk.store.outbox.all()[0].state is OutboxState.DEFERRED
        connected.run("deliver")

    def test_a_mail_that_is_refused_is_exit_code_four(
        self, connected: Commands, home: Home, imap_server: ImapServer, scripted_smtp: ScriptedSmtp
    ) -> None:
        connected.run("sync")
        answered(connected)
        home.config.write_text(mailbox("support", imap_server.port, scripted_smtp.port))
        scripted_smtp.refuse("rcpt", "550 5.1.1 no such user")
        assert "1 refused" in connected.run("deliver", expect=4).err
        [mail] = connected.run("outbox", "--json").objects
        assert (mail["state"], "no such user" in mail["last_error"]) == ("refused", True)

    def test_a_mail_whose_bytes_are_lost_is_not_sent(
        self, connected: Commands, desk: Desk, home: Home, smtp_server: SmtpServer
    ) -> None:
        connected.run("sync")
        answered(connected)
        digest = desk.store.outbox.all()[0].raw
        (home.mail / digest[:2] / digest[2:]).unlink()
        connected.run("deliver", expect=4)
        assert smtp_server.received == []
        assert "missing" in connected.run("outbox").out

    def test_a_mailbox_without_a_server_keeps_its_mail(
        self, connected: Commands, home: Home, imap_server: ImapServer, smtp_server: SmtpServer
    ) -> None:
        """Another mailbox's server would not be trusted with this one's address."""
        connected.run("sync")
        answered(connected)
        whole = mailbox("support", imap_server.port, smtp_server.port)
        home.config.write_text(
            whole[: whole.index("[mailboxes.support.smtp]")] + mailbox("sales", imap_server.port, smtp_server.port)
        )
        connected.run("deliver", expect=4)
        assert "no SMTP server" in connected.run("outbox").err
        assert smtp_server.received == []
