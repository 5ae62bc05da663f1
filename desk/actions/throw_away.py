"""Throw an unfinished text away, in a way that can be taken back."""

from __future__ import annotations

from dataclasses import replace

from desk.actions.draft import discard_draft
from desk.conversation import Act, Happened
from desk.desk import Desk
from desk.draft import Draft
from desk.drafts import is_held

DRAFT, KIND = "draft", "kind"
"""What an event keeps of it: which text, and what it was going to be."""


def throw_away(desk: Desk, draft: Draft, *, act: Act | None = None) -> bool:
    """Take a text of the acting agent's off its ticket, and keep it with its files for an undo.

    False comes back where it is not what was last read or written any more, or is not theirs: it stays then.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
    """
    author = desk.me.handle
    with desk.store.transaction():
        there = (each for each in desk.store.drafts.of(draft.ticket) if is_held(each, draft))
        now = next((each for each in there if each.author == author), None)
        if now is None:
            return False
        ticket = desk.ticket(now.ticket)
        detail: dict[str, str] = {DRAFT: str(desk.store.thrown.add(replace(now, first=now.origin)).id), KIND: now.kind}
        # Nothing of the ticket changes: it does not become the one that was changed last.
        desk.tell(Happened.DRAFT_DISCARDED, ticket, ticket, act=act, author=author, detail=detail)
        discard_draft(desk, now)
        return True
