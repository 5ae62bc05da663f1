"""Who wrote the mail inside a mail: of one that was forwarded as an attachment, or whose head was put into the text.

Mail programs write that head in the language of whoever forwards: From, Date or Sent, To and Subject, a line each, in
any order, after a line of their own such as "Begin forwarded message:", of which there are too many to know them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from desk.heads import COLONS, LONGEST_LINE, field_of
from desk.people import Address
from mail.addresses import read_addresses
from mail.headers import Headers
from mail.parts import Part, enclosed_head, leaves

MOST = 5
"""Senders that are read of one mail."""

_MAILS = ("message/rfc822", "message/global")
_LONGEST_TEXT = 64 * 1024
_ENOUGH = 3
"""Fields that make a head, one of them From."""

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
    if sum(map(text.count, COLONS)) < _ENOUGH:
        return
    head, last = dict[str, str](), ""
    for line in (*text.split("\n"), "", "."):
        (field, value), rest = field_of(line), line.strip(" \t\r>*")[:LONGEST_LINE]
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


def _whole(head: Mapping[str, str]) -> Iterator[str]:
    if "from" in head and len(head) >= _ENOUGH:
        yield head["from"]
