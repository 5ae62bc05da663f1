"""Erase a person: what goes, what stays for others, what is refused, and what is never taken in again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.cancel import cancel
from desk.actions.draft import keep_aside, save_draft
from desk.actions.edit_note import edit_note
from desk.actions.erase import erase, preview, unfinished
from desk.actions.merge import merge
from desk.actions.note import add_note
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.split import split
from desk.actions.status import set_status
from desk.actions.undo import undo
from desk.conversation import Note
from desk.delivery import deliver
from desk.desk import Desk
from desk.draft import DraftKind
from desk.erasure import SOMEBODY, WORDS
from desk.errors import DraftMoved, RedoTooLate, RefusedError, UndoTooLate
from desk.lost import Fate
from desk.outgoing import Answer, OutboxEntry, OutboxState
from desk.stats import measure
from desk.ticket import Status, Ticket, TicketNumber
from desk.written import Written
from tests.desk.erased import DANA, ONE, Sending, answer, messages
from tests.desks import SetClock, acting_as
from tests.tandem.erasing import LEO, arrive, mail


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


def test_a_ticket_of_one_person_is_left_with_its_number_and_what_happened_when(desk: Desk, clock: SetClock) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole.", attached=b"scan"))
    answer(desk, clock, "Sorry, Dana!")
    note = add_note(desk, ONE, "She is angry")
    edit_note(desk, note.id, "She is very angry", seen=1)
    save_draft(desk, ONE, DraftKind.REPLY, Written("Dear Dana"))
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
    last = save_draft(bo, ONE, DraftKind.REPLY, Written("Dear Dana"))
    erase(desk, [DANA])
    for known in (last, None):
        with pytest.raises(DraftMoved) as told:
            save_draft(bo, ONE, DraftKind.REPLY, Written("Dear Dana, the hole"), last=known)
        assert told.value.lost.fate is Fate.ERASED
        assert "ana erased" in str(told.value)
    assert keep_aside(bo, ONE, DraftKind.REPLY, Written("Dear Dana, the hole")) is None
    assert desk.store.drafts.of(ONE) == []


@pytest.mark.parametrize("word", ["e", "@", "corp.example", "@corp.example", "dana@", ""])
def test_what_is_no_address_erases_nothing(desk: Desk, word: str) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    with pytest.raises(RefusedError, match="is no mail address"):
        erase(desk, [word])
