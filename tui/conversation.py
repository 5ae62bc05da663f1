"""A ticket's conversation as lines: mails, notes and events, oldest first, older ones folded to one line. Pure.

What may be folded inside a text is told by tui/folding.py; what a line looks like by the reader's CSS.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from rich.cells import cell_len

from desk.conversation import Direction, Entry, EntryId, Event, Happened, Message, Note
from desk.judging import CAME_BACK, FROM_A_COLLEAGUE, FROM_OURSELVES, WENT_TO_OTHERS
from desk.outgoing import OutboxState
from desk.safe import safe, safe_line
from desk.subjects import answers
from tui.bodies import Bodies, Opened, Setting
from tui.folding import first_words
from tui.lines import Fold, Frame, Ground, Line, Span, Tone, spread
from tui.mails import Top, files, is_aside, remarks, top
from tui.opened import OpenTicket
from tui.telling import moment, told
from tui.wrapping import fit, wrap

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


@dataclass(frozen=True, slots=True)
class View:
    """What the reader has opened: entries, what is inside their texts, and the mails' headers."""

    entries: frozenset[EntryId] = frozenset()
    texts: Opened = field(default_factory=Opened)
    headers: bool = False


def first_open(opened: OpenTicket) -> frozenset[EntryId]:
    """What is open when a ticket is: the customer's last mail, all that wait for an answer, and what came after.

    What machines wrote stays folded beside what people did.
    """
    messages = opened.messages
    last = opened.last_from_customer or (messages[-1] if messages else None)
    starts = [each for each in (opened.ticket.waiting_since, last.at if last else None) if each is not None]
    cancelled = {each.entry for each in opened.outbox.values() if each.state is OutboxState.CANCELLED}
    by_machines = {each.id for each in messages if is_by_machine(each) and each is not last}
    return frozenset(
        each.id
        for each in opened.entries
        if not isinstance(each, Event)
        and each.id not in cancelled | by_machines
        and (not starts or each.at >= min(starts))
    )


def is_by_machine(message: Message) -> bool:
    """Whether nobody wrote a mail; what came from our own address is a colleague's."""
    return message.automatic not in (None, FROM_OURSELVES, FROM_A_COLLEAGUE, WENT_TO_OTHERS, CAME_BACK)


def is_answer(message: Message) -> bool:
    """Whether a person answers another mail in this one, and so may quote it; what is forwarded is no quotation."""
    return answers(message.subject, has_references=bool(message.references)) and not is_by_machine(message)


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
        for item in _items(opened.entries):
            match item:
                case Message():
                    block = self._mail(item, opened, top(item, opened, macros.get(item.id, ""), frame), view, frame)
                case Note():
                    block = self._note(item, view, frame)
                case events:
                    block = _events(events, frame)
            is_open = len(block) > 1 and not isinstance(item, list)
            lines += [Line(), *block] if lines and (is_open or was_open) else block
            was_open = is_open
        return lines

    def _mail(self, message: Message, opened: OpenTicket, head: Top, view: View, frame: Frame) -> list[Line]:
        lines = self._mail_lines(message, opened, head, view, frame)
        return [replace(each, ground=Ground.SIDE) for each in lines] if is_aside(message) else lines

    def _mail_lines(self, message: Message, opened: OpenTicket, head: Top, view: View, frame: Frame) -> list[Line]:
        if message.id not in view.entries:
            why = f"automatic: {_told_by(message, opened)}" if is_by_machine(message) else ""
            return [_folded(message.id, head, why or message.text, frame)]
        lead = (Span(f"{frame.signs.ours} ", Tone.OURS),) if message.direction is Direction.OUT else ()
        width = frame.width - sum(cell_len(each.text) for each in lead)
        setting = Setting(frame.width, frame.signs, lead)
        above = (
            Line(spread(head.who, head.when, width)),
            *remarks(message, opened, frame, width, headers=view.headers),
        )
        below = files(message, frame, width)
        version = hash(message.text) if message.redacted else len(message.text)  # the rest of a mail may come later
        text = self._bodies.lines(message.id, message.text, view.texts, setting, version, is_answer=is_answer(message))
        begin, end = ([Line((*lead, *each.spans), entry=message.id) for each in part] for part in (above, below))
        return [*begin, *text, *end]

    def _note(self, note: Note, view: View, frame: Frame) -> list[Line]:
        when = (Span(moment(note.at, frame.now, frame.zone), Tone.MUTED),)
        author = safe_line(note.author)
        if note.removed:
            return [Line(spread((Span(f"{author} took a note back", Tone.MUTED),), when, frame.width), entry=note.id)]
        edited = (Span("  edited", Tone.MUTED),) if note.version > 1 else ()
        head = Top((Span("NOTE", Tone.NOTE), Span(f"  {author}", Tone.STRONG), *edited), when)
        if note.id not in view.entries:
            return [_folded(note.id, head, note.note, frame, Ground.NOTE)]
        setting = Setting(frame.width, frame.signs, _INDENT, Ground.NOTE)
        first = Line(spread(head.who, head.when, frame.width), Ground.NOTE, note.id)
        text = self._bodies.lines(note.id, note.note, view.texts, setting, note.version, is_answer=False)
        return [first, *text]


def _folded(entry: EntryId, head: Top, text: str, frame: Frame, ground: Ground = Ground.PAPER) -> Line:
    glimpse = Span("  " + first_words(safe(text[:_GLIMPSED])), Tone.MUTED)
    left = (Span(f"{frame.signs.folded} ", Tone.FAINT), *head.who, glimpse)
    return Line(spread(left, head.when, frame.width), ground, entry, Fold(entry))


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


def _items(entries: Sequence[Entry]) -> Iterator[Message | Note | list[Event]]:
    """Mails and notes one by one, and events in runs that share author and minute."""
    run: list[Event] = []
    for entry in entries:
        if isinstance(entry, Event) and not _is_shown(entry):
            continue
        if run and not (isinstance(entry, Event) and _together(run[-1], entry)):
            yield run
            run = []
        if isinstance(entry, Event):
            run.append(entry)
        else:
            yield entry
    if run:
        yield run


def _is_shown(event: Event) -> bool:
    if event.what in _TELL_CHANGES:
        return bool(event.changes)
    return event.what not in SHOWN_ELSEWHERE and not (event.what is Happened.CREATED and event.author is None)


def _together(one: Event, other: Event) -> bool:
    if Happened.NEWCOMER in (one.what, other.what):
        return False
    same_minute = one.at.replace(second=0) == other.at.replace(second=0)
    return one.author == other.author and (same_minute or one.act == other.act)


def _events(events: Sequence[Event], frame: Frame) -> list[Line]:
    """A run of events and when the last was, on as many rows as its words need: what ends it may change its sense."""
    done = f" {frame.signs.between} ".join(map(told, events))
    tone = Tone.WARNING if any(each.what is Happened.NEWCOMER for each in events) else Tone.MUTED
    when = Span(moment(events[-1].at, frame.now, frame.zone), Tone.MUTED)
    room = max(frame.width - cell_len(when.text) - 2, frame.width // 3)
    first, *more = wrap(f"{safe_line(events[0].author or 'Tandem')} {done}", room)
    rows = [spread((Span(first, tone),), (when,), frame.width), *((Span(each, tone),) for each in _few(more, room))]
    return [Line(row, entry=events[-1].id) for row in rows]


def _few(rows: Sequence[str], room: int) -> Sequence[str]:
    """The first rows of a long text; the last of them shows that there is more."""
    return rows if len(rows) <= _MORE_ROWS else [*rows[: _MORE_ROWS - 1], fit(" ".join(rows[_MORE_ROWS - 1 :]), room)]
