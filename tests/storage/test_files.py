from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from storage import files
from storage.errors import StoreUnreachable

MOUNTS = """\
22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
23 22 0:5 / /proc rw,nosuid - proc proc rw
40 22 0:40 / /home rw,relatime shared:1 - nfs4 server:/home rw,vers=4.2
41 40 8:2 / /home/local rw - xfs /dev/sdb1 rw
42 22 0:42 / /mnt/two\\040words rw - fuse.sshfs me@host:/ rw
43 22 8:3 / /srv rw - btrfs /dev/sdc1 rw
44 22 0:44 / /srv rw master:2 - cifs //server/share rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/tmp", "ext4"),
        ("/home/mia/desk", "nfs4"),
        ("/homework", "ext4"),
        ("/home/local/desk", "xfs"),
        ("/mnt/two words/desk", "fuse.sshfs"),
        ("/srv", "cifs"),
    ],
)
def test_the_file_system_of_a_path_is_that_of_the_nearest_and_latest_mount(path: str, kind: str) -> None:
    assert files.file_system(Path(path), MOUNTS) == kind


def test_without_a_mount_table_the_file_system_is_not_known() -> None:
    assert not files.file_system(Path("/srv"), "")


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse", "fuse.sshfs", "fuse.rclone", "ceph"])
def test_a_network_file_system_is_refused(kind: str) -> None:
    with pytest.raises(StoreUnreachable, match=rf"network file system \({kind}\)"):
        files.refuse_network(Path("/srv/desk"), f"1 0 8:1 / / rw - {kind} somewhere rw\n")


@pytest.mark.parametrize(
    "kind", ["ext4", "xfs", "btrfs", "tmpfs", "zfs", "overlay", "fuseblk", "fuse.fuse-overlayfs", ""]
)
def test_a_disk_of_this_machine_is_welcome(kind: str) -> None:
    files.refuse_network(Path("/srv/desk"), f"1 0 8:1 / / rw - {kind} somewhere rw\n")


def test_the_folder_of_this_test_is_on_a_disk_of_this_machine(tmp_path: Path) -> None:
    files.refuse_network(tmp_path)


def test_a_link_is_where_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "desk").symlink_to(tmp_path / "share")
    mounts = f"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:9 / {tmp_path}/share rw - nfs4 server:/ rw\n"
    files.refuse_network(tmp_path, mounts)
    for folder in ("desk", "desk/mail", "share"):
        with pytest.raises(StoreUnreachable, match=rf"{folder} is on a network file system \(nfs4\)"):
            files.refuse_network(tmp_path / folder, mounts)


def test_a_disk_with_room_is_not_full(tmp_path: Path) -> None:
    assert not files.is_full(tmp_path)
    assert not files.is_full(tmp_path / "nowhere")


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    file.chmod(0o640)
    files.create_file(file)
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("mine", 0o640)


@pytest.mark.parametrize(("around", "inside"), [(0o2770, 0o2770), (0o700, 0o700), (0o755, 0o700)])
def test_a_folder_is_for_whoever_shares_the_one_around_it(tmp_path: Path, around: int, inside: int) -> None:
    tmp_path.chmod(around)
    assert files.create_folder(tmp_path / "mail")
    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == inside
    assert not files.create_folder(tmp_path / "mail")


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "no space left"),
        (errno.EACCES, "may not be read and written"),
        (errno.EROFS, "disk that may only be read"),
        (errno.ENOENT, "there is no /desk"),
        (errno.EIO, "input/output error"),
    ],
)
def test_what_the_operating_system_refuses_is_one_sentence_and_what_to_do(number: int, sentence: str) -> None:
    error = files.explained(OSError(number, os.strerror(number)), Path("/desk"))
    assert sentence in error.message
    assert error.hint
