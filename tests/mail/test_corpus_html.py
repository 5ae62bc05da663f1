"""Every HTML part of the shared corpus keeps its words when it becomes text, counted by an HTML reader of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from mail.charsets import decode
from mail.defects import Defects
from mail.markup import declared_charset, to_plain
from mail.parts import content, leaves, read_tree
from tests.mail.trees import CORPUS

SUFFIXES = frozenset({".eml", ".raw", ".msg", ".txt", ".mbox"})
MAILS = sorted(each for each in CORPUS.rglob("*") if each.suffix in SUFFIXES and "_decoded" not in each.name)
pytestmark = pytest.mark.skipif(not MAILS, reason=f"the corpus of mails is not at {CORPUS}")

UNFINISHED = "the last tag is not finished, and what stands in it is no text"
DEVIATIONS = {
    "cant_parse_from.eml": UNFINISHED,
    "lhost-gsuite-13.eml": UNFINISHED,
    "calendar-event.eml": "it hides a line from readers (display: none)",
}


class Words(HTMLParser):
    """The words outside of what is never shown."""

    HIDDEN = frozenset({"script", "style", "title", "template", "noscript"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found = Counter[str]()
        self._text: list[str] = []
        self._hidden = 0
        self.feed(html)
        self.close()
        self.found.update(re.findall(r"\w+", "".join(self._text)))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in self.HIDDEN
        self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in self.HIDDEN))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._text.append(data)


def pages(raw: bytes, depth: int = 0) -> Iterator[str]:
    for part in leaves(read_tree(raw, Defects())):
        data = content(part, Defects())
        if part.type.value == "text/html":
            yield decode(data, part.type.get("charset") or declared_charset(data)).text
        elif part.type.value == "message/rfc822" and depth < 5:
            yield from pages(data, depth + 1)


def test_no_layout_loses_words() -> None:
    seen = 0
    for path in MAILS:
        for page in pages(path.read_bytes()):
            seen += 1
            wanted = Words(page).found
            missing = wanted - Counter(re.findall(r"\w+", to_plain(page)))
            is_whole = missing.total() <= 0.05 * wanted.total()
            assert is_whole or path.name in DEVIATIONS, (path, missing.most_common(10))
    assert seen > 500
