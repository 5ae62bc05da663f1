"""How well colours can be told apart."""

from __future__ import annotations

from textual.color import Color
from textual.theme import Theme

from tui.style.theme import CONTRAST


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two colours, from 1 to 21."""
    high, low = sorted((luminance(Color.parse(one)), luminance(Color.parse(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Color) -> float:
    """WCAG 2.2's relative luminance."""
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def least(theme: Theme) -> float:
    return 7.0 if theme is CONTRAST else 4.5
