"""Mail that we wrote and that comes back to us: copies of it, by other ids, at other places, and over lists."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes

import pytest

from desk.actions.reply import reply
from desk.desk import Desk
from desk.expression import EVERYTHING
from desk.incoming import Fetched, Outcome, Place
from desk.intake import Taken, take_in
from desk.outgoing import Answer, OutboxEntry
from desk.people import Address
from desk.settings import Mailbox
from desk.ticket import TicketNumber
from mail.parse import parse
from tests.desk.arriving import arrive
from tests.desks import SetClock, receive
from tests.mail.mails import mail

ONE = TicketNumber(1)
OURS = {"from": "support@acme.example", "to": "dana@corp.example"}


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
