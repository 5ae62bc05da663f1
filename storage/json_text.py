"""How a document becomes text that every database keeps alike, and a document again."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, cast

import orjson

from storage.errors import Unstorable

_STRICT = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
_SURELY_FINE = frozenset({str, int, bool, type(None)})
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

loads = orjson.loads
"""A document's text as plain dicts, lists and scalars, new each time."""


def dumps(document: Any) -> str:
    """A document as JSON text.

    NUL characters and lone surrogates, which no database keeps alike, become U+FFFD.

    Raises:
        Unstorable: JSON has no form for something in it, or it is nested too deeply; datetimes are to come as ISO
            strings.
    """
    try:
        return _text(document)
    except RecursionError as error:
        raise Unstorable("this document cannot be stored: it is nested too deeply", "store flatter values") from error


def _text(document: Any) -> str:
    try:
        text = orjson.dumps(document, option=_STRICT)
    except orjson.JSONEncodeError:
        return _encoded(_mended(document))
    if b"\\u0000" in text:
        return _encoded(_mended(document))
    _refuse_no_numbers(document, text)
    return text.decode()


def _encoded(document: Any) -> str:
    try:
        text = orjson.dumps(document, option=_STRICT)
    except orjson.JSONEncodeError as error:
        raise Unstorable(f"this document cannot be stored: {error}", "store plain JSON values") from error
    _refuse_no_numbers(document, text)
    return text.decode()


def _refuse_no_numbers(document: Any, text: bytes) -> None:
    """NaN and infinity, of which orjson makes null without a word."""
    if b"null" in text and _hold_no_number((document,)):
        raise Unstorable("this document cannot be stored: it holds NaN or infinity", "store plain JSON values")


def _hold_no_number(values: Iterable[Any]) -> bool:
    for each in values:  # noqa: SIM110  every document that is written passes here, and `any` takes twice as long
        if type(each) not in _SURELY_FINE and _is_no_number(each):
            return True
    return False


def _is_no_number(value: Any) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, dict):
        return _hold_no_number(cast("dict[str, Any]", value).values())
    return isinstance(value, (list, tuple)) and _hold_no_number(cast("Sequence[Any]", value))


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\0", _REPLACEMENT)
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return {_mended(key): _mended(each) for key, each in fields.items()}
    if isinstance(value, (list, tuple)):
        return [_mended(each) for each in cast("Sequence[Any]", value)]
    return value
