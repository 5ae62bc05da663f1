"""Writing the note with which tickets go to a colleague."""

from __future__ import annotations

from desk.draft import DraftKind
from desk.safe import safe_line
from tui.composer.handing import Handing
from tui.composer.sending import Outcome, Sent
from tui.keys.naming import with_keys
from tui.reader.opened import OpenTicket
from tui.screens.compose import ComposeScreen
from tui.widgets.compose_title import ComposeTitle
from tui.widgets.review import ReviewBar
from tui.words.tongue import tr, trn


class HandOverScreen(ComposeScreen):
    """A note that hands tickets over when it is finished; until then it is a note's draft on the first of them."""

    def __init__(
        self, opened: OpenTicket, handing: Handing, text: str = "", *, cursor: tuple[int, int] | None = None
    ) -> None:
        super().__init__(opened, DraftKind.NOTE, text, cursor=cursor)
        self._handing = handing
        self._put_down = handing.put_down

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """The tickets go, not only the text about them."""
        return action != "give" and super().check_action(action, parameters)

    def on_mount(self) -> None:
        to, count = safe_line(self._handing.to), len(self._handing.numbers)
        what = trn("{number} to {agent}, with this note", "{count} tickets to {agent}, each with this note", count)
        self.query_one(ComposeTitle).tell(hands=what.format(number=self.number, agent=to, count=count))
        self.query_one(ReviewBar).finishing = tr("hand over to {agent}").format(agent=to)

    def _answered(self, outcome: Outcome) -> None:
        if not isinstance(outcome, Sent):
            super()._answered(outcome)
            return
        self._is_sending = False
        count = len(self._handing.numbers)
        words = with_keys(
            trn(
                "{number} is {agent}'s now, {key_undo} takes it back",
                "{count} tickets are {agent}'s now, {key_undo} takes them back",
                count,
            ),
            number=self.number,
            agent=safe_line(self._handing.to),
            count=count,
        )
        self._leave(sent=True, closed=outcome.closed, words=words)
