"""Which parts of a mail's text a reader may skip: quotations, signatures and endless rests; pure, and linear in time.

Folding is view only: nothing is taken out of the text, and it never hides everything. What a mail means is not
decided here. Attributions ("On ... wrote:") are told by how they begin and end, line by line with lines of bounded
length, so no input can make this slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

MIN_QUOTED = 3
"""A quotation of fewer lines than this stands open, unless it ends the mail and says whom it quotes."""
MIN_WORDS = 3
"""Where fewer words than this would be left to see, nothing is folded."""

_LONGEST_LINE = 2_000
_LONGEST_SIGNATURE = 12
_PORTION = 600
_ROW = 80
_GLIMPSE = 200

_STARTS = re.compile(
    r"\s*(?:(?:On|Am|Den|Le|El|Il|Op|Em|Dnia|На|В|[Пп]н|[Вв]т|[Сс]р|[Чч]т|[Пп]т|[Сс]б|[Вв]с|[Нн]д),?\s|\d{1,4}[./年-])"
)
_ENDS = re.compile(
    r"(?:\b(?:wrote|writes|a écrit|escribió|ha scritto|schreef|escreveu|napisał(?:a|\(a\))?|skrev"
    r"|пишет|(?:на)?писал(?:а|и|\(а\))?|написа)"
    r"|\bschrieb(?: .{1,120})?|のメール|のメッセージ|[がは]書きました|<[^<>\s]{1,120}@[^<>\s]{1,120}>)\s*[:：]$"
)
_EVIDENCE = re.compile(r"@|\d{1,2}[:.]\d{2}")
_HEADER_FROM = re.compile(r"\s*\*?(?:From|Von|De|От|差出人) ?[:：]\*? *\S")
_HEADER_MORE = re.compile(
    r"\s*\*?(?:(?P<when>Sent|Date|Gesendet|Datum|Envoyé|Отправлено|Дата|Изпратено|送信日時|日付)"
    r"|(?P<to>To|An|À|Кому|До|宛先)|(?P<what>Subject|Betreff|Objet|Тема|Относно|件名)) ?[:：]"
)
_RULE = re.compile(r"\s*_{10,}")
_ORIGINAL = re.compile(
    r"\s*-{3,} ?(?:Original Message|Ursprüngliche Nachricht|Исходное сообщение|Оригинално съобщение|元のメッセージ)"
    r" ?-{3,}"
)
_WORD = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]|[^\W_]+")


class Kind(StrEnum):
    """What a stretch of text is to its reader."""

    TEXT = "text"
    QUOTE = "quote"
    SIGNATURE = "signature"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of lines of one kind; all but TEXT start folded."""

    kind: Kind
    lines: tuple[str, ...]

    @property
    def label(self) -> str:
        """What stands in its place while it is folded."""
        count = len(self.lines)
        lines = "line" if count == 1 else "lines"
        labels = {Kind.QUOTE: f"{count} quoted {lines}", Kind.SIGNATURE: f"signature, {count} {lines}"}
        return labels.get(self.kind, f"{count} more {lines}")


def parts_of(text: str) -> tuple[Part, ...]:
    """A mail's text in parts, in order. Runs of blank lines become one; what is very long is cut into portions."""
    lines = [piece for line in text.split("\n") for piece in _chopped(line.rstrip())]
    parts = list(_parts(lines))
    if not _speaks(line for part in parts if part.kind is Kind.TEXT for line in part.lines):
        parts = [Part(Kind.TEXT, tuple(lines))]
    return tuple(_bounded([Part(part.kind, kept) for part in parts if (kept := _tidied(part.lines))]))


def first_words(text: str) -> str:
    """How a mail begins, in one line and without what it quotes, for a mail folded to one line."""
    lines = [line.strip() for line in text[:_LONGEST_LINE].split("\n") if line.strip()]
    own = [line for line in lines if not line.startswith(">") and not _ENDS.search(line[-300:])]
    return " ".join(own or lines)[:_GLIMPSE]


def _chopped(line: str) -> list[str]:
    return [line[at : at + _LONGEST_LINE] for at in range(0, max(len(line), 1), _LONGEST_LINE)]


def _speaks(lines: Iterable[str]) -> bool:
    words = (word for line in lines for word in _WORD.finditer(line))
    return len(list(islice(words, MIN_WORDS))) == MIN_WORDS


def _parts(lines: Sequence[str]) -> Iterator[Part]:
    start = at = 0
    while at < len(lines):
        if (found := _quotation(lines, start, at)) is None:
            at += 1
            continue
        begin, end = found
        yield from _with_signature(lines[start:begin])
        yield Part(Kind.QUOTE, tuple(lines[begin:end]))
        start = at = end
    yield from _with_signature(lines[start:])


def _quotation(lines: Sequence[str], start: int, at: int) -> tuple[int, int] | None:
    """Where the quotation that line `at` announces begins and ends; lines before `start` are taken."""
    line = lines[at]
    if not line:
        return None
    if line.startswith(">"):
        end = _end_of_quote(lines, at)
        return (at, end) if _quoted(lines, at, end) >= MIN_QUOTED else None
    if _HEADER_FROM.match(line) or _RULE.fullmatch(line) or _ORIGINAL.fullmatch(line):
        return (at, len(lines)) if _is_outlook(lines, at) else None
    if line.endswith((":", "：")) and _ENDS.search(line[-300:]):
        return _attributed(lines, _start_of_attribution(lines, start, at), at)
    return None


def _attributed(lines: Sequence[str], begin: int, at: int) -> tuple[int, int] | None:
    follows = _next_full(lines, at + 1)
    if follows < len(lines) and lines[follows].startswith(">"):
        end = _end_of_quote(lines, follows)
        is_last = _next_full(lines, end) == len(lines)
        return (begin, end) if is_last or _quoted(lines, follows, end) >= MIN_QUOTED else None
    return (begin, len(lines)) if _EVIDENCE.search(" ".join(lines[begin : at + 1])) else None


def _start_of_attribution(lines: Sequence[str], start: int, at: int) -> int:
    """A mailer wraps its attribution over up to three lines; the first of them says a day."""
    for begin in range(at, max(start, at - 2) - 1, -1):
        if not lines[begin]:
            break
        if _STARTS.match(lines[begin]):
            return begin
    return at


def _end_of_quote(lines: Sequence[str], at: int) -> int:
    """One past the last line of a run of `>` lines; a single blank line does not end the run."""
    end = at
    while end < len(lines):
        if lines[end].startswith(">"):
            end += 1
        elif not lines[end] and end + 1 < len(lines) and lines[end + 1].startswith(">"):
            end += 2
        else:
            break
    return end


def _quoted(lines: Sequence[str], begin: int, end: int) -> int:
    return sum(each.startswith(">") for each in lines[begin:end])


def _next_full(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at]:
        at += 1
    return at


def _is_outlook(lines: Sequence[str], at: int) -> bool:
    if _ORIGINAL.fullmatch(lines[at]):
        return True
    near = lines[at : at + 9]
    more = {found.lastgroup for line in near if (found := _HEADER_MORE.match(line))}
    return len(more) > 1 and any(_HEADER_FROM.match(line) for line in near[:3])


def _with_signature(lines: Sequence[str]) -> Iterator[Part]:
    cut = next((at for at in range(len(lines) - 1, -1, -1) if lines[at] == "--"), len(lines))
    if cut < len(lines) and len(_tidied(lines[cut + 1 :])) > _LONGEST_SIGNATURE:
        cut = len(lines)
    yield Part(Kind.TEXT, tuple(lines[:cut]))
    yield Part(Kind.SIGNATURE, tuple(lines[cut + 1 :]))


def _tidied(lines: Sequence[str]) -> tuple[str, ...]:
    squeezed = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    while squeezed and not squeezed[-1]:
        squeezed.pop()
    return tuple(squeezed[1:] if squeezed and not squeezed[0] else squeezed)


def _bounded(parts: Sequence[Part]) -> Iterator[Part]:
    """The same parts, none longer than a portion; after a portion of open text, all else is folded as a rest."""
    room = _PORTION
    for at, part in enumerate(parts):
        if room <= 0:
            rest = [line for later in parts[at:] for line in later.lines]
            yield from (Part(Kind.REST, portion) for portion in _portions(rest))
            return
        for order, portion in enumerate(_portions(part.lines)):
            yield Part(Kind.REST if order and part.kind is Kind.TEXT else part.kind, portion)
        room -= sum(map(_rows, part.lines)) if part.kind is Kind.TEXT else 1


def _portions(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    portion: list[str] = []
    rows = 0
    for line in lines:
        if rows >= _PORTION:
            yield tuple(portion)
            portion, rows = [], 0
        portion.append(line)
        rows += _rows(line)
    yield tuple(portion)


def _rows(line: str) -> int:
    return len(line) // _ROW + 1
