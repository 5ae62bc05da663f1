"""What of a conversation is told together: events of one act or hour, and longer rows of what is folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.conversation import Entry, EntryId, Event, Happened, Message, Note
from tui.reader.events import is_shown, is_together
from tui.reader.lines import Fold, Frame, Line, Span, Tone, spread
from tui.reader.opened import OpenTicket
from tui.reader.view import RUN, View
from tui.words.days import month
from tui.words.telling import moment, trouble
from tui.words.tongue import trn

Item = Message | Note | list[Event]

_RUN = 3
"""So many folded messages and notes in a row become one line."""


@dataclass(frozen=True, slots=True)
class Run:
    """Several folded messages and notes in a row, with the events among them."""

    first: EntryId
    begin: datetime
    end: datetime
    messages: int
    notes: int
    is_begin: bool


def grouped(opened: OpenTicket, view: View) -> Iterator[Item | Run]:
    """A conversation in order, longer rows of folded items as one, unless they are listed; what warns stands alone."""
    held: list[Item] = []
    is_begin = True
    for item in _items(opened.entries):
        if view.listed or _warns(item, opened) or (not isinstance(item, list) and view.shows(item.id)):
            yield from _joined(held, is_begin=is_begin)
            held, is_begin = [], False
            yield item
        else:
            held.append(item)
    yield from _joined(held, is_begin=is_begin)


def _items(entries: Sequence[Entry]) -> Iterator[Item]:
    """Mails and notes one by one, and events in runs: those of one act, and what one agent did within an hour."""
    run: list[Event] = []
    for entry in entries:
        if isinstance(entry, Event) and not is_shown(entry):
            continue
        if run and not (isinstance(entry, Event) and is_together(run[0], run[-1], entry)):
            yield run
            run = []
        if isinstance(entry, Event):
            run.append(entry)
        else:
            yield entry
    if run:
        yield run


def _warns(item: Item, opened: OpenTicket) -> bool:
    """Whether an agent must not miss this: a mail of ours that did not arrive, or somebody who is new here."""
    if isinstance(item, list):
        return any(each.what is Happened.NEWCOMER for each in item)
    mail = opened.outbox.get(item.outbox) if isinstance(item, Message) and item.outbox else None
    return mail is not None and bool(trouble(mail))


def _joined(held: list[Item], *, is_begin: bool) -> Iterator[Item | Run]:
    """Folded items as one, and behind it the events that follow the last message or note."""
    written = [at for at, each in enumerate(held) if not isinstance(each, list)]
    if len(written) < _RUN:
        yield from held
        return
    entries = [each for each in held if not isinstance(each, list)]
    yield from held[: 0 if is_begin else written[0]]
    messages = sum(isinstance(each, Message) for each in entries)
    yield Run(entries[0].id, entries[0].at, entries[-1].at, messages, len(entries) - messages, is_begin)
    yield from held[written[-1] + 1 :]


def run_line(run: Run, frame: Frame) -> Line:
    """Several folded messages as one line: how many, and from when to when."""
    counted = [words for words in _counts(run) if words]
    first = Span(f"{frame.signs.folded} ", Tone.FAINT)
    notes = [Span(", ", Tone.MUTED), Span(counted[1], Tone.NOTE)] if len(counted) > 1 else []
    when = Span(_period(run, frame), Tone.MUTED)
    left = (first, Span(counted[0], Tone.MUTED), *notes)
    return Line(spread(left, (when,), frame.width), entry=run.first, fold=Fold(run.first, RUN))


def _period(run: Run, frame: Frame) -> str:
    """From which day to which a row of messages goes; of one day, when the last of them was."""
    begin, end = (each.astimezone(frame.zone) for each in (run.begin, run.end))
    if begin.date() == end.date():
        return moment(run.end, frame.now, frame.zone)
    year = "" if begin.year == end.year else f" {begin.year}"
    return f"{begin.day} {month(begin)}{year} {frame.signs.dash} {end.day} {month(end)}{year and f' {end.year}'}"


def _counts(run: Run) -> tuple[str, str]:
    """How many messages, and how many notes; nothing for none."""
    messages, notes = run.messages, run.notes
    mails = trn("{count} message", "{count} messages", messages)
    beside = trn("{count} note", "{count} notes", notes)
    if run.is_begin:
        mails = trn("{count} earlier message", "{count} earlier messages", messages)
        beside = beside if messages else trn("{count} earlier note", "{count} earlier notes", notes)
    return mails.format(count=messages) if messages else "", beside.format(count=notes) if notes else ""
