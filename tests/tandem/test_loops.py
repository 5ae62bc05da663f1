"""Rounds of mail: what comes is there at once, what fails stops nothing else, and the end is prompt."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.actions.reply import reply
from desk.delivery import Delivered
from desk.desk import Desk
from desk.errors import ConfigError, MailError, MailUnreachable, StoreBusy, TandemError
from desk.expression import EVERYTHING
from desk.outgoing import Answer
from tandem.config import read_config
from tandem.loops import Every, MailRounds, deliver_due, one_round, sync_once, unsent
from tandem.paths import Home
from tandem.wiring import Office, build_office
from tests.desks import receive
from tests.journeys.mails import customer_mail
from tests.servers import PASSWORD, Dovecot, ImapServer, SmtpServer

PATIENCE = 20.0
SOON = 5.0
"""Seconds: long beside the second that is promised, short beside the minute that a wait may take."""


def mailbox(name: str, imap: int, smtp: int = 1) -> str:
    return (
        f'[mailboxes.{name}]\naddress = "{name}@acme.example"\n'
        f'[mailboxes.{name}.imap]\nurl = "imap://support@127.0.0.1:{imap}/INBOX?security=none"\n'
        'password_env = "DESK_PASSWORD"\n'
        f'[mailboxes.{name}.smtp]\nurl = "smtp://127.0.0.1:{smtp}?security=none"\n'
    )


Opening = Callable[[str], Office]


@pytest.fixture
def opened(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opening]:
    """Opens the desk under given settings."""
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    offices: list[Office] = []

    def open_office(settings: str) -> Office:
        home.config.write_text(settings)
        offices.append(build_office(home, read_config(home.config)))
        return offices[-1]

    yield open_office
    for office in offices:
        office.close()


def count(office: Office) -> int:
    return office.desk.store.tickets.count(EVERYTHING)


class Fetching:
    """A round of fetching in a thread of its own, as the screen has one."""

    def __init__(self, rounds: MailRounds) -> None:
        self.stop, self._waiting = threading.Event(), threading.Event()
        self.fetched: int | None = None
        self.error: TandemError | None = None
        self._rounds = rounds
        self._thread = threading.Thread(target=self._fetch)
        self._thread.start()

    def _fetch(self) -> None:
        try:
            self.fetched = self._rounds.fetch(self.stop.is_set, self._tell)
        except TandemError as error:
            self.error = error

    def _tell(self, words: str) -> None:
        if words == "waiting for mail":
            self._waiting.set()

    def until_it_waits(self) -> None:
        assert self._waiting.wait(PATIENCE)
        time.sleep(0.3)  # until IDLE has begun; when it has not, the mail is seen even sooner

    def ended(self) -> float:
        """Wait for the end; returns how long that took."""
        started = time.monotonic()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        return time.monotonic() - started


class TestWaiting:
    def test_a_mail_over_pymap_is_there_at_once(self, opened: Opening, imap_server: ImapServer) -> None:
        office = opened(mailbox("support", imap_server.port))
        with MailRounds(office) as rounds:
            fetching = Fetching(rounds)
            fetching.until_it_waits()
            imap_server.deliver(customer_mail(1), datetime.now(UTC))
            assert fetching.ended() < SOON
        assert (fetching.fetched, count(office)) == (1, 1)

    def test_a_mail_over_dovecot_is_there_at_once(self, opened: Opening, dovecot: Dovecot) -> None:
        office = opened(mailbox("support", dovecot.port))
        with MailRounds(office) as rounds:
            fetching = Fetching(rounds)
            fetching.until_it_waits()
            dovecot.deliver(customer_mail(1))
            assert fetching.ended() < SOON
        assert (fetching.fetched, count(office)) == (1, 1)

    def test_mail_that_lies_there_already_is_not_waited_for(self, opened: Opening, imap_server: ImapServer) -> None:
        imap_server.deliver(customer_mail(1), datetime.now(UTC))
        with MailRounds(opened(mailbox("support", imap_server.port))) as rounds:
            assert rounds.fetch(lambda: False, lambda _: None) == 1

    def test_a_wait_ends_promptly_when_asked_to(self, opened: Opening, imap_server: ImapServer) -> None:
        with MailRounds(opened(mailbox("support", imap_server.port))) as rounds:
            fetching = Fetching(rounds)
            fetching.until_it_waits()
            fetching.stop.set()
            assert fetching.ended() < SOON
        assert (fetching.fetched, fetching.error) == (0, None)

    def test_a_desk_without_mailboxes_waits_and_ends_promptly_too(self, opened: Opening) -> None:
        with MailRounds(opened("")) as rounds:
            fetching = Fetching(rounds)
            fetching.until_it_waits()
            fetching.stop.set()
            assert fetching.ended() < SOON
        assert fetching.fetched == 0

    def test_one_connection_serves_many_rounds(self, opened: Opening, dovecot: Dovecot) -> None:
        with MailRounds(opened(mailbox("support", dovecot.port))) as rounds:
            for number in range(3):
                dovecot.deliver(customer_mail(number))
                assert rounds.fetch(lambda: False, lambda _: None) == 1
        assert (dovecot.home / "dovecot.log").read_text().count("Login: ") == 1


class TestTrouble:
    def test_a_dropped_connection_is_told_once_and_made_anew(self, opened: Opening, imap_server: ImapServer) -> None:
        office = opened(mailbox("support", imap_server.port))
        with MailRounds(office) as rounds:
            fetching = Fetching(rounds)
            fetching.until_it_waits()
            imap_server.hang_up()
            assert fetching.ended() < SOON
            assert isinstance(fetching.error, MailUnreachable)
            imap_server.deliver(customer_mail(1), datetime.now(UTC))
            assert rounds.fetch(lambda: False, lambda _: None) == 1
        assert count(office) == 1

    def test_a_server_that_comes_back_is_found_again(self, opened: Opening, imap_server: ImapServer) -> None:
        port = imap_server.port
        with MailRounds(opened(mailbox("support", port))) as rounds:
            imap_server.stop()
            for _ in range(2):
                with pytest.raises(MailUnreachable):
                    rounds.fetch(lambda: False, lambda _: None)
            with ImapServer(PASSWORD, port=port) as again:
                again.deliver(customer_mail(1), datetime.now(UTC))
                assert rounds.fetch(lambda: False, lambda _: None) == 1

    def test_one_mailbox_that_fails_does_not_stop_the_other(self, opened: Opening, imap_server: ImapServer) -> None:
        with ImapServer(PASSWORD) as gone:
            port = gone.port
        office = opened(mailbox("sales", port) + mailbox("support", imap_server.port))
        with MailRounds(office) as rounds:
            for number in (1, 2):
                imap_server.deliver(customer_mail(number), datetime.now(UTC))
                with pytest.raises(MailUnreachable):
                    rounds.fetch(lambda: False, lambda _: None)
                assert count(office) == number

    def test_a_password_that_is_not_there_stops_neither_the_other_mailbox_nor_what_goes_out(
        self, opened: Opening, imap_server: ImapServer
    ) -> None:
        imap_server.deliver(customer_mail(1), datetime.now(UTC))
        sales = mailbox("sales", imap_server.port).replace("DESK_PASSWORD", "NOT_SET_ANYWHERE")
        counts, wrong = one_round(opened(sales + mailbox("support", imap_server.port)))
        assert counts.tickets_created == 1
        assert [type(each) for each in wrong] == [ConfigError]

    def test_all_or_an_error(self, opened: Opening, imap_server: ImapServer, smtp_server: SmtpServer) -> None:
        office = opened(mailbox("support", imap_server.port, smtp_server.port))
        assert sync_once(office).fetched == 0
        imap_server.stop()
        with pytest.raises(MailUnreachable):
            sync_once(office)

    def test_a_second_hang_up_is_no_trouble(self, opened: Opening, imap_server: ImapServer) -> None:
        imap_server.deliver(customer_mail(1), datetime.now(UTC))
        with MailRounds(opened(mailbox("support", imap_server.port))) as rounds:
            rounds.fetch(lambda: False, lambda _: None)
            imap_server.stop()


class TestDelivering:
    def test_every_failure_of_our_own_is_logged(
        self, opened: Opening, desk: Desk, home: Home, caplog: pytest.LogCaptureFixture
    ) -> None:
        unreadable = [reply(desk, receive(desk).number, Answer(text=f"Answer {number}")).raw for number in (1, 2)]
        for digest in unreadable:
            path = home.mail / digest[:2] / digest[2:]
            path.unlink()
            path.mkdir()
        assert len(deliver_due(opened(mailbox("support", 1))).broken) == 2
        assert [digest for digest in unreadable if digest[2:] not in caplog.text] == []


class TestUnsent:
    def test_all_sent_is_nothing_wrong(self) -> None:
        assert unsent(Delivered(sent=3)) == []

    def test_what_nobody_knows_is_for_the_ticket_to_say(self) -> None:
        assert unsent(Delivered(uncertain=1)) == []

    def test_what_the_server_did_not_take_is_its_fault(self) -> None:
        [wrong] = unsent(Delivered(sent=1, deferred=2, refused=1))
        assert isinstance(wrong, MailError)
        assert str(wrong) == "not every mail was sent: 2 put off, 1 refused (`tandem outbox` says why)"

    def test_our_own_failures_come_first(self) -> None:
        busy = StoreBusy("busy")
        assert unsent(Delivered(broken=(busy,), refused=1))[0] is busy


class TestEvery:
    def test_it_goes_on_after_a_round_that_broke_and_ends_with_the_block(self, tmp_path: Path) -> None:
        done = threading.Semaphore(0)

        def work() -> None:
            done.release()
            raise ZeroDivisionError

        with Every(0.01, work):
            for _ in range(3):
                assert done.acquire(timeout=PATIENCE)
        while done.acquire(blocking=False):
            pass
        assert not done.acquire(timeout=0.1)
