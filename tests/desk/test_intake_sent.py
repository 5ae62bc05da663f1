"""Mail that we wrote with other programs: answers to the customer, and what goes to others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.actions.undo import undo
from desk.conversation import Direction, Event, Happened, Message
from desk.desk import Desk
from desk.errors import NothingToUndo
from desk.expression import EVERYTHING
from desk.incoming import Fetched, FolderState, Outcome, Place
from desk.intake import take_in
from desk.letters import recipients
from desk.outgoing import Answer, OutboxState
from desk.people import Address
from desk.remarked import in_words
from desk.stats import measure
from desk.ticket import Status, TicketNumber
from mail.parse import parse
from tests.desk.arriving import arrive
from tests.desks import SetClock, receive
from tests.mail.mails import mail

ONE = TicketNumber(1)
OURS = {"from": "support@acme.example", "to": "dana@corp.example"}
ANSWER = mail("In-Reply-To: <1@corp.example>", body="Done.", subject="Re: Refund", message_id="<a@phone>", **OURS)


def messages(desk: Desk) -> list[Message]:
    return [each for each in desk.store.conversations.of(ONE) if isinstance(each, Message)]


class TestAnswersFromElsewhere:
    def test_one_stands_on_its_ticket_as_ours_and_settles_what_waited(self, asked: Desk, clock: SetClock) -> None:
        clock.go_on(hours=1)
        raw = ANSWER.replace(b"From: support@acme.example", b"From: Bo <bo@acme.example>")
        taken = arrive(asked, raw, is_sent=True)
        [_, answer] = messages(asked)
        assert (taken.outcome, taken.ticket, taken.entry) == (Outcome.MESSAGE, ONE, answer.id)
        assert (answer.direction, answer.author, answer.outbox) == (Direction.OUT, "bo", None)
        after = asked.ticket(ONE)
        assert (after.waiting_since, after.status, after.message_count) == (None, Status.OPEN, 2)
        assert asked.store.outbox.all() == []

    def test_it_is_no_act_of_an_agent_that_could_be_undone(self, asked: Desk) -> None:
        arrive(asked, ANSWER, is_sent=True)
        [found] = [each for each in asked.store.conversations.of(ONE) if getattr(each, "what", "") == "found_sent"]
        assert isinstance(found, Event)
        assert found.author is None
        with pytest.raises(NothingToUndo):
            undo(asked)

    def test_it_answers_only_what_was_there_before_it(self, asked: Desk, clock: SetClock) -> None:
        answered = clock.now + timedelta(hours=1)
        clock.go_on(hours=2)
        receive(asked, text="and?", answers=("<1@corp.example>",))
        arrive(asked, ANSWER, received=answered, is_sent=True)
        assert asked.ticket(ONE).waiting_since == clock.now
        receive(asked, text="late", answers=("<1@corp.example>",), received=answered - timedelta(minutes=1))
        assert asked.ticket(ONE).waiting_since == clock.now

    def test_an_answer_to_it_is_on_the_ticket(self, asked: Desk) -> None:
        arrive(asked, ANSWER, is_sent=True)
        assert receive(asked, subject="Thanks", text="ok", answers=("<a@phone>",)).number == ONE

    @pytest.mark.parametrize("order", [(True, False), (False, True)])
    def test_one_that_lies_in_the_inbox_too_stands_there_once(
        self, asked: Desk, clock: SetClock, order: tuple[bool, bool]
    ) -> None:
        clock.go_on(minutes=1)
        outcomes = [arrive(asked, ANSWER, is_sent=each).outcome for each in order]
        assert outcomes == [Outcome.MESSAGE, Outcome.DUPLICATE]
        assert [each.direction for each in messages(asked)] == [Direction.IN, Direction.OUT]
        assert asked.ticket(ONE).waiting_since is None

    def test_one_that_was_sent_automatically_settles_nothing(self, asked: Desk) -> None:
        away = ANSWER.replace(b"Subject:", b"Auto-Submitted: auto-replied\r\nSubject:")
        arrive(asked, away, is_sent=True)
        assert asked.ticket(ONE).waiting_since is not None

    def test_a_note_of_absence_that_only_its_subject_betrays_settles_nothing(self, asked: Desk) -> None:
        away = ANSWER.replace(b"Subject: Re: Refund", b"Subject: Abwesend: Re: Refund for order 88213")
        arrive(asked, away, is_sent=True)
        assert asked.ticket(ONE).waiting_since is not None

    def test_mail_that_belongs_to_no_ticket_opens_none(self, asked: Desk) -> None:
        taken = arrive(asked, mail(body="Lunch?", message_id="<l@phone>", **OURS), is_sent=True)
        assert (taken.outcome, taken.ticket, taken.entry) == (Outcome.ELSEWHERE, None, None)
        assert asked.store.tickets.count(EVERYTHING) == 1

    def test_one_that_comes_before_what_it_answers_settles_that_when_it_is_looked_at_again(
        self, desk: Desk, clock: SetClock
    ) -> None:
        asked, ledger = clock.now, desk.store.ledger
        clock.go_on(hours=1)
        place = Place("support", "Sent", 7, 1)
        ledger.put_folder(FolderState("support", "Sent", 7, 2))
        sent = Fetched(place, ANSWER, clock.now, is_sent=True)
        taken = take_in(desk, sent, parse(ANSWER), desk.blobs.put(ANSWER))
        assert taken is not None
        assert taken.outcome is Outcome.ELSEWHERE
        receive(desk, message_id="<1@corp.example>", received=asked)
        state = ledger.folder("support", "Sent")
        assert state is not None
        assert (state.again, ledger.has(place)) == ((1,), False)
        assert take_in(desk, sent, parse(ANSWER), desk.blobs.put(ANSWER)) is not None
        assert [each.direction for each in messages(desk)] == [Direction.IN, Direction.OUT]
        assert desk.ticket(ONE).waiting_since is None

    def test_it_leaves_a_closed_ticket_closed(self, asked: Desk, clock: SetClock) -> None:
        set_status(asked, ONE, Status.CLOSED)
        clock.go_on(days=300)
        assert arrive(asked, ANSWER, is_sent=True).ticket == ONE
        assert asked.ticket(ONE).status is Status.CLOSED


class TestMailToOthers:
    @pytest.mark.parametrize("names", ["In-Reply-To: <1@corp.example>", "References: <1@corp.example>"])
    def test_who_asks_a_supplier_with_another_program_has_not_answered_the_customer(
        self, asked: Desk, clock: SetClock, names: str
    ) -> None:
        before = asked.ticket(ONE)
        clock.go_on(hours=1)
        asking = {
            "from": "support@acme.example",
            "to": "parts@supplier.example",
            "subject": "Fwd: Refund for order 88213",
        }
        arrive(asked, mail(names, message_id="<f@phone>", **asking), is_sent=True)
        assert (messages(asked)[-1].direction, asked.ticket(ONE).waiting_since) == (Direction.OUT, before.waiting_since)
        assert asked.ticket(ONE).unread
        [told] = (each for each in asked.store.conversations.of(ONE) if isinstance(each, Event) and each.detail)
        assert in_words(told) == "one of us wrote to parts@supplier.example with another program"
        clock.go_on(hours=1)
        arrive(asked, ANSWER, is_sent=True)
        assert asked.ticket(ONE).waiting_since is None

    def test_neither_has_who_answers_the_supplier(self, asked: Desk, clock: SetClock) -> None:
        before = asked.ticket(ONE).waiting_since
        ours = {"from": "support@acme.example", "to": "parts@supplier.example", "subject": "Fwd: Refund"}
        theirs = {"from": "parts@supplier.example", "to": "support@acme.example", "subject": "Re: Fwd: Refund"}
        clock.go_on(hours=1)
        arrive(asked, mail("In-Reply-To: <1@corp.example>", message_id="<f@phone>", **ours), is_sent=True)
        arrive(asked, mail("In-Reply-To: <f@phone>", body="Which one?", message_id="<s@supplier>", **theirs))
        clock.go_on(hours=1)
        arrive(asked, mail("In-Reply-To: <s@supplier>", body="All.", message_id="<g@phone>", **ours), is_sent=True)
        assert asked.ticket(ONE).waiting_since == before
        clock.go_on(hours=1)
        arrive(asked, ANSWER, is_sent=True)
        assert asked.ticket(ONE).waiting_since is None

    def test_who_answers_somebody_else_of_the_customers_house_has_answered(self, desk: Desk, clock: SetClock) -> None:
        arrive(desk, mail(message_id="<1@corp.example>", **{"from": "dana@corp.example"}))
        boss = "boss@CORP.example"
        ours = {"from": "support@acme.example", "to": boss, "subject": "Re: Refund"}
        clock.go_on(hours=1)
        arrive(desk, mail("In-Reply-To: <1@corp.example>", body="Done.", message_id="<f@phone>", **ours), is_sent=True)
        assert desk.ticket(ONE).waiting_since is None
        theirs = {"from": boss, "to": "support@acme.example", "subject": "Re: Refund"}
        arrive(desk, mail("In-Reply-To: <f@phone>", body="And when?", message_id="<s@corp>", **theirs))
        assert desk.ticket(ONE).waiting_since == clock.now
        clock.go_on(hours=1)
        arrive(desk, mail("In-Reply-To: <s@corp>", body="Monday.", message_id="<g@phone>", **ours), is_sent=True)
        assert desk.ticket(ONE).waiting_since is None

    @pytest.mark.parametrize(
        ("customer", "other", "subject"),
        [
            ("dana@gmail.com", "boss@gmail.com", "Re: Refund"),
            ("dana@yahoo.co.uk", "boss@yahoo.co.uk", "Re: Refund"),
            ("dana@corp.example", "boss@corp.supplier.example", "Re: Refund"),
            ("dana@corp.example", "boss@corp.example", "Fwd: Refund"),
        ],
    )
    def test_neither_has_who_asks_others_that_share_no_house_with_the_customer_or_forwards(
        self, desk: Desk, clock: SetClock, customer: str, other: str, subject: str
    ) -> None:
        arrive(desk, mail(message_id="<1@corp.example>", **{"from": customer}))
        before = desk.ticket(ONE).waiting_since
        clock.go_on(hours=1)
        ours = {"from": "support@acme.example", "to": other, "subject": subject}
        arrive(desk, mail("In-Reply-To: <1@corp.example>", message_id="<f@phone>", **ours), is_sent=True)
        assert desk.ticket(ONE).waiting_since == before

    def test_what_was_forwarded_and_is_answered_stands_aside_and_our_reply_goes_to_the_customer(
        self, asked: Desk, clock: SetClock
    ) -> None:
        ours = {"from": "support@acme.example", "to": "parts@supplier.example", "subject": "Fwd: Refund"}
        theirs = {"from": "parts@supplier.example", "to": "support@acme.example", "subject": "Re: Fwd: Refund"}
        clock.go_on(hours=1)
        arrive(asked, mail("In-Reply-To: <1@corp.example>", message_id="<f@phone>", **ours), is_sent=True)
        arrive(asked, mail("In-Reply-To: <f@phone>", body="Which one?", message_id="<s@supplier>", **theirs))
        arrive(asked, mail("In-Reply-To: <s@supplier>", body="All.", message_id="<g@phone>", **ours), is_sent=True)
        _, forward, *aside = messages(asked)
        assert {each.side for each in (forward, *aside)} == {forward.id}
        assert asked.ticket(ONE).waiting_since is not None
        to, _ = recipients(asked, ONE)
        assert [each.email for each in to] == ["dana@corp.example"]

    def test_neither_has_who_asks_one_who_answers_before_the_question_is_found(self, asked: Desk) -> None:
        ours = {"from": "support@acme.example", "to": "parts@supplier.example", "subject": "Fwd: Refund"}
        theirs = {"from": "parts@supplier.example", "to": "support@acme.example", "subject": "Re: Fwd: Refund"}
        names = ("In-Reply-To: <f@phone>", "References: <1@corp.example> <f@phone>")
        arrive(asked, mail(*names, body="Which one?", message_id="<s@supplier>", **theirs))
        arrive(asked, mail("In-Reply-To: <1@corp.example>", message_id="<f@phone>", **ours), is_sent=True)
        assert asked.ticket(ONE).waiting_since is not None

    def test_neither_has_who_did_so_with_a_copy_to_the_desk(self, asked: Desk) -> None:
        asking = {"from": "support@acme.example", "to": "parts@supplier.example", "cc": "support@acme.example"}
        raw = mail("In-Reply-To: <1@corp.example>", message_id="<f@phone>", **asking)
        arrive(asked, raw)
        assert arrive(asked, raw, is_sent=True).outcome is Outcome.DUPLICATE
        assert asked.ticket(ONE).waiting_since is not None

    def test_an_answer_goes_to_whom_the_customer_asked_to_answer(self, desk: Desk, clock: SetClock) -> None:
        receive(desk, message_id="<1@corp.example>", reply_to=(Address("office@corp.example"),))
        clock.go_on(hours=1)
        arrive(desk, ANSWER.replace(b"To: dana@", b"To: office@"), is_sent=True)
        assert desk.ticket(ONE).waiting_since is None


def test_in_figures_an_answer_from_elsewhere_counts_for_nobody_and_settles_what_waited(
    asked: Desk, clock: SetClock
) -> None:
    clock.go_on(minutes=30)
    arrive(asked, ANSWER, is_sent=True)
    clock.go_on(hours=1)
    sent = reply(asked, ONE, Answer(text="And this.", send_in=0))
    asked.store.outbox.put(replace(sent, state=OutboxState.SENT, sent_at=clock.now))
    asked.record(Happened.SENT, asked.ticket(ONE), asked.ticket(ONE), entry=sent.entry)
    team = measure(asked.store, since=clock.now - timedelta(days=1), until=clock.now).team
    assert (team.replies, team.first_response.n, team.next_response.n) == (1, 0, 0)


@pytest.mark.parametrize("sender", ["support@acme.example", "bo@acme.example"])
@pytest.mark.parametrize("lines", [(), ("Auto-Submitted: auto-replied",), ("X-Auto-Response-Suppress: All",)])
def test_an_automatic_reply_in_the_folder_of_sent_mail_answers_nobody(
    asked: Desk, clock: SetClock, sender: str, lines: tuple[str, ...]
) -> None:
    clock.go_on(hours=1)
    before = asked.ticket(ONE)
    fields = OURS | {"from": sender, "subject": "Automatic reply: Refund", "message_id": "<away@acme>"}
    taken = arrive(asked, mail("In-Reply-To: <1@corp.example>", *lines, body="We are away.", **fields), is_sent=True)
    after = asked.ticket(ONE)
    assert (taken.ticket, taken.automatic) == (ONE, True)
    assert (after.waiting_since, after.unread, after.status) == (before.waiting_since, before.unread, before.status)
    happened = [each.what for each in asked.store.conversations.of(ONE) if isinstance(each, Event)]
    assert happened == [Happened.CREATED]
