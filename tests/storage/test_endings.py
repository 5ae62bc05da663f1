"""How an attempt ended outlives a store that would not take it, and the process that knew."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from desk.attempts import Attempt, Ending, Limits, RecipientAnswer, Verdict
from desk.conversation import OutboxId
from storage.endings import StoredEndings

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ATTEMPT = Attempt(
    Verdict.SENT,
    "250 tåken",
    sent_as="<new@server.example>",
    recipients=(RecipientAnswer("kim@corp.example", 451, "later"),),
    limits=Limits(1_000, smtputf8=True, dsn=False),
)


def ending(claim: str = "me#1") -> Ending:
    return Ending(OutboxId(7), "<1@acme.example>", "ab" * 32, claim, AT, ATTEMPT)


def test_what_one_process_knew_another_finds_whole(tmp_path: Path) -> None:
    StoredEndings(tmp_path / "endings").keep(ending())
    assert StoredEndings(tmp_path / "endings").all() == [ending()]


def test_nothing_is_made_on_disk_before_something_has_to_be_kept(tmp_path: Path) -> None:
    endings = StoredEndings(tmp_path / "endings")
    assert endings.all() == []
    endings.drop(ending())
    assert list(tmp_path.iterdir()) == []


def test_what_the_store_has_taken_is_gone_for_all(tmp_path: Path) -> None:
    mine, theirs = StoredEndings(tmp_path / "endings"), StoredEndings(tmp_path / "endings")
    mine.keep(ending())
    mine.keep(ending("me#2"))
    theirs.drop(ending())
    mine.drop(ending())
    assert mine.all() == theirs.all() == [ending("me#2")]


def test_where_nothing_can_be_written_it_is_held_in_memory(tmp_path: Path) -> None:
    (tmp_path / "endings").write_text("a file where the folder should be")
    endings = StoredEndings(tmp_path / "endings")
    endings.keep(ending())
    assert endings.all() == [ending()]
    endings.drop(ending())
    assert endings.all() == []


def test_only_whose_desk_it_is_may_read_it_and_what_is_damaged_is_passed_over(tmp_path: Path) -> None:
    endings = StoredEndings(tmp_path / "endings")
    endings.keep(ending())
    [path] = (tmp_path / "endings").iterdir()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    path.with_name("half.ending").write_bytes(path.read_bytes()[:20])
    assert StoredEndings(tmp_path / "endings").all() == [ending()]


def test_the_group_of_a_shared_desk_finds_it_too(tmp_path: Path) -> None:
    tmp_path.chmod(0o2770)
    StoredEndings(tmp_path / "endings").keep(ending())
    [path] = (tmp_path / "endings").iterdir()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o7777) == (0o660, 0o2770)
