"""A large mail comes from a mail server as its beginning, and from a file whole: it is one mail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.conversation import Message
from desk.desk import Desk
from desk.incoming import TOO_LARGE, Fetched, Incoming, Outcome, Place
from desk.intake import Taken, take_in
from desk.ticket import TicketNumber
from mail.parse import parse
from tests.tandem.erasing import mail

WHOLE = mail(1, "The zeppelin has a hole.\n" * 40, attached=b"scan")
BEGINNING = WHOLE[:900]


def arrive(desk: Desk, number: int, raw: bytes, read: Incoming) -> Taken | None:
    place = Place("support", "INBOX", 1, number)
    digests = desk.blobs.put_many([raw, *read.files])
    return take_in(desk, Fetched(place, raw, desk.clock()), read, digests[0])


def beginning(desk: Desk, number: int) -> Taken | None:
    read = parse(BEGINNING)
    return arrive(desk, number, BEGINNING, replace(read, defects=(f"{TOO_LARGE}: 40 MB", *read.defects)))


def the_message(desk: Desk) -> Message:
    [message] = [each for each in desk.store.conversations.of(TicketNumber(1)) if isinstance(each, Message)]
    return message


@pytest.mark.parametrize("whole", [WHOLE, WHOLE.replace(b"\r\n", b"\n")], ids=["as it was sent", "lines of a file"])
def test_the_whole_takes_the_place_of_its_beginning(desk: Desk, whole: bytes) -> None:
    beginning(desk, 1)
    taken = arrive(desk, 2, whole, parse(whole))
    assert taken is not None
    assert taken.outcome is Outcome.DUPLICATE
    message = the_message(desk)
    assert [each.name for each in message.attachments] == [each.name for each in parse(whole).attachments]
    assert desk.blobs.get(message.raw) == whole
    assert not message.defects


def test_the_beginning_of_what_is_there_adds_nothing(desk: Desk) -> None:
    arrive(desk, 1, WHOLE, parse(WHOLE))
    before = the_message(desk)
    taken = beginning(desk, 2)
    assert taken is not None
    assert taken.outcome is Outcome.DUPLICATE
    assert the_message(desk) == before


def test_another_mail_under_the_same_head_stays_another(desk: Desk) -> None:
    beginning(desk, 1)
    other = WHOLE.replace(b"has a hole", b"has a dent")
    arrive(desk, 2, other, parse(other))
    assert desk.ticket(TicketNumber(1)).message_count == 2
