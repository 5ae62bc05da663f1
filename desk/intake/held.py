"""Whether a mail is held already: a Message-ID alone proves nothing, some senders use one for many mails."""

from __future__ import annotations

from datetime import timedelta

from desk.conversation import Direction, Message
from desk.desk import Desk
from desk.incoming import Incoming
from desk.intake.cut import is_part_of_other
from desk.intake.taken import Arrival
from desk.subjects import base_subject
from desk.tokens import find_tokens, named_by

_QUEUED_WITHIN = timedelta(minutes=1)
"""A mail is written first and queued then."""


def already_held(desk: Desk, arrival: Arrival) -> Message | None:
    """The same mail seen at another place, or our own come back as a copy."""
    read, copies = arrival.read, desk.store.conversations.copies
    for message_id in (read.message_id, *read.alike_ids):
        for held in copies(message_id, digest=read.digest, raw=arrival.raw):
            if held.direction is Direction.IN or arrival.raw == held.raw or read.digest == held.digest:
                return held
            if arrival.mail.is_sent or desk.settings.is_own(read.sender) or _same_words(read, held):
                return held
            if read.is_doubtful and _begins_with(read, held):  # a list put its own words below
                return held
    version = other_version(desk, read)
    if version and (_says_no_more(read, version) or is_part_of_other(desk, arrival, version)):
        return version
    found = _without_id(desk, read) or (_sent_under_another_id(desk, read) if arrival.mail.is_sent else None)
    return found or _back_over_list(desk, read)


def _back_over_list(desk: Desk, read: Incoming) -> Message | None:
    """Our own mail that comes back from a list under the list's address, with words of the list's, maybe another id."""
    if not (read.is_doubtful and read.reply_to and all(map(desk.settings.is_own, read.reply_to))):
        return None
    conversations = desk.store.conversations
    for index, named in enumerate((read.message_id, *read.alike_ids, *read.parents)):
        for held in conversations.with_message_id(named):
            if held.direction is Direction.OUT and (index <= len(read.alike_ids) or _of_one_moment(read, held)):
                return held
    tokens = (*read.tokens, *(token for each in read.reply_to for token in find_tokens(each.email)))
    numbers = dict.fromkeys(named_by(each) for each in tokens)
    mails = (each for number in numbers if number for each in conversations.of(number) if isinstance(each, Message))
    return next((each for each in mails if each.direction is Direction.OUT and _of_one_moment(read, each)), None)


def _of_one_moment(read: Incoming, held: Message) -> bool:
    """Whether a mail says the Date under which one of ours was queued; who got that writes an answer, if anything."""
    is_by_reader = any(each.key == read.sender.key for each in (*held.to, *held.cc))
    return not is_by_reader and read.date is not None and abs(held.at - read.date) <= _QUEUED_WITHIN


def other_version(desk: Desk, read: Incoming) -> Message | None:
    """This mail as it came another way: a list puts words before the subject and below the text.

    A sender who uses one id for many mails writes them at different times, or about different things.
    """
    if read.local_id or read.date is None:
        return None
    for held in desk.store.conversations.dated(read.message_id, read.date):
        if _is_by_the_same(read, held) and base_subject(held.subject) == read.base_subject:
            return held
    return None


def _is_by_the_same(read: Incoming, held: Message) -> bool:
    """Whether one person wrote both; a list that writes under its own address names them in Reply-To, or in Cc."""
    if held.sender.key == read.sender.key or any(each.key == read.sender.key for each in held.reply_to):
        return True
    over_list = read.is_doubtful and any(each.key == held.sender.key for each in read.reply_to)
    return over_list or _is_listed(read, held) or _is_listed(held, read)


def _is_listed(copy: Incoming | Message, mail: Incoming | Message) -> bool:
    """Whether one is a list's copy of the other, which asks for answers to the list and names the writer in Cc."""
    named = any(each.key == mail.sender.key for each in (*copy.to, *copy.cc))
    return copy.is_doubtful and named and _begins_with(copy, mail)


def _begins_with(copy: Incoming | Message, mail: Incoming | Message) -> bool:
    words = mail.text.split()
    return bool(words) and copy.text.split()[: len(words)] == words


def _says_no_more(read: Incoming, held: Message) -> bool:
    """Whether nothing is new in another version; that a person wrote it, not a list, would be."""
    is_news = held.automatic is not None and read.automatic is None
    return not is_news and _same_words(read, held) and _files(read) == _files(held)


def _files(mail: Incoming | Message) -> list[str]:
    return [each.sha256 for each in mail.attachments]


def twin_id(read: Incoming) -> str:
    """What copies of a mail without a Message-ID share, though the way that each took makes their bytes differ."""
    return f"<{read.digest}@tandem.invalid>" if read.local_id else ""


def _same_words(read: Incoming, held: Message) -> bool:
    """Whether somebody sends our own mail back to us, as some lists do: under their address and our id."""
    return held.text.split() == read.text.split()


def _without_id(desk: Desk, read: Incoming) -> Message | None:
    if not (twin := twin_id(read)):
        return None
    for number in desk.store.threads.tickets([twin], own=True).get(twin, []):
        for entry in desk.store.conversations.of(number):
            if isinstance(entry, Message) and entry.digest == read.digest:
                return entry
    return None


def _sent_under_another_id(desk: Desk, read: Incoming) -> Message | None:
    """Our own mail in a folder of sent mail, where the server gave it another id: it refers to the one it had."""
    for reference in read.references:
        for held in desk.store.conversations.with_message_id(reference):
            if held.direction is Direction.OUT and held.at == read.date and _same_words(read, held):
                return held
    return None
