"""Files that nothing speaks of go, those that are spoken of or about to be never do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.blobs import LOCK, Blobs
from storage.errors import StoreBusy
from storage.leftovers import KEPT_FOR, Collector, Leftovers
from tests.processes import next_line
from tests.storage.keeping import ROOT


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def blobs(mail: Path) -> Blobs:
    return Blobs(mail)


def aged(path: Path, seconds: float = KEPT_FOR + 60) -> Path:
    """A file as it is so long after it was written."""
    before = time.time() - seconds
    os.utime(path, (before, before))
    return path


def old(blobs: Blobs, data: bytes) -> str:
    digest = blobs.put(data)
    aged(blobs.path(digest))
    return digest


def look(mail: Path, *spoken_of: str) -> Leftovers:
    return Collector(mail).look(set(spoken_of))


def test_only_what_nothing_speaks_of_goes(blobs: Blobs, mail: Path) -> None:
    kept, spare = old(blobs, b"kept"), old(blobs, b"spare")
    collector = Collector(mail)
    found = collector.look({kept})
    assert found == Leftovers(spare=(blobs.path(spare),), size=5)
    collected = collector.collect(found)
    assert (collected.removed, collected.size, collected.failed) == (1, 5, ())
    assert blobs.get(kept) == b"kept"
    assert not blobs.has(spare)
    assert look(mail, kept) == Leftovers()


def test_what_is_younger_than_an_hour_is_counted_and_left(blobs: Blobs, mail: Path) -> None:
    digest = blobs.put(b"just coming in")
    assert look(mail) == Leftovers(young=1)
    aged(blobs.path(digest), KEPT_FOR - 60)
    assert look(mail) == Leftovers(young=1)
    aged(blobs.path(digest), -3 * KEPT_FOR)  # the clock went back meanwhile
    assert look(mail) == Leftovers(young=1)


def test_a_file_that_is_stored_again_is_left_even_if_it_was_found_before(blobs: Blobs, mail: Path) -> None:
    digest = old(blobs, b"again")
    collector = Collector(mail)
    found = collector.look(frozenset[str]())
    blobs.put(b"again")
    assert collector.collect(found).removed == 0
    assert blobs.get(digest) == b"again"


def test_a_file_that_is_stored_again_is_left_though_the_clock_went_back_meanwhile(blobs: Blobs, mail: Path) -> None:
    digest = old(blobs, b"again")
    collector = Collector(mail)
    found = collector.look(frozenset[str]())
    blobs.put(b"again")
    aged(blobs.path(digest), 3 * KEPT_FOR)
    assert collector.collect(found).removed == 0
    assert blobs.get(digest) == b"again"


def test_a_collector_does_not_count_by_a_clock_that_is_ahead_of_the_files(
    blobs: Blobs, mail: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs.put(b"just coming in")
    ahead = time.time() + 2 * KEPT_FOR
    monkeypatch.setattr(time, "time", lambda: ahead)
    assert look(mail) == Leftovers(young=1)


def test_a_file_that_is_old_only_by_now_is_left(blobs: Blobs, mail: Path) -> None:
    """An hour counts from before the store was asked, however long the looking takes."""
    collector = Collector(mail)
    digest = blobs.put(b"committed meanwhile")
    aged(blobs.path(digest), KEPT_FOR - 1)
    time.sleep(1.1)
    assert collector.look(frozenset[str]()) == Leftovers(young=1)


def test_what_was_never_finished_goes(blobs: Blobs, mail: Path) -> None:
    digest = old(blobs, b"kept")
    part = mail / digest[:2] / ".x7f3.part"
    part.write_bytes(b"half")
    assert look(mail, digest) == Leftovers(young=1)
    aged(part)
    collector = Collector(mail)
    found = collector.look({digest})
    assert found == Leftovers(parts=(part,), size=4)
    assert collector.collect(found).removed == 1
    assert blobs.get(digest) == b"kept"


def test_what_is_not_ours_is_named_and_never_touched(blobs: Blobs, mail: Path) -> None:
    digest = old(blobs, b"kept")
    inside = mail / digest[:2]
    strange = [mail / "notes.txt", mail / "zz", inside / "short", inside / ("f" * 61), inside / ("F" * 62)]
    (mail / "zz").mkdir()
    for path in strange:
        if not path.is_dir():
            path.touch()
        aged(path)
    (mail / "zz" / ("a" * 62)).touch()
    (inside / ("0" * 62)).symlink_to("/etc/passwd")
    (inside / ("1" * 62)).mkdir()
    collector = Collector(mail)
    found = collector.look({digest})
    assert set(found.foreign) == {*strange, inside / ("0" * 62), inside / ("1" * 62)}
    assert found.removable == ()
    assert collector.collect(found).removed == 0
    assert all(os.path.lexists(path) for path in found.foreign)


def test_a_folder_that_is_not_there_holds_nothing(mail: Path) -> None:
    assert look(mail) == Leftovers()


def test_somebody_who_puts_files_in_all_the_time_makes_it_give_up(blobs: Blobs, mail: Path) -> None:
    digest = old(blobs, b"spare")
    collector = Collector(mail, patience=0.05)
    found = collector.look(frozenset[str]())
    with working("hold", mail / LOCK), pytest.raises(StoreBusy):
        collector.collect(found)
    assert blobs.has(digest)


@contextmanager
def working(job: str, *arguments: object) -> Generator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.storage.keeping", job, *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert next_line(process) == "ready"
        try:
            yield process
        finally:
            process.kill()


def test_two_who_put_in_and_one_who_collects_lose_nothing_that_is_spoken_of(tmp_path: Path) -> None:
    """Every file is made old as soon as nothing speaks of it, so only the rules of the lock and the time save it."""
    with (
        working("collect", tmp_path) as collecting,
        working("keep", tmp_path, 1, 150) as one,
        working("keep", tmp_path, 2, 150) as two,
    ):
        said = [process.communicate(timeout=60)[0].split() for process in (one, two)]
        removed = int(collecting.communicate("\n", timeout=60)[0])
    assert said == [["0"], ["0"]], "references to files that were missing"
    assert removed > 0
