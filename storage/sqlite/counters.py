"""What a store counts: its revisions, with the feed of changes that tells of each, and the next id of a collection.

What is taken here is taken inside a transaction that writes, which remembers the counters as it left them.
"""

from __future__ import annotations

from collections.abc import Sequence

from storage.engine import Change
from storage.sqlite.session import Session

_CLOCK = ""
"""The store's revision among a session's counts."""


def revision(session: Session) -> int:
    """The newest revision."""
    return int(session.run("SELECT rev FROM tandem_clock")[0][0])


def record(session: Session, collection: str, ids: Sequence[int], operation: str) -> range:
    """Take a revision for each of these changes and note them in the feed."""
    before = session.counts[_CLOCK] if _CLOCK in session.counts else revision(session)
    revisions = range(before + 1, before + 1 + len(ids))
    session.run("UPDATE tandem_clock SET rev = rev + ?", (len(ids),))
    session.counts[_CLOCK] = before + len(ids)
    session.run_many(
        "INSERT INTO tandem_changes (rev, collection, id, operation) VALUES (?, ?, ?, ?)",
        [(rev, collection, number, operation) for rev, number in zip(revisions, ids, strict=True)],
    )
    return revisions


def changes(session: Session, since: int) -> list[Change]:
    """What the feed tells after a revision, in order."""
    sql = "SELECT rev, collection, id, operation FROM tandem_changes WHERE rev > ? ORDER BY rev"
    return [Change(*each) for each in session.run(sql, (since,))]


def prune(session: Session, keep: int) -> None:
    """Let the feed forget all but the newest revisions."""
    session.run("DELETE FROM tandem_changes WHERE rev <= (SELECT rev FROM tandem_clock) - ?", (keep,))


def take_ids(session: Session, collection: str, count: int) -> range:
    """So many ids that no document of the collection has, or ever had."""
    first = session.counts.get(collection) or upcoming(session, collection)
    session.run("UPDATE tandem_sequence SET next = next + ? WHERE collection = ?", (count, collection))
    session.counts[collection] = first + count
    return range(first, first + count)


def pass_by(session: Session, collection: str, ids: Sequence[int]) -> None:
    """Give none of these ids to another document."""
    following = max(ids, default=0) + 1
    if following > session.counts.get(collection, 0):
        session.counts.pop(collection, None)
        session.run("UPDATE tandem_sequence SET next = max(next, ?) WHERE collection = ?", (following, collection))


def upcoming(session: Session, collection: str) -> int:
    """The id that the next new document gets."""
    found = session.run("SELECT next FROM tandem_sequence WHERE collection = ?", (collection,))
    return int(found[0][0]) if found else 1


def restart(session: Session, collection: str) -> None:
    """Begin again with 1."""
    session.counts.pop(collection, None)
    session.run("UPDATE tandem_sequence SET next = 1 WHERE collection = ?", (collection,))


def collections(session: Session) -> list[str]:
    """All that there are, by name."""
    return [name for (name,) in session.run("SELECT collection FROM tandem_sequence ORDER BY collection")]
