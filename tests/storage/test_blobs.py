from __future__ import annotations

import hashlib
import os
import resource
import stat
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.blobs import LOCK, Blobs
from storage.errors import StoreBusy, StoreDamaged, StoreUnreachable
from storage.folder_lock import FolderLock

MAIL = b"Subject: hello\r\n\r\n\x00\xff bytes as they came"
DIGEST = hashlib.sha256(MAIL).hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "mail")


def names(folder: Path) -> list[str]:
    """All files but the lock."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != LOCK]
    return sorted(str(path.relative_to(folder)) for path in files)


def test_bytes_are_kept_under_their_digest(blobs: Blobs, tmp_path: Path) -> None:
    assert blobs.put(MAIL) == DIGEST
    assert blobs.get(DIGEST) == MAIL
    assert names(tmp_path) == [f"mail/{DIGEST[:2]}/{DIGEST[2:]}"]
    assert blobs.path(DIGEST) == tmp_path / "mail" / DIGEST[:2] / DIGEST[2:]


def test_storing_again_leaves_the_file_and_makes_it_new(blobs: Blobs) -> None:
    blobs.put(MAIL)
    before = blobs.path(DIGEST).stat().st_ino
    os.utime(blobs.path(DIGEST), (0, 0))
    started = time.time()
    assert blobs.put(MAIL) == DIGEST
    after = blobs.path(DIGEST).stat()
    assert after.st_ino == before
    assert after.st_mtime > started - 60


def test_nothing_is_put_in_while_somebody_takes_out_and_the_wait_ends(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "mail", patience=0.05)
    blobs.put(MAIL)
    with FolderLock(tmp_path / "mail" / LOCK).alone(), pytest.raises(StoreBusy, match=r"locked for 0\.05 seconds"):
        blobs.put(b"another")
    with FolderLock(tmp_path / "mail" / LOCK).shared():
        blobs.put(b"another")


def test_many_are_stored_in_their_order_and_twins_once(blobs: Blobs, tmp_path: Path) -> None:
    data = [f"mail {number % 150}".encode() for number in range(250)] + [b""]
    digests = blobs.put_many(data)
    assert digests == [hashlib.sha256(each).hexdigest() for each in data]
    assert [blobs.get(each) for each in digests] == data
    assert len(names(tmp_path)) == 151
    assert blobs.put_many([]) == []


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["a pipe", "a folder"])
def test_what_has_the_name_of_a_file_and_is_none_is_told_at_once(blobs: Blobs, make: Callable[[Path], None]) -> None:
    digest = blobs.put(b"whole")
    blobs.path(digest).unlink()
    make(blobs.path(digest))
    with pytest.raises(StoreUnreachable, match="is no file"):
        blobs.get(digest)


def test_what_is_missing_is_told(blobs: Blobs) -> None:
    assert not blobs.has(DIGEST)
    with pytest.raises(StoreDamaged, match="is missing"):
        blobs.get(DIGEST)
    blobs.put(MAIL)
    assert blobs.has(DIGEST)


@pytest.mark.parametrize("damage", [b"", MAIL[:-1], MAIL + b" ", MAIL.replace(b"hello", b"hullo")])
def test_what_is_damaged_is_told_and_mended_by_storing_it_again(blobs: Blobs, damage: bytes) -> None:
    blobs.put(MAIL)
    blobs.path(DIGEST).write_bytes(damage)
    with pytest.raises(StoreDamaged, match="not what was written"):
        blobs.get(DIGEST)
    blobs.put(MAIL)
    assert blobs.get(DIGEST) == MAIL


@pytest.mark.parametrize(
    "name", ["abc", "../../../../etc/passwd", DIGEST.upper(), DIGEST + "0", DIGEST[:-1] + "g", DIGEST + "\n"]
)
def test_a_name_that_is_no_digest_is_refused(blobs: Blobs, name: str) -> None:
    for ask in (blobs.path, blobs.get, blobs.has):
        with pytest.raises(ValueError, match="no sha256"):
            ask(name)


def test_a_mail_that_was_erased_has_no_bytes_and_says_so(blobs: Blobs) -> None:
    with pytest.raises(StoreDamaged, match="not kept"):
        blobs.get("")


def test_files_go_for_good_but_for_those_that_are_still_needed(blobs: Blobs) -> None:
    first, second = blobs.put_many([b"one", b"two"])
    assert blobs.remove([first, second, DIGEST], lambda: {second}) == 1
    assert not blobs.has(first)
    assert blobs.get(second) == b"two"


@pytest.mark.parametrize(("around", "folder", "file"), [(0o2770, 0o2770, 0o660), (0o700, 0o700, 0o600)])
def test_mail_is_for_whoever_shares_the_desk(tmp_path: Path, around: int, folder: int, file: int) -> None:
    tmp_path.chmod(around)
    blobs = Blobs(tmp_path / "mail")
    before = os.umask(0o027)
    blobs.put(MAIL)
    os.umask(before)
    path = blobs.path(DIGEST)
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path.parent.parent, path.parent, path)]
    assert modes == [folder, folder, file]


def test_a_desk_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match="there is no"):
        Blobs(tmp_path / "nowhere" / "mail").put(MAIL)


@contextmanager
def room_for(size: int) -> Generator[None]:
    """Let no file of this process grow past so many bytes."""
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


def test_nothing_is_left_behind_when_a_disk_has_no_room(blobs: Blobs, tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match=r"mail cannot be used: file too large"), room_for(1_000):
        blobs.put_many([MAIL, b"x" * 5_000])
    assert names(tmp_path) == []
    assert blobs.put(MAIL) == DIGEST


def test_a_folder_in_the_place_of_a_mail_is_told(blobs: Blobs) -> None:
    blobs.path(DIGEST).mkdir(parents=True)
    with pytest.raises(StoreUnreachable, match=r"mail.* is no file"):
        blobs.put(MAIL)
    assert not blobs.has(DIGEST)
