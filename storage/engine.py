"""The narrow waist under the documents: what a database must offer to hold them, and how a document becomes text.

`storage.sqlite` is the engine there is; one for PostgreSQL offers the same and nothing above it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, NamedTuple, Protocol, cast

import orjson

from storage.errors import Unstorable
from storage.query import Dialect, Predicate
from storage.schema import Schema
from storage.words import TextQuery

_STRICT = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

loads = orjson.loads
"""A document's text as plain dicts, lists and scalars, new each time."""


def dumps(document: Any) -> str:
    """A document as JSON text.

    NUL characters and lone surrogates, which no database keeps alike, become U+FFFD.

    Raises:
        Unstorable: JSON has no form for something in it; datetimes are to come as ISO strings.
    """
    try:
        text = orjson.dumps(document, option=_STRICT)
    except orjson.JSONEncodeError:
        return _encoded(_mended(document))
    return _encoded(_mended(document)) if b"\\u0000" in text else text.decode()


def _encoded(document: Any) -> str:
    try:
        return orjson.dumps(document, option=_STRICT).decode()
    except orjson.JSONEncodeError as error:
        raise Unstorable(f"this document cannot be stored: {error}", "store plain JSON values") from error


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


class Row(NamedTuple):
    """A document as it is stored; `rev` is the store's revision that wrote it."""

    id: int
    rev: int
    body: str


class Change(NamedTuple):
    """One document written or removed.  Revisions are consecutive: each change of a store has the next one."""

    revision: int
    collection: str
    id: int
    operation: Literal["put", "delete"]


class Engine(Protocol):
    """Documents by collection and id, for any number of threads and processes.

    An order is a tuple of paths, each with a leading "-" for descending; documents without the field come last, ties
    are broken by id, and "doc_id" is the id itself.  Every method may raise StorageError.
    """

    @property
    def schema(self) -> Schema: ...

    def dialect(self, collection: str) -> Dialect:
        """How this engine writes conditions on a collection's fields."""
        ...

    def write(self) -> AbstractContextManager[None]:
        """One writer at a time across all processes; commits on leaving, durably, or takes everything back.

        Inside another `write` of the same thread it joins: what was written inside is committed by the outermost, but
        an exception that leaves the inner one takes back what was written inside it, even if the outer one goes on.

        Raises:
            StoreBusy: somebody else kept writing for longer than our patience.
        """
        ...

    def read(self) -> AbstractContextManager[None]:
        """Several reads of one moment.  Inside `write` they are reads of that transaction."""
        ...

    def get(self, collection: str, ids: Iterable[int]) -> list[Row]:
        """The documents with these ids that there are, by id."""
        ...

    def select(
        self,
        collection: str,
        where: Predicate,
        order: tuple[str, ...] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> Iterator[Row]:
        """The documents that the predicate lets through, read as they are asked for."""
        ...

    def ids(
        self,
        collection: str,
        where: Predicate,
        order: tuple[str, ...] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[int]:
        """As `select`, but only the ids."""
        ...

    def values(self, collection: str, path: str, ids: Iterable[int]) -> dict[int, Any]:
        """One scalar field of these documents, by id."""
        ...

    def distinct(self, collection: str, path: str) -> list[Any]:
        """Every different scalar in this field of any document, and in the lists there, in order."""
        ...

    def count(self, collection: str, where: Predicate) -> int:
        """How many documents the predicate lets through."""
        ...

    def matching(self, collection: str, text: TextQuery, limit: int | None, *, newest: bool) -> list[int]:
        """Ids by full text: largest id first (a stream), or best match first (every match is weighed)."""
        ...

    def put(self, collection: str, documents: Sequence[tuple[int, str]]) -> None:
        """Write these (id, JSON text); only inside `write`."""
        ...

    def delete(self, collection: str, ids: Sequence[int]) -> None:
        """Remove these documents, which must exist; only inside `write`."""
        ...

    def next_ids(self, collection: str, count: int) -> range:
        """Take ids that were never used; only inside `write`, and given back if that is taken back."""
        ...

    def restart(self, collection: str) -> None:
        """Let an emptied collection number from 1 again; only inside `write`."""
        ...

    def ensure(self, collection: str) -> None:
        """Make a collection that the schema does not name; only inside `write`."""
        ...

    def collections(self) -> list[str]:
        """The names of all collections there are."""
        ...

    def revision(self) -> int:
        """The revision of the last change, 0 for a new store."""
        ...

    def changes(self, since: int) -> list[Change]:
        """What changed after a revision, oldest first; a first one past `since + 1` means that older ones are gone."""
        ...

    def changed(self) -> bool:
        """Whether anybody but this thread may have committed since this thread last asked; made to be polled."""
        ...

    def prune(self, keep: int) -> None:
        """Forget all but the last `keep` changes; only inside `write`."""
        ...

    def examine(self) -> None:
        """Read everything and check that it hangs together.

        Raises:
            StoreDamaged: it does not; says where.
        """
        ...

    def close(self) -> None:
        """Close every thread's connection.  A second call does nothing."""
        ...
