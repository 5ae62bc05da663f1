"""Where one types line by line: a line end within a text that is pasted as keys must not do what Enter does there."""

from __future__ import annotations

from collections.abc import Iterable

from tui.keys import Action, Context, acting_in
from tui.keys.naming import key_of
from tui.words.tongue import tr

_TAKES = frozenset({"choose", "take_form", "save", "keep_filter", "find_go on"})
"""What takes a line that was typed."""


def takes_line(key: str, place: Context, actions: Iterable[Action]) -> bool:
    """Whether a key takes what was typed there."""
    return any(key in each.keys for each in acting_in(place, actions) if each.name in _TAKES)


def told_cut(place: Context) -> str:
    """That of a pasted text all from its first line end on was dropped, with the key that takes the line."""
    takes = next((each.id for each in acting_in(place) if each.name in _TAKES), "choose")
    words = tr("of what was pasted only the first line is here: {key} takes it")
    return words.format(key=key_of(takes, place))
