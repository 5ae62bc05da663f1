"""Every mail of the shared corpus, where it is at hand: broken and hostile mail of other projects' tests."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest

from desk.safe import DANGEROUS
from mail.parse import parse
from mail.reading import WorkerReader

CORPUS = Path(__file__).parents[2].parent / "shared/corpus"
MAILS = sorted(
    each
    for each in CORPUS.rglob("*")
    if each.suffix in (".eml", ".raw", ".msg", ".txt", ".mbox", ".tnef") and "_decoded" not in each.name
)
FOLDERS = sorted({each.relative_to(CORPUS).parts[0] for each in MAILS})
pytestmark = pytest.mark.skipif(not MAILS, reason=f"the corpus of broken mails is not at {CORPUS}")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_mail_is_read_within_bounds(folder: str) -> None:
    for path in MAILS:
        if path.relative_to(CORPUS).parts[0] == folder:
            started = time.process_time()
            read = parse(path.read_bytes())
            assert time.process_time() - started < 2, path
            assert msgspec.json.decode(msgspec.json.encode(read), type=type(read)) == read, path
            assert "\r" not in read.text, path
            for line in (read.subject, read.sender.name, read.sender.email, read.message_id):
                assert len(line.splitlines()) <= 1, path
            for name in (each.name for each in read.attachments):
                assert name, path
                assert not DANGEROUS.search(name), path
                assert "/" not in name, path


def test_the_worker_reads_as_we_do() -> None:
    with WorkerReader() as reader:
        for path in MAILS[::10]:
            raw = path.read_bytes()
            assert reader.read(raw) == parse(raw), path


def test_the_bounces_of_many_systems_name_the_mail_that_came_back() -> None:
    reports = [parse(each.read_bytes()) for each in MAILS if "sisimai" in str(each)]
    assert sum(1 for each in reports if each.bounce_of) >= 130
    assert all(each.automatic for each in reports if each.bounce_of)
