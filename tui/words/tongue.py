"""The language of the screen: what is shown passes `tr`; what stands in tables is marked, and passes it when shown.

The catalogs are in tui/locale; `make messages` reads the words out of the code and compiles them. English is in the
code itself, so that a word without a translation is shown in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from gettext import NullTranslations
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "locale"
DOMAIN = "tandem"
LANGUAGES = {"en": "English", "ru": "Русский", "bg": "Български"}
"""The languages that the screen speaks, each in its own words; English needs no catalog."""

_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")

_spoken = NullTranslations()


def tr(text: str) -> str:
    """A sentence in the language of the screen. Places such as {number} are filled in afterwards, with `format`."""
    return _spoken.gettext(text) if text else ""


def trn(one: str, many: str, count: int) -> str:
    """A sentence about `count` things, in the form that goes with this number in the language of the screen."""
    return _spoken.ngettext(one, many, count)


def trc(context: str, text: str) -> str:
    """A word that English uses for several things, in the language of the screen; `context` says which it is."""
    return _spoken.pgettext(context, text) if text else ""


def trnc(context: str, text: str, count: int) -> str:
    """The same of a sentence in which a number stands, in the form that goes with it."""
    return _spoken.npgettext(context, text, text, count)


def mark(text: str) -> str:
    """The same text, which is translated when it is shown."""
    return text


def speak(language: str) -> None:
    """Let the screen speak one of LANGUAGES from now on; any other is English."""
    global _spoken  # noqa: PLW0603 - there is one screen, and it has one language
    _spoken = NullTranslations()
    if language != "en" and language in LANGUAGES:
        from gettext import translation  # English needs none of it

        _spoken = translation(DOMAIN, FOLDER, [language], fallback=True)


def speaks_english() -> bool:
    """Whether nothing has to be translated."""
    return type(_spoken) is NullTranslations


def language_of(environ: Mapping[str, str]) -> str:
    """The language that the locale asks for, as far as the screen speaks it: the first of $LANGUAGE, or else English.

    As gettext does it, $LANGUAGE counts only where the locale is not the plain one (C), and $LC_ALL, $LC_MESSAGES and
    $LANG are asked in this order.
    """
    locale = next((environ[name] for name in _LOCALES if environ.get(name)), "")
    asked = [*environ.get("LANGUAGE", "").split(":"), locale] if _language(locale) not in ("", "c", "posix") else []
    return next((language for each in asked if (language := _language(each)) in LANGUAGES), "en")


def can_show(language: str, encoding: str) -> bool:
    """Whether a terminal with this character encoding can show the letters of a language."""
    try:
        LANGUAGES[language].encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _language(locale: str) -> str:
    """`ru` of `ru_RU.UTF-8@cyrillic`."""
    return locale.partition(".")[0].partition("@")[0].partition("_")[0].casefold()
