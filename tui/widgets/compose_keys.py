"""The keys that act while a text is being written."""

from __future__ import annotations

from textual.content import Content

from tui.widgets.bars import Bar, Piece, spread

_ROOMY = 100
KEYS = (
    ("Esc", "review", "review"),
    ("Tab", "next gap", "gap"),
    ("^t", "macro", "macro"),
    ("^o", "quote", "quote"),
    ("^g", "editor", "editor"),
    ("^s", "save", "save"),
)


class ComposeKeys(Bar):
    """`Esc review  Tab next gap  ^t macro …`."""

    def words(self, width: int) -> Content:
        roomy = width >= _ROOMY
        pieces: list[Piece] = [(" ", "$foreground")]
        for key, label, short in KEYS:
            pieces += [(key, "bold $accent"), (f" {label if roomy else short}  ", "$muted")]
        return spread(pieces, [("F1", "bold $accent"), (" help ", "$muted")], width)
