"""How a person is taken out of a ticket on which others wrote: their own goes, others' words stay without theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace

from desk.conversation import Attachment, Direction, Entry, EntryId, Event, Message, Note
from desk.desk import Desk
from desk.draft import Draft
from desk.erasing import FACTS, Done, Person, Whole, emptied_entry, emptied_event, emptied_mail, forget_draft, words_of
from desk.erasure import SOMEBODY, WORDS
from desk.errors import StoreDamaged
from desk.forgetting import forget_promises
from desk.loose import names_any
from desk.outgoing import OutboxEntry
from desk.people import Address
from desk.ports import Drafts, ThrownDrafts
from desk.redaction import Redactor, Said
from desk.subjects import base_subject
from desk.ticket import Ticket

_SHORTEST_NAME = 3
"""Letters of a first name or surname that is looked for by itself."""


def take_out(desk: Desk, person: Person, whole: Whole, done: Done) -> Ticket:
    """Take a person out of a ticket on which others wrote too."""
    return _Removal(desk, person, whole, done).run()


class _Removal:
    """One person going out of one shared ticket."""

    def __init__(self, desk: Desk, person: Person, whole: Whole, done: Done) -> None:
        self.desk, self.person, self.whole, self.done = desk, person, whole, done
        self.theirs = {each.id for each in whole.messages if person.wrote(each)}
        self.ids = _only_theirs(whole.messages, self.theirs)
        self.files = {file.sha256 for each in whole.messages if each.id in self.theirs for file in each.attachments}
        parts = _parts(person.names) - _parts(_others(desk, person, whole))
        self.redactor = Redactor(person.keys, person.names, parts, _said(whole.messages, self.theirs))
        first = next(iter(whole.messages), None)
        self.subject = base_subject(whole.ticket.subject) if first is not None and first.id in self.theirs else None

    def run(self) -> Ticket:
        """Do it; returns the ticket as it is to be."""
        for entry in self.whole.entries:
            if (after := self._without(entry)) != entry:
                self.desk.store.conversations.put(after)
        for mail in self.whole.outbox:
            self._mail(mail)
        for draft in self.whole.drafts:
            self._draft(self.desk.store.drafts, draft)
        for draft in self.whole.thrown:
            self._draft(self.desk.store.thrown, draft)
        self.done.notes += forget_promises(self.desk, self.whole.ticket.number, self.redactor.is_named)
        ticket = self.whole.ticket
        return replace(
            ticket,
            subject=self._subject(ticket.subject),
            customer=self._somebody(ticket.customer),
            proposed_customer=None if self.person.among(ticket.proposed_customer) else ticket.proposed_customer,
        )

    def _without(self, entry: Entry) -> Entry:
        match entry:
            case Message():
                return emptied_entry(entry, self.done) if entry.id in self.theirs else self._message(entry)
            case Note():
                return emptied_entry(entry, self.done) if self.redactor.is_named(entry.note) else entry
            case Event():
                return self._event(entry)

    def _event(self, event: Event) -> Event:
        if event.entry in self.theirs:
            return emptied_event(event, self.done)
        named = any(self.redactor.is_named(text) for key, text in event.detail.items() if key not in FACTS)
        return emptied_event(event, self.done) if named else event

    def _message(self, message: Message) -> Message:
        """Somebody else's mail: its words stay, but not its bytes, in which nothing can be changed."""
        self.done.redacted.append(message)
        kept = [each for each in message.attachments if not self._is_passed_on(message, each) and self._may_stay(each)]
        self.done.dropped += [each for each in message.attachments if each not in kept]
        return replace(
            message,
            sender=self._somebody(message.sender),
            to=self._others(message.to),
            cc=self._others(message.cc),
            bcc=self._others(message.bcc),
            reply_to=self._others(message.reply_to),
            subject=self._subject(message.subject),
            text=self._words(message),
            facts=tuple(map(self.redactor.text, message.facts)),
            defects=tuple(map(self.redactor.line, message.defects)),
            attachments=tuple(replace(each, name=self.redactor.line(each.name)) for each in kept),
            references=tuple(each for each in message.references if each not in self.ids),
            has_html=False,
            digest="",
            likeness="",
            raw="",
            redacted=True,
        )

    def _words(self, message: Message) -> str:
        is_ours = message.direction is Direction.OUT
        return self.redactor.ours(message.text) if is_ours else self.redactor.text(message.text)

    def _is_passed_on(self, message: Message, attachment: Attachment) -> bool:
        """Whether one of us passed a file of the person's own on to somebody else."""
        return message.direction is Direction.OUT and attachment.sha256 in self.files

    def _may_stay(self, attachment: Attachment) -> bool:
        """Whether an attached file is there by itself, and is no text or mail that names the person."""
        with suppress(StoreDamaged):
            data = self.desk.blobs.get(attachment.sha256)
            is_text = attachment.type.startswith(("message/", "text/"))
            return not (is_text and names_any(data, self.person.keys))
        return False

    def _mail(self, mail: OutboxEntry) -> None:
        if mail.entry not in {each.id for each in self.done.messages} | {each.id for each in self.done.redacted}:
            return
        self.done.outgoing += 1
        after = emptied_mail(mail)
        if mail.entry not in self.theirs:
            others = tuple(each for each in mail.recipients if each.casefold() not in self.person.keys)
            after = replace(after, message_id=mail.message_id, sent_as=mail.sent_as, recipients=others)
        self.desk.store.outbox.put(after)

    def _draft(self, kept: Drafts | ThrownDrafts, draft: Draft) -> None:
        """What a colleague is writing about the person goes; other drafts stay."""
        words = (draft.text, *words_of(draft.plan), *(draft.wording.says() if draft.wording else ()))
        if any(map(self.redactor.is_named, words)):
            forget_draft(kept, draft, self.done)

    def _subject(self, subject: str) -> str:
        is_theirs = self.subject is not None and base_subject(subject) == self.subject
        return WORDS if is_theirs else self.redactor.line(subject)

    def _somebody(self, person: Address) -> Address:
        return SOMEBODY if self.person.among(person) else person

    def _others(self, people: tuple[Address, ...]) -> tuple[Address, ...]:
        return tuple(each for each in people if not self.person.among(each))


def _only_theirs(messages: Iterable[Message], theirs: Collection[EntryId]) -> set[str]:
    """Ids of the person's mails, and those that only these name: of mails that never reached us."""
    named, ours = set[str](), set[str]()
    for each in messages:
        if each.id in theirs:
            named |= {each.message_id, *each.references}
        else:
            ours.add(each.message_id)
    return named - ours


def _said(messages: Iterable[Message], theirs: Collection[EntryId]) -> Said:
    said = Said()
    for each in messages:
        if each.direction is Direction.IN and each.id in theirs:
            said.by_them(each.text)
        else:
            said.by_another(each.text)
    return said


def _others(desk: Desk, person: Person, whole: Whole) -> set[str]:
    """The names of everybody else on a ticket, and of us."""
    people = (who for each in whole.messages for who in (each.sender, *each.to, *each.cc))
    return {each.name for each in people if not person.among(each)} | {each.name for each in desk.store.agents.all()}


def _parts(names: Iterable[str]) -> set[str]:
    """The words of names that may stand for somebody."""
    words = (word.strip(".,'\"()") for name in names for word in name.split())
    return {each for each in words if len(each) >= _SHORTEST_NAME}


def without_mention(message: Message, redactor: Redactor) -> Message:
    """A mail of people who never met this one, without the addresses that it names; the same where it names none."""
    after = replace(
        message,
        subject=redactor.bare(message.subject),
        text=redactor.bare(message.text),
        facts=tuple(map(redactor.bare, message.facts)),
    )
    return message if after == message else replace(after, has_html=False, digest="", raw="", redacted=True)
