"""Bytes of a mail that are fetched again, as they came."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.erase import erase
from desk.conversation import Message
from desk.desk import Desk
from desk.errors import RefusedError
from desk.ticket import TicketNumber
from storage.blobs import Blobs
from tandem.bringing_back import bring_back
from tests.journeys.mails import customer_mail
from tests.servers import Dovecot
from tests.tandem.offices import Opening, mailbox, rounds_of


class Erased(Blobs):
    """The files of a desk on which somebody erases the customer just before one is put in."""

    def __init__(self, desk: Desk, folder: str) -> None:
        super().__init__(folder)
        self._desk = desk

    def put(self, data: bytes) -> str:
        erase(self._desk, ["dana@corp.example"])
        return super().put(data)


def test_what_is_erased_while_it_is_fetched_does_not_come_back(desk: Desk, opened: Opening, dovecot: Dovecot) -> None:
    dovecot.deliver(customer_mail(1))
    office = opened(mailbox("support", dovecot.port))
    rounds_of(office)
    blobs = Blobs(office.home.mail)
    [message] = [each for each in desk.store.conversations.of(TicketNumber(1)) if isinstance(each, Message)]
    blobs.path(message.raw).unlink()
    slow = replace(office, desk=replace(office.desk, blobs=Erased(desk, str(office.home.mail))))
    with pytest.raises(RefusedError, match="was erased"):
        bring_back(slow, message.id)
    assert not blobs.has(message.raw)
