"""A desk of two agents in a folder, the command line over it, and the desk itself for looking behind the commands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk.clock import utc_now
from desk.desk import Desk
from desk.settings import Mailbox
from tandem.config import Account, Config, read_config
from tandem.founding import make_home, save_config
from tandem.paths import Home
from tandem.wiring import Office, build_office
from tests.desks import SUPPORT, SetClock, make_desk
from tests.servers import PASSWORD
from tests.tandem.commands import Commands
from tests.tandem.fetched import ScriptedSession
from tests.tandem.offices import Opening


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A desk's folder with a mailbox in its settings, but without servers."""
    home = Home(tmp_path / "desk")
    make_home(home, None)
    save_config(home, Config((Account(Mailbox(name="support", address=SUPPORT), None, None),)))
    return home


@pytest.fixture
def clock() -> SetClock:
    """The clock of `desk`, two days behind; the commands go by the real one."""
    return SetClock((utc_now() - timedelta(days=2)).replace(microsecond=0))


@pytest.fixture
def desk(home: Home, clock: SetClock) -> Iterator[Desk]:
    """The desk, with the agents ana (who acts) and bo."""
    made = make_desk(home.folder, clock=clock)
    yield made
    made.store.close()


@pytest.fixture
def opened(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opening]:
    """Opens the desk under given settings."""
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    offices: list[Office] = []

    def open_office(settings: str) -> Office:
        home.config.write_text(settings)
        offices.append(build_office(home, read_config(home.config)))
        return offices[-1]

    yield open_office
    for office in offices:
        office.close()


@pytest.fixture
def tandem(desk: Desk, home: Home) -> Commands:
    """The command line for ana."""
    assert desk.acting is not None
    return Commands(home.folder)


@pytest.fixture
def session() -> ScriptedSession:
    """Three mails."""
    made = ScriptedSession()
    made.put(1, 2, 3)
    return made
