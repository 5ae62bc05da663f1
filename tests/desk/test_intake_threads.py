"""Which ticket a mail goes on with, from its bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.conversation import Event, Happened
from desk.desk import Desk
from desk.letters import recipients
from desk.outgoing import Answer
from desk.people import Address
from desk.ticket import Status, Ticket, TicketNumber
from desk.tokens import is_signed, named_by, new_token
from tests.desk.arriving import arrive
from tests.desks import SetClock
from tests.mail.mails import mail

DANA, EVE = "Dana Petrova <dana@corp.example>", "Eve <eve@elsewhere.example>"


def taken(desk: Desk, *lines: str, sender: str = DANA, body: str = "Hello", **fields: str) -> Ticket:
    number = arrive(desk, mail(*lines, **{"from": sender, "body": body, "message_id": f"<{body}@x>", **fields})).ticket
    assert number is not None
    return desk.ticket(number)


def told(desk: Desk, number: TicketNumber, what: Happened) -> list[dict[str, str]]:
    entries = desk.store.conversations.of(number)
    return [each.detail for each in entries if isinstance(each, Event) and each.what is what]


@pytest.fixture
def token(desk: Desk) -> str:
    """The token of our answer to Dana's first mail, which is on ticket 1."""
    ticket = taken(desk, subject="Refund", message_id="<first@corp.example>")
    return reply(desk, ticket.number, Answer(text="Done.")).message_id.strip("<>").partition("@")[0]


class TestTokens:
    def test_one_leads_only_to_the_ticket_it_was_made_for(self, desk: Desk) -> None:
        ticket, secret = taken(desk), desk.store.secret()
        made = new_token(secret, ticket)
        assert named_by(made) == ticket.number
        assert is_signed(secret, made, ticket)
        assert not is_signed(b"another desk's", made, ticket)
        assert not is_signed(secret, made, replace(ticket, number=TicketNumber(2)))
        assert not is_signed(secret, made[:-1] + ("a" if made[-1] != "a" else "b"), ticket)

    def test_one_from_before_a_restored_backup_leads_to_no_other_matter(self, desk: Desk, clock: SetClock) -> None:
        lost = replace(taken(desk), created=clock.now.replace(year=2025))
        assert not is_signed(desk.store.secret(), new_token(desk.store.secret(), lost), taken(desk))

    @pytest.mark.parametrize("field", ["to", "cc", "delivered_to"])
    def test_one_in_an_address_leads_to_its_ticket_whatever_the_subject_and_the_case(
        self, desk: Desk, token: str, field: str
    ) -> None:
        fields = {field: f"Support <support+{token.upper()}@acme.example>"}
        assert taken(desk, subject="from my phone", body="again", **fields).number == 1

    def test_one_in_an_id_of_another_domain_leads_to_its_ticket(self, desk: Desk, token: str) -> None:
        assert taken(desk, f"In-Reply-To: <{token}@relay.example>", subject="Other", body="again").number == 1

    def test_our_address_with_one_is_ours_and_gets_no_copy_of_an_answer(self, desk: Desk, token: str) -> None:
        to = f"Support+{token}@acme.example, Kim <kim@corp.example>"
        ticket = taken(desk, subject="Refund", body="More", to=to)
        assert ticket.number == 1
        assert [each.get("got") for each in told(desk, ticket.number, Happened.NEWCOMER)] == ["kim@corp.example"]
        assert [each.email for addresses in recipients(desk, ticket.number) for each in addresses] == [
            "dana@corp.example",
            "kim@corp.example",
        ]
        assert not desk.settings.is_own(Address(f"kim+{token}@corp.example"))
        assert not desk.settings.is_own(Address("support+sales@acme.example"))

    def test_one_in_references_needs_the_same_subject(self, desk: Desk, token: str) -> None:
        references = f"References: <{token}@relay.example>"
        assert taken(desk, references, subject="Re: Refund", body="a").number == 1
        assert taken(desk, references, subject="Another matter", body="b").number == 2

    def test_a_stranger_with_one_that_we_signed_is_on_its_ticket(self, desk: Desk, token: str) -> None:
        after = taken(desk, sender=EVE, to=f"support+{token}@acme.example", subject="Hi", body="from Eve")
        assert after.number == 1
        assert told(desk, after.number, Happened.NEWCOMER)[-1]["wrote"] == "eve@elsewhere.example"

    def test_one_with_a_wrong_signature_is_only_a_claim(self, desk: Desk, token: str) -> None:
        forged = token[:-4] + ("aaaa" if token[-4:] != "aaaa" else "bbbb")
        after = taken(desk, to=f"support+{forged}@acme.example", subject="Hi", body="forged")
        assert (after.number, after.claims) == (2, 1)
        assert told(desk, after.number, Happened.CLAIMED) == [{"ticket": "1"}]


class TestSubjects:
    def test_a_known_participant_may_name_the_ticket_in_the_subject(self, desk: Desk) -> None:
        taken(desk, "Cc: boss@corp.example", subject="Refund")
        for sender in (DANA, "boss@corp.example"):
            assert taken(desk, sender=sender, subject="Re: [T-1] hello", body=sender[:4]).number == 1

    def test_a_stranger_who_names_it_gets_a_ticket_that_says_so(self, desk: Desk) -> None:
        before = taken(desk, subject="Refund")
        after = taken(desk, sender=EVE, subject="Re: [T-1] Refund", body="pay me instead")
        assert (after.number, after.claims, desk.ticket(before.number)) == (2, 1, before)

    def test_whoever_writes_as_us_is_no_participant(self, desk: Desk) -> None:
        taken(desk, subject="Refund")
        form = taken(desk, sender="support@acme.example", subject="[T-1]", body="form", reply_to=EVE)
        assert (form.number, form.claims) == (2, 1)

    def test_whoever_names_a_known_person_only_for_the_answer_is_a_stranger(self, desk: Desk) -> None:
        taken(desk, subject="Refund")
        form = taken(desk, sender="no-reply@elsewhere.example", subject="[T-1]", body="pay", reply_to=f"{DANA}, {EVE}")
        assert (form.number, form.claims) == (2, 1)

    def test_whoever_is_to_get_the_answer_is_told_of_as_new(self, desk: Desk) -> None:
        taken(desk, subject="Refund", message_id="<first@corp.example>")
        taken(desk, subject="Re: Refund", body="more", in_reply_to="<first@corp.example>", reply_to=f"{DANA}, {EVE}")
        assert told(desk, TicketNumber(1), Happened.NEWCOMER) == [{"got": "eve@elsewhere.example"}]

    @pytest.mark.parametrize("subject", ["Refund", "Re: Refund", "[T-77] Refund", "Re: [T-0] Refund", "T-1 Refund"])
    def test_a_subject_alone_leads_nowhere(self, desk: Desk, subject: str) -> None:
        taken(desk, subject="Refund")
        after = taken(desk, subject=subject, body="again")
        assert (after.number, after.claims) == (2, None)


class TestIds:
    def test_all_ids_are_looked_at_wherever_ours_stands(self, desk: Desk) -> None:
        taken(desk, subject="Refund", message_id="<ours@corp.example>")
        lines = "In-Reply-To: <another-desk@x>", "References: <a@x> <ours@corp.example> <b@x> <another-desk@x>"
        assert taken(desk, *lines, subject="Re: Refund", body="again").number == 1

    def test_an_answer_that_comes_before_its_mail_waits_for_it(self, desk: Desk) -> None:
        boss = taken(desk, "In-Reply-To: <first@x>", f"Cc: {DANA}", sender="boss@corp.example", subject="Re: Refund")
        assert taken(desk, subject="Refund", message_id="<first@x>").number == boss.number
        assert taken(desk, sender=EVE, subject="Refund", message_id="<first@x>", body="not I").number != boss.number

    def test_the_newest_of_several_tickets_wins_and_the_others_are_named(self, desk: Desk) -> None:
        for number in (1, 2, 3):
            taken(desk, subject="Refund", message_id=f"<{number}@corp.example>", body=f"matter {number}")
        lines = ("References: <1@corp.example> <2@corp.example> <3@corp.example>",)
        after = taken(desk, *lines, subject="Re: Refund", body="about all")
        assert after.number == 3
        assert told(desk, after.number, Happened.ALSO_ABOUT) == [{"tickets": "2 1"}]

    def test_an_id_that_many_mails_share_leads_where_the_subject_does(self, desk: Desk) -> None:
        parcels = "info@parcels.example"
        tickets = [
            taken(desk, sender=parcels, subject=f"Parcel {each}", message_id="<same@x>", body=f"no {each}").number
            for each in range(1, 4)
        ]
        assert tickets == [1, 2, 3]
        answers = {"sender": parcels, "body": "it is late"}
        assert taken(desk, "In-Reply-To: <same@x>", subject="Re: Parcel 2", **answers).number == 2
        assert taken(desk, "In-Reply-To: <same@x>", subject="Re: Parcel 9", sender=EVE, body="eh").number == 4

    def test_a_merged_ticket_is_followed_and_a_circle_ends(self, desk: Desk) -> None:
        for number in (1, 2, 3):
            taken(desk, subject=f"Matter {number}", message_id=f"<{number}@x>", body=f"matter {number}")
        one, two, three = (desk.ticket(TicketNumber(each)) for each in (1, 2, 3))
        with desk.store.transaction():
            desk.store.tickets.put(replace(one, merged_into=two.number))
            desk.store.tickets.put(replace(two, merged_into=three.number))
        assert taken(desk, "In-Reply-To: <1@x>", subject="Re: Matter 1", body="more").number == 3
        with desk.store.transaction():
            desk.store.tickets.put(replace(desk.ticket(three.number), merged_into=one.number))
        assert taken(desk, "In-Reply-To: <2@x>", subject="Re: Matter 2", body="still more").number == 1

    def test_a_mail_that_names_itself_and_ids_in_a_circle_is_read(self, desk: Desk) -> None:
        loop = "References: <a@x> <b@x> <a@x> <b@x>"
        first = taken(desk, loop, "In-Reply-To: <a@x>", subject="Round", message_id="<a@x>", body="a")
        again = taken(desk, loop, "In-Reply-To: <a@x>", subject="Re: Round", message_id="<b@x>", body="b")
        assert first.number == again.number


class TestRemarks:
    def test_another_subject_is_told_once_with_both(self, desk: Desk) -> None:
        taken(desk, subject="Refund", message_id="<1@x>")
        taken(desk, "In-Reply-To: <1@x>", subject="Invoice 7", message_id="<2@x>", body="and now")
        taken(desk, "In-Reply-To: <2@x>", subject="Re: Invoice 7", message_id="<3@x>", body="well?")
        taken(desk, "In-Reply-To: <3@x>", subject="AW: Refund", message_id="<4@x>", body="oh")
        assert told(desk, TicketNumber(1), Happened.SUBJECT_CHANGED) == [{"old": "Refund", "new": "Invoice 7"}]

    def test_new_people_are_told_of_and_change_nobody_whom_an_answer_goes_to_on_their_own(self, desk: Desk) -> None:
        taken(desk, subject="Refund", message_id="<1@x>")
        taken(desk, "In-Reply-To: <1@x>", "Cc: kim@corp.example, support@acme.example", subject="Re: Refund", body="b")
        taken(desk, "In-Reply-To: <1@x>", sender="kim@corp.example", subject="Re: Refund", body="c")
        assert told(desk, TicketNumber(1), Happened.NEWCOMER) == [{"got": "kim@corp.example"}]
        assert desk.ticket(TicketNumber(1)).customer == Address("dana@corp.example", "Dana Petrova")

    def test_automatic_mail_under_another_subject_is_no_news(self, desk: Desk) -> None:
        taken(desk, subject="Refund", message_id="<1@x>")
        taken(desk, "In-Reply-To: <1@x>", "Auto-Submitted: auto-replied", subject="I am away", body="b")
        assert not told(desk, TicketNumber(1), Happened.SUBJECT_CHANGED)

    def test_spam_keeps_what_its_sender_adds(self, desk: Desk) -> None:
        taken(desk, sender=EVE, subject="Buy", message_id="<1@x>")
        set_status(desk, TicketNumber(1), Status.SPAM)
        after = taken(desk, sender=EVE, subject="Re: [T-1]", body="buy more")
        assert (after.number, after.status) == (1, Status.SPAM)


def test_a_stranger_without_an_address_is_on_no_ticket_of_another_one(desk: Desk) -> None:
    first = taken(desk, sender="Anna Example", subject="Refund", body="one")
    for sender in ("Boris Example", "unknown@invalid"):
        other = taken(desk, sender=sender, subject=f"Re: [T-{first.number}] Refund", body=sender)
        assert (other.number != first.number, other.claims) == (True, first.number)
