"""A mailbox's servers: each mail leaves through its own, and both can be tried."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest

from desk.conversation import EntryId, OutboxId
from desk.delivery import DATA_LEASE
from desk.errors import LoginRefused, MailError, MailUnreachable
from desk.outgoing import OutboxEntry, OutboxState, Verdict
from desk.people import Address, Handle
from desk.settings import Mailbox
from desk.ticket import TicketNumber
from mail.servers import ImapAddress, SmtpAddress
from tandem.config import Account, Config, ImapAccount, SmtpAccount
from tandem.connections import AccountSender, look_around, smtp_sender, try_imap, try_smtp
from tests.scripted_imap import ScriptedImap
from tests.servers import PASSWORD, Certificates, Dovecot, ImapServer, SecureSmtpServer, SmtpServer, logged_in

RAW = b"Subject: Hello\r\n\r\nHello\r\n"
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Typed:
    """A password that stands in the test."""

    password: str

    def read(self) -> str:
        return self.password


def entry(mailbox: str) -> OutboxEntry:
    return OutboxEntry(
        id=OutboxId(1), ticket=TicketNumber(1), entry=EntryId(1), author=Handle("ana"), state=OutboxState.CLAIMED,
        due=NOW, created=NOW, message_id="<1@acme.example>", raw="", mailbox=mailbox,
        envelope_from=f"{mailbox}@acme.example", recipients=("dana@corp.example",), draft="Hello",
    )  # fmt: skip


def account(name: str, smtp: SmtpServer | None) -> Account:
    server = SmtpAccount(SmtpAddress("127.0.0.1", smtp.port, "none"), None) if smtp else None
    return Account(Mailbox(name=name, address=Address(f"{name}@acme.example")), None, server)


def nothing() -> None:
    pass


class TestSender:
    def test_a_mail_leaves_through_its_own_mailbox(self) -> None:
        with SmtpServer() as support, SmtpServer() as sales:
            sender = AccountSender(Config((account("support", support), account("sales", sales))))
            assert sender.send(entry("sales"), RAW, nothing).verdict is Verdict.SENT
            assert ([each.raw for each in sales.received], support.received) == ([RAW], [])

    def test_one_of_a_mailbox_that_is_no_more_waits_and_leaves_through_no_other(self, smtp_server: SmtpServer) -> None:
        sender = AccountSender(Config((account("support", smtp_server),)))
        attempt = sender.send(entry("sales"), RAW, nothing)
        assert (attempt.verdict, attempt.stops_account) == (Verdict.DEFERRED, True)
        assert "“sales” is not in config.toml any more" in attempt.said
        assert smtp_server.received == []

    def test_one_of_a_mailbox_that_got_another_name_leaves_through_that(self) -> None:
        with SmtpServer() as support, SmtpServer() as shop:
            renamed = replace(
                account("shop", shop), mailbox=Mailbox(name="shop", address=Address("sales@acme.example"))
            )
            sender = AccountSender(Config((account("support", support), renamed)))
            assert sender.send(entry("sales"), RAW, nothing).verdict is Verdict.SENT
            assert (len(support.received), len(shop.received)) == (0, 1)

    @pytest.mark.parametrize("names", [(), ("sales",)])
    def test_without_a_server_it_waits(self, names: tuple[str, ...]) -> None:
        sender = AccountSender(Config(tuple(account(name, None) for name in names)))
        attempt = sender.send(entry("sales"), RAW, nothing)
        assert (attempt.verdict, attempt.server_wide) == (Verdict.DEFERRED, True)
        assert (attempt.stops_account, "sales" in attempt.said) == (True, True)

    def test_an_answer_to_the_whole_mail_may_take_ten_minutes_and_nobody_takes_the_mail_over_meanwhile(
        self, smtp_server: SmtpServer
    ) -> None:
        smtp = account("support", smtp_server).smtp
        assert smtp is not None
        patience = timedelta(seconds=smtp_sender(smtp).data_timeout)
        assert timedelta(minutes=10) <= patience
        assert 2 * patience < DATA_LEASE

    def test_whoever_stops_it_is_told(self, smtp_server: SmtpServer) -> None:
        def stop() -> NoReturn:
            raise KeyError("stopped")

        with pytest.raises(KeyError):
            AccountSender(Config((account("support", smtp_server),))).send(entry("support"), RAW, stop)
        assert smtp_server.received == []


class TestTrying:
    def imap(self, server: ImapServer | Dovecot, folder: str = "INBOX", password: str = PASSWORD) -> ImapAccount:
        return ImapAccount(ImapAddress("127.0.0.1", server.port, "none", "support", folder), Typed(password))

    def test_a_folder_that_can_be_read(self, imap_server: ImapServer) -> None:
        assert try_imap(self.imap(imap_server)).startswith("login works, INBOX can be read; the server marks no folder")
        assert try_imap(replace(self.imap(imap_server), sent="none")) == "login works, INBOX can be read"

    def test_the_folder_of_sent_mail_is_the_one_that_the_server_marks(self, dovecot: Dovecot) -> None:
        dovecot.deliver(RAW, folder="Support")
        account = replace(self.imap(dovecot), folders=("INBOX", "Support"), move_to="Support/Done")
        with pytest.raises(MailError, match="no folder “Support/Done” on the mail server"):
            try_imap(account)
        assert try_imap(replace(account, move_to="")) == (
            "login works, INBOX and Support can be read, sent mail is in “Sent”"
        )

    def test_a_folder_that_the_settings_name_must_be_there(self, dovecot: Dovecot) -> None:
        for account in (
            replace(self.imap(dovecot), folders=("INBOX", "Suport")),
            replace(self.imap(dovecot), sent="Gesendet"),
        ):
            with pytest.raises(MailError, match=r"there is no folder “(Suport|Gesendet)” .*there are: .*Sent"):
                try_imap(account)

    def test_its_name_may_be_in_any_language(self) -> None:
        gmail = '* LIST (\\Noselect) "/" "[Gmail]"\r\n'
        listed = f'{gmail}* LIST (\\Sent \\HasNoChildren) "/" "[Gmail]/&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-"\r\n'
        with ScriptedImap(LIST=listed) as server:
            account = ImapAccount(ImapAddress("127.0.0.1", server.port, "none", "support"), Typed(PASSWORD))
            assert try_imap(account).endswith("sent mail is in “[Gmail]/Отправленные”")

    def test_where_the_server_marks_none_the_providers_name_is_looked_for(self, imap_server: ImapServer) -> None:
        with logged_in(imap_server) as client:
            client.create_folder("Sent Items")
        found, said = look_around(self.imap(imap_server), ("Sent Messages", "Sent Items"))
        assert (found.sent, said) == ("Sent Items", "login works, INBOX can be read, sent mail is in “Sent Items”")

    def test_a_folder_or_a_password_that_is_wrong(self, imap_server: ImapServer) -> None:
        with pytest.raises(MailError):
            try_imap(self.imap(imap_server, folder="Nowhere"))
        with pytest.raises(LoginRefused):
            try_imap(self.imap(imap_server, password="wrong"))

    def test_a_server_to_send_through(self, smtp_server: SmtpServer) -> None:
        said, limits = try_smtp(SmtpAccount(SmtpAddress("127.0.0.1", smtp_server.port, "none"), None))
        assert (said, limits.size) == ("the server answers", 50_000_000)
        smtp_server.stop()
        with pytest.raises(MailUnreachable):
            try_smtp(SmtpAccount(SmtpAddress("127.0.0.1", 1, "none"), None))

    def test_a_login_to_send_with(self, certificates: Certificates) -> None:
        with SecureSmtpServer(certificates) as server:
            address = SmtpAddress("127.0.0.1", server.port, "tls", "support")
            assert try_smtp(SmtpAccount(address, Typed(PASSWORD), certificates.authority))[0] == "login works"
            with pytest.raises(LoginRefused):
                try_smtp(SmtpAccount(address, Typed("wrong"), certificates.authority))
            with pytest.raises(MailUnreachable, match="certificate"):
                try_smtp(SmtpAccount(address, Typed(PASSWORD)))
