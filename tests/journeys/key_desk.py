"""The desk on which keys are tried: a ticket of each kind, and enough others to have pages of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from desk.actions.assign import assign
from desk.actions.draft import save_draft
from desk.actions.link import link
from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.actions.save_view import save_view
from desk.actions.snooze import snooze
from desk.actions.status import set_status
from desk.conversation import EntryId
from desk.desk import Desk
from desk.draft import DraftKind
from desk.incoming import TOO_LARGE
from desk.outgoing import Answer
from desk.people import Address, Handle
from desk.standing import Standing
from desk.ticket import Status, Ticket, TicketNumber
from desk.written import Written
from tests.desk.arriving import arrive, mail_from
from tests.desks import DANA, SetClock, acting_as, make_desk, receive
from tests.journeys.key_cases import Finding, Step
from tests.mail.mails import multipart, part
from tests.tui.apps import Screen
from tui.keys import Context

PLAIN, PARCEL, PARCEL_AGAIN, FORWARDED, LARGE, TWO_MATTERS, LONG, RICH = map(TicketNumber, range(1, 9))
CLOSED, WAITING, ASLEEP, SPAM, CALLED, MINE, DRAFTED, LINKED = map(TicketNumber, range(9, 17))
LAST = TicketNumber(40)
_KIM = Address("kim@else.example", "Kim Else")
_LINES = "\n".join(f"This is line {at} of it." for at in range(100))
_QUOTED = "\n\nOn Thu, 19 Nov 2026 at 09:30, Acme <support@acme.example> wrote:\n> one\n> two\n> three\n"
_HTML = '<p>Pay us, says the page, <a href="https://shop.example/88213">here</a>.</p>'


@contextmanager
def key_desk(folder: Path) -> Generator[Desk]:
    """The desk of ana, who has bo for a partner. What was done to its tickets, bo did."""
    clock = SetClock()
    desk = make_desk(folder, clock=clock)
    for agent in desk.store.agents.all():
        desk.store.agents.put(replace(agent, signature=""))
    with desk.store.transaction():
        _fill(desk, clock)
        _treat(acting_as(desk, "bo"), clock)
    add_note(desk, PLAIN, "Ask the bank.")
    save_draft(desk, DRAFTED, DraftKind.REPLY, Written("Dear customer"))
    save_view(desk, "Parcels", "parcel", key="r")
    yield desk
    desk.store.close()


def _fill(desk: Desk, clock: SetClock) -> None:
    _receive(desk, clock, "Printer broken", "See https://shop.example/orders/88213 for it.", DANA)
    for subject in ("Where is my parcel", "Re: Where is my parcel"):
        _receive(desk, clock, subject, f"I ask: {subject}", _KIM)
    raw = multipart("mixed", part("message/rfc822", "From: Dana Petrova <dana@corp.example>\n\nHello"))
    arrive(desk, raw.replace(b"From: Ann Example <ann@customer.example>", b"From: ana@acme.example", 1), clock())
    clock.go_on(minutes=1)
    receive(desk, subject="Large", text="The beginning", defects=(f"{TOO_LARGE}: 40 MB",), sender=_who(5))
    _receive(desk, clock, "Two matters", "It is broken.")
    receive(desk, subject="Toner", text="And toner?", answers=(_id("Two matters"),), sender=_KIM)
    _receive(desk, clock, "Re: Long matter", _LINES + _QUOTED)
    arrive(desk, _rich(), clock())
    for number in range(CLOSED, LAST + 1):
        _receive(desk, clock, f"Subject {number}", f"About {_letters(number)}")


def _treat(desk: Desk, clock: SetClock) -> None:
    set_status(desk, CLOSED, Status.CLOSED)
    set_status(desk, WAITING, Status.WAITING)
    snooze(desk, ASLEEP, clock() + timedelta(days=3))
    set_status(desk, SPAM, Status.SPAM)
    add_note(desk, CALLED, "@ana can you look?")
    assign(desk, MINE, Handle("ana"))
    link(desk, PLAIN, LINKED)
    reply(desk, WAITING, Answer(text="Sent by bo."))
    arrive(
        replace(desk, settings=replace(desk.settings, flood=1)), mail_from("Kim <kim@else.example>", "Parked"), clock()
    )


def _receive(desk: Desk, clock: SetClock, subject: str, text: str, sender: Address | None = None) -> None:
    ticket = receive(desk, subject=subject, text=text, sender=sender or _who(subject), message_id=_id(subject))
    assert ticket.number
    clock.go_on(minutes=1)


def _who(name: object) -> Address:
    return Address(f"{_letters(name)}@corp.example", f"Customer {_letters(name)[:4]}")


def _id(subject: str) -> str:
    return f"<{_letters(subject)}@corp.example>"


def _letters(name: object) -> str:
    """A word of its own for each name: what is alike but for numbers counts as the same."""
    return hashlib.sha256(str(name).encode()).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))


def _rich() -> bytes:
    plain, html = part("text/plain", "Pay us, says the plain text."), part("text/html", _HTML)
    return multipart("alternative", plain, html, subject="Rich matter")


class Background:
    """A mailbox of the test's own: it is hurried, and has the rest of a large mail at once."""

    mailboxes = ("support",)

    def __init__(self) -> None:
        self.hurried = 0
        self.loaded = list[EntryId]()

    def deliver(self) -> None:
        """Nothing is due."""

    def follow(self, tell: Callable[[Standing], None]) -> None:
        """Nothing comes."""

    def hurry(self) -> None:
        self.hurried += 1

    def stop(self) -> None:
        """Nothing goes on."""

    def load_whole(self, entry: EntryId) -> None:
        self.loaded.append(entry)


def at(number: TicketNumber, *keys: str, then: TicketNumber | None = None) -> Step:
    """Be at this ticket, in the list or in the reader, whichever has the keys; press keys there; be at another."""

    async def go(screen: Screen) -> None:
        await _be_at(screen, number)
        await screen.press(*keys)
        if then is not None:
            await _be_at(screen, then)

    return go


def afresh(number: TicketNumber, *keys: str) -> Step:
    """Open this ticket in the reader as if for the first time: after another; then press keys there."""

    async def go(screen: Screen) -> None:
        await _be_at(screen, LINKED)
        await _be_at(screen, number)
        await screen.press(*keys)

    return go


async def _be_at(screen: Screen, number: TicketNumber) -> None:
    inbox = screen.inbox
    await screen.until(lambda: inbox.context in (Context.LIST, Context.READER))
    if inbox.context is Context.READER:
        inbox.action_open_ticket(str(number))
        await screen.until(lambda: is_read(number)(screen))
    else:
        inbox.tickets.go_to(number)
        await screen.until(
            lambda: inbox.is_wide and (shown := inbox.reader.current) is not None and shown.ticket.number == number
        )


def is_read(number: TicketNumber) -> Finding:
    """This ticket is open in the reader, which has the keys."""

    def find(screen: Screen) -> bool:
        shown = screen.inbox.reader.current
        return screen.inbox.is_reading and shown is not None and shown.ticket.number == number

    return find


def kept(number: TicketNumber, what: Callable[[Ticket], bool]) -> Finding:
    """The ticket in the store is so."""
    return lambda screen: what(screen.app.desk.ticket(number))


def lists(number: TicketNumber, *, but: TicketNumber) -> Finding:
    """The list has one ticket, but not another."""
    return lambda screen: number in screen.inbox.tickets.numbers and but not in screen.inbox.tickets.numbers


def shows(number: TicketNumber) -> Finding:
    """The list begins with this ticket."""
    return lambda screen: bool(screen.inbox.tickets.numbers) and screen.inbox.tickets.numbers[0] == number
