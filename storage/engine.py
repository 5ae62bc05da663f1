"""The narrow waist under the documents: what a database must offer to hold them.

`storage.sqlite` is the engine there is; one for PostgreSQL offers the same and nothing above it changes.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from storage.predicate import Dialect, Predicate
from storage.schema import Schema
from storage.words import TextQuery


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
            StoreTooNew, StoreReplaced: it is another one than was opened.
        """
        ...

    @property
    def is_writing(self) -> bool:
        """Whether this thread is inside `write`."""
        ...

    def writer(self) -> str:
        """Which other process keeps us from writing just now, in words; empty where none does, or nobody knows."""
        ...

    def insist(self, goes_on: Callable[[], bool]) -> None:
        """Let this thread from now on wait for its turn to write, whoever keeps the store, while `goes_on` says so."""
        ...

    def refuse_outdated(self) -> None:
        """Go on only while the store is the one that was opened, in the version that it had; some microseconds.

        Raises:
            StoreTooNew: a newer Tandem upgraded it since.
            StoreReplaced: another file was put in its place.
        """
        ...

    def read(self) -> AbstractContextManager[None]:
        """Several reads of one moment.  Inside `write` they are reads of that transaction."""
        ...

    def rest(self) -> None:
        """Leave the memory and the connection of this thread to the next one that asks; it holds no transaction."""
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
    ) -> array[int]:
        """As `select`, but only the ids, in eight bytes each."""
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
        """Ids by full text: largest owner and id first (a stream), or best match first (every match is weighed)."""
        ...

    def owners(self, collection: str, text: TextQuery, limit: int | None) -> list[int]:
        """Which documents own what full text finds (what it finds, where nothing has an owner); a stream, each once."""
        ...

    def saying_all(self, said: Sequence[Sequence[tuple[str, TextQuery]]], limit: int | None) -> list[int]:
        """Which documents say, or own what says, all of these, each in one of some collections; each any times."""
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

    def upcoming(self, collection: str) -> int:
        """The id that `next_ids` would take next."""
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

    def prune(self, keep: int) -> None:
        """Forget all but the last `keep` changes; only inside `write`."""
        ...

    def examine(self) -> None:
        """Read everything and check that it hangs together.

        Raises:
            StoreDamaged: it does not; says where.
        """
        ...

    def strangers(self) -> list[str]:
        """The names of what acts by itself inside the store and that no Tandem made."""
        ...

    def scrub(self) -> None:
        """Write everything anew, so that no bytes of removed documents and words are left in the store's files.

        Raises:
            StoreBusy: somebody reads or writes for longer than our patience.
        """
        ...

    def rebuild(self) -> None:
        """Make indexes, full text and missing columns anew from the documents, in one transaction."""
        ...

    def copy_to(self, target: Path) -> None:
        """Write the store, as it is at one moment, into a new file; others may write meanwhile.

        The file has its name once it is whole, checked and on disk.

        Raises:
            StorageError: there is such a file already, or this thread is inside a transaction.
            StoreDamaged: the store is damaged, so no copy of it was made.
            StoreUnreachable: the target cannot be written.
        """
        ...

    def become(self, source: Path, first: Callable[[], object] = lambda: None) -> None:
        """Take on the content of a store in a file, whole or not at all; all who have this store open see it at once.

        `first` is called when everything is ready and nobody can write any more: the last moment to keep what there
        is, or to raise, and nothing is touched.

        A file of an older version is brought up to date on the way.  Revisions and ids go on past both stores', and
        the feed begins anew, so that nothing that was seen before is mistaken for what is there now.

        Raises:
            StorageError: this thread is inside a transaction or a snapshot.
            StoreTooNew, StoreDamaged, StoreUnreachable: the file cannot be used; nothing was touched.
        """
        ...

    def close(self) -> None:
        """Close every thread's connection.  A second call does nothing."""
        ...
