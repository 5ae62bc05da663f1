"""What the store remembers of its own changes is kept short by whoever fetches mail."""

from __future__ import annotations

import pytest

from desk.settings import Mailbox
from mail.auth import PasswordEnvironment
from mail.servers import ImapAddress
from storage.database import open_store
from tandem.config import Account, Config, ImapAccount
from tandem.counts import Counts
from tandem.folder import Progress
from tandem.loops import MailRounds
from tandem.paths import Home
from tandem.wiring import build_office
from tests.desks import SUPPORT
from tests.servers import PASSWORD, ImapServer

KEPT = 100_000
SEEN_TO = KEPT + 50


def test_a_round_forgets_changes_that_nobody_can_have_missed(
    home: Home, imap_server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    address = ImapAddress(imap_server.host, imap_server.port, "none", "support")
    imap = ImapAccount(address, PasswordEnvironment("DESK_PASSWORD"))
    config = Config((Account(Mailbox(name="support", address=SUPPORT), imap, None),))
    with open_store(home.store) as store:
        store.table("scratch").insert_multiple({} for _ in range(SEEN_TO))
        assert store.changes(0)[0].revision == 1
        office = build_office(home, config)
        with MailRounds(office) as rounds:
            assert rounds.take_in(Progress(Counts())) == []
        office.close()
        left = store.changes(0)
        assert left[-1].revision == store.revision()
        assert KEPT <= len(left) < KEPT + 5  # what the round itself wrote when that was done
