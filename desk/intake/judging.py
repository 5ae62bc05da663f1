"""Who wrote a mail, where the signs are doubtful."""

from __future__ import annotations

from dataclasses import replace

from desk.desk import Desk
from desk.incoming import Incoming
from desk.people import NOBODY, Address

FROM_OURSELVES = "it was written from our own address"


def judged(desk: Desk, read: Incoming, *, is_answer: bool) -> Incoming:
    """Settle who wrote a mail where the signs are doubtful: an answer, or a form's mail for somebody, is a person's."""
    if desk.settings.is_own(read.sender) and is_answer:
        return replace(read, automatic=read.automatic or FROM_OURSELVES)
    if read.is_doubtful and (is_answer or behind(desk, read)):
        return replace(read, automatic=None)
    return read


def behind(desk: Desk, read: Incoming) -> Address | None:
    """Whom a machine or a form of ours writes for: the one it asks us to answer."""
    is_form = desk.settings.is_own(read.sender) or read.is_doubtful
    others = (each for each in read.reply_to if each.key != read.sender.key and not desk.settings.is_own(each))
    return next(others, None) if is_form else None


def sender_of(read: Incoming) -> Address:
    """Who wrote it, or nobody, under the name that it gives."""
    return read.sender if read.sender.email else replace(NOBODY, name=read.sender.name)
