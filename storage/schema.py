"""What is stored: the collections, which of their fields the engine lifts into columns, indexes and full text.

A document is a JSON object; a *path* such as "customer.email" names a field in it.  Lifting a field changes nothing
about the document: it makes queries and orders on that field an index search, and shows it in any SQL shell.
Times are ISO 8601 strings in UTC with Z and whole seconds, so that they sort as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"_?[a-z][a-z0-9_]*")
PLAIN_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII)
"""A path that can stand in a database's own language as it is."""

_TAKEN = frozenset({"id", "rev", "body"})
_RESERVED = ("tandem_", "sqlite_")


def column(path: str) -> str:
    """The column that a path is lifted into: customer.email becomes customer_email."""
    return path.replace(".", "_")


@dataclass(frozen=True, slots=True)
class Collection:
    """One kind of document.

    `lifted` are paths of scalars.  `indexes` are made of lifted or text paths.  `text` are paths (lifted too) whose
    words `matching` finds.  `numbers` are the lifted paths that hold integers, for engines whose columns are typed.
    `identity` is the path that always holds the document's own id, so that an engine may ask its key instead.

    Raises:
        ValueError: a name or path that is no plain lower-case name, or an index over a path that is not lifted.
    """

    name: str
    lifted: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    text: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    identity: str | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.name.startswith(_RESERVED):
            raise ValueError(f"a collection cannot be called {self.name!r}")
        odd = [path for path in self.columns if not PLAIN_PATH.fullmatch(path) or column(path) in _TAKEN]
        if odd or len({column(path) for path in self.columns}) < len(self.columns):
            raise ValueError(f"{self.name}: these paths cannot all be lifted: {', '.join(odd or self.columns)}")
        if unknown := {path for index in self.indexes for path in index}.union(self.numbers).difference(self.columns):
            raise ValueError(f"{self.name}: not lifted: {', '.join(sorted(unknown))}")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every path that has a column, each once."""
        return tuple(dict.fromkeys(self.lifted + self.text))


@dataclass(frozen=True, slots=True)
class Schema:
    """All collections, and the version that a store is marked with.

    A store of an older version is brought up to date when it is opened: new collections, columns, indexes and full
    text appear.  So whoever changes a collection raises the version.
    """

    version: int
    collections: tuple[Collection, ...]

    def __getitem__(self, name: str) -> Collection:
        """The collection of this name, or a plain one for a table that only TinyDB knows of."""
        return next((each for each in self.collections if each.name == name), None) or Collection(name)


SCHEMA = Schema(
    version=2,
    collections=(
        Collection(
            "tickets",
            lifted=(
                "number",
                "status",
                "assignee",
                "priority",
                "created",
                "updated",
                "last_message",
                "waiting_since",
                "snoozed_until",
                "unread",
                "mailbox",
                "customer.email",
                "merged_into",
            ),
            indexes=(
                ("assignee", "status", "updated"),
                ("status", "updated"),
                ("updated",),
                ("customer.email",),
                ("waiting_since",),
                ("status", "waiting_since"),
                ("merged_into",),
            ),
            identity="number",
            text=("subject", "customer.name", "customer.email"),
            numbers=("number", "merged_into"),
        ),
        Collection(
            "entries",
            lifted=("ticket", "at", "kind", "message_id", "act", "author"),
            indexes=(("ticket", "at"), ("message_id",), ("act",), ("kind", "at"), ("author",)),
            text=("text", "note"),
            numbers=("ticket",),
        ),
        Collection(
            "outbox",
            lifted=("ticket", "state", "due", "message_id", "author"),
            indexes=(("state", "due"), ("ticket",), ("message_id",)),
            numbers=("ticket",),
        ),
        Collection(
            "places",
            lifted=("mailbox", "folder", "uidvalidity", "uid"),
            indexes=(("mailbox", "folder", "uidvalidity", "uid"),),
            numbers=("uidvalidity", "uid"),
        ),
        Collection("folders", lifted=("mailbox", "folder"), indexes=(("mailbox", "folder"),)),
        Collection(
            "threads",
            lifted=("message_id", "ticket", "own"),
            indexes=(("message_id",), ("ticket",)),
            numbers=("ticket",),
        ),
        Collection("agents", lifted=("handle", "login"), indexes=(("handle",),)),
        Collection("drafts", lifted=("ticket", "author"), indexes=(("ticket", "author"),), numbers=("ticket",)),
        Collection(
            "presence",
            lifted=("agent", "screen", "ticket", "until"),
            indexes=(("agent", "screen"), ("until",)),
            numbers=("ticket",),
        ),
    ),
)
