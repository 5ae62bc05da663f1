"""Every mail of the shared corpus, where it is at hand: broken and hostile mail of other projects' tests."""

from __future__ import annotations

import re
import time
from pathlib import Path

import msgspec
import pytest

from desk.safe import DANGEROUS
from mail.defects import Defects
from mail.parse import parse
from mail.parts import content, leaves, read_tree
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


BOUNCES = [each for each in MAILS if "sisimai" in str(each)]

NOT_BOUNCES = {
    "arf-": "complaints about spam: nothing came back",
    "rfc3834-": "notes of absence",
    "lhost-amazonses-09": "JSON of a notification service, not a mail of a mail system",
    "lhost-amazonses-11": "likewise",
    "lhost-amazonses-13": "likewise",
    "lhost-apachejames-01": "sent under a name of its own, with the subject of an answer",
    "lhost-fml-03": "a mailing list's own alarm",
    "lhost-kddi-01": "its sender is no-reply, as any shop's: automatic, but no proof that a mail came back",
}
"""What is not read as a returned mail, and why; each is automatic by another sign, but for those below."""

TAKEN_FOR_PEOPLE = {"arf-23", "lhost-apachejames-01", "lhost-fml-03"}
"""Written under names and subjects that people could have: a complaint without its report, and the two above."""

IDS_NOT_READ = {
    "arf-23": "nothing but its words says that it is a complaint",
    "lhost-fml-03": "no bounce",
    "lhost-kddi-01": "no bounce",
    "lhost-postfix-09": "the id has no brackets and no @",
}


def test_the_bounces_of_many_systems_say_who_was_not_reached_why_and_which_mail_it_was() -> None:
    reads = {each.stem: parse(each.read_bytes()) for each in BOUNCES}
    told = {name: read for name, read in reads.items() if read.deliveries}
    assert {name for name in reads if name not in told and not name.startswith(tuple(NOT_BOUNCES))} == set()
    assert {name for name, read in reads.items() if read.automatic is None} == TAKEN_FOR_PEOPLE
    assert not any(read.is_doubtful for read in told.values())
    assert all(all(each.recipient for each in read.deliveries) for read in told.values())
    assert sum(all(each.status for each in read.deliveries) for read in told.values()) >= 0.87 * len(told)


def test_every_bounce_that_holds_the_id_of_the_returned_mail_is_matched_by_it() -> None:
    unread = {each.stem for each in BOUNCES if not parse(each.read_bytes()).bounce_of and holds_an_id(each)}
    assert unread == set(IDS_NOT_READ)


def holds_an_id(path: Path) -> bool:
    """Whether there is an id anywhere below a mail's own header."""
    body = re.split(rb"\r?\n\r?\n", path.read_bytes(), maxsplit=1)[1]
    return re.search(rb"message-id: ?\S", body, re.IGNORECASE) is not None


def test_a_mail_inside_a_mail_is_a_piece_of_its_bytes() -> None:
    seen = 0
    for path in MAILS:
        raw = path.read_bytes()
        for part in leaves(read_tree(raw, Defects())):
            if part.type.value.startswith("message/") and not part.headers.raw("content-transfer-encoding"):
                seen += 1
                assert content(part, Defects()) in raw, path
    assert seen > 200


def test_every_mail_is_read_by_the_worker_within_its_limits() -> None:
    with WorkerReader() as reader:
        for path in MAILS:
            read = reader.read(path.read_bytes())
            assert not any(each.startswith("this mail could not be read") for each in read.defects), path
