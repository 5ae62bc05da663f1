"""How an act is taken back and done again: one row in a table for each kind of event that it may hold.

A new kind of action adds its row to REVERSALS, and nothing else. What an event changed of a ticket's fields is turned
back and on again for all kinds alike (turning.py); a row says what must happen besides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from desk.conversation import Event, Happened
from desk.desk import Desk
from desk.errors import RefusedError
from desk.reversal.customers import set_customer_again, take_customer_back
from desk.reversal.drafts import Redrafted
from desk.reversal.erasures import refuse_unerasing
from desk.reversal.gifts import give_draft_again, take_draft_back
from desk.reversal.mails import (
    cancel_again,
    resend_again,
    send_reply_again,
    take_cancel_back,
    take_reply_back,
    take_resend_back,
)
from desk.reversal.notes import add_note_again, edit_note_again, take_note_back, unedit_note
from desk.reversal.part import Part
from desk.reversal.profiles import edit_customer_again, unedit_customer
from desk.reversal.promises import keep_again, promise_again, take_promise_back, unkeep
from desk.reversal.relations import keep_apart_again, loosen, suggest_again, tie
from desk.reversal.relocations import merge_again, split_again, unmerge, unsplit
from desk.reversal.sending import send_to_rest_again, settle_again, take_rest_back, unsettle
from desk.reversal.thrown import bring_thrown_back, throw_again


@dataclass(frozen=True, slots=True)
class Reversal:
    """What taking one event back and doing it again means besides the ticket's fields, inside a transaction.

    `back` may return a text that is a draft again. Both raise where it is too late, in words.
    """

    back: Callable[[Desk, Part], Redrafted | None] = lambda _desk, _part: None
    again: Callable[[Desk, Part], None] = lambda _desk, _part: None


FIELDS_ONLY = Reversal()

REVERSALS: Mapping[Happened, Reversal] = {
    Happened.ASSIGNED: FIELDS_ONLY,
    Happened.TAGGED: FIELDS_ONLY,
    Happened.STATUS_CHANGED: FIELDS_ONLY,
    Happened.PRIORITY_CHANGED: FIELDS_ONLY,
    Happened.SNOOZED: FIELDS_ONLY,
    Happened.WOKEN: FIELDS_ONLY,
    Happened.MACRO_RUN: FIELDS_ONLY,
    Happened.NOTED: Reversal(take_note_back, add_note_again),
    Happened.NOTE_EDITED: Reversal(unedit_note, edit_note_again),
    Happened.REPLIED: Reversal(take_reply_back, send_reply_again),
    Happened.WRITTEN: Reversal(take_reply_back, send_reply_again),
    Happened.FORWARDED: Reversal(take_reply_back, send_reply_again),
    Happened.RESENT: Reversal(take_resend_back, resend_again),
    Happened.CANCELLED: Reversal(take_cancel_back, cancel_again),
    Happened.SENT_TO_REST: Reversal(take_rest_back, send_to_rest_again),
    Happened.SETTLED: Reversal(unsettle, settle_again),
    Happened.CUSTOMER_SET: Reversal(take_customer_back, set_customer_again),
    Happened.PROFILE_EDITED: Reversal(unedit_customer, edit_customer_again),
    Happened.MERGED: Reversal(unmerge, merge_again),
    Happened.SPLIT: Reversal(unsplit, split_again),
    Happened.LINKED: Reversal(loosen, tie),
    Happened.UNLINKED: Reversal(tie, loosen),
    Happened.KEPT_APART: Reversal(suggest_again, keep_apart_again),
    Happened.HANDED_OVER: Reversal(take_note_back, add_note_again),
    Happened.PROMISED: Reversal(take_promise_back, promise_again),
    Happened.PROMISE_KEPT: Reversal(unkeep, keep_again),
    Happened.DRAFT_GIVEN: Reversal(take_draft_back, give_draft_again),
    Happened.DRAFT_DISCARDED: Reversal(bring_thrown_back, throw_again),
    Happened.ERASED: Reversal(refuse_unerasing),
}


def parts_of(
    events: Sequence[Event], refused: type[RefusedError], *, left: Mapping[str, str] | None = None
) -> list[tuple[Reversal, Part]]:
    """The events of one act, each with its row of the table; `left` as in `Part`.

    Raises:
        RefusedError: the one given, where an event is of a kind that only a newer Tandem knows.
    """
    unknown = next((each for each in events if each.what not in REVERSALS), None)
    if unknown is not None:
        what = f"“{unknown.what.replace('_', ' ')}” on ticket {unknown.ticket}"
        raise refused(f"{what} is the doing of a newer Tandem, which this one cannot undo or redo", "install that one")
    return [(REVERSALS[each.what], Part(each, is_typed=each is events[0], left=left or {})) for each in events]
