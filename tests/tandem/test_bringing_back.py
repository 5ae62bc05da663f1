"""Bytes of a mail that are fetched again, as they came."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.erase import erase
from desk.conversation import Message
from desk.desk import Desk
from desk.errors import RefusedError
from desk.ticket import TicketNumber
from mail.loading import LARGEST
from storage.blobs import Blobs
from tandem.audit import Found, State, audit
from tandem.bringing_back import bring_back
from tandem.loading import load_whole
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


def test_a_large_mail_comes_back_whole_also_after_the_server_numbered_it_anew(
    desk: Desk, opened: Opening, dovecot: Dovecot
) -> None:
    dovecot.deliver(customer_mail(1) + b"0123456789abcdef\r\n" * (LARGEST // 18 + 1))
    office = opened(mailbox("support", dovecot.port))
    rounds_of(office)
    [message] = [each for each in desk.store.conversations.of(TicketNumber(1)) if isinstance(each, Message)]
    whole = load_whole(office, message.id).raw
    dovecot.renew_uidvalidity()
    rounds_of(office)
    Blobs(office.home.mail).path(whole).unlink()
    [found] = [each for each in audit(desk, office.config, lambda _, __: None, deep=False) if isinstance(each, Found)]
    assert found.state is State.MISSING
    assert bring_back(office, message.id)
    assert Blobs(office.home.mail).has(whole)
