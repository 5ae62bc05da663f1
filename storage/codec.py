"""The desk's dataclasses as documents and back.

Times are ISO 8601 in UTC, whole seconds, so that they sort as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from desk.first_use import FIRST_USE
from storage.engine import Row
from storage.json_text import loads

T = TypeVar("T")


def to_document(value: object, **extra: str) -> dict[str, Any]:
    """A dataclass as a document, without its own id (which is the document's), with `extra` fields added."""
    document: dict[str, Any] = loads(msgspec.json.encode(value))
    document.pop("id", None)
    return document | extra


def from_document(kind: type[T], document: Mapping[str, Any], **identity: int) -> T:
    """A dataclass from its document. Fields that this version does not know are left out of it."""
    decoder(kind)
    return msgspec.convert({**document, **identity}, kind)


def from_row(kind: type[T], row: Row) -> T:
    """A dataclass from its document as it is stored, with the row's id: quicker than by way of the document."""
    return decoder(kind).decode(f'{row.body.rstrip()[:-1]},"id":{row.id}}}')


def decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """What reads JSON as a dataclass; made once, by one thread."""
    known: msgspec.json.Decoder[T] | None = _DECODERS.get(kind)
    if known is None:
        with FIRST_USE:
            known = _DECODERS[kind] = msgspec.json.Decoder(kind)
    return known


_DECODERS: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def moment(at: datetime) -> str:
    """A moment as documents hold it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
