"""The unfinished reply of a ticket as the words of an answer, with all that was chosen for it."""

from __future__ import annotations

from collections.abc import Collection, Generator
from contextlib import contextmanager
from dataclasses import replace

from desk.addressed import asked_instead
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.drafts import held_draft
from desk.errors import RefusedError, TicketMoved
from desk.outgoing import Answer
from desk.ticket import TicketNumber


def drafted_answer(desk: Desk, number: TicketNumber, done: Collection[int]) -> Answer:
    """What the draft that `tandem show` prints is as an answer; `done` are steps of its macro, counted from 1.

    Raises:
        RefusedError: there is none, a colleague holds it, or a step that its macro requires is not done.
    """
    draft = held_draft(desk, number, DraftKind.REPLY)
    if draft is None:
        raise RefusedError(f"ticket {number} has no unfinished reply", "write one: --text T, or r on the screen")
    if draft.author != desk.me.handle:
        raise RefusedError(f"{draft.author} is writing the reply on ticket {number}", "take it over on the screen")
    _refuse_open_steps(draft, done)
    plan = draft.plan
    said = Answer(text=draft.text, wording=draft.wording, plan=plan, seen=draft.seen, stays_to=draft.stays_to)
    if plan is None:
        return said
    use = replace(plan.use, edited=draft.text.strip() != plan.filled.strip())
    return replace(said, steps=plan.steps, macro=use)


@contextmanager
def telling_what_to_read(desk: Desk, number: TicketNumber) -> Generator[None]:
    """Where somebody wrote since the draft was kept, say who, and how it is sent once that was read."""
    try:
        yield
    except TicketMoved as moved:
        newest = max(each.id for each in desk.store.conversations.of(number))
        hint = f"read it with `tandem show {number}`, then send it with --seen {newest}"
        raise moved.reworded(f"ticket {number} moved since its reply was written: {moved.what}", hint) from moved


def others_asked_for(desk: Desk, draft: Draft | None) -> str:
    """That answers on its ticket go to others by now than a draft does, in words; empty where they do not."""
    asked = asked_instead(desk, draft) if draft is not None else ()
    return f"  ⚠ answers on this ticket go to {', '.join(map(str, asked))} by now" if asked else ""


def _refuse_open_steps(draft: Draft, done: Collection[int]) -> None:
    for number, step in enumerate(draft.plan.checklist if draft.plan else (), start=1):
        if step.required and not step.done and number not in done:
            raise RefusedError(
                f"step {number} of the macro is required: {step.text}", f"confirm it with --done {number}"
            )
