"""Returned mail in words only: what mail systems wrote before there were reports, and some still write.

Only mail that says by its sender or header that a mail system wrote it is looked at, and what is found may only mark a
mail: its Message-ID in a copy of its header, recipients, and codes. All of it is read line by line from a bounded text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desk.deliveries import Action, Delivery
from desk.safe import safe_line
from mail.defects import Defects
from mail.headers import Headers
from mail.parts import Part, content, enclosed_head
from mail.threads import read_ids

LOOKED_AT = 64_000
"""Characters of a text that are read."""

RETURNED = "a mail system returned a mail"
MOST_IDS = 5
MOST_PARTS = 10
MOST_RECIPIENTS = 20
_LONGEST_LINE = 1_000
_LONGEST_SAID = 300

_DAEMON = re.compile(
    r"mailer[-_.]?daemon|mail-?daemon|post[-_.]?master|mail(?:er)?[-_. ]?delivery|bounces?[-+@]|mail system|<>",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|non[- ]?deliver|not (?:be )?deliver|returned (?:mail|e-?mail|message|to sender)|failure notice"
    r"|deliver\w* (?:status|fail|error|problem|report|notification|delay)|mail (?:system )?error|mail delivery"
    r"|(?:mail|message|delivery) (?:\w+ )?(?:failure|failed|delayed|bounced|rejected)|bounced? (?:mail|message)"
    r"|(?:failed|failure) delivery|error sending|errors from"
    r"|could ?n[o']t be (?:sent|delivered)|unable to deliver|returned:|user unknown|mailbox (?:is )?full|warning: "
    r"|unzustellbar|nicht zugestellt|zustellung|non remis|échec de|no se ha podido|no entregad|impossibile consegnare"
    r"|não (?:foi )?entreg|niedoręcz|не достав|недостав|не удалось|недоставен"
    r"|配信(?:不能|失敗|できません)|エラーメール|送信(?:失敗|エラー|できません)|退信|無法(?:傳遞|投遞)|无法(?:投递|送达)|系统退信",
    re.IGNORECASE,
)
_TOLD = re.compile(r"did not reach|(?:was|been) returned to you|recipients? could not be reached", re.IGNORECASE)
_DELAY = re.compile(
    r"\bdelayed\b|not (?:yet )?been delivered yet|will (?:keep|continue) (?:trying|to try|to attempt)"
    r"|will be retried|no action is required|you do not need to (?:do anything|resend)|warning message only",
    re.IGNORECASE,
)
_ID_LINE = re.compile(r"[\s>|]{0,20}Message-?ID\s{0,5}:(.*)", re.IGNORECASE)
_CODE = re.compile(r"(?<![\d.])([245]\.[0-7]\.\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.:/-])([45])[0-5][0-9](?=[ -])")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+='-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_NOBODY = re.compile(
    r"user unknown|unknown (?:user|address)|no such (?:user|recipient|mailbox|address|account)|unrouteable"
    r"|not listed in"
    r"|(?:user|account|recipient|mailbox|address|member)\W.{0,60}(?:(?:does not|doesn't) exist|not found|unknown)"
    r"|invalid (?:recipient|mailbox|address)|does not have an account|could not be found|not known",
    re.IGNORECASE,
)
_NO_DOMAIN = re.compile(
    r"(?:host|domain)\W.{0,40}(?:unknown|not found|does not exist|couldn't be found)|unknown (?:host|domain)",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"(?:mailbox|inbox|disk)\W.{0,40}full|over ?quota|quota.{0,20}exceeded|exceeds?.{0,40}quota", re.IGNORECASE
)
_LARGE = re.compile(r"too (?:large|big)|size.{0,30}exceeds?|exceeds?.{0,30}size", re.IGNORECASE)
_LATE = re.compile(r"retry (?:timeout|time not)|too long|timed? ?out|gave up|giving up", re.IGNORECASE)
_REFUSED = re.compile(r"rejected|refused|denied|blocked|not (?:permitted|allowed|authorized)|spam", re.IGNORECASE)
_IN_WORDS = (
    ("1.1", _NOBODY),
    ("1.2", _NO_DOMAIN),
    ("2.2", _FULL),
    ("3.4", _LARGE),
    ("4.7", _LATE),
    ("7.1", _REFUSED),
)
"""What the words of old mail systems mean, the most telling first (RFC 3463)."""
_COPY = re.compile(
    r"\s*(?:-{2,}|={2,}|_{5,}|#{3,})?\s*(?:this is a copy|below this line|original message|(?:unsent|returned) message|"
    r"(?:the )?(?:header|text) of (?:the|your)|undelivered message|received: |return-path: |message follows|"
    r"-{3,} returned|the following is a copy)",
    re.IGNORECASE,
)
_WROTE_TO = re.compile(r"[\s>]{0,10}(?:To|X-Failed-Recipients|Delivered-To|Final-Recipient)\s?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Returned:
    """What a returned mail tells, as far as it can be read."""

    about: tuple[str, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


def status_in(text: str) -> str:
    """The first status code in a text (RFC 3463), or what a reply code says of it (RFC 5321 4.2.1): 5.0.0."""
    line = text[:_LONGEST_LINE]
    if found := _CODE.search(line):
        return found[1]
    reply = _REPLY.search(line)
    return f"{reply[1]}.0.0" if reply else ""


def is_by_daemon(headers: Headers) -> bool:
    """Whether the sender calls itself a mail system, or takes no answer (RFC 5321 4.5.5)."""
    sender = headers.text("from")[:_LONGEST_LINE]
    return _DAEMON.search(sender) is not None or headers.text("return-path") == "<>"


def is_returned(headers: Headers) -> bool:
    """Whether a mail system seems to have written this to say that a mail did not arrive."""
    if "x-failed-recipients" in headers:
        return True
    return is_by_daemon(headers) and _SUBJECT.search(headers.text("subject")[:_LONGEST_LINE]) is not None


def read_returned(parts: Sequence[Part], headers: Headers, text: str) -> Returned:
    """What can be read of a mail that came back, if it is one."""
    first = text[:_LONGEST_LINE]
    if not is_returned(headers) and not (is_by_daemon(headers) and (_SUBJECT.search(first) or _TOLD.search(first))):
        return Returned()
    lines = [line[:_LONGEST_LINE] for line in text[:LOOKED_AT].split("\n")]
    enclosed = [enclosed_head(each) for each in parts if each.type.value in ("message/rfc822", "text/rfc822-headers")]
    ids = [found for head in enclosed for found in read_ids(head.raw("message-id"))[:1]]
    about = tuple(dict.fromkeys((*ids, *_ids(lines))))[:MOST_IDS] or tuple(ids_in(parts))
    return Returned(about, tuple(_deliveries(headers, lines, enclosed)))


def ids_in(parts: Sequence[Part]) -> list[str]:
    """The ids in copies of a header, whatever part of a report they stand in: many call it by a wrong type."""
    texts = (content(each, Defects())[:LOOKED_AT].decode("ascii", "replace") for each in parts[:MOST_PARTS])
    lines = ([line[:_LONGEST_LINE] for line in text.split("\n")] for text in texts)
    own = (read_ids(each.headers.raw("message-id"))[:1] for each in parts if len(parts) > 1)
    found = (ids for each in (*own, *map(_ids, lines)) for ids in each)
    return list(dict.fromkeys(found))[:MOST_IDS]


def _ids(lines: Sequence[str]) -> Iterator[str]:
    """The ids in copies of a header; an id may stand on a line of its own."""
    for line, following in zip(lines, (*lines[1:], ""), strict=True):
        if found := _ID_LINE.match(line):
            yield from (read_ids(found[1]) or read_ids(following))[:1]


def _deliveries(headers: Headers, lines: Sequence[str], enclosed: Sequence[Headers]) -> Iterator[Delivery]:
    end = next((at for at, line in enumerate(lines) if _COPY.match(line)), len(lines))
    told = lines[:end] or lines
    action = Action.DELAYED if any(_DELAY.search(line) for line in told) else Action.FAILED
    said = next((line for line in told if status_in(line)), "")
    status = next((found for line in told if (found := status_in(line))), "")
    if not status or status.endswith(".0.0"):
        status = _status_in_words(told, action) or status
    recipients = list(dict.fromkeys(_recipients(headers, told, lines[end:], enclosed)))[:MOST_RECIPIENTS]
    for each in recipients or [""]:
        yield Delivery(each, action, status, safe_line(said)[:_LONGEST_SAID])


def _status_in_words(lines: Sequence[str], action: Action) -> str:
    """What the most telling words mean, in the class that goes with the action."""
    for code, words in _IN_WORDS:
        if any(words.search(line) for line in lines):
            return f"{4 if action is Action.DELAYED else 5}.{code}"
    return ""


def _recipients(
    headers: Headers, told: Sequence[str], copied: Sequence[str], enclosed: Sequence[Headers]
) -> Iterator[str]:
    """Whom the mail did not reach: as the header says, else as the words do, else whom the copy was written to."""
    if failed := _ADDRESS.findall(headers.text("x-failed-recipients")[:_LONGEST_LINE]):
        yield from failed
        return
    tos = [head.text("to") for head in enclosed] + [line for line in copied if _WROTE_TO.match(line)]
    wrote_to = [found for each in tos[:1] for found in _ADDRESS.findall(each[:_LONGEST_LINE])]
    own = {each.casefold() for name in ("from", "to", "cc") for each in _ADDRESS.findall(headers.text(name))}
    named = [found for line in told for found in _ADDRESS.findall(line) if found.casefold() not in own]
    both = [each for each in wrote_to if each.casefold() in {found.casefold() for found in named}]
    yield from both or wrote_to[: len(wrote_to) == 1] or named[:1]
