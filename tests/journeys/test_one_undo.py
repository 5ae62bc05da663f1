"""One `u`, from the list and from the reader, takes back whatever an agent did last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from desk.actions.assign import assign
from desk.actions.draft import save_draft
from desk.actions.edit_customer import edit_customer
from desk.actions.edit_note import edit_note
from desk.actions.forward import forward
from desk.actions.give_draft import give_draft
from desk.actions.hand_over import hand_over
from desk.actions.keep_apart import keep_apart
from desk.actions.link import link, unlink
from desk.actions.merge import merge
from desk.actions.new import begin
from desk.actions.note import add_note
from desk.actions.priority import set_priority
from desk.actions.promise import keep_promises, promise
from desk.actions.reply import reply
from desk.actions.run_macro import run_macro
from desk.actions.set_customer import confirm_customer
from desk.actions.snooze import snooze
from desk.actions.split import split
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.throw_away import throw_away
from desk.beginning import Beginning
from desk.conversation import Act, Event, Happened, Message, Note
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.outgoing import Answer
from desk.people import Address, Handle
from desk.profiles import ProfileField
from desk.reversal.table import REVERSALS
from desk.steps import MacroUse, TagStep
from desk.ticket import Priority, Status, TicketNumber
from desk.written import Written
from tests.journeys.key_desk import FORWARDED, LINKED, MINE, PARCEL, PARCEL_AGAIN, PLAIN, TWO_MATTERS, key_desk
from tests.journeys.key_places import written
from tests.tui.apps import showing

_BO, _KIM = Handle("bo"), Address("kim@else.example", "Kim Else")


def _last_note(desk: Desk) -> Note:
    return [each for each in desk.store.conversations.of(PLAIN) if isinstance(each, Note) and not each.removed][-1]


def _last_mail(desk: Desk) -> Message:
    return [each for each in desk.store.conversations.of(TWO_MATTERS) if isinstance(each, Message)][-1]


def _promise(desk: Desk) -> object:
    return promise(desk, PLAIN, desk.clock() + timedelta(days=1), "the refund goes out")


def _give(desk: Desk) -> object:
    return give_draft(desk, MINE, DraftKind.REPLY, _BO, last=_draft(desk, MINE))


def _draft(desk: Desk, number: TicketNumber) -> Draft:
    draft = save_draft(desk, number, DraftKind.REPLY, Written("Dear customer"))
    assert draft is not None
    return draft


def _edit_note(desk: Desk) -> object:
    note = _last_note(desk)
    return edit_note(desk, note.id, "Ask the other bank.", seen=note.version)


ACTS: dict[Happened, Callable[[Desk], object]] = {
    Happened.ASSIGNED: lambda desk: assign(desk, PLAIN, _BO),
    Happened.TAGGED: lambda desk: tag(desk, PLAIN, ["vip"]),
    Happened.STATUS_CHANGED: lambda desk: set_status(desk, PLAIN, Status.WAITING),
    Happened.PRIORITY_CHANGED: lambda desk: set_priority(desk, PLAIN, Priority.HIGH),
    Happened.SNOOZED: lambda desk: snooze(desk, PLAIN, desk.clock() + timedelta(days=1)),
    Happened.WOKEN: lambda desk: (snooze(desk, PLAIN, desk.clock() + timedelta(days=1)), snooze(desk, PLAIN, None)),
    Happened.MACRO_RUN: lambda desk: run_macro(desk, PLAIN, (TagStep(("paid",)),), MacroUse("refund", "0123456789ab")),
    Happened.NOTED: lambda desk: add_note(desk, PLAIN, "She waits."),
    Happened.NOTE_EDITED: _edit_note,
    Happened.REPLIED: lambda desk: reply(desk, PLAIN, Answer(text="On its way.")),
    Happened.WRITTEN: lambda desk: begin(desk, Beginning(to=(_KIM,), subject="Hello", text="We found it.")),
    Happened.FORWARDED: lambda desk: forward(desk, PLAIN, None, Answer(text="See below.", to=(_KIM,))),
    Happened.CUSTOMER_SET: lambda desk: confirm_customer(desk, FORWARDED),
    Happened.PROFILE_EDITED: lambda desk: edit_customer(desk, "dana@corp.example", {ProfileField.COMPANY: "Corp Ltd"}),
    Happened.MERGED: lambda desk: merge(desk, [PARCEL_AGAIN], PARCEL),
    Happened.SPLIT: lambda desk: split(desk, TWO_MATTERS, _last_mail(desk).id),
    Happened.LINKED: lambda desk: link(desk, PLAIN, PARCEL),
    Happened.UNLINKED: lambda desk: unlink(desk, PLAIN, LINKED),
    Happened.KEPT_APART: lambda desk: keep_apart(desk, PARCEL),
    Happened.HANDED_OVER: lambda desk: hand_over(desk, PLAIN, _BO, "The bank calls."),
    Happened.PROMISED: _promise,
    Happened.PROMISE_KEPT: lambda desk: (_promise(desk), keep_promises(desk, PLAIN)),
    Happened.DRAFT_DISCARDED: lambda desk: throw_away(desk, _draft(desk, LINKED)),
    Happened.DRAFT_GIVEN: _give,
}
_ELSEWHERE = {Happened.RESENT, Happened.CANCELLED, Happened.SENT_TO_REST, Happened.SETTLED}
"""What is done in the outbox."""


def _last(desk: Desk) -> Event:
    event = desk.store.conversations.latest(desk.me.handle, but=())
    assert event is not None
    return event


def _is_taken_back(desk: Desk, act: Act) -> bool:
    return all(each.undone for each in desk.store.conversations.of_act(act))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("keys", [[], ["enter"]], ids=["list", "reader"])
async def test_one_key_takes_back_whatever_was_done_last(tmp_path: Path, keys: list[str]) -> None:
    with key_desk(tmp_path) as desk:
        async with showing(desk, (140, 24)) as screen:
            await screen.until(lambda: screen.cursor == PLAIN)
            await screen.press(*keys)
            for what, do in ACTS.items():
                do(desk)
                act = _last(desk).act
                assert what in {each.what for each in desk.store.conversations.of_act(act)}
                await screen.press("u")
                await screen.until(partial(_is_taken_back, desk, act))
                await written(screen)
                while screen.app.screen is not screen.inbox:
                    await screen.app.pop_screen()


def test_no_kind_of_act_is_left_out() -> None:
    assert set(ACTS) == set(REVERSALS) - _ELSEWHERE - {Happened.ERASED}
