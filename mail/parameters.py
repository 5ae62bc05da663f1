"""A header value with parameters: Content-Type and Content-Disposition (RFC 2045 5.1, RFC 2183, RFC 2231).

The standard library turns bytes above 127 in them into U+FFFD before anybody can guess their character set; this
keeps them. Every loop is linear in the value's length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice
from urllib.parse import unquote_to_bytes

from mail.charsets import decode
from mail.headers import one_line, to_bytes, to_text

MOST = 100
"""Parameters read of one header field."""

_PARAMETER = re.compile(r'([^\s=;"]{1,80})\s{0,20}=\s{0,20}("(?:[^"\\]|\\.){0,4000}"|[^;]{0,4000})', re.DOTALL)
_VALUE = re.compile(r"\s*([^;\s]*)")
_NAME = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*?)")


@dataclass(frozen=True, slots=True)
class Parametrised:
    """The value in lower case (`text/plain`, `attachment`), and its parameters by lower-case name, decoded."""

    value: str = ""
    parameters: dict[str, str] = field(default_factory=dict[str, str])

    def get(self, name: str) -> str:
        """A parameter in one line; empty where there is none."""
        return self.parameters.get(name, "")


@dataclass(frozen=True, slots=True)
class _Section:
    """One piece of a parameter that may come in several (RFC 2231 3)."""

    is_encoded: bool
    text: str


def read_parameters(raw: str) -> Parametrised:
    """Take a raw header value apart, its semicolons there or not; what cannot be read is left out."""
    if not raw:
        return Parametrised()
    value = _VALUE.match(raw)
    rest = raw[value.end() :] if value else raw
    return Parametrised(one_line(value[1]).lower() if value else "", _parameters(rest) if "=" in rest else {})


def _parameters(raw: str) -> dict[str, str]:
    sections: dict[str, dict[int, _Section]] = {}
    for found in islice(_PARAMETER.finditer(raw), MOST):
        if name := _NAME.fullmatch(found[1].lower()):
            section = _Section(bool(name[3]), _unquoted(found[2].strip()))
            _keep(sections.setdefault(name[1], {}), int(name[2] or 0), section)
    return {name: _joined(pieces) for name, pieces in sections.items()}


def _keep(sections: dict[int, _Section], number: int, section: _Section) -> None:
    """The first one counts, but an encoded one wins over the plain one that stands beside it for old readers.

    One that says nothing wins over none.
    """
    if number not in sections or _weight(section) > _weight(sections[number]):
        sections[number] = section


def _weight(section: _Section) -> tuple[bool, bool]:
    says = bool(_section_bytes(_without_charset(section)[1]).strip())
    return says, says and section.is_encoded


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
    return text.strip('"')


def _joined(sections: dict[int, _Section]) -> str:
    ordered = [sections[number] for number in sorted(sections)]
    if not any(each.is_encoded for each in ordered):
        return to_text("".join(each.text for each in ordered))
    charset, ordered[0] = _without_charset(ordered[0])
    return one_line(decode(b"".join(_section_bytes(each) for each in ordered), charset).text)


def _without_charset(section: _Section) -> tuple[str, _Section]:
    """Split `utf-8'de'text` off a first section."""
    charset, _, rest = section.text.partition("'")
    _, mark, text = rest.partition("'")
    return (charset, replace(section, text=text)) if section.is_encoded and mark else ("", section)


def _section_bytes(section: _Section) -> bytes:
    data = to_bytes(section.text)
    return unquote_to_bytes(data) if section.is_encoded else data
