"""What stands around a mail's text: who and when or how it stands, its warnings and copies, its headers, its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from desk.conversation import Attachment, Direction, Message, Purpose
from desk.outgoing import NOT_GONE, OutboxEntry, OutboxState
from desk.people import Address
from desk.safe import is_masked, safe_line
from tui.keys.naming import with_keys
from tui.reader.lines import Flow, Frame, Line, Span, Tone
from tui.reader.opened import OpenTicket
from tui.reader.view import View
from tui.reader.wrapping import wrap
from tui.words.heard import heard
from tui.words.mail_story import can, findings
from tui.words.telling import delivery, moment, size, trouble
from tui.words.tongue import mark, tr


@dataclass(frozen=True, slots=True)
class Top:
    """The first line of a mail: who at its left end, when or how it stands at its right end."""

    who: tuple[Span, ...]
    when: tuple[Span, ...]


def top(message: Message, opened: OpenTicket, macro: str, frame: Frame) -> Top:
    """The first line of a mail; `macro` is what a reply was made with, empty for none."""
    whole = _from_us(message, opened, macro, frame)
    if message.direction is Direction.IN:
        whole = _from_customer(message, opened, frame)
    return replace(whole, who=(*_aside(message), *whole.who)) if is_aside(message) else whole


def is_aside(message: Message) -> bool:
    """Whether a mail is no part of the talk with the customer, who sees nothing of it."""
    return message.side is not None or message.purpose is Purpose.FORWARD


def _aside(message: Message) -> tuple[Span, ...]:
    """The word that tells such a mail from the others, whatever colours there are."""
    word = tr("FORWARD") if message.side in (None, message.id) else tr("SIDE TALK")
    return (Span(f"{word} ", Tone.SIDE),)


def _from_customer(message: Message, opened: OpenTicket, frame: Frame) -> Top:
    """The address is told where it is not the one in the ticket's head: a name alone may be anybody's."""
    name = Span(safe_line(message.sender.label), Tone.STRONG)
    is_known = message.sender.key == opened.ticket.customer.key or not message.sender.name
    address = () if is_known else (Span(f" <{safe_line(message.sender.email)}>", Tone.MUTED),)
    return Top((name, *address), (Span(moment(message.at, frame.now, frame.zone), Tone.MUTED),))


def _from_us(message: Message, opened: OpenTicket, macro: str, frame: Frame) -> Top:
    to = safe_line(message.to[0].label).split() if message.to else []
    author = safe_line(message.author or tr("we"))
    who = (Span(f"{author} {frame.signs.to} {to[0] if to else '?'}", Tone.OURS),)
    told = tr("macro {name}").format(name=safe_line(macro))
    made = (Span(f"  {told}", Tone.MUTED),) if macro else ()
    return Top((*who, *made), (_standing(message, opened, frame),))


def _standing(message: Message, opened: OpenTicket, frame: Frame) -> Span:
    mail = _mail(message, opened)
    if mail is None:
        return Span(tr("sent {at}").format(at=moment(message.at, frame.now, frame.zone)), Tone.MUTED)
    is_stopped = mail.mailbox in opened.stopped and mail.state in NOT_GONE
    words = delivery(mail, frame.now, opened.me, frame.zone, is_stopped=is_stopped)
    return Span(words, Tone.WARNING if trouble(mail) or is_stopped else Tone.MUTED)


def _mail(message: Message, opened: OpenTicket) -> OutboxEntry | None:
    return opened.outbox.get(message.outbox) if message.outbox else None


def remarks(message: Message, opened: OpenTicket, frame: Frame, width: int, view: View) -> Iterator[Line]:
    """What stands between a mail's first line and its text: headers on demand, copies, and whatever is wrong."""
    if is_aside(message):
        yield from _set([_not_for(message, opened)], Tone.SIDE, width)
    if view.headers is not None:
        yield from _set(view.headers.get(message.id) or _headers(message), Tone.MUTED, width)
    else:
        if is_aside(message) and message.direction is Direction.OUT:
            yield from _set([tr("to {people}").format(people=_people(message.to))], Tone.MUTED, width)
        if message.cc:
            yield from _set([tr("cc {people}").format(people=_people(message.cc))], Tone.MUTED, width)
    if message.bcc:
        yield from _set([tr("bcc {people}").format(people=_people(message.bcc))], Tone.MUTED, width)
    if message.automatic:
        yield from _set([tr("automatic: {why}").format(why=heard(safe_line(message.automatic)))], Tone.MUTED, width)
    if message.id in view.other:
        yield from _set([with_keys(tr(_OTHER))], Tone.SIDE, width)
    mail = _mail(message, opened)
    wrong = [
        *(_wrong(mail, frame) if mail else ()),
        *_masks(message),
        *(heard(safe_line(each)) for each in message.defects),
    ]
    yield from _set((f"{frame.signs.trouble} {each}" for each in wrong), Tone.WARNING, width)
    yield from _set((f"{frame.signs.fact} {heard(safe_line(each))}" for each in message.facts), Tone.MUTED, width)


_OTHER = mark("another form of this mail; {key_other_form} shows the first again")
_MASKED_SUBJECT = mark("the subject holds characters that hide or turn text")
_MASKED_NAME = mark("the sender's name holds characters that hide or turn text")


def _not_for(message: Message, opened: OpenTicket) -> str:
    """That the customer sees nothing of a mail."""
    words = tr("not for {customer}, who sees nothing of it")
    if message.was_in_bcc and message.direction is Direction.IN:
        words = tr("its writer was in Bcc; not for {customer}, who sees nothing of it")
    return words.format(customer=safe_line(opened.ticket.customer.label))


def _masks(message: Message) -> Iterator[str]:
    """What is odd about a subject or a name, where the list warns of it."""
    if message.direction is Direction.IN:
        for words, text in ((_MASKED_SUBJECT, message.subject), (_MASKED_NAME, message.sender.name)):
            if is_masked(text):
                yield tr(words)


def _wrong(mail: OutboxEntry, frame: Frame) -> Iterator[str]:
    """What an agent must know about a mail of ours: why it did not go, for whom, what was found out, where to act."""
    reason, found = trouble(mail), list(findings(mail, frame.now, frame.zone))
    if reason and not mail.refused_for:
        yield reason
    yield from found
    if reason and mail.state is not OutboxState.DEFERRED:
        yield with_keys(
            tr("{key_view_outbox}, on this mail: {keys}"), keys=", ".join(f"{key} {words}" for key, words in can(mail))
        )


def files(message: Message, frame: Frame, width: int) -> list[Line]:
    """A mail's attachments, below its text."""
    sign = f"  {frame.signs.file} "
    return [line for each in message.attachments for line in _set((_file(each),), Tone.MUTED, width, sign)]


def _file(file: Attachment) -> str:
    within = f"  {tr('in the text')}" if file.is_inline else ""
    return f"{safe_line(file.name)}  {size(file.size)}{within}"


def _headers(message: Message) -> Iterator[str]:
    yield f"From: {safe_line(str(message.sender))}"
    for name, people in (("To", message.to), ("Cc", message.cc), ("Reply-To", message.reply_to)):
        if people:
            yield f"{name}: {_people(people)}"
    yield f"Received: {message.at:%a, %d %b %Y %H:%M:%S} UTC"
    yield f"Subject: {safe_line(message.subject)}"
    yield f"Message-ID: {safe_line(message.message_id)}"
    if message.references:
        yield f"References: {safe_line(' '.join(message.references))}"
    yield f"HTML: {tr('the mail has it') if message.has_html else tr('none')}"


def _people(people: Sequence[Address]) -> str:
    return ", ".join(safe_line(str(each)) for each in people)


def _set(texts: Iterable[str], tone: Tone, width: int, sign: str = "") -> Iterator[Line]:
    """Texts in lines, each behind its sign; what goes on on another line stands below its beginning."""
    beside = cell_len(sign)
    for text in texts:
        for at, piece in enumerate(wrap(text, max(width - beside, 1))):
            lead = (Span(" " * beside if at else sign, tone),) if sign else ()
            yield Line((Span(piece, tone),), lead=lead, flow=Flow.NEXT if at else Flow.APART)
