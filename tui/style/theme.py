"""The colours: one accent, one warning, papers of their own for notes and forwards, in four themes.

Every state is also said by a word or a sign. Text stands on each ground with a contrast of 4.5:1 at least (WCAG 2.2,
1.4.3), in the theme of high contrast with 7:1 (1.4.6). How the terminal's own colours are used is in
tui/style/sixteen.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

TEXTS = ("foreground", "muted", "accent", "warning", "ours", "gap")
"""Colours of words that may stand on any ground."""
GROUNDS = ("background", "panel", "chosen", "chosen-faint", "note-background", "side-background")
"""Grounds on which words stand."""
PAPERS = (("note", "note-background"), ("side", "side-background"))
"""Colours of words that stand on the plain ground and on paper of their own only."""


def _theme(name: str, colours: Mapping[str, str], *, dark: bool, box: str = "none") -> Theme:
    """A theme of our colours; `box` is the border of what lies over the rest, where its ground does not tell it."""
    plain, ground = colours["foreground"], colours["background"]
    bar = {
        f"scrollbar{part}": colours["rail"] if part.startswith(("-background", "-corner")) else colours["bar"]
        for part in ("", "-hover", "-background", "-background-hover", "-background-active", "-corner-color")
    }
    return Theme(
        name=f"tandem-{name}",
        primary=colours["accent"],
        secondary=colours["accent"],
        accent=colours["accent"],
        warning=colours["warning"],
        error=colours["warning"],
        success=plain,
        foreground=plain,
        background=ground,
        surface=ground,
        panel=colours["panel"],
        dark=dark,
        variables={
            **{key: value for key, value in colours.items() if key not in ("bar", "rail")},
            **bar,
            "scrollbar-active": colours["accent"],
            "input-cursor-background": plain,
            "input-cursor-foreground": ground,
            "input-selection-background": colours["selected"],
            "box": box,
        },
    )


DARK = _theme(
    "dark",
    {
        "foreground": "#d5d8de",
        "background": "#15171b",
        "panel": "#1d2026",
        "accent": "#93bbfa",
        "warning": "#f0b866",
        "muted": "#9fa6b3",
        "faint": "#4a505c",
        "chosen": "#2a3a54",
        "chosen-faint": "#22262e",
        "note": "#e9d9a1",
        "note-background": "#2b2717",
        "side": "#d3b4ee",
        "side-background": "#271f30",
        "ours": "#a9bfd9",
        "gap": "#f0b866",
        "selected": "#3b5580",
        "bar": "#3b424d",
        "rail": "#15171b",
    },
    dark=True,
)
LIGHT = _theme(
    "light",
    {
        "foreground": "#1f2328",
        "background": "#fbfbf8",
        "panel": "#eeeee9",
        "accent": "#0a529e",
        "warning": "#8a4b00",
        "muted": "#545b66",
        "faint": "#b9bdc4",
        "chosen": "#cfe2f8",
        "chosen-faint": "#e8e8e3",
        "note": "#5a4700",
        "note-background": "#fdf4d3",
        "side": "#5f2a8c",
        "side-background": "#f3e9fb",
        "ours": "#27496d",
        "gap": "#8a4b00",
        "selected": "#b3d3f5",
        "bar": "#c4c4bd",
        "rail": "#fbfbf8",
    },
    dark=False,
)
CONTRAST = _theme(
    "contrast",
    {
        "foreground": "#ffffff",
        "background": "#000000",
        "panel": "#141414",
        "accent": "#8fdaff",
        "warning": "#ffcf4a",
        "muted": "#d6d6d6",
        "faint": "#8c8c8c",
        "chosen": "#003a75",
        "chosen-faint": "#2b2b2b",
        "note": "#ffe97a",
        "note-background": "#2e2600",
        "side": "#f0c8ff",
        "side-background": "#2c1038",
        "ours": "#b8e0ff",
        "gap": "#ffcf4a",
        "selected": "#00509e",
        "bar": "#9a9a9a",
        "rail": "#000000",
    },
    dark=True,
    box="solid #ffffff",
)
ANSI = _theme(
    "ansi",
    {
        "foreground": "#c0c0c0",
        "background": "#000000",
        "panel": "#000001",
        "accent": "#c000c0",
        "warning": "#c00000",
        "muted": "#808080",
        "faint": "#606060",
        "chosen": "#c0c0c1",
        "chosen-faint": "#000002",
        "note": "#c0c0c2",
        "note-background": "#000003",
        "side": "#c0c0c3",
        "side-background": "#000004",
        "ours": "#c0c0c4",
        "gap": "#c00001",
        "selected": "#c0c0c5",
        "bar": "#c0c0c6",
        "rail": "#000005",
    },
    dark=True,
    box="solid #c0c0c0",
)
"""These stand for the terminal's own: tui/style/sixteen.py puts those in place, so each must be a colour of its own."""

BY_WORD = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST, "ansi": ANSI}
"""The themes by the words of the settings."""
THEMES = tuple(BY_WORD.values())
PAINTED = (DARK, LIGHT, CONTRAST)
"""Those whose colours are ours, and not the terminal's."""
