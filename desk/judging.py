"""Who wrote a mail, where the signs are doubtful."""

from __future__ import annotations

from dataclasses import replace

from desk.absence import is_note_of_absence
from desk.conversation import Direction, Message
from desk.desk import Desk
from desk.incoming import Incoming
from desk.people import NOBODY, Address
from desk.subjects import base_subject
from desk.ticket import Ticket

FROM_OURSELVES = "it was written from our own address"
FROM_A_COLLEAGUE = "a colleague wrote it"
WENT_TO_OTHERS = "it went to others alone"
CAME_BACK = "it came back"
_DAEMONS = ("mailer-daemon", "mail-daemon")
_PAGES = frozenset(
    {"wordpress", "www-data", "apache", "httpd", "nginx", "nobody", "mailer", "webmaster", "website", "form", "forms"}
    | {"webform", "web-form", "contactform", "contact-form", "kontaktformular", "form-submission"}
)
"""What the addresses are called under which web pages send their forms."""
_NEAREST = 20
"""Of the mails that one answers, so many are looked at."""
AWAY_BY_SUBJECT = "its subject reads like an automatic reply"


def judged(desk: Desk, read: Incoming, *, is_answer: bool, about: Ticket | None = None) -> Incoming:
    """Settle who wrote a mail where the signs are doubtful: an answer, or a form's mail for somebody, is a person's.

    None is so that answers a mail of ours about this ticket, and says in its subject that nobody is there.
    """
    if about is not None and _is_absence(desk, read, about):
        return replace(read, automatic=AWAY_BY_SUBJECT)
    if desk.settings.is_own(read.sender) and is_answer:
        return replace(read, automatic=read.automatic or FROM_OURSELVES)
    if read.is_doubtful and (is_answer or behind(desk, read)):
        doubt = ("perhaps an automatic reply, by its subject",) if read.automatic == AWAY_BY_SUBJECT else ()
        return replace(read, automatic=None, facts=(*read.facts, *doubt))
    return read


def _is_absence(desk: Desk, read: Incoming, about: Ticket) -> bool:
    """Whether a machine put its words before the subject of ours; who asks about such a subject did not."""
    is_known = read.automatic == AWAY_BY_SUBJECT and read.base_subject != base_subject(about.subject)
    if not is_known and not is_note_of_absence(read.subject, about.subject):
        return False
    named = read.parents[:_NEAREST]
    held = (mail for each in named for mail in desk.store.conversations.with_message_id(each))
    return bool(desk.store.outbox.tickets(named)) or any(each.direction is Direction.OUT for each in held)


def behind(desk: Desk, read: Incoming | Message) -> Address | None:
    """Whom a machine or a form of ours writes for: the one it asks us to answer.

    What comes from one of our domains and is to be answered outside of it was filled in on a page of ours.
    """
    others = [each for each in read.reply_to if each.key != read.sender.key and not desk.settings.is_own(each)]
    if not (desk.settings.is_own(read.sender) or read.is_doubtful or read.sender.key.partition("@")[0] in _PAGES):
        ours = _domains(desk)
        others = [each for each in others if domain_of(read.sender) in ours and domain_of(each) not in ours]
    return next(iter(others), None)


def is_for_others(desk: Desk, read: Incoming) -> bool:
    """Whether this is a copy of what one of us wrote to somebody outside: none of our addresses was to get it.

    A form of ours writes to us, or to an address in one of our domains, which may be ours though nobody told us so.
    What names nobody at all went to people who are not to know of each other (RFC 5322 3.6.3: Bcc).
    """
    everybody = (*read.to, *read.cc)
    if not desk.settings.is_own(read.sender) or behind(desk, read):
        return False
    ours = _domains(desk)
    return all(domain_of(each) not in ours for each in everybody)


def _domains(desk: Desk) -> set[str]:
    return {domain_of(own) for each in desk.settings.mailboxes for own in each.addresses}


def domain_of(address: Address) -> str:
    """The domain of an address, in lower case."""
    return address.key.rpartition("@")[2]


def sender_of(read: Incoming) -> Address:
    """Who wrote it, or nobody, under the name that it gives."""
    return read.sender if read.sender.email else replace(NOBODY, name=read.sender.name)


def customer_of(read: Incoming) -> Address:
    """Whom a new ticket is about: who wrote the mail, but no mail system, for nobody can write to that."""
    is_by_machine = bool(read.deliveries) or read.sender.key.startswith(_DAEMONS)
    return replace(NOBODY, name=read.sender.name or "Mail system") if is_by_machine else sender_of(read)


def is_mail_system(person: Address) -> bool:
    """Whether an address is a mail system's own (RFC 5321 4.5.1), by its name."""
    return person.key.startswith(_DAEMONS) or person.key.partition("@")[0] == "postmaster"
