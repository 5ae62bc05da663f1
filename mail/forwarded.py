"""Who wrote the mail inside a mail: of one that was forwarded as an attachment, or whose head was put into the text.

Mail programs write that head in the language of whoever forwards: From, Date or Sent, To and Subject, a line each, in
any order, after a line of their own such as "Begin forwarded message:", of which there are too many to know them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from desk.people import Address
from mail.addresses import read_addresses
from mail.headers import Headers
from mail.parts import Part, enclosed_head, leaves

MOST = 5
"""Senders that are read of one mail."""

_MAILS = ("message/rfc822", "message/global")
_LONGEST_TEXT = 64 * 1024
_LONGEST_LINE = 500
_ENOUGH = 3
"""Fields that make a head, one of them From."""

_WORDS: Mapping[str, str] = {
    "from": "from|von|de|da|van|od|fra|från|lähettäjä|kimden|gönderen|feladó|від|от|от кого"
    "|发件人|寄件者|差出人|보낸 사람",
    "date": "date|sent|datum|gesendet|gesendet am|envoyé|envoyé le|fecha|enviado|enviado el|data|inviato|verzonden"
    "|wysłano|dato|sendt|skickat|lähetetty|gönderildi|tarih|дата|отправлено|изпратено|изпратен|надіслано"
    "|发送时间|日期|日時|送信日時|보낸 날짜",
    "to": "to|an|à|a|para|aan|do|til|till|vastaanottaja|kime|címzett|кому|до|收件人|宛先|받는 사람|destinataire",
    "cc": "cc|kopie|copie|kopia|copia|копия|копие|копія|抄送",
    "subject": "subject|betreff|objet|asunto|oggetto|assunto|onderwerp|temat|emne|ämne|aihe|konu|tárgy|předmět"
    "|тема|относно|主题|主旨|件名|제목",
}
"""What the fields of a head are called: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Czech,
Danish, Norwegian, Swedish, Finnish, Turkish, Hungarian, Russian, Bulgarian, Ukrainian, Chinese, Japanese, Korean."""

_FIELDS = {word: field for field, words in _WORDS.items() for word in words.split("|")}
_LINE = re.compile(r"[>\s*]{0,40}([^\W\d_][^\n::*]{0,20}?)[\s*]{0,3}[::][\s*]{0,3}([^\n]*)")
_FOLDED = frozenset({"from", "to", "cc"})
_MAILTO = re.compile(r"[\[<(]\s*mailto:([^\s\[\]<>()]{3,320})\s*[\])>]", re.IGNORECASE)


def read_forwarded(root: Part, text: str) -> tuple[Address, ...]:
    """Who wrote the mails inside this one, each once. Attached mails tell it better than any text."""
    attached = [each for each in leaves(root) if each.type.value in _MAILS]
    if attached:
        found = (_sender(enclosed_head(each)) for each in attached[:MOST])
    else:
        found = (_sender_in(value) for value in _heads(text[:_LONGEST_TEXT]))
    return tuple({each.key: each for each in found if each is not None}.values())[:MOST]


def _sender(headers: Headers) -> Address | None:
    senders = read_addresses(headers.every("from")[:1], 1)
    return next((each for each in senders if "@" in each.email), None)


def _sender_in(line: str) -> Address | None:
    senders = read_addresses([_MAILTO.sub(r"<\1>", line)], 1)
    return next((each for each in senders if "@" in each.email), None)


def _heads(text: str) -> Iterator[str]:
    """What stands behind From in each head that the text holds."""
    if text.count(":") + text.count(":") < _ENOUGH:
        return
    head, last = dict[str, str](), ""
    for line in (*text.split("\n"), "", "."):
        (field, value), rest = _read(line), line.strip(" \t\r>*")[:_LONGEST_LINE]
        if field and field not in head:
            head[field], last = value, field
        elif field:
            yield from _whole(head)
            head, last = {field: value}, field
        elif rest and last in _FOLDED:
            head[last], last = f"{head[last]} {rest}", ""
        elif rest:
            yield from _whole(head)
            head, last = {}, ""
        else:
            last = ""


def _read(line: str) -> tuple[str, str]:
    found = _LINE.match(line[:_LONGEST_LINE]) if ":" in line or ":" in line else None
    field = _FIELDS.get(found[1].strip().casefold(), "") if found else ""
    return (field, found[2].strip()) if found and field else ("", "")


def _whole(head: Mapping[str, str]) -> Iterator[str]:
    if "from" in head and len(head) >= _ENOUGH:
        yield head["from"]
