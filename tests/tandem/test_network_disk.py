"""A desk, or its mail, on a disk of another machine: every command refuses it in words, before anything is made."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from desk.desk import Desk
from tandem.paths import Home
from tests.desks import receive
from tests.program import Program, Ran

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can show a process other mounts")


@pytest.fixture
def program(desk: Desk, home: Home) -> Program:
    receive(desk)
    return Program(home.folder)


def run_with_mounts(program: Program, mounts: str, scratch: Path, *words: str) -> Ran:
    """Run a command to which the system tells of these mounts, besides the real ones."""
    table = scratch / "mountinfo"
    table.write_text(Path("/proc/self/mountinfo").read_text() + mounts)
    shell = 'mount --bind "$0" /proc/$$/mountinfo && exec "$@"'
    command = ["unshare", "--mount", "sh", "-c", shell, str(table), *program.command(*words)]
    done = subprocess.run(command, capture_output=True, text=True, env=program.full_environment, check=False)
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip("this machine does not let us mount anything")
    return Ran(done.returncode, done.stdout, done.stderr)


def line(folder: Path, kind: str) -> str:
    return f"901 1 0:99 / {folder} rw - {kind} server:/x rw\n"


@pytest.mark.parametrize("words", ["list", "note 1 x", "sync", "init --yes --agent cy=Cy"])
@pytest.mark.parametrize("part", ["", "mail"])
def test_it_is_refused(program: Program, tmp_path: Path, words: str, part: str) -> None:
    where = program.home / part
    refused = run_with_mounts(program, line(where, "nfs4"), tmp_path, *words.split())
    assert (refused.code, refused.out) == (3, "")
    assert refused.err.startswith(f"tandem: {where} is on a network file system (nfs4), where ")
    assert "put the desk on a local disk" in refused.err
    assert refused.err.count("\n") == 1


def test_a_folder_that_leads_there_is_refused(program: Program, home: Home, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(home.folder)
    refused = run_with_mounts(Program(link), line(home.folder, "cifs"), tmp_path, "list")
    assert (refused.code, "is on a network file system (cifs)" in refused.err) == (3, True)
    home.mail.rename(tmp_path / "elsewhere")
    home.mail.symlink_to(tmp_path / "elsewhere")
    refused = run_with_mounts(program, line(tmp_path / "elsewhere", "fuse.sshfs"), tmp_path, "list")
    assert refused.err.startswith(f"tandem: {home.mail} is on a network file system (fuse.sshfs)")


def test_doctor_says_it_as_what_is_wrong(program: Program, home: Home, tmp_path: Path) -> None:
    said = run_with_mounts(program, line(home.mail, "nfs"), tmp_path, "doctor", "--offline")
    assert said.code == 1
    assert f"WRONG store: {home.mail} is on a network file system (nfs)" in said.out


@pytest.mark.parametrize("kind", ["overlay", "tmpfs", "btrfs"])
def test_other_disks_of_this_machine_are_welcome(program: Program, tmp_path: Path, kind: str) -> None:
    for folder in (program.home, program.home / "mail"):
        assert run_with_mounts(program, line(folder, kind), tmp_path, "list").code == 0
