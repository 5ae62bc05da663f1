"""Views that agents keep: a search with a name, one's own or everybody's, and the letter that leads there after `g`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NewType

from desk.errors import RefusedError
from desk.people import Handle
from desk.ports.tickets import Sort
from desk.safe import safe_line
from desk.views import VIEWS, View

SavedViewId = NewType("SavedViewId", int)

LONGEST_NAME = 30
"""Characters of a view's name."""

PLACES = {
    "o": "outbox",
    "p": "parked mail",
    "s": "figures",
    "h": "the end of the shift",
    "e": "texts that were never saved",
    "+": "keeping a view",
    "g": "the top",
}
"""Where else the letters after `g` lead on the screen."""

TAKEN = {**PLACES, **{view.key: view.name for view in VIEWS}}
"""Letters that no saved view can have, and where each leads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A search that is kept. `owner` is None where everybody sees it; `key` is empty where no letter leads there."""

    id: SavedViewId = SavedViewId(0)
    name: str
    query: str
    key: str = ""
    sort: Sort = "updated"
    owner: Handle | None = None

    @property
    def view(self) -> View:
        """It as a view like those that every screen has."""
        return View(self.name, self.key, self.query)


def seen_by(views: Iterable[SavedView], me: Handle | None) -> list[SavedView]:
    """One's own views and everybody's, by name; an own one hides the letter of a shared one."""
    return sorted(
        (each for each in views if each.owner in (None, me)),
        key=lambda each: (each.name.casefold(), each.owner is None),
    )


def clean_name(text: str) -> str:
    """A name as it is kept: one line of 1 to 30 characters, not that of a view which every screen has.

    Raises:
        RefusedError: it is empty, too long or taken.
    """
    name = " ".join(safe_line(text).split())
    if not name:
        raise RefusedError("a view needs a name", "one line, such as Refunds")
    if len(name) > LONGEST_NAME:
        raise RefusedError(f"a view's name has at most {LONGEST_NAME} characters", f"“{name[:20]}…” has {len(name)}")
    if name.casefold() in {*(view.name for view in VIEWS), "outbox", "parked", "stats"}:
        raise RefusedError(f"every screen has a view “{name}” already", "choose another name")
    return name


def clean_key(text: str) -> str:
    """A letter for after `g`, or nothing: one printable character that leads nowhere yet.

    Raises:
        RefusedError: it is more than one character, or leads somewhere already.
    """
    key = text.strip().removeprefix("g ").strip()
    if not key:
        return ""
    if len(key) != 1 or not key.isprintable() or not key.isascii():
        raise RefusedError(
            f"“{safe_line(key)[:20]}” is no key for a view", "one letter, digit or sign, as on the keyboard"
        )
    if key in TAKEN:
        raise RefusedError(f"g {key} leads to {TAKEN[key]} already", f"free letters: {' '.join(free_letters(()))}")
    return key


def free_letters(views: Iterable[SavedView]) -> list[str]:
    """The small letters that lead nowhere yet."""
    taken = {*TAKEN, *(each.key for each in views)}
    return [each for each in "abcdefghijklmnopqrstuvwxyz" if each not in taken]
