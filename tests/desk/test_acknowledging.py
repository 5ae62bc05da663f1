"""Automatic answers: to a person's first mail alone, within bounds, never in a loop, and stopped by one switch."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from email import message_from_bytes, policy

import pytest

from desk.acknowledged import Stopped, acknowledged
from desk.actions.accept import accept
from desk.actions.acknowledge import go_on_acknowledging, stop_acknowledging
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.conversation import Event, Happened, Message, OutboxId, Purpose
from desk.delivery import deliver
from desk.desk import Desk
from desk.errors import NoAgent
from desk.incoming import IMPORTED, Fetched, Outcome, Place
from desk.intake import take_in
from desk.intake.acknowledging import MOST_A_DOMAIN, MOST_AN_HOUR
from desk.letters import recipients
from desk.outgoing import Answer, Attempt, OutboxEntry, OutboxState, Verdict
from desk.parked import ParkedId
from desk.people import Address
from desk.remarked import in_words
from desk.settings import Acknowledge
from desk.ticket import Status, TicketNumber
from mail.parse import parse
from tests.desk.arriving import arrive, mail_from
from tests.desks import SUPPORT, SetClock
from tui.reader.conversation import Conversation
from tui.reader.lines import Frame
from tui.reader.opened import load
from tui.reader.view import View, first_open

TEXT = "We have your mail.\nIts number is {number}."
FIRST = TicketNumber(1)
DANA = "Dana <dana@corp.example>"


@pytest.fixture
def told(desk: Desk) -> Desk:
    """The desk, with a mailbox that answers first mails by itself; nobody acts."""
    [mailbox] = desk.settings.mailboxes
    mailbox = replace(mailbox, acknowledge=Acknowledge(TEXT))
    return replace(desk, settings=replace(desk.settings, mailboxes=(mailbox,)), acting=None)


def automatic(desk: Desk) -> list[OutboxEntry]:
    return [each for each in reversed(desk.store.outbox.all()) if each.purpose is Purpose.AUTOMATIC]


def sent_to(desk: Desk) -> list[str]:
    return [address for each in automatic(desk) for address in each.recipients]


def events(desk: Desk, what: Happened) -> list[str | None]:
    entries = desk.store.conversations.of(FIRST)
    return [in_words(each) for each in entries if isinstance(each, Event) and each.what is what]


def given(desk: Desk, times: int, domain: str = "") -> None:
    """So many answers were given just now."""
    for number in range(times):
        person = Address(f"given{number}@{domain or f'given{number}.example'}")
        one = acknowledged(desk.store.secret(), person, f"words {number}", desk.clock())
        desk.store.acknowledgements.add(one)


class Taking:
    """Implements desk.ports.Sender: takes mails, or gives the answer it was told."""

    def __init__(self, attempt: Attempt | None = None) -> None:
        self.attempt = attempt or Attempt(Verdict.SENT, "250 ok")
        self.taken: list[OutboxId] = []

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: object) -> Attempt:
        del raw, entering_data
        self.taken.append(entry.id)
        return self.attempt


def delivered(desk: Desk, sender: Taking) -> list[OutboxId]:
    deliver(desk, sender, owner="me", is_gone=lambda _: False)
    return sender.taken


class TestWhoGetsOne:
    def test_nobody_where_the_mailbox_has_none(self, desk: Desk) -> None:
        arrive(desk, mail_from(DANA))
        assert desk.store.outbox.all() == []

    def test_a_person_who_opens_a_ticket_gets_one_mail_that_says_what_it_is(self, told: Desk) -> None:
        arrive(told, mail_from(DANA, "Printer"))
        [queued] = automatic(told)
        mail = message_from_bytes(told.blobs.get(queued.raw), policy=policy.default)
        question = told.store.conversations.with_message_id(mail["In-Reply-To"])[0]
        assert (mail["To"], mail["Subject"], mail["From"]) == (
            DANA,
            "Re: Printer",
            "Acme Support <support@acme.example>",
        )
        assert question.sender.email == "dana@corp.example"
        assert mail["Auto-Submitted"] == "auto-replied"
        assert mail["X-Auto-Response-Suppress"] == "All"
        assert mail["X-Loop"]
        assert mail["Precedence"] is None
        assert "Its number is 1." in mail.get_content()
        assert queued.recipients == ("dana@corp.example",)
        assert events(told, Happened.ACKNOWLEDGED) == ["Tandem put an automatic answer to the customer into the outbox"]

    def test_it_ends_nobodys_wait_and_is_shown_as_automatic(self, told: Desk) -> None:
        arrive(told, mail_from(DANA))
        sender = Taking()
        assert len(delivered(told, sender)) == 1
        ticket = told.ticket(FIRST)
        assert ticket.waiting_since == ticket.created
        [ours] = [each for each in told.store.conversations.of(FIRST) if isinstance(each, Message) and each.outbox]
        assert (ours.automatic, ours.author) == ("Tandem sent it by itself", None)
        assert [each.email for each in recipients(told, FIRST)[0]] == ["dana@corp.example"]

    def test_only_the_first_mail_of_a_ticket_is_answered(self, told: Desk) -> None:
        arrive(told, mail_from(DANA, "Printer"))
        [queued] = automatic(told)
        arrive(told, mail_from(DANA, "Re: Printer", "", f"In-Reply-To: {queued.message_id}"))
        assert len(automatic(told)) == 1

    @pytest.mark.parametrize(
        ("sender", "lines"),
        [
            (DANA, ["Auto-Submitted: auto-generated"]),
            (DANA, ["Precedence: bulk"]),
            (DANA, ["Precedence: list"]),
            (DANA, ["List-Id: <talk.corp.example>"]),
            (DANA, ["List-Unsubscribe: <mailto:off@corp.example>"]),
            (DANA, ["X-Autoreply: yes"]),
            (DANA, ["Return-Path: <>"]),
            (DANA, ["X-Auto-Response-Suppress: OOF, AutoReply"]),
            (DANA, ["X-Loop: somebody@corp.example"]),
            (DANA, ["Reply-To: support+x@acme.example"]),
            ("noreply@corp.example", []),
            ("postmaster@corp.example", []),
            ("MAILER-DAEMON@corp.example", []),
            ("support@acme.example", []),
            ("Bo <bo@acme.example>", []),
            ("nobody", []),
        ],
    )
    def test_machines_lists_ourselves_and_colleagues_get_none(self, told: Desk, sender: str, lines: list[str]) -> None:
        arrive(told, mail_from(sender, "Question", "", *lines))
        assert automatic(told) == []

    def test_a_form_that_writes_for_somebody_gets_none_and_neither_do_they(self, told: Desk) -> None:
        """Whoever fills it in may name anybody."""
        lines = ["Auto-Submitted: auto-generated", "Reply-To: victim@other.example"]
        arrive(told, mail_from("form@shop.example", "Question", "", *lines))
        assert told.ticket(FIRST).customer.email == "victim@other.example"
        assert automatic(told) == []

    def test_who_does_not_write_to_us_gets_none(self, told: Desk) -> None:
        """Blind copies and what was forwarded on the way were not written to this desk."""
        raw = mail_from(DANA).replace(b"To: support@acme.example", b"To: sales@other.example")
        arrive(told, raw)
        assert (told.ticket(FIRST).customer.email, automatic(told)) == ("dana@corp.example", [])

    def test_a_mail_without_an_id_of_its_own_gets_none(self, told: Desk) -> None:
        lines = [each for each in mail_from(DANA).split(b"\r\n") if not each.startswith(b"Message-ID")]
        arrive(told, b"\r\n".join(lines))
        assert automatic(told) == []

    def test_old_mail_gets_none(self, told: Desk, clock: SetClock) -> None:
        arrive(told, mail_from(DANA), clock.now - timedelta(hours=2))
        assert automatic(told) == []

    def test_imported_mail_gets_none(self, told: Desk, clock: SetClock) -> None:
        raw = mail_from(DANA)
        fetched = Fetched(Place("support", IMPORTED, 1, 1), raw, clock.now)
        assert take_in(told, fetched, parse(raw), told.blobs.put(raw)) is not None
        assert automatic(told) == []

    def test_a_mail_that_claims_another_ticket_gets_none(self, told: Desk) -> None:
        arrive(told, mail_from(DANA, "Printer"))
        arrive(told, mail_from("eve@other.example", "Printer [T-1]"))
        assert sent_to(told) == ["dana@corp.example"]

    def test_parked_mail_gets_none_when_an_agent_takes_it_in(self, told: Desk, desk: Desk) -> None:
        assert arrive(told, mail_from(DANA, "Answer: " * 6 + "hello")).outcome is Outcome.PARKED
        assert accept(replace(told, acting=desk.acting), ParkedId(1)).outcome is Outcome.TICKET
        assert automatic(told) == []


class TestBounds:
    def test_an_address_gets_one_a_day(self, told: Desk, clock: SetClock) -> None:
        for hours in (0, 1, 22, 2):
            clock.go_on(hours=hours)
            arrive(told, mail_from(DANA))
        assert len(automatic(told)) == 2

    def test_equal_words_get_one_a_day_whoever_writes_them(self, told: Desk) -> None:
        for number in range(5):
            text = f"Your request {number} was received and will be handled by our team as soon as possible."
            arrive(told, mail_from(f"robot{number}@host{number}.example", f"Case {number}", text))
        assert sent_to(told) == ["robot0@host0.example"]

    def test_a_domain_gets_twenty_an_hour(self, told: Desk, clock: SetClock) -> None:
        given(told, MOST_A_DOMAIN - 1, "corp.example")
        for name in ("one", "two"):
            arrive(told, mail_from(f"{name}@corp.example"))
        arrive(told, mail_from("three@other.example"))
        assert sent_to(told) == ["one@corp.example", "three@other.example"]
        clock.go_on(hours=1, minutes=1)
        arrive(told, mail_from("four@corp.example"))
        assert sent_to(told)[2:] == ["four@corp.example"]

    def test_far_too_many_stop_them_all_until_an_agent_says_otherwise(self, told: Desk, desk: Desk) -> None:
        given(told, MOST_AN_HOUR - 1)
        for number in range(3):
            arrive(told, mail_from(f"a@one{number}.example"))
        assert sent_to(told) == ["a@one0.example"]
        stopped = told.store.acknowledgements.stopped()
        assert stopped is not None
        assert (stopped.by, stopped.why) == (None, "more than 100 were sent within an hour")
        assert {each.state for each in automatic(told)} == {OutboxState.CANCELLED}
        assert go_on_acknowledging(replace(told, acting=desk.acting))
        assert told.store.acknowledgements.stopped() is None

    def test_two_desks_that_answer_each_other_end_at_once(self, told: Desk) -> None:
        """A machine that says nothing of being one, answers from a new address each time, and never refers to us."""
        arrive(told, mail_from(DANA))
        for number in range(10):
            said = message_from_bytes(told.blobs.get(automatic(told)[-1].raw), policy=policy.default).get_content()
            arrive(told, mail_from(f"robot{number}@corp.example", "Re: Question", f"You wrote: {said}"))
        assert len(automatic(told)) <= 2

    def test_nothing_that_is_remembered_names_anybody(self, told: Desk) -> None:
        arrive(told, mail_from(DANA))
        known = told.store.acknowledgements
        assert known.count(told.clock() - timedelta(hours=1)) == 1
        assert known.count(told.clock() - timedelta(hours=1), "address", "dana@corp.example") == 0

    def test_what_is_a_day_old_is_forgotten(self, told: Desk, clock: SetClock) -> None:
        arrive(told, mail_from(DANA))
        clock.go_on(hours=25)
        arrive(told, mail_from("eve@other.example"))
        assert told.store.acknowledgements.count(clock.now - timedelta(days=10)) == 1


class TestTheSwitch:
    def test_off_stops_new_ones_and_those_that_wait(self, told: Desk, desk: Desk) -> None:
        arrive(told, mail_from(DANA))
        assert stop_acknowledging(desk) == 1
        arrive(told, mail_from("eve@other.example"))
        assert [each.state for each in automatic(told)] == [OutboxState.CANCELLED]
        assert delivered(told, Taking()) == []
        assert events(told, Happened.STOPPED) == ["the automatic answer was not sent: ana switched them off"]
        assert told.store.acknowledgements.stopped() == Stopped(at=told.clock(), by=desk.me.handle)

    def test_on_goes_on_with_new_mail_only(self, told: Desk, desk: Desk) -> None:
        stop_acknowledging(desk)
        arrive(told, mail_from(DANA))
        assert go_on_acknowledging(desk)
        assert not go_on_acknowledging(desk)
        arrive(told, mail_from("eve@other.example"))
        assert sent_to(told) == ["eve@other.example"]

    def test_one_that_was_just_being_sent_does_not_leave_later(self, told: Desk, desk: Desk, clock: SetClock) -> None:
        arrive(told, mail_from(DANA))

        class SwitchedOff(Taking):
            def send(self, entry: OutboxEntry, raw: bytes, entering_data: object) -> Attempt:
                stop_acknowledging(desk)
                return super().send(entry, raw, entering_data)

        delivered(told, SwitchedOff(Attempt(Verdict.DEFERRED, "451 later")))
        clock.go_on(hours=1)
        assert delivered(told, Taking()) == []
        assert [each.state for each in automatic(told)] == [OutboxState.CANCELLED]

    def test_what_agents_write_leaves_all_the_same(self, told: Desk, desk: Desk, clock: SetClock) -> None:
        arrive(told, mail_from(DANA))
        stop_acknowledging(desk)
        answer = reply(desk, FIRST, Answer(text="Good day."))
        clock.go_on(minutes=1)
        assert delivered(told, Taking()) == [answer.id]

    def test_somebody_must_have_done_it(self, told: Desk) -> None:
        with pytest.raises(NoAgent):
            stop_acknowledging(told)


def test_an_automatic_answer_that_comes_back_starts_nothing(told: Desk) -> None:
    arrive(told, mail_from(DANA))
    [queued] = automatic(told)
    raw = told.blobs.get(queued.raw)
    arrive(told, raw, is_sent=True)
    arrive(told, raw)
    assert len(automatic(told)) == 1
    assert told.ticket(FIRST).message_count == 2
    assert SUPPORT.key not in {each.key for each in recipients(told, FIRST)[0]}


def test_one_that_fails_or_comes_back_opens_no_ticket(told: Desk, desk: Desk) -> None:
    arrive(told, mail_from(DANA))
    set_status(desk, FIRST, Status.CLOSED)
    delivered(told, Taking(Attempt(Verdict.REFUSED, "550 no such user")))
    assert [each.state for each in automatic(told)] == [OutboxState.REFUSED]
    assert told.ticket(FIRST).status is Status.CLOSED
    [queued] = automatic(told)
    told.store.outbox.put(replace(queued, state=OutboxState.SENT))
    report = ["Content-Type: multipart/report; report-type=delivery-status; boundary=e", "MIME-Version: 1.0"]
    parts = (
        "--e\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        "Final-Recipient: rfc822; dana@corp.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--e\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {queued.message_id}\r\n\r\n--e--\r\n"
    )
    assert arrive(told, mail_from("MAILER-DAEMON@mx.example", "Returned", parts, *report)).outcome is Outcome.BOUNCE
    assert [each.state for each in automatic(told)] == [OutboxState.BOUNCED]
    assert told.ticket(FIRST).status is Status.CLOSED


def test_on_the_screen_it_is_a_line_that_says_what_it_is(told: Desk, desk: Desk, clock: SetClock) -> None:
    arrive(told, mail_from(DANA))
    opened, frame = load(desk, FIRST), Frame(120, clock(), UTC)
    lines = [each.text for each in Conversation().lines(opened, View(entries=first_open(opened)), frame)]
    [line] = [each for each in lines if "automatic: Tandem sent it by itself" in each]
    assert "Dana" in line
    assert not any("Its number is" in each for each in lines)
