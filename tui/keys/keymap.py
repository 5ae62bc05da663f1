"""The table of keys as an agent wants it: actions under other keys, under several, or under none; checked at start.

A change that cannot be is left out and told; a slip in a settings file keeps nobody from their mail.

Pure. Who reads the settings that say so is in tandem/config/screen.py. An action that a widget reads itself (`typed`)
keeps its own key inside: the keyboard hands that key on when the agent's is pressed (`Translation`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from desk.errors import ConfigError
from tui.keys import ACTIONS, LEADER, Action, Context, shown
from tui.keys.action import WRITTEN
from tui.keys.keynames import BadKey, is_unsafe, read_keys, types

_NEEDED = ("help", "keys", "quit", "leave", "review", "end-remark")
"""What must keep a key wherever it acts: without them nobody finds their way, or out."""


@dataclass(frozen=True, slots=True)
class Rebinding:
    """An action gets these keys and loses those it had; no keys: it has none. `place` None: wherever it acts.

    `path` and `setting` say where that is written.
    """

    action: str
    keys: tuple[str, ...]
    place: str | None = None
    path: str = ""
    setting: str = ""

    def wrong(self, message: str, hint: str = "") -> BadRebinding:
        """What is wrong with it."""
        return BadRebinding(self, message, hint)


class BadRebinding(ConfigError):
    """A change of keys that cannot be."""

    def __init__(self, change: Rebinding, message: str, hint: str) -> None:
        super().__init__(change.path, change.setting, message, hint)
        self.change = change


@dataclass(frozen=True, slots=True)
class Translation:
    """What becomes of keys that a widget reads itself: `keys` are handed on as others, `dead` ones are dropped."""

    keys: Mapping[tuple[Context, str], str]
    dead: frozenset[tuple[Context, str]]

    def of(self, context: Context, key: str) -> str | None:
        """The key that the widget gets instead; None: it gets none."""
        if (context, key) in self.keys:
            return self.keys[context, key]
        return None if (context, key) in self.dead else key


UNCHANGED = Translation({}, frozenset())
_Wanted = dict[tuple[str, Context], tuple[tuple[str, ...], Rebinding]]


def keymap(changes: Sequence[Rebinding], actions: tuple[Action, ...] = ACTIONS) -> tuple[Action, ...]:
    """The table with these changes; of two that speak of one action in one place the later one counts.

    Raises:
        BadRebinding: one of them cannot be: an unknown action or place, a key that no terminal sends, a key that means
            two things, a letter that a broken arrow key may press, or no key left for help or for leaving.
    """
    if not changes:
        return actions
    wanted: _Wanted = {}
    for change in sorted(changes, key=lambda each: each.place is not None):
        for context in _places(change, actions):
            wanted[change.action, context] = _keys(change, context, actions), change
    made = tuple(_changed(wanted, actions))
    _refuse_clashes(made, wanted)
    _refuse_lost(made, changes)
    return made


def keymap_without_faults(
    changes: Sequence[Rebinding], actions: tuple[Action, ...] = ACTIONS
) -> tuple[tuple[Action, ...], tuple[ConfigError, ...]]:
    """The table with those of these changes that can be, and what is wrong with the others."""
    left, faults = list(changes), list[ConfigError]()
    while True:
        try:
            return keymap(left, actions), tuple(faults)
        except BadRebinding as fault:
            left.remove(fault.change)
            faults.append(fault)


def translation(made: tuple[Action, ...], actions: tuple[Action, ...] = ACTIONS) -> Translation:
    """How the keys of `made` reach the widgets that know those of `actions`."""
    if made is actions:
        return UNCHANGED
    keys: dict[tuple[Context, str], str] = {}
    dead: set[tuple[Context, str]] = set()
    for context in Context:
        now = _typed_keys(context, made)
        for action, before in _typed_keys(context, actions).items():
            after = now.get(action, ())
            if after != before and before:
                keys |= {(context, key): before[0] for key in after}
                dead |= {(context, key) for key in before}
    return Translation(keys, frozenset(dead - keys.keys()))


def _typed_keys(context: Context, actions: Iterable[Action]) -> dict[str, tuple[str, ...]]:
    return {each.id: each.keys for each in actions if each.typed and context in each.contexts}


def _places(change: Rebinding, actions: Iterable[Action]) -> Sequence[Context]:
    if change.place is not None and change.place not in set(Context):
        known = ", ".join(Context)
        raise change.wrong(f"there is no place “{change.place}” where keys act", f"known: {known}")
    named = [each for each in actions if each.id == change.action]
    if not named:
        near = get_close_matches(change.action, {each.id for each in actions}, n=3)
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        raise change.wrong(f"there is no action “{change.action}”", f"{hint}`tandem keys` lists all")
    contexts = {context for each in named for context in each.contexts}
    if change.place is None:
        return sorted(contexts)
    if change.place not in contexts:
        where = ", ".join(sorted(contexts))
        raise change.wrong(f"“{change.action}” does nothing there", f"it acts in: {where}")
    return [Context(change.place)]


def _keys(change: Rebinding, context: Context, actions: Iterable[Action]) -> tuple[str, ...]:
    named = [each for each in actions if each.id == change.action and context in each.contexts]
    is_typed, moves = any(each.typed for each in named), all(each.moves for each in named)
    made = (_key(change, key, context, is_typed=is_typed, moves=moves) for key in change.keys)
    keys = tuple(dict.fromkeys(made))
    _refuse_text(change, keys, context, {key for each in named for key in each.keys})
    return keys


def _refuse_text(change: Rebinding, keys: Iterable[str], context: Context, own: set[str]) -> None:
    """Where letters are text, a key that types may only do what it does there anyway."""
    if context in WRITTEN and (text := next((each for each in keys if types(each) and each not in own), None)):
        raise change.wrong(f"“{text}” is text there", 'take one with ctrl, or a function key: "ctrl+x", "f5"')


def _key(change: Rebinding, text: str, context: Context, *, is_typed: bool, moves: bool) -> str:
    try:
        key = read_keys(text)
    except BadKey as error:
        raise change.wrong(
            f"“{text}” {error}", 'for example "x", "ctrl+x", "f5", "enter" or the chord "g x"'
        ) from error
    if is_typed and " " in key:
        raise change.wrong(f"“{text}” is a chord, and this action takes single keys only", "name one key")
    if context not in WRITTEN and is_unsafe(key) and not moves:
        what = f"“{text}” ends the bytes of an arrow key, so that a slow line may press it by itself"
        raise change.wrong(what, "such a letter (A B C D F H I M O and [) may only move about")
    if key.split(" ")[0] == LEADER and context in (Context.LIST, Context.READER):
        raise change.wrong(f"“{LEADER}” begins the macros' own keys", "take another one")
    return key


def _changed(wanted: _Wanted, actions: Iterable[Action]) -> Iterator[Action]:
    """Every row with the keys it has now, once for each set of places that share them."""
    done: set[tuple[str, Context]] = set()
    for action in actions:
        rows: dict[tuple[str, ...], set[Context]] = {}
        for context in sorted(action.contexts):
            at = action.id, context
            if at not in wanted:
                rows.setdefault(action.keys, set()).add(context)
            elif at not in done:
                done.add(at)
                rows.setdefault(wanted[at][0], set()).add(context)
        for keys, contexts in rows.items():
            yield replace(action, keys=keys, contexts=frozenset(contexts))


def _refuse_clashes(made: Sequence[Action], wanted: _Wanted) -> None:
    for context in Context:
        taken: dict[str, Action] = {}
        here = [(key, each) for each in made if context in each.contexts for key in each.keys]
        for key, action in here:
            other = taken.setdefault(key, action)
            if other is not action:
                raise _clash(wanted, context, key, action, other)
        for key, action in here:
            for end in range(1, len(parts := key.split(" "))):
                if (beginning := taken.get(" ".join(parts[:end]))) is not None:
                    raise _clash(wanted, context, " ".join(parts[:end]), action, beginning)


def _clash(wanted: _Wanted, context: Context, key: str, one: Action, other: Action) -> BadRebinding:
    """Two actions want one key; it is told at the setting that is to blame, the later one where both are."""
    if (one.id, context) not in wanted:
        one, other = other, one
    change = wanted[one.id, context][1] if (one.id, context) in wanted else Rebinding(one.id, one.keys)
    named = " and ".join(sorted(f"“{each.id}” ({shown(' '.join(each.keys[:1]))})" for each in (one, other)))
    message = f"“{shown(key)}” would mean two things in the {context}: {named}"
    return change.wrong(message, f"give the other one another key too, or none: {other.id} = []")


def _refuse_lost(made: Sequence[Action], changes: Sequence[Rebinding]) -> None:
    for name in _NEEDED:
        change = next((each for each in reversed(changes) if each.action == name), None)
        left = {context for each in made if each.id == name and each.keys for context in each.contexts}
        if change is not None and {context for each in made if each.id == name for context in each.contexts} - left:
            raise change.wrong(f"“{name}” must have a key wherever it acts", f'for example {name} = "f9"')
