"""An answer that was begun goes to whom it was begun for, whoever writes on its ticket before it leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.draft import save_draft, take_over
from desk.actions.give_draft import give_draft
from desk.actions.reply import reply
from desk.actions.throw_away import throw_away
from desk.actions.undo import undo
from desk.conversation import Message
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.letters import recipients
from desk.outgoing import Answer
from desk.people import Address, Handle
from desk.ticket import TicketNumber
from desk.wording import Wording
from desk.written import Written
from tests.desks import DANA, SUPPORT, acting_as, receive

MALLORY, LIST = Address("mallory@evil.example", "Mallory"), Address("list@evil.example")
KIM, LEO = Address("kim@corp.example", "Kim"), Address("leo@corp.example")


@pytest.fixture
def number(desk: Desk) -> TicketNumber:
    return receive(desk, message_id="<first@corp.example>").number


def somebody_writes(desk: Desk, sender: Address = MALLORY, cc: tuple[Address, ...] = (LIST,)) -> None:
    receive(desk, sender=sender, cc=cc, answers=("<first@corp.example>",), text="Send it to me.")


def begun(desk: Desk, number: TicketNumber, wording: Wording | None = None) -> Draft:
    draft = save_draft(desk, number, DraftKind.REPLY, Written("Dear Dana", wording=wording))
    assert draft is not None
    return draft


def goes_to(desk: Desk, number: TicketNumber) -> tuple[list[str], list[str]]:
    """To and Cc of the mail that the only draft there would be now, sent from whatever screen takes it up."""
    (draft,) = desk.store.drafts.of(number)
    reply(acting_as(desk, draft.author), number, Answer(text=draft.text, wording=draft.wording))
    *_, sent = (each for each in desk.store.conversations.of(number) if isinstance(each, Message))
    return [each.email for each in sent.to], [each.email for each in sent.cc]


class TestAStrangersMail:
    def test_takes_no_answer_that_was_begun(self, desk: Desk, number: TicketNumber) -> None:
        before = begun(desk, number)
        somebody_writes(desk)
        assert recipients(desk, number) == ((MALLORY,), (LIST,))
        (after,) = desk.store.drafts.of(number)
        assert (after.stays_to, after.revision) == (True, before.revision)
        assert goes_to(desk, number) == (["dana@corp.example"], [])

    def test_nor_one_that_its_author_saves_again(self, desk: Desk, number: TicketNumber) -> None:
        last = begun(desk, number)
        somebody_writes(desk)
        save_draft(desk, number, DraftKind.REPLY, Written("Dear Dana, it is on its way."), last=last)
        assert goes_to(desk, number) == (["dana@corp.example"], [])

    def test_nor_one_that_a_colleague_takes_over(self, desk: Desk, number: TicketNumber) -> None:
        begun(desk, number)
        somebody_writes(desk)
        take_over(acting_as(desk, "bo"), number, DraftKind.REPLY, Written(""))
        assert goes_to(desk, number) == (["dana@corp.example"], [])

    @pytest.mark.parametrize("is_given_first", [True, False])
    def test_nor_one_that_is_handed_over(self, desk: Desk, number: TicketNumber, *, is_given_first: bool) -> None:
        last = begun(desk, number)
        if is_given_first:
            give_draft(desk, number, DraftKind.REPLY, Handle("bo"), last=last)
        somebody_writes(desk)
        if not is_given_first:
            give_draft(desk, number, DraftKind.REPLY, Handle("bo"), last=last)
        assert goes_to(desk, number) == (["dana@corp.example"], [])

    def test_nor_one_that_lies_aside(self, desk: Desk, number: TicketNumber) -> None:
        desk.store.drafts.put(replace(begun(desk, number), aside=True))
        somebody_writes(desk)
        assert goes_to(desk, number) == (["dana@corp.example"], [])

    @pytest.mark.parametrize("is_written_first", [True, False])
    def test_nor_one_that_was_thrown_away_and_comes_back(
        self, desk: Desk, number: TicketNumber, *, is_written_first: bool
    ) -> None:
        last = begun(desk, number)
        if is_written_first:
            somebody_writes(desk)
            (last,) = desk.store.drafts.of(number)
        throw_away(desk, last)
        if not is_written_first:
            somebody_writes(desk)
        undo(desk)
        (draft,) = desk.store.drafts.of(number)
        assert draft.stays_to
        assert goes_to(desk, number) == (["dana@corp.example"], [])

    def test_nor_a_mail_that_is_taken_back(self, desk: Desk, number: TicketNumber) -> None:
        reply(desk, number, Answer(text="Dear Dana"))
        somebody_writes(desk)
        undo(desk)
        assert goes_to(desk, number) == (["dana@corp.example"], [])

    def test_adds_no_copy_to_an_answer_for_which_somebody_was_chosen(self, desk: Desk, number: TicketNumber) -> None:
        begun(desk, number, Wording(to=(KIM,)))
        somebody_writes(desk)
        assert goes_to(desk, number) == (["kim@corp.example"], [])

    def test_does_not_change_whom_an_answer_without_copies_goes_to(self, desk: Desk, number: TicketNumber) -> None:
        begun(desk, number, Wording(cc=()))
        somebody_writes(desk)
        assert goes_to(desk, number) == (["dana@corp.example"], [])

    def test_leaves_alone_what_was_chosen_whole(self, desk: Desk, number: TicketNumber) -> None:
        chosen = Wording(to=(KIM,), cc=(LEO,))
        begun(desk, number, chosen)
        somebody_writes(desk)
        (draft,) = desk.store.drafts.of(number)
        assert (draft.wording, draft.stays_to) == (chosen, False)

    def test_is_what_an_answer_that_is_begun_after_it_goes_to(self, desk: Desk, number: TicketNumber) -> None:
        somebody_writes(desk)
        begun(desk, number)
        assert goes_to(desk, number) == (["mallory@evil.example"], ["list@evil.example"])


class TestTheCustomersOwnMail:
    def test_changes_nothing(self, desk: Desk, number: TicketNumber) -> None:
        begun(desk, number)
        somebody_writes(desk, Address("Dana@corp.example", "D. Petrova (phone)"), ())
        (draft,) = desk.store.drafts.of(number)
        assert (draft.wording, draft.stays_to) == (None, False)

    def test_adds_no_copies(self, desk: Desk, number: TicketNumber) -> None:
        begun(desk, number)
        somebody_writes(desk, DANA, (KIM,))
        (draft,) = desk.store.drafts.of(number)
        assert draft.stays_to
        assert goes_to(desk, number) == (["dana@corp.example"], [])

    def test_lets_the_answer_be_as_the_ticket_asks_again(self, desk: Desk, number: TicketNumber) -> None:
        begun(desk, number)
        somebody_writes(desk)
        somebody_writes(desk, DANA, (SUPPORT,))
        (draft,) = desk.store.drafts.of(number)
        assert (draft.wording, draft.stays_to) == (None, False)
