"""How to greet a customer: the part of a name that is surely a first name, or nothing.

A greeting with a wrong name is worse than one without. Names come from mail headers and may be anything.
"""

from __future__ import annotations

import re
import unicodedata

_TITLES = frozenset({
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "herr", "frau", "fr", "hr", "mme", "mlle", "sig",
    "sra", "г-н", "г-жа", "гн", "гжа", "господин", "госпожа",
})  # fmt: skip
_NOT_A_PERSON = frozenset({
    "info", "support", "team", "service", "sales", "office", "billing", "admin", "mail", "mailer",
    "contact", "form", "news", "newsletter", "weekly", "daily", "market", "marketplace", "system", "delivery", "orders",
    "notification", "notifications", "alerts", "accounts", "customer", "helpdesk", "desk", "security", "marketing",
    "noreply", "daemon", "gmbh", "ag", "kg", "ltd", "llc", "inc", "co", "corp", "group", "shop", "store",
    "ооо", "зао", "ип", "оод", "еоод", "ад", "ет",
})  # fmt: skip
_WORD = re.compile(r"[^\W\d_]{2,}(?:['’-][^\W\d_]+)*")
_BRAND = re.compile(r"(?<!^Mc)(?<!^Mac)(?<!^De)(?<!^Di)(?<!^La)(?<!^Le)(?<=[^\W\d_A-Z])[A-Z]")
"""A capital inside a word, as in PayWell; McKay and DeVito are people."""

_FAMILY_NAME_FIRST = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts in which the family name usually comes first: there, no part is a greeting by itself."""


def first_name(name: str) -> str:
    """The first name in “Dana Petrova”, “Petrova, Dana” or “DR. DANA PETROVA”; empty where it is not clear."""
    words = _in_speaking_order(name)
    bare = [each for each in words if each.rstrip(".").casefold() not in _TITLES]
    only_family_name = len(bare) < len(words) and len(bare) == 1
    if not bare or only_family_name or not all(map(_is_name, bare)) or not _WORD.fullmatch(bare[0]):
        return ""
    if _FAMILY_NAME_FIRST.search(bare[0]):
        return ""
    return bare[0].title() if bare[0].isupper() or bare[0].islower() else bare[0]


def _in_speaking_order(name: str) -> list[str]:
    bare = name.strip(" '\"“”‘’")
    family, comma, given = bare.partition(",")
    return (f"{given} {family}" if comma else bare).split()


def _is_name(word: str) -> bool:
    """Letters, with dots, hyphens and apostrophes between them: no digits, addresses or brackets, and no company."""
    letters = all(each.isalpha() or each in ".'’-" or unicodedata.combining(each) for each in word)
    return letters and word.strip(".-").casefold() not in _NOT_A_PERSON and not _BRAND.search(word)
