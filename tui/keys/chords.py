"""Keys pressed one after another become actions: `g i`, `, r`. Pure: no Textual, no clock.

A chord has no time-out: what it waits for stands on the key line, and Esc or a key it does not know gives it up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from tui.keys import LEADER, Action, Context, acting_in

ESCAPE = "escape"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A chord has begun: `keys` are pressed, `choices` are the next keys with what they lead to."""

    keys: tuple[str, ...]
    choices: tuple[tuple[str, Action], ...]


Pressed = Action | Waiting | Literal["given up", "unknown"]
"""What a key came to. `unknown` keys belong to the widget that has the focus."""


class Chords:
    """Remembers the keys of an unfinished chord. `hot_keys` are asked for when their leading key is pressed.

    `more` are actions that come and go, such as an agent's own views; what stands in the table goes before them.
    """

    def __init__(
        self,
        actions: Iterable[Action],
        hot_keys: Callable[[], Iterable[Action]] = tuple,
        more: Callable[[], Iterable[Action]] = tuple,
    ) -> None:
        self._actions = tuple(each for each in actions if not each.typed)
        self._hot_keys, self._more = hot_keys, more
        self._pressed: tuple[str, ...] = ()

    @property
    def waiting(self) -> bool:
        """Whether a chord has begun."""
        return bool(self._pressed)

    def forget(self) -> None:
        """Give an unfinished chord up."""
        self._pressed = ()

    def press(self, key: str, context: Context) -> Pressed:
        """Take one more key."""
        pressed = self.peek(key, context)
        self._pressed = pressed.keys if isinstance(pressed, Waiting) else ()
        return pressed

    def peek(self, key: str, context: Context) -> Pressed:
        """What one more key would come to."""
        if self._pressed and key == ESCAPE:
            return "given up"
        keys = (*self._pressed, key)
        actions = self._hot_keys() if keys[0] == LEADER else (*self._actions, *self._more())
        fitting = [(parts, each) for parts, each in _chords(actions, context) if parts[: len(keys)] == keys]
        for parts, action in fitting:
            if parts == keys:
                return action
        if not fitting:
            return "given up" if self._pressed else "unknown"
        return Waiting(keys, tuple((parts[len(keys)], action) for parts, action in fitting))


def _chords(actions: Iterable[Action], context: Context) -> list[tuple[tuple[str, ...], Action]]:
    return [(tuple(key.split(" ")), each) for each in acting_in(context, actions) for key in each.keys]
