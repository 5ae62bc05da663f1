"""All that a desk holds about one person, for that person: as JSON, as an mbox of their mails, and as attached files.

A mail is theirs when it is from them or to them. On tickets where others wrote to each other too, those mails are
other people's data: it is only told that there are some. Internal notes about a person are data about that person
(GDPR, Art. 15) and so part of it, marked as internal; whoever has a reason in law to hold them back leaves them out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import orjson

from desk.beginning import KeptBeginning
from desk.conversation import Attachment, Entry, Event, Message, Note, OutboxId
from desk.customers import ours, spellings
from desk.desk import Desk
from desk.dossier import keys_of
from desk.erasing import Person, Whole, read_ticket
from desk.errors import RefusedError, StoreDamaged
from desk.filenames import clean_name
from desk.incoming import Incoming
from desk.loose import LooseMails
from desk.outgoing import OutboxEntry
from desk.parked import ParkedMail
from desk.people import Address
from desk.profile_erasing import names_in, profiles_about
from desk.profiles import Profile
from desk.redaction import Redactor
from mail.heads import scan_head
from mail.mbox import entry
from tandem.cli.jsonl import Json, entry_json, moment, person, ticket_json
from tandem.customers_folder import Folder, destination
from tandem.customers_profile import profile_json
from tandem.mailbox_export import LEFT
from tandem.progress import Tell
from tandem.wiring import Office


@dataclass(slots=True)
class Amounts:
    """How much was written; `others` are mails of others on the same tickets, which were not. `size` is in bytes."""

    tickets: int = 0
    mails: int = 0
    attachments: int = 0
    notes: int = 0
    parked: int = 0
    others: int = 0
    profiles: int = 0
    size: int = 0


@dataclass(slots=True)
class Exported:
    """What an export came to; `missing` are the sha256 of mails and files that this desk has lost."""

    amounts: Amounts = field(default_factory=Amounts)
    missing: list[str] = field(default_factory=list[str])


def export_customer(office: Office, address: str, dest: Path, tell: Tell, *, with_notes: bool) -> Exported:
    """Write all that is held about the person with this address into a new folder, or a .zip file.

    Raises:
        RefusedError: nothing is held about them, or the place is taken or cannot be written.
    """
    desk = office.desk
    with desk.store.snapshot():
        profiles = profiles_about(desk, spellings(address))
        keys = spellings(address).union(*(keys_of(each, address) for each in profiles))
        who = Person(keys, (), ours(desk))
        wholes = [each for each in _wholes(desk, who.keys) if who.is_in(each)]
        parked = [each for each in desk.store.parked.all(settled=True) if _is_theirs(who, each)]
        loose = _loose(desk, who)
        if Address(address).is_nobody or not (wholes or parked or loose or profiles):
            raise RefusedError(f"nothing is held about {address}", "`tandem customers list` shows everybody")
        with destination(dest, office.home.folder) as folder:
            export = _Export(desk, who, folder, tell, with_notes=with_notes)
            return export.run(address, wholes, parked, loose, profiles)


def _wholes(desk: Desk, keys: Collection[str]) -> list[Whole]:
    numbers = desk.store.customers.tickets_of(desk.store.customers.mentioning(keys))
    return [read_ticket(desk, each) for each in sorted(numbers)]


def _is_theirs(who: Person, parked: ParkedMail) -> bool:
    return who.among(parked.read.sender, *parked.read.to, *parked.read.cc, *parked.read.reply_to)


def _loose(desk: Desk, who: Person) -> list[tuple[str, Incoming]]:
    """Mails from or to the person that stand on no ticket, such as blind copies of our own: sha256 and head of each."""
    kept_back = {each.raw for each in desk.store.parked.all(settled=True)}
    found = sorted(LooseMails(desk, who.keys).naming() - kept_back)
    heads = ((raw, scan_head(desk.blobs.get(raw), "")) for raw in found)
    return [(raw, head) for raw, head in heads if who.among(head.sender, *head.to, *head.cc, *head.reply_to)]


class _Export:
    """One export being written."""

    def __init__(self, desk: Desk, who: Person, folder: Folder, tell: Tell, *, with_notes: bool) -> None:
        self.desk, self.who, self.folder, self.tell, self.with_notes = desk, who, folder, tell, with_notes
        self.done = Exported()
        self.mbox: list[bytes] = []
        self.names = set[str]()

    def run(
        self,
        address: str,
        wholes: Sequence[Whole],
        parked: Sequence[ParkedMail],
        loose: Sequence[tuple[str, Incoming]],
        profiles: Sequence[Profile],
    ) -> Exported:
        """Write everything, the manifest last."""
        tickets: list[Json] = []
        for at, whole in enumerate(wholes):
            self.tell("writing", at / len(wholes))
            tickets.append(self._ticket(whole))
        told: Json = {
            "address": address,
            "addresses": sorted(self.who.keys),
            "made": moment(self.desk.clock()),
            "with_notes": self.with_notes,
            "profiles": [profile_json(each, with_notes=self.with_notes) for each in profiles],
            "tickets": tickets,
            "parked": [self._parked(each) for each in parked],
            "on_no_ticket": [self._on_no_ticket(raw, head) for raw, head in loose],
            "unsent": [self._unsent(each) for each in self._to_them()],
            "remarks": self._remarks(),
        }
        self.done.amounts.profiles = len(profiles)
        self.names |= names_in(profiles)
        told["names"] = sorted(self.names)  # of all that was written
        self.folder.put("person.json", orjson.dumps(told, option=orjson.OPT_INDENT_2))
        self.folder.put("mails.mbox", b"".join(self.mbox))
        self._manifest()
        return self.done

    def _manifest(self) -> None:
        amounts = self.done.amounts
        files = {name: {"size": size, "sha256": digest} for name, size, digest in self.folder.written}
        amounts.size = sum(size for _, size, _ in self.folder.written)
        told = {"files": files, "counts": asdict(amounts), "missing": self.done.missing}
        self.folder.put("manifest.json", orjson.dumps(told, option=orjson.OPT_INDENT_2))

    def _ticket(self, whole: Whole) -> Json:
        self.done.amounts.tickets += 1
        outbox = {each.id: each for each in whole.outbox}
        told = ticket_json(whole.ticket)
        if not self.who.among(whole.ticket.customer):
            told["customer"] = None
        drafts = (*whole.drafts, *whole.thrown) if self.with_notes and self.who.owns(whole) else ()
        return told | {
            "messages": [said for each in whole.entries if (said := self._entry(each, outbox)) is not None],
            "promises": self._promises(whole) if self.with_notes else [],
            "drafts": [{"author": each.author, "saved": moment(each.saved), "text": each.text} for each in drafts],
        }

    def _promises(self, whole: Whole) -> list[Json]:
        there = (each for each in self.desk.store.promises.of(whole.ticket.number) if not each.is_gone)
        return [
            {"by": each.by, "due": moment(each.due), "text": each.text, "kept": moment(each.kept)} for each in there
        ]

    def _entry(self, entry: Entry, outbox: Mapping[OutboxId, OutboxEntry]) -> Json | None:
        match entry:
            case Message():
                return self._message(entry, outbox)
            case Note(removed=False) if self.with_notes:
                self.done.amounts.notes += 1
                return entry_json(entry, outbox) | {"internal": True}
            case Event() if self.with_notes and not entry.detail:
                return entry_json(entry, outbox) | {"internal": True}
            case _:
                return None

    def _message(self, message: Message, outbox: Mapping[OutboxId, OutboxEntry]) -> Json:
        people = (message.sender, *message.to, *message.cc, *message.bcc, *message.reply_to)
        if not self.who.among(*people):
            self.done.amounts.others += 1
            return {"id": message.id, "date": moment(message.at), "between_others": True}
        self.done.amounts.mails += 1
        self.names |= {each.name for each in people if self.who.among(each) and each.name}
        sent = outbox.get(message.outbox) if message.outbox else None
        if (message.outbox is None or (sent and sent.state in LEFT)) and not message.redacted:
            self._bytes(message.raw, sent.envelope_from if sent else message.sender.email, message.at)
        files = [self._file(f"{message.id}", index, each) for index, each in enumerate(message.attachments, 1)]
        unknown_to_others = [person(each) for each in message.bcc if self.who.among(each)]
        return entry_json(message, outbox) | {"bcc": unknown_to_others, "files": files}

    def _bytes(self, raw: str, sender: str, at: datetime) -> None:
        try:
            self.mbox.append(entry(self.desk.blobs.get(raw), sender, at))
        except StoreDamaged:
            self.done.missing.append(raw)

    def _file(self, mail: str, index: int, attachment: Attachment) -> str | None:
        name = f"attachments/{mail}-{index}-{clean_name(attachment.name) or 'unnamed'}"
        try:
            data = self.desk.blobs.get(attachment.sha256)
        except StoreDamaged:
            self.done.missing.append(attachment.sha256)
            return None
        self.folder.put(name, data)
        self.done.amounts.attachments += 1
        return name

    def _remarks(self) -> list[Json]:
        """What colleagues told each other about the person at the end of a shift."""
        about = Redactor(self.who.keys, self.names)
        kept = self.desk.store.handovers.all() if self.with_notes else []
        return [
            {"author": each.by, "at": moment(each.at), "text": each.remark}
            for each in kept
            if about.is_named(each.remark)
        ]

    def _to_them(self) -> list[KeptBeginning]:
        """First mails to the person that colleagues have not finished."""
        kept = self.desk.store.beginnings.all() if self.with_notes else []
        return [each for each in kept if self.who.among(*each.beginning.to, *each.beginning.cc, *each.beginning.bcc)]

    def _unsent(self, kept: KeptBeginning) -> Json:
        said = kept.beginning
        return {"author": kept.author, "saved": moment(kept.saved), "subject": said.subject, "text": said.text}

    def _parked(self, parked: ParkedMail) -> Json:
        self.done.amounts.parked += 1
        people = (parked.read.sender, *parked.read.to, *parked.read.cc, *parked.read.reply_to)
        self.names |= {each.name for each in people if self.who.among(each) and each.name}
        if parked.settled is None or parked.settled.ticket is None:  # else it is among the ticket's mails
            self._bytes(parked.raw, parked.read.sender.email, parked.received)
        return {
            "from": {"name": parked.read.sender.name or None, "email": parked.read.sender.email},
            "received": moment(parked.received),
            "subject": parked.read.subject,
            "text": parked.read.text,
            "reason": parked.reason,
        }

    def _on_no_ticket(self, raw: str, head: Incoming) -> Json:
        self.done.amounts.mails += 1
        people = (head.sender, *head.to, *head.cc, *head.reply_to)
        self.names |= {each.name for each in people if self.who.among(each) and each.name}
        self._bytes(raw, head.sender.email, head.date or self.desk.clock())
        return {
            "from": {"name": head.sender.name or None, "email": head.sender.email},
            "to": [{"name": each.name or None, "email": each.email} for each in (*head.to, *head.cc)],
            "date": None if head.date is None else moment(head.date),
            "subject": head.subject,
            "message_id": head.message_id,
        }
