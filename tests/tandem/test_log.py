"""The log: kept small, open to the same people as the desk, and never in the way."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.errors import StoreDamaged
from tandem.log import close_log, open_log
from tandem.paths import Home

log = logging.getLogger("tandem.test")


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    close_log()
    yield
    close_log()


def test_what_happens_is_written_down(home: Home) -> None:
    open_log(home.log)
    log.info("a round is over")
    log.debug("a detail")
    assert "tandem.test INFO a round is over" in home.log.read_text()
    assert "a detail" not in home.log.read_text()


def test_a_record_is_one_line_that_no_terminal_obeys(home: Home) -> None:
    open_log(home.log)
    log.warning("support, %s: numbered anew", "Sent\x1b]0;owned\x07\n2026-11-22 12:00:00,000 1 tandem INFO all is well")
    written = home.log.read_text()
    assert written.count("\n") == 1
    assert "\x1b" not in written
    assert "numbered anew" in written


def test_details_are_written_down_when_asked_for(home: Home) -> None:
    open_log(home.log, debug=True)
    log.debug("a detail")
    assert "a detail" in home.log.read_text()


def test_nothing_happened_leaves_no_file(home: Home) -> None:
    open_log(home.log)
    assert not home.log.exists()


@pytest.mark.parametrize(("folder", "file"), [(0o700, 0o600), (0o2770, 0o660)])
def test_the_file_is_open_to_those_whose_desk_it_is(home: Home, folder: int, file: int) -> None:
    home.log.parent.chmod(folder)
    before = os.umask(0o077)
    try:
        open_log(home.log)
        log.info("hello")
    finally:
        os.umask(before)
    assert stat.S_IMODE(home.log.stat().st_mode) == file


def test_the_folder_is_made_where_it_is_missing(home: Home) -> None:
    home.log.parent.rmdir()
    open_log(home.log)
    log.info("hello")
    assert "hello" in home.log.read_text()


def test_it_stays_below_four_megabytes(home: Home) -> None:
    open_log(home.log)
    for _ in range(60):
        log.info("x" * 100_000)
    files = list(home.log.parent.iterdir())
    assert len(files) == 4
    assert sum(each.stat().st_size for each in files) < 4_000_000


def raise_for(subject: str, sender: str) -> None:
    try:
        dict[str, str]()[subject]
    except KeyError as error:
        raise ValueError(f"{subject} of {sender}") from error


@pytest.mark.breaks
def test_where_an_error_came_from_is_in_it_and_none_of_its_words(home: Home) -> None:
    subject, sender = "Refund for my divorce", "dana@corp.example"
    open_log(home.log)
    try:
        raise_for(subject, sender)
    except ValueError:
        log.exception("it broke")
    written = home.log.read_text()
    assert "it broke" in written
    assert "in raise_for" in written
    assert ("KeyError" in written, "ValueError" in written) == (True, True)
    assert "divorce" not in written
    assert "dana" not in written


@pytest.mark.breaks
def test_words_of_the_system_and_of_the_store_are_in_it(home: Home) -> None:
    open_log(home.log)
    for error in (OSError(5, "Input/output error", "dana@corp.example.pdf"), StoreDamaged("desk.db is damaged")):
        log.error("it broke", exc_info=error)
    written = home.log.read_text()
    assert "OSError: Input/output error\n" in written
    assert "StoreDamaged: desk.db is damaged\n" in written
    assert "dana" not in written


@pytest.mark.parametrize("words", ["login of {} refused", "<{}>: no", "“{}”,", "user={};", "({})"])
def test_addresses_are_left_out(home: Home, words: str) -> None:
    open_log(home.log)
    log.info("%s", words.format("dana.petrova+x@corp.example"))
    written = home.log.read_text()
    assert words.format("…@…") in written
    assert "dana" not in written


def test_opened_twice_it_writes_once(home: Home) -> None:
    open_log(home.log)
    open_log(home.log)
    log.info("hello")
    assert home.log.read_text().count("hello") == 1


@pytest.mark.parametrize("place", ["file/log/tandem.log", "nowhere/log/tandem.log"])
def test_where_none_can_be_written_there_is_none_and_nobody_is_bothered(
    tmp_path: Path, place: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    open_log(tmp_path / place)
    log.error("hello")
    close_log()
    log.error("before any desk is open")
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_bothers_nobody(home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    home.log.symlink_to("/dev/full")
    open_log(home.log)
    log.error("hello")
    assert capfd.readouterr() == ("", "")
