"""Which unfinished text stands on a ticket, whose it is, what became of one, and how a text becomes one again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeGuard

from desk.conversation import Direction, Entry, Event, Happened, Message, Note
from desk.desk import Desk
from desk.draft import Draft, DraftId, DraftKind
from desk.lost import Fate, Lost
from desk.merged import goes_on_as
from desk.moves import FROM, INTO
from desk.plan import joined
from desk.ticket import TicketNumber
from desk.waiting import States, counts
from desk.wording import together
from desk.written import Written, earlier

FINISHED = "finished"
"""Under this name an event keeps which draft became the mail or the note that it tells of."""


def held_draft(desk: Desk, number: TicketNumber, kind: DraftKind) -> Draft | None:
    """The text in a new one's place: the ticket's shared reply, whoever holds it, or the acting agent's own."""
    me = desk.acting.handle if desk.acting else None
    there = (each for each in desk.store.drafts.of(number) if each.kind is kind and not each.aside)
    return next((each for each in there if kind is DraftKind.REPLY or each.author == me), None)


def drafts_aside(desk: Desk, number: TicketNumber, kind: DraftKind) -> list[Draft]:
    """The acting agent's texts that could not be the draft, oldest first."""
    there = (each for each in desk.store.drafts.of(number) if each.aside)
    return [each for each in there if (each.author, each.kind) == (desk.me.handle, kind)]


def own_drafts(desk: Desk, number: TicketNumber) -> tuple[Draft, ...]:
    """The acting agent's unfinished notes and forwards on a ticket, but for those aside: nobody else sees them."""
    me = desk.acting.handle if desk.acting else None
    there = (each for each in desk.store.drafts.of(number) if each.author == me and not each.aside)
    return tuple(each for each in there if each.kind is not DraftKind.REPLY)


def finished_as_detail(desk: Desk, number: TicketNumber, kind: DraftKind) -> dict[str, str]:
    """What the event of a mail or a note keeps of the acting agent's draft that becomes it: which text that is."""
    held = held_draft(desk, number, kind)
    return {FINISHED: str(held.origin)} if held is not None and held.author == desk.me.handle else {}


def finished_by(event: Event) -> DraftId | None:
    """The draft that became what an event tells of."""
    return DraftId(int(event.detail[FINISHED])) if FINISHED in event.detail else None


def is_held(now: Draft | None, last: Draft | None) -> bool:
    """Whether what stands there now is what was last read or written (None: nothing), on whichever ticket by now."""
    if now is None or last is None:
        return now is last
    return (now.id, _words_of(now), now.author) == (last.id, _words_of(last), last.author)


def carried_draft(desk: Desk, number: TicketNumber, kind: DraftKind, last: Draft | None) -> Draft | None:
    """The acting agent's text that was last read or written, where its ticket's merge has put it aside since."""
    there = drafts_aside(desk, goes_on_as(desk, desk.ticket(number)).number, kind)
    return next((each for each in there if last is not None and is_held(each, last)), None)


def _words_of(draft: Draft) -> int:
    """The revision that a text had when somebody last changed more than the ticket that it stands on."""
    return draft.revision - draft.carried


def new_draft(desk: Desk, number: TicketNumber, kind: DraftKind, written: Written) -> Draft:
    """A text of the acting agent's, begun now and stored nowhere yet."""
    now = desk.clock()
    return Draft(
        ticket=number,
        author=desk.me.handle,
        kind=kind,
        text=written.text,
        plan=written.plan,
        wording=written.wording,
        seen=written.seen,
        saved=now,
        since=now,
    )


def bring_back(
    desk: Desk, number: TicketNumber, kind: DraftKind, written: Written, *, first: DraftId | None = None
) -> Draft:
    """Make a text that was taken back unfinished again: what its agent began since is kept below it.

    While a colleague holds the ticket's shared draft, a reply is kept aside. An open composer does not write over
    either; it tells.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
    """
    with desk.store.transaction():
        ticket = desk.ticket(number)
        held = held_draft(desk, number, kind)
        new = replace(new_draft(desk, number, kind, written), brought_back=True, first=first)
        if held is None or held.author != desk.me.handle:
            draft = desk.store.drafts.add(replace(new, aside=held is not None))
        else:
            draft = replace(
                new,
                id=held.id,
                revision=held.revision + 1,
                first=held.first,
                text="\n\n".join(dict.fromkeys([new.text, held.text])),
                plan=joined(new.plan, held.plan),
                wording=together(new.wording, held.wording),
                seen=earlier(new.seen, held.seen),
            )
            desk.store.drafts.put(draft)
        desk.sum_up(ticket)
        return draft


def lost_draft(desk: Desk, number: TicketNumber, kind: DraftKind, last: Draft | None, now: Draft | None) -> Lost:
    """What became of the text that was last read or written, when `now` is not it."""
    if last is not None and (back := _went_back(desk, number, kind, last)) is not None:
        return back
    if now is None:
        return _gone(desk, number, kind, last)
    if now.author != desk.me.handle:
        fate = Fate.TAKEN_OVER if last is not None and last.id == now.id else Fate.BEGUN
        return Lost(kind=kind, fate=fate, by=now.author, at=now.since or now.saved, now=now)
    fate = Fate.BROUGHT_BACK if now.brought_back else Fate.ELSEWHERE
    return Lost(kind=kind, fate=fate, by=None, at=now.saved, now=now)


def gone_on(desk: Desk, lost: Lost, last: Draft | None) -> tuple[Lost, Draft | None]:
    """A text that went back to its own ticket, as it stands by now, and where that is; else what was known of it."""
    now = desk.store.drafts.get(last.id) if last is not None else None
    return (replace(lost, ticket=now.ticket), now) if now is not None and is_held(now, last) else (lost, last)


def is_erased(desk: Desk, number: TicketNumber) -> bool:
    """Whether all of a ticket was erased at its customer's request.

    Raises:
        NoSuchTicket: there is none with this number.
    """
    return desk.ticket(number).erased


def is_merged(desk: Desk, number: TicketNumber) -> bool:
    """Whether another ticket goes on for this one.

    Raises:
        NoSuchTicket: there is none with this number.
    """
    return desk.ticket(number).merged_into is not None


def _went_back(desk: Desk, number: TicketNumber, kind: DraftKind, last: Draft) -> Lost | None:
    """That a merge was taken back and took this text from here along; None where it did not."""
    now = desk.store.drafts.get(last.id)
    if now is None or last.ticket != number or now.ticket == number or is_merged(desk, number):
        return None
    if (parted := _parted_by(desk.store.conversations.of(number))) is None:
        return None
    by = None if parted.author == desk.me.handle else parted.author
    return Lost(kind=kind, fate=Fate.WENT_BACK, by=by, at=parted.at, now=None, ticket=now.ticket)


def _gone(desk: Desk, number: TicketNumber, kind: DraftKind, last: Draft | None) -> Lost:
    states = desk.states(number)
    entries = desk.store.conversations.of(number)
    erasing = [each for each in entries if isinstance(each, Event) and each.what is Happened.ERASED]
    if erasing and is_erased(desk, number):
        by = erasing[-1].author
        return Lost(kind=kind, fate=Fate.ERASED, by=None if by == desk.me.handle else by, at=erasing[-1].at, now=None)
    if is_merged(desk, number) and (joined_by := _joined_by(entries)) is not None:
        by, fate = joined_by.author, Fate.MERGED if joined_by.what is Happened.MERGED else Fate.REJOINED
        by, into = None if by == desk.me.handle else by, goes_on_as(desk, desk.ticket(number)).number
        return Lost(kind=kind, fate=fate, by=by, at=joined_by.at, now=None, into=into)
    finished = [each for each in entries if _finishes(each, kind, states) and _follows(each, last)]
    if not finished:
        return Lost(kind=kind, fate=Fate.DISCARDED, by=None, at=desk.clock(), now=None)
    by = finished[-1].author
    return Lost(kind=kind, fate=Fate.SENT, by=None if by == desk.me.handle else by, at=finished[-1].at, now=None)


def _joined_by(entries: Sequence[Entry]) -> Event | None:
    """With what a ticket became part of another: the merge that stands, or else taking back the split that made it."""
    events = [each for each in entries if isinstance(each, Event)]
    merging = [each for each in events if each.what is Happened.MERGED and INTO in each.detail and not each.undone]
    return merging[-1] if merging else _taken_back_by(events, Happened.SPLIT)


def _parted_by(entries: Sequence[Entry]) -> Event | None:
    """With what another ticket ceased to be part of this one: taking back the merge that had made it one."""
    return _taken_back_by([each for each in entries if isinstance(each, Event)], Happened.MERGED)


def _taken_back_by(events: Sequence[Event], what: Happened) -> Event | None:
    """The last undo of what brought texts to a ticket."""
    undone = {each.act for each in events if each.what is what and FROM in each.detail and each.undone}
    undoing = (each for each in reversed(events) if each.what is Happened.UNDONE and each.detail.get("act") in undone)
    return next(undoing, None)


def _finishes(entry: Entry, kind: DraftKind, states: States) -> TypeGuard[Message | Note]:
    """Whether an entry is what a draft of this kind becomes."""
    match entry:
        case Message(direction=Direction.OUT):
            becomes = DraftKind.REPLY if entry.side is None else DraftKind.FORWARD
            return kind is becomes and entry.author is not None and counts(entry, states)
        case Note():
            return kind is DraftKind.NOTE and not entry.removed
        case _:
            return False


def _follows(entry: Message | Note, last: Draft | None) -> bool:
    """Whether an entry came after a draft was saved, or stands again with its words."""
    text = entry.text if isinstance(entry, Message) else entry.note
    return last is None or entry.at >= last.saved or text.strip() == last.text.strip()
