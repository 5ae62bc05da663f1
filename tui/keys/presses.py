"""Presses of keys: how the table names one, and what a press of one is."""

from __future__ import annotations

import unicodedata

from textual import events
from textual.keys import KEY_NAME_REPLACEMENTS

_OF_SEQUENCES = "ABCDFHIMO"
"""Letters that a slow line leaves of arrow keys."""


def typed(event: events.Key) -> str:
    """A key as the table names it: the character itself where it is one, Textual's name where it is not."""
    character = event.character
    return character if character and character.isprintable() and character != " " else event.key


def is_idle_letter(event: events.Key) -> bool:
    """Whether a key is a letter that somebody may have meant: those of broken escape sequences come by themselves."""
    letter = event.character or ""
    return letter.isalpha() and letter not in _OF_SEQUENCES


def is_foreign(key: str) -> bool:
    """Whether a key is a letter of another script than the one that all our keys are in: the keyboard is set to it."""
    return len(key) == 1 and key.isalpha() and not unicodedata.name(key, "").startswith("LATIN")


def as_event(key: str) -> events.Key:
    """A key of the table as a press of it: the other way round than `typed`."""
    if len(key) == 1:
        name = key if key.isalnum() else unicodedata.name(key, key).lower().replace("-", "_").replace(" ", "_")
        return events.Key(KEY_NAME_REPLACEMENTS.get(name, name), key)
    return events.Key(key, _CHARACTERS.get(key))


def pressed(key: str, time: float) -> events.Key:
    """A press of a key of the table at a moment, in seconds of the clock of events."""
    event = as_event(key)
    event.time = time
    return event


_CHARACTERS = {"space": " ", "enter": "\r", "escape": "\x1b", "tab": "\t", "backspace": "\x7f"}
