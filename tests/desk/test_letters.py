"""From an answer to a letter: who gets it, what it is called, where answers to it go, and what it goes on from."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage

import pytest

from desk.actions.draft import save_draft
from desk.actions.forward import forward
from desk.actions.merge import merge
from desk.actions.new import begin
from desk.actions.reply import reply
from desk.beginning import Beginning
from desk.conversation import Message, Purpose
from desk.desk import Desk
from desk.draft import DraftKind
from desk.errors import RefusedError
from desk.letters import letter_for, recipients
from desk.outgoing import Answer, Limits, OutboxEntry, SendingAccount, Wording
from desk.people import Address
from desk.settings import Mailbox, ReplyTo, Settings
from desk.subjects import tagged
from desk.ticket import Ticket, TicketNumber
from desk.written import Written
from tests.desk.arriving import arrive, mail_from
from tests.desks import DANA, SUPPORT, receive

COURIER = Address("desk@courier.example", "Courier")


def mail_of(desk: Desk, entry: OutboxEntry) -> EmailMessage:
    return email.message_from_bytes(desk.blobs.get(entry.raw), policy=email.policy.default)


def written_so(desk: Desk, *, tags_subject: bool = False, reply_to: ReplyTo = "none", address: str = "") -> Desk:
    """The desk with a mailbox whose mails look so."""
    own = Address(address or SUPPORT.email, "Acme Support")
    mailbox = Mailbox(name="support", address=own, tags_subject=tags_subject, reply_to=reply_to)
    return replace(desk, settings=Settings(mailboxes=(mailbox,)))


def knowing(desk: Desk, *, size: int | None = None, smtputf8: bool = False) -> None:
    """The mail server said so when it was last asked."""
    limits = Limits(size=size, smtputf8=smtputf8, dsn=False)
    desk.store.senders.put(SendingAccount(mailbox="support", limits=limits, seen_at=desk.clock()))


def last_mail(desk: Desk, ticket: Ticket) -> Message:
    return [each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Message)][-1]


class TestRecipients:
    """Everybody in the talk, without ourselves."""

    def test_our_addresses_are_left_out_in_every_form_that_reaches_us(self, desk: Desk) -> None:
        help_desk = Address("help@acme.example")
        mailbox = Mailbox(name="support", address=SUPPORT, aliases=(help_desk,))
        desk = replace(desk, settings=Settings(mailboxes=(mailbox,)))
        boss = Address("boss@corp.example", "Boss")
        ours = (Address("SUPPORT@acme.example"), help_desk, Address("support+sales@acme.example"))
        ticket = receive(desk, to=(*ours, boss), cc=(Address("help+x@acme.example"), SUPPORT))
        assert recipients(desk, ticket.number) == ((DANA,), (boss,))

    def test_what_is_no_address_is_not_where_the_answer_is_asked_to_go(self, desk: Desk) -> None:
        named = receive(desk, reply_to=(Address("dana"), COURIER))
        assert recipients(desk, named.number)[0] == (COURIER,)
        typed = receive(desk, reply_to=(Address("dana"),))
        assert recipients(desk, typed.number)[0] == (DANA,)

    def test_a_colleague_whom_the_customer_named_gets_a_copy_but_not_the_one_who_writes(self, desk: Desk) -> None:
        ana, bo = Address("ana@acme.example"), Address("bo@acme.example")
        ticket = receive(desk, cc=(ana, bo))
        assert recipients(desk, ticket.number) == ((DANA,), (bo,))

    def test_a_second_mail_to_somebody_who_has_not_answered_goes_where_the_first_one_went(self, desk: Desk) -> None:
        begun = begin(desk, Beginning(to=(DANA,), cc=(COURIER,), subject="A parcel", text="It comes."))
        assert recipients(desk, begun.ticket) == ((DANA,), (COURIER,))
        again = mail_of(desk, reply(desk, begun.ticket, Answer(text="It came.")))
        assert (again["To"], again["Cc"]) == (str(DANA), str(COURIER))
        assert (again["Subject"], again["In-Reply-To"]) == ("Re: A parcel", begun.message_id)

    def test_what_was_chosen_goes_before_what_the_ticket_says(self, desk: Desk) -> None:
        ticket = receive(desk, cc=(COURIER,))
        boss = Address("boss@corp.example")
        wording = Wording(to=(boss,), cc=(), bcc=(COURIER,), subject="Your refund")
        mail = mail_of(desk, entry := reply(desk, ticket.number, Answer(text="Hello", wording=wording)))
        assert (mail["To"], mail["Cc"], mail["Bcc"], mail["Subject"]) == (boss.email, None, None, "Your refund")
        assert entry.recipients == (boss.email, COURIER.email)

    def test_an_address_of_another_script_is_kept_in_copy_once_the_server_is_known_to_carry_it(
        self, desk: Desk
    ) -> None:
        other = Address("почта@пример.example")
        ticket = receive(desk, cc=(other,))
        assert recipients(desk, ticket.number)[1] == ()
        knowing(desk, smtputf8=True)
        assert recipients(desk, ticket.number)[1] == (other,)
        assert reply(desk, ticket.number, Answer(text="Hello")).recipients[1] == "почта@xn--e1afmkfd.example"

    def test_a_customer_whom_the_server_cannot_reach_is_told_of_before_anything_is_queued(self, desk: Desk) -> None:
        ticket = receive(desk, sender=Address("почта@пример.example"))
        with pytest.raises(RefusedError, match="is not ASCII, which our mail server is not known to carry"):
            reply(desk, ticket.number, Answer(text="Hello"))
        assert desk.store.outbox.all() == []


def test_a_mail_that_is_too_large_for_the_server_is_refused_before_it_is_queued(desk: Desk) -> None:
    ticket = receive(desk)
    knowing(desk, size=100_000)
    with pytest.raises(RefusedError, match=r"this mail has 0\.2\d* MB and the mail server takes at most 0\.1 MB"):
        reply(desk, ticket.number, Answer(text="word " * 40_000))
    assert desk.store.outbox.all() == []


class TestSubjects:
    """`[T-123]`, where a mailbox wants it."""

    @pytest.mark.parametrize(
        ("subject", "marked"),
        [
            ("Refund", "[T-7] Refund"),
            ("Re: Refund", "Re: [T-7] Refund"),
            ("Re: [T-7] Refund", "Re: [T-7] Refund"),
            ("[T-7] Re: Refund", "Re: [T-7] Refund"),
            ("AW: WG: [t-7]  Refund", "AW: WG: [T-7] Refund"),
            ("Re: [T-7] AW: [T-7] Refund", "Re: AW: [T-7] Refund"),
            ("Re: [T-5] Refund", "Re: [T-7] Refund"),
            ("Fwd: [Ticket 7] Refund [T-7]", "Fwd: [T-7] [Ticket 7] Refund"),
            ("Re:", "Re: [T-7]"),
            ("", "[T-7]"),
        ],
    )
    def test_the_number_stands_once_behind_the_prefixes(self, subject: str, marked: str) -> None:
        assert tagged(subject, 7) == marked
        assert tagged(marked, 7) == marked

    def test_it_stays_one_through_a_whole_talk(self, desk: Desk) -> None:
        desk = written_so(desk, tags_subject=True)
        ticket = receive(desk, subject="Refund", message_id="<1@corp.example>")
        answer = mail_of(desk, reply(desk, ticket.number, Answer(text="Hello")))
        assert answer["Subject"] == "Re: [T-1] Refund"
        again = receive(desk, subject=f"AW: {answer['Subject']}", text="More", answers=(str(answer["Message-ID"]),))
        assert again.number == ticket.number
        assert mail_of(desk, reply(desk, ticket.number, Answer(text="Hi")))["Subject"] == "Re: [T-1] Refund"

    def test_a_subject_that_was_chosen_carries_it_too(self, desk: Desk) -> None:
        desk = written_so(desk, tags_subject=True)
        number = receive(desk).number
        letter = letter_for(desk, number, Answer(text="Hello", wording=Wording(subject="Your money")))
        assert letter.subject == "[T-1] Your money"

    def test_without_being_asked_for_there_is_none(self, desk: Desk) -> None:
        assert letter_for(desk, receive(desk).number, Answer(text="Hello")).subject == "Re: Refund for order 88213"


class TestReplyTo:
    """Where answers are to go, where a mailbox says so."""

    def test_without_being_asked_for_there_is_none(self, desk: Desk) -> None:
        assert mail_of(desk, reply(desk, receive(desk).number, Answer(text="Hello")))["Reply-To"] is None

    def test_it_can_be_the_mailbox_itself(self, desk: Desk) -> None:
        desk = written_so(desk, reply_to="plain")
        mail = mail_of(desk, reply(desk, receive(desk).number, Answer(text="Hello")))
        assert mail["Reply-To"] == "Acme Support <support@acme.example>"

    def test_an_answer_that_names_nothing_else_finds_its_ticket_by_the_token_in_it(self, desk: Desk) -> None:
        desk = written_so(desk, reply_to="token")
        ticket = receive(desk)
        mail = mail_of(desk, reply(desk, ticket.number, Answer(text="Hello")))
        [asked] = mail["Reply-To"].addresses
        assert asked.username.startswith("support+t1.")
        raw = mail_from("Dana <dana@corp.example>", "Something else entirely").replace(
            b"To: support@acme.example", f"To: {str(asked.addr_spec).upper()}".encode()
        )
        taken = arrive(desk, raw)
        assert taken.ticket == ticket.number
        assert recipients(desk, ticket.number) == ((Address("dana@corp.example", "Dana"),), ())

    @pytest.mark.parametrize("address", ["support+eu@acme.example", f"{'s' * 40}@acme.example"])
    def test_where_there_is_no_room_for_a_token_it_is_the_mailbox(self, desk: Desk, address: str) -> None:
        desk = written_so(desk, reply_to="token", address=address)
        mail = mail_of(desk, reply(desk, receive(desk).number, Answer(text="Hello")))
        assert [each.addr_spec for each in mail["Reply-To"].addresses] == [address]


class TestPurposes:
    """Answers go on from what came; first mails and forwards begin a talk."""

    def test_a_first_mail_refers_to_nothing_and_is_no_answer(self, desk: Desk) -> None:
        number = receive(desk).number
        wording = Wording(to=(COURIER,), subject="A parcel")
        letter = letter_for(desk, number, Answer(text="Hello", purpose=Purpose.NEW, wording=wording))
        assert (letter.in_reply_to, letter.references, letter.answered) == (None, (), "")
        assert (letter.to, letter.cc, letter.subject) == ((COURIER,), (), "A parcel")

    def test_a_forward_is_called_so_and_tells_nobody_whose_mails_it_comes_from(self, desk: Desk) -> None:
        ticket = receive(desk, subject="Re: Refund", message_id="<1@corp.example>")
        entry = forward(desk, ticket.number, None, Answer(text="Where is it?", wording=Wording(to=(COURIER,))))
        mail = mail_of(desk, entry)
        assert mail["Subject"] == "Fwd: Refund"
        assert (mail["In-Reply-To"], mail["References"]) == (None, entry.message_id)

    def test_what_is_written_to_whoever_answered_a_forward_goes_on_from_that_answer(self, desk: Desk) -> None:
        ticket = receive(desk, message_id="<1@corp.example>")
        entry = forward(desk, ticket.number, None, Answer(text="Where is it?", wording=Wording(to=(COURIER,))))
        receive(
            desk, sender=COURIER, subject="Re: Fwd: Refund", message_id="<c@courier.example>",
            answers=(entry.message_id,), references=(entry.message_id,), text="At the depot.",
        )  # fmt: skip
        answer = last_mail(desk, ticket)
        again = forward(desk, ticket.number, answer.id, Answer(text="Thanks", wording=Wording(to=(COURIER,))))
        mail = mail_of(desk, again)
        assert mail["In-Reply-To"] == "<c@courier.example>"
        assert mail["References"].split() == [entry.message_id, "<c@courier.example>"]
        customers = mail_of(desk, reply(desk, ticket.number, Answer(text="It is at the depot.")))
        assert customers["In-Reply-To"] == "<1@corp.example>"
        assert "courier" not in customers.as_string()

    def test_an_automatic_mail_comes_from_the_mailbox_and_not_from_an_agent(self, desk: Desk) -> None:
        ticket = receive(desk, message_id="<1@corp.example>")
        nobody = replace(desk, acting=None)
        answer = Answer(text="We have it.", purpose=Purpose.AUTOMATIC, wording=Wording(to=(DANA,), cc=()))
        letter = letter_for(nobody, ticket.number, answer)
        assert (letter.sender, letter.in_reply_to) == (SUPPORT, "<1@corp.example>")

    def test_what_outlook_sorts_by_is_taken_from_the_mail_that_is_answered(self, desk: Desk) -> None:
        index = "AdxR8E3CqGZ0Zk1jTBK7mVbUFMzZ8A=="
        raw = mail_from("Dana <dana@corp.example>", "Invoice", "", "Thread-Topic: Invoice", f"Thread-Index: {index}")
        number = arrive(desk, raw).ticket
        assert number is not None
        mail = mail_of(desk, reply(desk, TicketNumber(number), Answer(text="Hello")))
        assert (mail["Thread-Topic"], mail["Thread-Index"]) == ("Invoice", index)


def test_on_a_merged_ticket_an_answer_names_the_mails_of_whoever_gets_it_and_nobody_elses(desk: Desk) -> None:
    kim = Address("kim@else.example", "Kim Else")
    dana = receive(desk, subject="Printer", message_id="<1@corp.example>").number
    toner = receive(desk, subject="Toner", sender=kim, message_id="<2@else.example>").number
    save_draft(desk, dana, DraftKind.REPLY, Written("To Dana"))
    merge(desk, [dana], toner)
    [draft] = desk.store.drafts.of(toner)
    letter = letter_for(desk, toner, Answer(text=draft.text, wording=draft.wording))
    assert [each.email for each in letter.to] == ["dana@corp.example"]
    assert (letter.in_reply_to, letter.references) == ("<1@corp.example>", ("<1@corp.example>",))
    unasked = letter_for(desk, toner, Answer(text="To Kim"))
    assert (unasked.in_reply_to, unasked.references) == ("<2@else.example>", ("<2@else.example>",))
    boss = Wording(to=(Address("boss@corp.example"),))
    assert letter_for(desk, toner, Answer(text="To the boss", wording=boss)).in_reply_to == "<2@else.example>"
