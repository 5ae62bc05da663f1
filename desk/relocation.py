"""Mails and notes that go from one ticket to another, with all that belongs to them; merging and splitting do it.

What an event changed of a ticket's own fields stays that ticket's history. Where such an event is about a mail that
goes, the other ticket gets a copy of it without the change, so that what became of the mail is known there too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from desk.conversation import Entry, EntryId, Event, Message, Note
from desk.desk import Desk, new_act
from desk.draft import Draft, DraftId, DraftKind
from desk.drafts import finished_by
from desk.ticket import TicketNumber

_COPY = "copy"
_LOCAL_ID = "@tandem.invalid>"


def texts_in(entries: Iterable[Entry]) -> list[Message | Note]:
    """The mails and notes among entries."""
    return [each for each in entries if not isinstance(each, Event)]


def relocate(desk: Desk, texts: Collection[EntryId], source: TicketNumber, target: TicketNumber) -> None:
    """Put mails and notes of one ticket on another, with all that belongs to them; inside a transaction.

    That is their events, what the outbox holds of them, and the ids that lead to them. What both tickets say of their
    conversation is worked out again by whoever records it.
    """
    entries = desk.store.conversations.of(source)
    going = [each for each in texts_in(entries) if each.id in texts]
    for entry in going:
        desk.store.conversations.put(replace(entry, ticket=target))
    sent = [each for each in desk.store.outbox.of(source) if each.entry in texts]
    for mail in sent:
        desk.store.outbox.put(replace(mail, ticket=target))
    for mention in desk.store.mentions.of(source):
        if mention.entry in texts:
            desk.store.mentions.put(replace(mention, ticket=target))
    given = [each.sent_as for each in sent]
    desk.store.threads.unlink(given, source, own=True)
    desk.store.threads.link(target, given)
    _take_events(desk, entries, texts, target)
    staying = [each for each in texts_in(entries) if each.id not in texts]
    _relink(desk, going, staying, source, target)


def _take_events(desk: Desk, entries: Sequence[Entry], texts: Collection[EntryId], target: TicketNumber) -> None:
    there = [each for each in desk.store.conversations.of(target) if isinstance(each, Event)]
    originals = {str(each.id) for each in there}
    copies = {each.detail[_COPY]: each for each in there if _COPY in each.detail}
    for event in entries:
        if not isinstance(event, Event) or _about(event) not in texts:
            continue
        if event.detail.get(_COPY) in originals:
            desk.store.conversations.put(replace(event, undone=True))
        elif not event.changes:
            desk.store.conversations.put(replace(event, ticket=target))
        elif copy := copies.get(str(event.id)):
            desk.store.conversations.put(replace(copy, undone=event.undone))
        elif event.entry is not None and not event.undone:
            detail = {**event.detail, _COPY: str(event.id)}
            copy = replace(event, ticket=target, author=None, act=new_act(), changes=(), detail=detail)
            desk.store.conversations.add(copy)


def _about(event: Event) -> EntryId | None:
    about = event.detail.get("about")
    return event.entry if about is None else EntryId(int(about))


def _relink(
    desk: Desk,
    going: Iterable[Message | Note],
    staying: Iterable[Message | Note],
    source: TicketNumber,
    target: TicketNumber,
) -> None:
    """Let what leads to these mails lead to their new ticket; an id that a mail which stays has too leads to both."""
    mails = [each for each in going if isinstance(each, Message)]
    shared = {each for mail in staying if isinstance(mail, Message) for each in _leading_to(mail)}
    leading = dict.fromkeys(each for mail in mails for each in _leading_to(mail))
    desk.store.threads.unlink([each for each in leading if each not in shared], source, own=True)
    desk.store.threads.link(target, leading, [each for mail in mails for each in mail.references])


def _leading_to(mail: Message) -> tuple[str, ...]:
    """A mail's own id; one that came without any has that of its words besides."""
    twin = f"<{mail.digest}{_LOCAL_ID}" if mail.message_id.endswith(_LOCAL_ID) else ""
    return mail.message_id, twin


def carry_drafts(desk: Desk, source: TicketNumber, target: TicketNumber) -> list[Draft]:
    """Keep the unfinished texts of a ticket aside on another one, for their authors; returns them as they were."""
    carried = desk.store.drafts.of(source)
    for draft in carried:
        aside = draft.aside or draft.kind is not DraftKind.EDIT
        desk.store.drafts.put(replace(_carried_to(draft, target), aside=aside))
    return carried


def drafts_as_detail(drafts: Iterable[Draft], entries: Iterable[Entry]) -> str:
    """Which drafts these are, and which of them were aside, as an event's detail keeps it.

    Those that became mails and notes among `entries` are named too: an undo may bring them back.
    """
    aside = {finished: 1 for each in entries if isinstance(each, Event) and (finished := finished_by(each))}
    aside.update({each.origin: int(each.aside) for each in drafts})
    return " ".join(f"{draft}:{was}" for draft, was in aside.items())


def bring_drafts_back(desk: Desk, kept: str, source: TicketNumber, target: TicketNumber) -> None:
    """Put the drafts that are still there back to where they were, as they were."""
    aside = {DraftId(int(number)): was == "1" for number, _, was in (each.partition(":") for each in kept.split())}
    for draft in desk.store.drafts.of(source):
        if (was := aside.pop(draft.origin, None)) is not None:
            desk.store.drafts.put(replace(_carried_to(draft, target), aside=was))


def _carried_to(draft: Draft, number: TicketNumber) -> Draft:
    return replace(draft, ticket=number, revision=draft.revision + 1, carried=draft.carried + 1)
