"""Two Unix users on one desk, as docs/guide/sharing.md sets it up: a group folder, and nobody else."""

from __future__ import annotations

import grp
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.desks import make_desk, receive

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become two other users")

ANA, BO, EVE = 61001, 61002, 61003
GROUP = grp.getgrall()[-1]
AS_SOMEBODY = """
import encodings.ascii, encodings.idna, importlib, os, pkgutil, sys
from tandem.cli import cli
from tandem.cli.exits import guarded

uid, gid, umask, *words = sys.argv[1:]
# What this interpreter loads may lie where only root can read: load it while we are root.
for package in map(importlib.import_module, ("tandem", "mail", "macros", "storage", "desk")):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.startswith(("tandem.demo", "mail.reading_process")):
            importlib.import_module(module.name)
guarded(cli, ["--home", "/nowhere", "macros", "check"])
os.umask(int(umask, 8))
os.setgroups([int(gid)])
os.setresgid(int(gid), int(gid), int(gid))
os.setresuid(int(uid), int(uid), int(uid))
sys.exit(guarded(cli, words))
"""


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Machine:
    """A machine with several Unix users and one shared desk."""

    desk: Path

    def run(self, uid: int, *words: str, group: int = GROUP.gr_gid, umask: str = "022", expect: int = 0) -> Said:
        command = [sys.executable, "-c", AS_SOMEBODY, str(uid), str(group), umask]
        done = subprocess.run(
            [*command, "--home", str(self.desk), *words], capture_output=True, text=True, cwd="/", check=False
        )
        assert done.returncode == expect, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        assert "Logging error" not in done.stderr
        return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def machine() -> Iterator[Machine]:
    """The folder is made by root as the guide says; ana founds the desk in it."""
    place = Path(tempfile.mkdtemp(prefix="tandem-shared-", dir="/tmp"))
    place.chmod(0o755)
    shared = place / "desk"
    shared.mkdir()
    os.chown(shared, 0, GROUP.gr_gid)
    shared.chmod(0o2770)
    machine = Machine(shared)
    people = ("--agent", "ana=Ana", "--agent", "bo=Bo", "--login", f"ana={ANA}", "--login", f"bo={BO}")
    machine.run(ANA, "init", "--yes", "--group", GROUP.gr_name, *people)
    yield machine
    shutil.rmtree(place)


def everything(folder: Path) -> dict[str, tuple[int, int]]:
    """Mode and group of all that is on a desk."""
    found = {str(each): each.stat() for each in [folder, *folder.rglob("*")]}
    return {name: (stat.S_IMODE(each.st_mode), each.st_gid) for name, each in found.items()}


def test_both_work_on_it_and_whatever_either_makes_the_other_can_change(machine: Machine) -> None:
    desk = make_desk(machine.desk)
    receive(desk)
    desk.store.close()
    for path in machine.desk.rglob("desk.db-*"):
        path.unlink()
    machine.run(ANA, "assign", "1", "me", umask="077")
    machine.run(BO, "note", "1", "from bo", umask="027")
    machine.run(ANA, "tag", "1", "+vip", umask="077")
    machine.run(BO, "tag", "1", "-vip", umask="000")
    [ticket] = machine.run(BO, "show", "1", "--json").objects
    assert ticket["assignee"] == "ana"
    assert [each["author"] for each in ticket["messages"] if each["kind"] == "note"] == ["bo"]
    assert machine.run(ANA, "doctor", "--offline", "--json").objects[0]["ok"]
    assert set(everything(machine.desk).values()) <= {(0o2770, GROUP.gr_gid), (0o660, GROUP.gr_gid)}


def test_mail_files_and_the_log_of_one_are_open_to_the_other(machine: Machine) -> None:
    (machine.desk / "config.toml").write_text('[mailboxes.support]\naddress = "support@acme.example"\n')
    desk = make_desk(machine.desk, agents=())
    receive(desk)
    desk.store.close()
    reply = ("reply", "1", "--macro", "acknowledge", "--send-in", "0s")
    for who in (ANA, BO, ANA):
        machine.run(who, *reply, umask="077")
        machine.run(who, "deliver", umask="077", expect=4)
        machine.run(who, "frobnicate", umask="077", expect=2)
    assert len(machine.run(BO, "outbox", "--json").objects) == 3
    assert set(everything(machine.desk).values()) <= {(0o2770, GROUP.gr_gid), (0o660, GROUP.gr_gid)}


def test_somebody_who_is_not_in_the_group_reads_nothing(machine: Machine) -> None:
    for words in (["list"], ["note", "1", "x"], ["outbox"], ["doctor", "--offline"]):
        refused = machine.run(EVE, *words, group=61003, expect=1 if words[0] == "doctor" else 3)
        assert refused.err.count("\n") == 1
        assert "may not be opened" in refused.err + refused.out


def test_each_login_is_its_agent(machine: Machine) -> None:
    assert "you are ana" in machine.run(ANA, "doctor", "--offline").out
    assert "you are bo" in machine.run(BO, "doctor", "--offline").out
    assert f"no agent of this desk has the login “{EVE}”" in machine.run(EVE, "undo", expect=1).err


def test_one_of_them_may_put_a_third_on_the_desk(machine: Machine) -> None:
    machine.run(BO, "init", "--yes", "--agent", "cy=Cy")
    machine.run(BO, "init", "--yes", "--agent", "di=Di", "--group", GROUP.gr_name)
    assert [each["agent"] for each in machine.run(ANA, "agents", "--json").objects] == ["ana", "bo", "cy", "di"]


def test_a_group_that_one_is_not_in_is_refused(machine: Machine) -> None:
    other = next(each for each in grp.getgrall() if each.gr_gid not in (GROUP.gr_gid, 0))
    assert "not in the Unix group" in machine.run(ANA, "init", "--yes", "--group", other.gr_name, expect=1).err
