"""Where keys act besides the list and the reader: what leads there, and the desk on which they are tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event

from textual.widget import Widget
from textual.widgets import Input, OptionList

from desk.actions.note import add_note
from desk.actions.promise import promise
from desk.actions.reply import reply
from desk.actions.tag import tag
from desk.conversation import Attachment, EntryId, Message, Note
from desk.desk import Desk
from desk.outgoing import Answer, OutboxState, RecipientAnswer
from desk.people import Address
from desk.standing import Standing
from desk.ticket import TicketNumber
from desk.views import VIEWS
from tests.desk.arriving import arrive, mail_from
from tests.desks import SUPPORT, SetClock, acting_as, make_desk, receive
from tests.journeys.key_cases import Case, Finding, Step
from tests.tui.apps import Screen
from tui.keys import ACTIONS, Context, acting_in
from tui.screens.inbox import InboxScreen

ONE, TWO, THREE, FOUR = map(TicketNumber, range(1, 5))
KIM, BOSS = Address("kim@else.example", "Kim Else"), Address("boss@corp.example", "The Boss")
_REFUSED = RecipientAnswer("boss@corp.example", 550, "5.1.1 no such user")
_STATES = (OutboxState.QUEUED, OutboxState.REFUSED, OutboxState.BOUNCED)
_LONG = "\n".join("the zebra" if at % 20 == 0 else f"line {at} of it" for at in range(60))
_LINKS = "\nhttps://corp.example/a and https://corp.example/b\n"


@dataclass(frozen=True, slots=True)
class Place:
    """A context, what leads there from anywhere, and what each of its keys does.

    `asked` are the actions that no undo takes back, and that are therefore asked for twice.
    """

    context: Context
    arrive: Step
    cases: tuple[Case, ...]
    size: tuple[int, int] = (80, 24)
    asked: frozenset[str] = frozenset()


class Quiet:
    """A mailbox of which nothing comes: it only counts how often somebody looks."""

    mailboxes = ("support",)

    def __init__(self) -> None:
        self.looks = 0

    def deliver(self) -> None:
        """Nothing is due."""

    def follow(self, tell: Callable[[Standing], None]) -> None:
        """Nothing comes."""

    def hurry(self) -> None:
        self.looks += 1

    def stop(self) -> None:
        """Nothing goes on."""

    def load_whole(self, entry: EntryId) -> None:
        """Nothing was too large."""


def desk_of_all(folder: Path) -> Desk:
    """Four tickets, mails in the outbox that need somebody, parked mail, promises and a note; ana acts, bo is there."""
    desk = make_desk(folder, clock=SetClock(), agents=("ana", "bo", "cem"))
    for agent in desk.store.agents.all():
        desk.store.agents.put(replace(agent, signature=""))
    with desk.store.transaction():
        _fill(desk)
    limited = replace(desk, settings=replace(desk.settings, flood=1))
    for subject in ("First call", "Second call", "Third call"):
        arrive(limited, mail_from("Loud <loud@x.example>", subject, f"This is what {subject} has to say."))
    return desk


def _fill(desk: Desk) -> None:
    files = tuple(Attachment(name, "text/plain", 2, desk.blobs.put(name.encode()), 1) for name in ("a.txt", "b.txt"))
    receive(desk, subject="Printer broken", text=_LONG + _LINKS, attachments=files)
    receive(desk, subject="Toner is empty", sender=KIM)
    receive(desk, subject="Lamp is dark", text="Which lamp?")
    receive(desk, subject="Lamp is dark", text="Still dark.", cc=(BOSS,))
    for state in _STATES:
        mail = reply(acting_as(desk, "bo"), FOUR, Answer(text=f"It is {state}."))
        desk.store.outbox.put(
            replace(mail, state=state, refused_for=(_REFUSED,) if state is OutboxState.REFUSED else ())
        )
    add_note(desk, THREE, "Ask the bank.")
    tag(acting_as(desk, "bo"), TWO, ["alpha", "beta"])
    for number in (TWO, THREE):
        promise(acting_as(desk, "bo"), number, desk.clock() + timedelta(days=1), f"A parcel for {number}")


def standing(desk: Desk) -> list[object]:
    """What customers and colleagues would notice if it changed: not an unfinished text."""
    numbers = [TicketNumber(number) for number in range(1, 8)]
    tickets = [
        (
            each.number,
            each.status,
            each.assignee,
            each.tags,
            each.priority,
            each.snoozed_until,
            each.merged_into,
            each.resembles,
        )
        for each in desk.store.tickets.many(numbers)
    ]
    said = [
        (each.ticket, each.text if isinstance(each, Message) else each.note)
        for number in numbers
        for each in desk.store.conversations.of(number)
        if (isinstance(each, Message) and each.sender.email != SUPPORT.email)
        or (isinstance(each, Note) and not each.removed)
    ]
    sent = {each.id: (each.state, each.recipients) for each in desk.store.outbox.all()}
    first = {key: value for key, value in sent.items() if key <= len(_STATES)}
    later = [value for key, value in sent.items() if key > len(_STATES) and value[0] is not OutboxState.CANCELLED]
    promised = [(each.ticket, each.text) for each in desk.store.promises.standing()]
    handed = [each.to for each in desk.store.handovers.all() if not (each.is_gone or each.is_begun)]
    known = [(each.name, each.tags) for each in desk.store.profiles.all() if each.name or each.tags]
    return [tickets, said, first, later, desk.store.parked.count(), promised, handed, known]


async def home(screen: Screen) -> None:
    """Put away whatever lies on top, and be in the inbox."""
    while not isinstance(screen.app.screen, InboxScreen):
        await screen.app.pop_screen()
    inbox = screen.inbox
    while not (inbox.context is Context.LIST and not inbox.tickets.marked and not inbox.asked.words):
        await screen.press("escape")
    if inbox.asked.query != VIEWS[0].query or inbox.is_narrowing or screen.cursor is None:
        inbox.action_view("inbox")
        await screen.until(lambda: screen.cursor is not None and not inbox.is_narrowing)


async def listed_at(screen: Screen, number: TicketNumber) -> None:
    """Be in the list, at this ticket."""
    await home(screen)
    screen.inbox.tickets.go_to(number)
    await screen.until(lambda: screen.cursor == number)


async def read(screen: Screen, number: TicketNumber) -> None:
    """Have this ticket open in the reader."""
    await home(screen)
    screen.inbox.action_open_ticket(str(number))
    await screen.until(lambda: screen.inbox.context is Context.READER and screen.shown == number)


async def try_all(screen: Screen, place: Place) -> None:
    """Press every key of a place and look for what it does; what one press did to the desk, one `u` takes back."""
    for case in place.cases:
        for key in case.keys:
            try:
                await _arrive(screen, place, case)
                before = standing(screen.app.desk)
                assert not case.holds(screen), "it is so before the key"
                await screen.press(*key.split(" "))
                await screen.until(partial(case.holds, screen))
                await _take_back(screen, case, before, is_asked=case.action in place.asked)
                assert screen.app.broken is None
            except BaseException as failure:
                failure.add_note(f"{key} ({case.action}) in the {case.context}: {case.rows[0].help}")
                raise


async def _arrive(screen: Screen, place: Place, case: Case) -> None:
    clock = screen.app.desk.clock
    assert isinstance(clock, SetClock)
    clock.go_on(seconds=1)
    screen.app.say("")
    await place.arrive(screen)
    await (screen.press(*case.before.split()) if isinstance(case.before, str) else case.before(screen))


async def _take_back(screen: Screen, case: Case, before: list[object], *, is_asked: bool) -> None:
    await written(screen)
    if case.action in ("undo", "redo", "take-back") or standing(screen.app.desk) == before:
        return
    assert not is_asked, "one press did what is to be asked for twice"
    if "undo" not in {each.name for each in screen.app.settings.actions if screen.app.here() in each.contexts}:
        await home(screen)
    await screen.press("u")
    await screen.until(lambda: standing(screen.app.desk) == before)


async def run_from_help(screen: Screen, place: Place) -> None:
    """Look one of the keys of a place up in its help, and let Enter do it."""
    case = next(each for each in place.cases if each.action not in ("keys", "help") and "view" not in each.action)
    await _arrive(screen, place, case)
    [key, *_] = next(each.keys for each in acting_in(place.context) if each.name in ("help", "keys"))
    await screen.press(key)
    await screen.sees("Keys")
    field = screen.app.focused
    assert isinstance(field, Input)
    field.value = case.rows[0].help.split(";")[0]
    await screen.pilot.pause()
    await screen.press("enter")
    await screen.until(partial(case.holds, screen))


async def leave(screen: Screen, place: Place) -> None:
    """Leave the program from there by its key."""
    for key in (key for each in ACTIONS if each.name == "quit" and place.context in each.contexts for key in each.keys):
        await place.arrive(screen)
        await screen.press(key)
        await screen.until(lambda: screen.app.has_ended)


async def written(screen: Screen) -> None:
    """Wait until everything that was asked for is in the store."""
    done = Event()
    screen.app.act("wait", lambda _: None, lambda _: done.set())
    await screen.until(done.is_set)


def on(kind: type[Widget]) -> Callable[[Screen], bool]:
    """Whether this kind of screen is on top."""
    return lambda screen: isinstance(screen.app.screen, kind)


def highlighted(row: int) -> Finding:
    """The cursor of the list on top is on this row."""
    return lambda screen: bool(lists(screen)) and lists(screen)[0].highlighted == row


def lists(screen: Screen) -> list[OptionList]:
    """The lists of the screen on top."""
    return list(screen.app.screen.query(OptionList))


def focused(name: str) -> Finding:
    """The field with this id has the focus."""
    return lambda screen: screen.app.focused is not None and screen.app.focused.id == name
