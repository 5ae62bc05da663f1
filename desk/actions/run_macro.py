"""Do what a macro says besides the text."""

from __future__ import annotations

from collections.abc import Sequence

from desk.actions.assign import assign
from desk.actions.note import add_note
from desk.actions.priority import set_priority
from desk.actions.snooze import snooze
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.conversation import Act, EntryId, Happened
from desk.desk import Desk, new_act
from desk.meanwhile import refuse_if_touched
from desk.moments import moment_of
from desk.steps import AssignStep, MacroUse, NoteStep, PriorityStep, SnoozeStep, StatusStep, Step, TagStep
from desk.ticket import Ticket, TicketNumber


def run_macro(
    desk: Desk,
    number: TicketNumber,
    steps: Sequence[Step],
    use: MacroUse,
    *,
    seen: EntryId | None = None,
    act: Act | None = None,
) -> Ticket:
    """Apply a macro's steps to a ticket and record its use, all in one commit that one undo takes back.

    `seen` is the newest entry that the agent had on the screen when choosing the macro (None: not asked).

    Raises:
        TicketMoved: somebody else wrote on the ticket or changed it after `seen`.
        RefusedError: one of the steps cannot be done; then none is.
    """
    act, author = act or new_act(), desk.me.handle
    with desk.store.transaction():
        refuse_if_touched(desk, number, seen)
        ticket = desk.live_ticket(number)
        desk.record(Happened.MACRO_RUN, ticket, ticket, act=act, author=author, detail=use_as_detail(use))
        for step in in_order(steps):
            do_step(desk, number, step, act)
        return desk.ticket(number)


def use_as_detail(use: MacroUse) -> dict[str, str]:
    """A macro's use as an event keeps it."""
    return {"macro": use.name, "version": use.version, "edited": "yes" if use.edited else "no"}


def in_order(steps: Sequence[Step]) -> list[Step]:
    """The steps as they are done: a sleep comes last, for a status would end it."""
    return sorted(steps, key=lambda each: isinstance(each, SnoozeStep))


def do_step(desk: Desk, number: TicketNumber, step: Step, act: Act) -> None:
    """Apply one step; inside a transaction."""
    match step:
        case TagStep(add, remove):
            tag(desk, number, add, remove, act=act)
        case AssignStep(to):
            assign(desk, number, to, act=act)
        case StatusStep(status):
            set_status(desk, number, status, act=act)
        case PriorityStep(priority):
            set_priority(desk, number, priority, act=act)
        case NoteStep(text):
            add_note(desk, number, text, act=act)
        case SnoozeStep(when, through):
            snooze(desk, number, moment_of(desk, when), through=through, act=act)
