"""Copies of sent mail: one in the folder of sent mail, whoever put it there and whatever broke on the way."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event as Gate

import pytest

from desk.actions.reply import reply
from desk.actions.resend import resend
from desk.conversation import Event, Happened
from desk.desk import Desk
from desk.outgoing import Answer, Copy, OutboxEntry, OutboxState, Try, Verdict
from desk.remarked import in_words
from desk.ticket import TicketNumber
from tandem.cli.checks import outbox
from tandem.inquiring import Inquirers
from tandem.loops import MailRounds, deliver_due
from tandem.paths import Home
from tandem.providers import files_sent
from tandem.sent_copies import keeps_copy
from tandem.wiring import Office
from tests.desks import SetClock, receive
from tests.program import Program
from tests.quirky_imap import QuirkyImap
from tests.quirky_mailbox import QuirkyFolder
from tests.servers import PASSWORD, Dovecot, ImapServer, SmtpServer
from tests.tandem.offices import Opening, count, mailbox, rounds_of, until

ALWAYS = 'sent_copy = "always"'


@pytest.fixture
def quirky() -> Iterator[QuirkyImap]:
    """A server with bad habits whose account has a folder of sent mail."""
    with QuirkyImap() as server:
        server.account.folders["Sent"] = QuirkyFolder("\\Sent")
        yield server


@pytest.fixture
def queued(desk: Desk) -> OutboxEntry:
    """An answer on ticket 1 that is due."""
    return reply(desk, receive(desk).number, Answer(text="Your refund is on its way."))


def mail(office: Office, of: OutboxEntry) -> OutboxEntry:
    found = office.desk.store.outbox.get(of.id)
    assert found is not None
    return found


def looked_after(office: Office) -> None:
    """One round of looking after what was sent."""
    inquirers = Inquirers(office)
    inquirers.round()
    inquirers.join(60)


def failures(office: Office) -> list[str | None]:
    entries = office.desk.store.conversations.of(TicketNumber(1))
    return [in_words(each) for each in entries if isinstance(each, Event) and each.what is Happened.COPY_FAILED]


def earlier(office: Office, of: OutboxEntry, **span: float) -> None:
    """The mail was sent so much earlier."""
    sent = mail(office, of)
    assert sent.sent_at is not None
    office.desk.store.outbox.put(replace(sent, sent_at=sent.sent_at - timedelta(**span)))


def test_a_copy_is_put_there_as_read_with_the_mails_own_date_and_is_known_as_ours(
    opened: Opening, queued: OutboxEntry, dovecot: Dovecot, smtp_server: SmtpServer
) -> None:
    office = opened(mailbox("support", dovecot.port, smtp_server.port, more=ALWAYS))
    deliver_due(office)
    assert mail(office, queued).copy is Copy.KEPT
    with dovecot.connection() as imap:
        imap.select("Sent", readonly=True)
        _, found = imap.fetch("1", "(FLAGS INTERNALDATE BODY.PEEK[])")
    assert isinstance(found[0], tuple)
    assert found[0][1] == smtp_server.received[0].raw == office.desk.blobs.get(queued.raw)
    assert f"{queued.created:%d-%b-%Y %H:%M:%S}".encode() in found[0][0]
    assert dovecot.flags("Sent") == {1: frozenset({"\\Seen"})}
    counts, _ = rounds_of(office)
    assert (counts.duplicates, counts.tickets_created, counts.messages_added) == (1, 0, 0)
    assert count(office) == 1


def test_pymap_takes_copies_too(
    opened: Opening, queued: OutboxEntry, imap_server: ImapServer, smtp_server: SmtpServer
) -> None:
    office = opened(mailbox("support", imap_server.port, smtp_server.port, more=f'{ALWAYS}\nsent = "Sent"'))
    deliver_due(office)
    assert mail(office, queued).copy is Copy.KEPT
    assert rounds_of(office)[0].duplicates == 1


def test_a_provider_that_may_file_the_mail_itself_is_given_time_and_no_second_copy(
    opened: Opening, queued: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer
) -> None:
    office = opened(mailbox("support", quirky.port, smtp_server.port))
    deliver_due(office)
    assert mail(office, queued).copy is Copy.WANTED
    quirky.deliver(smtp_server.received[0].raw, folder="Sent")
    earlier(office, queued, seconds=30)
    looked_after(office)
    assert mail(office, queued).copy is Copy.KEPT
    assert len(quirky.account.folders["Sent"].mails) == 1


def test_where_the_provider_files_nothing_a_copy_is_put_there_a_little_later(
    opened: Opening, queued: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer
) -> None:
    office = opened(mailbox("support", quirky.port, smtp_server.port))
    deliver_due(office)
    earlier(office, queued, seconds=30)
    looked_after(office)
    assert [held.flags for held in quirky.account.folders["Sent"].mails] == [{"\\Seen"}]


def test_a_copy_that_comes_in_from_there_is_not_put_there_again(
    opened: Opening, queued: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer
) -> None:
    office = opened(mailbox("support", quirky.port, smtp_server.port))
    deliver_due(office)
    quirky.deliver(smtp_server.received[0].raw, folder="Sent")
    rounds_of(office)
    assert mail(office, queued).copy is Copy.KEPT


@pytest.mark.parametrize("more", ['sent_copy = "never"', 'sent = "none"'])
def test_where_none_is_wanted_none_is_made(
    opened: Opening, queued: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer, more: str
) -> None:
    office = opened(mailbox("support", quirky.port, smtp_server.port, more=ALWAYS))
    quirky.account.quirks.append_refused = "NO [OVERQUOTA] full"
    deliver_due(office)
    assert mail(office, queued).copy is Copy.WANTED
    office = opened(mailbox("support", quirky.port, smtp_server.port, more=more))
    looked_after(office)
    assert (mail(office, queued).copy, quirky.account.folders["Sent"].mails) == (Copy.UNWANTED, [])


def test_a_copy_that_is_refused_leaves_the_mail_sent_is_told_once_and_tried_again(
    opened: Opening, queued: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer
) -> None:
    office = opened(mailbox("support", quirky.port, smtp_server.port, more=ALWAYS))
    quirky.account.quirks.append_refused = "NO [OVERQUOTA] the mailbox is full\x1b[2J"
    assert deliver_due(office).sent == 1
    looked_after(office)
    said = "[OVERQUOTA] the mailbox is full"
    assert "0 waiting, 1 whose copy waits for the folder of sent mail: " in outbox(office)
    assert said in outbox(office)
    assert (mail(office, queued).state, mail(office, queued).copy) == (OutboxState.SENT, Copy.WANTED)
    assert said in mail(office, queued).copy_said
    [told] = failures(office)
    assert told is not None
    assert told.startswith("sent, but no copy could be put into the folder of sent mail: ")
    assert said in told
    assert "\x1b" not in told
    assert told.endswith("it is tried again")
    assert "undelivered" not in office.desk.ticket(TicketNumber(1)).holds
    quirky.account.quirks.append_refused = ""
    looked_after(office)
    assert (mail(office, queued).copy, mail(office, queued).copy_said) == (Copy.KEPT, "")


def test_a_refusal_that_ends_with_the_time_is_told_once(
    opened: Opening, queued: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer
) -> None:
    office = opened(mailbox("support", quirky.port, smtp_server.port, more=ALWAYS))
    refused = "NO [SERVERBUG] Internal error occurred. [2026-11-22 07:58:"
    quirky.account.quirks.append_refused = f"{refused}15] (0.001 + 0.000 secs)."
    assert deliver_due(office).sent == 1
    for took in ("22] (0.012 + 0.010 secs)", "43] (0.001 + 0.000 secs)"):
        quirky.account.quirks.append_refused = f"{refused}{took}."
        looked_after(office)
        assert took in mail(office, queued).copy_said
    assert len(failures(office)) == 1


def test_a_copy_that_is_refused_for_days_is_given_up(
    opened: Opening, queued: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer
) -> None:
    office = opened(mailbox("support", quirky.port, smtp_server.port, more=ALWAYS))
    quirky.account.quirks.append_refused = "NO [CANNOT] no"
    deliver_due(office)
    earlier(office, queued, days=4)
    looked_after(office)
    assert (mail(office, queued).state, mail(office, queued).copy) == (OutboxState.SENT, Copy.FAILED)
    assert len(failures(office)) == 2


@pytest.mark.parametrize("search", ["", "nothing"])
@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_connection_that_breaks_over_a_copy_leaves_exactly_one_behind(
    opened: Opening, queued: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer, cut: str, search: str
) -> None:
    """Also where the search finds nothing of what came a moment ago, or every mail there is."""
    office = opened(mailbox("support", quirky.port, smtp_server.port, more=ALWAYS))
    quirky.account.quirks.append_cut, quirky.account.quirks.header_search = cut, search
    deliver_due(office)
    assert (mail(office, queued).state, mail(office, queued).copy) == (OutboxState.SENT, Copy.WANTED)
    assert failures(office) == []
    quirky.account.quirks.append_cut = ""
    looked_after(office)
    assert mail(office, queued).copy is Copy.KEPT
    assert len(quirky.account.folders["Sent"].mails) == 1


def test_a_folder_full_of_other_mail_is_no_trouble(
    opened: Opening, queued: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer
) -> None:
    for number in range(60):
        quirky.deliver(f"Message-ID: <{number}@acme.example>\r\n\r\nhello\r\n".encode(), folder="Sent")
    office = opened(mailbox("support", quirky.port, smtp_server.port, more=ALWAYS))
    deliver_due(office)
    assert mail(office, queued).copy is Copy.KEPT
    assert len(quirky.account.folders["Sent"].mails) == 61


def test_where_nothing_can_be_searched_for_no_second_copy_is_risked(
    opened: Opening, queued: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer
) -> None:
    quirky.account.quirks.header_search = "refused"
    office = opened(mailbox("support", quirky.port, smtp_server.port, more=ALWAYS))
    deliver_due(office)
    assert (mail(office, queued).copy, quirky.account.folders["Sent"].mails) == (Copy.WANTED, [])
    assert len(failures(office)) == 1


def test_a_server_without_a_folder_of_sent_mail_gets_no_copies_unless_they_were_asked_for(
    opened: Opening, queued: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer
) -> None:
    del quirky.account.folders["Sent"]
    office = opened(mailbox("support", quirky.port, smtp_server.port, more=ALWAYS))
    deliver_due(office)
    assert mail(office, queued).copy_said == "the mail server marks no folder as that of sent mail"
    office = opened(mailbox("support", quirky.port, smtp_server.port))
    earlier(office, queued, seconds=30)
    looked_after(office)
    assert mail(office, queued).copy is Copy.UNWANTED


def test_an_imap_server_that_stalls_holds_no_mail_up(
    opened: Opening, desk: Desk, queued: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer
) -> None:
    office = opened(mailbox("support", quirky.port, smtp_server.port, more=f'{ALWAYS}\nsent = "Sent"'))
    quirky.account.quirks.append_cut = "silent"
    with MailRounds(office) as rounds:
        until(lambda: rounds.send().sent >= 0 and bool(quirky.account.folders["Sent"].mails))
        again = reply(desk, TicketNumber(1), Answer(text="And one more thing.", send_in=0))
        until(lambda: rounds.send().sent >= 0 and mail(office, again).state is OutboxState.SENT)
        quirky.hang_up()


@pytest.mark.timeout(180)
def test_a_process_that_is_killed_after_the_copy_was_taken_makes_no_second_one(
    tmp_path: Path, quirky: QuirkyImap, smtp_server: SmtpServer
) -> None:
    tandem = Program(tmp_path / "program", environment={"DESK_PASSWORD": PASSWORD})
    tandem.init(quirky.port, smtp_server.port)
    config = tandem.home / "config.toml"
    config.write_text(config.read_text().replace("[mailboxes.support.imap]", f"[mailboxes.support.imap]\n{ALWAYS}"))
    quirky.deliver(b"From: dana@corp.example\r\nTo: support@acme.example\r\nSubject: Hi\r\n\r\nHello there.\r\n")
    tandem.run("sync")
    tandem.run("reply", "1", "--text", "Good day.", "--send-in", "0s")
    quirky.account.quirks.append_cut = "silent"
    process = tandem.start("deliver")
    until(lambda: bool(quirky.account.folders["Sent"].mails))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert tandem.run("outbox", "--json").lines[0]["state"] == "sent"
    quirky.account.quirks.append_cut = ""
    for _ in range(2):
        tandem.run("deliver")
        assert len(quirky.account.folders["Sent"].mails) == 1
        assert tandem.run("outbox", "--json").lines[0]["copy"] == "kept"
    assert len(smtp_server.received) == 1
    counts = tandem.run("sync", "--json").lines[-1]
    assert (counts["tickets_created"], counts["messages_added"]) == (0, 0)


class TestUncertain:
    @pytest.fixture
    def uncertain(self, desk: Desk, clock: SetClock, queued: OutboxEntry) -> OutboxEntry:
        """An answer of which nobody knows whether it went out."""
        tried = queued.and_tried(Try(clock.now, Verdict.UNCERTAIN, "the connection was lost"))
        desk.store.outbox.put(replace(tried, state=OutboxState.UNCERTAIN, last_error="the connection was lost"))
        return queued

    def test_it_is_sent_when_it_lies_in_the_folder_of_sent_mail(
        self, opened: Opening, uncertain: OutboxEntry, dovecot: Dovecot, smtp_server: SmtpServer
    ) -> None:
        office = opened(mailbox("support", dovecot.port, smtp_server.port))
        dovecot.deliver(office.desk.blobs.get(uncertain.raw), folder="Sent")
        deliver_due(office)
        found = mail(office, uncertain)
        assert (found.state, found.copy, smtp_server.received) == (OutboxState.SENT, Copy.KEPT, [])

    def test_it_is_looked_for_again_and_never_sent_again(
        self, opened: Opening, uncertain: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer
    ) -> None:
        office = opened(mailbox("support", quirky.port, smtp_server.port))
        deliver_due(office)
        looked = mail(office, uncertain)
        assert (looked.state, [each.kind for each in looked.evidence]) == (OutboxState.UNCERTAIN, ["not_in_sent"])
        assert looked.looked_at is not None
        office.desk.store.outbox.put(replace(looked, looked_at=looked.looked_at - timedelta(days=1)))
        quirky.deliver(office.desk.blobs.get(uncertain.raw), folder="Sent")
        looked_after(office)
        assert (mail(office, uncertain).state, smtp_server.received) == (OutboxState.SENT, [])

    def test_a_server_that_is_away_is_asked_again(
        self, opened: Opening, uncertain: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer
    ) -> None:
        office = opened(mailbox("support", quirky.port, smtp_server.port))
        quirky.account.quirks.throttled = 1
        looked_after(office)
        assert mail(office, uncertain).looked_at is None
        looked_after(office)
        assert mail(office, uncertain).looked_at is not None

    def test_one_of_a_mailbox_that_is_no_longer_there_is_looked_for_in_the_first_one(
        self, opened: Opening, uncertain: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer
    ) -> None:
        office = opened(mailbox("sales", quirky.port, smtp_server.port))
        quirky.deliver(office.desk.blobs.get(uncertain.raw), folder="Sent")
        looked_after(office)
        assert mail(office, uncertain).state is OutboxState.SENT

    def test_one_that_an_agent_sends_again_is_copied_once(
        self, opened: Opening, desk: Desk, uncertain: OutboxEntry, quirky: QuirkyImap, smtp_server: SmtpServer
    ) -> None:
        resend(desk, uncertain.id)
        office = opened(mailbox("support", quirky.port, smtp_server.port, more=ALWAYS))
        deliver_due(office)
        looked_after(office)
        assert (len(smtp_server.received), len(quirky.account.folders["Sent"].mails)) == (1, 1)


@pytest.mark.timeout(180)
def test_of_two_processes_only_one_puts_a_copy_there(
    opened: Opening, queued: OutboxEntry, home: Home, quirky: QuirkyImap, smtp_server: SmtpServer
) -> None:
    """The second one comes while the first has looked for the copy and not yet put it there."""
    office = opened(mailbox("support", quirky.port, smtp_server.port, more=ALWAYS))
    quirky.account.quirks.append_gate = gate = Gate()
    program = Program(home.folder, environment={"DESK_PASSWORD": PASSWORD})
    first = program.start("deliver")
    until(lambda: any("APPEND" in each for each in quirky.commands))
    program.run("deliver")
    gate.set()
    first.communicate()
    looked_after(office)
    assert mail(office, queued).copy is Copy.KEPT
    assert len(quirky.account.folders["Sent"].mails) == len(smtp_server.received) == 1


@pytest.mark.parametrize(
    ("imap", "smtp", "filed"),
    [
        ("imap.gmail.com", "smtp.gmail.com", "by itself"),
        ("IMAP.gmail.com", "smtp.gmail.com", "by itself"),
        ("outlook.office365.com", "smtp.office365.com", "by itself"),
        ("outlook.office365.com", "smtp-mail.outlook.com", "by itself"),
        ("imap.mail.me.com", "smtp.mail.me.com", ""),
        ("mail.acme.example", "smtp.gmail.com", ""),
        ("mail.acme.example", "mail.acme.example", ""),
    ],
)
def test_who_files_sent_mail_is_known_by_both_servers(imap: str, smtp: str, filed: str) -> None:
    assert files_sent(imap, smtp) is (filed == "by itself")


def test_with_a_provider_that_files_sent_mail_none_is_put_there_unless_it_was_asked_for(opened: Opening) -> None:
    gmail = (
        '[mailboxes.support]\naddress = "support@acme.example"\n'
        '[mailboxes.support.imap]\nurl = "imaps://support@imap.gmail.com"\npassword_env = "DESK_PASSWORD"\n{more}\n'
        '[mailboxes.support.smtp]\nurl = "smtps://support@smtp.gmail.com:465"\npassword_env = "DESK_PASSWORD"\n'
    )
    assert not keeps_copy(opened(gmail.format(more="")).config, "support")
    assert keeps_copy(opened(gmail.format(more=ALWAYS)).config, "support")
