from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desk.actions.assign import assign
from desk.actions.draft import keep_aside, resume_draft, save_draft
from desk.actions.merge import merge
from desk.actions.note import add_note
from desk.actions.priority import set_priority
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.conversation import Entry, EntryId, Event, Happened, Message, Note
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.errors import DraftMoved, MergedAway, RedoTooLate, RefusedError, TicketMoved, UndoTooLate
from desk.merging import plan_merge
from desk.outgoing import Answer, OutboxState
from desk.people import Address, Handle
from desk.ticket import Priority, Status, TicketNumber
from desk.views import parse_query
from desk.wording import Wording
from desk.written import Written
from tests.desks import DANA, SetClock, acting_as, receive

KIM = Address("kim@else.example", "Kim Else")


@pytest.fixture
def first(desk: Desk) -> TicketNumber:
    return receive(desk, subject="Printer", text="The printer is broken.", message_id="<1@corp.example>").number


@pytest.fixture
def second(desk: Desk, first: TicketNumber, clock: SetClock) -> TicketNumber:
    assert first
    clock.go_on(minutes=5)
    return receive(
        desk, subject="Toner", text="And where is my toner?", message_id="<2@corp.example>", sender=KIM
    ).number


def texts(desk: Desk, number: TicketNumber) -> list[str]:
    there = desk.store.conversations.of(number)
    return [each.text if isinstance(each, Message) else each.note for each in there if not isinstance(each, Event)]


def whole(desk: Desk, *numbers: TicketNumber) -> list[object]:
    """All that is told of these tickets, but for the history that acts leave behind."""
    return [
        (
            replace(desk.ticket(each), updated=desk.clock(), unread=False),
            [entry for entry in desk.store.conversations.of(each) if not _is_history(entry)],
            desk.store.outbox.of(each),
            [replace(draft, revision=1, carried=0) for draft in desk.store.drafts.of(each)],
        )
        for each in numbers
    ]


def _is_history(entry: Entry) -> bool:
    return isinstance(entry, Event) and entry.what in (
        Happened.MERGED,
        Happened.SPLIT,
        Happened.UNDONE,
        Happened.REDONE,
    )


def newest(desk: Desk, number: TicketNumber) -> EntryId:
    return max(each.id for each in desk.store.conversations.of(number))


def listed(desk: Desk, query: str) -> list[int]:
    return sorted(
        each.number for each in desk.store.tickets.find(parse_query(query, me=desk.me.handle, now=desk.clock()))
    )


def test_the_conversations_become_one_in_order_of_time(
    desk: Desk, first: TicketNumber, second: TicketNumber, clock: SetClock
) -> None:
    clock.go_on(minutes=1)
    add_note(desk, first, "Bank says settled.")
    clock.go_on(minutes=1)
    receive(desk, subject="Toner", text="Hello?", answers=("<2@corp.example>",), sender=KIM)
    merged = merge(desk, [second], first)
    expected = ["The printer is broken.", "And where is my toner?", "Bank says settled.", "Hello?"]
    assert texts(desk, first) == expected
    assert texts(desk, second) == []
    assert desk.ticket(second).merged_into == first
    assert merged.said == (f"ticket {second} is part of {first} now: 2 mails went there",)
    assert merged.ticket.message_count == 3
    assert {each.email for each in merged.ticket.senders} == {"dana@corp.example", "kim@else.example"}
    assert merged.ticket.customer.email == "dana@corp.example"


def test_answers_to_any_of_their_mails_land_on_the_ticket_that_goes_on(
    desk: Desk, first: TicketNumber, second: TicketNumber
) -> None:
    sent = reply(desk, second, Answer(text="It is on its way."))
    merge(desk, [second], first)
    for parent in ("<1@corp.example>", "<2@corp.example>", sent.message_id):
        assert receive(desk, subject="Re: Toner", answers=(parent,), sender=KIM).number == first
    kinds = [each.what for each in desk.store.conversations.of(first) if isinstance(each, Event)]
    assert Happened.ALSO_ABOUT not in kinds


def test_the_merged_ticket_is_in_no_list_and_its_words_are_found_on_the_other(
    desk: Desk, first: TicketNumber, second: TicketNumber
) -> None:
    merge(desk, [second], first)
    assert listed(desk, "") == listed(desk, "toner") == listed(desk, "from:kim") == [first]
    assert listed(desk, "is:merged") == [second]


def test_it_has_the_tags_of_both_the_highest_priority_an_assignee_and_the_status_that_asks_most(
    desk: Desk, first: TicketNumber, second: TicketNumber
) -> None:
    tag(desk, first, ["billing"])
    tag(desk, second, ["toner", "billing"])
    set_priority(desk, second, Priority.HIGH)
    assign(desk, second, Handle("bo"))
    set_status(desk, first, Status.CLOSED)
    ticket = merge(desk, [second], first).ticket
    found = (ticket.tags, ticket.priority, ticket.assignee, ticket.status)
    assert found == (("billing", "toner"), Priority.HIGH, "bo", Status.OPEN)
    other = receive(desk, subject="Third", sender=KIM)
    assign(desk, other.number, Handle("ana"))
    assert merge(desk, [other.number], first).ticket.assignee == "bo"


def test_what_waited_still_waits_and_what_was_settled_does_not(
    desk: Desk, first: TicketNumber, second: TicketNumber, clock: SetClock
) -> None:
    waits = desk.ticket(second).waiting_since
    reply(desk, first, Answer(text="A new one comes."))
    assert desk.ticket(first).waiting_since is None
    assert merge(desk, [second], first).ticket.waiting_since == waits
    clock.go_on(minutes=1)
    settled = receive(desk, subject="Old matter", sender=KIM).number
    set_status(desk, settled, Status.CLOSED)
    assert merge(desk, [settled], first).ticket.waiting_since == waits
    reply(desk, first, Answer(text="Both are on their way."))
    assert desk.ticket(first).waiting_since is None


def test_after_a_merge_a_reply_to_one_of_them_ends_the_wait_of_all(
    desk: Desk, first: TicketNumber, second: TicketNumber
) -> None:
    merge(desk, [second], first)
    reply(desk, first, Answer(text="It is on its way.", to=(DANA,)))
    assert desk.ticket(first).waiting_since is None


def test_who_waited_still_waits_when_the_ticket_is_merged_once_more(
    desk: Desk, first: TicketNumber, second: TicketNumber, clock: SetClock
) -> None:
    waits = desk.ticket(second).waiting_since
    reply(desk, first, Answer(text="A new one comes."))
    merge(desk, [second], first)
    clock.go_on(minutes=1)
    third = receive(desk, subject="Third", sender=KIM).number
    assert merge(desk, [first], third).ticket.waiting_since == waits
    reply(desk, third, Answer(text="All three are on their way."))
    assert desk.ticket(third).waiting_since is None


def test_closing_settles_what_came_and_merging_into_a_closed_ticket_wakes_nothing_old(
    desk: Desk, first: TicketNumber, second: TicketNumber
) -> None:
    set_status(desk, first, Status.CLOSED)
    waits = desk.ticket(second).waiting_since
    assert merge(desk, [second], first).ticket.waiting_since == waits
    set_status(desk, first, Status.CLOSED)
    assert desk.ticket(first).waiting_since is None


def test_a_reply_that_has_not_left_and_an_unfinished_answer_go_along_and_are_named(
    desk: Desk, first: TicketNumber, second: TicketNumber
) -> None:
    bo = acting_as(desk, "bo")
    mail = reply(bo, second, Answer(text="It is on its way."))
    save_draft(bo, second, DraftKind.REPLY, Written("One more thing"))
    [said] = merge(desk, [second], first).said
    assert "the reply of bo that has not left yet goes along" in said
    assert "the unfinished answer of bo is kept aside there" in said
    [row] = desk.store.outbox.of(first)
    assert (row.id, row.state) == (mail.id, OutboxState.QUEUED)
    [draft] = desk.store.drafts.of(first)
    assert (draft.text, draft.aside, draft.author) == ("One more thing", True, "bo")


def test_words_that_somebody_was_writing_are_kept_aside_on_the_ticket_that_goes_on(
    desk: Desk, first: TicketNumber, second: TicketNumber
) -> None:
    bo = acting_as(desk, "bo")
    begun = save_draft(bo, second, DraftKind.REPLY, Written("One more"))
    merge(desk, [second], first)
    with pytest.raises(DraftMoved, match="ana merged this ticket into 1"):
        save_draft(bo, second, DraftKind.REPLY, Written("One more thing"), last=begun)
    assert [each.text for each in desk.store.drafts.of(first)] == ["One more thing"]


def test_one_undo_brings_everything_back_and_a_redo_merges_again(
    desk: Desk, first: TicketNumber, second: TicketNumber
) -> None:
    tag(desk, second, ["toner"])
    assign(desk, second, Handle("bo"))
    add_note(acting_as(desk, "bo"), second, "Ask the store.")
    reply(acting_as(desk, "bo"), second, Answer(text="It is on its way."))
    save_draft(acting_as(desk, "bo"), second, DraftKind.REPLY, Written("One more thing"))
    before = whole(desk, first, second)
    merge(desk, [second], first)
    after = whole(desk, first, second)
    assert undo(desk).said == "taken back on 2 tickets: merged"
    assert whole(desk, first, second) == before
    assert receive(desk, subject="Re: Toner", text="?", answers=("<2@corp.example>",), sender=KIM).number == second
    with pytest.raises(RedoTooLate, match=r"Kim Else wrote a mail on ticket 2"):
        redo(desk)
    assert after != before


def test_nothing_that_was_taken_back_stays_on_a_ticket_that_is_merged_again(
    desk: Desk, first: TicketNumber, second: TicketNumber
) -> None:
    bo = acting_as(desk, "bo")
    merge(desk, [second], first)
    undo(desk)
    reply(bo, second, Answer(text="It comes."))
    undo(bo)
    with pytest.raises(RedoTooLate, match=f"something was written on ticket {second} since, and taken back"):
        redo(desk)
    assert desk.ticket(second).merged_into is None
    merge(desk, [second], first)
    assert texts(desk, second) == []


def test_a_redo_right_after_the_undo_merges_again(desk: Desk, first: TicketNumber, second: TicketNumber) -> None:
    merge(desk, [second], first)
    after = whole(desk, first, second)
    undo(desk)
    redo(desk)
    assert whole(desk, first, second) == after
    undo(desk)
    assert desk.ticket(second).merged_into is None


@pytest.mark.parametrize("by_whom", ["customer", "bo"])
def test_it_is_not_taken_apart_once_somebody_wrote(
    desk: Desk, first: TicketNumber, second: TicketNumber, by_whom: str
) -> None:
    merge(desk, [second], first)
    if by_whom == "bo":
        add_note(acting_as(desk, "bo"), first, "I call both.")
        words = "bo wrote a note"
    else:
        receive(desk, subject="Re: Printer", answers=("<1@corp.example>",))
        words = "Dana Petrova wrote a mail"
    with pytest.raises(UndoTooLate, match=f"too late to take the tickets apart: since then {words} on ticket {first}"):
        undo(desk)
    assert desk.ticket(second).merged_into == first


def test_a_reply_that_left_after_the_merge_stays_known_when_it_is_taken_apart(
    desk: Desk, first: TicketNumber, second: TicketNumber
) -> None:
    mail = reply(acting_as(desk, "bo"), second, Answer(text="It is on its way."))
    merge(desk, [second], first)
    ticket = desk.ticket(first)
    desk.store.outbox.put(replace(desk.store.outbox.of(first)[0], state=OutboxState.UNCERTAIN))
    waiting = replace(ticket, status=Status.WAITING)
    desk.record(Happened.UNCERTAIN, waiting, ticket, entry=mail.entry, detail={"said": "?"})
    undo(desk)
    events = [each for each in desk.store.conversations.of(second) if isinstance(each, Event)]
    assert [each.what for each in events if each.entry == mail.entry and not each.undone][-1] is Happened.UNCERTAIN
    redo(desk)
    told = [each for each in desk.store.conversations.of(first) if isinstance(each, Event) and not each.undone]
    assert sum(each.what is Happened.UNCERTAIN for each in told) == 1


def test_several_are_one_act(desk: Desk, first: TicketNumber, second: TicketNumber) -> None:
    third = receive(desk, subject="Third", sender=KIM).number
    before = whole(desk, first, second, third)
    merge(desk, [second, third, second], first)
    assert texts(desk, first)[-1] == "Hello, I returned the printer on Monday."
    undo(desk)
    assert whole(desk, first, second, third) == before


def test_chains_are_followed_and_circles_refused(desk: Desk, first: TicketNumber, second: TicketNumber) -> None:
    third = receive(desk, subject="Third", sender=KIM, message_id="<3@corp.example>").number
    merge(desk, [second], first)
    assert merge(desk, [third], second).ticket.number == first
    assert desk.ticket(third).merged_into == first
    assert receive(desk, subject="Re: Third", answers=("<3@corp.example>",), sender=KIM).number == first
    with pytest.raises(RefusedError, match=f"ticket {first} cannot be merged into itself"):
        merge(desk, [first], first)
    with pytest.raises(RefusedError, match=f"ticket {third} was merged into {first} already"):
        merge(desk, [first], third)
    with pytest.raises(RefusedError, match=f"ticket {second} was merged into {first} already"):
        merge(desk, [second], first)
    fourth = receive(desk, subject="Fourth", sender=KIM).number
    with pytest.raises(MergedAway, match=f"ticket {second} was merged into {first}"):
        merge(desk, [second], fourth)


def test_who_was_faster_is_told_whichever_way_round(desk: Desk, first: TicketNumber, second: TicketNumber) -> None:
    seen = plan_merge(desk, [second], first).seen
    merge(acting_as(desk, "bo"), [first], second)
    told = rf"bo merged ticket {first} into {second} already \(they are one ticket: go on at {second}\)"
    with pytest.raises(RefusedError, match=told):
        merge(desk, [second], first, seen=seen)
    with pytest.raises(RefusedError, match=told):
        merge(desk, [first], second, seen=seen)
    assert plan_merge(desk, [second], first).froms[0].refused == f"bo merged ticket {first} into {second} already"


def test_a_colleague_cannot_undo_or_write_over_it(desk: Desk, first: TicketNumber, second: TicketNumber) -> None:
    bo = acting_as(desk, "bo")
    set_priority(bo, second, Priority.HIGH)
    merge(desk, [second], first)
    with pytest.raises(UndoTooLate, match=f"ticket {second} was merged into {first} since"):
        undo(bo)
    for act in (lambda: add_note(bo, second, "x"), lambda: reply(bo, second, Answer(text="x"))):
        with pytest.raises(MergedAway):
            act()


def test_who_did_not_see_what_came_neither_answers_nor_merges(
    desk: Desk, first: TicketNumber, second: TicketNumber
) -> None:
    bo, seen = acting_as(desk, "bo"), {each: newest(desk, each) for each in (first, second)}
    merge(desk, [second], first)
    with pytest.raises(TicketMoved, match="ana merged another ticket into it"):
        reply(bo, first, Answer(text="x", seen=seen[first]))
    with pytest.raises(TicketMoved, match="ana merged it into another ticket"):
        reply(bo, second, Answer(text="x", seen=seen[second]))
    with pytest.raises(RefusedError, match=f"ana merged ticket {second} into {first} already"):
        merge(bo, [first], second, seen=seen)
    third = receive(desk, subject="Third", sender=KIM).number
    with pytest.raises(TicketMoved, match="ana merged another ticket into it"):
        merge(bo, [first], third, seen=seen)


def test_spam_and_erased_tickets_are_not_merged_with_others(
    desk: Desk, first: TicketNumber, second: TicketNumber
) -> None:
    set_status(desk, second, Status.SPAM)
    for froms, into in (([second], first), ([first], second)):
        with pytest.raises(RefusedError, match=f"ticket {second} is spam"):
            merge(desk, froms, into)
    desk.store.tickets.put(replace(desk.ticket(second), erased=True))
    with pytest.raises(RefusedError, match="erased"):
        merge(desk, [second], first)


def test_a_note_can_still_be_edited_and_a_reply_taken_back_where_it_came(
    desk: Desk, first: TicketNumber, second: TicketNumber, clock: SetClock
) -> None:
    bo = acting_as(desk, "bo")
    reply(bo, second, Answer(text="It is on its way."))
    merge(desk, [second], first)
    clock.go_on(seconds=1)
    undone = undo(bo)
    assert undone.draft is not None
    assert (undone.draft.ticket, undone.draft.text) == (first, "It is on its way.")
    assert desk.store.outbox.of(first)[0].state is OutboxState.CANCELLED
    assert desk.ticket(first).waiting_since == desk.store.conversations.of(first)[0].at


def test_notes_are_counted_beside_mails(desk: Desk, first: TicketNumber, second: TicketNumber) -> None:
    note = add_note(desk, second, "Ask the store.")
    assert "1 mail and 1 note went there" in merge(desk, [second], first).said[0]
    there = desk.store.conversations.get(note.id)
    assert isinstance(there, Note)
    assert there.ticket == first
    assert desk.ticket(first).last_message - desk.ticket(first).created == timedelta(minutes=5)


def heads(draft: Draft) -> tuple[list[str], str | None, bool]:
    """Whom a draft says that it goes to, under which subject, and whether that is since a move."""
    said = draft.wording or Wording()
    return [each.email for each in said.to or ()], said.subject, draft.stays_to


@pytest.mark.parametrize("aside", [False, True], ids=["the draft", "set aside"])
def test_an_answer_goes_to_whom_it_was_written_wherever_a_merge_takes_it(
    desk: Desk, first: TicketNumber, second: TicketNumber, *, aside: bool
) -> None:
    bo = acting_as(desk, "bo")
    keep = keep_aside if aside else save_draft
    keep(bo, first, DraftKind.REPLY, Written("To Dana"))
    keep(bo, second, DraftKind.REPLY, Written("To Kim"))
    before = [desk.store.drafts.of(each) for each in (first, second)]
    merge(desk, [second], first)
    kept = {each.text: each for each in desk.store.drafts.of(first)}
    assert heads(kept["To Dana"]) == (["dana@corp.example"], None, True)
    assert heads(kept["To Kim"]) == ([], None, False)
    undo(desk)
    assert [[heads(draft) for draft in desk.store.drafts.of(each)] for each in (first, second)] == [
        [heads(draft) for draft in each] for each in before
    ]
    merge(desk, [first], second)
    kept = {each.text: each for each in desk.store.drafts.of(second)}
    assert heads(kept["To Dana"]) == (["dana@corp.example"], "Re: Printer", True)
    assert heads(kept["To Kim"]) == ([], None, False)


def test_words_that_are_kept_after_a_merge_go_to_whom_they_were_written(
    desk: Desk, first: TicketNumber, second: TicketNumber
) -> None:
    bo = acting_as(desk, "bo")
    merge(desk, [first], second)
    aside = keep_aside(bo, first, DraftKind.REPLY, Written("To Dana"))
    assert aside
    assert heads(aside) == (["dana@corp.example"], "Re: Printer", True)
    resumed = resume_draft(bo, second, DraftKind.REPLY)
    assert resumed
    assert heads(resumed) == heads(aside)
    again = save_draft(bo, second, DraftKind.REPLY, Written("To Dana, more", wording=resumed.wording), last=resumed)
    assert again
    assert heads(again) == heads(aside)
    to_kim = Wording(to=(KIM,))
    chosen = save_draft(bo, second, DraftKind.REPLY, Written("To Kim after all", wording=to_kim), last=again)
    assert chosen
    assert heads(chosen) == (["kim@else.example"], None, False)


def test_a_screen_that_has_not_read_whom_its_draft_goes_to_since_a_merge_does_not_write_over_that(
    desk: Desk, first: TicketNumber, second: TicketNumber
) -> None:
    begun = save_draft(desk, first, DraftKind.REPLY, Written("To Dana"))
    merge(acting_as(desk, "bo"), [second], first)
    again = save_draft(desk, first, DraftKind.REPLY, Written("To Dana, more"), last=begun)
    assert again
    assert heads(again) == (["dana@corp.example"], None, True)
