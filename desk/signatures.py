"""Where a writer's signature begins: below `-- ` (RFC 3676 4.3), or what a telephone puts under a mail; pure.

Below `--` without the blank, which many programs drop, it must look like a name and how to reach its bearer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 12
"""Lines of a signature; more below `--` are a text."""

_MOST_BARE = 8
"""Of these, below dashes without the blank."""
_LONGEST_BARE = 80
_LONGEST_NAME = 6
_BEFORE_NAMES = "von van der den de da di du del la le zu al bin of and und et y i и"
_PARTICLES = frozenset(_BEFORE_NAMES.split())
_REACHED = re.compile(r"@|https?:|www\.|(?:\+|\b0|\(0)\d[\d ()/-]{5,}\d", re.IGNORECASE)
_FEW = 4
_ITEM = re.compile(r"\s*(?:[-*\u2022\u2013]|\d+[.):x ]|\w\))")
_RULE = re.compile(r"-{2,} ?")
_LONGEST_LINE = 160
_MARK_LENGTH = 100
_MOST_WORDS = 12
_EAST = "\u3000"
_EAST_LENGTH = 40
_SAYS_MORE = re.compile(r"[?\uff1f]$|\s*(?:P\.? ?P\.? ?S|P\.? ?S|N\.? ?B|З\.? ?Ы)\b\.?\s?[:.,]?", re.IGNORECASE)
"""A question and a postscript are no signature."""
_SENTENCE = re.compile(r"(?:\S+ ){5}.*[^\W\d_]{3}[.!]$|.*(?:です|ます|ました|ません|ください|でした)。")
"""Neither is a sentence: `--` may only stand between two things that are said."""

_SENT = re.compile(
    r"\b(?:sent|get(?= outlook)|gesendet|geschickt|envoyée?|enviad[oa]|inviat[oa]|verstuurd|verzonden|wysłan[eoy]"
    r"|skickat|sendt|lähetetty|odesláno|poslan[éo]|trimis|küldve|στάλθηκε|отправлено|изпратено|надіслано|відправлено"
    r"|gönderildi)\b|から送信|发自|發自|来自|來自|傳送|에서 보냄",
    re.IGNORECASE,
)
_PRODUCT = re.compile(
    r"(?:iphon|ipad|ipod|blackberry|android|samsung|galaxy|huawei|xiaomi|redmi|oneplus|nokia|htc|pixel|xperia|windows"
    r"|outlook|mail|yahoo|gmail|gmx|aol|thunderbird|sparrow|spark|fairemail|smartphone|phone|mobile|mobil|handy|tablet"
    r"|telefon|teléfono|móvil|celular|téléphone|portable|cellulare|telemóvel|puhelim|телефон|смартфон|мобил|мобіл"
    r"|почт|пошт|手机|手機|휴대)",
    re.IGNORECASE,
)
_BETWEEN = """
from my the a via with using on for by device wireless app and von meinem meiner meinen mit für auf diese nachricht
wurde e-mail dem der de mon ma depuis à partir pour desde mi un para do meu da dal dalla mio mia o su per vanaf mijn
met een vanuit voor op z mojego ze fra min från minun mého můj pe meu с моего из от моя моето моят мой з мого
ios os x mac pro max plus mini ultra se 4g 5g lte
"""
_SMALL_WORDS = frozenset(_BETWEEN.split())
_LINK = re.compile(r"[<(\[]?https?://[^\s<>()]{1,100}[>)\]]?")
_WORD = re.compile(r"[\w'\u2019.&-]*\w")


def signature_at(lines: Sequence[str]) -> int:
    """The line at which the signature of a writer begins; as many as there are lines, where there is none."""
    end = _end(lines, len(lines))
    cut = _dashes(lines, end)
    last = _end(lines, cut)
    if last and _is_by_program(lines[last - 1]):
        return last - 1
    return cut if cut < end else len(lines)


def _end(lines: Sequence[str], end: int) -> int:
    while end and not lines[end - 1]:
        end -= 1
    return end


def _dashes(lines: Sequence[str], end: int) -> int:
    """Where `--` stands with no more than a signature below it; `end` where it does not."""
    full = 0
    for at in range(end - 1, -1, -1):
        line = lines[at]
        if line == "-- " or (line == "--" and _is_contact(lines, at, end)):
            return at if full else end
        full += bool(line)
        if line == "--" or full > LONGEST or len(line) > _LONGEST_LINE or _SAYS_MORE.search(line):
            break
        if _SENTENCE.match(line):
            break
    return end


def _is_contact(lines: Sequence[str], at: int, end: int) -> bool:
    """Whether dashes without the blank divide no list, and a name stands below them, with little else."""
    below = [each for each in lines[at + 1 : end] if each]
    if not below or len(below) > _MOST_BARE or any(len(each) > _LONGEST_BARE or _ITEM.match(each) for each in below):
        return False
    above = [each for each in lines[max(0, at - _MOST_BARE) : at] if each]
    reached = any(map(_REACHED.search, below))
    if any(map(_RULE.fullmatch, above)) or (above and _is_listed(above[-1]) and not reached):
        return False
    is_last_line = len(below) == 1 and not any(lines[at - 1 : at])
    is_terse = reached and all(len(each.split()) <= _FEW for each in below)
    return is_terse or is_last_line or _is_named(below[0])


def _is_listed(line: str) -> bool:
    """Whether a line may be one of a list: it has its mark, or few words that end as no sentence does."""
    return _ITEM.match(line) is not None or (
        len(line.split()) < _LONGEST_NAME and line[-1] not in ".,!?;:)\u3002\uff01"
    )


def _is_named(line: str) -> bool:
    """Whether a line is a person's name, or a company's."""
    words = line.split()
    return len(words) <= _LONGEST_NAME and all(each in _PARTICLES or _is_capital(each) for each in words)


def _is_capital(word: str) -> bool:
    first = word.lstrip("(\"'|/&")[:1]
    return not first or (first.isalpha() and not first.islower())


def _is_by_program(line: str) -> bool:
    """Whether a line says no more than by which device or program the mail was sent."""
    if len(line) > _MARK_LENGTH or not (found := _SENT.search(line)):
        return False
    if not found[0].isascii() and found[0][0] >= _EAST:
        return _PRODUCT.search(line) is not None and len(line) <= _EAST_LENGTH
    rest = _LINK.sub("", line.strip(" *_.")).strip()
    words = _WORD.findall(rest)
    others = [each for each in words if not _SENT.fullmatch(each) and each.casefold() not in _SMALL_WORDS]
    if found[0].casefold() == "get":
        others.remove(found[0])
    is_plain = len(words) <= _MOST_WORDS and not any(each in rest for each in ",;:!?")
    return is_plain and any(map(_PRODUCT.match, others)) and all(map(_is_name, others))


def _is_name(word: str) -> bool:
    return not word[0].islower() or _PRODUCT.match(word) is not None
