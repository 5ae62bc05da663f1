"""A ticket's conversation as lines: mails, notes and events, oldest first, older ones folded to one line. Pure.

What may be folded inside a text is told by tui/reader/folding.py; what a line looks like by the reader's CSS.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rich.cells import cell_len

from desk.conversation import Direction, Entry, EntryId, Event, Happened, Message, Note
from desk.deeds import ONE
from desk.safe import safe, safe_line
from tui.reader.bodies import Bodies, Setting
from tui.reader.folding import first_words
from tui.reader.lines import Fold, Frame, Ground, Line, Span, Tone, spread
from tui.reader.mails import Top, files, is_aside, remarks, top
from tui.reader.opened import OpenTicket
from tui.reader.view import RUN, View, is_answer, is_by_machine, version_of, words_of
from tui.reader.wrapping import fit, wrap
from tui.words.days import month
from tui.words.heard import heard
from tui.words.telling import DEED, moment, told, trouble
from tui.words.tongue import tr, trc, trn

SHOWN_ELSEWHERE = frozenset(
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

_INDENT = (Span("  "),)
_GLIMPSED = 1_000
_MORE_ROWS = 3
"""Rows below the first one that events may take."""
_ONE_HOUR = timedelta(hours=1)
_RUN = 3
"""So many folded messages and notes in a row become one line."""


class Conversation:
    """Lays out one ticket after another; keeps the texts that it wrapped, for the next time."""

    def __init__(self) -> None:
        self._bodies = Bodies()

    def clear(self) -> None:
        """Forget everything kept, for another ticket."""
        self._bodies.clear()

    def lines(self, opened: OpenTicket, view: View, frame: Frame) -> list[Line]:
        """Every line of the conversation, in order; an empty one around each entry that is open."""
        macros = _macros(opened.entries)
        lines: list[Line] = []
        was_open = False
        for item in _runs(_items(opened.entries), opened, view):
            match item:
                case Message():
                    block = self._mail(item, opened, top(item, opened, macros.get(item.id, ""), frame), view, frame)
                case Note():
                    block = self._note(item, view, frame)
                case Run():
                    block = [_run(item, frame)]
                case events:
                    block = _events(events, frame)
            is_open = len(block) > 1 and isinstance(item, (Message, Note))
            lines += [Line(), *block] if lines and (is_open or was_open) else block
            was_open = is_open
        return lines

    def _mail(self, message: Message, opened: OpenTicket, head: Top, view: View, frame: Frame) -> list[Line]:
        lines = self._mail_lines(message, opened, head, view, frame)
        return [replace(each, ground=Ground.SIDE) for each in lines] if is_aside(message) else lines

    def _mail_lines(self, message: Message, opened: OpenTicket, head: Top, view: View, frame: Frame) -> list[Line]:
        if not view.shows(message.id):
            why = _automatic(message, opened) if is_by_machine(message) else ""
            return [_folded(message.id, head, why or message.text, frame)]
        lead = (Span(f"{frame.signs.ours} ", Tone.OURS),) if message.direction is Direction.OUT else ()
        width = frame.width - sum(cell_len(each.text) for each in lead)
        setting = Setting(frame.width, frame.signs, lead)
        above = (
            Line(spread(head.who, head.when, width)),
            *remarks(message, opened, frame, width, view),
        )
        below = files(message, frame, width)
        text = self._bodies.lines(
            message.id,
            words_of(message, view),
            view.texts,
            setting,
            version_of(message, view),
            is_answer=is_answer(message),
        )
        begin, end = (
            [replace(each, lead=(*lead, *each.lead), entry=message.id) for each in part] for part in (above, below)
        )
        return [*begin, *text, *end]

    def _note(self, note: Note, view: View, frame: Frame) -> list[Line]:
        when = (Span(moment(note.at, frame.now, frame.zone), Tone.MUTED),)
        author = safe_line(note.author)
        if note.removed:
            words = tr("{agent} took a note back").format(agent=author)
            return [Line(spread((Span(words, Tone.MUTED),), when, frame.width), entry=note.id)]
        edited = (Span(f"  {tr('edited')}", Tone.MUTED),) if note.version > 1 else ()
        head = Top((Span(tr("NOTE"), Tone.NOTE), Span(f"  {author}", Tone.STRONG), *edited), when)
        if not view.shows(note.id):
            return [_folded(note.id, head, note.note, frame, Ground.NOTE)]
        setting = Setting(frame.width, frame.signs, _INDENT, Ground.NOTE)
        first = Line(spread(head.who, head.when, frame.width), Ground.NOTE, note.id)
        text = self._bodies.lines(note.id, note.note, view.texts, setting, note.version, is_answer=False)
        return [first, *text]


def _folded(entry: EntryId, head: Top, text: str, frame: Frame, ground: Ground = Ground.PAPER) -> Line:
    glimpse = Span("  " + first_words(safe(text[:_GLIMPSED])), Tone.MUTED)
    left = (Span(f"{frame.signs.folded} ", Tone.FAINT), *head.who, glimpse)
    return Line(spread(left, head.when, frame.width), ground, entry, Fold(entry))


def _automatic(message: Message, opened: OpenTicket) -> str:
    return tr("automatic: {why}").format(why=heard(_told_by(message, opened)))


def _told_by(report: Message, opened: OpenTicket) -> str:
    """What a report says of our mail, or else why a mail counts as automatic."""
    about = (each for each in opened.entries if isinstance(each, Event) and each.entry == report.id)
    told = (each.detail.get("why") for each in about if each.what in (Happened.BOUNCED, Happened.DELAYED))
    return next((each for each in told if each), report.automatic or "")


def _macros(entries: Sequence[Entry]) -> dict[EntryId, str]:
    """Which macro each reply was made with."""
    return {
        each.entry: each.detail["macro"]
        for each in entries
        if isinstance(each, Event) and each.entry is not None and "macro" in each.detail
    }


def _items(entries: Sequence[Entry]) -> Iterator[_Item]:
    """Mails and notes one by one, and events in runs: those of one act, and what one agent did within an hour."""
    run: list[Event] = []
    for entry in entries:
        if isinstance(entry, Event) and not _is_shown(entry):
            continue
        if run and not (isinstance(entry, Event) and _together(run[0], run[-1], entry)):
            yield run
            run = []
        if isinstance(entry, Event):
            run.append(entry)
        else:
            yield entry
    if run:
        yield run


@dataclass(frozen=True, slots=True)
class Run:
    """Several folded messages and notes in a row, with the events among them."""

    first: EntryId
    begin: datetime
    end: datetime
    messages: int
    notes: int
    is_begin: bool


_Item = Message | Note | list[Event]


def _runs(items: Iterator[_Item], opened: OpenTicket, view: View) -> Iterator[_Item | Run]:
    """The same items, each longer row of folded ones as one, unless they are listed; what warns stands alone."""
    held: list[_Item] = []
    is_begin = True
    for item in items:
        if view.listed or _warns(item, opened) or (not isinstance(item, list) and view.shows(item.id)):
            yield from _joined(held, is_begin=is_begin)
            held, is_begin = [], False
            yield item
        else:
            held.append(item)
    yield from _joined(held, is_begin=is_begin)


def _warns(item: _Item, opened: OpenTicket) -> bool:
    """Whether an agent must not miss this: a mail of ours that did not arrive, or somebody who is new here."""
    if isinstance(item, list):
        return any(each.what is Happened.NEWCOMER for each in item)
    mail = opened.outbox.get(item.outbox) if isinstance(item, Message) and item.outbox else None
    return mail is not None and bool(trouble(mail))


def _joined(held: list[_Item], *, is_begin: bool) -> Iterator[_Item | Run]:
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


def _run(run: Run, frame: Frame) -> Line:
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


def _is_shown(event: Event) -> bool:
    if event.what in _TELL_CHANGES:
        return bool(event.changes)
    return event.what not in SHOWN_ELSEWHERE and not (event.what is Happened.CREATED and event.author is None)


def _together(first: Event, last: Event, event: Event) -> bool:
    if Happened.NEWCOMER in (last.what, event.what):
        return False
    return first.author == event.author and (event.at - first.at < _ONE_HOUR or last.act == event.act)


def _events(events: Sequence[Event], frame: Frame) -> list[Line]:
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
