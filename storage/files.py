"""What the store asks of the file system: modes for a folder that a group shares, durable folders, a local disk.

A desk that several Unix users share is a group-writable folder with the setgid bit (2770), so that what anybody
creates belongs to the group.  Our files there are group-writable whatever the umask says; elsewhere they are private.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from storage.errors import StorageError, StoreUnreachable

_NETWORKED = re.compile(
    r"nfs\d*|cifs|smb\d*|smbfs|9p|afs|ceph|glusterfs|lustre|beegfs|ncpfs|coda|davfs|fuse(\.(?!fuse-overlayfs).*)?"
)
_SMALL = 64 * 1024
_MOUNTS = Path("/proc/self/mountinfo")
_OCTAL = re.compile(r"\\([0-7]{3})")


def is_shared(folder: Path) -> bool:
    """Whether a group writes in this folder."""
    return bool(folder.stat().st_mode & stat.S_IWGRP)


def file_mode(folder: Path) -> int:
    """The mode for a new file in this folder: 0660 where a group writes, else 0600."""
    return 0o660 if is_shared(folder) else 0o600


def create_file(path: Path) -> None:
    """Make an empty file, or leave the one that is there alone."""
    mode = file_mode(path.parent)
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, mode)
        try:
            os.fchmod(descriptor, mode)  # past the umask
        finally:
            os.close(descriptor)


def create_folder(path: Path) -> bool:
    """Make a folder for whoever shares the one around it; false when it is there already."""
    try:
        path.mkdir()
    except FileExistsError:
        return False
    path.chmod(0o2770 if is_shared(path.parent) else 0o700)
    return True


def read_regular(path: Path) -> bytes:
    """The bytes of a file; whatever else has its name is not waited for: a pipe may never answer.

    Raises:
        OSError: it cannot be read.
        StoreUnreachable: it is no file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise StoreUnreachable(f"{path} is no file", "bring it back from a backup")
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def sync_file(path: Path) -> None:
    """Put a file's bytes on disk, whoever wrote them."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Put a folder's names on disk: what was created or renamed in it survives a power failure."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_full(folder: Path) -> bool:
    """Whether the disk of a folder has no room for even a small file."""
    try:
        room = os.statvfs(folder)
    except OSError:
        return False
    has_names = room.f_favail > 0 or room.f_files == 0  # some file systems make inodes as they go, and count none
    return room.f_bavail * room.f_frsize < _SMALL or not has_names


def refuse_network(folder: Path, mountinfo: str | None = None) -> None:
    """Make sure that a folder is on a disk of this machine, by its table of mounts (proc(5); without one, all are).

    Raises:
        StoreUnreachable: it is on a network file system, whose locks and shared memory do not hold between machines.
    """
    if mountinfo is None:
        mountinfo = _MOUNTS.read_text(errors="surrogateescape") if _MOUNTS.exists() else ""
    kind = file_system(folder.resolve(), mountinfo)
    if _NETWORKED.fullmatch(kind):
        raise StoreUnreachable(
            f"{folder} is on a network file system ({kind}), where a shared store would break",
            "put the desk on a local disk of the machine that all agents log in to",
        )


def refuse_read_only(path: Path) -> None:
    """Make sure that a file and its folder can be written: SQLite would leave files there that nobody else can write.

    Raises:
        StoreUnreachable: they cannot, by us.
    """
    for each in (path.parent, path):
        if not os.access(each, os.R_OK | os.W_OK):
            raise explained(PermissionError(errno.EACCES, "", str(each)), each)


def file_system(path: Path, mountinfo: str) -> str:
    """The type of the file system that an absolute path is on, read from a mountinfo table (proc(5)); or ""."""
    best, kind = -1, ""
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        mount = Path(_OCTAL.sub(lambda match: chr(int(match[1], 8)), before.split(" ")[4]))
        if path.is_relative_to(mount) and len(mount.parts) >= best:  # a later mount hides an earlier one
            best, kind = len(mount.parts), after.split(" ")[0]
    return kind


def explained(error: OSError, path: Path) -> StorageError:
    """An operating system's refusal in one sentence, about the file that it names or else about this one."""
    where = error.filename or path
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return StoreUnreachable(f"there is no space left for {where}", "make room on the disk, then try again")
        case errno.EROFS:
            return StoreUnreachable(f"{where} is on a disk that may only be read", "mount the disk for writing")
        case errno.EACCES | errno.EPERM:
            return StoreUnreachable(f"{where} may not be read and written by you", "check its owner, group and mode")
        case errno.ENOENT | errno.ENOTDIR:
            return StoreUnreachable(f"there is no {where}", "`tandem init` makes a desk")
        case _:
            reason = (error.strerror or str(error)).lower()
            return StoreUnreachable(f"{where} cannot be used: {reason}", "`tandem doctor` looks closer")
