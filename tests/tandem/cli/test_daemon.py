"""`tandem daemon` and `tandem sync --follow`: what they print, and the unit file for systemd."""

from __future__ import annotations

import configparser
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.actions.snooze import snooze
from desk.ticket import TicketNumber
from tandem.cli.daemon import unit
from tandem.wiring import unix_user
from tests.desks import make_desk
from tests.dovecot import Dovecot
from tests.journeys.mails import customer_mail
from tests.processes import heard, overheard
from tests.program import Program
from tests.servers import ImapServer, SmtpServer
from tests.tandem.commands import Commands
from tests.tandem.offices import PATIENCE


def parsed(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # systemd's names have capitals
    parser.read_string(text)
    return parser


class TestUnit:
    def test_it_starts_this_program_for_this_desk_as_this_user(self, tandem: Commands) -> None:
        found = parsed(tandem.run("daemon", "--print-unit").out)
        assert found["Service"]["ExecStart"].endswith(f" --home {tandem.home} daemon")
        assert found["Service"]["ExecStart"].startswith("/")
        assert found["Service"]["User"] == unix_user()
        assert found["Install"]["WantedBy"] == "multi-user.target"

    def test_what_systemd_would_read_otherwise_is_written_so_that_it_does_not(self) -> None:
        [line] = [each for each in unit(Path('/srv/100% "our" $desk')).splitlines() if each.startswith("ExecStart")]
        assert line.endswith('--home "/srv/100%% \\"our\\" $$desk" daemon')

    def test_nothing_else_is_done_and_no_desk_is_needed(self, tmp_path: Path) -> None:
        assert Commands(tmp_path / "nowhere", agent="").run("daemon", "--print-unit").lines
        assert not (tmp_path / "nowhere").exists()


def test_without_a_mailbox_there_is_nothing_to_follow(tandem: Commands) -> None:
    (tandem.home / "config.toml").unlink()
    assert "tandem init" in tandem.run("daemon", expect=1).err
    assert "tandem init" in tandem.run("sync", "--follow", expect=1).err


@pytest.mark.parametrize("words", [("daemon",), ("sync", "--follow", "--json")])
def test_what_comes_and_what_is_wrong_is_told_and_the_end_is_clean(
    tmp_path: Path, imap_server: ImapServer, smtp_server: SmtpServer, words: tuple[str, ...]
) -> None:
    program = Program(tmp_path / "shared", environment={"DESK_PASSWORD": imap_server.password})
    program.init(imap_server.port, smtp_server.port)
    imap_server.deliver(customer_mail(1), datetime.now(UTC))
    with overheard(program.command(*words), program.full_environment) as process:
        line = heard(process, process.stdout)
        told = json.loads(line)["tickets_created"] == 1 if "--json" in words else "1 new tickets" in line
        imap_server.stop()
        trouble = heard(process, process.stderr)
        process.terminate()
        code = process.wait(PATIENCE)
    assert told
    assert trouble.startswith("tandem: support: IMAP: ")
    assert "; it is tried again at " in trouble
    assert code == (0 if words == ("daemon",) else -15)


def test_that_a_server_numbered_its_mails_anew_is_said_once(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer
) -> None:
    program = Program(tmp_path / "shared", environment={"DESK_PASSWORD": dovecot.password})
    program.init(dovecot.port, smtp_server.port)
    dovecot.deliver(customer_mail(1))
    assert program.run("sync").code == 0
    dovecot.renew_uidvalidity()
    with overheard(program.command("daemon"), program.full_environment) as process:
        told = heard(process, process.stderr)
        process.terminate()
        rest = process.communicate(timeout=PATIENCE)[1]
    assert told.startswith("tandem: support, INBOX: the server numbered all mails anew")
    assert rest == ""


def test_tickets_wake_up_in_time_without_a_screen(
    tmp_path: Path, imap_server: ImapServer, smtp_server: SmtpServer
) -> None:
    program = Program(tmp_path / "shared", environment={"DESK_PASSWORD": imap_server.password})
    program.init(imap_server.port, smtp_server.port)
    imap_server.deliver(customer_mail(1), datetime.now(UTC))
    assert program.run("sync").code == 0
    desk = make_desk(tmp_path / "shared")
    snooze(desk, TicketNumber(1), desk.clock() + timedelta(seconds=3))
    desk.store.close()
    with overheard(program.command("daemon"), program.full_environment) as process:
        line = heard(process, process.stdout)
        process.terminate()
        process.wait(PATIENCE)
    assert line.strip() == "woke up: 1"
    shown = program.run("show", "1").out
    assert shown.count("woke it up") == 1
    assert "tandem: woke it up, as ana wanted" in shown
