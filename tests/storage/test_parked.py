"""Parked mails in the store: found by what they share, counted by when they came, and kept by every way out of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.conversation import Attachment
from desk.errors import RefusedError
from desk.incoming import Incoming, Place
from desk.parked import Fate, ParkedId, ParkedMail, Settled, Trait
from desk.people import Address, Handle
from storage.shared import SharedStore, open_shared

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
FILE = Attachment("a.pdf", "application/pdf", 3, "f" * 64, 1)


def mail(uid: int = 1, received: datetime = NINE, sender: str = "Loud@X.example", **more: Any) -> ParkedMail:
    read = Incoming(
        message_id=f"<{uid}@x>", sender=Address(sender), likeness="abcd", attachments=(FILE,), files=(b"x",)
    )
    return replace(
        ParkedMail(
            id=ParkedId(0),
            place=Place("support", "INBOX", 1, uid),
            received=received,
            raw=f"{uid:064x}",
            reason="too much",
            read=replace(read, **more),
            at=NINE,
        )
    )


@pytest.fixture
def shared(tmp_path: Path) -> SharedStore:
    return open_shared(tmp_path / "desk.db")


def test_a_mail_comes_back_as_it_was_without_the_contents_of_its_files(shared: SharedStore) -> None:
    added = shared.parked.add(mail())
    assert shared.parked.get(added.id) == replace(added, read=replace(added.read, files=()))
    assert shared.parked.get(ParkedId(99)) is None


def test_mails_are_counted_by_when_they_came_and_what_they_share(shared: SharedStore) -> None:
    for uid, minutes in enumerate((0, 30, 59, 60, 61), 1):
        shared.parked.add(mail(uid, NINE + timedelta(minutes=minutes)))
    shared.parked.add(mail(6, NINE + timedelta(minutes=40), "other@x.example", likeness="", automatic="it says so"))
    until = NINE + HOUR

    def count(trait: Trait | None = None, value: str = "", most: int = 99) -> int:
        return shared.parked.arrived(until - HOUR, until, most, trait, value)

    assert (count(), count(most=2)) == (4, 2)
    assert count(Trait.SENDER, "loud@x.example") == 3
    assert count(Trait.WORDS, "abcd") == 3
    assert count(Trait.DOMAIN, "x.example") == 1
    assert [each.place.uid for each in shared.parked.of_sender(Address("LOUD@x.example"))] == [1, 2, 3, 4, 5]


def test_what_is_settled_waits_no_more_and_counts_no_more(shared: SharedStore) -> None:
    added = shared.parked.add(mail())
    shared.parked.put(replace(added, settled=Settled(Fate.DROPPED, Handle("ana"), NINE)))
    assert (shared.parked.all(), shared.parked.count(), shared.parked.of_sender(added.read.sender)) == ([], 0, [])
    assert shared.parked.arrived(NINE - HOUR, NINE, 9) == 0
    assert len(shared.parked.all(settled=True)) == 1
    assert shared.parked.with_raw(added.raw) is not None
    shared.parked.put(replace(added, settled=Settled(Fate.ACCEPTED, Handle("ana"), NINE)))
    assert shared.parked.with_raw(added.raw) is None
    shared.parked.remove(added.id)
    assert shared.parked.all(settled=True) == []


def test_the_files_of_a_parked_mail_are_needed(shared: SharedStore) -> None:
    shared.parked.add(mail())
    assert [(each.digest, each.name) for each in shared.references()] == [("f" * 64, "a.pdf")]
    assert {"f" * 64, f"{1:064x}"} <= shared.digests()


def test_parked_mails_leave_and_come_back_with_an_export(shared: SharedStore, tmp_path: Path) -> None:
    added = shared.parked.add(mail())
    pieces: list[str] = []
    shared.export(pieces.append)
    exported = tmp_path / "export.json"
    exported.write_text("".join(pieces), "utf-8")
    other = open_shared(tmp_path / "other.db")
    other.import_(exported)
    assert other.parked.get(added.id) == shared.parked.get(added.id)
    assert other.parked.arrived(NINE - HOUR, NINE, 9, Trait.SENDER, "loud@x.example") == 1
    document = json.loads(exported.read_text("utf-8"))
    document["parked"]["1"]["received"] = "yesterday"
    exported.write_text(json.dumps(document), "utf-8")
    with pytest.raises(RefusedError, match="parked/1"):
        other.import_(exported)
