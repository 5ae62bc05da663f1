"""Rounds of mail: what comes is there at once, what fails stops nothing else, and the end is prompt."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from desk.actions.reply import reply
from desk.delivery import Delivered
from desk.desk import Desk
from desk.errors import ConfigError, MailError, MailUnreachable, StoreBusy
from desk.outgoing import Answer
from desk.standing import WAITING, Standing
from tandem.counts import Counts
from tandem.every import Every
from tandem.folder import Progress
from tandem.following import Follower
from tandem.loops import MailRounds, deliver_due, one_round, sync_once, unsent
from tandem.paths import Home
from tandem.watching import Watched
from tandem.wiring import Office
from tests.desks import SetClock, receive
from tests.journeys.mails import customer_mail
from tests.quirky_imap import QuirkyImap
from tests.scripted_imap import ScriptedImap
from tests.servers import PASSWORD, Dovecot, ImapServer, SmtpServer
from tests.tandem.offices import PATIENCE, Opening, count, mailbox, until

SOON = 20.0
"""Seconds: long beside the second that is promised, short beside the minute that a wait may take."""


class Following:
    """Mail that is followed for a while; what is told of it is kept."""

    def __init__(self, office: Office) -> None:
        self._rounds = MailRounds(office)
        self._lock = threading.Lock()
        self.told: list[Standing] = []
        self._rests: list[tuple[str, float]] = []

    def __enter__(self) -> Self:
        self._rounds.__enter__().follow(self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rounds.__exit__(kind, error, trace)

    def hurry(self) -> None:
        self._rounds.hurry()

    def standing(self, mailbox: str = "support") -> Standing:
        """What was last told of a mailbox."""
        with self._lock:
            return next((each for each in reversed(self.told) if each.mailbox == mailbox), Standing(mailbox, ""))

    def until_it_waits(self, mailbox: str = "support") -> None:
        until(lambda: self.standing(mailbox).is_calm)

    def until_trouble(self, mailbox: str = "support") -> Standing:
        until(lambda: self.standing(mailbox).is_trouble)
        return self.standing(mailbox)

    def longest_rest(self, mailbox: str = "support") -> float:
        """Seconds, the most that was ever left until the next try when it was told."""
        with self._lock:
            return max((rest for name, rest in self._rests if name == mailbox), default=0.0)

    def _hear(self, standing: Standing) -> None:
        with self._lock:
            self.told.append(standing)
            if standing.again is not None:
                self._rests.append((standing.mailbox, (standing.again - datetime.now(UTC)).total_seconds()))


class Silenced(Watched):
    """A mailbox whose server falls silent while it is waited for, and says nothing to whoever connects again."""

    def __init__(self, office: Office) -> None:
        self.mailbox = office.desk.settings.mailboxes[0]
        self.end = threading.Event()
        self._looks = 0

    def look(self, progress: Progress) -> list[MailError]:
        del progress
        self._looks += 1
        if self._looks > 1:
            self.end.wait(PATIENCE)
        return []

    def wait(self, seconds: float, stop: Callable[[], bool]) -> None:
        del seconds
        while not stop():
            time.sleep(0.01)
        raise MailUnreachable("IMAP: mail.acme.example: the server says nothing")

    def hurry(self) -> None:
        """There is nothing to compare."""

    def hang_up(self) -> None:
        """There is no connection."""


class TestFollowing:
    def test_whoever_looks_for_mail_hears_that_the_server_is_silent_before_it_is_asked_again(
        self, opened: Opening
    ) -> None:
        office, told = opened(mailbox("support", 1)), list[Standing]()
        watched = Silenced(office)
        follower = Follower(office.desk, watched, lambda standing, _: told.append(standing))
        follower.start()
        until(lambda: [each.words for each in told] == [WAITING])
        follower.hurry()
        until(lambda: told[-1].is_trouble)
        follower.stop()
        watched.end.set()
        follower.join(PATIENCE)
        assert "says nothing" in told[-1].words

    def test_a_mail_over_pymap_is_there_at_once(self, opened: Opening, imap_server: ImapServer) -> None:
        office = opened(mailbox("support", imap_server.port))
        with Following(office) as following:
            following.until_it_waits()
            begun = time.monotonic()
            imap_server.deliver(customer_mail(1), datetime.now(UTC))
            until(lambda: count(office) == 1)
            assert time.monotonic() - begun < SOON

    def test_a_mail_that_is_there_twice_is_news_once(self, opened: Opening) -> None:
        with QuirkyImap() as server:
            server.deliver(customer_mail(1))
            server.deliver(customer_mail(1))
            with Following(opened(mailbox("support", server.port))) as following:
                following.until_it_waits()
                assert sum(each.came for each in following.told) == 1

    def test_a_mail_over_dovecot_is_taken_in_while_it_waits(self, opened: Opening, dovecot: Dovecot) -> None:
        """How soon is not asked here: on a busy machine Dovecot overlooks a mail now and then until IDLE is renewed."""
        office = opened(mailbox("support", dovecot.port))
        with Following(office) as following:
            following.until_it_waits()
            dovecot.deliver(customer_mail(1))
            until(lambda: count(office) == 1)

    def test_the_end_is_prompt_while_it_waits(self, opened: Opening, imap_server: ImapServer) -> None:
        with Following(opened(mailbox("support", imap_server.port))) as following:
            following.until_it_waits()
            begun = time.monotonic()
        assert time.monotonic() - begun < SOON

    def test_a_desk_without_mailboxes_is_followed_too(self, opened: Opening) -> None:
        with Following(opened("")) as following:
            following.hurry()
        assert following.told == []

    def test_one_connection_serves_all_the_time(self, opened: Opening, dovecot: Dovecot) -> None:
        office = opened(mailbox("support", dovecot.port))
        with Following(office) as following:
            for number in range(3):
                following.until_it_waits()
                dovecot.deliver(customer_mail(number))
                until(partial(_has, office, number + 1))
        assert (dovecot.home / "dovecot.log").read_text().count("Login: ") == 1

    def test_whoever_is_in_a_hurry_need_not_wait_for_an_announcement(self, opened: Opening) -> None:
        with (
            ScriptedImap(CAPABILITY="* CAPABILITY IMAP4rev1\r\n", SEARCH="* SEARCH\r\n") as server,
            Following(opened(mailbox("support", server.port))) as following,
        ):
            following.until_it_waits()
            before = len(server.commands)
            following.hurry()
            until(lambda: "UID SEARCH ALL" in " ".join(server.commands[before:]))

    @pytest.mark.parametrize("by_hand", [True, False], ids=["ctrl+r", "an hour"])
    def test_a_notice_goes_when_somebody_looks_for_mail_or_after_an_hour(
        self, opened: Opening, *, by_hand: bool
    ) -> None:
        with QuirkyImap() as server:
            office, clock = opened(mailbox("support", server.port)), SetClock()
            office = replace(office, desk=replace(office.desk, clock=clock))
            server.deliver(customer_mail(1))
            sync_once(office)
            server.account.folders["INBOX"].renew_uidvalidity()
            with Following(office) as following:
                following.until_it_waits()
                assert "numbered all mails anew" in following.standing().notice
                if by_hand:
                    following.hurry()
                else:
                    clock.go_on(hours=1)
                    server.deliver(customer_mail(2))
                until(lambda: following.standing().words == WAITING)


class TestTrouble:
    def test_a_dropped_connection_is_told_and_made_anew(self, opened: Opening, imap_server: ImapServer) -> None:
        office = opened(mailbox("support", imap_server.port))
        with Following(office) as following:
            following.until_it_waits()
            imap_server.hang_up()
            trouble = following.until_trouble()
            assert trouble.again is not None
            imap_server.deliver(customer_mail(1), datetime.now(UTC))
            until(lambda: count(office) == 1)

    def test_a_server_that_was_away_is_caught_up_with(self, opened: Opening, imap_server: ImapServer) -> None:
        port, office = imap_server.port, opened(mailbox("support", imap_server.port))
        with Following(office) as following:
            following.until_it_waits()
            imap_server.stop()
            following.until_trouble()
            with ImapServer(PASSWORD, port=port) as again:
                for number in (1, 2):
                    again.deliver(customer_mail(number), datetime.now(UTC))
                following.hurry()
                until(lambda: count(office) == 2)

    def test_a_mailbox_that_fails_delays_no_other(self, opened: Opening, imap_server: ImapServer) -> None:
        office = opened(mailbox("sales", 1) + mailbox("support", imap_server.port))
        with Following(office) as following:
            following.until_it_waits()
            assert following.until_trouble("sales").again is not None
            imap_server.deliver(customer_mail(1), datetime.now(UTC))
            until(lambda: count(office) == 1)

    def test_a_server_that_never_answers_delays_no_other_and_not_the_end(
        self, opened: Opening, imap_server: ImapServer
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            office = opened(mailbox("sales", silent.getsockname()[1]) + mailbox("support", imap_server.port))
            with Following(office) as following:
                following.until_it_waits()
                imap_server.deliver(customer_mail(1), datetime.now(UTC))
                until(lambda: count(office) == 1)
                begun = time.monotonic()
            assert time.monotonic() - begun < SOON

    def test_a_refused_login_is_told_and_not_hammered(self, opened: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
        with ScriptedImap(LOGIN="{tag} NO [AUTHENTICATIONFAILED] wrong\r\n") as server:
            with Following(opened(mailbox("support", server.port))) as following:
                trouble = following.until_trouble()
                assert "refuses the login" in trouble.words
                assert trouble.again is not None
                assert (trouble.again - datetime.now(UTC)).total_seconds() > 20
            assert sum("LOGIN" in each for each in server.commands) == 1

    def test_trouble_is_told_only_for_as_long_as_no_other_process_fetches(self, opened: Opening) -> None:
        with ScriptedImap(LOGIN="{tag} NO [AUTHENTICATIONFAILED] wrong\r\n") as server:
            office = opened(mailbox("support", server.port))
            with Following(office) as following:
                following.until_trouble()
                leases, now = office.desk.store.leases, datetime.now(UTC)
                leases.take("fetch support", "elsewhere", now + timedelta(minutes=1), now)
                until(lambda: "another Tandem fetches the mail" in following.standing().words)
                leases.release("fetch support", "elsewhere")
                assert "refuses the login" in following.until_trouble().words
            assert sum("LOGIN" in each for each in server.commands) == 1

    def test_a_server_that_ends_every_connection_at_once_is_left_alone_for_longer_and_longer(
        self, opened: Opening
    ) -> None:
        with ScriptedImap(IDLE="* BYE too many connections\r\n") as server:
            with Following(opened(mailbox("support", server.port))) as following:
                until(lambda: following.longest_rest() > 2)
            assert sum("LOGIN" in each for each in server.commands) > 2

    def test_how_long_a_server_asks_to_be_left_alone_is_obeyed(self, opened: Opening) -> None:
        throttled = "{tag} NO Request is throttled. Suggested Backoff Time: 92415 milliseconds\r\n"
        with (
            ScriptedImap(EXAMINE=throttled) as server,
            Following(opened(mailbox("support", server.port))) as following,
        ):
            trouble = following.until_trouble()
            assert trouble.again is not None
            assert 60 < (trouble.again - datetime.now(UTC)).total_seconds() < 93

    def test_a_folder_that_is_gone_is_told_and_stops_no_other(self, opened: Opening, dovecot: Dovecot) -> None:
        office = opened(mailbox("support", dovecot.port, folders=["INBOX", "Nowhere"]))
        with Following(office) as following:
            assert following.until_trouble().again is None
            dovecot.deliver(customer_mail(1))
            until(lambda: count(office) == 1)

    def test_a_first_folder_that_is_gone_is_told_and_the_server_not_hammered_with_logins(self, opened: Opening) -> None:
        with QuirkyImap() as server:
            office = opened(mailbox("support", server.port, folders=["Nowhere", "INBOX"]))
            with Following(office) as following:
                assert following.until_trouble().again is None
                server.deliver(customer_mail(1))
                following.hurry()
                until(lambda: count(office) == 1)
            assert sum("LOGIN" in each for each in server.commands) == 1

    def test_one_mailbox_that_fails_does_not_stop_a_round_of_the_other(
        self, opened: Opening, imap_server: ImapServer
    ) -> None:
        imap_server.deliver(customer_mail(1), datetime.now(UTC))
        counts, wrong = one_round(opened(mailbox("sales", 1) + mailbox("support", imap_server.port)))
        assert counts.tickets_created == 1
        assert [type(each) for each in wrong] == [MailUnreachable]

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


class TestCost:
    """What a look that finds nothing costs, in commands to the server; those sent in one breath wait only once."""

    def test_it_is_one_question_a_folder(self, opened: Opening) -> None:
        status = '* STATUS "Any" (UIDVALIDITY 7 UIDNEXT 4 MESSAGES 3)\r\n'
        with ScriptedImap(SEARCH="* SEARCH\r\n", STATUS=status) as server:
            office = opened(mailbox("support", server.port, folders=["INBOX", "Other", "Third"]))
            with MailRounds(office) as rounds:
                assert rounds.take_in(Progress(Counts())) == []
                before = len(server.commands)
                assert rounds.take_in(Progress(Counts())) == []
                said = [each.split()[1:3] for each in server.commands[before:]]
        assert said == [["STATUS", '"INBOX"'], ["STATUS", '"Other"'], ["UID", "SEARCH"]]


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
    @pytest.mark.breaks
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


def _has(office: Office, tickets: int) -> bool:
    return count(office) == tickets
