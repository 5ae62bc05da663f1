"""The processes that read mails are there while mails come, and gone a while after."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from desk.incoming import Fetched, Place
from storage.blobs import Blobs
from tandem.workshop import Arrived, Workshop
from tests.journeys.mails import customer_mail
from tests.mail.test_reading import children

MAIL = Arrived(Fetched(Place("support", "INBOX", 1, 1), customer_mail(1, subject="Refund"), datetime.now(UTC)))


def test_what_reads_mails_ends_when_none_came_for_a_while(tmp_path: Path) -> None:
    before = children()
    with Workshop(Blobs(tmp_path)) as shop:
        for _ in range(2):
            [read] = shop.prepare([MAIL]).result(60)
            assert read.read.subject == "Refund"
            shop.rest(60.0)
            assert children() > before
            shop.rest(0.0)
            assert children() == before
