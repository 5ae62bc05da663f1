"""Thousands of broken mails: each is read within its limits, and nothing in what is shown can drive a terminal.

TANDEM_BROKEN says how many, TANDEM_SEED breaks others; `make fuzz` reads a hundred thousand. A failure names its seed
and number.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import msgspec
import pytest

from desk.incoming import Incoming
from desk.safe import DANGEROUS, safe, safe_line
from mail.parse import parse
from mail.reading import WorkerReader
from tests.mail.mutations import mutated, originals

MAILS = int(os.environ.get("TANDEM_BROKEN", "2000"))
SEED = int(os.environ.get("TANDEM_SEED", "1"))
ONE_LINE = ("subject", "base_subject", "message_id", "automatic", "name", "email", "type")


def strings(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in what was read, with the name of its field."""
    if isinstance(value, str):
        yield name, value
    elif is_dataclass(value):
        for each in fields(value):
            yield from strings(getattr(value, each.name), each.name)
    elif isinstance(value, tuple):
        for each in value:
            yield from strings(each, name)


def check(read: Incoming) -> None:
    assert not any(each.startswith("this mail could not be read") for each in read.defects), read.defects
    for name, text in strings(read):
        assert "\0" not in text, name
        text.encode()
        assert not DANGEROUS.search(safe(text)), name
        assert not DANGEROUS.search(safe_line(text)), name
        assert len(safe_line(text).splitlines()) <= 1, name
        if name in ONE_LINE:
            assert len(text.splitlines()) <= 1, name
    for name in (each.name for each in read.attachments):
        assert name, read
        assert not DANGEROUS.search(name), name
        assert "/" not in name, name
        assert len(name.encode()) <= 120, name
    for line in (*read.facts, *read.defects):
        assert line == safe_line(line)
    assert len(read.text) <= 1_000_000


@pytest.mark.timeout(120 + MAILS // 20)
def test_every_broken_mail_is_read_and_nothing_in_it_drives_a_terminal() -> None:
    with WorkerReader() as reader:
        for number in range(MAILS):
            try:
                check(reader.read(mutated(SEED, number)))
            except AssertionError as error:
                error.add_note(f"this was mutated(seed={SEED}, number={number})")
                raise


def test_a_broken_mail_is_the_same_each_time_and_goes_through_the_store_unchanged() -> None:
    for number in range(0, 2000, 50):
        raw = mutated(SEED, number)
        read = parse(raw)
        assert parse(mutated(SEED, number)) == read
        assert msgspec.json.decode(msgspec.json.encode(read), type=Incoming) == read


def test_the_mails_that_are_broken_are_read_whole_as_they_are() -> None:
    for raw in originals()[:11]:
        check(parse(raw))
        assert parse(raw).sender.email == "ann@customer.example"
