"""A ticket's history told again from its events alone, to see whether each followed on the one before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desk.conversation import Act, Change, Entry, EntryId, Event, Happened, Message, Note, Recorded
from desk.people import Handle
from desk.ticket import Ticket


class Replay:
    """A ticket's fields, which events stand, and which texts, as they are after the entries that were told so far."""

    def __init__(self) -> None:
        self.fields: dict[str, Recorded] = {"status": "open", "assignee": None, "tags": (), "priority": "normal"}
        self._acts: dict[Act, list[Event]] = {}
        self._undone: set[EntryId] = set()
        self._texts: dict[EntryId, Message | Note] = {}
        self._stopped: set[EntryId] = set()

    def tell(self, entry: Entry) -> None:
        """Go on by one entry, and be sure that it begins where the last one ended."""
        match entry:
            case Event(what=Happened.UNDONE):
                self._turn(self._of(entry, are_undone=False)[::-1], back=True, by=entry.author)
                self._take_over(entry)
            case Event(what=Happened.REDONE):
                self._turn(self._of(entry, are_undone=True), back=False, by=entry.author)
                self._take_over(entry)
            case Event():
                self._acts.setdefault(entry.act, []).append(entry)
                for change in entry.changes:
                    assert self.fields[change.field] == change.before, entry
                    self.fields[change.field] = change.after
                if entry.what is Happened.CANCELLED and entry.entry is not None:
                    self._stopped.add(entry.entry)
            case _:
                self._texts[entry.id] = entry

    def _take_over(self, turning: Event) -> None:
        """What stays as it is although what gave it its value is turned back is told as a change."""
        for change in turning.changes:
            self.fields[change.field] = change.after

    def standing(self, since: EntryId) -> list[Message | Note]:
        """The messages and notes after an entry that nobody has taken back by now."""
        return [text for number, text in self._texts.items() if number > since and number not in self._stopped]

    def _of(self, turning: Event, *, are_undone: bool) -> list[Event]:
        events = self._acts[Act(turning.detail["act"])]
        found = [each for each in events if (each.id in self._undone) == are_undone]
        assert found, turning
        return found

    def _turn(self, events: Sequence[Event], *, back: bool, by: Handle | None) -> None:
        theirs = self._decided(min(each.id for each in events), by) if back else {}
        for event in events:
            (self._undone.add if back else self._undone.discard)(event.id)
            for change in reversed(event.changes) if back else event.changes:
                if not touches(change, theirs.get(change.field, ())):
                    self._turn_field(Change(change.field, change.after, change.before) if back else change)
            if event.entry is not None and event.what in (Happened.REPLIED, Happened.NOTED):
                (self._stopped.add if back else self._stopped.discard)(event.entry)
            if event.entry is not None and event.what is Happened.CANCELLED:
                (self._stopped.discard if back else self._stopped.add)(event.entry)

    def _decided(self, since: EntryId, by: Handle | None) -> dict[str, list[Change]]:
        """What others decided since, by field, and stands: it stays, be it the same value again."""
        found: dict[str, list[Change]] = {}
        for event in (each for act in self._acts.values() for each in act):
            if event.id > since and event.author != by and event.id not in self._undone:
                for change in event.changes:
                    found.setdefault(change.field, []).append(change)
        return found

    def _turn_field(self, change: Change) -> None:
        """To the other value, unless a colleague gave it a third one since; of tags, those that were put on or off."""
        now = self.fields[change.field]
        if now == change.before:
            self.fields[change.field] = change.after
        elif isinstance(now, tuple) and isinstance(change.before, tuple) and isinstance(change.after, tuple):
            kept = [tag for tag in now if tag in change.after or tag not in change.before]
            self.fields[change.field] = tuple(dict.fromkeys([*kept, *set(change.after) - set(change.before)]))


def touches(change: Change, others: Iterable[Change]) -> bool:
    """Whether others changed the same: the field, or of tags one of those that were put on or off."""
    return any(not parts(change).isdisjoint(parts(each)) for each in others)


def parts(change: Change) -> set[Recorded]:
    if isinstance(change.before, tuple) and isinstance(change.after, tuple):
        return set[Recorded](change.before) ^ set[Recorded](change.after)
    return {change.field}


def told(entries: Sequence[Entry]) -> Replay:
    """All of a ticket's entries, in the order in which they were committed."""
    replay = Replay()
    for entry in sorted(entries, key=lambda each: each.id):
        replay.tell(entry)
    return replay


def fields_of(ticket: Ticket) -> dict[str, Recorded]:
    return {
        "status": ticket.status,
        "assignee": ticket.assignee,
        "tags": ticket.tags,
        "priority": ticket.priority,
    }
