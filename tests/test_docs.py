"""What the guide says is what the program does."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.errors import BadQuery
from desk.people import Handle
from desk.views import parse_query
from macros.facts import FIELDS
from tandem.cli import COMMANDS
from tests import keys_page
from tui.keys import Context

ROOT = Path(__file__).parents[1]


def test_the_guide_lists_every_key_with_its_words() -> None:
    guide = keys_page.PAGE.read_text("utf-8")
    assert set(re.findall(r"<!-- keys: (\w+) -->", guide)) == {each.value for each in Context}
    assert guide == keys_page.page(guide), "make keys"


def test_the_guide_names_what_macros_can_say() -> None:
    guide = (ROOT / "docs/guide/macros.md").read_text("utf-8")
    missing = [name for name in FIELDS if not all(f"`{part}`" in guide for part in name.split("."))]
    assert missing == []


def test_the_guide_names_only_commands_that_exist() -> None:
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")]
    used = {word for each in documents for word in re.findall(r"[`\n]tandem ([a-z]+)\b", each.read_text("utf-8"))}
    assert {"sync", "list", "reply", "init", "demo"} <= used <= set(COMMANDS)


def test_the_guide_tells_every_key_of_a_search_with_queries_that_can_be_read() -> None:
    guide = (ROOT / "docs/guide/search.md").read_text("utf-8")
    shown = re.findall(r"`([a-z]+:[^`]+)`", guide)
    shown += [line.partition("   ")[0] for line in guide.split("```")[1].strip().splitlines()]
    now = datetime(2026, 11, 20, tzinfo=UTC)
    for query in shown:
        parse_query(query, me=Handle("ana"), now=now)
    with pytest.raises(BadQuery) as caught:
        parse_query("colour:red", me=None, now=now)
    assert set(re.findall(r"\w+:", caught.value.hint)) - {"known:"} <= set(re.findall(r"\w+:", " ".join(shown)))
    for key in ("is", "has"):
        with pytest.raises(BadQuery) as caught:
            parse_query(f"{key}:odd", me=None, now=now)
        assert {f"{key}:{value}" for value in caught.value.hint.removeprefix("known: ").split()} <= set(shown)


def test_links_in_the_documents_lead_somewhere() -> None:
    for document in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
