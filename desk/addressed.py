"""Whom an unfinished answer was written to, kept where mails come to its ticket or leave it.

Who gets an answer is what the mails on its ticket ask for. A new mail, a merge or a split changes those, but the words
were written to somebody, and go to nobody else by that: where the ticket asks for others from then on, the draft itself
says whom. Otherwise whoever knows the id of one mail could have the answer to it sent to themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from desk.conversation import EntryId, Event, Happened, Message
from desk.desk import Desk
from desk.draft import Draft, DraftId, DraftKind
from desk.letters import messages_of, recipients, recipients_among
from desk.moves import FROM, MOVED, named_in
from desk.outgoing import OutboxEntry
from desk.people import NOBODY, Handle
from desk.recipients import Addresses
from desk.subjects import without_prefix
from desk.ticket import Ticket, TicketNumber
from desk.wording import Wording


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom the mails on a ticket ask to answer, and under which subject."""

    to: Addresses
    cc: Addresses
    subject: str


def addressed(desk: Desk, *numbers: TicketNumber) -> dict[DraftId, Asked]:
    """Whom the unfinished answers on these tickets go to, as long as nothing else is chosen."""
    there = (each for number in numbers for each in desk.store.drafts.of(number) if each.kind is DraftKind.REPLY)
    return {each.id: _asked(desk, each.ticket, each.author) for each in there}


def keep_addressed(desk: Desk, before: Mapping[DraftId, Asked], *numbers: TicketNumber) -> None:
    """Let the answers that are on these tickets now go to whom they went `before`; inside a transaction.

    Their revision stays: whoever has one open still holds it, and hears of it.
    """
    now = addressed(desk, *numbers)
    for draft in (each for number in numbers for each in desk.store.drafts.of(number)):
        if draft.id in before and draft.id in now:
            after = _kept(draft, before[draft.id], now[draft.id])
            if after != draft:
                desk.store.drafts.put(after)


def asked_before(desk: Desk, number: TicketNumber, author: Handle, entry: EntryId) -> Asked:
    """Whom an answer of this author's was to go to before this entry came."""
    ticket = desk.ticket(number)
    there = [each for each in messages_of(desk, number) if each.id < entry]
    return Asked(*recipients_among(_in_hands_of(desk, author), ticket, there), _subject(ticket))


def as_written_on(desk: Desk, merged: Ticket, draft: Draft) -> Draft:
    """An answer that was written on a merged ticket and stands on the one that goes on: to whom it was written."""
    if draft.kind is not DraftKind.REPLY or draft.ticket == merged.number:
        return draft
    gone = _gone_with(desk, merged)
    mails = [each for each in messages_of(desk, draft.ticket) if each.id in gone]
    was = Asked(*recipients_among(_in_hands_of(desk, draft.author), merged, mails), _subject(merged))
    return _kept(draft, was, _asked(desk, draft.ticket, draft.author))


def goes_to_whom_it_was(desk: Desk, draft: Draft, mail: OutboxEntry) -> Draft:
    """Let an answer that is taken back go to whom its mail was to go; inside a transaction."""
    queued = desk.store.conversations.get(mail.entry)
    if draft.kind is not DraftKind.REPLY or draft.stays_to or not isinstance(queued, Message):
        return draft
    was = Asked(queued.to, queued.cc, queued.subject)
    stays = mail.stays_to and draft.wording is not None and (draft.wording.to, draft.wording.cc) == (was.to, was.cc)
    kept = _kept(replace(draft, stays_to=stays), was, _asked(desk, draft.ticket, draft.author))
    if kept != draft:
        desk.store.drafts.put(kept)
    return kept


def go_as_before(desk: Desk, draft: Draft, entry: EntryId) -> Draft:
    """Let an answer that was written before this entry go to whom it was to go then."""
    if draft.kind is not DraftKind.REPLY or draft.stays_to:
        return draft
    with desk.store.transaction():
        was = asked_before(desk, draft.ticket, draft.author, entry)
        kept = _kept(draft, was, _asked(desk, draft.ticket, draft.author))
        if kept != draft:
            desk.store.drafts.put(kept)
        return kept


def asked_instead(desk: Desk, draft: Draft) -> Addresses:
    """Who gets answers on its ticket by now, where a draft goes to others; empty where these are the same people."""
    said = draft.wording or Wording()
    if draft.kind is not DraftKind.REPLY or not draft.stays_to:
        return ()
    now = _asked(desk, draft.ticket, draft.author)
    is_same = are_same(said.to or now.to, now.to) and are_same(said.cc if said.cc is not None else now.cc, now.cc)
    return () if is_same else (*now.to, *now.cc)


def with_what_was_kept(new: Draft, now: Draft | None) -> Draft:
    """Words in the place of a draft: whom that goes to since others were asked for stays so until they say somebody."""
    if now is None or not now.stays_to or now.wording is None:
        return new
    wording = staying(new.wording, now.wording)
    return replace(new, wording=wording, stays_to=wording.to == now.wording.to)


def staying(chosen: Wording | None, kept: Wording) -> Wording:
    """What was chosen for a text, with whom it goes to though its ticket asks for others, where nobody was chosen."""
    said = chosen or Wording()
    cc = kept.cc if said.cc is None else said.cc
    if said.to not in (None, kept.to):
        return replace(said, cc=cc)
    return replace(said, to=kept.to, cc=cc, subject=kept.subject if said.subject is None else said.subject)


def kept_to(chosen: Wording | None, was: Asked, now: Asked) -> Wording | None:
    """What an answer has to say so that it goes to whom it `was` to go, though its ticket asks for others `now`.

    None: nothing, for it goes there anyway, or all of it was chosen.
    """
    said = chosen or Wording()
    is_led_away = said.to is None and not are_same(was.to, now.to) and NOBODY not in was.to
    gets_copies = said.cc is None and not are_same(was.cc, now.cc)
    if not (is_led_away or gets_copies):
        return None
    subject = was.subject if said.subject is None and was.subject != now.subject else said.subject
    to, cc = was.to if said.to is None else said.to, was.cc if said.cc is None else said.cc
    return replace(said, to=to, cc=cc, subject=subject)


def are_same(some: Addresses, others: Addresses) -> bool:
    """Whether these are the same people, whatever they are called."""
    return {each.key for each in some} == {each.key for each in others}


def _kept(draft: Draft, was: Asked, now: Asked) -> Draft:
    """A draft that says whom it goes to where its ticket says otherwise, and no more where it says the same again."""
    chosen = draft.wording or Wording()
    if draft.stays_to and (chosen.to, chosen.cc) == (now.to, now.cc):
        subject = None if chosen.subject == now.subject else chosen.subject
        wording = replace(chosen, to=None, cc=None, subject=subject)
        return replace(draft, wording=None if wording == Wording() else wording, stays_to=False)
    kept = kept_to(draft.wording, was, now)
    return draft if kept is None else replace(draft, wording=kept, stays_to=True)


def _asked(desk: Desk, number: TicketNumber, author: Handle) -> Asked:
    return Asked(*recipients(_in_hands_of(desk, author), number), _subject(desk.ticket(number)))


def _in_hands_of(desk: Desk, author: Handle) -> Desk:
    """The desk as an agent has it: nobody gets a copy of what they write themselves."""
    return replace(desk, acting=desk.store.agents.get(author))


def _subject(ticket: Ticket) -> str:
    return f"Re: {without_prefix(ticket.subject)}"


def _gone_with(desk: Desk, merged: Ticket) -> frozenset[EntryId]:
    """The mails and notes with which a ticket became part of another: merged into it, or a split taken back."""
    host = merged.merged_into or merged.number
    events = (
        each
        for number in (merged.number, host)
        for each in desk.store.conversations.of(number)
        if isinstance(each, Event)
    )
    coming = {(host, Happened.MERGED, str(merged.number)), (merged.number, Happened.SPLIT, str(host))}
    moves = [each for each in events if (each.ticket, each.what, each.detail.get(FROM, "")) in coming]
    last = max(moves, key=lambda each: each.id, default=None)
    return named_in(last, MOVED) if last else frozenset()
