"""Writing one note that is left on several tickets."""

from __future__ import annotations

from desk.draft import DraftKind
from tui.composer.noting import NoteOnAll
from tui.keys.naming import with_keys
from tui.reader.opened import OpenTicket
from tui.screens.compose import ComposeScreen
from tui.widgets.review import NOTE_LABELS, ReviewBar
from tui.words.tongue import tr, trn


class NoteOnAllScreen(ComposeScreen):
    """A note for all marked tickets; until it is finished it is a note's draft on the first of them."""

    def __init__(
        self, opened: OpenTicket, note: NoteOnAll, text: str = "", *, cursor: tuple[int, int] | None = None
    ) -> None:
        super().__init__(opened, DraftKind.NOTE, text, cursor=cursor)
        self._count = len(note.numbers)
        self.put_note_down = note.put_down

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """It cannot be handed to a colleague, who would not know on which tickets it goes."""
        return action != "give" and super().check_action(action, parameters)

    def on_mount(self) -> None:
        self.heading.tell(several=self._count)
        self.query_one(ReviewBar).finishing = tr(NOTE_LABELS["y"])

    @property
    def answers(self) -> bool:
        return self._count == 1

    @property
    def note_added(self) -> str:
        words = trn(
            "noted on {count} ticket, {key_undo} takes it back",
            "noted on {count} tickets, {key_undo} takes it back from all",
            self._count,
        )
        return with_keys(words, count=f"{self._count:,}")
