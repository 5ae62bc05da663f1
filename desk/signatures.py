"""Where a writer's signature begins: below `--` (RFC 3676 4.3), or what a telephone puts under a mail; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 12
"""Lines of a signature; more below `--` are a text."""

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
        if line == "--":
            return at if full else end
        full += bool(line)
        if full > LONGEST or len(line) > _LONGEST_LINE or _SAYS_MORE.search(line) or _SENTENCE.match(line):
            break
    return end


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
