"""Looking for a mail of which nobody knows whether it went out: on its ticket, then in the folder of sent mail."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Direction, EntryId, Message
from desk.copies import names_of
from desk.desk import Desk
from desk.inquiry import take_evidence
from desk.outgoing import Evidence, OutboxEntry, OutboxState, Verdict
from desk.ports import SentFolder

MAY_BE_MISSING = "this mail server may keep no copies by itself"
"""Why it says little that a mail is not in the folder of sent mail."""


def look_for(desk: Desk, mail: OutboxEntry, folder: SentFolder | None, *, is_filled: bool = False) -> None:
    """Look once, and keep what was found; `is_filled`: the provider files every mail that it takes.

    Where nobody can tell, only the time of the look is kept.

    Raises:
        MailError: the mail server cannot be asked now; it is as if nobody had looked.
    """
    if (answer := _answer_to(desk, mail)) is not None:
        take_evidence(desk, mail.id, Evidence(kind="answered", at=desk.clock(), entry=answer))
        return
    found = None if folder is None or may_be_there_before(mail) else folder.find(names_of(mail))
    if found is None:
        _note_look(desk, mail)
        return
    at, why_not = desk.clock(), "" if is_filled else MAY_BE_MISSING
    what = Evidence(kind="in_sent", at=at) if found else Evidence(kind="not_in_sent", at=at, detail=why_not)
    take_evidence(desk, mail.id, what)


def may_be_there_before(mail: OutboxEntry) -> bool:
    """Whether it went out once before it became uncertain, so that a copy of it proves nothing of the last attempt."""
    went_out = any(each.verdict is Verdict.SENT for each in mail.tries)
    return went_out or any(each.kind in ("in_sent", "answered", "bounced") for each in mail.evidence)


def _answer_to(desk: Desk, mail: OutboxEntry) -> EntryId | None:
    """What a person outside wrote in answer to it, as far as it is on the same ticket."""
    names = set(names_of(mail))
    mails = (each for each in desk.store.conversations.of(mail.ticket) if isinstance(each, Message))
    by_people = (each for each in mails if each.direction is Direction.IN and each.automatic is None)
    return next((each.id for each in by_people if not names.isdisjoint(each.references)), None)


def _note_look(desk: Desk, mail: OutboxEntry) -> None:
    with desk.store.transaction():
        now = desk.store.outbox.get(mail.id)
        if now is not None and now.state is OutboxState.UNCERTAIN:
            desk.store.outbox.put(replace(now, looked_at=desk.clock()))
