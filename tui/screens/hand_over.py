"""Writing the note with which tickets go to a colleague."""

from __future__ import annotations

from desk.draft import DraftKind
from desk.safe import safe_line
from tui.composer.handing import Handing
from tui.keys.naming import with_keys
from tui.reader.opened import OpenTicket
from tui.screens.compose import ComposeScreen
from tui.widgets.review import ReviewBar
from tui.words.tongue import tr, trn


class HandOverScreen(ComposeScreen):
    """A note that hands tickets over when it is finished; until then it is a note's draft on the first of them."""

    def __init__(
        self, opened: OpenTicket, handing: Handing, text: str = "", *, cursor: tuple[int, int] | None = None
    ) -> None:
        super().__init__(opened, DraftKind.NOTE, text, cursor=cursor)
        self._handing = handing
        self.put_note_down = handing.put_down

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """The tickets go, not only the text about them."""
        return action != "give" and super().check_action(action, parameters)

    def on_mount(self) -> None:
        to, count = safe_line(self._handing.to), len(self._handing.numbers)
        what = trn("{number} to {agent}, with this note", "{count} tickets to {agent}, each with this note", count)
        self.heading.tell(hands=what.format(number=self.number, agent=to, count=count))
        self.query_one(ReviewBar).finishing = tr("hand over to {agent}").format(agent=to)

    @property
    def answers(self) -> bool:
        return len(self._handing.numbers) == 1

    @property
    def note_added(self) -> str:
        count = len(self._handing.numbers)
        words = trn(
            "{number} is {agent}'s now, {key_undo} takes it back",
            "{count} tickets are {agent}'s now, {key_undo} takes them back",
            count,
        )
        return with_keys(words, number=self.number, agent=safe_line(self._handing.to), count=count)
