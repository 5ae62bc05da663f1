"""A backup of a desk that went on since, and a folder for a new desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.actions.note import add_note
from desk.desk import Desk
from tandem.paths import Home
from tests.desks import receive
from tests.tandem.backups.restoring import AS_IT_IS, AS_IT_WAS, MACRO, ONE
from tests.tandem.commands import Commands


@pytest.fixture
def backup(tandem: Commands, desk: Desk, home: Home, tmp_path: Path) -> Path:
    """A backup of a desk with one ticket, its own macro, and an answer on its way; then a second ticket came."""
    receive(desk, subject="first")
    add_note(desk, ONE, "she called")
    (home.macros / "own.md").write_text(AS_IT_WAS)
    tandem.run("backup", tmp_path / "backup.tar.gz")
    receive(desk, subject="second")
    (home.macros / "own.md").write_text(AS_IT_IS)
    (home.macros / "new.md").write_text(MACRO.format("New"))
    return tmp_path / "backup.tar.gz"


@pytest.fixture
def new(tmp_path: Path) -> Home:
    return Home(tmp_path / "new" / "desk")
