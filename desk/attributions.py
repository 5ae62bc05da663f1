"""The lines that announce a quotation: "On ... wrote:", "-----Original Message-----", the head of a mail; pure.

Mail programs write them in the language of whoever answers. What a person writes reads much the same ("On Monday I
wrote:"), so an attribution must also name a date, a time or an address, and more of these where no `>` follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from desk.heads import COLONS, field_of

LONGEST = 300
"""Characters of an attribution, all its lines together."""
MOST_LINES = 3
"""Lines over which programs wrap an attribution."""

_HEAD_LINES = 14
_HEAD_FIELDS = 3
_MARK_LENGTH = 120
_CERTAIN = 3
"""Of a day at its beginning, a year, a time and an address, so many are enough."""

_STARTS = re.compile(
    r"\s*[(\[*\u200e\u200f\u202a-\u202e\ufffd]{0,3}(?:\d{1,4}[./年년-]|\d{1,2} |(?:"
    r"on|am|le|el|il(?: giorno)?|em|op|w dniu|dnia|den|på|dne|dňa|în|pe|στις|на|в|em|no dia|em|a las|вiд|від|от"
    r"|在|於|于|בתאריך|vào"
    r"|mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|sáb|sab|dom|gio"
    r"|seg|ter|qua|qui|sex|pon|pt|śr|wt|czw|sob|ndz|ma|wo|vr|za|zo|tis|ons|tor|tors|fre|lör|sön|man|tir|lør|søn"
    r"|ke|to|pe|la|su|po|út|st|čt|pá|ne|paz|pzt|sal|çar|per|cum|cmt"
    r"|пн|вт|ср|чт|пт|сб|вс|нд|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье"
    r")(?![^\W\d_])[.,]?)",
    re.IGNORECASE,
)
"""How an attribution begins: with a day, or with the word that stands before one."""

_LAST = (
    r"wrote|writes|a écrit|écrit|escribió|ha scritto|scrive|escreveu|va escriure|a scris|napisał(?:a|\(a\))?"
    r"|napsal(?:a|\(a\))?|napísal(?:a|\(a\))?|(?:je )?napisa(?:o|la|l)(?:\(?/?la\)?)?|skrev følgende|kirjoitti"
    r"|(?:ezt )?írta|rašė|rakstīja|kirjutas|έγραψε|(?:на)?писал(?:а|и|\(а\))?|пишет|написа|пише|написа(?:в|ла|в\(ла\))"
    r"|yazdı|(?:đã )?viết|menulis|geschrieben|geschreven|כתב(?:ה)?|كتب|نوشت|เขียนว่า"
)
_LAST_EAST = r"写道|寫道|编写|のメール|のメッセージ|[がは]書きました|は書きました|님이 작성|작성|썼습니다|님의 말"
_AMID = r"schrieb|schreef|skrev|wiadomość napisana przez"
_COLON = r"(?:\s\([^()]{1,80}\))?\s{0,3}[:\uff1a]$"
_ENDS_IN_VERB = re.compile(rf"(?:(?<![^\W_])(?:{_LAST})|(?:{_LAST_EAST})){_COLON}", re.IGNORECASE)
_ENDS_IN_ADDRESS = re.compile(rf"<[^<>\s]{{1,120}}@[^<>]{{1,120}}>{{1,2}}{_COLON}")
_VERB_AMID = re.compile(rf"(?<!\w)(?:{_AMID})(?!\w)", re.IGNORECASE)
_BY_NOBODY_NAMED = re.compile(
    r"\b(?:(?:i|we|you|he|she|they|it|who|someone|somebody|nobody) (?:wrote|writes)"
    r"|(?-i:my|your|our|his|her|their|the) [^:]{0,60}\b(?:wrote|writes)"
    r"|schrieb (?:ich|wir|sie|er|es|man|mir|uns|mein|meine|ihr|ihre|(?-i:der|die|das))"
    r"|(?:habe|haben) [^:]{0,60}geschrieben"
    r"|schreef (?:ik|wij|we|je|u|hij|zij|mijn|uw)|skrev (?:jag|jeg|vi|du|ni|han|hun|hon|de|min)"
    r"|j'ai écrit|(?:vous|nous|tu|il|elle|on) (?:avez|avons|as|a|m'a) écrit|ho scritto"
    r"|(?:я|мы|вы|ты|он|она|аз|ние|ти|той|тя) (?:на)?(?:писал|писала|писали|написа|пише|пишет)\w{0,2})\b",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d|@")
_ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_TIME = re.compile(r"(?<!\d)\d{1,2} ?[:h時点시] ?\d{2}(?!\d)|\bkl\.? ?\d{1,2}[.:]\d{2}", re.IGNORECASE)

_DASHES = r"[-\u2013\u2014_]{2,}"
_ORIGINAL = re.compile(
    rf"\s*\*?{_DASHES}\s?(?:original (?:message|appointment)|original-?nachricht|reply message|message original"
    r"|ursprüngliche (?:nachricht|e-mail)|urspr\. nachricht|message d['\u2019]origine|e-mail d['\u2019]origine"
    r"|message initial|mensaje original|correo original|messaggio originale|mensagem original"
    r"|oorspronkelijk bericht|originele bericht|oryginalna wiadomość|wiadomość oryginalna|ursprungligt meddelande"
    r"|originalmeddelande|(?:oprindelig|original) (?:meddelelse|melding|besked)|opprinnelig melding"
    r"|alkuperäinen viesti|původní (?:zpráva|e-mail)|pôvodná správa|eredeti üzenet|mesaj original|mesajul original"
    r"|αρχικό μήνυμα|исходное (?:сообщение|письмо)|оригинальное сообщение|оригинално (?:съобщение|писмо)"
    r"|(?:вихідне|початкове|оригінальне) повідомлення|вихідний лист|(?:özgün|orijinal|orjinal) (?:ileti|mesaj)"
    r"|元のメッセージ|原始邮件|邮件原件|原始郵件|원본 (?:메시지|메일|이메일)|הודעה מקורית|الرسالة الأصلية)"
    rf"\s?{_DASHES}\*?\s*",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"(?:begin )?forwarded (?:message|mail|by)|(?:anfang der )?weitergeleitete(?:n)? (?:nachricht|e-mail|mail)"
    r"|(?:début du )?(?:message|e-mail) (?:transféré|réexpédié)|mensaje reenviado|messaggio inoltrato"
    r"|mensagem (?:encaminhada|reencaminhada)|(?:begin )?doorgestuurd (?:bericht|mail)"
    r"|(?:przekazana wiadomość|wiadomość przekazana|przesłana wiadomość|początek przekazywanej wiadomości)"
    r"|vidarebefordrat (?:meddelande|brev)|videresendt (?:meddelelse|melding|besked|e-post)"
    r"|(?:välitetty|edelleen lähetetty|edelleenlähetetty) viesti|přeposlaná zpráva|preposlaná správa"
    r"|továbbított üzenet|mesaj redirecționat|προωθημένο μήνυμα"
    r"|(?:пересылаемое|пересланное|переадресованное) (?:сообщение|письмо)|препратено (?:съобщение|писмо)"
    r"|(?:переслане|переадресоване) повідомлення|(?:iletilen|yönlendirilen|yönlendirilmiş) (?:ileti|mesaj)"
    r"|転送(?:された)?メッセージ|(?:已)?转发(?:的)?(?:邮件|信息)|轉寄(?:的)?(?:郵件|訊息)|전달된 (?:메시지|메일)",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*[-_\u2013\u2014=*]{5,}\s*")


def ends_attribution(line: str) -> bool:
    """Whether a line is how an attribution ends."""
    return line.endswith(COLONS) and _reads_as_attribution(line[-LONGEST:])


def attribution(lines: Sequence[str], start: int, at: int) -> tuple[int, bool] | None:
    """Where the attribution begins that line `at` ends, not before line `start`; None: the line ends none.

    With it, whether it names enough to be one even where no quotation marks follow: a whole date or an address.
    """
    if not lines[at].endswith(COLONS):
        return None
    found = [(begin, words) for begin, words in _wrapped(lines, start, at) if _is_attribution(words)]
    if not found:
        return None
    begin, words = next((each for each in found if _STARTS.match(each[1])), found[0])
    return begin, _is_certain(words)


def head_end(lines: Sequence[str], at: int) -> int | None:
    """One past the last line of the head of a mail that begins at line `at`; None: there is none.

    A form that a person fills in ("From: Paris, To: London") has no subject and no address.
    """
    if at >= len(lines) or not (first := field_of(lines[at]))[0]:
        return None
    fields = dict[str, str]((first,))
    end = at + 1
    for near in range(at + 1, min(at + _HEAD_LINES, len(lines))):
        field, value = field_of(lines[near])
        if field in fields or (lines[near] and not field and near > end + 1):
            break
        if field:
            fields[field], end = value, near + 1
    is_head = "from" in fields and len(fields) >= _HEAD_FIELDS
    return end if is_head and ("subject" in fields or "@" in fields["from"]) else None


def is_original(line: str) -> bool:
    """Whether a line says that the mail which is answered stands below."""
    return len(line) <= _MARK_LENGTH and _ORIGINAL.fullmatch(line) is not None


def is_forwarding(line: str) -> bool:
    """Whether a line says that a forwarded mail stands below."""
    if len(line) > _MARK_LENGTH or not (line.endswith(COLONS) or line.lstrip(" *").startswith(("-", "\u2013", "_"))):
        return False
    words = line.strip(" *-_:\uff1a\u2013\u2014")
    return _FORWARDED.match(words) is not None


def is_rule(line: str) -> bool:
    """Whether a line only draws a line."""
    return _RULE.fullmatch(line) is not None


def _wrapped(lines: Sequence[str], start: int, at: int) -> Iterator[tuple[int, str]]:
    words = ""
    for begin in range(at, max(start, at - MOST_LINES + 1) - 1, -1):
        line = lines[begin]
        if not line or (words and line.endswith((*COLONS, ".", "!", "?"))):
            return
        words = f"{line} {words}".rstrip()
        if len(words) > LONGEST:
            return
        yield begin, words


def _is_attribution(words: str) -> bool:
    return _DIGIT.search(words) is not None and _reads_as_attribution(words)


def _reads_as_attribution(words: str) -> bool:
    if _BY_NOBODY_NAMED.search(words):
        return False
    if _ENDS_IN_VERB.search(words):
        return True
    starts, has_address = _STARTS.match(words) is not None, _ADDRESS.search(words) is not None
    if _ENDS_IN_ADDRESS.search(words):
        return starts
    return (starts or has_address) and _VERB_AMID.search(words) is not None


def _is_certain(words: str) -> bool:
    """Whether a whole date or an address leaves no doubt."""
    named = (
        _STARTS.match(words) is not None,
        _YEAR.search(words) is not None,
        _TIME.search(words) is not None,
        _ADDRESS.search(words) is not None,
    )
    return sum(named) >= _CERTAIN
