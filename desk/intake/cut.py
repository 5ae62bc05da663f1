"""Mails of which only the beginning was fetched, because they are large: they are the same mail as all of it."""

from __future__ import annotations

from desk.actions.complete import complete
from desk.conversation import Direction, Message
from desk.desk import Desk
from desk.errors import StoreDamaged
from desk.incoming import TOO_LARGE, Incoming
from desk.intake.taken import Arrival


def is_cut(mail: Incoming | Message) -> bool:
    """Whether only the beginning of this mail is here."""
    return any(each.startswith(TOO_LARGE) for each in mail.defects)


def is_part_of_other(desk: Desk, arrival: Arrival, held: Message) -> bool:
    """Whether one of two mails is the beginning of the other, by their bytes; a file's lines may end otherwise."""
    if is_cut(arrival.read) == is_cut(held) or held.redacted or held.direction is not Direction.IN:
        return False
    try:
        there = desk.blobs.get(held.raw)
    except StoreDamaged:
        return False
    whole, beginning = (arrival.mail.raw, there) if is_cut(held) else (there, arrival.mail.raw)
    return _plain(whole[: 2 * len(beginning)]).startswith(_plain(beginning)[:-1])


def complete_if_cut(desk: Desk, arrival: Arrival, held: Message) -> None:
    """Put all of a mail in the place of its beginning, when it comes another way; inside a transaction."""
    if is_cut(held) and is_part_of_other(desk, arrival, held):
        complete(desk, held.id, arrival.read, arrival.raw)


def _plain(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n")
