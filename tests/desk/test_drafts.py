"""One shared draft for each ticket: nobody's words are written over, and none are lost."""

from __future__ import annotations

from desk.actions.draft import bring_back, save_draft
from desk.desk import Desk
from desk.plan import KeptStep, Plan, Tick
from desk.presence import DraftKind
from desk.steps import MacroUse, TagStep
from desk.ticket import TicketNumber
from tests.desks import acting_as, receive

REPLY, NOTE = DraftKind.REPLY, DraftKind.NOTE
REFUND = Plan(
    MacroUse("refund", "0" * 12), "Refund", "Hello", (Tick("Look", required=True),), (KeptStep.of(TagStep(("a",))),)
)
PARCEL = Plan(MacroUse("parcel", "1" * 12), "Parcel", "Hi", (Tick("Ask", required=False),))


def kept(desk: Desk, number: TicketNumber) -> list[tuple[str, str, bool]]:
    """Whose texts there are on a ticket, and which of them are aside."""
    return [(each.author, each.text, each.aside) for each in desk.store.drafts.of(number)]


class TestBringingBack:
    def test_a_text_is_the_draft_again(self, desk: Desk) -> None:
        number = receive(desk).number
        draft = bring_back(desk, number, REPLY, "First", REFUND)
        assert desk.store.drafts.of(number) == [draft]
        assert (draft.author, draft.text, draft.plan, draft.aside) == ("ana", "First", REFUND, False)
        assert desk.ticket(number).holds == ("draft",)

    def test_what_was_begun_since_is_kept_below_with_what_goes_with_it(self, desk: Desk) -> None:
        number = receive(desk).number
        save_draft(desk, number, REPLY, "Second", PARCEL)
        draft = bring_back(desk, number, REPLY, "First", REFUND)
        assert kept(desk, number) == [("ana", "First\n\nSecond", False)]
        assert draft.plan is not None
        assert [each.text for each in draft.plan.checklist] == ["Look", "Ask"]
        assert draft.plan.actions == REFUND.actions

    def test_the_same_text_and_macro_are_not_doubled(self, desk: Desk) -> None:
        number = receive(desk).number
        save_draft(desk, number, REPLY, "First", REFUND)
        assert bring_back(desk, number, REPLY, "First", REFUND).plan == REFUND
        assert kept(desk, number) == [("ana", "First", False)]

    def test_a_reply_stands_aside_while_a_colleague_holds_the_shared_draft(self, desk: Desk) -> None:
        number = receive(desk).number
        save_draft(acting_as(desk, "bo"), number, REPLY, "Of bo")
        assert bring_back(desk, number, REPLY, "Of ana").aside
        assert kept(desk, number) == [("bo", "Of bo", False), ("ana", "Of ana", True)]

    def test_a_note_is_no_colleagues_matter(self, desk: Desk) -> None:
        number = receive(desk).number
        save_draft(acting_as(desk, "bo"), number, NOTE, "Of bo")
        save_draft(acting_as(desk, "bo"), number, REPLY, "Dear Dana")
        assert not bring_back(desk, number, NOTE, "Of ana").aside
