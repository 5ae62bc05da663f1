"""Where a mail quotes another: line by line, in linear time; pure.

Lines behind `>` are a quotation where something says so: an attribution, a head, or their place before or after all
else; a person may write such lines too (a log, a command prompt, Markdown). Where a program quotes without marks, all
below the attribution is quoted. What stands between two quotations, or below marked ones, is the writer's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desk.attributions import attribution, head_end, is_forwarding, is_original, is_rule
from desk.heads import COLONS
from desk.signatures import signature_at

MIN_QUOTED = 3
"""A quotation of fewer lines than this stands open, unless it ends the mail and says whom it quotes."""

MARKS = (">", " >", "\uff1e")
"""With which a line begins that a program quotes."""
_INSIDE = 6
_BLANK_LINES = 6
_BLANK_INSIDE = 2
_LOOKED = 40
_NESTED = re.compile(r" ?(?:> >|>{4})")
_POINTS_DOWN = re.compile(
    r"\b(?:below|in-?line|in line|interspersed|in (?:red|blue|green|bold)|unten|im text|in rot|in blau|darunter"
    r"|ci-dessous|ci-après|dans le texte|en rouge|en bleu|abajo|debajo|en rojo|en azul|a continuación"
    r"|sotto|in rosso|in blu|di seguito|abaixo|em vermelho|a seguir|hieronder|onderaan|in het rood"
    r"|poniżej|na czerwono|nedan|nedanför|nedenfor|níže|červeně|alla|alempana|alább|mai jos|παρακάτω"
    r"|ниже|красным|по-долу|отдолу|нижче|aşağıda|aşağıya"
    r"|inside (?:the|your|my|of)|between the lines|in (?:brackets|capitals|caps)|marked (?:with|by|in|as)"
    r"|zwischen den zeilen|in großbuchstaben|im fließtext|entre les lignes|dans le corps|dans votre (?:mail|message)"
    r"|en el texto|entre líneas|en mayúsculas|nel testo|tra le righe|no texto|in de tekst|tussen de regels|w tekście"
    r"|w treści|i texten|mellan raderna|i teksten|v textu|в тексте|между строк|внутри письма|синим|жирным|в текста"
    r"|между редовете|с червено|в червено|у тексті|червоним)\b"
    r"|下記|以下に|下面|如下|아래|文中|赤字|青字|红字|蓝字|본문",
    re.IGNORECASE,
)
"""With such words people announce that they answer inside what they quote."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines `begin` to one before `end`."""

    begin: int
    end: int


@dataclass(slots=True)
class _Scan:
    """What is known of a mail at a line: what was found, and where the writer's own words began."""

    lines: Sequence[str]
    first: int
    found: list[Stretch]
    own: int = 0
    is_named: bool = False


def quotations(lines: Sequence[str]) -> list[Stretch]:
    """The quotations among the lines of a mail, in order. A mail that is forwarded is none."""
    scan = _Scan(lines, next_full(lines, 0, len(lines)), [])
    at = 0
    while at < len(lines) and not is_forwarding(lines[at]):
        at = _step(scan, at)
    return scan.found


def _step(scan: _Scan, at: int) -> int:
    """Look at one line, and say at which to go on."""
    line = scan.lines[at]
    if not line:
        return at + 1
    if line.startswith(MARKS):
        return _marked(scan, at)
    if is_original(line):
        return _announced(scan, at, head_end(scan.lines, next_full(scan.lines, at + 1)) or at + 1)
    if line.endswith(COLONS) and (found := attribution(scan.lines, scan.own, at)):
        begin, is_certain = found
        return _announced(scan, begin, at + 1, is_certain=is_certain)
    if (end := head_end(scan.lines, at)) is not None:
        return _announced(scan, _with_rule(scan, at), end)
    return at + 1


def _marked(scan: _Scan, at: int) -> int:
    """A run of marked lines that nothing announces."""
    end, count = _run(scan.lines, at)
    is_named = _names_its_writer(scan.lines, at, end)
    if count >= MIN_QUOTED and (is_named or _is_apart(scan, at, end)):
        _fold(scan, at, end)
    scan.is_named |= is_named
    scan.own = end
    return end


def _announced(scan: _Scan, begin: int, below: int, *, is_certain: bool = True) -> int:
    """A quotation that lines from `begin` to before `below` announce."""
    follows = next_full(scan.lines, below)
    if follows == len(scan.lines) or scan.lines[follows].startswith(MARKS):
        end, count = _run(scan.lines, follows)
        if count >= MIN_QUOTED or (count and _is_last(scan.lines, end)):
            _fold(scan, begin, end)
        scan.is_named = True
        scan.own = end
        return end
    above = scan.lines[max(scan.own, begin - _LOOKED) : begin]
    if not is_certain or _points_down(above) or _is_introduced(scan, begin) or _is_answered_between(scan.lines, below):
        return below
    _fold(scan, begin, len(scan.lines))
    return len(scan.lines)


def _fold(scan: _Scan, begin: int, end: int) -> None:
    scan.found.append(Stretch(begin, end))


def _is_apart(scan: _Scan, at: int, end: int) -> bool:
    """Whether marked lines without a word of whose they are can only be a quotation, by where they stand."""
    before = _last_full(scan.lines, scan.own, at)
    if before is not None and scan.lines[before].endswith(COLONS):
        return False
    if scan.is_named:
        return True
    return at == scan.first or _is_last(scan.lines, end)


def _names_its_writer(lines: Sequence[str], at: int, end: int) -> bool:
    """Whether the attribution or the head stands behind the marks too, or marks behind marks, as no person writes."""
    begin = lines[at : min(end, at + _INSIDE)]
    inside = [each.lstrip("> \uff1e") for each in begin]
    return any(map(_NESTED.match, begin)) or any(
        attribution(inside, 0, near) or head_end(inside, near) for near in range(min(3, len(inside)))
    )


def _with_rule(scan: _Scan, at: int) -> int:
    """Where the line above a head begins, if there is one."""
    before = _last_full(scan.lines, max(scan.own, at - _BLANK_LINES), at)
    return at if before is None or not is_rule(scan.lines[before]) else before


def _run(lines: Sequence[str], at: int) -> tuple[int, int]:
    """One past the last line of a run of marked lines, and how many it has. A blank line or two do not end it."""
    end, count = at, 0
    while at < len(lines):
        if lines[at].startswith(MARKS):
            at, count = at + 1, count + 1
            end = at
        elif not lines[at] and at - end < _BLANK_INSIDE:
            at += 1
        else:
            break
    return end, count


def _is_last(lines: Sequence[str], end: int) -> bool:
    """Whether nothing but a signature stands below."""
    follows = next_full(lines, end, len(lines))
    rest = lines[follows : follows + _LOOKED]
    return len(rest) < _LOOKED and not any(rest[: signature_at(rest)])


def _is_introduced(scan: _Scan, begin: int) -> bool:
    """Whether the writer leads over to it, as to what a person pastes: then own words may follow."""
    before = _last_full(scan.lines, scan.own, begin)
    return before is not None and scan.lines[before].endswith(COLONS)


def _points_down(lines: Sequence[str]) -> bool:
    return any(_POINTS_DOWN.search(line) for line in lines)


def _is_answered_between(lines: Sequence[str], at: int) -> bool:
    """Whether marked lines follow that no attribution of their own announces: then what is before them is no quote."""
    for near in range(at, min(at + _LOOKED, len(lines))):
        if lines[near].startswith(MARKS):
            return True
        if is_original(lines[near]) or attribution(lines, at, near):
            return False
    return False


def _last_full(lines: Sequence[str], start: int, at: int) -> int | None:
    return next((near for near in range(at - 1, max(start, at - _BLANK_LINES) - 1, -1) if lines[near]), None)


def next_full(lines: Sequence[str], at: int, most: int = _BLANK_LINES) -> int:
    """The first line that is not blank from line `at` on; after `most` blank ones it is the next, whatever it is."""
    end = min(at + most, len(lines))
    while at < end and not lines[at]:
        at += 1
    return at
