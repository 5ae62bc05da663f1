"""Keys that stand in sentences: {key_undo} is the key that takes back now, whatever keymap the agent has."""

from __future__ import annotations

from collections.abc import Mapping

from tui.keys import ACTIONS, in_use
from tui.keys.action import Action, Context, shown

_PLACE = "key_"


def with_keys(sentence: str, place: Context | None = None, /, **values: object) -> str:
    """A sentence with its places filled in: {key_ACTION} with that action's key, all others with `values`.

    `place` is where the keys act, which matters for what has another key elsewhere.
    """
    return sentence.format_map(_Places(values, place))


def key_of(action: str, place: Context | None = None) -> str:
    """The key of an action as people read it, the quickest to press; for one without a key how the palette finds it."""
    rows = _rows(action, place)
    keys = [key for each in rows for key in each.keys]
    if keys:
        return shown(min(keys, key=lambda each: each.count(" ")))
    palette = key_of("palette") if action != "palette" else ""
    return " ".join(filter(None, (palette, rows[0].title if rows else action)))


def presses(action: str) -> frozenset[str]:
    """Every single key that is pressed for an action, also within a chord."""
    return frozenset(part for each in _rows(action, None) for key in each.keys for part in key.split(" "))


def acts_in(action: str, place: Context | None) -> bool:
    """Whether an action can be used there."""
    return any(each.id == action and place in each.contexts for each in in_use())


def instead_of(key: str, place: Context) -> str:
    """The key, as people read it, that does there what this one does as keys are built in; empty where none does.

    Where this one does nothing it is itself.
    """
    action = next((each for each in ACTIONS if place in each.contexts and key in each.keys), None)
    if action is None:
        return shown(key)
    rows = [each for each in in_use() if each.id == action.id and place in each.contexts]
    return next((each.shown_key if key not in each.keys else shown(key) for each in rows if each.keys), "")


class _Places(dict[str, object]):
    """The values of places, and the keys of those that are named after an action."""

    def __init__(self, values: Mapping[str, object], place: Context | None) -> None:
        super().__init__(values)
        self._place = place

    def __missing__(self, name: str) -> str:
        if not name.startswith(_PLACE):
            raise KeyError(name)
        return key_of(name.removeprefix(_PLACE).replace("_", "-"), self._place)


def _rows(action: str, place: Context | None) -> list[Action]:
    """Its rows: those that act there, or wherever it has one where that is not said or it does nothing there."""
    named = [each for each in in_use() if each.id == action]
    here = [each for each in named if place in each.contexts]
    return here or named
