"""How the screen looks, which language it speaks and which keys it has: the settings, and what the terminal says.

Where they are written is the program's affair (tandem/config/screen.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desk.errors import ConfigError, RefusedError
from tui.keys import ACTIONS, Action
from tui.keys.keymap import Rebinding, keymap_without_faults
from tui.style.signs import is_utf8
from tui.words.tongue import can_show, language_of

THEME_WORDS = ("dark", "light", "contrast", "ansi")
"""The themes, by the words of the settings; `tui.style.theme.BY_WORD` has their colours."""
AUTO = "auto"
_MANY_COLOURS = ("truecolor", "24bit")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenSettings:
    """What holds for one screen. `colours` false: none at all; `tour`: one is shown to whoever never saw it.

    `bell`: the terminal rings when a colleague asks for the agent. `is_theme_for_once`: it was said for this start, so
    it goes before the one that was chosen on the screen.
    """

    theme: str = "dark"
    is_theme_for_once: bool = False
    language: str = "en"
    mouse: bool = False
    ascii: bool = False
    tour: bool = False
    bell: bool = True
    colours: bool = True
    actions: tuple[Action, ...] = ACTIONS
    faults: tuple[ConfigError, ...] = ()
    """What the files say and cannot be: it is left as it would be without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the settings files say, as it stands there."""

    theme: str = AUTO
    language: str = AUTO
    mouse: bool = False
    ascii: bool = False
    tour: bool = True
    bell: bool = True
    keys: Sequence[Rebinding] = ()
    faults: Sequence[ConfigError] = ()


def settled(wishes: Wishes, environ: Mapping[str, str], encoding: str) -> ScreenSettings:
    """The settings on a terminal with this environment and character encoding.

    $TANDEM_THEME goes before the files; $NO_COLOR (no-color.org) takes all colours away; `TANDEM_TOUR=off` the tour.

    Raises:
        RefusedError: $TANDEM_THEME names no theme.
    """
    actions, faults = keymap_without_faults(wishes.keys)
    return ScreenSettings(
        theme=_theme(environ.get("TANDEM_THEME") or wishes.theme, environ),
        is_theme_for_once=bool(environ.get("TANDEM_THEME")),
        language=_language(wishes.language, environ, encoding),
        mouse=wishes.mouse,
        ascii=wishes.ascii or not is_utf8(encoding),
        tour=wishes.tour and environ.get("TANDEM_TOUR") != "off",
        bell=wishes.bell,
        colours=not environ.get("NO_COLOR"),
        actions=actions,
        faults=(*wishes.faults, *faults),
    )


def _theme(word: str, environ: Mapping[str, str]) -> str:
    if word == AUTO:
        return "dark" if _has_many_colours(environ) else "ansi"
    if word not in THEME_WORDS:
        raise RefusedError(f"TANDEM_THEME: there is no theme “{word}”", f"known: {', '.join((AUTO, *THEME_WORDS))}")
    return word


def _has_many_colours(environ: Mapping[str, str]) -> bool:
    """Whether a terminal shows more than its sixteen colours, by what it says of itself; kitty does not say so."""
    term = environ.get("TERM", "")
    is_true = environ.get("COLORTERM", "").strip().casefold() in _MANY_COLOURS
    return is_true or "256color" in term or "kitty" in term or "direct" in term


def _language(word: str, environ: Mapping[str, str], encoding: str) -> str:
    chosen = language_of(environ) if word == AUTO else word
    return chosen if can_show(chosen, encoding) else "en"
