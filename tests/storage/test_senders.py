"""What is known of the accounts that mail leaves through: one document for each mailbox."""

from __future__ import annotations

from datetime import UTC, datetime

from desk.outgoing import Limits, SendingAccount
from storage.database import TicketStore
from storage.senders import StoredSenders

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STOPPED = SendingAccount(mailbox="support", stopped_since=NOW, said="535 wrong password", next_try=NOW, probes=2)


def test_an_account_that_was_never_used_is_not_known(store: TicketStore) -> None:
    assert StoredSenders(store).get("support") is None
    assert StoredSenders(store).all() == []


def test_what_is_known_of_an_account_replaces_what_was(store: TicketStore) -> None:
    senders = StoredSenders(store)
    senders.put(STOPPED)
    assert senders.get("support") == STOPPED
    well = SendingAccount(mailbox="support", limits=Limits(35_000_000, smtputf8=True, dsn=False), seen_at=NOW)
    senders.put(well)
    assert senders.all() == [well]


def test_each_mailbox_has_an_account_of_its_own(store: TicketStore) -> None:
    senders = StoredSenders(store)
    sales = SendingAccount(mailbox="sales", seen_at=NOW)
    senders.put(STOPPED)
    senders.put(sales)
    assert senders.all() == [sales, STOPPED]
    assert senders.get("support") == STOPPED
