"""What a field of a customer's profile may hold, and how it is written: one line, lower case, a zone that there is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo, available_timezones

from desk.actions.tag import clean_tag
from desk.composing import compose
from desk.errors import RefusedError
from desk.profiles import Known, ProfileField
from desk.safe import safe, safe_line

LONGEST_LINE, LONGEST_NOTES, MOST = 200, 20_000, 50
"""Characters of a name or company, and of the notes; how many tags and addresses one customer may have."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}")
_ADDRESS = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}")


def clean_known(field: ProfileField, value: Known) -> Known:
    """A value as it is kept: without blanks around it and without anything that a terminal would obey.

    Raises:
        RefusedError: it cannot be what this field holds, in words.
    """
    if isinstance(value, tuple):
        return _listed(field, value)
    match field:
        case ProfileField.NOTES:
            return _not_longer(safe(value).strip("\n").rstrip(), LONGEST_NOTES, field)
        case ProfileField.LANGUAGE:
            return _language(value)
        case ProfileField.ZONE:
            return _zone(value)
        case _:
            return _not_longer(safe_line(value), LONGEST_LINE, field)


def _listed(field: ProfileField, values: Iterable[str]) -> tuple[str, ...]:
    clean = clean_tag if field is ProfileField.TAGS else _address
    kept = tuple(dict.fromkeys(clean(each) for each in values))
    if len(kept) > MOST:
        raise RefusedError(f"a customer has at most {MOST} {field}", "take some off")
    return kept


def _not_longer(text: str, most: int, field: str) -> str:
    if len(text) > most:
        raise RefusedError(f"the {field} has {len(text)} characters, more than {most}", "make it shorter")
    return text


def _address(text: str) -> str:
    key = compose(text.strip()).casefold()
    if not _ADDRESS.fullmatch(key):
        raise RefusedError(f"“{safe_line(text)[:60]}” is no mail address", "write dana@corp.example")
    return key


def _language(text: str) -> str:
    tag = text.strip().casefold().replace("_", "-")
    if tag and not _LANGUAGE.fullmatch(tag):
        raise RefusedError(f"“{safe_line(text)[:60]}” is no language", "write it as bg, en or pt-br")
    return tag


def _zone(text: str) -> str:
    """A time zone by its name; its last part is enough where there is but one that ends so."""
    wanted = text.strip().replace(" ", "_")
    if not wanted:
        return ""
    if not (known := available_timezones()):
        raise RefusedError("this machine knows no time zones", "install the system's tzdata")
    named = [each for each in known if each.casefold() == wanted.casefold()]
    ending = [each for each in known if each.casefold().endswith(f"/{wanted.casefold()}") and each.count("/") == 1]
    found = named or ending
    if len(found) != 1 or not _is_there(found[0]):
        raise RefusedError(f"“{safe_line(text)[:60]}” is no time zone", "write it as Europe/Sofia or Asia/Tokyo")
    return found[0]


def _is_there(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        return False
    return True
