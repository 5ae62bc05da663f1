"""Giving a note of one's own other words, if they are still those that were on the screen when it began."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from desk.actions.draft import keep_aside
from desk.actions.edit_note import edit_note
from desk.conversation import EntryId, Note
from desk.desk import Desk
from desk.draft import DraftKind
from desk.errors import TandemError
from desk.ticket import TicketNumber
from tui.front import front
from tui.host import host
from tui.widgets.bars import Heading, StatusLine
from tui.widgets.draft import DraftArea


class EditNoteScreen(Screen[None]):
    """The words of one note. Where it cannot be saved, they stay on the screen."""

    AUTO_FOCUS = "DraftArea"
    DEFAULT_CSS = """
    EditNoteScreen { background: $note-background; & DraftArea { height: 1fr; background: $note-background; } }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "finish", "save", show=False),
        Binding("escape", "leave", "leave", show=False),
    ]

    def __init__(self, note: Note) -> None:
        super().__init__()
        self._note = note
        self._is_saving = False

    @property
    def number(self) -> TicketNumber:
        """The ticket that the note is on."""
        return self._note.ticket

    @property
    def is_kept(self) -> bool:
        """Whether nothing was changed."""
        return self.text.strip("\n") == self._note.note

    def call_back(self) -> bool:
        """No editor has the text."""
        return False

    @property
    def text(self) -> str:
        """What is written so far."""
        return self.query_one(DraftArea).text

    def compose(self) -> ComposeResult:
        yield Heading(f"NOTE on {self._note.ticket}, only agents see it", "^s saves it   Esc leaves")
        yield DraftArea(self._note.note)
        yield StatusLine()

    def on_mount(self) -> None:
        area = self.query_one(DraftArea)
        area.move_cursor(area.document.end)

    def action_finish(self) -> None:
        """Save the words and leave."""
        if self._is_saving:
            return
        self._is_saving = True
        save = partial(_edited, entry=self._note.id, text=self.text, seen=self._note.version)
        host(self).act(f"note on {self._note.ticket}", save, self._saved)

    def action_leave(self) -> None:
        """Leave; changed words are thrown away once this was asked for twice."""
        question = "Esc again leaves the note as it was; ^s saves what you changed"
        if self.text.strip("\n") == self._note.note or front(self).asked_again(question, key="escape"):
            self.dismiss(None)

    def action_save(self) -> None:
        """Keep changed words beside the note, as a draft of its author's: for when the screen must end."""
        number, text = self._note.ticket, self.text
        if text.strip("\n") != self._note.note:
            host(self).act(f"draft on {number}", lambda desk: keep_aside(desk, number, DraftKind.NOTE, text))

    def _saved(self, outcome: Note | TandemError) -> None:
        self._is_saving = False
        if isinstance(outcome, TandemError):
            host(self).say(f"not saved: {outcome}", "error")
            return
        words = f"note on {outcome.ticket} edited, u takes it back" if outcome != self._note else ""
        host(self).say(words)
        if self.is_attached:
            self.dismiss(None)


def _edited(desk: Desk, entry: EntryId, text: str, seen: int) -> Note | TandemError:
    """A refusal is a value here, because the screen stays and has to know."""
    try:
        return edit_note(desk, entry, text, seen=seen)
    except TandemError as error:
        return error
