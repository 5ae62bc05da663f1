from __future__ import annotations

from desk.actions.draft import save_draft
from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.actions.run_macro import run_macro
from desk.actions.undo import undo
from desk.desk import Desk, new_act
from desk.draft import DraftKind
from desk.outgoing import Answer
from desk.people import Handle
from desk.plan import KeptStep, Plan, Tick
from desk.steps import AssignStep, MacroUse, NoteStep, PriorityStep, StatusStep, TagStep
from desk.ticket import Priority, Status
from desk.written import Written
from tests.desks import receive

STEPS = (
    TagStep(("refund",), ("new",)),
    AssignStep(Handle("bo")),
    AssignStep(None),
    StatusStep(Status.WAITING),
    PriorityStep(Priority.HIGH),
    NoteStep("called the bank"),
)
PLAN = Plan(
    MacroUse("refund", "0123456789ab"),
    "Refund, approved",
    "Hello",
    (Tick("settled", required=True), Tick("found", required=False, done=True)),
    tuple(KeptStep.of(each) for each in STEPS),
)


def test_every_action_comes_back_from_its_kept_form() -> None:
    assert PLAN.steps == STEPS


def test_a_draft_keeps_what_went_with_it(desk: Desk) -> None:
    ticket = receive(desk)
    save_draft(desk, ticket.number, DraftKind.REPLY, Written("Hello", PLAN))
    [draft] = desk.store.drafts.of(ticket.number)
    assert draft.plan == PLAN


def test_a_reply_that_is_taken_back_brings_its_plan(desk: Desk) -> None:
    ticket = receive(desk)
    reply(desk, ticket.number, Answer(text="Hello", steps=PLAN.steps[:1], macro=PLAN.use, plan=PLAN))
    draft = undo(desk).draft
    assert draft is not None
    assert draft.plan == PLAN


def test_a_reply_without_a_composer_keeps_its_macro_too(desk: Desk) -> None:
    ticket = receive(desk)
    reply(desk, ticket.number, Answer(text="Hello", steps=STEPS[:1], macro=PLAN.use))
    draft = undo(desk).draft
    assert draft is not None
    assert draft.plan is not None
    assert (draft.plan.use, draft.plan.steps) == (PLAN.use, STEPS[:1])


def test_a_note_that_a_macro_left_does_not_become_a_draft(desk: Desk) -> None:
    ticket = receive(desk)
    act = new_act()
    with desk.store.transaction():
        add_note(desk, ticket.number, "typed", act=act)
        run_macro(desk, ticket.number, (NoteStep("left by the macro"),), PLAN.use, act=act)
    draft = undo(desk).draft
    assert draft is not None
    assert draft.text == "typed"
    run_macro(desk, ticket.number, (NoteStep("left by the macro"),), PLAN.use)
    assert undo(desk).draft is None
