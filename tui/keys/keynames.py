"""How a keymap spells keys, and which keys no terminal can tell from others; pure.

Facts of terminals (ECMA-48, xterm): Ctrl with a letter is one of the bytes 1 to 26, of which Tab, Enter, Backspace
and line feed are four; Alt with a letter is Esc and the letter; Ctrl with Shift and a letter is Ctrl with the letter.
"""

from __future__ import annotations

import string

ALIASES = {
    "esc": "escape",
    "return": "enter",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "s-tab": "shift+tab",
    "backtab": "shift+tab",
    "del": "delete",
    "ins": "insert",
    "bksp": "backspace",
}
NAMED = frozenset(
    (
        *("enter", "escape", "space", "tab", "shift+tab", "backspace", "delete", "insert"),
        *("home", "end", "pageup", "pagedown", "up", "down", "left", "right"),
        *(f"f{number}" for number in range(1, 13)),
    )
)
"""Keys that have a name and no character."""

_SAME_AS = {"i": "Tab", "m": "Enter", "h": "Backspace", "j": "a line break in a pasted text", "[": "Esc"}
_ESCAPE_ENDS = frozenset("ABCDFHIMO[")
"""Characters in which the bytes of an arrow or function key end: a slow line delivers them as keys of their own."""


class BadKey(ValueError):
    """A key that cannot be; its words say why."""


def read_keys(text: str) -> str:
    """A key or chord as the table spells it: `g m` stays, `Esc` becomes `escape`.

    Raises:
        BadKey: one of its keys does not exist, or no terminal can tell it from another one.
    """
    parts = [_key(part) for part in text.split(" ") if part]
    if not parts:
        raise BadKey("is no key")
    if len(parts) > 1 and "escape" in parts:
        raise BadKey("cannot be a chord: Esc ends every chord")
    return " ".join(parts)


def is_unsafe(key: str) -> bool:
    """Whether a broken arrow key may look like this key, so that it must do nothing that matters."""
    return key in _ESCAPE_ENDS


def types(key: str) -> bool:
    """Whether a key types something, or is needed to move about in a text."""
    return len(key) == 1 or key in {"space", "backspace", "delete", "enter", "left", "right", "up", "down"}


def _key(part: str) -> str:
    if len(part) == 1 and part.isprintable():
        return part
    name = part.casefold()
    name = ALIASES.get(name, f"ctrl+{name[1:]}" if name.startswith("^") else name)
    if name in NAMED:
        return name
    modifier, _, rest = name.rpartition("+")
    if modifier == "shift" and len(rest) == 1:
        raise BadKey(f"is written as the character itself: {rest.upper()}")
    if modifier == "alt":
        raise BadKey("cannot be told from Esc and a letter on many terminals")
    if modifier != "ctrl":
        raise BadKey("is no key that every terminal sends")
    if rest in _SAME_AS:
        raise BadKey(f"is the same as {_SAME_AS[rest]} on a terminal")
    if len(rest) != 1 or rest not in string.ascii_lowercase:
        raise BadKey("is no key that every terminal sends")
    return name
