"""How an agent finds the way: help, palette, tour, what may follow the keys of a chord, and where keys act just now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal, Protocol, cast, runtime_checkable

from textual import events
from textual.dom import DOMNode
from textual.driver import Driver
from textual.reactive import reactive
from textual.widgets import Input

from desk.desk import Desk
from desk.errors import TandemError
from tui.actions.delivery import Delivery
from tui.actions.touring import Touring
from tui.front import Asking, Lending, Working
from tui.keys import ACTIONS, Action, Context, acting_in
from tui.keys.action import LINES, OBEYED
from tui.keys.chords import Waiting
from tui.keys.keyboard import Keyed
from tui.keys.keymap import translation
from tui.keys.line_ends import takes_line, told_cut
from tui.keys.naming import with_keys
from tui.keys.presses import as_event, pressed, typed
from tui.screens.inbox import InboxScreen
from tui.settings import ScreenSettings
from tui.style.looks import Looks
from tui.threads.later import later
from tui.words.tongue import tr

if TYPE_CHECKING:
    from macros.library import Library


@runtime_checkable
class Placed(Protocol):
    """A widget or screen that says where its keys act."""

    PLACE: Context
    """The context whose keys it reads."""


@runtime_checkable
class Choosing(Protocol):
    """A screen on which one types to choose."""

    async def tell_pasted(self) -> None:
        """Say that a part of what was pasted was dropped."""
        ...


class Wayfinding(Looks):
    """An application that tells what can be done, and does it."""

    library: Library
    chord: reactive[Waiting | None] = reactive(None, repaint=False)

    def __init__(self, driver_class: type[Driver], desk: Desk, settings: ScreenSettings) -> None:
        super().__init__(driver_class, desk, settings)
        self._translation = translation(settings.actions)
        self.touring = Touring(self)
        self._delivery = Delivery(self, super().on_event)

    def here(self) -> Context | None:
        """The context of the screen on top; None where keys go their usual way."""
        return self.screen.context if isinstance(self.screen, Keyed) else None

    def place(self) -> Context:
        """Where keys act, also where a widget reads them itself: what has the focus or stands around it says so."""
        if (here := self.here()) is not None:
            return here
        start = self.focused or self.screen
        return next((each.PLACE for each in start.ancestors_with_self if isinstance(each, Placed)), Context.LIST)

    def obeys(self, event: events.Key) -> Literal["acts", "moves"] | None:
        """What a key does where the widget with the focus reads keys itself and obeys letters; None where it types.

        A letter that does nothing there counts as one that acts: what is pasted is made of them. Where one types a
        line, the key that takes it acts: it is a line end of what is pasted.
        """
        if self.here() is not None:
            return None
        place = self.place()
        if place in LINES:
            is_in_line = self.focused is None or isinstance(self.focused, Input)
            return "acts" if is_in_line and takes_line(typed(event), place, self.settings.actions) else None
        if place not in OBEYED:
            return None
        known = (each for each in acting_in(place, self.settings.actions) if typed(event) in each.keys)
        if (action := next(known, None)) is not None:
            return "moves" if action.moves or not event.character else "acts"
        return "acts" if event.is_printable else "moves"

    def later(self, seconds: float, callback: Callable[[], Awaitable[None] | None]) -> None:
        """Call back after a while."""
        later(self, seconds, callback)

    def is_turning(self) -> bool:
        """Whether a ticket is being opened, or a macro filled in: the next keys are for what comes of it."""
        screen = self.screen
        return isinstance(screen, InboxScreen) and (screen.is_turning or screen.is_at_work or screen.is_changing_place)

    def is_opening(self) -> bool:
        """Whether a field to type in is about to get the focus: its screen, or the one below, is not yet ready."""
        if isinstance(self.screen, Asking) and self.screen.is_beginning:
            return True
        return self.here() is None and self.focused is None and bool(self.screen.AUTO_FOCUS)

    def is_narrowing(self) -> bool:
        """Whether a filter is being typed, or what it leaves has yet to be read."""
        return isinstance(self.screen, InboxScreen) and self.screen.is_narrowing

    def is_settling(self) -> bool:
        """Whether a key that may lead elsewhere was pressed on the screen on top, which has yet to act on it."""
        return self._delivery.is_settling or (isinstance(self.screen, InboxScreen) and self.screen.is_changing_place)

    def is_away(self) -> bool:
        """Whether the text on the screen on top is with an editor, or about to be: keys are for that."""
        return isinstance(self.screen, Lending) and self.screen.is_lent

    def follow(self, then: Callable[[], Awaitable[None]]) -> None:
        """Call back once the screen on top has done what it was told so far."""
        self._delivery.follow(then)

    def is_at_work(self) -> bool:
        """Whether the screen on top is still at what a key asked for."""
        return isinstance(self.screen, Working) and self.screen.is_at_work

    async def paste(self, event: events.Paste) -> None:
        """Put a pasted text in where one types, and tell what of it is dropped: a line takes only the first one."""
        if self.is_away():
            return
        if self.focused is None or not self.focused.check_consume_key("a", "a"):
            self.say_pasted()
            return
        await super().on_event(event)
        if isinstance(self.focused, Input) and len(event.text.splitlines()) > 1:
            self.say_pasted()

    def say_pasted(self) -> None:
        """Tell that a pasted text was dropped, where one looks."""
        if isinstance(self.screen, Choosing):
            self.follow(self.screen.tell_pasted)
        elif isinstance(self.focused, Input) and (place := self.place()) in LINES:
            self.say(told_cut(place), "warn")
        elif self.place() is Context.REVIEW:
            self.say(with_keys(tr("a pasted text was dropped: {key_edit} goes on writing")), "warn")
        else:
            super().say_pasted()

    def show_chord(self, waiting: Waiting | None) -> None:
        """Show what may follow the keys of a chord on the key line, or nothing; all of it above, where it is long."""
        from tui.widgets.which_key import WhichKey

        self.chord = waiting
        WhichKey.tell(self.screen, waiting)

    async def perform(self, action: Action) -> None:
        """Carry an action out where the focus is, or around it; what the desk refuses is said."""
        if action.typed:
            await self.hand_on(action)
            return
        if self.touring.ends_by(action):
            return
        node = _target_of(action, self.focused or self.screen)
        if node is None:
            self.say(tr("{action}: not here").format(action=action.title), "warn")
            return
        try:
            await self.run_action(("", action.name, action.args), node)
        except TandemError as error:
            self.say(str(error), "error")
        self.touring.saw(action)

    async def hand_on(self, action: Action) -> None:
        """Press the key under which the widget here knows an action, whatever the agent's own key for it is."""
        known = (each for each in ACTIONS if each.id == action.id and self.place() in each.contexts and each.keys)
        if (own := next(known, None)) is not None:
            await self._deliver(as_event(own.keys[0]))

    async def pass_on(self, event: events.Key) -> None:
        """Let a key go its usual way, as the one that the widget knows where the keymap gives it another."""
        key = self._translation.of(self.place(), typed(event))
        if key is not None:
            await self._deliver(event if key == typed(event) else pressed(key, event.time))

    async def _deliver(self, event: events.Key) -> None:
        """Give a key to the widget that has the focus; the one that tells the keys is the same for all of them."""
        asks = (each for each in ACTIONS if each.name == "keys" and self.place() in each.contexts)
        if any(typed(event) in each.keys for each in asks) and not self._tells_keys():
            self.action_help()
        else:
            await self._delivery.give(event)

    def _tells_keys(self) -> bool:
        """Whether all keys are told already; what tells them is loaded for no other key."""
        from tui.screens.help import HelpScreen

        return isinstance(self.screen, HelpScreen)

    def action_say_how_to_leave(self) -> None:
        """What hands that know other programs look for with Ctrl+C."""
        self.say(with_keys(tr("nothing is interrupted: {key_back} goes back, {key_quit} leaves Tandem")))

    def action_help(self) -> None:
        """All keys, searchable; the chosen one is run."""
        from tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.place()), self._perform_chosen)

    def action_palette(self) -> None:
        """Find any action, view, macro, colleague, ticket or customer by a few letters."""
        from tui.screens.palette import PaletteScreen

        self.push_screen(
            PaletteScreen(self.here() or Context.LIST, without=self.inbox.idle_actions), self._perform_chosen
        )

    def action_seek(self, words: str) -> None:
        """Show in the list what fits a search, from wherever that is asked."""
        from tui.screens.side import SideScreen

        if isinstance(self.screen, SideScreen):
            self.screen.dismiss(None)
        self.inbox.seek(words)

    def action_tour(self) -> None:
        """Show the first steps on the list as it is."""
        self.touring.begin()

    @property
    def inbox(self) -> InboxScreen:
        """The screen at the bottom."""
        return cast("InboxScreen", self.screen_stack[0])

    def _perform_chosen(self, action: Action | None) -> None:
        if action is not None:
            self.remember(self.habits.with_used(action.id))
            self.call_later(self.perform, action)


def _target_of(action: Action, start: DOMNode) -> DOMNode | None:
    """The widget at or around `start` that can carry an action out."""
    return next((node for node in start.ancestors_with_self if hasattr(node, f"action_{action.name}")), None)
