"""Names of attached files, made fit for any disk and any terminal: a mail must not choose where it is saved."""

from __future__ import annotations

import re

from desk.composing import compose
from desk.safe import DANGEROUS

LONGEST = 120
"""Bytes of a name in UTF-8."""

_LONGEST_EXTENSION = 16
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)")


def clean_name(name: str) -> str:
    """The base name in NFC, without control characters and leading dots or dashes, cut; may end up empty."""
    base = compose(name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    base = " ".join(_FORBIDDEN.sub("_", DANGEROUS.sub("", base)).split()).lstrip(".- ").rstrip(". ")
    return _cut(_RESERVED.sub(r"_\1", base) if _RESERVED.match(base) else base)


def unique_names(names: list[str]) -> list[str]:
    """The same names, those that stand there before (in any case) with a number: `scan.pdf`, `scan (2).pdf`."""
    taken: set[str] = set()
    unique: list[str] = []
    for name in names:
        count, free = 1, name
        while free.casefold() in taken:
            count += 1
            free = _numbered(name, count)
        taken.add(free.casefold())
        unique.append(free)
    return unique


def _numbered(name: str, count: int) -> str:
    stem, extension = _split(name)
    return f"{_cut_bytes(stem, LONGEST - len(extension.encode()) - 6)} ({count}){extension}"


def _cut(name: str) -> str:
    stem, extension = _split(name)
    return _cut_bytes(stem, LONGEST - len(extension.encode())) + extension


def _split(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    is_extension = stem and extension and len((dot + extension).encode()) <= _LONGEST_EXTENSION
    return (stem, dot + extension) if is_extension else (name, "")


def _cut_bytes(text: str, at_most: int) -> str:
    return text.encode()[:at_most].decode(errors="ignore").rstrip()
