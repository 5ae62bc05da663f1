"""Message-IDs: which mail this is, and which mails it answers (RFC 5322 3.6.4).

What they lead to on the desk is decided in `desk.intake.threads`; here they are only read, tolerantly, and always the
same way, so that an id in `References` equals the `Message-ID` it names whatever a mail program did to both.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from desk.subjects import number_in
from desk.tokens import find_tokens
from mail.headers import Headers, to_bytes

LONGEST_ID = 900
"""Characters of an id that can be carried on in a header line of at most 998."""

MOST_IDS = 200
LONGEST_REFERENCES = 20_000
"""Characters of a References field that are read, from its end: the nearest ancestors stand there."""

MOST_TOKENS = 20
LONGEST_SUBJECT = 1_000

_ALIKE = ("x-microsoft-original-message-id",)
"""Where Exchange keeps the id that a mail had before it gave it another one."""

_WENT_TO = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
"""Fields that may hold the address at which a mail reached us: `support+TOKEN@`."""

_BRACKETED = re.compile(r"<([^<>]*)>|<([^<>]*)$")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Thread:
    """A mail's own id, and the ids and the ticket that it names, as `desk.incoming.Incoming` describes them."""

    message_id: str
    is_local: bool
    parents: tuple[str, ...]
    answers: int
    references: tuple[str, ...]
    alike: tuple[str, ...]
    tokens: tuple[str, ...]
    subject_number: int | None


def read_thread(headers: Headers, raw: bytes) -> Thread:
    """The ids in a mail's header. `raw` stands in for a Message-ID that is missing or cannot be used."""
    own = next(iter(read_ids(headers.raw("message-id"))), "")
    message_id = own or local_id(raw)
    answers = _others(read_ids(headers.raw("in-reply-to")), message_id)
    references = _others(read_ids(" ".join(headers.every("references"))[-LONGEST_REFERENCES:]), message_id)
    parents = tuple(dict.fromkeys((*answers, *reversed(references))))
    alike = _others(tuple(each for name in _ALIKE for each in read_ids(headers.raw(name))), message_id)
    number = number_in(headers.text("subject")[:LONGEST_SUBJECT])
    return Thread(message_id, not own, parents, len(answers), references, alike, _tokens(headers, parents), number)


def read_ids(raw: str) -> tuple[str, ...]:
    """The ids in a raw value, each once, as `<...>` in printable ASCII; words around them are left out."""
    inside = [closed or unclosed for closed, unclosed in _BRACKETED.findall(raw)]
    if not inside and "@" in raw and len(raw.split()) == 1:
        inside = [raw]
    cleaned = (_clean(each) for each in inside)
    ids = (f"<{each}>" for each in cleaned if 0 < len(each) <= LONGEST_ID)
    return tuple(dict.fromkeys(ids))[-MOST_IDS:]


def _tokens(headers: Headers, parents: tuple[str, ...]) -> tuple[str, ...]:
    """The signed tokens in the addresses that a mail went to, and then in the ids that it names, each once."""
    addresses = (value.partition("+")[2] for name in _WENT_TO for value in headers.every(name) if "+" in value)
    found = (token for text in (*addresses, *parents) for token in find_tokens(text))
    return tuple(dict.fromkeys(islice(found, MOST_TOKENS)))


def local_id(raw: bytes) -> str:
    """An id made of a mail's bytes, for one that has none; it stays in the store and is never sent out."""
    return f"<{hashlib.sha256(raw).hexdigest()}@tandem.invalid>"


def _clean(inside: str) -> str:
    """Folding and careless programs put blanks into ids; what is not ASCII is %-encoded, for it must fit a header."""
    return quote(to_bytes("".join(inside.split())), safe=_PRINTABLE)


def _others(ids: tuple[str, ...], own: str) -> tuple[str, ...]:
    return tuple(each for each in ids if each != own)
