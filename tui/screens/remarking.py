"""A screen beside the inbox with a remark on it, which is kept until it is used."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.widgets import OptionList

from desk.actions.hand_shift_over import keep_remark
from desk.ticket import TicketNumber
from tui.front import front
from tui.keys.naming import with_keys
from tui.messages import Said
from tui.screens.side import Onward, SideScreen
from tui.widgets.remark import Remark
from tui.words.tongue import tr

AUTOSAVE = 2.0
"""Seconds between two looks whether the remark must be kept."""


class RemarkingScreen(SideScreen):
    """Keeps the remark; what it is for, the subclass says."""

    def __init__(self) -> None:
        super().__init__()
        self._kept = ""
        self._is_read = False
        """Whether what was kept of an earlier time is known."""

    def on_mount(self) -> None:
        self.set_interval(AUTOSAVE, self._autosave)

    def action_remark(self) -> None:
        """Write the remark."""
        self.query_one(Remark).focus()
        front(self).say(_way_back().text)

    def action_end_remark(self) -> None:
        """Stop writing the remark, which is kept until it is handed over."""
        self._autosave()
        self.query_one(OptionList).focus()
        if front(self).says_only(_way_back()):
            front(self).fall_silent()

    @property
    def number(self) -> TicketNumber:
        """A remark is on no ticket."""
        return TicketNumber(0)

    @property
    def text(self) -> str:
        """The remark."""
        return self.query_one(Remark).text

    @property
    def is_kept(self) -> bool:
        """Whether the store has the remark as it is."""
        return self.text == self._kept

    def call_back(self) -> bool:
        """No editor has it."""
        return False

    def action_save(self) -> None:
        """Keep the remark until it is handed over."""
        text = self.text
        front(self).act(tr("remark"), lambda desk: keep_remark(desk, text), lambda _: self._saved(text))

    def _saved(self, text: str) -> None:
        self._kept = text

    def _autosave(self) -> None:
        if self._is_read and not self.is_kept:
            self.action_save()

    def dismiss(self, result: Onward = None) -> AwaitComplete:
        """Leave; the remark is kept."""
        self._autosave()
        return super().dismiss(result)

    def _bring(self, remark: str) -> None:
        """Put a remark there that was kept, unless another one is written by now."""
        if not self.text.strip() or self.is_kept:
            self.query_one(Remark).text = remark
        self._is_read, self._kept = True, remark


def _way_back() -> Said:
    return Said(with_keys(tr("{key_end_remark} goes back to the list; the remark is kept")))
