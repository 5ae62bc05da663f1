"""Erase a person: what goes, what stays for others, what is refused, and what is never taken in again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.accept import accept, drop
from desk.actions.cancel import cancel
from desk.actions.complete import complete
from desk.actions.draft import keep_aside, save_draft
from desk.actions.edit_note import edit_note
from desk.actions.erase import erase, preview, unfinished
from desk.actions.merge import merge
from desk.actions.note import add_note
from desk.actions.read_again import read_again
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.split import split
from desk.actions.status import set_status
from desk.actions.undo import undo
from desk.conversation import Message, Note
from desk.delivery import deliver
from desk.desk import Desk
from desk.draft import DraftKind
from desk.drafts import Fate
from desk.erasure import SOMEBODY, WORDS
from desk.errors import DraftMoved, RedoTooLate, RefusedError, StoreDamaged, UndoTooLate
from desk.expression import EVERYTHING
from desk.incoming import KEPT, TOO_LARGE, Fetched, Incoming, Outcome, Place
from desk.intake import take_in
from desk.outgoing import Answer, Attempt, OutboxEntry, OutboxState, Verdict
from desk.parked import ParkedId, ParkedMail
from desk.stats import measure
from desk.ticket import Status, Ticket, TicketNumber
from mail.heads import scan_head
from mail.parse import parse
from tests.desk.test_bounces import report
from tests.desks import SetClock, acting_as
from tests.tandem.erasing import LEO, arrive, mail

DANA = "dana.p@corp.example"
ONE = TicketNumber(1)


class Sending:
    """A server that takes everything."""

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: object) -> Attempt:
        del entry, raw
        assert callable(entering_data)
        entering_data()
        return Attempt(Verdict.SENT)


def answer(desk: Desk, clock: SetClock, text: str = "We are sorry.") -> OutboxEntry:
    """Answer ticket 1, and let the answer leave."""
    queued = reply(desk, ONE, Answer(text=text))
    clock.go_on(minutes=1)
    deliver(desk, Sending(), owner="test", is_gone=lambda _: True)
    return queued


def shared_ticket(desk: Desk, clock: SetClock) -> Ticket:
    """Dana asks, Leo joins in and quotes her, we answer both, and there is a note about her."""
    arrive(desk, mail(1, "The zeppelin that you sent me has a hole.", cc=LEO, attached=b"her scan"))
    quoting = (
        "I pay for it, so please answer me.\n\nDana Petrowska <dana.p@corp.example> wrote:\n> The zeppelin that you"
    )
    arrive(
        desk, mail(2, quoting, sender=LEO, cc=DANA, subject="Re: Broken zeppelin", answers="<1@dana-laptop.example>")
    )
    answer(desk, clock, "Dear both,\nwe send another one.\n> The zeppelin that you sent me has a hole.")
    add_note(desk, ONE, "Dana Petrowska called; she is angry. Leo is not.")
    return desk.ticket(ONE)


def messages(desk: Desk, number: int = 1) -> list[Message]:
    return [each for each in desk.store.conversations.of(TicketNumber(number)) if isinstance(each, Message)]


def test_a_ticket_of_one_person_is_left_with_its_number_and_what_happened_when(desk: Desk, clock: SetClock) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole.", attached=b"scan"))
    answer(desk, clock, "Sorry, Dana!")
    note = add_note(desk, ONE, "She is angry")
    edit_note(desk, note.id, "She is very angry", seen=1)
    save_draft(desk, ONE, DraftKind.REPLY, "Dear Dana")
    before = desk.ticket(ONE)
    receipt = erase(desk, [DANA])
    ticket = desk.ticket(ONE)
    assert (ticket.subject, ticket.customer, ticket.status) == (WORDS, SOMEBODY, Status.CLOSED)
    assert (ticket.created, ticket.message_count, ticket.assignee) == (before.created, 2, before.assignee)
    assert {each.text for each in messages(desk)} == {WORDS}
    assert [each.note for each in desk.store.conversations.of(ONE) if isinstance(each, Note)] == [WORDS]
    assert desk.store.drafts.of(ONE) == []
    assert "angry" not in repr(desk.store.conversations.of(ONE))
    assert "Dana" not in repr([desk.store.conversations.of(ONE), desk.store.outbox.of(ONE), ticket])
    amounts = receipt.amounts
    assert (amounts.tickets, amounts.shared, amounts.messages, amounts.notes, amounts.drafts) == (1, 0, 2, 1, 1)
    assert (amounts.outgoing, amounts.files) == (1, 3)
    assert len(receipt.places) == 1
    assert unfinished(desk) == [receipt]


def test_a_person_whose_tickets_were_merged_or_split_is_erased(desk: Desk) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    arrive(desk, mail(2, "Another matter", subject="Other"))
    arrive(desk, mail(3, "A third one", subject="Third", answers="<1@dana-laptop.example>"))
    merge(desk, [TicketNumber(2)], ONE)
    apart = split(desk, ONE, messages(desk)[-1].id).ticket.number
    assert erase(desk, [DANA]).amounts.messages == 3
    assert all(desk.ticket(TicketNumber(each)).erased for each in (1, 2, apart))


def test_figures_of_the_past_stay_true(desk: Desk, clock: SetClock) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    clock.go_on(minutes=9)
    answer(desk, clock)
    since = clock.now.replace(hour=0)
    clock.go_on(days=1)
    before = measure(desk.store, since=since, until=since.replace(hour=23))
    erase(desk, [DANA])
    after = measure(desk.store, since=since, until=since.replace(hour=23))
    assert (after.team.replies, after.team.first_response) == (before.team.replies, before.team.first_response)
    assert after.team.replies == 1


def test_on_a_shared_ticket_only_the_persons_own_words_names_and_addresses_go(desk: Desk, clock: SetClock) -> None:
    ticket = shared_ticket(desk, clock)
    receipt = erase(desk, [DANA])
    hers, leos, ours = messages(desk)
    assert hers.text == WORDS
    assert hers.attachments == ()
    assert leos.text.startswith("I pay for it, so please answer me.")
    assert leos.sender.email == "leo@partner.example"
    assert ours.text.startswith("Dear both,\nwe send another one.")
    assert ours.to[0].email == "leo@partner.example"
    [note] = [each for each in desk.store.conversations.of(ONE) if isinstance(each, Note)]
    assert note.note == WORDS
    everything = repr([desk.store.conversations.of(ONE), desk.store.outbox.of(ONE), desk.ticket(ONE)]).casefold()
    for word in ("dana", "petrowska", "a hole", "her scan"):
        assert word not in everything
    assert desk.ticket(ONE).status is ticket.status
    assert (receipt.amounts.tickets, receipt.amounts.shared, receipt.amounts.messages) == (0, 1, 1)
    assert receipt.amounts.redacted == 2
    assert all(each.raw == "" for each in messages(desk))


def test_a_mail_that_asks_to_answer_its_sender_and_the_person_is_its_senders(desk: Desk) -> None:
    more = "Reply-To: leo@partner.example, dana.p@corp.example\r\n"
    arrive(desk, mail(1, "I pay for it.", sender=LEO, more=more))
    erase(desk, [DANA])
    [left] = messages(desk)
    assert left.text.strip() == "I pay for it."
    assert (left.sender.email, [each.email for each in left.reply_to]) == (
        "leo@partner.example",
        ["leo@partner.example"],
    )


def test_a_mail_of_a_form_that_asks_to_answer_the_person_alone_is_theirs(desk: Desk) -> None:
    form = "Form <noreply@forms.example>"
    arrive(desk, mail(1, "I want a zeppelin.", sender=form, more="Reply-To: dana.p@corp.example\r\n"))
    arrive(desk, mail(2, "I pay for it.", sender=LEO, answers="<1@leo-desktop.example>"))
    erase(desk, [DANA])
    assert [each.text.strip() for each in messages(desk)] == [WORDS, "I pay for it."]


def test_a_ticket_that_a_form_opened_for_the_person_is_theirs_alone(desk: Desk) -> None:
    form = "Form <noreply@forms.example>"
    arrive(desk, mail(1, "I want a zeppelin.", sender=form, more="Reply-To: dana.p@corp.example\r\n"))
    assert erase(desk, [DANA]).amounts.tickets == 1
    ticket = desk.ticket(TicketNumber(1))
    assert (ticket.erased, ticket.status, ticket.waiting_since) == (True, Status.CLOSED, None)


def test_an_erased_mail_does_not_come_again_over_a_list_that_wants_the_answers(desk: Desk) -> None:
    raw = mail(1, "The zeppelin has a hole.")
    whose = b"From: Dana via crew <crew@lists.example>\r\nReply-To: crew@lists.example\r\nCc: dana.p@corp.example"
    arrive(desk, raw)
    erase(desk, [DANA])
    copy = OVER_LIST + raw.replace(b"From: Dana Petrowska <dana.p@corp.example>", whose) + b"\r\n--\r\nA list.\r\n"
    assert arrive(desk, copy, folder="Other").outcome is Outcome.ERASED


def test_the_file_of_another_mail_stays_and_a_mail_of_the_person_that_another_attached_goes(desk: Desk) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    arrive(
        desk,
        mail(2, "And mine has two.", sender=LEO, answers="<1@dana-laptop.example>", attached=b"his own scan"),
    )
    erase(desk, [DANA])
    [kept] = messages(desk)[1].attachments
    assert desk.blobs.get(kept.sha256) == b"his own scan"


def test_a_colleagues_words_elsewhere_lose_the_address_and_nothing_else(desk: Desk) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    arrive(desk, mail(5, "Ask Dana.P@corp.example about the zeppelin.", sender=LEO, subject="Other"))
    note = add_note(desk, TicketNumber(2), "see dana.p@corp.example")
    receipt = erase(desk, [DANA])
    assert messages(desk, 2)[0].text.strip() == "Ask [erased] about the zeppelin."
    assert messages(desk, 2)[0].sender.email == "leo@partner.example"
    kept = desk.store.conversations.get(note.id)
    assert isinstance(kept, Note)
    assert kept.note == "see [erased]"
    assert desk.ticket(TicketNumber(2)).subject == "Other"
    assert receipt.amounts.mentions == 2


@pytest.mark.parametrize("written", ["DANA.P@corp.example", "dana.p@CORP.EXAMPLE", " dana.p@corp.example"])
def test_an_address_is_the_same_in_any_case(desk: Desk, written: str) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    assert erase(desk, [written]).amounts.tickets == 1


@pytest.mark.parametrize("written", ["dana@bücher.example", "dana@xn--bcher-kva.example", "dana@BÜCHER.example"])
def test_a_domain_is_the_same_in_letters_and_in_ascii(desk: Desk, written: str) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole.", sender="Dana <dana@xn--bcher-kva.example>"))
    assert erase(desk, [written]).amounts.tickets == 1


def test_several_addresses_are_one_person(desk: Desk) -> None:
    arrive(desk, mail(1, "From the office."))
    arrive(desk, mail(2, "From home.", sender="Dana <dana@home.example>", answers="<1@dana-laptop.example>"))
    receipt = erase(desk, [DANA, "dana@home.example"])
    assert (receipt.amounts.tickets, receipt.amounts.shared) == (1, 0)
    assert len(receipt.people) == 2


def test_nothing_is_erased_while_a_mail_to_the_person_waits_to_be_sent(desk: Desk, clock: SetClock) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    queued = reply(desk, ONE, Answer(text="Sorry!"))
    with pytest.raises(RefusedError, match="has not left yet: 1 on ticket 1 is queued"):
        erase(desk, [DANA])
    assert messages(desk)[0].text.strip() == "The zeppelin has a hole."
    cancel(desk, queued.id)
    assert erase(desk, [DANA]).amounts.outgoing == 1
    clock.go_on(days=1)
    assert deliver(desk, Sending(), owner="test", is_gone=lambda _: True).sent == 0


def test_nobody_is_asked_any_more_about_a_mail_that_may_have_left(desk: Desk) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    queued = reply(desk, ONE, Answer(text="Sorry!"))
    desk.store.outbox.put(_uncertain(queued))
    erase(desk, [DANA])
    [left] = desk.store.outbox.of(ONE)
    assert left.state is OutboxState.CANCELLED
    assert (left.raw, left.recipients, left.draft) == ("", (), "")


def _uncertain(mail: OutboxEntry) -> OutboxEntry:
    return replace(mail, state=OutboxState.UNCERTAIN)


@pytest.mark.parametrize("address", ["support@acme.example", "SUPPORT@acme.example", "bo@acme.example"])
def test_an_address_of_ours_is_no_customers(desk: Desk, address: str) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    with pytest.raises(RefusedError, match="own addresses"):
        erase(desk, [address])


def test_somebody_unknown_is_said_to_be_so_and_no_receipt_is_written(desk: Desk) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    with pytest.raises(RefusedError, match="nothing is held about nobody@else"):
        erase(desk, ["nobody@else.example"])
    assert desk.store.erasures.all() == []


def test_a_preview_tells_the_same_amounts_and_changes_nothing(desk: Desk, clock: SetClock) -> None:
    shared_ticket(desk, clock)
    before = [desk.store.conversations.of(ONE), desk.store.outbox.of(ONE), desk.ticket(ONE)]
    told = preview(desk, [DANA])
    assert [desk.store.conversations.of(ONE), desk.store.outbox.of(ONE), desk.ticket(ONE)] == before
    assert desk.store.erasures.all() == []
    assert not desk.store.tombstones.any()
    assert erase(desk, [DANA]).amounts == told.amounts


def test_the_receipt_names_nobody(desk: Desk, clock: SetClock) -> None:
    shared_ticket(desk, clock)
    told = repr(erase(desk, [DANA])).casefold()
    assert "dana" not in told
    assert "corp.example" not in told
    assert "ana" in told


def test_an_erasure_cannot_be_taken_back(desk: Desk, clock: SetClock) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    answer(desk, clock)
    set_status(desk, ONE, Status.CLOSED)
    erase(desk, [DANA])
    with pytest.raises(UndoTooLate, match="erased"):
        undo(desk)


def test_undo_of_what_was_done_before_an_erasure_brings_no_words_back(desk: Desk) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    bo = acting_as(desk, "bo")
    note = add_note(bo, ONE, "about the hole")
    edit_note(bo, note.id, "about the big hole", seen=1)
    reply(bo, ONE, Answer(text="about her hole"))
    undo(bo)
    erase(desk, [DANA])
    with pytest.raises(RedoTooLate):
        redo(bo)
    undo(bo)
    undo(bo)
    held = repr([desk.store.conversations.of(ONE), desk.store.drafts.of(ONE), desk.store.outbox.of(ONE)])
    assert "hole" not in held


def test_what_a_colleague_was_just_writing_is_not_kept_and_they_are_told(desk: Desk) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    bo = acting_as(desk, "bo")
    last = save_draft(bo, ONE, DraftKind.REPLY, "Dear Dana")
    erase(desk, [DANA])
    for known in (last, None):
        with pytest.raises(DraftMoved) as told:
            save_draft(bo, ONE, DraftKind.REPLY, "Dear Dana, the hole", last=known)
        assert told.value.lost.fate is Fate.ERASED
        assert "ana erased" in str(told.value)
    assert keep_aside(bo, ONE, DraftKind.REPLY, "Dear Dana, the hole") is None
    assert desk.store.drafts.of(ONE) == []


def test_an_erased_mail_is_not_taken_in_again_from_wherever_it_comes(desk: Desk, clock: SetClock) -> None:
    raw = mail(1, "The zeppelin has a hole.")
    arrive(desk, raw)
    queued = answer(desk, clock)
    ours = desk.blobs.get(queued.raw)
    erase(desk, [DANA])
    assert arrive(desk, raw, uidvalidity=2).outcome is Outcome.ERASED
    assert arrive(desk, raw.replace(b"\r\n", b"\n"), folder="import").outcome is Outcome.ERASED
    assert arrive(desk, b"Received: by another server\r\n" + raw, folder="Other").outcome is Outcome.ERASED
    assert arrive(desk, b"X-Added: by the server\r\n" + ours, folder="Sent").outcome is Outcome.ERASED
    assert desk.store.tickets.count(EVERYTHING) == 1


def test_an_erased_mail_without_an_id_does_not_come_again_by_another_way(desk: Desk) -> None:
    raw = mail(1, "The zeppelin has a hole.").replace(b"Message-ID: <1@dana-laptop.example>\r\n", b"")
    arrive(desk, raw)
    erase(desk, [DANA])
    assert arrive(desk, b"Received: by another server\r\n" + raw, folder="Other").outcome is Outcome.ERASED
    other = raw.replace(b"a hole", b"two holes")
    assert arrive(desk, other).outcome is Outcome.TICKET


OVER_LIST = b"List-Id: <crew.lists.example>\r\n"


@pytest.mark.parametrize(
    ("before", "head"),
    [
        (False, OVER_LIST),
        (True, OVER_LIST),
        (False, b"List-Id: <crew.lists.example>\r\nReply-To: dana.p@corp.example\r\n"),
        (True, b"List-Id: <crew.lists.example>\r\nReply-To: dana.p@corp.example\r\n"),
    ],
    ids=["copy", "original", "rewritten copy", "original of a rewritten one"],
)
def test_an_erased_mail_does_not_come_again_over_a_list_nor_the_other_way_round(
    desk: Desk, head: bytes, *, before: bool
) -> None:
    raw = mail(1, "The zeppelin has a hole.")
    copy = (head + raw).replace(b"Subject: ", b"Subject: [crew] ") + b"\r\n--\r\nYou got this over a list.\r\n"
    if b"Reply-To" in head:
        copy = copy.replace(b"From: Dana Petrowska <dana.p@corp.example>", b"From: Dana via crew <crew@lists.example>")
    first, second = (copy, raw) if before else (raw, copy)
    arrive(desk, first)
    erase(desk, [DANA])
    assert arrive(desk, second, folder="Other").outcome is Outcome.ERASED
    assert desk.store.tickets.count(EVERYTHING) == 1


@pytest.mark.parametrize("change", [(b"09:12:00", b"09:13:00"), (b"Broken", b"Another"), (b"dana.p@", b"leo@")])
def test_another_mail_under_the_id_of_an_erased_one_comes_in(desk: Desk, change: tuple[bytes, bytes]) -> None:
    raw = mail(1, "The zeppelin has a hole.")
    arrive(desk, raw)
    erase(desk, [DANA])
    assert arrive(desk, raw.replace(*change) + b"Other words\r\n").outcome is Outcome.TICKET


def test_an_erased_blind_copy_of_ours_does_not_come_again_with_another_line_in_its_head(desk: Desk) -> None:
    raw = mail(8, "Dear Dana, the zeppelin", sender="support@acme.example", to=DANA)
    for each in (raw, raw.replace(b"Message-ID: <8@leo-desktop.example>\r\n", b"")):
        assert arrive(desk, each, folder="Sent").outcome is Outcome.ELSEWHERE
    erase(desk, [DANA])
    for each in (raw, raw.replace(b"Message-ID: <8@leo-desktop.example>\r\n", b"")):
        again = b"Received: by another server\r\n" + each
        for copy in (again, again.replace(b"\r\n", b"\n")):
            assert arrive(desk, copy, folder="import").outcome is Outcome.ERASED
    assert desk.store.customers.loose_raws() == set()


def test_a_report_of_a_mail_on_an_erased_ticket_brings_nothing_back_to_it(desk: Desk, clock: SetClock) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    queued = answer(desk, clock)
    erase(desk, [DANA])
    before = messages(desk)
    taken = arrive(desk, report("failed", queued.message_id))
    assert taken.ticket != ONE
    assert messages(desk) == before
    assert desk.ticket(ONE).status is Status.CLOSED


def test_others_mails_on_a_shared_ticket_do_not_come_again_either(desk: Desk, clock: SetClock) -> None:
    quoting = mail(2, "As she says:\n> the hole", sender=LEO, cc=DANA, answers="<1@dana-laptop.example>")
    arrive(desk, mail(1, "The zeppelin has a hole."))
    arrive(desk, quoting)
    erase(desk, [DANA])
    clock.go_on(hours=1)
    assert arrive(desk, quoting, uidvalidity=2).outcome is Outcome.ERASED
    assert len(messages(desk)) == 2


def test_a_new_mail_of_the_person_opens_a_new_ticket_though_it_answers_an_erased_one(
    desk: Desk, clock: SetClock
) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    queued = answer(desk, clock)
    erase(desk, [DANA])
    taken = arrive(desk, mail(3, "I write again.", subject="Re: Broken zeppelin", answers=queued.message_id))
    assert taken.outcome is Outcome.TICKET
    assert taken.ticket != ONE
    assert messages(desk, 2)[0].text.strip() == "I write again."
    assert desk.ticket(ONE).customer == SOMEBODY


def test_whoever_knows_the_id_of_an_erased_answer_of_ours_cannot_keep_another_mail_out(
    desk: Desk, clock: SetClock
) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    queued = answer(desk, clock)
    erase(desk, [DANA])
    raw = mail(9, "Something else", sender=LEO).replace(b"<9@leo-desktop.example>", queued.message_id.encode())
    assert arrive(desk, raw).outcome is Outcome.TICKET


def test_tombstones_hold_no_digest_that_could_be_made_without_the_desks_key(desk: Desk) -> None:
    raw = mail(1, "The zeppelin has a hole.")
    arrive(desk, raw)
    [message] = messages(desk)
    erase(desk, [DANA])
    assert not desk.store.tombstones.has([message.raw, message.digest])
    assert desk.store.customers.raws_of([message.id]) == set()


def park(desk: Desk, raw: bytes, uid: int) -> ParkedMail:
    """Keep a mail back, as a flood would."""
    place = Place("support", "INBOX", 9, uid)
    read = parse(raw)
    digest = desk.blobs.put_many([raw, *read.files])[0]
    with desk.store.transaction():
        desk.store.ledger.record(place, Outcome.PARKED, None, digest)
        return desk.store.parked.add(
            ParkedMail(
                id=ParkedId(0), place=place, received=desk.clock(), raw=digest, reason="", read=read, at=desk.clock()
            )
        )


def test_parked_mail_of_the_person_goes_and_stays_away(desk: Desk) -> None:
    raw = mail(7, "The zeppelin has a hole.")
    park(desk, raw, 1)
    receipt = erase(desk, [DANA])
    assert (receipt.amounts.parked, receipt.amounts.files, receipt.amounts.tickets) == (1, 1, 0)
    assert [each.uid for each in receipt.places] == [1]
    assert desk.store.parked.all(settled=True) == []
    assert arrive(desk, raw).outcome is Outcome.ERASED


def test_a_parked_mail_of_somebody_else_is_not_thrown_away_with_the_person(desk: Desk) -> None:
    arrive(desk, mail(1, "The zeppelin that you sent me has a hole."))
    words = "I pay.\n\nDana Petrowska wrote:\n> The zeppelin that you sent me has a hole."
    raw = mail(8, words, sender=LEO, cc=f"Dana Petrowska <{DANA}>, ann@corp.example", attached=b"a plan")
    kept = park(desk, raw, 1)
    before = preview(desk, [DANA])
    receipt = erase(desk, [DANA])
    assert (receipt.amounts, before.files) == (before.amounts, receipt.files)
    assert (receipt.amounts.parked, receipt.amounts.redacted) == (0, 1)
    assert kept.raw in {"".join(each) for each in receipt.files}
    assert arrive(desk, b"Received: by another server\r\n" + raw, folder="Other").outcome is Outcome.ERASED
    taken = accept(desk, kept.id)
    assert taken.ticket is not None
    [left] = messages(desk, taken.ticket)
    assert (left.sender.email, [each.email for each in left.cc]) == ("leo@partner.example", ["ann@corp.example"])
    assert left.text.split() == ["I", "pay.", "[erased]", "wrote:", ">", "[erased]"]
    assert [each.name for each in left.attachments] == ["scan.bin"]
    assert "parts of this mail were erased" in left.facts
    bytes_now = desk.blobs.get(left.raw)
    assert (b"ana" in bytes_now, b"zeppelin that" in bytes_now) == (False, False)
    assert parse(bytes_now).message_id == "<8@leo-desktop.example>"
    assert DANA not in repr(desk.store.conversations.of(taken.ticket))


def test_a_parked_mail_of_somebody_else_that_was_dropped_goes_with_the_person(desk: Desk) -> None:
    drop(desk, park(desk, mail(8, "Ask dana.p@corp.example", sender=LEO), 1).id)
    assert erase(desk, [DANA]).amounts.parked == 1
    assert desk.store.parked.all(settled=True) == []


def test_parked_mail_that_has_nothing_to_do_with_the_person_stays(desk: Desk) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    raw = mail(8, "Something else", sender=LEO)
    parked = park(desk, raw, 1)
    erase(desk, [DANA])
    assert desk.blobs.get(parked.raw) == raw
    assert [each.uid for each in desk.store.customers.places_of([], [parked.raw])] == [1]


def test_a_mail_in_a_folder_of_sent_mail_that_no_ticket_holds_goes_too(desk: Desk) -> None:
    raw = mail(8, "Dear Dana", sender="support@acme.example", to=DANA)
    digest = desk.blobs.put(raw)
    desk.store.ledger.record(Place("support", "Sent", 1, 4), Outcome.ELSEWHERE, None, digest)
    arrive(desk, mail(1, "The zeppelin has a hole."))
    receipt = erase(desk, [DANA])
    assert ("Sent", 4) in [(each.folder, each.uid) for each in receipt.places]
    assert digest in {"".join(each) for each in receipt.files}


@pytest.mark.parametrize("word", ["e", "@", "corp.example", "@corp.example", "dana@", ""])
def test_what_is_no_address_erases_nothing(desk: Desk, word: str) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    with pytest.raises(RefusedError, match="is no mail address"):
        erase(desk, [word])


def test_an_answer_to_others_that_mentions_the_person_loses_its_bytes_once_it_has_left(
    desk: Desk, clock: SetClock
) -> None:
    arrive(desk, mail(5, "Whom shall I ask?", sender=LEO))
    queued = reply(desk, ONE, Answer(text="Ask dana.p@corp.example"))
    with pytest.raises(RefusedError, match="has not left yet"):
        erase(desk, [DANA])
    clock.go_on(minutes=1)
    deliver(desk, Sending(), owner="test", is_gone=lambda _: True)
    receipt = erase(desk, [DANA])
    assert queued.raw in {"".join(each) for each in receipt.files}
    assert queued.raw not in desk.store.digests()
    assert messages(desk)[-1].text.startswith("Ask [erased]")
    assert desk.store.outbox.of(ONE)[0].state is OutboxState.SENT


def loose(desk: Desk, number: int, encoding: str, text: str = f"{'x' * 62} Dana.P@corp.example") -> str:
    """A copy of what we sent with another program, on no ticket; returns its bytes' sha256."""
    raw = desk.blobs.put(mail(number, text, sender="support@acme.example", to=LEO, encoding=encoding))
    desk.store.ledger.record(Place("support", "Sent", 1, number), Outcome.ELSEWHERE, None, raw)
    return raw


@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_a_loose_mail_that_names_the_person_goes_however_it_is_encoded(desk: Desk, encoding: str) -> None:
    theirs, other = loose(desk, 1, encoding), loose(desk, 2, encoding, "Please call Leo. " * 20)
    assert erase(desk, [DANA]).files == ((theirs[:32], theirs[32:]),)
    assert desk.store.customers.loose_raws() == {other}


def test_loose_mails_are_read_before_the_store_is_locked_and_new_ones_after(desk: Desk) -> None:
    loose(desk, 1, "8bit")

    class Racing:
        """Bytes of a desk that takes another mail in while one is read."""

        put, put_many, remove = desk.blobs.put, desk.blobs.put_many, desk.blobs.remove

        def get(self, sha256: str) -> bytes:
            loose(desk, 2, "base64")
            return desk.blobs.get(sha256)

    assert preview(replace(desk, blobs=Racing()), [DANA]).amounts.files == 2
    assert desk.store.ledger.has(Place("support", "Sent", 1, 2))


@pytest.mark.parametrize("defect", [f"{TOO_LARGE}: 40 MB", f"it took too long; {KEPT}"], ids=["load", "reread"])
def test_what_is_read_of_a_mail_while_it_is_erased_does_not_stay_on_disk(desk: Desk, defect: str) -> None:
    raw = mail(1, "The zeppelin has a hole.", attached=b"her scan")
    beginning = raw[:-200] if defect.startswith(TOO_LARGE) else raw
    fetched = Fetched(Place("support", "INBOX", 1, 1), beginning, desk.clock())
    take_in(desk, fetched, scan_head(beginning, defect), desk.blobs.put(beginning))
    [message] = messages(desk)
    read = parse(raw)
    [*digests] = desk.blobs.put_many([raw, *read.files])
    erase(desk, [DANA])
    with pytest.raises(RefusedError, match="was erased"):
        _finish(desk, message, read, digests[0])
    for each in digests:
        with pytest.raises(StoreDamaged, match="is missing"):
            desk.blobs.get(each)


def test_what_two_load_at_once_stays_on_disk(desk: Desk) -> None:
    raw = mail(1, "The zeppelin has a hole.", attached=b"her scan")
    fetched = Fetched(Place("support", "INBOX", 1, 1), raw[:-200], desk.clock())
    take_in(desk, fetched, scan_head(raw[:-200], TOO_LARGE), desk.blobs.put(raw[:-200]))
    [message] = messages(desk)
    read = parse(raw)
    [*digests] = desk.blobs.put_many([raw, *read.files])
    complete(desk, message.id, read, digests[0])
    with pytest.raises(RefusedError, match="is here already"):
        complete(desk, message.id, read, digests[0])
    assert all(desk.blobs.get(each) for each in digests)


def _finish(desk: Desk, message: Message, read: Incoming, raw: str) -> None:
    if message.raw == raw:
        read_again(desk, message, read)
    else:
        complete(desk, message.id, read, raw)
