"""Keep unfinished texts: nobody's words are written over, and none are lost.

A ticket has one unfinished reply, the shared draft, which one agent holds at a time; notes and forwards are each
agent's own. Who saves says which draft was last read or written (`last`). Where that is not what stands there now, the
text is kept aside for its author, and the save refused; `take_over` is how the draft changes hands.
"""

from __future__ import annotations

from dataclasses import replace

from desk.addressed import as_written_on, with_what_was_kept
from desk.conversation import Note
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.drafts import carried_draft, drafts_aside, held_draft, is_erased, is_held, is_merged, lost_draft, new_draft
from desk.errors import DraftMoved
from desk.merged import goes_on_as
from desk.plan import joined
from desk.signing import resigned, signatures, signed, unsigned
from desk.ticket import TicketNumber
from desk.wording import together
from desk.written import Written, earlier


def save_draft(
    desk: Desk,
    number: TicketNumber,
    kind: DraftKind,
    written: Written,
    *,
    last: Draft | None = None,
    stays_to: bool = False,
) -> Draft | None:
    """Keep the acting agent's unfinished text on a ticket; an empty one, for which nothing was chosen, is discarded.

    `stays_to` says that it names whom it was begun for because the ticket asks for somebody else by now.
    Not to be called inside a transaction: what is kept aside must stay when the refusal is raised.

    Raises:
        DraftMoved: `last` is not what stands there now. The text is kept aside.
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
    """
    with desk.store.transaction():
        now = held_draft(desk, number, kind)
        if now is None and last is not None and last.ticket != number and not is_merged(desk, number):
            discard_draft(desk, last)  # kept where this ticket was merged into, until that was taken back
            last = None
        if now is None and not is_merged(desk, number):
            now = carried_draft(desk, number, kind, last)  # the merge that had put it aside here was done again
        if is_held(now, last) and not is_erased(desk, number) and not is_merged(desk, number):
            new = replace(new_draft(desk, number, kind, written), stays_to=stays_to)
            return _save(desk, with_what_was_kept(new, now), now)
        lost = lost_draft(desk, number, kind, last, now)
        aside = keep_aside(desk, lost.ticket or number, kind, written, last=last)
    raise DraftMoved(number, lost, aside)


def keep_aside(
    desk: Desk, number: TicketNumber, kind: DraftKind, written: Written, *, last: Draft | None = None
) -> Draft | None:
    """Keep a text for the acting agent beside the ticket's draft, in the place of `last`; an empty one is forgotten.

    Of what was being written while the customer was erased, nothing is kept. Where the ticket was merged into another
    one meanwhile, it is kept there. What went back to this ticket with a merge that was taken back stays its draft.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
    """
    with desk.store.transaction():
        begun_on = desk.ticket(number)
        number = goes_on_as(desk, begun_on).number
        if is_erased(desk, number):
            return None
        held, there = held_draft(desk, number, kind), drafts_aside(desk, number, kind)
        now = held if held is not None and is_held(held, last) else carried_draft(desk, number, kind, last)
        if now is None and last is not None and last.ticket != number:
            discard_draft(desk, last)
        new = replace(new_draft(desk, number, kind, written), aside=now is None or now.aside)
        new = as_written_on(desk, begun_on, with_what_was_kept(new, now))
        return next((each for each in there if each.written == new.written), None) or _save(desk, new, now)


def resume_draft(desk: Desk, number: TicketNumber, kind: DraftKind, text: str = "") -> Draft | None:
    """Go on with a draft of the acting agent's own on this screen; another screen that shows it loses it.

    Where there is no draft, the text set aside last becomes it: any, or for a `text` that is written already, that.
    None comes back where there is neither, or a colleague holds the draft.
    """
    with desk.store.transaction():
        draft = held_draft(desk, number, kind)
        if draft is None:
            aside = (each for each in reversed(drafts_aside(desk, number, kind)) if text in ("", each.text))
            draft = next(aside, None)
        if draft is None or draft.author != desk.me.handle:
            return None
        resumed = replace(draft, aside=False, revision=draft.revision + 1, brought_back=False, given_by=None)
        desk.store.drafts.put(resumed)
        return resumed


def set_aside(desk: Desk, draft: Draft) -> None:
    """Make room for another text: the acting agent's draft is kept, but is the ticket's draft no longer."""
    with desk.store.transaction():
        if (now := _stored(desk, draft)) is not None:
            desk.store.drafts.put(replace(now, aside=True, revision=now.revision + 1))


def take_over(
    desk: Desk, number: TicketNumber, kind: DraftKind, written: Written, *, last: Draft | None = None
) -> Draft | None:
    """Make the acting agent the one who holds the ticket's draft: what stood in it comes below their own text.

    The files of both go along; recipients and subject are the acting agent's, where they chose any. `last` is where
    that text was kept aside, if it was. None comes back where there is no text at all.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        MergedAway: another ticket goes on for this one.
    """
    with desk.store.transaction():
        desk.live_ticket(number)
        now = held_draft(desk, number, kind)
        if last is not None and last.aside:
            discard_draft(desk, last)
        if now is None:
            return _save(desk, new_draft(desk, number, kind, written), None)
        from_whom = now.author if now.author != desk.me.handle else "your other screen"
        theirs = resigned(desk, now, desk.me.handle)
        own = signatures(desk, number) if kind is DraftKind.REPLY else ()
        mine = unsigned(written.text, own)
        whole = _below(mine, theirs, from_whom)
        whole = whole if mine == written.text else signed(whole, own)  # it stands below all of it, and once
        plan = now.plan if whole == theirs else joined(written.plan, now.plan)
        seen = earlier(written.seen, now.seen)
        new = new_draft(desk, number, kind, Written(whole, plan, together(written.wording, now.wording), seen))
        taken = replace(with_what_was_kept(new, now), id=now.id, revision=now.revision + 1, first=now.first)
        desk.store.drafts.put(taken)
        return taken


def discard_draft(desk: Desk, draft: Draft | None) -> None:
    """Forget a text of the acting agent's, if it still is what was last read or written, and theirs."""
    with desk.store.transaction():
        if draft is not None and (now := _stored(desk, draft)) is not None:
            desk.store.drafts.remove(now.id)
            desk.sum_up(desk.ticket(now.ticket))


def keep_edit(desk: Desk, note: Note, text: str, *, last: Draft | None = None) -> Draft | None:
    """Keep other words for a note of the acting agent's, in the place of `last`; its own words, or none, are forgotten.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
    """
    words = "" if text.strip("\n") == note.note else text
    words = "" if is_erased(desk, note.ticket) else words
    new = new_draft(desk, note.ticket, DraftKind.EDIT, Written(words))
    with desk.store.transaction():
        now = _stored(desk, last) if last is not None else None
        return _save(desk, replace(new, note=note.id), now)


def kept_edit(desk: Desk, note: Note) -> Draft | None:
    """The words for this note that the acting agent kept last."""
    there = (each for each in desk.store.drafts.of(note.ticket) if each.kind is DraftKind.EDIT and each.note == note.id)
    return max((each for each in there if each.author == desk.me.handle), key=lambda each: each.saved, default=None)


def settle_draft(desk: Desk, number: TicketNumber, text: str, kind: DraftKind = DraftKind.REPLY) -> None:
    """Clear the draft away once its holder has sent `text`; other words in it are kept aside.

    A colleague's draft stays theirs.
    """
    with desk.store.transaction():
        draft = held_draft(desk, number, kind)
        if draft is None or draft.author != desk.me.handle:
            return
        if draft.text.strip() == text.strip():
            discard_draft(desk, draft)
        else:
            set_aside(desk, draft)


def _save(desk: Desk, new: Draft, now: Draft | None) -> Draft | None:
    """Keep a text in the place of the one that stands there; an empty one without choices leaves nothing there."""
    if new.written.is_empty:
        discard_draft(desk, now)
        return None
    if now is None:
        draft = desk.store.drafts.add(new)
    else:
        seen = now.seen if new.seen is None else new.seen
        draft = replace(new, id=now.id, revision=now.revision + 1, since=now.since, first=now.first, seen=seen)
        desk.store.drafts.put(draft)
    ticket = desk.ticket(new.ticket)
    if "draft" not in ticket.holds:
        desk.sum_up(ticket)
    return draft


def _stored(desk: Desk, draft: Draft) -> Draft | None:
    """A draft of the acting agent's, if it is what it was when it was last read or written."""
    there = (each for each in desk.store.drafts.of(draft.ticket) if is_held(each, draft))
    return next((each for each in there if each.author == desk.me.handle), None)


def _below(first: str, second: str, whose: str) -> str:
    """Two texts as one. Where neither holds the other, a gap between them says whose the second is: it is not sent."""
    if not first.strip() or _holds(second, first):
        return second
    if not second.strip() or _holds(first, second):
        return first
    return f"{first.rstrip()}\n\n⟦from {whose}:⟧\n\n{second}"


def _holds(whole: str, part: str) -> bool:
    """Whether a text has all of another in whole lines, or begins with it."""
    part = part.strip()
    return whole.lstrip().startswith(part) or f"\n{part}\n" in f"\n{whole.strip()}\n"
