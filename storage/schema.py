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

    `lifted` are paths of scalars; `lists` paths of lists of texts, lifted too (what else a document holds there is not
    looked into).  `indexes` are made of lifted or text paths.  `scan` is one more index, of everything that is asked
    for together, the usual order first: where no narrower index answers alone, the engine walks it instead of reading
    documents.  `numbers` are the lifted paths that hold integers, for engines whose columns are typed.  `identity` is
    the path that always holds the document's own id, so that an engine may ask its key instead.

    `text` are paths (lifted too) of texts and `people` paths of one address with its name, or of a list of such, whose
    words `matching` finds.  Where the path `silenced` holds true, a document says nothing.  `owner` is the lifted path
    of the number of the document that these belong to (below 2**31, as ids are below 2**32): `owners` finds those.

    Raises:
        ValueError: a name or path that is no plain lower-case name, or an index over a path that is not lifted.
    """

    name: str
    lifted: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    text: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    identity: str | None = None
    lists: tuple[str, ...] = ()
    scan: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    silenced: str | None = None
    owner: str | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.name.startswith(_RESERVED):
            raise ValueError(f"a collection cannot be called {self.name!r}")
        lifted = self.columns + self.lists
        odd = [path for path in lifted + self.people if not PLAIN_PATH.fullmatch(path) or column(path) in _TAKEN]
        if odd or len({column(path) for path in lifted}) < len(lifted):
            raise ValueError(f"{self.name}: these paths cannot all be lifted: {', '.join(odd or lifted)}")
        used = {path for index in (*self.indexes, self.scan) for path in index}
        if unknown := used.union(self.numbers, {self.owner} - {None}).difference(lifted):
            raise ValueError(f"{self.name}: not lifted: {', '.join(sorted(map(str, unknown)))}")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every path of a scalar that has a column, each once."""
        return tuple(dict.fromkeys(self.lifted + self.text))

    @property
    def searchable(self) -> tuple[str, ...]:
        """Every path whose words are found."""
        return self.text + self.people


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
                "customer.name",
                "customer.email",
                "merged_into",
            ),
            lists=("tags", "holds"),
            indexes=(
                ("assignee", "status", "updated"),
                ("assignee", "updated"),
                ("status", "updated"),
                ("customer.email", "updated"),
                ("waiting_since",),
                ("status", "waiting_since"),
                ("merged_into",),
                ("snoozed_until",),
            ),
            scan=(
                "updated",
                "status",
                "assignee",
                "priority",
                "mailbox",
                "unread",
                "created",
                "waiting_since",
                "snoozed_until",
                "merged_into",
                "tags",
                "holds",
            ),
            identity="number",
            text=("subject",),
            people=("customer", "senders", "recipients"),
            numbers=("number", "merged_into"),
        ),
        Collection(
            "entries",
            lifted=(
                "ticket",
                "at",
                "kind",
                "message_id",
                "digest",
                "raw",
                "act",
                "author",
                "sender_key",
                "likeness",
                "automatic_domain",
            ),
            indexes=(
                ("ticket", "at"),
                ("message_id", "digest"),
                ("act",),
                ("kind", "at"),
                ("author",),
                ("sender_key", "at"),
                ("likeness", "at"),
                ("automatic_domain", "at"),
            ),
            text=("text", "note"),
            silenced="removed",
            owner="ticket",
            numbers=("ticket",),
        ),
        Collection(
            "outbox",
            lifted=("ticket", "state", "due", "message_id", "author", "copy"),
            indexes=(("state", "due"), ("ticket",), ("message_id",), ("copy",)),
            numbers=("ticket",),
        ),
        Collection("senders", lifted=("mailbox",)),
        Collection(
            "acknowledged",
            lifted=("at", "address", "domain", "words"),
            indexes=(("at",), ("address", "at"), ("domain", "at"), ("words", "at")),
        ),
        Collection("acknowledging_stopped"),
        Collection(
            "places",
            lifted=("mailbox", "folder", "uidvalidity", "uid", "entry", "gmail"),
            indexes=(("mailbox", "folder", "uidvalidity", "uid"), ("entry",), ("gmail",)),
            numbers=("uidvalidity", "uid", "entry"),
        ),
        Collection(
            "awaited",
            lifted=("mailbox", "folder", "uidvalidity", "uid", "digest"),
            indexes=(("digest",), ("mailbox", "folder", "uidvalidity", "uid")),
            numbers=("uidvalidity", "uid"),
        ),
        Collection("folders", lifted=("mailbox", "folder"), indexes=(("mailbox", "folder"),)),
        Collection(
            "threads",
            lifted=("message_id", "ticket", "own"),
            indexes=(("message_id", "own", "ticket"), ("ticket",)),
            numbers=("ticket",),
        ),
        Collection("keys", lifted=("purpose",)),
        Collection("tombstones", lifted=("digest",), indexes=(("digest",),)),
        Collection("erasures"),
        Collection(
            "parked",
            lifted=("state", "sender_key", "likeness", "automatic_domain", "received", "raw"),
            indexes=(
                ("state", "received"),
                ("sender_key", "received"),
                ("likeness", "received"),
                ("automatic_domain", "received"),
                ("raw",),
            ),
        ),
        Collection("agents", lifted=("handle", "login"), indexes=(("handle",),)),
        Collection("profiles", lists=("addresses",)),
        Collection("drafts", lifted=("ticket", "author"), indexes=(("ticket", "author"),), numbers=("ticket",)),
        Collection("thrown", lifted=("ticket",), indexes=(("ticket",),), numbers=("ticket",)),
        Collection("beginnings", lifted=("author",), indexes=(("author",),)),
        Collection("views", lifted=("owner",)),
        Collection(
            "presence",
            lifted=("agent", "screen", "ticket", "until"),
            indexes=(("agent", "screen"), ("until",)),
            numbers=("ticket",),
        ),
        Collection("leases", lifted=("name", "holder", "until"), indexes=(("name",),)),
        Collection(
            "mentions",
            lifted=("agent", "ticket", "entry", "state"),
            indexes=(("agent", "state"), ("ticket",), ("entry",)),
            numbers=("ticket", "entry"),
        ),
        Collection(
            "promises", lifted=("ticket", "state", "due"), indexes=(("ticket",), ("state", "due")), numbers=("ticket",)
        ),
        Collection("handovers"),
    ),
)
