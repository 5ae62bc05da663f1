"""A ticket's conversation as lines: mails, notes and events, oldest first, older ones folded to one line. Pure.

What may be folded inside a text is told by tui/reader/folding.py; what a line looks like by the reader's CSS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.cells import cell_len

from desk.conversation import Direction, Entry, EntryId, Event, Happened, Message, Note
from desk.safe import safe, safe_line
from tui.reader.bodies import Bodies, Setting
from tui.reader.events import event_lines
from tui.reader.folding import first_words
from tui.reader.lines import Fold, Frame, Ground, Line, Span, Tone, spread
from tui.reader.mails import Top, files, is_aside, remarks, top
from tui.reader.opened import OpenTicket
from tui.reader.runs import Run, grouped, run_line
from tui.reader.view import View, is_answer, is_by_machine, version_of, words_of
from tui.words.heard import heard
from tui.words.telling import moment
from tui.words.tongue import tr

_INDENT = (Span("  "),)
_GLIMPSED = 1_000


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
        for item in grouped(opened, view):
            match item:
                case Message():
                    block = self._mail(item, opened, top(item, opened, macros.get(item.id, ""), frame), view, frame)
                case Note():
                    block = self._note(item, view, frame)
                case Run():
                    block = [run_line(item, frame)]
                case events:
                    block = event_lines(events, frame)
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
