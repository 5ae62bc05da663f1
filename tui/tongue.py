"""The language of the screen: what is shown passes `tr`; what stands in tables is marked, and passes it when shown."""

from __future__ import annotations

from gettext import NullTranslations

_spoken = NullTranslations()


def tr(text: str) -> str:
    """A sentence in the language of the screen. Places such as {number} are filled in afterwards, with `format`."""
    return _spoken.gettext(text)


def trn(one: str, many: str, count: int) -> str:
    """A sentence about `count` things, in the form that goes with this number in the language of the screen."""
    return _spoken.ngettext(one, many, count)


def mark(text: str) -> str:
    """The same text, which is translated when it is shown."""
    return text
