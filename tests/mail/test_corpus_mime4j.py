"""The corpus mails of Apache James Mime4J beside what it makes of them: headers, structure, decoded contents."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from mail.parameters import read_parameters
from tests.mail.trees import CORPUS, Node, differences, tree_of, unfolded, with_line_feeds

FOLDER = CORPUS / "mime4j-testmsgs"
MAILS = sorted(FOLDER.glob("*.msg"))
pytestmark = pytest.mark.skipif(not MAILS, reason=f"the corpus of Mime4J's mails is not at {CORPUS}")

AS_TEXT = "parts that nothing divides are shown as the text they may be"
NO_HEADER = "a line that is no header begins the text, and no word of it is left out"
BLANK = "a boundary never ends in a blank, so that lines which only differ in it are the boundary (RFC 2046 5.1.1)"

DEVIATIONS: dict[str, tuple[str, list[str]]] = {
    "basic-plain-with-bad-header-separator": (NO_HEADER, ["1: content"]),
    "ending-boundaries": (
        "a line with words behind the boundary is no line of the boundary; " + AS_TEXT,
        ["1: type text/plain, expected multipart/mixed", "1: content", "1: 0 parts, expected 1"],
    ),
    "malformedHeader-nocrlfcrlf": (NO_HEADER, ["1: header", "1: content"]),
    "malformedHeader-noheader": (NO_HEADER, ["1: content"]),
    "malformedHeaderStartsBody-nocrlfcrlf": (NO_HEADER, ["1: content"]),
    "malformedHeaderStartsBody-noheader": (NO_HEADER, ["1: content"]),
    "missing-boundary": (AS_TEXT, ["1: type text/plain, expected multipart/alternative", "1: content"]),
    "missing-inner-boundary": (AS_TEXT, ["1.2: type text/plain, expected multipart/alternative", "1.2: content"]),
    "missing-inner-start-boundary": (AS_TEXT, ["1.2: type text/plain, expected multipart/alternative", "1.2: content"]),
    "multipartemptypart": (
        AS_TEXT,
        ["1: type text/plain, expected multipart/mixed", "1: content", "1: 0 parts, expected 1"],
    ),
    "multipartnopart": (AS_TEXT, ["1: type text/plain, expected multipart/mixed", "1: content"]),
    "obsolete": (NO_HEADER, ["1: header", "1: content"]),
    "very-long-boundary": (BLANK, ["1: 2 parts, expected 1", "1.1: content"]),
    "very-very-long-boundary": (BLANK, ["1: 2 parts, expected 1", "1.1: content"]),
    "weird-boundary": (BLANK, ["1: 2 parts, expected 1", "1.1: content"]),
}
"""Where we differ from Mime4J: why, and in what."""


def tree(path: Path) -> Node:
    root = ET.fromstring(path.with_name(f"{path.stem}_decoded.xml").read_bytes())  # noqa: S314 - files of the corpus
    return node(root, "text/plain")


def node(element: ET.Element, default: str) -> Node:
    fields = tuple(split(each.text or "") for each in element.findall("header/field"))
    kind = next((read_parameters(value).value for name, value in fields if name == "content-type"), default) or default
    inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    for body in element:
        match body.tag:
            case "multipart":
                return Node(kind, fields, b"", tuple(node(each, inner) for each in body.findall("body-part")))
            case "message":
                return Node(kind, fields, b"", (node(body, "text/plain"),))
            case "text-body" | "binary-body":
                file = FOLDER / body.attrib["name"]
                return Node(kind, fields, with_line_feeds(file.read_bytes()) if file.exists() else None)
            case _:
                pass
    return Node(kind, fields)


def split(field: str) -> tuple[str, str]:
    name, _, value = field.partition(":")
    return name.strip().lower(), unfolded(value)


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_headers_and_parts_are_those_that_mime4j_finds(path: Path) -> None:
    found = list(differences(tree_of(path.read_bytes()), tree(path)))
    assert found == DEVIATIONS.get(path.stem, ("", []))[1]
