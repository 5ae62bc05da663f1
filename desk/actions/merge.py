"""Make one ticket of several that are about the same matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from desk.addressed import addressed, keep_addressed
from desk.conversation import Act, Entry, EntryId, Event, Happened, Message
from desk.desk import Desk, new_act
from desk.draft import Draft
from desk.meanwhile import refuse_if_anything
from desk.merged import goes_on_as
from desk.merging import DRAFTS as KINDS
from desk.merging import counted, source_of, with_fields_of
from desk.moves import DRAFTS, FROM, INTO, MOVED, SETTLED, WAITS, as_detail
from desk.outgoing import NOT_GONE, OutboxEntry
from desk.relocation import carry_drafts, drafts_as_detail, relocate, texts_in
from desk.sleep import awake
from desk.ticket import Ticket, TicketNumber
from desk.waiting import States, settled, waiting_since


@dataclass(frozen=True, slots=True)
class Merged:
    """The ticket that goes on, and in words what came to it: a sentence for each ticket."""

    ticket: Ticket
    said: tuple[str, ...]


def merge(
    desk: Desk,
    froms: Sequence[TicketNumber],
    into: TicketNumber,
    *,
    seen: Mapping[TicketNumber, EntryId] | None = None,
    act: Act | None = None,
) -> Merged:
    """Put the mails and notes of tickets on another one, which goes on for them; what comes to any of them lands there.

    The other keeps its customer, and its assignee if it has one; it has the tags of all, the highest priority, and the
    status that asks most of us. Unfinished texts are kept aside for their authors, mails that have not left go along.
    Where `into` was merged itself, the ticket that goes on for it is meant. `seen` are the newest entries that the
    agent had on the screen (None: not asked).

    Raises:
        NoSuchTicket, NoAgent: a ticket or the acting agent is unknown.
        MergedAway: one of `froms` was merged into some other ticket before.
        TicketMoved: somebody wrote on one of them, or changed it, after `seen`.
        RefusedError: they are one ticket already, or one was erased, or is spam.
    """
    act = act or new_act()
    with desk.store.transaction():
        target = goes_on_as(desk, desk.ticket(into))
        sources = [source_of(desk, number, target, into) for number in dict.fromkeys(froms)]
        for number, entry in (seen or {}).items():
            refuse_if_anything(desk, number, entry)
        said = tuple(_merge_one(desk, source, target.number, act) for source in sources)
        return Merged(desk.ticket(target.number), said)


def _merge_one(desk: Desk, source: Ticket, into: TicketNumber, act: Act) -> str:
    author, target = desk.me.handle, desk.ticket(into)
    entries = desk.store.conversations.of(source.number)
    texts = [each.id for each in texts_in(entries)]
    states = desk.states(source.number)
    unsent = [each for each in desk.store.outbox.of(source.number) if each.state in NOT_GONE]
    written_to = addressed(desk, source.number, into)
    relocate(desk, texts, source.number, into)
    drafts = carry_drafts(desk, source.number, into)
    away = replace(awake(source), merged_into=into)
    desk.record(Happened.MERGED, source, away, act=act, author=author, detail={INTO: str(into)})
    detail = {
        FROM: str(source.number),
        MOVED: as_detail(texts),
        SETTLED: as_detail(settled(entries)),
        DRAFTS: drafts_as_detail(drafts, entries),
    }
    if (waits := _waits(source, entries, states)) is not None:
        detail[WAITS] = waits.isoformat()
    after = with_fields_of(target, source)
    desk.record(Happened.MERGED, target, after, act=act, author=author, detail=detail)
    keep_addressed(desk, written_to, into)
    notes = sum(not isinstance(each, Message | Event) for each in entries)
    return _said(source.number, into, len(texts) - notes, notes, _left_over(unsent, drafts))


def _waits(source: Ticket, entries: Sequence[Entry], states: States) -> datetime | None:
    """Since when a ticket's customer waits, where that is longer than its mails tell without what happened there.

    A reply may be newer than a mail, and yet no answer to it: that had not come from another ticket then.
    """
    done_with = settled(entries)
    told = waiting_since((each for each in texts_in(entries) if each.id not in done_with), states)
    since = source.waiting_since
    return since if since is not None and (told is None or told > since) else None


def _said(source: TicketNumber, into: TicketNumber, mails: int, notes: int, more: Sequence[str]) -> str:
    went = counted(mails, "mail")
    said = f"ticket {source} is part of {into} now: {went} went there"
    if notes:
        said = f"ticket {source} is part of {into} now: {went} and {counted(notes, 'note')} went there"
    return ", ".join((said, *more))


def _left_over(unsent: Sequence[OutboxEntry], drafts: Sequence[Draft]) -> list[str]:
    """What else goes along that somebody was about to do."""
    waiting = (f"the reply of {each.author} that has not left yet goes along" for each in unsent)
    begun = (
        f"the unfinished {KINDS[each.kind]} of {each.author} is kept aside there"
        for each in drafts
        if each.kind in KINDS
    )
    return [*waiting, *begun]
