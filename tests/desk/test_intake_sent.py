"""Mail that we wrote ourselves: copies of it, answers from other programs, and what colleagues forward."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes

import pytest

from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.set_customer import confirm_customer, set_customer
from desk.actions.status import set_status
from desk.actions.undo import undo
from desk.conversation import Direction, Event, Happened, Message
from desk.desk import Desk
from desk.errors import NothingToUndo, RefusedError, UndoTooLate
from desk.expression import EVERYTHING
from desk.incoming import Fetched, FolderState, Outcome, Place
from desk.intake import Taken, take_in
from desk.letters import recipients
from desk.outgoing import Answer, OutboxEntry, OutboxState
from desk.people import Address
from desk.remarked import in_words
from desk.settings import Mailbox
from desk.stats import measure
from desk.ticket import Status, TicketNumber
from mail.parse import parse
from tests.desk.arriving import arrive
from tests.desks import DANA, SUPPORT, SetClock, receive
from tests.mail.mails import mail, multipart, part

ONE = TicketNumber(1)
OURS = {"from": "support@acme.example", "to": "dana@corp.example"}
ANSWER = mail("In-Reply-To: <1@corp.example>", body="Done.", subject="Re: Refund", message_id="<a@phone>", **OURS)


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """A desk with Dana's mail on ticket 1."""
    receive(desk, message_id="<1@corp.example>")
    return desk


def messages(desk: Desk) -> list[Message]:
    return [each for each in desk.store.conversations.of(ONE) if isinstance(each, Message)]


def bytes_of(desk: Desk, sent: OutboxEntry) -> bytes:
    return desk.blobs.get(sent.raw)


class TestOurOwnMail:
    def test_a_copy_in_the_sent_folder_is_no_new_message_and_settles_nothing(self, asked: Desk) -> None:
        sent = reply(asked, ONE, Answer(text="Done."))
        before = asked.ticket(ONE), asked.store.outbox.get(sent.id)
        taken = arrive(asked, bytes_of(asked, sent), is_sent=True)
        assert (taken.outcome, taken.ticket, taken.entry) == (Outcome.DUPLICATE, ONE, sent.entry)
        assert (asked.ticket(ONE), asked.store.outbox.get(sent.id)) == before

    @pytest.mark.parametrize("keeps", [b"X-Microsoft-Original-Message-ID: ", b"References: <1@corp.example> "])
    def test_a_copy_under_another_id_makes_that_id_known(self, asked: Desk, keeps: bytes) -> None:
        sent = reply(asked, ONE, Answer(text="Done."))
        ours = sent.message_id.encode()
        raw = bytes_of(asked, sent).replace(b"Message-ID: " + ours, b"Message-ID: <new@outlook.example>")
        raw = raw.replace(b"References: <1@corp.example>", keeps + ours)
        assert arrive(asked, raw, is_sent=True).outcome is Outcome.DUPLICATE
        after = receive(asked, subject="RE: well", text="thanks", answers=("<new@outlook.example>",))
        assert (after.number, after.message_count) == (ONE, 3)

    def test_a_list_that_sends_our_mail_back_under_its_own_name_brings_no_new_one(self, asked: Desk) -> None:
        sent = reply(asked, ONE, Answer(text="Done."))
        raw = bytes_of(asked, sent).replace(b"support@acme.example>\r\nTo", b"list@lists.example>\r\nTo")
        assert message_from_bytes(raw)["From"].endswith("<list@lists.example>")
        assert arrive(asked, raw).outcome is Outcome.DUPLICATE

    def test_what_we_wrote_to_others_and_got_as_a_blind_copy_opens_nothing(self, desk: Desk) -> None:
        taken = arrive(desk, mail(body="An offer", **OURS))
        assert (taken.outcome, taken.ticket) == (Outcome.ELSEWHERE, None)
        assert desk.store.tickets.count(EVERYTHING) == 0

    @pytest.mark.parametrize("to", ["support@acme.example", "contact@acme.example"])
    def test_a_form_that_writes_as_us_still_arrives(self, desk: Desk, to: str) -> None:
        form = mail(body="A question", **{"from": "support@acme.example", "to": to})
        assert arrive(desk, form).outcome is Outcome.TICKET

    @pytest.mark.parametrize("to", ["undisclosed-recipients:;", ""])
    def test_what_we_wrote_to_people_whom_it_does_not_name_opens_nothing(self, desk: Desk, to: str) -> None:
        ours = {"from": "support@acme.example", "to": to}
        assert arrive(desk, mail(body="News", message_id="<n@x>", **ours)).outcome is Outcome.ELSEWHERE
        form = mail(body="A question", message_id="<q@x>", **ours, reply_to="visitor@corp.example")
        assert arrive(desk, form).outcome is Outcome.TICKET
        stranger = mail(body="Hi", message_id="<s@x>", to=to)
        assert arrive(desk, stranger).outcome is Outcome.TICKET

    def test_a_mail_from_one_of_our_mailboxes_to_another_arrives(self, desk: Desk) -> None:
        sales = Mailbox(name="sales", address=Address("sales@acme.example"), aliases=(Address("buy@acme.example"),))
        desk = replace(desk, settings=replace(desk.settings, mailboxes=(*desk.settings.mailboxes, sales)))
        taken = arrive(desk, mail(body="For you", **{"from": "buy@acme.example", "to": "support@acme.example"}))
        assert taken.outcome is Outcome.TICKET

    def test_a_mail_to_two_of_our_mailboxes_is_one_ticket_of_the_one_it_names_first(self, desk: Desk) -> None:
        sales = Mailbox(name="sales", address=Address("sales@acme.example"))
        desk = replace(desk, settings=replace(desk.settings, mailboxes=(*desk.settings.mailboxes, sales)))
        outcomes = list[Taken | None]()
        for uid, mailbox in enumerate(("sales", "support"), start=1):
            raw = f"Received: by {mailbox}\r\n".encode() + mail(cc="sales@acme.example")
            fetched = Fetched(Place(mailbox, "INBOX", 1, uid), raw, desk.clock())
            outcomes.append(take_in(desk, fetched, parse(raw), desk.blobs.put(raw)))
        assert [each.outcome for each in outcomes if each] == [Outcome.TICKET, Outcome.DUPLICATE]
        assert desk.ticket(ONE).mailbox == "support"

    def test_a_mail_without_an_id_is_known_again_at_another_place(self, desk: Desk) -> None:
        bare = mail(message_id="")
        outcomes = [arrive(desk, way + bare).outcome for way in (b"Received: a\r\n", b"Received: b\r\n")]
        assert outcomes == [Outcome.TICKET, Outcome.DUPLICATE]
        assert arrive(desk, mail(message_id="", body="Another")).outcome is Outcome.TICKET


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


FORWARD = part("text/plain", "see below"), part("message/rfc822", "From: Dana Petrova <dana@corp.example>\n\nHello")


def by(sender: str, raw: bytes) -> bytes:
    return raw.replace(b"From: Ann Example <ann@customer.example>", f"From: {sender}".encode(), 1)


def forwarded(desk: Desk, sender: str = "Bo Lind <bo@acme.example>") -> TicketNumber:
    raw = by(sender, multipart("mixed", *FORWARD, message_id="<f@x>"))
    number = arrive(desk, raw).ticket
    assert number is not None
    return number


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


class TestForwarded:
    def test_what_a_colleague_forwards_proposes_who_wrote_it(self, desk: Desk) -> None:
        ticket = desk.ticket(forwarded(desk))
        assert (ticket.customer.email, ticket.proposed_customer) == ("bo@acme.example", DANA)

    @pytest.mark.parametrize("sender", ["Kim <kim@corp.example>", "Dana <dana@corp.example>"])
    def test_what_customers_forward_proposes_nobody(self, desk: Desk, sender: str) -> None:
        assert desk.ticket(forwarded(desk, sender)).proposed_customer is None

    @pytest.mark.parametrize("inner", ["support@acme.example", "ana@acme.example", "nobody"])
    def test_nobody_of_ours_is_proposed(self, desk: Desk, inner: str) -> None:
        arrive(desk, by("bo@acme.example", multipart("mixed", part("message/rfc822", f"From: {inner}\n\nHello"))))
        assert desk.ticket(ONE).proposed_customer is None

    def test_of_two_nobody_is_proposed(self, desk: Desk) -> None:
        inner = [part("message/rfc822", f"From: {each}@corp.example\n\nHello") for each in ("dana", "kim")]
        arrive(desk, by("bo@acme.example", multipart("mixed", *inner)))
        assert desk.ticket(ONE).proposed_customer is None

    def test_an_agent_confirms_it_and_answers_go_to_the_customer(self, desk: Desk) -> None:
        number = forwarded(desk)
        assert recipients(desk, number)[0] == (Address("bo@acme.example", "Bo Lind"),)
        after = confirm_customer(desk, number)
        assert (after.customer, after.proposed_customer) == (DANA, None)
        assert recipients(desk, number) == ((DANA,), ())
        with pytest.raises(RefusedError, match="nobody is proposed"):
            confirm_customer(desk, number)

    def test_it_can_be_undone_and_done_again(self, desk: Desk) -> None:
        before = desk.ticket(forwarded(desk))
        confirm_customer(desk, before.number)
        undo(desk)
        back = desk.ticket(before.number)
        assert (back.customer, back.proposed_customer) == (before.customer, DANA)
        redo(desk)
        assert desk.ticket(before.number).customer == DANA

    def test_it_is_too_late_once_somebody_set_another(self, desk: Desk) -> None:
        number = forwarded(desk)
        set_customer(desk, number, Address("kim@corp.example"))
        ticket = desk.ticket(number)
        desk.store.tickets.put(replace(ticket, customer=DANA))
        with pytest.raises(UndoTooLate, match="changed again since"):
            undo(desk)

    def test_our_own_address_is_nobodys_customer(self, desk: Desk) -> None:
        with pytest.raises(RefusedError, match="an address of this desk"):
            set_customer(desk, forwarded(desk), SUPPORT)

    def test_a_customer_who_writes_herself_is_answered_as_before(self, desk: Desk) -> None:
        number = confirm_customer(desk, forwarded(desk)).number
        kim = Address("kim@corp.example", "Kim")
        receive(desk, sender=kim, subject="Re: Order", answers=("<f@x>",))
        assert recipients(desk, number)[0] == (kim,)
        assert Happened.NEWCOMER in [
            each.what for each in desk.store.conversations.of(number) if isinstance(each, Event)
        ]


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


def over_list(desk: Desk, sent: OutboxEntry, name: str) -> bytes:
    """Our answer as a list sends it on: under its own address, with its footer; `name` says what else it changes."""
    raw = bytes_of(desk, sent).replace(b"support@acme.example>", b"team@lists.example>", 1)
    tokened = f"support+{sent.message_id.strip('<>').split('@')[0]}@acme.example"
    if name != "id":
        raw = raw.replace(sent.message_id.encode(), b"<by@lists.example>")
    named = f"References: {sent.message_id}\r\n" if name == "reference" else ""
    raw = raw if name == "id" else re.sub(rb"(?im)^(?:references|in-reply-to):.*\r\n(?:[ \t].*\r\n)*", b"", raw)
    reply_to = tokened if name == "token" else "support@acme.example"
    head = f"List-Id: <team.lists.example>\r\nReply-To: {reply_to}\r\n{named}".encode()
    return head + raw + b"\r\n-- \r\nThe list of the team\r\n"


@pytest.mark.parametrize("name", ["id", "reference", "token"])
def test_our_answer_that_comes_back_over_a_list_under_its_address_is_known_as_ours(
    asked: Desk, clock: SetClock, name: str
) -> None:
    clock.go_on(hours=1)
    sent = reply(asked, ONE, Answer(text="Done."))
    raw = over_list(asked, sent, name)
    assert b"team@lists.example" in raw
    clock.go_on(hours=1)
    before = asked.ticket(ONE)
    assert arrive(asked, raw).ticket == ONE
    assert asked.ticket(ONE) == before
    assert asked.store.tickets.count(EVERYTHING) == 1


def test_our_answer_that_comes_back_over_a_list_that_wants_the_answers_is_known_as_ours(
    asked: Desk, clock: SetClock
) -> None:
    raw = over_list(asked, reply(asked, ONE, Answer(text="Done.")), "id")
    clock.go_on(hours=1)
    before = asked.ticket(ONE)
    assert arrive(asked, raw.replace(b"Reply-To: support@acme.example", b"Reply-To: team@lists.example")).ticket == ONE
    assert asked.ticket(ONE) == before


@pytest.mark.parametrize("date", ["Fri, 20 Nov 2026 09:00:10 +0000", "Fri, 20 Nov 2026 10:00:00 +0000"])
def test_a_customers_answer_over_a_list_that_is_ours_still_waits(asked: Desk, clock: SetClock, date: str) -> None:
    sent = reply(asked, ONE, Answer(text="Done."))
    clock.go_on(hours=1)
    lines = ("List-Id: <support.acme.example>", "Reply-To: support@acme.example", f"In-Reply-To: {sent.message_id}")
    fields = {"from": "dana@corp.example", "subject": "Re: Refund", "date": date}
    assert arrive(asked, mail(*lines, body="Thanks, but no.", **fields)).ticket == ONE
    assert asked.ticket(ONE).waiting_since == clock.now


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
