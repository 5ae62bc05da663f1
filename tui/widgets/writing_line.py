"""The line under a text: what just happened, and what is left to do before the text can go."""

from __future__ import annotations

from textual.content import Content

from tui.host import host
from tui.messages import Said
from tui.widgets.bar_words import status_line
from tui.widgets.bars import StatusLine


class WritingLine(StatusLine):
    """The application's sentence, with what is left to do at the right end, or alone."""

    _left = ""

    def show(self, left: str) -> None:
        """Say what is left to do, in words; empty for nothing."""
        if left != self._left:
            self._left = left
            self.refresh()

    def words(self, width: int) -> Content:
        said, left = host(self).said, Said(self._left)
        if not said.text:
            return status_line(left, Said(), width)
        if (refused := self.refused(width)) is not None:
            return refused
        return status_line(said, left if left.text not in said.text else Said(), width)
