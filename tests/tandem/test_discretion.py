"""A whole day with everything that goes wrong on it leaves nobody's words in the log, and no secret open to others."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

from storage.database import open_store
from tests.journeys.mails import customer_mail
from tests.program import Program
from tests.servers import PASSWORD, ImapServer, SmtpServer

NOW = datetime(2026, 11, 20, tzinfo=UTC)
SUBJECT, TEXT = "Refund for my divorce", "I never told anybody"
WORDS = (SUBJECT, "divorce", TEXT, "dana", "corp.example", "support@", PASSWORD, "wild boar", "petrova")


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}


def test_nobodys_words_are_in_the_log(tmp_path: Path, imap_server: ImapServer, smtp_server: SmtpServer) -> None:
    tandem = Program(tmp_path / "desk", environment={"DESK_PASSWORD": PASSWORD})
    tandem.init(imap_server.port, smtp_server.port)
    imap_server.deliver(customer_mail(1, subject=SUBJECT, text=TEXT), NOW)
    tandem.run("sync")
    tandem.run("list", 'subject:"divorce', expect=1)
    tandem.run("reply", 1, "--macro", "acknowledge", "--send-in", "0s")
    smtp_server.stop()
    tandem.run("deliver", expect=4)
    Program(tandem.home, environment={"DESK_PASSWORD": "wild boar"}).run("sync", expect=4)
    with open_store(tandem.home / "desk.db") as store:  # what no version of ours can have written
        store.table("tickets").update({"status": SUBJECT, "customer": {"email": "dana@corp.example"}})
    assert SUBJECT in tandem.run("show", 1, expect=1).err
    assert "cannot be restored as it is" in tandem.run("backup", expect=1).err
    written = (tandem.home / "log" / "tandem.log").read_text()
    assert "tandem ERROR unexpected" in written
    assert "ValidationError" in written
    assert "backed up 1 tickets" in written
    assert [word for word in WORDS if word.casefold() in written.casefold()] == []
    assert modes(tandem.home) <= {0o700, 0o600}
