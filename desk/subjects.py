"""Subjects without what mail programs put before them (RFC 5256 2.1, and the words of other languages)."""

from __future__ import annotations

import re
from collections import Counter

NO_SUBJECT = "(no subject)"
"""What a ticket is called whose first mail has none."""

_PREFIX = re.compile(
    r"\s*(?:re|aw|antw|sv|vs|odp|ynt|fw|fwd|wg|tr|rv|vl|doorst|отг|отв|ответ|пер|на|回复|答复|转发|返信|転送)"
    r"\s*(?:\[\d{1,4}\]|\(\d{1,4}\))?\s*[:：]\s*",
    re.IGNORECASE,
)
_FORWARDED = re.compile(r"\s*(?:fwd?|wg|tr|rv|vb|vl|ilt|pd|enc|doorst|пер|转发|轉寄|転送)\s*[:\uff1a]", re.IGNORECASE)
_LIST_TAG = re.compile(r"\s*\[[^\[\]]{1,60}\]\s*(?=\S)")
_GROWN = re.compile(r"\s*([^:：]{0,40}[^\W\d_][^:：]{0,40})[:：]")
"""What stands before a colon at the front of a subject and has a letter in it."""
_COUNTED = re.compile(r"[\[(]\d{1,4}[\])]")
_NUMBER = re.compile(r"\[\s*T-([1-9][0-9]{0,8})\s*\]", re.IGNORECASE | re.ASCII)
_TELLING = 4
"""How many `Re:` tell as much as one word that only machines write before a subject."""
_AT_MOST = 50
"""Prefixes taken off one subject; more is a loop, not a conversation."""


def without_prefix(subject: str) -> str:
    """The subject without any Re:, AW:, Fwd: and the like before it."""
    for _ in range(_AT_MOST):
        if not (found := _PREFIX.match(subject)):
            break
        subject = subject[found.end() :]
    return subject.strip()


def answers(subject: str, *, has_references: bool) -> bool:
    """Whether a mail of this subject answers another; one that forwards (`Fwd: Refund`) names the other mail too."""
    return _FORWARDED.match(subject) is None and (has_references or _PREFIX.match(subject) is not None)


def repeated_prefix(subject: str) -> tuple[str, int]:
    """What a subject begins with most often (as "Automatic reply" or "Re"), and how many times it does.

    Where machines' words stand among `Re:`, which may be as many or more, they are what tells.
    """
    times: Counter[str] = Counter()
    found = _GROWN.match(subject)
    while found and times.total() < _AT_MOST:
        times[" ".join(_COUNTED.sub("", found[1]).split()).casefold()] += 1
        found = _GROWN.match(subject, found.end())
    return max(times.items(), key=lambda each: each[1] * (1 if is_reply_prefix(each[0]) else _TELLING), default=("", 0))


def is_reply_prefix(prefix: str) -> bool:
    """Whether people's mail programs put this before the colon of an answer or a forwarded mail."""
    return _PREFIX.fullmatch(f"{prefix}:") is not None


def number_in(subject: str) -> int | None:
    """The ticket that a subject names, as in `Re: [T-123] Refund`; anybody can write that."""
    found = _NUMBER.search(subject)
    return int(found[1]) if found else None


def tagged(subject: str, number: int) -> str:
    """The subject with `[T-123]` behind its Re: and the like, in the place of any number that it names already."""
    bare = " ".join(_NUMBER.sub(" ", subject).split())
    rest = without_prefix(bare)
    return f"{bare.removesuffix(rest).rstrip()} [T-{number}] {rest}".strip()


def base_subject(subject: str) -> str:
    """What two subjects of one conversation share, for comparison only: no prefixes, no tags, case-folded."""
    bare = without_prefix(_NUMBER.sub(" ", subject))
    if found := _LIST_TAG.match(bare):
        bare = without_prefix(bare[found.end() :])
    return " ".join(bare.casefold().split())
