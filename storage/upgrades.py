"""What must happen to the documents of an older store before this version works on it.

Collections, columns, indexes and full text that a new schema adds appear by themselves (`storage.sqlite.ddl`). Here is
only what they cannot know: how documents change their shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from storage.correspondents import naming

if TYPE_CHECKING:
    from storage.database import TicketStore
    from storage.table import DocumentTable

_BATCH = 1_000

Step = Callable[["TicketStore"], None]
"""Brings documents from one version's shape into the next one's, inside the one transaction of the whole upgrade. It
must bear being run on documents that have the new shape already."""


def share_one_draft(store: TicketStore) -> None:
    """Of several unfinished replies on one ticket the newest is its shared draft, the others are kept aside."""
    drafts = store.table("drafts")
    replies = [each for each in drafts if each["kind"] == "reply" and not each.get("aside")]
    newest = {each["ticket"]: each.doc_id for each in sorted(replies, key=lambda each: (each["saved"], each.doc_id))}
    others = [each.doc_id for each in replies if each.doc_id not in newest.values()]
    drafts.update({"aside": True}, doc_ids=others)


def tell_senders_from_recipients(store: TicketStore) -> None:
    """Tickets name who wrote their messages and who got them, in place of the addresses of both."""
    reshape(store.table("tickets"), naming(store))


STEPS: Mapping[int, tuple[Step, ...]] = {2: (share_one_draft, tell_senders_from_recipients)}
"""By the version that they lead to."""


def steps(found: int, known: Mapping[int, tuple[Step, ...]] = STEPS) -> Iterator[Step]:
    """All steps from a version to the newest, in order."""
    for version in sorted(known):
        if version > found:
            yield from known[version]


def reshape(table: DocumentTable, change: Callable[[MutableMapping[str, Any]], None]) -> None:
    """Let `change` edit every document of a collection in place, a thousand at a time; what it leaves alone stays."""
    ids = table.ids()
    for start in range(0, len(ids), _BATCH):
        table.update(change, doc_ids=ids[start : start + _BATCH])
