"""Fetching mail from a local Dovecot: everything that `tandem sync` does, beside a loop that only fetches."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from imapclient import IMAPClient

from benchmarks.worlds import seconds
from desk.people import Address
from desk.settings import Mailbox
from mail.auth import PasswordEnvironment
from mail.servers import ImapAddress
from tandem.config import Account, Config, ImapAccount
from tandem.counts import Counts
from tandem.founding import make_home
from tandem.loops import sync_once
from tandem.paths import Home
from tandem.wiring import build_office
from tests.journeys.mails import customer_mail
from tests.servers import Dovecot

_MAILS = 1_000
_BATCH = 50


def measure(folder: Path) -> Iterator[str]:
    """Mails a second of both, and what one is of the other."""
    with Dovecot() as server:
        for number in range(_MAILS):
            mail = customer_mail(number, subject=f"Question {number}", text="Hello, where is my parcel?\n" * 40)
            server.deliver(mail, datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=number))
        bare = seconds(lambda: _only_fetch(server))
        counts = _sync(folder, server)
    ours, theirs = counts.fetched / counts.seconds, _MAILS / bare
    yield f"a loop that only fetches {_MAILS:,} mails: {theirs:,.0f} mails/s"
    yield f"tandem sync of {counts.fetched:,} mails: {ours:,.0f} mails/s, {ours / theirs:.2f} of the bare loop"


def _only_fetch(server: Dovecot) -> None:
    with IMAPClient("127.0.0.1", port=server.port, ssl=False) as client:
        client.login(server.user, server.password)
        client.select_folder("INBOX", readonly=True)
        uids = client.search("ALL")
        for start in range(0, len(uids), _BATCH):
            client.fetch(uids[start : start + _BATCH], ["BODY.PEEK[]", "INTERNALDATE"])


def _sync(folder: Path, server: Dovecot) -> Counts:
    os.environ["DESK_PASSWORD"] = server.password
    home = Home(folder / "desk")
    make_home(home, None)
    address = ImapAddress.parse(f"imap://{server.user}@127.0.0.1:{server.port}/INBOX?security=none")
    account = ImapAccount(address, PasswordEnvironment("DESK_PASSWORD"))
    mailbox = Mailbox(name="support", address=Address("support@acme.example"))
    office = build_office(home, Config((Account(mailbox, account, None),), flood=0))
    try:
        return sync_once(office)
    finally:
        office.close()
