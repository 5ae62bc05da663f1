"""A mail that was to be written anew, when that is taken back or done again: its text never stands in two places."""

from __future__ import annotations

from dataclasses import replace

from desk.addressed import goes_to_whom_it_was
from desk.anew import became, kind_of, written_anew
from desk.conversation import Event, Message, Purpose
from desk.desk import Desk
from desk.draft import Draft
from desk.drafts import bring_back
from desk.errors import UndoTooLate
from desk.outgoing import OutboxEntry, OutboxState
from desk.reversal.drafts import FROM_COMPOSER
from desk.wording import Wording


def take_draft_away(desk: Desk, mail: OutboxEntry, event: Event, late: str) -> None:
    """Forget the draft that a mail's text became, so that the mail may come back in its place.

    Raises:
        UndoTooLate: the text was changed since, is a colleague's, or was sent.
    """
    if (became_this := became(event)) is None:
        return
    there = desk.store.drafts.of(mail.ticket)
    draft = next((each for each in there if each.origin == became_this), None)
    if draft is None:
        if (again := written_anew(desk, mail)) is not None:
            raise UndoTooLate(f"{late}: its text was written anew as mail {again.id}")
        if _is_written_since(desk, mail, event):
            raise UndoTooLate(f"{late}: the draft of its text is gone, and another was written since", FROM_COMPOSER)
    elif draft.author != desk.me.handle:
        raise UndoTooLate(f"{late}: the draft of its text is {draft.author}'s now", FROM_COMPOSER)
    elif not _is_as_mailed(desk, draft, mail):
        raise UndoTooLate(f"{late}: the draft of its text was changed since", FROM_COMPOSER)
    else:
        desk.store.drafts.remove(draft.id)


def write_anew_again(desk: Desk, mail: OutboxEntry, event: Event) -> None:
    """Make a draft of a mail's text once more, if that is what the event did."""
    if (became_this := became(event)) is not None:
        draft = bring_back(desk, mail.ticket, kind_of(mail), mail.written, first=became_this)
        goes_to_whom_it_was(desk, draft, mail)


def _is_written_since(desk: Desk, mail: OutboxEntry, event: Event) -> bool:
    """Whether there is another draft or mail, in which the text may stand: its draft went where no event tells."""
    is_draft = any(each.kind is kind_of(mail) for each in desk.store.drafts.of(mail.ticket))
    is_mail = any(
        each.entry > event.id and each.state is not OutboxState.CANCELLED and each.purpose is not Purpose.AUTOMATIC
        for each in desk.store.outbox.of(mail.ticket)
    )
    return is_draft or is_mail


def _is_as_mailed(desk: Desk, draft: Draft, mail: OutboxEntry) -> bool:
    """Whether a draft is what the mail was, be it that it says by now whom that was to go to."""
    chosen, was = draft.wording or Wording(), mail.wording or Wording()
    queued = desk.store.conversations.get(mail.entry)
    if not isinstance(queued, Message):
        return False
    goes_to = {(was.to, was.cc, was.subject), (queued.to, queued.cc, queued.subject)}
    some = [{each[at] for each in goes_to} for at in range(3)]
    addressed = all(said in known for said, known in zip((chosen.to, chosen.cc, chosen.subject), some, strict=True))
    rest, rest_was = (replace(each, to=None, cc=None, subject=None) for each in (chosen, was))
    return addressed and (draft.text, draft.plan, rest) == (mail.draft, mail.plan, rest_was)
