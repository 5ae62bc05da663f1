"""What of a ticket stands open in the reader, and what of it opens and closes that; pure.

A message is folded to one line or open; within an open one, quotations, signatures and endless rests are so, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from desk.conversation import EntryId, Event, Message, Note
from desk.judging import CAME_BACK, FROM_A_COLLEAGUE, FROM_OURSELVES, WENT_TO_OTHERS
from desk.outgoing import OutboxState
from desk.subjects import answers
from tui.reader.bodies import Opened
from tui.reader.lines import Fold
from tui.reader.opened import OpenTicket

RUN = -1
"""The `part` of a fold that stands for several messages in a row."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What holds the words that are sought: whole entries, and what is folded inside them."""

    entries: frozenset[EntryId] = frozenset()
    folds: frozenset[Fold] = frozenset()


@dataclass(frozen=True, slots=True)
class View:
    """What the reader has opened.

    `entries` are open, and of several others in a row each has its own line where they are `listed`. `headers` are all
    headers of those mails of which they are known; None where none are shown. `other` are the mails whose other form
    stands in the place of their text. `found` is open only for as long as a search lasts.
    """

    entries: frozenset[EntryId] = frozenset()
    texts: Opened = field(default_factory=Opened)
    headers: Mapping[EntryId, tuple[str, ...]] | None = None
    other: Mapping[EntryId, str] = field(default_factory=dict[EntryId, str])
    listed: bool = False
    found: Holding = field(default_factory=Holding)

    def shows(self, entry: EntryId) -> bool:
        """Whether an entry is open."""
        return entry in self.entries or entry in self.found.entries

    def with_open(self, entries: frozenset[EntryId]) -> View:
        """With more entries open."""
        return replace(self, entries=self.entries | entries)

    def with_quotes(self, *, is_open: bool) -> View:
        """With all quotations and signatures open, or folded."""
        return replace(self, texts=Opened(quotes=is_open, found=self.texts.found))

    def with_headers(self, headers: Mapping[EntryId, tuple[str, ...]] | None) -> View:
        """With the mails' headers, or without them."""
        return replace(self, headers=headers)

    def with_other(self, entry: EntryId, text: str | None) -> View:
        """With a mail's other form in the place of its text, or not."""
        others = {known: words for known, words in self.other.items() if known != entry}
        return replace(self, other=others if text is None else {**others, entry: text})

    def toggled(self, fold: Fold, *, is_open: bool) -> View:
        """With what is open closed, or what is closed open."""
        if fold.part == RUN:
            return replace(self, listed=not self.listed)
        if fold.part is not None:
            return replace(self, texts=self.texts.toggled(fold, is_open=is_open))
        if not is_open:
            return self.with_open(frozenset({fold.entry}))
        found = replace(self.found, entries=self.found.entries - {fold.entry})
        return replace(self, entries=self.entries - {fold.entry}, found=found)

    def all_folded(self) -> View:
        """With every entry a line, but for what is sought."""
        return replace(self, entries=frozenset(), texts=Opened(found=self.texts.found), listed=False)

    def all_open(self, opened: OpenTicket) -> View:
        """With every mail and note open, and all that is in them."""
        entries = frozenset(each.id for each in opened.entries if not isinstance(each, Event))
        return replace(self, entries=entries, texts=Opened(quotes=True, rests=True), listed=True)

    def finding(self, holding: Holding) -> View:
        """With that open which holds what is sought."""
        return replace(self, found=holding, texts=replace(self.texts, found=holding.folds))

    def found_no_more(self, here: EntryId | None) -> View:
        """With that folded which was open for a search only, but for the entry where it ended."""
        kept = frozenset({here} & self.found.entries) if here is not None else frozenset[EntryId]()
        mine = frozenset(each for each in self.texts.found if each.entry == here)
        texts = replace(self.texts, parts=self.texts.parts | mine, found=frozenset())
        return replace(self, entries=self.entries | kept, texts=texts, found=Holding())


def first_open(opened: OpenTicket) -> frozenset[EntryId]:
    """What is open when a ticket is: the customer's last mail, all that wait for an answer, and what came after.

    What machines wrote stays folded beside what people did.
    """
    messages = opened.messages
    last = opened.last_from_customer or (messages[-1] if messages else None)
    starts = [each for each in (opened.ticket.waiting_since, last.at if last else None) if each is not None]
    cancelled = {each.entry for each in opened.outbox.values() if each.state is OutboxState.CANCELLED}
    by_machines = {each.id for each in messages if is_by_machine(each) and each is not last}
    return frozenset(
        each.id
        for each in opened.entries
        if not isinstance(each, Event)
        and each.id not in cancelled | by_machines
        and (not starts or each.at >= min(starts))
    )


def is_by_machine(message: Message) -> bool:
    """Whether nobody wrote a mail; what came from our own address is a colleague's."""
    return message.automatic not in (None, FROM_OURSELVES, FROM_A_COLLEAGUE, WENT_TO_OTHERS, CAME_BACK)


def is_answer(message: Message) -> bool:
    """Whether a person answers another mail in this one, and so may quote it; what is forwarded is no quotation."""
    return answers(message.subject, has_references=bool(message.references)) and not is_by_machine(message)


def words_of(entry: Message | Note, view: View) -> str:
    """The text of an entry in the form in which it is shown."""
    if isinstance(entry, Note):
        return entry.note
    return view.other.get(entry.id, entry.text)


def version_of(entry: Message | Note, view: View) -> int:
    """One for each state of a text: a mail's rest may come later, or it may be erased; a note may be edited."""
    if isinstance(entry, Note):
        return entry.version
    if entry.id in view.other:
        return hash(view.other[entry.id])
    return hash(entry.text) if entry.redacted else len(entry.text)
