"""Mails and notes that went to another ticket, when merging or splitting is taken back or done again.

What was written on either ticket in between was written with both as they are: then they are not taken apart again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from desk.addressed import Asked, addressed, keep_addressed
from desk.conversation import EntryId, Event, Happened
from desk.desk import Desk
from desk.draft import DraftId
from desk.errors import RedoTooLate, RefusedError, UndoTooLate
from desk.meanwhile import RELOCATING, in_words, touched_since, written_since
from desk.moves import DRAFTS, FROM, MOVED, named_in
from desk.relocation import bring_drafts_back, carry_drafts, relocate, texts_in
from desk.reversal.part import Part
from desk.ticket import TicketNumber


@dataclass(frozen=True, slots=True)
class _Way:
    """Texts that go from one ticket to another, and how it is refused."""

    event: Event
    source: TicketNumber
    target: TicketNumber
    refused: type[RefusedError]
    late: str

    @property
    def texts(self) -> frozenset[EntryId]:
        """The mails and notes that go."""
        return named_in(self.event, MOVED)


def unmerge(desk: Desk, part: Part) -> None:
    """Let a ticket go on by itself again, with all that it had.

    Raises:
        UndoTooLate: somebody wrote on the ticket since, or moved some of it on.
    """
    if way := _back(part, "too late to take the tickets apart"):
        written_to = _go(desk, way, since=way.event.id)
        desk.store.tickets.put(replace(desk.ticket(way.target), merged_into=None))
        bring_drafts_back(desk, way.event.detail.get(DRAFTS, ""), way.source, way.target)
        keep_addressed(desk, written_to, way.source, way.target)
        _look_alike_again(desk, way)


def _look_alike_again(desk: Desk, way: _Way) -> None:
    """Where the one that was merged looked like the other, both do so again."""
    host = desk.ticket(way.source)
    if way.source in desk.ticket(way.target).resembles and way.target not in host.resembles:
        desk.store.tickets.put(replace(host, resembles=tuple(sorted((*host.resembles, way.target)))))


def merge_again(desk: Desk, part: Part) -> None:
    """Merge a ticket once more into the other one.

    Raises:
        RedoTooLate: somebody wrote on one of them since, or they are not as the undo left them.
    """
    if way := _again(part, "not merged again"):
        written_to = _go(desk, way, since=_last_undone(desk, way, way.target))
        _refuse_if_left_behind(desk, way)
        carry_drafts(desk, way.source, way.target)
        keep_addressed(desk, written_to, way.target)
        desk.store.tickets.put(replace(desk.ticket(way.source), merged_into=way.target))
        host = desk.ticket(way.target)
        desk.store.tickets.put(replace(host, resembles=tuple(each for each in host.resembles if each != way.source)))


def unsplit(desk: Desk, part: Part) -> None:
    """Put mails back to the ticket that they came from; the one that they were on is a part of it from now on.

    Raises:
        UndoTooLate: somebody wrote on that ticket since, or moved some of it on.
    """
    if way := _back(part, "too late to put the mails back"):
        written_to = _go(desk, way, since=way.event.id)
        _refuse_if_left_behind(desk, way)
        carry_drafts(desk, way.source, way.target)
        keep_addressed(desk, written_to, way.target)
        desk.store.tickets.put(replace(desk.ticket(way.source), merged_into=way.target))


def split_again(desk: Desk, part: Part) -> None:
    """Put mails once more on the ticket that was made for them.

    Raises:
        RedoTooLate: somebody wrote on one of them since, or they are not as the undo left them.
    """
    if way := _again(part, "not split again"):
        host = desk.ticket(way.target)
        if host.merged_into != way.source:
            raise RedoTooLate(f"{way.late}: ticket {way.target} is a ticket of its own already")
        desk.store.tickets.put(replace(host, merged_into=None))
        keep_addressed(desk, _go(desk, way, since=_last_undone(desk, way, way.target)), way.source, way.target)


def _back(part: Part, late: str) -> _Way | None:
    """The way back, told by the event on the ticket where the texts came; None for the other one."""
    if FROM not in part.event.detail:
        return None
    return _Way(part.event, part.event.ticket, TicketNumber(int(part.event.detail[FROM])), UndoTooLate, late)


def _again(part: Part, late: str) -> _Way | None:
    if FROM not in part.event.detail:
        return None
    return _Way(part.event, TicketNumber(int(part.event.detail[FROM])), part.event.ticket, RedoTooLate, late)


def _go(desk: Desk, way: _Way, since: EntryId) -> dict[DraftId, Asked]:
    """Let the texts go; returns whom the unfinished answers on both tickets went to before."""
    for number in (way.source, way.target):
        ticket = desk.ticket(number)
        if ticket.erased:
            raise way.refused(f"{way.late}: ticket {number} was erased at its customer's request")
        is_expected = way.refused is UndoTooLate and number == way.target and way.event.what is Happened.MERGED
        if ticket.merged_into is not None and not is_expected:
            raise way.refused(f"{way.late}: ticket {number} was merged into {ticket.merged_into} since")
    here = {each.id for each in texts_in(desk.store.conversations.of(way.source))}
    if not way.texts <= here:
        raise way.refused(f"{way.late}: some of it is not on ticket {way.source} any more")
    _refuse_if_written(desk, way, since)
    written_to = addressed(desk, way.source, way.target)
    relocate(desk, way.texts, way.source, way.target)
    return written_to


def _refuse_if_written(desk: Desk, way: _Way, since: EntryId) -> None:
    """What was written where these texts are now is news; for doing it again, all that happened to either ticket."""
    is_back = way.refused is UndoTooLate
    for number in (way.source,) if is_back else (way.source, way.target):
        found = (written_since if is_back else touched_since)(desk, number, since)
        if news := [each for each in found if each.did not in RELOCATING]:
            told = in_words(news, desk.me.handle)
            raise way.refused(f"{way.late}: since then {told} on ticket {number}", "`tandem split` moves single mails")


def _refuse_if_left_behind(desk: Desk, way: _Way) -> None:
    """Another ticket is to go on for this one: no text may stay on it, be it a reply that was taken back."""
    if texts_in(desk.store.conversations.of(way.source)):
        what = f"{way.late}: something was written on ticket {way.source} since, and taken back"
        raise way.refused(what, "`tandem merge` takes along all that is there")


def _last_undone(desk: Desk, way: _Way, number: TicketNumber) -> EntryId:
    """The entry with which this was taken back last."""
    events = (each for each in desk.store.conversations.of(number) if isinstance(each, Event))
    undoing = [each.id for each in events if each.what is Happened.UNDONE and each.detail.get("act") == way.event.act]
    return max(undoing, default=way.event.id)
