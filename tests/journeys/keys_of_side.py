"""The keys of the screens beside the inbox: outbox, parked mail, the figures, the end of a shift."""

from __future__ import annotations

from textual.widgets import OptionList, Static

from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.outgoing import OutboxState
from desk.views import VIEWS
from tests.journeys.key_cases import Case, Finding, Step, case, misses, sees
from tests.journeys.key_places import FOUR, TWO, Place, highlighted, home, lists, on
from tests.tui.apps import Screen
from tui.keys import Context
from tui.screens.compose import ComposeScreen
from tui.screens.outbox import OutboxScreen
from tui.screens.pane import Pane
from tui.screens.parked import ParkedScreen
from tui.screens.shift import ShiftScreen
from tui.screens.stats import StatsScreen
from tui.widgets.remark import Remark

_OUTBOX, _PARKED, _STATS, _SHIFT = Context.OUTBOX, Context.PARKED, Context.STATS, Context.SHIFT
_SCREENS = {_OUTBOX: OutboxScreen, _PARKED: ParkedScreen, _STATS: StatsScreen, _SHIFT: ShiftScreen}
ALIKE = frozenset({_PARKED, _STATS, _SHIFT, Context.CUSTOMER})
"""Whose keys for views are tried elsewhere: these screens leave as the outbox does, the customer as the list."""
_SEARCHES = {each.name: each.query for each in VIEWS}


def inbox_is_on_top(screen: Screen) -> bool:
    return screen.app.screen is screen.inbox


def reads(number: int) -> Finding:
    """This ticket is open in the reader."""
    return lambda screen: inbox_is_on_top(screen) and screen.inbox.is_reading and screen.shown == number


def _shows(view: str) -> Finding:
    return lambda screen: inbox_is_on_top(screen) and screen.inbox.asked.query == _SEARCHES[view]


async def tagged(screen: Screen) -> None:
    """Do something that can be taken back."""
    desk = screen.app.desk
    screen.app.act("tag", lambda _: tag(desk, TWO, ["urgent"]))
    await screen.until(lambda: has_tag(screen))


async def untagged(screen: Screen) -> None:
    """Do something and take it back."""
    await tagged(screen)
    desk = screen.app.desk
    screen.app.act("undo", lambda _: undo(desk))
    await screen.until(lambda: not has_tag(screen))


def has_tag(screen: Screen) -> bool:
    return "urgent" in screen.app.desk.ticket(TWO).tags


def anywhere(context: Context, place: str) -> tuple[Case, ...]:
    """What keys do in every context that is not typed in; `place` is how help calls it."""
    here = (context,)
    others = {"outbox": OutboxScreen, "parked": ParkedScreen, "stats": StatsScreen, "shift": ShiftScreen}
    return (
        *(each for name in _SEARCHES if context not in ALIKE for each in case(here, f"view-{name}", _shows(name))),
        *(
            each
            for name, kind in others.items()
            for each in case(here, f"view-{name}", on(kind))
            if _SCREENS.get(context) is not kind and context not in ALIKE
        ),
        *case(here, "undo", lambda screen: not has_tag(screen), before=tagged),
        *case(here, "redo", has_tag, before=untagged),
        *case(here, "palette", sees("Command")),
        *case(here, "help", sees("Keys", place)),
        *case(here, "sync", sees("looking for mail")),
        *redrawing(context),
    )


def redrawing(context: Context) -> tuple[Case, ...]:
    """The key that paints the screen again."""
    painted: list[object] = []

    async def watch(screen: Screen) -> None:
        top = screen.app.screen
        top.screen_layout_refresh_signal.subscribe(top, painted.append)
        painted.clear()

    return case((context,), "redraw", lambda _: bool(painted), before=watch)


def _back(context: Context) -> tuple[Case, ...]:
    return (
        *case((context,), "back", inbox_is_on_top),
        *case((context,), "cancel", inbox_is_on_top),
    )


def beside(context: Context, *words: str) -> Step:
    """Go to a screen beside the inbox."""

    async def go(screen: Screen) -> None:
        await home(screen)
        screen.inbox.action_view(context.value)
        await screen.until(lambda: on(_SCREENS[context])(screen) and sees(*words)(screen))

    return go


def _on_mail(state: OutboxState, *keys: str) -> Step:
    """Put the cursor on the mail that stands so, and press keys."""

    async def go(screen: Screen) -> None:
        mails = {str(each.id): each.state for each in screen.app.desk.store.outbox.all()}
        shown = screen.app.screen.query_one(OptionList)
        ids = [str(shown.get_option_at_index(at).id) for at in range(shown.option_count)]
        shown.highlighted = next(at for at, each in enumerate(ids) if mails[each] is state)
        await screen.press(*keys)

    return go


def _stands(state: OutboxState, count: int) -> Finding:
    return lambda screen: [each.state for each in screen.app.desk.store.outbox.all()].count(state) == count


async def _asked_to_the_rest(screen: Screen) -> None:
    """Be asked whether the refused mail goes to the others, though bo answered since."""
    await _on_mail(OutboxState.REFUSED, "ctrl+l", "R")(screen)
    await screen.sees("R again sends it")


def _scrolled(least: int, most: int = 1_000) -> Finding:
    """By how many lines the text is scrolled."""
    return lambda screen: least <= screen.app.screen.query_one(Pane).scroll_y <= most


def _long_text(name: str, *keys: str) -> Step:
    """Let there be more text than there is room for, and press keys."""

    async def go(screen: Screen) -> None:
        screen.app.screen.query_one(name, Static).update("\n".join(map(str, range(100))))
        await screen.until(lambda: screen.app.screen.query_one(Pane).max_scroll_y > 0)
        await screen.press(*keys)

    return go


def _little_room(*keys: str) -> Step:
    """Let there be room for a line of what is known of a mail, and press keys."""

    async def go(screen: Screen) -> None:
        await _on_mail(OutboxState.REFUSED)(screen)
        screen.app.screen.query_one(Pane).styles.max_height = 2
        await screen.until(lambda: screen.app.screen.query_one(Pane).max_scroll_y > 0)
        await screen.press(*keys)

    return go


OUTBOX = Place(
    _OUTBOX,
    beside(_OUTBOX, "boss@corp.example"),
    (
        *anywhere(_OUTBOX, "in the outbox"),
        *_back(_OUTBOX),
        *case([_OUTBOX], "down", highlighted(1)),
        *case([_OUTBOX], "up", highlighted(0), before="j"),
        *case([_OUTBOX], "open", reads(FOUR)),
        *case([_OUTBOX], "pane-down", _scrolled(1), before=_little_room()),
        *case([_OUTBOX], "pane-up", _scrolled(0, 0), before=_little_room("space")),
        *case([_OUTBOX], "send-again", _stands(OutboxState.QUEUED, 2), before=_on_mail(OutboxState.BOUNCED)),
        *case([_OUTBOX], "send-to-rest", sees("R again sends it"), before=_on_mail(OutboxState.REFUSED, "ctrl+l")),
        *case([_OUTBOX], "send-to-rest", _stands(OutboxState.QUEUED, 2), before=_asked_to_the_rest),
        *case([_OUTBOX], "write-anew", on(ComposeScreen), before=_on_mail(OutboxState.REFUSED)),
        *case([_OUTBOX], "settle", _stands(OutboxState.SENT, 1), before=_on_mail(OutboxState.BOUNCED)),
        *case([_OUTBOX], "cancel-mail", sees("X again"), before=_on_mail(OutboxState.QUEUED, "ctrl+l")),
        *case(
            [_OUTBOX], "cancel-mail", _stands(OutboxState.QUEUED, 0), before=_on_mail(OutboxState.QUEUED, "ctrl+l", "X")
        ),
    ),
)
PARKED = Place(
    _PARKED,
    beside(_PARKED, "Third call"),
    (
        *anywhere(_PARKED, "among parked mail"),
        *_back(_PARKED),
        *case([_PARKED], "down", highlighted(1)),
        *case([_PARKED], "up", highlighted(0), before="j"),
        *case([_PARKED], "pane-down", _scrolled(8), before=_long_text("#parked")),
        *case([_PARKED], "pane-up", _scrolled(0, 0), before=_long_text("#parked", "space")),
        *case([_PARKED], "accept", sees("y again")),
        *case([_PARKED], "accept-sender", sees("Y again")),
        *case([_PARKED], "drop", sees("X again")),
    ),
    asked=frozenset({"accept", "accept-sender", "drop"}),
)
STATS = Place(
    _STATS,
    beside(_STATS, "Last 7 days"),
    (
        *anywhere(_STATS, "in the figures"),
        *_back(_STATS),
        *case([_STATS], "pane-down", _scrolled(8), before=_long_text("#figures")),
        *case([_STATS], "pane-up", _scrolled(0, 0), before=_long_text("#figures", "space")),
        *case([_STATS], "pane-line-down", _scrolled(1, 1), before=_long_text("#figures")),
        *case([_STATS], "pane-line-up", _scrolled(0, 0), before=_long_text("#figures", "j")),
        *case([_STATS], "pane-end-down", _scrolled(40), before=_long_text("#figures")),
        *case([_STATS], "pane-end-up", _scrolled(0, 0), before=_long_text("#figures", "G")),
        *case([_STATS], "period-day", sees("Last 24 hours")),
        *case([_STATS], "period-week", sees("Last 7 days"), before="d"),
        *case([_STATS], "period-month", sees("Last 30 days")),
    ),
)


def _first(screen: Screen) -> int:
    shown = lists(screen)[0]
    return next(at for at in range(shown.option_count) if not shown.get_option_at_index(at).disabled)


def _is_first(screen: Screen) -> bool:
    return on(ShiftScreen)(screen) and lists(screen)[0].highlighted == _first(screen)


def _is_last(screen: Screen) -> bool:
    shown = lists(screen)[0]
    after = range((shown.highlighted or 0) + 1, shown.option_count)
    return not _is_first(screen) and all(shown.get_option_at_index(at).disabled for at in after)


def _is_second(screen: Screen) -> bool:
    shown = lists(screen)[0]
    between = range(_first(screen) + 1, shown.highlighted or 0)
    return not _is_first(screen) and all(shown.get_option_at_index(at).disabled for at in between)


async def _to_promise(screen: Screen) -> None:
    """Go down to the first promise."""
    shown = lists(screen)[0]
    words = [str(shown.get_option_at_index(at).prompt) for at in range(shown.option_count)]
    shown.highlighted = next(at for at, each in enumerate(words) if "A parcel for" in each)


SHIFT = Place(
    _SHIFT,
    beside(_SHIFT, "End of shift", "A parcel for"),
    (
        *anywhere(_SHIFT, "at the end of a shift"),
        *_back(_SHIFT),
        *case([_SHIFT], "down", _is_second),
        *case([_SHIFT], "up", _is_first, before="j"),
        *case([_SHIFT], "open", lambda screen: inbox_is_on_top(screen) and screen.inbox.is_reading),
        *case([_SHIFT], "bottom", _is_last),
        *case([_SHIFT], "top", _is_first, before="G"),
        *case([_SHIFT], "half-down", lambda screen: not _is_first(screen)),
        *case([_SHIFT], "half-up", _is_first, before="j"),
        *case([_SHIFT], "remark", lambda screen: isinstance(screen.app.focused, Remark)),
        *case([_SHIFT], "hand-shift", sees("Hand the shift to")),
        *case([_SHIFT], "kept", lambda it: len(it.app.desk.store.promises.standing()) == 1, before=_to_promise),
    ),
)


async def _writes_remark(screen: Screen) -> None:
    await SHIFT.arrive(screen)
    await screen.press("e")
    await screen.sees("Esc back", "F1 help")


def _is_kept(screen: Screen) -> bool:
    return isinstance(screen.app.focused, OptionList) and "Look out" in screen.text


REMARK = Place(
    Context.REMARK,
    _writes_remark,
    (
        *case([Context.REMARK], "end-remark", _is_kept, misses("F1 help"), before="L o o k space o u t"),
        *case([Context.REMARK], "keys", sees("Keys", "in the remark above a shift")),
    ),
)
