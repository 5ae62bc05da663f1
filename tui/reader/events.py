"""What was done on a ticket as lines of its conversation: which events are told, which together, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from rich.cells import cell_len

from desk.conversation import Event, Happened
from desk.deeds import ONE
from desk.safe import safe_line
from tui.reader.lines import Frame, Line, Span, Tone, spread
from tui.reader.wrapping import fit, wrap
from tui.words.telling import DEED, moment, told
from tui.words.tongue import trc

_SHOWN_ELSEWHERE = frozenset(
    {
        Happened.NOTED,
        Happened.NOTE_EDITED,
        Happened.REPLIED,
        Happened.SENDING,
        Happened.IN_DATA,
        Happened.WAITS_AGAIN,
        Happened.FORWARDED,
        Happened.WRITTEN,
        Happened.ACKNOWLEDGED,
        Happened.ANSWERED_ASIDE,
        Happened.SENT,
        Happened.DEFERRED,
        Happened.REFUSED,
        Happened.UNCERTAIN,
        Happened.CANCELLED,
        Happened.DRAFT_DISCARDED,
        Happened.BOUNCED,
        Happened.DELAYED,
        Happened.UNDONE,
        Happened.REDONE,
    }
)
"""Events that say nothing which their message, note or undone event does not show already."""

_TELL_CHANGES = frozenset({Happened.UNDONE, Happened.REDONE})
"""Of these, what is shown where more came of it than the marks on other events tell."""

_MORE_ROWS = 3
"""Rows below the first one that events may take."""
_ONE_HOUR = timedelta(hours=1)


def is_shown(event: Event) -> bool:
    """Whether an event is told in the conversation."""
    if event.what in _TELL_CHANGES:
        return bool(event.changes)
    return event.what not in _SHOWN_ELSEWHERE and not (event.what is Happened.CREATED and event.author is None)


def is_together(first: Event, last: Event, event: Event) -> bool:
    """Whether an event is told in one sentence with those from `first` to `last`: one act, or one agent's hour."""
    if Happened.NEWCOMER in (last.what, event.what):
        return False
    return first.author == event.author and (event.at - first.at < _ONE_HOUR or last.act == event.act)


def event_lines(events: Sequence[Event], frame: Frame) -> list[Line]:
    """A run of events and when the last was, on as many rows as its words need: what ends it may change its sense."""
    done = f" {frame.signs.between} ".join(map(told, events))
    tone = Tone.WARNING if any(each.what is Happened.NEWCOMER for each in events) else Tone.MUTED
    when = Span(moment(events[-1].at, frame.now, frame.zone), Tone.MUTED)
    room = max(frame.width - cell_len(when.text) - 2, frame.width // 3)
    told_of = trc(DEED, ONE).format(who=safe_line(events[0].author or "Tandem"), done=done)
    first, *more = wrap(told_of, room)
    rows = [spread((Span(first, tone),), (when,), frame.width), *((Span(each, tone),) for each in _few(more, room))]
    return [Line(row, entry=events[-1].id) for row in rows]


def _few(rows: Sequence[str], room: int) -> Sequence[str]:
    """The first rows of a long text; the last of them shows that there is more."""
    return rows if len(rows) <= _MORE_ROWS else [*rows[: _MORE_ROWS - 1], fit(" ".join(rows[_MORE_ROWS - 1 :]), room)]
