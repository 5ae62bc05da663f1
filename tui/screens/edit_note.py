"""Giving a note of one's own other words, if they are still those that were on the screen when it began."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen

from desk.actions.draft import discard_draft, keep_edit, kept_edit
from desk.actions.edit_note import edit_note
from desk.conversation import Note
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.errors import TandemError
from desk.people import Handle
from desk.ticket import TicketNumber
from tui.composer.handles import handles_of_others
from tui.composer.leftovers import file_name
from tui.front import front
from tui.host import host, stands
from tui.keys import Context
from tui.keys.naming import with_keys
from tui.widgets.bar_words import spread
from tui.widgets.bars import Bar, KeyLine, StatusLine
from tui.widgets.draft import DraftArea
from tui.words.heard import heard
from tui.words.telling import moment
from tui.words.tongue import tr

AUTOSAVE = 2.0
"""Seconds between two looks whether the words must be kept."""


class NoteArea(DraftArea):
    """The words of the note."""

    PLACE: ClassVar[Context] = Context.EDITED_NOTE


class EditedTitle(Bar):
    """`NOTE on 10, only agents see it`, as above a note that is being written, and when it was written."""

    def __init__(self, note: Note) -> None:
        super().__init__()
        self._note = note

    def words(self, width: int) -> Content:
        words = tr("on {number}, only agents see it").format(number=self._note.ticket)
        left = [(f" {tr('NOTE')} ", "bold reverse $note"), (f" {words}", "$note")]
        return spread(left, [(f"{moment(self._note.at, front(self).desk.clock())} ", "$muted")], width)


class EditNoteScreen(Screen[None]):
    """The words of one note. Where it cannot be saved, they stay on the screen."""

    AUTO_FOCUS = "DraftArea"
    DEFAULT_CSS = """
    EditNoteScreen {
        background: $note-background;
        & DraftArea { height: 1fr; background: $note-background; }
        & EditedTitle, & StatusLine, & KeyLine { background: $note-background; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "finish", "save", show=False),
        Binding("escape", "leave", "leave", show=False),
    ]

    def __init__(self, note: Note) -> None:
        super().__init__()
        self._note = note
        self._keeper = EditKeeper(note)
        self._kept = note.note
        self._is_saving = self._is_done = False
        self._on_its_way = False
        """Whether words are being kept, or wait for that."""

    @property
    def number(self) -> TicketNumber:
        """The ticket that the note is on."""
        return self._note.ticket

    @property
    def _draft_name(self) -> str:
        """What is said where the words cannot be kept."""
        return tr("draft on {number}").format(number=self.number)

    @property
    def file_name(self) -> str:
        """The name of a file with these words, which are offered as a note of their own, should that be left."""
        return file_name(self.number, DraftKind.NOTE, None)

    @property
    def file_text(self) -> str:
        """What stands in that file."""
        return self.text

    @property
    def is_kept(self) -> bool:
        """Whether the store has the words, or needs them no longer."""
        return self._is_done or self.text == self._kept

    def call_back(self) -> bool:
        """No editor has the text."""
        return False

    @property
    def text(self) -> str:
        """What is written so far."""
        return self.query_one(DraftArea).text

    def compose(self) -> ComposeResult:
        yield EditedTitle(self._note)
        yield NoteArea(self._note.note)
        yield StatusLine()
        yield KeyLine(Context.EDITED_NOTE)

    def on_mount(self) -> None:
        area = self.query_one(DraftArea)
        area.move_cursor(area.document.end)
        host(self).act(self._draft_name, self._keeper.begin, self._bring)
        front(self).read("agents", handles_of_others, self._can_call)
        self.set_interval(AUTOSAVE, self._autosave)

    def _can_call(self, handles: tuple[Handle, ...]) -> None:
        if stands(self):
            self.query_one(DraftArea).handles = handles

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """No key acts while the words are on their way to the desk."""
        del action, parameters
        return not (self._is_saving or self._is_done)

    def action_finish(self) -> None:
        """Save the words and leave."""
        self._hold(is_saving=True)
        name = tr("note on {number}").format(number=self._note.ticket)
        front(self).act(name, partial(self._keeper.finish, text=self.text), self._saved, self._stay)

    def action_leave(self) -> None:
        """Leave; changed words are thrown away once this was asked for twice."""
        is_changed = self.text.strip("\n") != self._note.note
        if front(self).is_outdated:
            words = front(self).put_down([self]) if is_changed else ""
            if words or not is_changed:
                self.dismiss(None)
                host(self).say(words)
            return
        question = tr("{key_leave} again leaves the note as it was; {key_save} saves what you changed")
        if not is_changed or front(self).asked_again(with_keys(question, Context.EDITED_NOTE), action="leave"):
            self._is_done = True
            host(self).act(self._draft_name, partial(self._keeper.save, text=self._note.note))
            self.dismiss(None)

    def action_save(self) -> None:
        """Keep changed words beside the note, as a draft of its author's."""
        text, self._on_its_way = self.text, True
        save = partial(self._keeper.save, text=text)
        front(self).act(self._draft_name, save, lambda _: self._keep(text), self._keep_not)

    def _autosave(self) -> None:
        if not (self.is_kept or self._is_saving or self._on_its_way):
            self.action_save()

    def _keep(self, text: str) -> None:
        self._kept, self._on_its_way = text, False

    def _keep_not(self) -> None:
        self._on_its_way = False

    def _bring(self, draft: Draft | None) -> None:
        """Bring kept words back, unless others are written by now: those are kept beside them."""
        if draft is None or not stands(self) or self.text != self._note.note:
            return
        area = self.query_one(DraftArea)
        area.replace(draft.text, area.document.start, area.document.end)
        area.move_cursor(area.document.end)
        self._keep(draft.text)
        host(self).act(self._draft_name, partial(self._keeper.take_up, draft=draft))
        words = tr("your words of {at} are back; {key_save} saves them")
        host(self).say(with_keys(words, Context.EDITED_NOTE, at=moment(draft.saved, host(self).desk.clock())))

    def _hold(self, *, is_saving: bool) -> None:
        """Take no words while what is written is being saved."""
        self._is_saving = self.query_one(DraftArea).read_only = is_saving

    def _stay(self) -> None:
        """Let words be written on where nobody can tell what became of them, which is said."""
        if stands(self):
            self._hold(is_saving=False)

    def _saved(self, outcome: Note | TandemError) -> None:
        if isinstance(outcome, TandemError):
            self._hold(is_saving=False)
            host(self).say(tr("not saved: {why}").format(why=heard(str(outcome))), "error")
            return
        self._is_done = True
        words = tr("note on {number} edited, {key_undo} takes it back") if outcome != self._note else ""
        host(self).say(with_keys(words, number=outcome.ticket))
        if stands(self):
            self.dismiss(None)


class EditKeeper:
    """Keeps other words for one note as its author's draft; in the writer's thread, in order."""

    def __init__(self, note: Note) -> None:
        self._note = note
        self._last: Draft | None = None

    def begin(self, desk: Desk) -> Draft | None:
        """What was kept of it before."""
        return kept_edit(desk, self._note)

    def take_up(self, desk: Desk, draft: Draft) -> None:
        """Go on with a kept text: the next save takes its place."""
        del desk
        self._last = self._last or draft

    def save(self, desk: Desk, text: str) -> None:
        """Keep the words; those that the note has already are forgotten."""
        self._last = keep_edit(desk, self._note, text, last=self._last)

    def finish(self, desk: Desk, text: str) -> Note | TandemError:
        """Give the note these words, and forget the draft. A refusal is a value, because the screen has to know."""
        try:
            with desk.store.transaction():
                edited = edit_note(desk, self._note.id, text, seen=self._note.version)
                discard_draft(desk, self._last)
                return edited
        except TandemError as error:
            return error
