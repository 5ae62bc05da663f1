"""A sentence of keys as the last line shows keys: each key strong, what it does beside it."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from textual.content import Content

from tui.keys import Context
from tui.keys.naming import with_keys
from tui.widgets.bar_words import MUTED, STRONG, Piece

_ARROWS = "↑↓"
"""Keys that are called by their signs."""


def keyed(sentence: str, place: Context) -> Content:
    """`{key_choose} takes it   {key_leave} leaves` with the keys that do so there, in the colours of a key line."""
    return Content.assemble(*pieces(sentence, place))


def pieces(sentence: str, place: Context) -> Iterator[Piece]:
    """The same for where a line is put together."""
    for words, name, _, _ in Formatter().parse(sentence):
        before, arrows, after = words.partition(_ARROWS)
        yield from (each for each in ((before, MUTED), (arrows, STRONG), (after, MUTED)) if each[0])
        if name:
            yield with_keys(f"{{{name}}}", place), STRONG
