"""Two Unix users on one desk, as docs/guide/sharing.md sets it up: a group folder, and nobody else."""

from __future__ import annotations

import grp
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.desks import make_desk, receive
from tests.journeys.mails import customer_mail
from tests.mail.mails import multipart, part
from tests.processes import heard
from tests.servers import PASSWORD, ImapServer, SmtpServer
from tests.somebody import Python, Said, Somebody, python_for

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become other users")

ANA, BO, EVE = 61001, 61002, 61003
GROUP = [each for each in grp.getgrall() if 0 < each.gr_gid < 1000][-1]  # whose number no new user gets
PEOPLE = ("--agent", "ana=Ana", "--agent", "bo=Bo", "--login", f"ana={ANA}", "--login", f"bo={BO}")
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def python() -> Generator[Python]:
    with python_for(ANA) as found:
        yield found


@dataclass(frozen=True)
class Machine:
    """A machine with several Unix users and one shared desk."""

    desk: Path
    ana: Somebody
    bo: Somebody
    eve: Somebody

    def run(self, who: Somebody, *words: str, umask: int = 0o022, expect: int = 0) -> Said:
        return replace(who, umask=umask).run(*words, expect=expect)


def people_of(python: Python, desk: Path) -> Machine:
    """Ana and Bo are in the group, Eve is not."""
    environment = {"DESK_PASSWORD": PASSWORD}
    ana, bo = (Somebody(python, desk, uid, (GROUP.gr_gid,), environment=environment) for uid in (ANA, BO))
    return Machine(desk, ana, bo, Somebody(python, desk, EVE, environment=environment))


@pytest.fixture
def place() -> Generator[Path]:
    """A folder as /srv: everybody may enter it."""
    place = Path(tempfile.mkdtemp(prefix="tandem-shared-", dir="/tmp"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def group_folder(place: Path) -> Path:
    """What the guide lets root make."""
    shared = place / "desk"
    shared.mkdir()
    os.chown(shared, 0, GROUP.gr_gid)
    shared.chmod(0o2770)
    return shared


@pytest.fixture
def machine(python: Python, place: Path) -> Machine:
    """Ana founds the desk in the folder that root made."""
    machine = people_of(python, group_folder(place))
    machine.ana.run("init", "--yes", "--group", GROUP.gr_name, *PEOPLE)
    return machine


def connect(machine: Machine, imap: ImapServer, smtp: SmtpServer) -> None:
    """Give the desk a mailbox."""
    (machine.desk / "config.toml").write_text(
        '[mailboxes.support]\naddress = "support@acme.example"\n'
        f'[mailboxes.support.imap]\nurl = "imap://support@127.0.0.1:{imap.port}/INBOX?security=none"\n'
        'password_env = "DESK_PASSWORD"\n'
        f'[mailboxes.support.smtp]\nurl = "smtp://127.0.0.1:{smtp.port}?security=none"\n'
    )


def modes(folder: Path) -> dict[str, tuple[int, int]]:
    """Mode and group of all that is on a desk."""
    found = {str(each): each.stat() for each in [folder, *folder.rglob("*")]}
    return {name: (stat.S_IMODE(each.st_mode), each.st_gid) for name, each in found.items()}


def odd(folder: Path) -> dict[str, tuple[int, int]]:
    """What is not of the group, or not as open to it as it should be."""
    right = {(0o2770, GROUP.gr_gid), (0o660, GROUP.gr_gid)}
    return {name: found for name, found in modes(folder).items() if found not in right}


def put_mail_on(machine: Machine) -> None:
    """Mail on the desk, taken in by this process and then left to the others."""
    desk = make_desk(machine.desk, agents=())
    receive(desk)
    desk.store.close()


class TestTogether:
    def test_both_work_on_it_and_whatever_either_makes_the_other_can_change(self, machine: Machine) -> None:
        put_mail_on(machine)
        machine.run(machine.ana, "assign", "1", "me", umask=0o077)
        machine.run(machine.bo, "note", "1", "from bo", umask=0o027)
        machine.run(machine.ana, "tag", "1", "+vip", umask=0o077)
        machine.run(machine.bo, "tag", "1", "-vip", umask=0o000)
        [ticket] = machine.bo.run("show", "1", "--json").objects
        assert ticket["assignee"] == "ana"
        assert [each["author"] for each in ticket["messages"] if each["kind"] == "note"] == ["bo"]
        assert machine.ana.run("doctor", "--offline", "--json").objects[0]["ok"]
        assert odd(machine.desk) == {}

    def test_a_backup_is_made_also_where_the_umask_takes_even_ones_own_rights(self, machine: Machine) -> None:
        made = machine.run(machine.ana, "backup", "--json", umask=0o777).objects[0]
        assert Path(made["file"]).stat().st_size == made["size"]
        assert odd(machine.desk) == {}

    @pytest.mark.timeout(300)  # it runs the program some thirty times, as two people
    def test_everything_that_either_makes_is_the_groups_whatever_the_umask(
        self, machine: Machine, imap_server: ImapServer, smtp_server: SmtpServer
    ) -> None:
        """Fetched mail with files, answers with files, the log, a backup, and what doctor takes out of mails."""
        connect(machine, imap_server, smtp_server)
        attached = machine.desk.parent / "invoice.pdf"
        attached.write_bytes(b"invoice")
        with_file = multipart("mixed", part("text/plain", "Look"), part("image/png", "png"))
        for number, (who, umask) in enumerate([(machine.ana, 0o077), (machine.bo, 0o027), (machine.ana, 0o000)]):
            imap_server.deliver(customer_mail(number, subject=f"Mail {number}"), NOW)
            imap_server.deliver(with_file.replace(b"<1@", f"<png{number}@".encode()), NOW)
            assert machine.run(who, "sync", "--json", umask=umask).objects[-1]["tickets_created"] == 2
            words = (
                "reply",
                str(2 * number + 1),
                "--macro",
                "acknowledge",
                "--attach",
                str(attached),
                "--send-in",
                "0s",
            )
            machine.run(who, *words, umask=umask)
            assert machine.run(who, "deliver", "--json", umask=umask).objects[-1]["sent"] == 1
            machine.run(who, "frobnicate", umask=umask, expect=2)
            for path in machine.desk.glob("mail/??/*"):
                if path.read_bytes() in (b"png", b"invoice"):
                    path.unlink()
            machine.run(who, "doctor", "--fix", umask=umask)
            machine.run(who, "backup", str(machine.desk / "backups" / f"{number}.tar"), umask=umask)
            assert odd(machine.desk) == {}
        smtp_server.stop()
        machine.run(machine.bo, "reply", "2", "--macro", "acknowledge", "--send-in", "0s", umask=0o077)
        machine.run(machine.bo, "deliver", umask=0o077, expect=4)  # which is written into the log
        assert (machine.desk / "log" / "tandem.log").exists()
        assert odd(machine.desk) == {}

    def test_one_goes_on_where_the_other_was_killed_in_the_middle_of_a_write(self, machine: Machine) -> None:
        put_mail_on(machine)
        for turn in range(4):
            process = machine.ana.start(program=NOTES_FOR_EVER)
            assert process.stdout is not None
            for _ in range(5):
                heard(process, process.stdout)
            time.sleep(0.01 * turn)
            process.send_signal(signal.SIGKILL)
            told = 5 + len(process.stdout.read().splitlines())  # communicate() leaves out what is buffered already
            process.communicate()
            machine.bo.run("note", "1", "bo goes on")
            [ticket] = machine.bo.run("show", "1", "--json").objects
            written = [each["text"] for each in ticket["messages"] if each["kind"] == "note"]
            assert sum(each.startswith(f"ana {process.pid} ") for each in written) in (told, told + 1)
            assert machine.bo.run("doctor", "--offline", "--json").objects[0]["ok"]
            machine.ana.run("status", "1", "open")
        assert odd(machine.desk) == {}

    def test_one_brings_back_what_the_other_backed_up(self, machine: Machine, place: Path) -> None:
        put_mail_on(machine)
        [made] = machine.run(machine.ana, "backup", "--json", umask=0o077).objects
        machine.bo.run("note", "1", "after it")
        machine.run(machine.bo, "restore", made["file"], "--yes", umask=0o077)
        machine.ana.run("note", "1", "goes on")
        [ticket] = machine.bo.run("show", "1", "--json").objects
        assert [each["text"] for each in ticket["messages"] if each["kind"] == "note"] == ["goes on"]
        assert odd(machine.desk) == {}
        before = sorted(place.rglob("*"))
        for words in (("backup", "/tmp/nowhere-else"), ("restore", made["file"], "--yes"), ("reindex",)):
            assert machine.eve.run(*words, expect=3).out == ""
        assert sorted(place.rglob("*")) == before
        assert not Path("/tmp/nowhere-else").exists()

    def test_each_login_is_its_agent(self, machine: Machine) -> None:
        assert "you are ana" in machine.ana.run("doctor", "--offline").out
        assert "you are bo" in machine.bo.run("doctor", "--offline").out
        third = replace(machine.eve, groups=(GROUP.gr_gid,))
        assert f"no agent of this desk has the login “{EVE}”" in third.run("undo", expect=1).err

    def test_one_of_them_may_put_a_third_on_the_desk(self, machine: Machine) -> None:
        machine.bo.run("init", "--yes", "--agent", "cy=Cy")
        machine.bo.run("init", "--yes", "--agent", "di=Di", "--group", GROUP.gr_name)
        assert [each["agent"] for each in machine.ana.run("agents", "--json").objects] == ["ana", "bo", "cy", "di"]

    def test_files_that_one_shut_are_opened_by_their_owner_and_named_to_the_other(self, machine: Machine) -> None:
        put_mail_on(machine)
        (machine.desk / "config.toml").write_text('[mailboxes.support]\naddress = "support@acme.example"\n')
        machine.ana.run("reply", "1", "--macro", "acknowledge")
        shut = [each for each in machine.desk.glob("mail/??/*") if each.stat().st_uid == ANA]
        for path in shut:
            path.chmod(0o600)
        found = {
            each["name"]: each for each in machine.bo.run("doctor", "--fix", "--json", expect=1).objects[0]["checks"]
        }
        assert f"is not open to those whose desk this is: {shut[0]} of {ANA}" in found["modes"]["detail"]
        assert f"let {ANA} run `tandem doctor --fix`" in found["modes"]["detail"]
        assert "cannot be read by you" in found["mails"]["detail"]
        assert "1 file opened" in machine.ana.run("doctor", "--fix").out
        machine.bo.run("doctor")
        assert odd(machine.desk) == {}

    def test_a_mail_that_one_shut_and_that_comes_again_is_written_anew_by_the_other(self, machine: Machine) -> None:
        desk = make_desk(machine.desk, agents=())
        receive(desk)
        desk.store.close()
        [path] = machine.desk.glob("mail/??/*")
        raw = path.read_bytes()
        os.chown(path, ANA, GROUP.gr_gid)
        path.chmod(0o600)
        put = f"import sys; from storage.blobs import Blobs; Blobs({str(machine.desk / 'mail')!r}).put({raw!r})"
        assert machine.bo.start(program=put).communicate(timeout=60)[1] == ""
        assert (path.stat().st_uid, path.read_bytes()) == (BO, raw)
        assert odd(machine.desk) == {}


NOTES_FOR_EVER = """
import os, sys
from pathlib import Path
from desk.actions.note import add_note
from tandem.paths import Home
from tandem.wiring import open_office

office = open_office(Home(Path(sys.argv[2])), agent="ana")
number = 0
while True:
    add_note(office.desk, 1, f"ana {os.getpid()} {number} " + "x" * 20_000)
    print(number, flush=True)
    number += 1
"""


class TestPasswords:
    def test_a_file_is_its_owners_or_the_groups_and_nobody_elses(
        self, machine: Machine, imap_server: ImapServer, smtp_server: SmtpServer
    ) -> None:
        connect(machine, imap_server, smtp_server)
        secret = machine.desk.parent / "acme"
        secret.write_text(PASSWORD)
        config = machine.desk / "config.toml"
        text = config.read_text().replace('password_env = "DESK_PASSWORD"', f'password_file = "{secret}"')
        config.write_text(text)
        os.chown(secret, ANA, ANA)
        secret.chmod(0o600)
        machine.ana.run("sync")
        refused = machine.bo.run("sync", expect=1)
        assert f"{secret}: the password file cannot be read: Permission denied" in refused.err
        os.chown(secret, ANA, GROUP.gr_gid)
        secret.chmod(0o640)
        machine.ana.run("sync")
        machine.bo.run("sync")
        secret.chmod(0o644)
        assert "others on this machine can open the password file" in machine.ana.run("sync", expect=1).err
        os.chown(secret, ANA, GROUP.gr_gid + 1)
        secret.chmod(0o640)
        assert "others on this machine can open the password file" in machine.ana.run("sync", expect=1).err


EVERY_COMMAND = [
    "list --json", "show 1 --raw 2", "assign 1 me", "tag 1 +a", "status 1 open", "priority 1 low", "note 1 x", "undo",
    "redo", "reply 1 --macro acknowledge", "outbox", "stats", "agents", "sync", "deliver", "doctor --fix --json",
    "macros show own", "macros check", "backup", "init --yes", "tui",
]  # fmt: skip


class TestStrangers:
    def test_somebody_who_is_not_in_the_group_hears_why_at_every_command_and_sees_nothing(
        self, machine: Machine
    ) -> None:
        put_mail_on(machine)
        (machine.desk / "macros" / "own.md").write_text("---\nname: Own\n---\nWild boar\n")
        before = modes(machine.desk)
        running = {words: machine.eve.start(*words.split()) for words in EVERY_COMMAND}
        said = {words: (*process.communicate(timeout=100), process.returncode) for words, process in running.items()}
        why = (
            f"tandem: {machine.desk} may not be opened by you: it is for the group “{GROUP.gr_name}”, which you are "
            f"not in (`sudo usermod -aG {GROUP.gr_name} {EVE}` lets you in; then log in again)\n"
        )
        assert said == dict.fromkeys(EVERY_COMMAND, ("", why, 3))
        assert modes(machine.desk) == before

    def test_a_private_desk_says_whose_it_is(self, machine: Machine) -> None:
        for path in (machine.desk, *machine.desk.rglob("*")):
            os.chown(path, ANA, ANA)
        machine.desk.chmod(0o700)
        assert f"it belongs to {ANA} alone" in machine.bo.run("list", expect=3).err
        machine.ana.run("list")

    def test_a_desk_in_a_place_that_one_cannot_get_to_names_that_place(self, machine: Machine) -> None:
        machine.desk.parent.chmod(0o700)
        refused = machine.bo.run("list", expect=3)
        assert f"may not be opened by you: you may not enter {machine.desk.parent}" in refused.err

    def test_a_member_whose_login_is_older_than_that_hears_what_to_do(self, machine: Machine) -> None:
        with real_member(GROUP.gr_name) as (uid, name):
            machine.ana.run("agents", "add", "cy=Cy", "--login", name)
            fresh = Somebody(machine.ana.python, machine.desk, uid, (GROUP.gr_gid,))
            stale = replace(fresh, groups=())
            refused = stale.run("list", expect=3)
            assert f"you are in the group “{GROUP.gr_name}”, but your login is older than that" in refused.err
            assert f"log out and in again, or run `newgrp {GROUP.gr_name}`" in refused.err
            words = ("init", "--yes", "--group", GROUP.gr_name)
            elsewhere = replace(stale, desk=machine.desk.parent / "another")
            assert "your login is older than that" in elsewhere.run(*words, expect=1).err
            fresh.run("list")


@contextmanager
def real_member(group: str) -> Generator[tuple[int, str]]:
    """A user that the machine knows, in this group."""
    if shutil.which("useradd") is None and os.environ.get("TANDEM_REQUIRE_SERVERS") != "1":
        pytest.skip("useradd is not installed")
    name = f"tandem-test-{os.getpid()}"
    subprocess.run(["useradd", "--no-create-home", "--groups", group, name], check=True, capture_output=True)
    try:
        yield int(subprocess.check_output(["id", "-u", name])), name
    finally:
        subprocess.run(["userdel", "--force", name], check=True, capture_output=True)


class TestFounding:
    def test_a_group_that_one_is_not_in_is_refused(self, machine: Machine) -> None:
        other = next(each for each in grp.getgrall() if each.gr_gid not in (GROUP.gr_gid, 0))
        refused = machine.ana.run("init", "--yes", "--group", other.gr_name, expect=1)
        assert "not in the Unix group" in refused.err

    @pytest.mark.parametrize("mode", [0o770, 0o750, 0o2750])
    def test_a_folder_of_roots_that_is_not_the_groups_yet_is_refused_with_the_reason(
        self, python: Python, place: Path, mode: int
    ) -> None:
        folder = group_folder(place)
        folder.chmod(mode)
        refused = people_of(python, folder).ana.run("init", "--yes", "--group", GROUP.gr_name, *PEOPLE, expect=1)
        assert f"{folder} (mode {mode:o}, group {GROUP.gr_name}) belongs to root, who alone can change" in refused.err
        assert list(folder.iterdir()) == []

    def test_a_desk_of_ones_own_becomes_the_groups_and_the_other_goes_on(self, python: Python, place: Path) -> None:
        place.chmod(0o777)
        machine = people_of(python, place / "desk")
        machine.run(machine.ana, "init", "--yes", *PEOPLE, umask=0o077)
        machine.bo.run("list", expect=3)
        machine.run(machine.ana, "init", "--yes", "--group", GROUP.gr_name, umask=0o077)
        machine.bo.run("list")
        assert odd(machine.desk) == {}

    def test_a_desk_with_files_of_somebody_else_is_left_as_it_is(self, python: Python, place: Path) -> None:
        place.chmod(0o777)
        machine = people_of(python, place / "desk")
        machine.ana.run("init", "--yes", *PEOPLE)
        os.chown(machine.desk / "desk.db", BO, BO)
        os.chown(machine.desk / "log", BO, BO)
        before = modes(machine.desk)
        refused = machine.ana.run("init", "--yes", "--group", GROUP.gr_name, expect=1)
        assert f"belongs to {BO}, who alone can change that (ask {BO} or root" in refused.err
        assert modes(machine.desk) == before

    def test_a_place_that_the_group_cannot_get_to_is_refused(self, python: Python, place: Path) -> None:
        os.chown(place, ANA, ANA)
        place.chmod(0o750)
        ana = people_of(python, place / "desk").ana
        refused = ana.run("init", "--yes", "--group", GROUP.gr_name, *PEOPLE, expect=1)
        assert f"the group “{GROUP.gr_name}” cannot get to {place}/desk: it may not enter {place}" in refused.err
        assert list(place.iterdir()) == []
        ana.run("init", "--yes", *PEOPLE)


class TestReadOnly:
    def test_mail_that_cannot_be_written_is_not_lost(
        self, python: Python, place: Path, imap_server: ImapServer, smtp_server: SmtpServer
    ) -> None:
        os.chown(place, ANA, ANA)
        machine = people_of(python, place / "desk")
        machine.ana.run("init", "--yes", *PEOPLE)
        connect(machine, imap_server, smtp_server)
        imap_server.deliver(customer_mail(1), NOW)
        machine.ana.run("sync")
        imap_server.deliver(customer_mail(2, text="Another"), NOW)
        folders = [machine.desk / "mail", *(machine.desk / "mail").iterdir()]
        for folder in folders:
            folder.chmod(folder.stat().st_mode & ~0o222)
        for words in (["sync"], ["reply", "1", "--macro", "acknowledge"]):
            refused = machine.ana.run(*words, expect=3)
            assert f"{machine.desk}/mail" in refused.err
            assert "may not be read and written by you" in refused.err
        machine.ana.run("note", "1", "the store is not concerned")
        machine.ana.run("doctor", "--offline")
        for folder in folders:
            folder.chmod(folder.stat().st_mode | 0o200)
        assert machine.ana.run("sync", "--json").objects[-1]["tickets_created"] == 1
        machine.ana.run("reply", "1", "--macro", "acknowledge")
        machine.ana.run("doctor", "--offline")


def test_a_folder_that_lost_the_bit_that_hands_its_group_on_is_named_first_and_mended(
    python: Python, machine: Machine
) -> None:
    machine.desk.chmod(0o770)
    refused = machine.ana.run("doctor", "--offline", expect=1)
    first = refused.out.splitlines()[0]
    assert first.startswith(f"WRONG folder: {machine.desk} does not hand its group on (mode 770)")
    root = Somebody(python, machine.desk, 0)
    mended = root.run("doctor", "--offline", "--fix")
    assert mended.out.splitlines()[0].endswith("and does now")
    assert odd(machine.desk) == {}
    machine.bo.run("list")
