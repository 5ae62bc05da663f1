"""The text of a mail: which of its parts a reader is meant to read, in order, as plain text (RFC 2046 5.1, RFC 2387).

Nothing is cut out of it: quotes and signatures are folded on screen only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mail.charsets import decode
from mail.defects import Defects, quoted
from mail.flowed import unflow
from mail.headers import without_surrogates
from mail.hints import Plain, standing
from mail.markup import LARGEST, declared_charset, to_plain, without_ballast
from mail.parts import Part, content, leaves, walk

LONGEST = 1_000_000
"""Characters of text that are kept; the mail's file has all of it."""

_DATA = frozenset({"calendar", "vcard", "x-vcard", "directory", "rfc822-headers", "csv", "rtf", "css", "javascript"})
"""Kinds of text that are written for programs."""


@dataclass(frozen=True, slots=True)
class Body:
    """The text with LF line ends, whether the mail has it in HTML too, and the indexes of the parts it stands in."""

    text: str
    has_html: bool
    parts: frozenset[int]


def read_body(root: Part, defects: Defects) -> Body:
    """What this mail says."""
    chosen = _readable(root, defects) or _anything(root)
    text = "\n\n".join(filter(None, (_text(each, defects) for each in chosen)))
    if len(text) > LONGEST:
        defects.note(f"the text of this mail is longer than {LONGEST:,} characters; the rest is in its file")
    bodies = {part.index for part in _bodies(root)} - _beside(root) - _spare(root, chosen) | {
        part.index for part in chosen
    }
    has_html = any(part.type.value == "text/html" and part.index in bodies for part in leaves(root))
    return Body(text[:LONGEST], has_html, frozenset(bodies))


def texts_of(root: Part, kind: str) -> str:
    """All that a mail says in parts of one kind, `text/plain` or `text/html`, whichever of them is read."""
    found = (_text(each, Defects()) for each in _bodies(root) if each.type.value == kind)
    return "\n\n".join(filter(None, found))[:LONGEST]


def sources_of(root: Part) -> Iterator[str]:
    """The HTML of a mail, as it was written."""
    return (_decoded(each, Defects()) for each in _bodies(root) if each.type.value == "text/html")


def stray_text(root: Part, defects: Defects) -> str:
    """What stands behind the closing boundary, for a mail that has no other text: old gateways put theirs there."""
    spans = (part.behind for part in walk(root))
    data = next((found for each in spans if (found := root.raw[each.start : each.end].strip())), b"")
    if data:
        defects.note("the text of this mail stands behind its parts, where most programs do not show it")
    return tidy_text(decode(data).text)[:LONGEST]


def _is_body(part: Part) -> bool:
    is_text = part.type.value in ("text/plain", "text/html")
    return is_text and part.disposition.value != "attachment" and not part.filename


def _bodies(part: Part) -> Iterator[Part]:
    """All parts that are the mail's text in one form or another."""
    return (each for each in leaves(part) if _is_body(each))


def _beside(root: Part) -> set[int]:
    """The indexes of texts beside the root of what is related: they are not read, so they are files."""
    related = (each.children for each in walk(root) if each.type.value == "multipart/related")
    texts = ([found for each in children if (found := {part.index for part in _bodies(each)})] for children in related)
    return {index for found in texts for others in found[1:] for index in others}


def _spare(root: Part, chosen: list[Part]) -> set[int]:
    """The indexes of alternatives that are not read and say something else than one of their kind: they are files."""
    alternatives = (each for each in walk(root) if each.type.value == "multipart/alternative")
    return {index for each in alternatives for index in _others(each, chosen)}


def _others(alternative: Part, chosen: list[Part]) -> Iterator[int]:
    choices = [list(_bodies(each)) for each in alternative.children]
    said: dict[str, set[bytes]] = {}
    for choice in sorted(choices, key=lambda parts: not any(part in chosen for part in parts)):
        words = [(part, b" ".join(content(part, Defects()).split())) for part in choice]
        yield from (part.index for part, each in words if each not in said.get(part.type.value, {each}))
        for part, each in words:
            said.setdefault(part.type.value, set()).add(each)


def _readable(part: Part, defects: Defects) -> list[Part]:
    """The parts to read under this one, in order: one of each alternative, the root of what is related, else all."""
    if not part.children:
        return [part] if _is_body(part) else []
    choices = [_readable(each, defects) for each in part.children]
    match part.type.value:
        case "multipart/alternative":
            return _alternative([each for each in choices if each], defects)
        case "multipart/related":
            return _first(choices)
        case _:
            return [part for each in choices for part in each]


def _first(choices: list[list[Part]]) -> list[Part]:
    return next((each for each in choices if each), list[Part]())


def _alternative(choices: list[list[Part]], defects: Defects) -> list[Part]:
    """Plain text, unless it is a mere hint that the mail is to be read as HTML; both, where both say something."""
    plain = next((each for each in choices if all(part.type.value == "text/plain" for part in each)), None)
    rich = next((each for each in choices if each is not plain), None)
    if plain is None or rich is None:
        return plain or rich or []
    match standing(_joined(plain, defects), _joined(rich, defects)):
        case Plain.TEXT:
            return plain
        case Plain.HINT:
            return rich
        case Plain.APART:
            return [*plain, *rich]


def _joined(parts: list[Part], defects: Defects) -> str:
    return "\n".join(_text(part, defects) for part in parts)


def _anything(root: Part) -> list[Part]:
    """Where nothing is plainly the text: a named text that is shown inline, else a mail that is nothing but text."""
    texts = [each for each in leaves(root) if each.type.value in ("text/plain", "text/html")]
    inline = [each for each in texts if each.disposition.value != "attachment"]
    if inline:
        return inline[:1]
    if texts:
        return [root] if texts == [root] else []
    return [each for each in leaves(root) if _is_unknown_text(each)][:1]


def _is_unknown_text(part: Part) -> bool:
    """Whether a part is text of a kind that is to be read as plain text where nobody knows it (RFC 2046 4.1.4)."""
    kind, _, subtype = part.type.value.partition("/")
    return kind == "text" and subtype not in _DATA and part.disposition.value != "attachment" and not part.filename


def _text(part: Part, defects: Defects) -> str:
    is_html = part.type.value == "text/html"
    text = _decoded(part, defects)
    if is_html and len(text := without_ballast(text)) > LARGEST:
        defects.note(f"the HTML of this mail is longer than {LARGEST:,} characters; the rest is in its file")
    return tidy_text(to_plain(text) if is_html else _unflowed(text, part))


def _decoded(part: Part, defects: Defects) -> str:
    data = content(part, defects)
    is_html = part.type.value == "text/html"
    declared = part.type.get("charset") or (declared_charset(data) if is_html else "")
    decoded = decode(data, declared)
    if decoded.guessed:
        named = f", the mail says {quoted(declared)}" if declared else ""
        defects.note(f"the character set of the text was guessed: {decoded.guessed}{named}")
    return with_line_feeds(decoded.text.removeprefix("\ufeff"))


def _unflowed(text: str, part: Part) -> str:
    if part.type.get("format").lower() != "flowed":
        return text
    return unflow(text, delete_space=part.type.get("delsp").lower() == "yes")


def tidy_text(text: str) -> str:
    """Text with LF line ends, without what no store holds and without empty lines around it."""
    return without_surrogates(with_line_feeds(text)).strip("\n").rstrip()


def with_line_feeds(text: str) -> str:
    """The text with every line end as LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
