"""`tandem doctor`: a healthy desk passes, and each thing that can be wrong is found and named."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from desk.desk import Desk
from desk.outgoing import SendingAccount
from storage.blobs import LOCK
from storage.database import open_store
from tandem.demo.servers import SIZE_LIMIT
from tandem.paths import Home
from tests.desks import receive
from tests.servers import PASSWORD, ImapServer, SmtpServer
from tests.tandem.commands import Commands, run

OFFLINE = [
    "folder", "configuration", "screen", "store", "modes", "mails", "leftovers", "attachments", "erasures", "agents",
    "macros", "outbox",
]  # fmt: skip


@pytest.fixture(autouse=True)
def mail(desk: Desk) -> None:
    """One mail on the desk."""
    receive(desk)


def wrong(tandem: Commands, *words: str) -> dict[str, str]:
    """What is wrong, by name."""
    [found] = tandem.run("doctor", "--offline", "--json", *words, expect=1).objects
    assert found["ok"] is False
    return {each["name"]: each["detail"] for each in found["checks"] if not each["ok"]}


def blob(home: Home) -> Path:
    [path] = [each for each in home.mail.rglob("*") if each.is_file() and each.name != LOCK]
    return path


def test_a_healthy_desk_has_every_check_in_order(tandem: Commands) -> None:
    [found] = tandem.run("doctor", "--offline", "--json").objects
    assert list(found) == ["ok", "checks"]
    assert found["ok"] is True
    assert [list(each) for each in found["checks"]] == [["name", "ok", "detail"]] * len(OFFLINE)
    assert [each["name"] for each in found["checks"]] == OFFLINE
    lines = tandem.run("doctor", "--offline").lines
    assert [line.split(":")[0] for line in lines] == [f"ok    {name}" for name in OFFLINE]
    assert "you are ana" in lines[OFFLINE.index("agents")]


def test_a_deleted_mail_is_found(tandem: Commands, home: Home) -> None:
    path = blob(home)
    path.unlink()
    assert list(wrong(tandem)) == ["mails"]
    assert f"{path.parent.name}{path.name} of ticket 1 is missing" in wrong(tandem)["mails"]


def test_a_damaged_mail_is_found(tandem: Commands, home: Home) -> None:
    path = blob(home)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    found = wrong(tandem)["mails"]
    assert found.startswith("1 missing or damaged: ")
    assert "of ticket 1 is not what was written" in found


def test_of_many_missing_mails_the_first_are_named(tandem: Commands, desk: Desk, home: Home) -> None:
    for number in range(2, 9):
        receive(desk, text=f"Mail {number}")
    for path in home.mail.rglob("??????*"):
        path.unlink()
    found = wrong(tandem)["mails"]
    assert found.startswith("8 missing or damaged: ")
    assert found.count("of ticket") == 5
    assert " and 3 more (" in found


def test_a_broken_configuration_is_found_and_the_rest_is_looked_at(tandem: Commands, home: Home) -> None:
    home.config.write_text("undo_seconds = 'ten'\n")
    found = wrong(tandem)
    assert list(found) == ["configuration"]
    assert "undo_seconds" in found["configuration"]
    home.config.write_text("= nonsense")
    assert list(wrong(tandem)) == ["configuration"]


@pytest.mark.parametrize("mode", [0o704, 0o702, 0o701, 0o755])
def test_a_folder_that_is_open_to_everybody_is_found(tandem: Commands, home: Home, mode: int) -> None:
    home.folder.chmod(mode)
    assert "chmod o=" in wrong(tandem)["folder"]


def test_nothing_on_a_desk_that_everybody_may_enter_is_read(tandem: Commands, home: Home) -> None:
    home.folder.chmod(0o755)
    home.config.write_text("nonsense")
    [found] = tandem.run("doctor", "--offline", "--json", expect=1).objects
    assert [each["name"] for each in found["checks"]] == ["folder"]


def test_a_shared_desk_is_fine(tandem: Commands, home: Home) -> None:
    share(home)
    assert "mode 2770" in tandem.run("doctor", "--offline").out


def test_a_shared_folder_that_does_not_hand_its_group_on_is_found_and_mended(tandem: Commands, home: Home) -> None:
    share(home)
    home.folder.chmod(0o770)
    assert f"chmod g+s {home.folder}" in wrong(tandem)["folder"]
    tandem.run("doctor", "--offline", "--fix")
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o2770
    tandem.run("doctor", "--offline")


def share(home: Home) -> None:
    """What `init --group` does, for a group of which we are."""
    for path in (home.folder, *home.folder.rglob("*")):
        path.chmod(0o2770 if path.is_dir() else 0o660)


def test_a_damaged_store_is_found(tandem: Commands, desk: Desk, home: Home) -> None:
    desk.store.close()
    data = bytearray(home.store.read_bytes())
    data[8192:12288] = os.urandom(4096)
    home.store.write_bytes(data)
    assert "store" in wrong(tandem)


@pytest.mark.parametrize("raw", ["", "../../../etc/passwd"])
def test_a_mail_without_sha256_is_found_and_the_rest_is_looked_at(
    tandem: Commands, desk: Desk, home: Home, raw: str
) -> None:
    receive(desk)
    with open_store(home.store) as store:
        store.table("places").update({"raw": raw})
    found = wrong(tandem)
    assert list(found) == ["store"]
    assert "places/1 does not fit: its bytes have no sha256" in found["store"]


def test_a_store_that_is_no_database_is_found(tandem: Commands, desk: Desk, home: Home) -> None:
    desk.store.close()
    for path in home.folder.glob("desk.db*"):
        path.unlink()
    home.store.write_text("this is no database" * 100)
    assert list(wrong(tandem)) == ["store"]


def test_no_desk_at_all_is_found(tmp_path: Path) -> None:
    ended = run(["--home", str(tmp_path / "nowhere"), "doctor", "--json"])
    assert ended.code == 1
    assert {each["name"] for each in ended.objects[0]["checks"] if not each["ok"]} == {"folder", "store"}
    assert not (tmp_path / "nowhere").exists()


def test_an_agent_nobody_knows_is_found(tandem: Commands) -> None:
    assert "ana, bo" in wrong(tandem.acting_as("zed"))["agents"]


def test_a_login_nobody_has_is_told_but_not_wrong(tandem: Commands) -> None:
    assert "nobody has the login" in tandem.acting_as("").run("doctor", "--offline").out


def test_a_desk_without_agents_is_found(tandem: Commands) -> None:
    tandem.run("agents", "remove", "ana")
    tandem.run("agents", "remove", "bo")
    assert "agents add" in wrong(tandem.acting_as(""))["agents"]


def test_a_macro_that_cannot_be_used_is_found(tandem: Commands, home: Home) -> None:
    (home.macros / "broken.md").write_text("---\nname: Broken\ncolour: red\n---\nHello\n")
    assert "macros check" in wrong(tandem)["macros"]


def test_people_get_a_line_for_each_check(tandem: Commands, home: Home) -> None:
    blob(home).unlink()
    refused = tandem.run("doctor", "--offline", expect=1)
    assert [line for line in refused.lines if line.startswith("WRONG mails: ")]
    assert "mails" in refused.err


class TestServers:
    @pytest.fixture
    def connected(
        self, tandem: Commands, home: Home, imap_server: ImapServer, smtp_server: SmtpServer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> Commands:  # fmt: skip
        monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
        home.config.write_text(
            '[mailboxes.support]\naddress = "support@acme.example"\n'
            f'[mailboxes.support.imap]\nurl = "imap://support@127.0.0.1:{imap_server.port}/INBOX?security=none"\n'
            'password_env = "DESK_PASSWORD"\n'
            f'[mailboxes.support.smtp]\nurl = "smtp://127.0.0.1:{smtp_server.port}?security=none"\n'
        )
        return tandem

    def test_both_logins_are_tried(self, connected: Commands) -> None:
        [found] = connected.run("doctor", "--json").objects
        assert [each["name"] for each in found["checks"]] == [
            *OFFLINE[:-1],
            "IMAP of support",
            "SMTP of support",
            "outbox",
        ]

    def test_what_the_server_takes_is_remembered(self, connected: Commands, desk: Desk) -> None:
        connected.run("doctor")
        account = desk.store.senders.get("support")
        assert account is not None
        assert account.limits is not None
        assert account.limits.size == SIZE_LIMIT

    def test_a_wrong_password_is_found(self, connected: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DESK_PASSWORD", "wrong")
        [found] = connected.run("doctor", "--json", expect=1).objects
        assert [each["name"] for each in found["checks"] if not each["ok"]] == ["IMAP of support"]

    def test_servers_that_are_away_are_found(
        self, connected: Commands, imap_server: ImapServer, smtp_server: SmtpServer
    ) -> None:
        imap_server.stop()
        smtp_server.stop()
        [found] = connected.run("doctor", "--json", expect=1).objects
        assert [each["name"] for each in found["checks"] if not each["ok"]] == ["IMAP of support", "SMTP of support"]
        connected.run("doctor", "--offline")

    def test_an_account_that_is_not_let_in_is_told_of_until_its_login_works(
        self, connected: Commands, desk: Desk
    ) -> None:
        since = desk.clock()
        desk.store.senders.put(
            SendingAccount(mailbox="support", stopped_since=since, said="535 wrong password", next_try=since)
        )
        assert wrong(connected) == {
            "outbox": "support: no mail leaves: 535 wrong password (0 waiting) (mend the account; "
            "this command asks the server again)"
        }
        [found] = connected.run("doctor", "--json").objects
        details = {each["name"]: each["detail"] for each in found["checks"]}
        assert details["SMTP of support"].endswith("again: what waited for it leaves now")
        assert details["outbox"] == "0 waiting"
