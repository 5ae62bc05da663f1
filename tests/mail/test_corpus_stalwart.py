"""The corpus mails of stalwart's mail-parser beside what it makes of them: structure, texts, names and dates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from mail.parse import parse
from tests.mail.trees import CORPUS, Node, differences, tree_of, with_line_feeds

MAILS = sorted(each for folder in ("stalwart-malformed", "stalwart-rfc") for each in (CORPUS / folder).glob("*.eml"))
pytestmark = pytest.mark.skipif(not MAILS, reason=f"the corpus of stalwart's mails is not at {CORPUS}")

Json = Mapping[str, Any]

OUTER = "the boundary of an outer multipart ends the inner one (RFC 2046 5.1.2)"
AS_TEXT = "parts that nothing divides are shown as the text they may be"
SAME = "inner and outer boundary are the same, so the outer one ends the inner multipart; every text is found"
FIRST = "a part with two Content-Type lines is what the first one says"

DEVIATIONS: dict[str, tuple[str, list[str]]] = {
    "stalwart-malformed/000": ("a part that is only a header is a part", ["1: 3 parts, expected 0"]),
    "stalwart-malformed/001": (
        OUTER,
        ["1: 2 parts, expected 1", "1.1: type text/plain, expected multipart/mixed", "1.1: 0 parts, expected 2"],
    ),
    "stalwart-malformed/002": (AS_TEXT, ["1: type text/plain, expected multipart/mixed"]),
    "stalwart-malformed/003": (
        SAME,
        ["1: 2 parts, expected 1", "1.1: type text/plain, expected multipart/mixed", "1.1: 0 parts, expected 1"],
    ),
    "stalwart-malformed/004": (
        "--ab is no line of the boundary a; " + AS_TEXT,
        ["1: type text/plain, expected multipart/mixed", "1: content", "1: 0 parts, expected 1"],
    ),
    "stalwart-malformed/005": (
        "--a---- closes the boundary a--",
        ["1.1: type text/plain, expected multipart/mixed", "1.1: 0 parts, expected 1"],
    ),
    "stalwart-malformed/007": (
        "a boundary may follow a header without an empty line",
        ["1: 1 parts, expected 2", "1.1: 1 parts, expected 0"],
    ),
    "stalwart-malformed/008": (OUTER, ["1: 2 parts, expected 1", "1.1: 1 parts, expected 2"]),
    "stalwart-malformed/009": (OUTER, ["1: 2 parts, expected 1", "1.1.2: content"]),
    "stalwart-malformed/011": (OUTER, ["1: 2 parts, expected 1", "1.1.2: content"]),
    "stalwart-malformed/012": (OUTER, ["1: 2 parts, expected 1", "1.1.2.1: content"]),
    "stalwart-malformed/013": (
        SAME,
        ["1: 7 parts, expected 2", "1.2: type text/plain, expected multipart/mixed", "1.2: 0 parts, expected 2"],
    ),
    "stalwart-malformed/016": (OUTER, ["1: 2 parts, expected 1", "1.1.1: 1 parts, expected 4"]),
    "stalwart-malformed/019": (
        "a mail damaged by a fuzzer, whose boundaries are taken as they stand",
        [
            "1: 9 parts, expected 5",
            "1.4: content",
            "1.5: type text/plain, expected multipart/alternative",
            "1.5: content",
            "1.5: 0 parts, expected 2",
        ],
    ),
    "stalwart-malformed/020": (FIRST, ["1.1: content", "1.1: 1 parts, expected 0"]),
    "stalwart-malformed/021": (FIRST, ["1.1: content", "1.1: 1 parts, expected 0"]),
    "stalwart-malformed/022": (
        "a mail without a header is a mail; its bytes are kept as they are",
        ["1.2: content", "1.2: 1 parts, expected 0"],
    ),
    "stalwart-rfc/004": (
        "what a digest holds is mails unless it says otherwise (RFC 2046 5.1.5)",
        [
            "1.2.1: type message/rfc822, expected text/plain",
            "1.2.2: type message/rfc822, expected text/plain",
        ],
    ),
}
"""Where we differ from stalwart: why, and in what."""

LONE = "a word alone is a mailbox of the server's own users"

HEADS: dict[str, tuple[str, list[str]]] = {
    "stalwart-malformed/019": ("the date is damaged, and no date is better than one made of half of it", ["date"]),
    "stalwart-rfc/001": (LONE, ["from", "to"]),
    "stalwart-rfc/004": (LONE, ["from", "to"]),
}
"""The same for what the head of a mail says."""


def expected(path: Path) -> Json:
    found: Json = json.loads(path.with_suffix(".json").read_text())
    return found


def tree(mail: Json) -> Node:
    return node(mail["parts"], 0)


def node(parts: Sequence[Json], index: int) -> Node:
    part = parts[index]
    body: dict[str, Any] = part["body"]
    kind = content_type(part)
    ((form, value),) = body.items()
    match form:
        case "Multipart":
            return Node(kind, (), b"", tuple(node(parts, each) for each in value))
        case "Message":
            return Node(kind, (), b"", (tree(value),))
        case "Text" | "Html":
            return Node(kind, (), with_line_feeds(value.encode()))
        case _:
            return Node(kind, (), with_line_feeds(bytes(value)))


def content_type(part: Json) -> str:
    named = [each["value"] for each in part["headers"] if each["name"] == "content_type"]
    found = named[0].get("ContentType") if named and isinstance(named[0], dict) else None
    return f"{found['c_type']}/{found['c_subtype']}".lower() if found else "text/plain"


@pytest.mark.parametrize("path", MAILS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_parts_are_those_that_stalwart_finds(path: Path) -> None:
    name = f"{path.parent.name}/{path.stem}"
    found = list(differences(tree_of(path.read_bytes(), as_utf8=True), tree(expected(path))))
    assert found == DEVIATIONS.get(name, ("", []))[1]


def field(mail: Json, name: str) -> Json:
    """The first value of a field of the mail itself, in whatever form stalwart gives it; empty where there is none."""
    found: object = next((each["value"] for each in mail["parts"][0]["headers"] if each["name"] == name), None)
    return found if isinstance(found, dict) else {}


def addresses(value: Json) -> Iterator[tuple[str, str]]:
    found = value.get("Address", {})
    listed = [*found.get("List", []), *(each for group in found.get("Group", []) for each in group["addresses"])]
    return ((each["name"] or "", each["address"] or "") for each in listed)


def moment(value: Json) -> datetime | None:
    if "DateTime" not in value:
        return None
    at = value["DateTime"]
    offset = timedelta(hours=at["tz_hour"], minutes=at["tz_minute"]) * (-1 if at["tz_before_gmt"] else 1)
    day = datetime(at["year"], at["month"], at["day"], at["hour"], at["minute"], at["second"], tzinfo=timezone(offset))
    return day.astimezone(UTC)


@pytest.mark.parametrize("path", MAILS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_head_says_what_stalwart_reads_in_it(path: Path) -> None:
    read, wanted = parse(path.read_bytes()), expected(path)
    found = {
        "from": [(read.sender.name, read.sender.email)][: len(list(addresses(field(wanted, "from"))))],
        "to": [(each.name, each.email) for each in read.to],
        "subject": read.subject,
        "date": read.date,
        "id": None if read.local_id else read.message_id.strip("<>"),
    }
    theirs = {
        "from": list(addresses(field(wanted, "from"))),
        "to": list(addresses(field(wanted, "to"))),
        "subject": " ".join((field(wanted, "subject").get("Text") or "").split()),
        "date": moment(field(wanted, "date")),
        "id": field(wanted, "message_id").get("Text"),
    }
    name = f"{path.parent.name}/{path.stem}"
    assert [each for each in found if found[each] != theirs[each]] == HEADS.get(name, ("", []))[1]
