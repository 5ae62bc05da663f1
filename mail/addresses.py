"""Address lists (RFC 5322 3.4), read so that nothing in them can stop or mislead: tolerant, linear, bounded.

The list is taken apart before its encoded words are decoded, so a name cannot smuggle in a second address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from desk.people import Address
from mail.headers import to_text, without_blanks, without_breaks, without_words

MOST = 200
"""Addresses read of one mail's field."""

LONGEST_NAME = 100
LONGEST_EMAIL = 320

_TOKEN = re.compile(
    r"""(?P<encoded>=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]*\?=)
    | "(?P<quoted>(?:[^"\\]|\\.){0,500})"
    | <(?P<angle>[^<>]*)>
    | <(?P<open>[^<>,;]*)
    | \((?P<comment>[^()]*)\)
    | (?P<mark>[,;:])
    | (?P<blank>\s+)
    | (?P<atom>[^\s"<>(),;:]+)
    | (?P<junk>.)""",
    re.VERBOSE | re.DOTALL,
)
_Token = tuple[str, str]
"""The kind of a token, by its group's name above, and its text."""

_MARKS_INSIDE = 3
"""Commas and semicolons of a name that is not in quotation marks."""
_NAMING = frozenset({"encoded", "quoted", "atom", "blank"})

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"']{1,64}@[^\s@<>()\[\],;:\"']{1,255}")
_ROUTE = re.compile(r"^(?:@[^:@,]*,?)+:")
_QUOTED_LOCAL = re.compile(r'"(?:[^"\\]|\\.){0,320}"(?=\s*@)', re.DOTALL)
_TOKENS_OF_ONE = 2_000
"""Tokens of one address that count; a name of more is noise."""


def read_addresses(raw_values: Iterable[str], at_most: int = MOST) -> tuple[Address, ...]:
    """The addresses of a field that may stand in the mail several times."""
    found: list[Address] = []
    for raw in raw_values:
        for address in _addresses(raw):
            if len(found) == at_most:
                return tuple(found)
            found.append(address)
    return tuple(found)


def looks_like_address(text: str) -> str:
    """The first thing in a text that a reader would take for a mail address; empty where there is none."""
    found = _ADDRESS.search(text)
    return found[0] if found else ""


def _addresses(raw: str) -> Iterator[Address]:
    one: list[_Token] = []
    before: list[list[_Token]] = []
    is_group = False
    for token in (*_TOKEN.finditer(raw), None):
        kind = (token and token.lastgroup) or "junk"
        mark = token[0] if token and kind == "mark" else ""
        if token and not mark:
            one.append((kind, token[kind]))
        elif mark == ":":
            is_group = True
            one = one if any("@" in text for _, text in one) else []
        elif mark and not (is_group and mark == ";") and len(before) < _MARKS_INSIDE and _is_name(one):
            before.append([*one, ("atom", mark)])
            one = []
        else:
            yield from _people(before, one)
            before, one = [], []
            is_group = is_group and mark == ","


def _people(before: list[list[_Token]], last: list[_Token]) -> Iterator[Address]:
    """An address, and the words between the marks before it: its name, where it stands in angle brackets."""
    is_named = any(kind == "angle" and "@" in text for kind, text in last)
    for each in () if is_named else before:
        yield from _address(each[:-1])
    yield from _address([*(token for each in before if is_named for token in each), *last])


def _is_name(tokens: list[_Token]) -> bool:
    """Whether this may be the beginning of a name with a mark in it that ought to stand in quotation marks."""
    return any(kind in _NAMING - {"blank"} for kind, _ in tokens) and not any(
        kind not in _NAMING or "@" in text for kind, text in tokens
    )


def _address(tokens: list[_Token]) -> Iterator[Address]:
    tokens = tokens[:_TOKENS_OF_ONE]
    angle = next((text for kind, text in tokens if kind in ("angle", "open") and text.strip()), None)
    bare = slice(0, 0) if angle is not None else _bare(tokens)
    email = _clean_email(angle if angle is not None else "".join(_spelled(each) for each in tokens[bare]))
    name = _clean_name(_name(tokens[: bare.start] + tokens[bare.stop :]), email)
    if email or name:
        yield Address(email, name)


def _bare(tokens: list[_Token]) -> slice:
    """Where the address stands in `ann@example.org (Ann)` or `"ann..b"@example.org`; a lone word is one, too."""
    words = [index for index, (kind, _) in enumerate(tokens) if kind in ("atom", "quoted")]
    at = next((index for index in words if tokens[index][0] == "atom" and "@" in tokens[index][1]), None)
    if at is not None:
        touches_quoted = tokens[at][1].startswith("@") and at - 1 in words
        return slice(at - 1 if touches_quoted else at, at + 1)
    if len(words) == 1 and tokens[words[0]][0] == "atom":
        return slice(words[0], words[0] + 1)
    return slice(0, 0)


def _spelled(token: _Token) -> str:
    kind, text = token
    return f'"{text}"' if kind == "quoted" else text


def _name(tokens: list[_Token]) -> str:
    words = ((kind, _unescaped(text) if kind == "quoted" else text) for kind, text in tokens)
    name = "".join(" " if kind == "blank" else text for kind, text in words if kind in _NAMING)
    return name if name.strip() else next((text for kind, text in tokens if kind == "comment"), "")


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _clean_email(raw: str) -> str:
    """The address without blanks, but for those inside quotation marks: without them it would be another's."""
    spelt = _ROUTE.sub("", without_words(raw).strip())
    quoted = _QUOTED_LOCAL.match(spelt)
    local = without_breaks(quoted[0]) if quoted else ""
    rest = without_blanks(spelt[quoted.end() :] if quoted else spelt)
    email = f"{local}{rest}"[:LONGEST_EMAIL].removeprefix("mailto:")
    return email.strip(".,;'") if "@" in email else email


def _clean_name(raw: str, email: str) -> str:
    """The name in one line; empty where it is only the address again."""
    name = to_text(raw)
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return "" if name.casefold() == email.casefold() else name[:LONGEST_NAME].strip()
