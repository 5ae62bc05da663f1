"""A file that gets its name when it is whole."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.new_file import new_file, private_mode, replace_whole
from tests.processes import heard

WRITE_AND_WAIT = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from storage.new_file import new_file
from tests.processes import heard
with new_file(Path(sys.argv[1]), 0o600) as file:
    file.write(b"half")
    print("written", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_has_its_name_and_its_mode_when_it_is_whole(tmp_path: Path) -> None:
    umask = os.umask(0o077)
    try:
        with new_file(tmp_path / "export", 0o660) as file:
            file.write(b"first")
            assert not (tmp_path / "export").exists()
    finally:
        os.umask(umask)
    assert (tmp_path / "export").read_bytes() == b"first"
    assert stat.S_IMODE((tmp_path / "export").stat().st_mode) == 0o660
    assert names(tmp_path) == ["export"]


def write_half(path: Path) -> None:
    with new_file(path, 0o600) as file:
        file.write(b"half")
        raise KeyboardInterrupt


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_half(tmp_path / "export")
    assert names(tmp_path) == []


def test_what_is_there_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "export").write_bytes(b"mine")
    with pytest.raises(FileExistsError), new_file(tmp_path / "export", 0o600):
        pytest.fail("it was begun")
    with pytest.raises(FileExistsError), new_file(tmp_path / "other", 0o600):
        (tmp_path / "other").symlink_to("nowhere")  # somebody else was faster
    assert (tmp_path / "export").read_bytes() == b"mine"
    assert (tmp_path / "other").is_symlink()
    assert names(tmp_path) == ["export", "other"]


def test_what_a_killed_process_left_goes_and_what_another_writes_stays(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITE_AND_WAIT, str(tmp_path / "theirs")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert heard(writer, writer.stdout) == b"written\n"
        with new_file(tmp_path / "ours", 0o600):
            assert len(names(tmp_path)) == 2
        writer.send_signal(signal.SIGKILL)
    assert len(names(tmp_path)) == 2
    with new_file(tmp_path / "second", 0o600):
        pass
    assert names(tmp_path) == ["ours", "second"]


class TestReplacing:
    def test_the_mode_is_the_one_asked_for_whatever_was_there(self, tmp_path: Path) -> None:
        (tmp_path / "settings").write_bytes(b"something longer")
        (tmp_path / "settings").chmod(0o644)
        umask = os.umask(0o777)
        try:
            replace_whole(tmp_path / "settings", b"new", 0o660)
        finally:
            os.umask(umask)
        assert (tmp_path / "settings").read_bytes() == b"new"
        assert stat.S_IMODE((tmp_path / "settings").stat().st_mode) == 0o660
        assert names(tmp_path) == ["settings"]

    def test_writers_do_not_take_each_others_parts_away(self, tmp_path: Path) -> None:
        """Also where names are alike but for their ends."""

        def write(number: int) -> None:
            for _ in range(30):
                replace_whole(tmp_path / f"secret.{number % 2}", b"%d" % number * 100_000, 0o600)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(4)))
        assert names(tmp_path) == ["secret.0", "secret.1"]
        assert (tmp_path / "secret.0").read_bytes() in (b"0" * 100_000, b"2" * 100_000)
        assert (tmp_path / "secret.1").read_bytes() in (b"1" * 100_000, b"3" * 100_000)

    def test_a_failure_leaves_what_was_there_and_nothing_else(self, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        with pytest.raises(IsADirectoryError):
            replace_whole(tmp_path / "folder", b"new", 0o600)
        assert names(tmp_path) == ["folder"]

    def test_what_a_killed_process_left_goes(self, tmp_path: Path) -> None:
        command = [sys.executable, "-c", WRITE_AND_WAIT, str(tmp_path / "theirs")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
            assert heard(writer, writer.stdout) == b"written\n"
            writer.send_signal(signal.SIGKILL)
        assert len(names(tmp_path)) == 1
        replace_whole(tmp_path / "ours", b"new", 0o600)
        assert names(tmp_path) == ["ours"]


@pytest.mark.parametrize(
    ("desk", "folder", "mode"),
    [(0o700, 0o700, 0o600), (0o2770, 0o2770, 0o660), (0o2770, 0o755, 0o600), (0o700, 0o2770, 0o600)],
)
def test_only_the_group_of_a_shared_desk_may_have_its_content(
    tmp_path: Path, desk: int, folder: int, mode: int
) -> None:
    for name, its_mode in (("desk", desk), ("folder", folder)):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(its_mode)
    assert private_mode(tmp_path / "folder", tmp_path / "desk") == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another group")
def test_another_group_gets_nothing(tmp_path: Path) -> None:
    for name, group in (("desk", 61001), ("folder", 61002)):
        (tmp_path / name).mkdir()
        os.chown(tmp_path / name, -1, group)
        (tmp_path / name).chmod(0o2770)
    assert private_mode(tmp_path / "folder", tmp_path / "desk") == 0o600
