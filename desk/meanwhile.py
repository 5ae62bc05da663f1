"""What came to a ticket after an agent last saw it, and in words: who did what, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from desk.conversation import Direction, Entry, EntryId, Event, Field, Happened, Message, Note
from desk.desk import Desk
from desk.errors import TicketMoved
from desk.joined import joined_since
from desk.moves import FROM, MOVES
from desk.people import Handle
from desk.ticket import TicketNumber
from desk.waiting import States, counts

_SENT_AGAIN = frozenset({Happened.RESENT, Happened.SENT_TO_REST})
_SENT = _SENT_AGAIN | {Happened.REPLIED, Happened.WRITTEN, Happened.FORWARDED}
_ABOUT_A_TEXT = _SENT_AGAIN | {Happened.NOTE_EDITED, Happened.UNDONE, Happened.REDONE}
"""Events after which a text that was there before may say or do something else than it did."""

_LONGEST_NAME = 60


class Did(Enum):
    """What somebody did, as a sentence says it of them: the verb, and its object once and several times."""

    MAIL = "wrote", "a mail", "{} mails"
    REPLY = "wrote", "a reply", "{} replies"
    FORWARD = "forwarded", "a mail", "{} mails"
    ASIDE = "answered", "what was forwarded", "what was forwarded {} times"
    FROM_BCC = "answered", "as somebody who was in Bcc", "as somebody who was in Bcc {} times"
    NOTE = "wrote", "a note", "{} notes"
    SENT_AGAIN = "sent", "a reply again", "{} replies again"
    PUT_BACK = "put", "a reply back into the outbox", "{} replies back into the outbox"
    STATUS = "changed", "the status", "the status"
    ASSIGNEE = "changed", "the assignee", "the assignee"
    TAGS = "changed", "the tags", "the tags"
    PRIORITY = "changed", "the priority", "the priority"
    SLEEP = "changed", "how long it sleeps", "how long it sleeps"
    NOTE_CHANGED = "changed", "a note", "{} notes"
    MERGED_IN = "merged", "another ticket into it", "{} other tickets into it"
    MERGED_AWAY = "merged", "it into another ticket", "it into another ticket"
    SPLIT = "split", "mails off it", "mails off it"
    MACRO = "ran", "a macro", "{} macros"
    TOOK_BACK = "took back", "something", "{} things"
    DID_AGAIN = "did", "something again", "{} things again"

    @property
    def verb(self) -> str:
        """What was done."""
        return self.value[0]

    def to_what(self, times: int) -> str:
        """What it was done to, so many times."""
        _, once, several = self.value
        return once if times == 1 else several.format(times)


RELOCATING = frozenset({Did.MERGED_IN, Did.MERGED_AWAY, Did.SPLIT})
"""What moved texts from one ticket to another."""

_OWN_IS_FINE = frozenset({Did.NOTE, Did.NOTE_CHANGED, Did.FORWARD})
"""What an agent may have done on another screen without being told; a reply would make a doubled answer."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened: who did what. `author` is the agent; None for a customer and for Tandem itself."""

    entry: EntryId
    author: Handle | None
    by: str
    did: Did


def refuse_if_written(desk: Desk, number: TicketNumber, seen: EntryId | None) -> None:
    """Let an answer pass only when nothing that it should know was written after the entry `seen` (None: not asked).

    That is mail, a reply of anybody, the agent's own from another screen too, and a colleague's note.

    Raises:
        TicketMoved: something was.
    """
    if seen is not None:
        _refuse(desk, number, seen, written_since(desk, number, seen))


def refuse_if_touched(desk: Desk, number: TicketNumber, seen: EntryId | None) -> None:
    """Let a macro pass only when nobody else wrote or changed anything after the entry `seen` (None: not asked).

    Raises:
        TicketMoved: somebody did.
    """
    if seen is not None:
        _refuse(desk, number, seen, touched_since(desk, number, seen))


def refuse_if_anything(desk: Desk, number: TicketNumber, seen: EntryId | None) -> None:
    """Let an answer with a macro pass only when after the entry `seen` nothing came that stops the one or the other.

    Raises:
        TicketMoved: something did; it tells all of it, so that nobody insists on what they know by half.
    """
    if seen is not None:
        told = (*written_since(desk, number, seen), *touched_since(desk, number, seen))
        _refuse(desk, number, seen, _in_order(dict.fromkeys(told)))


def written_since(desk: Desk, number: TicketNumber, seen: EntryId) -> list[News]:
    """The mails, replies and colleagues' notes that are new since an entry, or that were changed or sent again."""
    me, entries = desk.me.handle, desk.store.conversations.of(number)
    states = desk.states(number)
    return [each for each in _written(entries, states, seen) if each.author != me or each.did not in _OWN_IS_FINE]


def texts_since(me: Handle | None, entries: Sequence[Entry], states: States, seen: EntryId) -> list[Message | Note]:
    """Those of them that are new since an entry, or came since, but for what `me` may write without being told."""
    joined = joined_since(entries, seen)
    texts = (each for each in entries if isinstance(each, Message | Note) and (each.id > seen or each.id in joined))
    new = ((each, _arrived(each)) for each in texts if _stands(each, states))
    return [each for each, news in new if news.author != me or news.did not in _OWN_IS_FINE]


def touched_since(desk: Desk, number: TicketNumber, seen: EntryId) -> list[News]:
    """All that others wrote or changed since an entry."""
    me, entries = desk.me.handle, desk.store.conversations.of(number)
    states = desk.states(number)
    return _in_order(each for each in (*_written(entries, states, seen), *_changed(entries, seen)) if each.author != me)


def in_words(news: Sequence[News], me: Handle) -> str:
    """Who did what: “Dana Petrova wrote 2 mails, bo wrote a reply and a note and changed the status”."""
    people = dict.fromkeys(each.by for each in news)
    return ", ".join(f"{'you' if by == me else by} {_deeds(news, by)}" for by in people)


def _deeds(news: Sequence[News], by: str) -> str:
    done = Counter(each.did for each in news if each.by == by)
    verbs = dict[str, list[str]]()
    for did, times in done.items():
        verbs.setdefault(did.verb, []).append(did.to_what(times))
    return " and ".join(f"{verb} {' and '.join(objects)}" for verb, objects in verbs.items())


def _refuse(desk: Desk, number: TicketNumber, seen: EntryId, news: Sequence[News]) -> None:
    if news:
        raise TicketMoved(number, seen, news[-1].entry, news[-1].by, in_words(news, desk.me.handle))
    last = desk.store.conversations.get(seen)
    if last is None or last.ticket != number:  # a backup was restored under the screen: numbers begin anew from there
        raise TicketMoved(number, seen, seen, "somebody", "what you saw last is not there any more")


def _written(entries: Sequence[Entry], states: States, seen: EntryId) -> list[News]:
    texts = {each.id: each for each in entries if not isinstance(each, Event)}
    new = (_arrived(each) for each in texts.values() if each.id > seen and _stands(each, states))
    again = (
        _again(event, text, entries)
        for event in _events(entries, seen)
        if event.what in _ABOUT_A_TEXT and (text := texts.get(_about(event))) and text.id <= seen
        if _stands(text, states)
    )
    return _in_order((*new, *again, *_moved(entries, seen)))


def _moved(entries: Sequence[Entry], seen: EntryId) -> Iterator[News]:
    for event in _events(entries, seen):
        if event.what in MOVES:
            away = Did.MERGED_AWAY if event.what is Happened.MERGED else Did.SPLIT
            did = Did.MERGED_IN if event.what is Happened.MERGED and FROM in event.detail else away
            yield News(event.id, event.author, event.author or "Tandem", did)


def _in_order(news: Iterable[News]) -> list[News]:
    return sorted(news, key=lambda each: each.entry)


def _events(entries: Sequence[Entry], seen: EntryId) -> Iterator[Event]:
    return (each for each in entries if isinstance(each, Event) and each.id > seen and not each.undone)


def _about(event: Event) -> EntryId:
    """The message or note that an event is about; 0 for none."""
    return event.entry or EntryId(int(event.detail.get("about", "0")))


def _stands(text: Message | Note, states: States) -> bool:
    return counts(text, states) if isinstance(text, Message) else not text.removed


def _arrived(text: Message | Note) -> News:
    match text:
        case Note():
            return News(text.id, text.author, text.author, Did.NOTE)
        case Message(direction=Direction.IN):
            did = Did.FROM_BCC if text.was_in_bcc else Did.MAIL if text.side is None else Did.ASIDE
            return News(text.id, None, text.sender.label[:_LONGEST_NAME], did)
        case Message():
            did = Did.REPLY if text.side is None else Did.FORWARD
            return News(text.id, text.author, text.author or text.sender.label[:_LONGEST_NAME], did)


def _again(event: Event, text: Message | Note, entries: Sequence[Entry]) -> News:
    did = _done_to_mail(event, entries) if isinstance(text, Message) else Did.NOTE_CHANGED
    return News(event.id, event.author, event.author or "Tandem", did)


def _done_to_mail(event: Event, entries: Sequence[Entry]) -> Did:
    """What an event did to a mail that stands: where it turned another act back or on, that says what."""
    act = event.detail.get("act")
    turned = {each.what for each in entries if isinstance(each, Event) and each.act == act} or {event.what}
    if event.what is Happened.UNDONE:
        return Did.PUT_BACK if Happened.CANCELLED in turned else Did.TOOK_BACK
    return Did.SENT_AGAIN if turned & _SENT else Did.DID_AGAIN


def _changed(entries: Sequence[Entry], seen: EntryId) -> Iterator[News]:
    for event in _events(entries, seen):
        for did in _done(event):
            yield News(event.id, event.author, event.author or "Tandem", did)


def _done(event: Event) -> Iterable[Did]:
    match event.what:
        case Happened.REOPENED | Happened.ANSWERED_ASIDE | Happened.BOUNCED | Happened.MERGED | Happened.SPLIT:
            return ()  # the mail itself tells more, and what was moved is told already
        case Happened.WOKEN if event.author is None:
            return ()  # likewise, or only its time had come
        case Happened.MACRO_RUN:
            return (Did.MACRO,)
        case Happened.UNDONE | Happened.REDONE if "about" not in event.detail:
            return (Did.TOOK_BACK if event.what is Happened.UNDONE else Did.DID_AGAIN,)
        case _:
            return [_FIELDS[each.field] for each in event.changes]


_FIELDS: Mapping[Field, Did] = {
    "status": Did.STATUS,
    "assignee": Did.ASSIGNEE,
    "tags": Did.TAGS,
    "priority": Did.PRIORITY,
    "snoozed_until": Did.SLEEP,
}
