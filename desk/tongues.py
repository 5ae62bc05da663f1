"""Which language somebody writes, told from their own words, and only where that is sure; pure and cheap.

The script decides where it can; among languages of one script, the words that every sentence holds, each of which
counts for all languages that have it. Letters that only one of two neighbours has decide between these.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

_SCANNED = 6_000
"""Characters that are looked at; more would say the same."""
_ENOUGH_LETTERS, _MOST_OF_THEM = 12, 0.7
_ENOUGH_WORDS, _LEAD = 4, 1.6
"""Telling words that must be there, and how many times as many as of the next language."""
_ENOUGH_DIFFERENT = 3
"""Of these, so many must differ and be longer than a letter: letters that stand alone are in any heap of signs."""

_SCRIPTS: Mapping[str, str] = {
    "ja": "\u3041-\u30ff",
    "ko": "\uac00-\ud7a3",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "he": "\u05d0-\u05ea",
    "th": "\u0e01-\u0e5b",
    "ka": "\u10d0-\u10ff",
    "hy": "\u0531-\u058f",
    "zh": "\u4e00-\u9fff",
}
"""Scripts that one language of those that write to desks has for itself; Japanese writes Chinese letters too."""
_LETTERS = {language: re.compile(f"[{letters}]") for language, letters in _SCRIPTS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")

_TELLING: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and to of is in you that it for on have with not my this are was be your please thank can but would",
        "de": "und der die das ich nicht ist sie mit ein eine zu den auf für es wir von im bitte habe auch wie danke",
        "fr": "le la les de et je vous est un une pas que pour dans ce sur avec nous mon votre merci bonjour des ai",
        "es": "el la los de que y en un una no es por con para se mi su gracias hola pero como está me las del",
        "it": "il la che di e non un una per è con sono mi ho in del della grazie buongiorno ma come questo gli alla",
        "pt": "o a os de que e não um uma em para com por é se meu eu obrigado obrigada olá mas como está do da no",
        "nl": "de het een en ik van is niet dat op te voor met zijn aan er maar mijn heb ook naar dit graag bedankt",
        "pl": "i w nie na się z do to że jest o jak ale po czy za od mam proszę dziękuję dzień dobry moje jestem",
        "ru": "и в не на что я с это как по но у за из мне мой все так вы от меня есть нет был для уже здравствуйте"
        " пожалуйста спасибо он когда ещё",
        "bg": "и в не на да се за от с е са съм си ще като ми по че това но имам моля благодаря здравейте има до при"
        " съжалявам или може вече бих",
        "uk": "і в не на що я з це як по але у за та мені мій все так ви від є немає був для вже будь ласка дякую"
        " доброго щоб до",
    }.items()
}
_NOT_THERE: Mapping[str, re.Pattern[str]] = {
    "ru": re.compile("[іїєґ]"),
    "bg": re.compile("[ыэёіїєґ]"),
    "uk": re.compile("[ыэёъ]"),
}
"""Letters that a language does not have."""
_ONLY_THERE: Mapping[str, re.Pattern[str]] = {"ru": re.compile("[ыэё]"), "uk": re.compile("[іїєґ]")}


def language_of(texts: Iterable[str]) -> str:
    """The language of these texts, as bg; empty where it is not sure."""
    text = _ADDRESS.sub(" ", "\n".join(texts)[:_SCANNED]).casefold()
    letters = sum(len(each) for each in _WORD.findall(text))
    if letters < _ENOUGH_LETTERS:
        return ""
    return _by_script(text, letters) or _by_words(text)


def _by_script(text: str, letters: int) -> str:
    found = {language: len(each.findall(text)) for language, each in _LETTERS.items()}
    found["ja"] += found["zh"] if found["ja"] * 8 >= found["zh"] else 0
    language = max(found, key=lambda each: found[each])
    return language if found[language] >= letters * _MOST_OF_THEM else ""


def _by_words(text: str) -> str:
    words = Counter(_WORD.findall(text))
    told = {
        language: sum(words[each] for each in telling) + _letters_of(language, words)
        for language, telling in _TELLING.items()
    }
    (first, most), (_, next_most) = sorted(told.items(), key=lambda each: -each[1])[:2]
    is_sure = most >= _ENOUGH_WORDS and most >= next_most * _LEAD and _different(first, words) >= _ENOUGH_DIFFERENT
    return first if is_sure else ""


def _different(language: str, words: Counter[str]) -> int:
    """How many different words, each longer than a letter, speak for a language."""
    telling, only = _TELLING[language], _ONLY_THERE.get(language)
    return sum(len(each) > 1 and (each in telling or (only is not None and bool(only.search(each)))) for each in words)


def _letters_of(language: str, words: Counter[str]) -> int:
    """What the letters of words say for a language (more) or against it (less)."""
    only, never = _ONLY_THERE.get(language), _NOT_THERE.get(language)
    said = sum(count for word, count in words.items() if only is not None and only.search(word))
    return said - 2 * sum(count for word, count in words.items() if never is not None and never.search(word))
