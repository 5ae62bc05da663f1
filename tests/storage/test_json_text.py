from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from storage.errors import StorageError, Unstorable
from storage.json_text import dumps, loads


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"a": [1, 2.5, None, True, "é", {"b": "\u2028"}]},
        {"path": "C:\\u0000", "text": '\\"\\\\u0000'},
        {"number": 2**63 - 1},
    ],
)
def test_a_document_comes_back_as_it_was(document: dict[str, object]) -> None:
    assert loads(dumps(document)) == document


@pytest.mark.parametrize(
    ("odd", "mended"),
    [
        ({"subject": "a\0b"}, {"subject": "a\ufffdb"}),
        ({"na\0me": [{"deep": ("\0",)}]}, {"na\ufffdme": [{"deep": ["\ufffd"]}]}),
        ({"subject": "\ud800 lone \udcff", "fine": "😀"}, {"subject": "\ufffd lone \ufffd", "fine": "😀"}),
    ],
)
def test_characters_that_no_database_keeps_alike_become_replacement_characters(
    odd: dict[str, object], mended: dict[str, object]
) -> None:
    assert loads(dumps(odd)) == mended


@dataclass
class Money:
    amount: int


@pytest.mark.parametrize(
    "value",
    [
        *(datetime(2026, 1, 1, tzinfo=UTC), Money(1), {1, 2}, 2**70, {1: "a"}, b"bytes"),
        *(float("nan"), [None, {"deep": (float("-inf"),)}], [float("inf"), "\0"]),
    ],
)
def test_a_value_that_json_has_no_form_for_is_refused_in_words(value: object) -> None:
    with pytest.raises(Unstorable, match="cannot be stored") as caught:
        dumps({"value": value})
    assert isinstance(caught.value, StorageError)


@pytest.mark.parametrize("odd", ["", "\0", float("nan"), "\ud800"], ids=["plain", "NUL", "NaN", "surrogate"])
@pytest.mark.parametrize("depth", [300, 5_000])
def test_what_is_nested_too_deeply_is_unstorable(depth: int, odd: object) -> None:
    document = odd
    for level in range(depth):
        document = {"within": document} if level % 2 else [document]
    with pytest.raises(Unstorable, match="cannot be stored"):
        dumps(document)
