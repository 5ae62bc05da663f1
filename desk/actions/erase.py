"""Erase a person: everything the desk holds of them, in one commit; the files and the store's old pages go after it.

What was erased cannot be taken back by anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from desk.conversation import Act, Direction, EntryId, Happened, Message
from desk.customers import ours, spellings
from desk.desk import Desk, new_act
from desk.erased import (
    person_digests,
    tombstones_of,
    tombstones_of_bytes,
    tombstones_of_incoming,
    tombstones_of_loose,
)
from desk.erasing import Done, Person, Whole, erase_whole, forget_beginnings, forget_views, ids_of, read_ticket
from desk.erasure import Erased, Erasure
from desk.errors import RefusedError
from desk.forgetting import forget_remarks
from desk.incoming import Outcome, Place
from desk.loose import LooseMails
from desk.outgoing import OutboxEntry, OutboxState
from desk.parked import Fate, ParkedMail
from desk.people import Address
from desk.profile_erasing import forget_profiles, names_in, profiles_about
from desk.redaction import Redactor, Said
from desk.removal import take_out, without_mention
from desk.sparing import as_bytes, spared
from desk.ticket import Status, Ticket, TicketNumber

_UNSENT = frozenset({OutboxState.QUEUED, OutboxState.DEFERRED, OutboxState.CLAIMED, OutboxState.IN_DATA})


class _OnlyTriedError(Exception):
    """Takes back what was done to see how much it would be."""


def erase(desk: Desk, addresses: Sequence[str]) -> Erasure:
    """Erase the person with these addresses; returns the receipt, whose `files` are still to be removed.

    Raises:
        RefusedError: nothing is held about them, one is ours, or a mail on their tickets has not left yet.
        NoAgent: nobody said who is acting.
    """
    keys = _keys(desk, addresses)
    return _erase(desk, keys, LooseMails(desk, keys), [])


def preview(desk: Desk, addresses: Sequence[str]) -> Erasure:
    """What `erase` would do and say; nothing is changed.

    Raises:
        RefusedError, NoAgent: as `erase`.
    """
    keys, found, written = _keys(desk, addresses), list[Erasure](), list[str]()
    loose = LooseMails(desk, keys)
    with suppress(_OnlyTriedError), desk.store.transaction():
        found.append(_erase(desk, keys, loose, written))
        raise _OnlyTriedError
    if written:
        desk.blobs.remove(written, desk.store.digests)
    return found[0]


def _erase(desk: Desk, keys: frozenset[str], loose: LooseMails, written: list[str]) -> Erasure:
    """Do it; `written` gets the sha256 of files that it puts in the place of others."""
    with desk.store.transaction():
        return _Erasing(desk, _person(desk, keys), new_act(), loose, written).run()


def unfinished(desk: Desk) -> list[Erasure]:
    """Erasures of which files or old pages may still be there: something stopped them."""
    return [each for each in desk.store.erasures.all() if each.finished is None]


def _keys(desk: Desk, addresses: Sequence[str]) -> frozenset[str]:
    is_ours = ours(desk)
    for each in addresses:
        if not all(each.strip().rpartition("@")):
            raise RefusedError(f"“{each}” is no mail address", "`tandem customers list` shows everybody's")
        if is_ours(Address(each.strip())):
            what = f"{each} is one of this desk's own addresses, and no customer's"
            raise RefusedError(what, "`tandem agents` and config.toml say whose")
    return frozenset(key for each in addresses for key in spellings(each))


def _person(desk: Desk, keys: frozenset[str]) -> Person:
    found = (each.person for each in desk.store.customers.contacts() if each.person.key in keys)
    parked = (each.read.sender for each in desk.store.parked.all(settled=True) if each.read.sender.key in keys)
    names = frozenset(each.name for each in (*found, *parked) if each.name)
    return Person(keys, names | names_in(profiles_about(desk, keys)), ours(desk))


@dataclass(slots=True)
class _Erasing:
    """One erasure, inside its transaction."""

    desk: Desk
    person: Person
    act: Act
    loose: LooseMails
    written: list[str]
    done: Done = field(default_factory=Done)
    raws: set[str] = field(default_factory=set[str])
    files: set[str] = field(default_factory=set[str])
    tombstones: list[str] = field(default_factory=list[str])
    upto: int = 0

    def run(self) -> Erasure:
        store, me = self.desk.store, self.desk.me.handle
        documents = store.customers.mentioning(self.person.keys)
        wholes = [read_ticket(self.desk, each) for each in sorted(store.customers.tickets_of(documents))]
        involved = [each for each in wholes if self.person.is_in(each)]
        self._refuse_unsent(wholes, {each.ticket.number for each in involved}, documents)
        profiles = forget_profiles(self.desk, self.person.keys)
        parked = self._parked(documents)
        owned = [self._erase(each) for each in involved if self.person.owns(each)]
        shared = [self._take_out(each) for each in involved if each.ticket.number not in owned]
        mentions = sum(self._forget_mentions(each) for each in wholes if each not in involved)
        waiting = self._waiting(documents)
        for each in waiting:
            self._spare(each)
        forget_beginnings(self.desk, self.person, self.done)
        forget_views(self.desk, self.person)
        self.done.notes += forget_remarks(self.desk, self.person.keys, self.person.names, [*owned, *shared])
        self._remember_files()
        self._loose()
        places, links = self._forget(owned, shared)
        mentions += store.customers.reword(self.person.keys, Redactor(self.person.keys).bare)
        amounts = self._amounts(len(owned), len(shared), parked, links, mentions, len(waiting))
        amounts = replace(amounts, profiles=profiles)
        if amounts.is_nothing:
            what = f"nothing is held about {' or '.join(sorted(self.person.keys))}"
            raise RefusedError(what, "`tandem customers list` shows everybody")
        store.tombstones.put(self.tombstones)
        return store.erasures.add(
            Erasure(
                at=self.desk.clock(),
                by=me,
                people=person_digests(self.desk, self.person.keys),
                amounts=amounts,
                places=tuple(places),
                upto=self.upto,
                files=tuple((each[:32], each[32:]) for each in sorted(self.files)),
            )
        )

    def _refuse_unsent(
        self, wholes: Iterable[Whole], involved: Collection[TicketNumber], documents: frozenset[tuple[str, int]]
    ) -> None:
        """A mail that waits, or is just leaving, names the person or quotes them: it is sent whole or not at all."""
        unsent = [
            mail
            for whole in wholes
            for mail in whole.outbox
            if mail.state in _UNSENT
            and (mail.ticket in involved or {("outbox", mail.id), ("entries", mail.entry)} & documents)
        ]
        if unsent:
            listed = ", ".join(map(_named, unsent))
            hint = "wait until it is sent, or stop it with `tandem outbox cancel`"
            raise RefusedError(f"nothing was erased: mail has not left yet: {listed}", hint)

    def _parked(self, documents: Collection[tuple[str, int]]) -> int:
        """What was kept back and names the person, but for mails of somebody else's that wait."""
        waiting = {each.id for each in self._waiting(documents)}
        there = [each for each in self.desk.store.parked.all(settled=True) if ("parked", each.id) in documents]
        there = [each for each in there if each.id not in waiting]
        for each in there:
            self.tombstones += tombstones_of_incoming(self.desk, each.read, each.raw)
            if each.settled is None or each.settled.fate is not Fate.ACCEPTED:  # else an entry speaks of it
                self.raws.add(each.raw)
            self.files |= {each.raw, *(file.sha256 for file in each.read.attachments)}
            self.desk.store.parked.remove(each.id)
        return len(there)

    def _waiting(self, documents: Collection[tuple[str, int]]) -> list[ParkedMail]:
        """Mails of somebody else's that wait for an agent's word and name the person."""
        named = [each for each in self.desk.store.parked.all() if ("parked", each.id) in documents]
        return [each for each in named if not self.person.is_behind(each.read.sender, each.read.reply_to)]

    def _spare(self, mail: ParkedMail) -> None:
        """Take the person out of a mail that waits; it comes again from nowhere else as it was."""
        said = Said()
        for each in self.done.messages:
            if each.direction is Direction.IN:
                said.by_them(each.text)
        person, files = self.person, {file.sha256 for file in mail.read.attachments}
        read = spared(self.desk, person, Redactor(person.keys, person.names, said=said), mail.read)
        raw = self.desk.blobs.put(as_bytes(read))
        self.written.append(raw)
        self.files |= {mail.raw, *(files - {file.sha256 for file in read.attachments})} - {raw}
        self.tombstones += tombstones_of_incoming(self.desk, mail.read, mail.raw)
        self.desk.store.parked.put(replace(mail, read=read, raw=raw))
        for place in mail.places:
            self.desk.store.ledger.forget(place.mailbox, place.folder, place.uidvalidity, [place.uid])
            self.desk.store.ledger.record(place, Outcome.PARKED, None, raw)

    def _erase(self, whole: Whole) -> TicketNumber:
        after = replace(erase_whole(self.desk, whole, self.done), status=Status.CLOSED)
        return self._tell(whole.ticket, after)

    def _take_out(self, whole: Whole) -> TicketNumber:
        return self._tell(whole.ticket, take_out(self.desk, self.person, whole, self.done))

    def _tell(self, before: Ticket, after: Ticket) -> TicketNumber:
        self.desk.record(Happened.ERASED, before, after, act=self.act, author=self.desk.me.handle)
        self.upto = max(self.upto, *(each.id for each in self.desk.store.conversations.of(after.number)))
        return after.number

    def _forget_mentions(self, whole: Whole) -> int:
        redactor, found = Redactor(self.person.keys), 0
        for message in whole.messages:
            after = without_mention(message, redactor)
            if after is not message:
                found += 1
                self.done.redacted.append(message)
                self.desk.store.conversations.put(after)
                if message.outbox and (sent := self.desk.store.outbox.get(message.outbox)):
                    self.desk.store.outbox.put(replace(sent, raw="", redacted=True))
        if found:
            self.desk.sum_up(self.desk.ticket(whole.ticket.number))
        return found

    def _remember_files(self) -> None:
        """Every copy of every mail that was touched, and the files of those that are gone."""
        for each in (*self.done.messages, *self.done.redacted):
            self.tombstones += tombstones_of(self.desk, each)
        copies = self.desk.store.customers.raws_of([*_ids(self.done.messages), *_ids(self.done.redacted)])
        self.tombstones += tombstones_of_bytes(self.desk, sorted(copies))
        touched = {each.raw for each in (*self.done.messages, *self.done.redacted)} - {""}
        gone = {file.sha256 for each in self.done.messages for file in each.attachments}
        self.files |= touched | copies | gone | {each.sha256 for each in self.done.dropped}
        self.files |= {each.sha256 for each in self.done.enclosures}

    def _loose(self) -> None:
        parked = {each.raw for each in self.desk.store.parked.all(settled=True)}
        found = sorted(self.loose.naming() - self.raws - parked)
        self.raws.update(found)
        self.files.update(found)
        self.tombstones += tombstones_of_loose(self.desk, ((each, self.desk.blobs.get(each)) for each in found))

    def _forget(self, owned: Iterable[TicketNumber], shared: Iterable[TicketNumber]) -> tuple[list[Place], int]:
        """Leave neither in the ledger nor among the threads what leads to these mails, or what only they named."""
        customers, gone = self.desk.store.customers, _ids(self.done.messages)
        places = customers.places_of(gone, self.raws)
        customers.forget_places(gone, self.raws)
        customers.forget_bytes(_ids(self.done.redacted))
        links = customers.unlink(each.message_id for each in self.done.messages)
        links += sum(customers.unlink_ticket(each) for each in owned)
        links += sum(customers.unlink_ticket(each, but=ids_of(read_ticket(self.desk, each))) for each in shared)
        return sorted(places, key=lambda each: (each.mailbox, each.folder, each.uidvalidity, each.uid)), links

    def _amounts(self, owned: int, shared: int, parked: int, links: int, mentions: int, spared: int) -> Erased:
        done = self.done
        return Erased(
            tickets=owned,
            shared=shared,
            messages=len(done.messages),
            redacted=len(done.redacted) + spared,
            notes=done.notes,
            drafts=done.drafts,
            outgoing=done.outgoing,
            events=done.events,
            parked=parked,
            links=links,
            mentions=mentions,
            files=len(self.files),
        )


def _ids(messages: Collection[Message]) -> list[EntryId]:
    return [each.id for each in messages]


def _named(mail: OutboxEntry) -> str:
    return f"{mail.id} on ticket {mail.ticket} is {mail.state.shown}"
