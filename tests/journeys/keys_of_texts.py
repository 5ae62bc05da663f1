"""The keys of what is read from a ticket, of searches, and of the customer."""

from __future__ import annotations

from collections.abc import Callable

from textual.widgets import Input

from desk.profiles import ProfileField
from tests.journeys.key_cases import Case, Finding, case, misses, sees
from tests.journeys.key_places import FOUR, ONE, THREE, TWO, Place, focused, highlighted, home, listed_at, on, read
from tests.journeys.keys_of_side import anywhere, inbox_is_on_top, redrawing
from tests.tui.apps import Screen
from tui.keys import Context
from tui.screens.files import FilesScreen
from tui.screens.links import LinksScreen
from tui.screens.save import SaveScreen
from tui.screens.source import SourceScreen
from tui.widgets.customer import CustomerPane
from tui.widgets.customer_card import CustomerCard
from tui.widgets.filter import FilterInput
from tui.widgets.find import FindLine
from tui.widgets.line_view import LineView

_SOURCE, _FILES, _LINKS, _CUSTOMER = Context.SOURCE, Context.FILES, Context.LINKS, Context.CUSTOMER
_PAGE = 10


def _reads_one(screen: Screen) -> bool:
    return inbox_is_on_top(screen) and screen.inbox.context is Context.READER


def _copied(text: str) -> Finding:
    return lambda screen: screen.app.clipboard == text


def left(context: Context, place: str) -> tuple[Case, ...]:
    """What keys do on every screen that lies over the reader."""
    return (
        *case([context], "back", _reads_one),
        *case([context], "cancel", _reads_one),
        *case([context], "help", sees("Keys", place)),
        *redrawing(context),
    )


async def _source(screen: Screen) -> None:
    await read(screen, ONE)
    await screen.press("v", "r")
    await screen.until(lambda: on(SourceScreen)(screen) and sees("line 1 of it")(screen))


def scrolled(kind: type[LineView], find: Callable[[int, int], bool]) -> Finding:
    """How far down these lines are, of how many rows; none, where they are not in sight."""

    def find_there(screen: Screen) -> bool:
        shown = screen.app.screen.query(kind)
        return bool(shown) and find(round(shown.first().scroll_y), shown.first().max_scroll_y)

    return find_there


def _source_at(find: Callable[[int, int], bool]) -> Finding:
    return scrolled(LineView, find)


def _points_at(words: str) -> Finding:
    """The cursor is on this line."""
    return sees(f"› {words}")


SOURCE = Place(
    _SOURCE,
    _source,
    (
        *left(_SOURCE, "in a mail's source"),
        *case([_SOURCE], "cancel", misses("1 of 3"), on(SourceScreen), before="/ z e b r a enter"),
        *case([_SOURCE], "down", _points_at("Subject: test")),
        *case([_SOURCE], "up", _points_at("Subject: test"), before="j j"),
        *case([_SOURCE], "page-down", _source_at(lambda at, _: at > _PAGE)),
        *case([_SOURCE], "page-up", _source_at(lambda at, end: at < end - _PAGE), before="G"),
        *case([_SOURCE], "half-down", _points_at("line 7 of it")),
        *case([_SOURCE], "half-up", _source_at(lambda at, end: end - _PAGE - 1 <= at < end), before="G"),
        *case([_SOURCE], "top", _source_at(lambda at, _: at == 0), before="G"),
        *case([_SOURCE], "bottom", _source_at(lambda at, end: at == end)),
        *case([_SOURCE], "find", lambda screen: screen.app.screen.query_one(FindLine).is_on),
        *case([_SOURCE], "find-next", sees("2 of 3"), before="/ z e b r a enter"),
        *case([_SOURCE], "find-back", sees("3 of 3, from the other end"), before="/ z e b r a enter"),
    ),
)


async def _files(screen: Screen) -> None:
    await read(screen, ONE)
    await screen.press("v", "f")
    await screen.until(lambda: on(FilesScreen)(screen) and sees("b.txt")(screen))


FILES = Place(
    _FILES,
    _files,
    (
        *left(_FILES, "among files"),
        *case([_FILES], "down", highlighted(1)),
        *case([_FILES], "up", highlighted(0), before="j"),
        *case([_FILES], "bottom", highlighted(1)),
        *case([_FILES], "top", highlighted(0), before="j"),
        *case([_FILES], "save", on(SaveScreen), sees("Save a.txt")),
        *case([_FILES], "save-all", on(SaveScreen), sees("Save 2 files")),
        *case([_FILES], "open-file", sees("over SSH")),
        *case([_FILES], "copy-name", _copied("b.txt"), before="j"),
    ),
)


async def _links(screen: Screen) -> None:
    screen.app.copy("")
    await read(screen, ONE)
    await screen.press("v", "l")
    await screen.until(lambda: on(LinksScreen)(screen) and sees("corp.example/b")(screen))


LINKS = Place(
    _LINKS,
    _links,
    (
        *left(_LINKS, "among links"),
        *case([_LINKS], "down", highlighted(1)),
        *case([_LINKS], "up", highlighted(0), before="j"),
        *case([_LINKS], "bottom", highlighted(1)),
        *case([_LINKS], "top", highlighted(0), before="j"),
        *case([_LINKS], "copy-this", _copied("https://corp.example/a")),
    ),
)


async def _finds(screen: Screen) -> None:
    await read(screen, ONE)
    await screen.press("g", "g", "/", *"zebra")
    await screen.sees("1 of 3", "F1 help")


async def _has_found(screen: Screen) -> None:
    await _finds(screen)
    await screen.press("enter")
    await screen.until(lambda: screen.inbox.context is Context.FOUND)


FIND = Place(
    Context.FIND,
    _finds,
    (
        *case([Context.FIND], "find-go-on", lambda screen: screen.inbox.context is Context.FOUND),
        *case([Context.FIND], "find-next", sees("2 of 3")),
        *case([Context.FIND], "find-before", sees("3 of 3")),
        *case([Context.FIND], "find-end", misses("1 of 3"), _reads_one),
        *case([Context.FIND], "keys", sees("Keys", "while finding")),
    ),
)
FOUND = Place(
    Context.FOUND,
    _has_found,
    (
        *case([Context.FOUND], "find-next", sees("2 of 3")),
        *case([Context.FOUND], "find-back", sees("3 of 3")),
        *case([Context.FOUND], "end-find", misses("1 of 3"), _reads_one),
    ),
)


async def _filters(screen: Screen) -> None:
    await home(screen)
    await screen.press("/", *"lamp", "enter")
    await screen.until(lambda: set(screen.inbox.tickets.numbers) == {THREE, FOUR})
    await screen.press("escape", "/", *"toner")
    await screen.until(lambda: tuple(screen.inbox.tickets.numbers) == (TWO,))
    await screen.sees("F1 help")


def _types(words: str) -> Finding:
    return lambda screen: isinstance(screen.app.focused, FilterInput) and screen.app.focused.value == words


FILTER = Place(
    Context.FILTER,
    _filters,
    (
        *case([Context.FILTER], "keep-filter", lambda screen: screen.inbox.context is Context.LIST, sees("toner")),
        *case([Context.FILTER], "clear-filter", lambda screen: len(screen.inbox.tickets.numbers) > 1),
        *case([Context.FILTER], "earlier", _types("lamp")),
        *case([Context.FILTER], "later", _types("toner"), before="up"),
        *case([Context.FILTER], "keys", sees("Keys", "while filtering")),
    ),
)


async def _customer(screen: Screen) -> None:
    screen.app.copy("")
    await listed_at(screen, ONE)
    await screen.press("w")
    await screen.until(lambda: screen.inbox.context is _CUSTOMER and _card(screen).known is not None)
    await screen.press("g", "g")


def _card(screen: Screen) -> CustomerCard:
    return screen.inbox.query_one(CustomerCard)


def _at(number: int) -> Finding:
    return lambda screen: _card(screen).chosen == number


def _card_at(find: Callable[[int, int], bool]) -> Finding:
    return scrolled(CustomerCard, find)


def _edits(screen: Screen) -> bool:
    return isinstance(screen.app.focused, Input)


def _is_in_list(screen: Screen) -> bool:
    return inbox_is_on_top(screen) and screen.inbox.context is Context.LIST


def _is_hidden(screen: Screen) -> bool:
    return not any(each.display for each in screen.inbox.query(CustomerPane))


CUSTOMER = Place(
    _CUSTOMER,
    _customer,
    (
        *anywhere(_CUSTOMER, "at the customer"),
        *case([_CUSTOMER], "customer", _is_hidden),
        *case([_CUSTOMER], "down", _at(3)),
        *case([_CUSTOMER], "up", _at(4), before="j"),
        *case([_CUSTOMER], "half-down", _card_at(lambda at, _: at > 0)),
        *case([_CUSTOMER], "half-up", _card_at(lambda at, end: at < end), before="G"),
        *case([_CUSTOMER], "top", _card_at(lambda at, _: at == 0), before="G"),
        *case([_CUSTOMER], "bottom", _card_at(lambda at, end: at == end)),
        *case([_CUSTOMER], "open", lambda screen: screen.inbox.is_reading and screen.shown != ONE),
        *case([_CUSTOMER], "edit", _edits),
        *case([_CUSTOMER], "copy-address", _copied("dana@corp.example")),
        *case([_CUSTOMER], "back", _is_in_list),
        *case([_CUSTOMER], "cancel", _is_in_list),
    ),
    size=(80, 11),
)


async def _form(screen: Screen) -> None:
    await _customer(screen)
    await screen.press("e")
    await screen.until(lambda: focused(ProfileField.NAME)(screen))
    await screen.sees("F1 help")


def _is_known(screen: Screen) -> bool:
    return any(each.name == "Di" for each in screen.app.desk.store.profiles.all())


async def _renamed(screen: Screen) -> None:
    field = screen.app.focused
    assert isinstance(field, Input)
    field.value = "Di"


FORM = Place(
    Context.CUSTOMER_FORM,
    _form,
    (
        *case([Context.CUSTOMER_FORM], "save", _is_known, before=_renamed),
        *case([Context.CUSTOMER_FORM], "next", focused(ProfileField.COMPANY)),
        *case([Context.CUSTOMER_FORM], "before", focused(ProfileField.NOTES)),
        *case([Context.CUSTOMER_FORM], "leave", lambda screen: screen.inbox.context is _CUSTOMER),
        *case([Context.CUSTOMER_FORM], "leave", sees("Esc again"), before=_renamed),
        *case([Context.CUSTOMER_FORM], "keys", sees("Keys", "while editing a customer")),
    ),
    size=(80, 30),
)
