"""Accounts with several folders on a real server: each mail once, whatever the server does with its numbers."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager

from desk.actions.accept import accept
from desk.actions.reply import reply
from desk.conversation import Direction, Message
from desk.desk import Desk
from desk.errors import MailUnreachable
from desk.incoming import Outcome, Place, Row
from desk.outgoing import Answer
from desk.people import Address
from desk.ticket import TicketNumber
from tandem.counts import Counts
from tandem.fetching import BREAKS
from tandem.folder import Progress
from tandem.loops import MailRounds
from tandem.stand_ins import NOT_FETCHED
from tandem.watching import Watched
from tandem.wiring import Office
from tandem.workshop import Workshop
from tests.journeys.mails import customer_mail
from tests.quirky_imap import CAPABILITIES, QuirkyImap
from tests.quirky_mailbox import QuirkyFolder
from tests.servers import Dovecot
from tests.tandem.offices import Opening, count, mailbox, rounds_of, subjects, texts

SENT_ELSEWHERE = (
    b"From: Acme Support <support@acme.example>\r\nTo: dana@corp.example\r\nSubject: Re: Refund for order 88213\r\n"
    b"Message-ID: <from-the-phone@acme.example>\r\nIn-Reply-To: <1@corp.example>\r\nReferences: <1@corp.example>\r\n"
    b"Date: Fri, 20 Nov 2026 10:12:00 +0200\r\n\r\nAnswered from the phone.\r\n"
)
PRIVATE = SENT_ELSEWHERE.replace(b"1@corp.example", b"lunch@corp.example").replace(b"from-the-phone", b"lunch-yes")


@contextmanager
def watched(office: Office) -> Generator[Watched]:
    """The first mailbox of a desk, watched by itself."""
    account = office.config.accounts[0]
    assert account.imap is not None
    with Workshop(office.desk.blobs) as workshop:
        support = Watched(office.desk, account.mailbox, account.imap, workshop)
        try:
            yield support
        finally:
            support.hang_up()


def uids(server: Dovecot, folder: str = "INBOX") -> list[int]:
    return sorted(server.flags(folder))


def number_of(raw: bytes) -> int:
    found = re.search(rb"Subject: Mail (\d+)", raw)
    assert found
    return int(found[1])


class TestFolders:
    def test_each_is_watched_and_a_mail_in_two_of_them_is_one(self, opened: Opening, dovecot: Dovecot) -> None:
        for folder in ("INBOX", "Support", "Urgent"):
            dovecot.deliver(customer_mail(1), folder=folder)
            dovecot.deliver(customer_mail(len(folder), subject=folder), folder=folder)
        office = opened(mailbox("support", dovecot.port, folders=["INBOX", "Support", "Urgent"]))
        counts, _ = rounds_of(office, times=2)
        assert (counts.tickets_created, counts.duplicates) == (4, 2)
        dovecot.deliver(customer_mail(8, subject="Later"), folder="Urgent")
        assert rounds_of(office)[0].tickets_created == 1

    def test_what_comes_into_any_is_seen_over_one_connection(self, opened: Opening, dovecot: Dovecot) -> None:
        dovecot.deliver(customer_mail(1), folder="Support")
        office = opened(mailbox("support", dovecot.port, folders=["INBOX", "Support"]))
        counts = Counts()
        with MailRounds(office) as rounds:
            for number, folder in enumerate(("Support", "INBOX", "Support", "INBOX"), 2):
                assert rounds.take_in(Progress(counts)) == []
                dovecot.deliver(customer_mail(number, subject=f"Mail {number}"), folder=folder)
            assert rounds.take_in(Progress(counts)) == []
        assert counts.tickets_created == count(office) == 5

    def test_what_comes_into_the_first_while_another_is_open_is_seen_at_the_next_look(self, opened: Opening) -> None:
        with QuirkyImap() as server:
            server.account.folders["Support"] = QuirkyFolder()
            office = opened(mailbox("support", server.port, folders=["INBOX", "Support"]))
            with watched(office) as support:
                assert support.look(Progress(Counts())) == []
                server.deliver(customer_mail(1))
                support.wait(0, lambda: True)
                assert support.look(Progress(Counts())) == []
                assert count(office) == 1


class TestStandIns:
    def test_one_that_breaks_off_again_and_again_fails_no_look_and_comes_when_it_can(self, opened: Opening) -> None:
        with QuirkyImap() as server:
            server.account.folders["Support"] = QuirkyFolder()
            office = opened(mailbox("support", server.port, folders=["INBOX", "Support"], more='sent = "none"'))
            server.deliver(customer_mail(1, subject="Broken"))
            server.account.quirks.cut.add(1)
            with watched(office) as support:
                for _ in range(BREAKS):
                    [wrong] = support.look(Progress(Counts()))
                    assert isinstance(wrong, MailUnreachable)
                for number in (2, 3):
                    server.deliver(customer_mail(number, subject=f"Mail {number}"), folder="INBOX")
                    support.hurry()
                    assert support.look(Progress(Counts())) == []
                assert subjects(office) == [NOT_FETCHED, "Mail 2", "Mail 3"]
                asked = len(server.commands)
                assert support.look(Progress(Counts())) == []
                assert not [each for each in server.commands[asked:] if "BODY" in each]
                server.account.quirks.cut.clear()
                support.hurry()
                assert support.look(Progress(Counts())) == []
            assert subjects(office) == [NOT_FETCHED, "Mail 2", "Mail 3", "Broken"]

    def test_many_over_which_the_connection_breaks_off_keep_no_mail_and_no_folder_waiting(
        self, opened: Opening, dovecot: Dovecot
    ) -> None:
        office = opened(mailbox("support", dovecot.port))
        for number in range(1, 21):
            dovecot.deliver(customer_mail(number, subject=f"Mail {number}"))
        for path in dovecot.home.glob("mail/new/*"):
            if number_of(path.read_bytes()) % 4 == 0:
                path.chmod(0)
        dovecot.deliver(SENT_ELSEWHERE, folder="Sent")
        with watched(office) as support:
            [wrong] = support.look(Progress(Counts()))
            assert isinstance(wrong, MailUnreachable)
            assert subjects(office) == [f"Mail {number}" for number in range(1, 21) if number % 4]
            assert texts(office)[1] == "Answered from the phone."
            dovecot.deliver(customer_mail(99, subject="Later"))
            for _ in range(BREAKS - 1):
                assert len(support.look(Progress(Counts()))) == 1
            assert sorted(subjects(office)[15:]) == [NOT_FETCHED] * 5 + ["Later"]
            assert support.look(Progress(Counts())) == []


class TestNumbers:
    def test_under_a_new_uidvalidity_nothing_is_doubled_nor_missed_and_somebody_is_told(
        self, opened: Opening, dovecot: Dovecot
    ) -> None:
        office = opened(mailbox("support", dovecot.port))
        for number in (1, 2, 3):
            dovecot.deliver(customer_mail(number, subject=f"Mail {number}"))
        assert rounds_of(office)[1] == []
        dovecot.deliver(customer_mail(4, subject="In between"))
        dovecot.renew_uidvalidity()
        counts, told = rounds_of(office)
        assert (counts.duplicates, counts.tickets_created) == (3, 1)
        assert subjects(office) == ["Mail 1", "Mail 2", "Mail 3", "In between"]
        assert len(told) == 1
        assert "support, INBOX" in told[0]
        assert rounds_of(office) == (Counts(), [])


class TestHandledMail:
    def test_it_is_moved_once_it_is_on_a_ticket(self, opened: Opening, dovecot: Dovecot) -> None:
        office = opened(mailbox("support", dovecot.port, more='move_to = "Done"'))
        with dovecot.connection() as imap:
            imap.create("Done")
        for number in (1, 2):
            dovecot.deliver(customer_mail(number, subject=f"Mail {number}"))
        assert rounds_of(office)[0].tickets_created == 2
        assert (uids(dovecot), len(uids(dovecot, "Done"))) == ([], 2)
        assert set(dovecot.flags("Done").values()) == {frozenset()}

    def test_at_gmail_it_is_moved_from_under_every_label_and_however_it_is_numbered(self, opened: Opening) -> None:
        with QuirkyImap(capabilities=f"{CAPABILITIES} X-GM-EXT-1") as gmail:
            gmail.account.folders |= {"Support": QuirkyFolder(), "Done": QuirkyFolder()}
            gmail.deliver(customer_mail(1), gmail_id=11)
            rounds_of(opened(mailbox("support", gmail.port, folders=["INBOX", "Support"])))
            gmail.account.folders["INBOX"].renew_uidvalidity()
            gmail.deliver(customer_mail(1), folder="Support", gmail_id=11)
            office = opened(mailbox("support", gmail.port, folders=["INBOX", "Support"], more='move_to = "Done"'))
            rounds_of(office)
            assert (count(office), {name: len(folder.mails) for name, folder in gmail.account.folders.items()}) == (
                1,
                {"INBOX": 0, "Support": 0, "Done": 2},
            )

    def test_a_folder_where_it_cannot_be_moved_is_wrong_until_it_can(self, opened: Opening) -> None:
        with QuirkyImap() as server:
            server.account.folders["Done"] = done = QuirkyFolder()
            office = opened(mailbox("support", server.port, more='move_to = "Done"'))
            with watched(office) as support:
                assert support.look(Progress(Counts())) == []
                del server.account.folders["Done"]
                server.deliver(customer_mail(1))
                for _ in range(2):
                    assert len(support.look(Progress(Counts()))) == 1
                    support.wait(0, lambda: True)
                server.account.folders["Done"] = done
                assert support.look(Progress(Counts())) == []
            assert len(done.mails) == 1

    def test_a_folder_to_move_to_that_is_not_there_is_told_with_those_that_are(
        self, opened: Opening, dovecot: Dovecot
    ) -> None:
        dovecot.deliver(customer_mail(1))
        with MailRounds(opened(mailbox("support", dovecot.port, more='move_to = "Nope"'))) as rounds:
            [wrong] = rounds.take_in(Progress(Counts()))
        assert wrong.message == "support: there is no folder “Nope” on the mail server"
        assert wrong.hint.startswith("there are: ")
        assert "INBOX" in wrong.hint

    def test_a_folder_of_sent_mail_that_is_not_there_keeps_no_customer_waiting(
        self, opened: Opening, dovecot: Dovecot
    ) -> None:
        dovecot.deliver(customer_mail(1))
        counts = Counts()
        with MailRounds(opened(mailbox("support", dovecot.port, more='sent = "Nope"'))) as rounds:
            [wrong] = rounds.take_in(Progress(counts))
        assert counts.tickets_created == 1
        assert wrong.message == "support: there is no folder “Nope” on the mail server"

    def test_in_a_folder_that_is_watched_for_another_mailbox_it_does_not_come_in_again(
        self, opened: Opening, dovecot: Dovecot
    ) -> None:
        with dovecot.connection() as imap:
            imap.create("Done")
        dovecot.deliver(customer_mail(1))
        dovecot.deliver(customer_mail(2, subject="Put there by hand"), folder="Done")
        support = mailbox("support", dovecot.port, more='move_to = "Done"')
        office = opened(support + mailbox("done", dovecot.port, folders=["Done"]))
        counts, _ = rounds_of(office, times=3)
        assert (counts.tickets_created, counts.messages_added, len(uids(dovecot, "Done"))) == (2, 0, 2)

    def test_watched_from_then_on_the_folder_holds_nothing_new(self, opened: Opening, dovecot: Dovecot) -> None:
        """The server said where the mails lie now, so they need not even be fetched."""
        with dovecot.connection() as imap:
            imap.create("Done")
        dovecot.deliver(customer_mail(1))
        rounds_of(opened(mailbox("support", dovecot.port, more='move_to = "Done"')))
        office = opened(mailbox("support", dovecot.port, folders=["INBOX", "Done"]))
        assert (rounds_of(office)[0].fetched, count(office)) == (0, 1)

    def test_what_a_crash_left_undone_is_done_later(self, opened: Opening, dovecot: Dovecot) -> None:
        dovecot.deliver(customer_mail(1))
        office = opened(mailbox("support", dovecot.port, more='move_to = "Missing yet"'))
        with MailRounds(office) as rounds:
            assert len(rounds.take_in(Progress(Counts()))) == 1
        assert (count(office), uids(dovecot)) == (1, [1])
        with dovecot.connection() as imap:
            imap.create('"Missing yet"')
        assert rounds_of(office)[0] == Counts()
        assert (uids(dovecot), len(uids(dovecot, "Missing yet"))) == ([], 1)

    def test_somebody_elses_deletions_stay(self, opened: Opening, dovecot: Dovecot) -> None:
        with dovecot.connection() as imap:
            imap.create("Done")
        dovecot.deliver(customer_mail(1))
        office = opened(mailbox("support", dovecot.port))
        rounds_of(office)
        with dovecot.connection() as imap:
            imap.select("INBOX")
            imap.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
        dovecot.deliver(customer_mail(2, subject="Another"))
        rounds_of(opened(mailbox("support", dovecot.port, more='move_to = "Done"')))
        assert dovecot.flags() == {1: frozenset({"\\Deleted"})}

    def test_it_is_marked_as_read_where_that_is_wanted(self, opened: Opening, dovecot: Dovecot) -> None:
        dovecot.deliver(customer_mail(1))
        rounds_of(opened(mailbox("support", dovecot.port)))
        assert dovecot.flags() == {1: frozenset()}
        dovecot.deliver(customer_mail(2, subject="Another"))
        rounds_of(opened(mailbox("support", dovecot.port, more="mark_seen = true")))
        assert dovecot.flags() == {1: frozenset(), 2: frozenset({"\\Seen"})}


class TestSentMail:
    def test_an_answer_written_elsewhere_appears_on_its_ticket_and_nothing_else_does(
        self, opened: Opening, dovecot: Dovecot
    ) -> None:
        dovecot.deliver(customer_mail(1))
        for mail in (PRIVATE, SENT_ELSEWHERE):
            dovecot.deliver(mail, folder="Sent")
        office = opened(mailbox("support", dovecot.port))
        counts, _ = rounds_of(office, times=2)
        assert (counts.fetched, counts.tickets_created, count(office)) == (2, 1, 1)
        assert texts(office) == ["Hello, where is my refund?", "Answered from the phone."]
        [answer] = [each for each in messages(office) if each.direction is Direction.OUT]
        assert answer.message_id == "<from-the-phone@acme.example>"
        sent = {uid: row.outcome for uid in (1, 2) if (row := _row(office, dovecot, uid))}
        assert sent[1] is Outcome.ELSEWHERE
        assert sent[2] is not Outcome.ELSEWHERE

    def test_one_that_only_names_the_ticket_appears_there_where_it_went_to_somebody_on_it(
        self, opened: Opening, dovecot: Dovecot
    ) -> None:
        dovecot.deliver(customer_mail(1))
        written = customer_mail(8, subject="[T-1] Your refund", text="Paid today.", sender="support@acme.example")
        for to, name in (("stranger@other.example", "x"), ("dana@corp.example", "y")):
            mail = written.replace(b"To: Acme Support <support@acme.example>", f"To: {to}".encode())
            dovecot.deliver(mail.replace(b"<8@", f"<{name}@".encode()), folder="Sent")
        office = opened(mailbox("support", dovecot.port))
        rounds_of(office, times=2)
        assert count(office) == 1
        assert [each.to for each in messages(office) if each.direction is Direction.OUT] == [
            (Address("dana@corp.example"),)
        ]

    def test_one_to_a_mail_that_comes_later_appears_with_it(self, opened: Opening, dovecot: Dovecot) -> None:
        for mail in (PRIVATE, SENT_ELSEWHERE):
            dovecot.deliver(mail, folder="Sent")
        office = opened(mailbox("support", dovecot.port))
        with watched(office) as support:
            for _ in range(2):
                assert support.look(Progress(Counts())) == []
            assert count(office) == 0
            dovecot.deliver(customer_mail(1))
            assert support.look(Progress(Counts())) == []
            assert sorted(texts(office)) == ["Answered from the phone.", "Hello, where is my refund?"]
            assert support.look(counted := Progress(Counts())) == []
            assert counted.counts == Counts()
        assert rounds_of(office) == (Counts(), [])
        assert [row.outcome for uid in (1, 2) if (row := _row(office, dovecot, uid))] == [
            Outcome.ELSEWHERE,
            Outcome.MESSAGE,
        ]

    def test_one_to_a_mail_that_was_parked_appears_once_it_is_let_in(
        self, opened: Opening, desk: Desk, dovecot: Dovecot
    ) -> None:
        dovecot.deliver(customer_mail(1, subject="Re: " * 30 + "Refund"))
        dovecot.deliver(SENT_ELSEWHERE, folder="Sent")
        office = opened(mailbox("support", dovecot.port))
        with watched(office) as support:
            assert support.look(Progress(Counts())) == []
            assert count(office) == 0
            [parked] = desk.store.parked.all()
            assert accept(desk, parked.id).ticket == 1
            assert support.look(Progress(Counts())) == []
        assert sorted(texts(office)) == ["Answered from the phone.", "Hello, where is my refund?"]

    def test_one_to_a_mail_of_another_mailbox_appears_whichever_comes_first(
        self, opened: Opening, dovecot: Dovecot
    ) -> None:
        dovecot.deliver(SENT_ELSEWHERE, folder="Sent")
        rounds_of(opened(mailbox("support", dovecot.port)))
        dovecot.deliver(customer_mail(1), folder="Support")
        both = mailbox("support", dovecot.port) + mailbox(
            "sales", dovecot.port, folders=["Support"], more='sent = "none"'
        )
        office = opened(both)
        rounds_of(office, times=2)
        assert sorted(texts(office)) == ["Answered from the phone.", "Hello, where is my refund?"]

    def test_our_own_answer_that_the_server_kept_there_is_no_second_one(
        self, opened: Opening, desk: Desk, dovecot: Dovecot
    ) -> None:
        dovecot.deliver(customer_mail(1))
        office = opened(mailbox("support", dovecot.port))
        rounds_of(office)
        entry = reply(desk, TicketNumber(1), Answer(text="On its way.", send_in=0))
        dovecot.deliver(office.desk.blobs.get(entry.raw), folder="Sent")
        counts, _ = rounds_of(office)
        assert (counts.tickets_created, counts.messages_added) == (0, 0)
        assert len([each for each in messages(office) if each.direction is Direction.OUT]) == 1

    def test_it_is_left_alone_where_that_is_wanted(self, opened: Opening, dovecot: Dovecot) -> None:
        dovecot.deliver(customer_mail(1))
        dovecot.deliver(SENT_ELSEWHERE, folder="Sent")
        office = opened(mailbox("support", dovecot.port, more='sent = "none"'))
        assert rounds_of(office)[0].fetched == 1
        named = opened(mailbox("support", dovecot.port, more='sent = "Sent"'))
        assert rounds_of(named)[0].fetched == 1


def messages(office: Office) -> list[Message]:
    entries = office.desk.store.conversations.of(TicketNumber(1))
    return [each for each in entries if isinstance(each, Message)]


def _row(office: Office, server: Dovecot, uid: int) -> Row | None:
    state = office.desk.store.ledger.folder("support", "Sent")
    assert state is not None
    return office.desk.store.ledger.row(Place("support", "Sent", state.uidvalidity, uid))
