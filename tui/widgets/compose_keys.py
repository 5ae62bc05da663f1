"""The keys that act while a text is being written."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from tui.keys import Context
from tui.keys.naming import instead_of
from tui.widgets.bar_words import Piece, help_key, spread
from tui.widgets.bars import Bar
from tui.widgets.covered import Covered
from tui.words.tongue import mark, tr

_ROOMY = 100
KEYS = (
    ("escape", mark("review"), mark("review")),
    ("tab", mark("next gap"), mark("gap")),
    ("ctrl+t", mark("macro"), mark("macro")),
    ("ctrl+o", mark("quote"), mark("quote")),
    ("ctrl+g", mark("editor"), mark("editor")),
    ("ctrl+s", mark("save"), mark("save")),
)


_ASIDE = ("ctrl+r", mark("add the draft"), mark("draft"))


class ComposeKeys(Bar, Covered):
    """`Esc review  Tab next gap  ^t macro …`, and `^r` while a draft is set aside; none below a box."""

    def __init__(self) -> None:
        super().__init__()
        self._is_aside = False

    def show(self, *, is_aside: bool) -> None:
        """Say also whether a draft is set aside."""
        if is_aside != self._is_aside:
            self._is_aside = is_aside
            self.refresh()

    def words(self, width: int) -> Content:
        if self.is_covered:
            return Content("")
        roomy, ending = width >= _ROOMY, help_key(Context.COMPOSER)
        pieces: list[Piece] = [(" ", "$foreground")]
        room = width - 1 - sum(cell_len(words) for words, _ in ending)
        for key, label, short in (*KEYS, *([_ASIDE] if self._is_aside else [])):
            if now := instead_of(key, Context.COMPOSER):
                words = f" {tr(label if roomy else short)}  "
                if (room := room - cell_len(now + words)) < 0:
                    break
                pieces += [(now, "bold $accent"), (words, "$muted")]
        return spread(pieces, ending, width)
