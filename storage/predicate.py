"""Conditions on rows, as a query becomes one, and what an engine must know to write them in its own SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from storage.schema import Collection
from storage.words import TextQuery

Scalar = str | int
"""A value that databases and Python compare alike: text, an integer of 64 bits, or a boolean."""


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition on rows; `exact` when it lets through precisely what the query matches.

    `paths` are what it looks at, with "" for whole documents; `keys` those that must have one certain value, or one of
    a few if it is the id.
    """

    sql: str
    params: tuple[Any, ...] = ()
    exact: bool = False
    paths: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()


EVERYTHING = Predicate("TRUE", exact=True)
"""No condition at all."""

UNDECIDED = Predicate("TRUE")
"""Let every document through, to be judged by the query."""

NOTHING = Predicate("FALSE", exact=True)
"""No document matches."""


class Dialect(Protocol):
    """How one engine writes conditions on the fields of one collection.

    Each text is SQL that yields true, false or NULL; each parameter stands in it as `mark`.
    """

    @property
    def mark(self) -> str:
        """What stands in the SQL for a parameter."""
        ...

    @property
    def identity(self) -> str | None:
        """The path that always holds the document's own id."""
        ...

    def value(self, path: str, like: Scalar | None) -> str:
        """The scalar at a path, comparable with `like`; NULL where there is none, null, a list or a mapping."""
        ...

    def exists(self, path: str) -> str:
        """There is something at the path, be it null."""
        ...

    def is_null(self, path: str) -> str:
        """There is a null at the path."""
        ...

    def is_text(self, path: str) -> str:
        """There is a text at the path."""
        ...

    def is_number(self, path: str) -> str:
        """There is a number or a boolean at the path, which Python compares as numbers."""
        ...

    def one_of(self, path: str, values: Sequence[Scalar]) -> tuple[str, tuple[Any, ...]]:
        """The scalar at the path equals one of these values, all texts or all integers; with its parameters."""
        ...

    def may_hold(self, path: str, values: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
        """One of these values is in the list at the path; with its parameters.

        Also true for a text or a mapping, which TinyDB searches too (for characters, for keys).
        """
        ...

    def is_integer(self, path: str) -> bool:
        """The schema says that there is an integer at the path, or nothing that compares with one."""
        ...

    def is_list(self, path: str) -> bool:
        """The schema says that there is a list of texts at the path, or nothing."""
        ...

    def holds(self, path: str, values: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
        """As `may_hold`, for such a list: one of these values is in it, and nothing else is let through."""
        ...

    def says(self, texts: Sequence[tuple[Collection, TextQuery]]) -> tuple[str, tuple[Any, ...]]:
        """One of these texts is found by the full text of its collection, in the document or what it owns there."""
        ...
