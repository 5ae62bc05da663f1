"""The application: one desk, the screens over it, and what stands behind them. `tui.start.run` starts it.

Screens and widgets see it as `tui.host.Host`. Whatever writes to the store goes through `act`, in order, in one
thread; whatever may take long to read goes through `read` (`tui/threads/errands.py`).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events
from textual.binding import BindingType
from textual.screen import Screen

from desk.conversation import EntryId
from desk.desk import Desk
from desk.safe import safe_line
from tui.actions.undoing import Undoing
from tui.actions.wayfinding import Wayfinding
from tui.keys import Action
from tui.keys.chords import Chords
from tui.keys.keyboard import Keyboard
from tui.keys.macro_keys import hot_keys
from tui.keys.presses import typed
from tui.leaving import Leaving
from tui.lists.listing import Listing
from tui.mailroom import Mailroom
from tui.messages import Said, StoreChanged
from tui.net import Changes
from tui.ports import Background
from tui.reader.attending import depart
from tui.safeguard import EVERY
from tui.screens.inbox import InboxScreen
from tui.settings import ScreenSettings
from tui.terminal.clipboard import copy_to_tmux
from tui.terminal.line import Line
from tui.threads.errands import Errands
from tui.threads.watch import watching
from tui.words.faults import told_faults

if TYPE_CHECKING:
    from textual.types import CSSPathType

    from macros.library import Library
    from macros.script import Macro

T = TypeVar("T")

_FAULTS_SHOWN_FOR = 60.0
"""Seconds for which a faulty settings file is told at the start, unless something else is to be said."""

_PATIENCE = 0.4
"""Seconds that the thread which watches the store gets to end in."""


class TandemApp(Wayfinding, inherit_bindings=False):
    """The inbox screen of one agent."""

    TITLE = "Tandem"
    # The first screen's own is not read.
    CSS_PATH: ClassVar[CSSPathType | None] = ["app.tcss", "screens/inbox.tcss", "widgets/customer.tcss"]
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [("ctrl+c", "say_how_to_leave")]  # where text is marked it copies that
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual declares it so

    def __init__(
        self,
        desk: Desk,
        library: Library,
        background: Background | None = None,
        begun: Listing | None = None,
        settings: ScreenSettings = ScreenSettings(),
    ) -> None:
        super().__init__(Line, desk, settings)
        self._disable_tooltips = self._disable_notifications = True  # nobody uses them, and they cost a layout
        self.desk, self.library, self._begun = desk, library, begun
        self.changed = Changes(self)
        self._keyboard = Keyboard(self, Chords(settings.actions, lambda: hot_keys(self._macros), lambda: self._views))
        self._views: tuple[Action, ...] = ()
        self._macros: tuple[Macro, ...] = ()
        self._errands = Errands(self)
        self._leaving = Leaving(self, self._errands)
        self.undoing = Undoing(self)
        self._mailroom = Mailroom(self, background, self._tell_sync)
        self._small_since = 0.0
        """Since when the terminal is too small for anything, and keys do nothing; 0: it is not."""
        self._watch = watching(
            desk.store,
            partial(self.on_loop, self._tell_changed),
            partial(self.on_loop, self.be_outdated),
            partial(self.on_loop, self.tell_lost),
        )
        self.is_ending = False
        """Whether the system has asked for the end."""
        self.unsaved: list[str] = []
        """What could not be written before the end: “draft on 12”."""
        self.cursors: OrderedDict[str, tuple[int, int]] = OrderedDict()
        """Where the cursor stood in the last texts that were sent from here, for those that are taken back."""

    def get_default_screen(self) -> InboxScreen:
        return InboxScreen(self.desk, self.signs, self._begun)

    def on_mount(self) -> None:
        self._watch.start()
        self.set_interval(EVERY, self.safeguard)

    def on_unmount(self) -> None:
        """End the threads: what was asked for is still written, mail that is being fetched is fetched next time."""
        self._watch.stop()
        self._mailroom.stop()
        self.unsaved += self._errands.close(partial(depart, self.desk))
        self._watch.join(_PATIENCE)
        self._mailroom.join()

    def act(
        self,
        label: str,
        work: Callable[[Desk], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[], None] | None = None,
    ) -> None:
        """Do `work` in the writer's thread, after everything asked before it; then `done` on the event loop.

        A TandemError is said instead, after `label`: what was being done, as in “close 1042”. Then `failed` is called.
        """
        self._errands.act(label, work, done, failed)

    def be_seen(self, work: Callable[[Desk], T], done: Callable[[T], None] | None = None) -> None:
        """Tell colleagues in the writer's thread where this agent is; of several only the last."""
        self._errands.be_seen(work, done)

    def read(self, kind: str, work: Callable[[Desk], T], done: Callable[[T], None]) -> None:
        """Do `work` in the reader's thread and `done` on the event loop; of several of one kind only the last."""
        self._errands.read(kind, work, done)

    def fetch(
        self, kind: str, work: Callable[[Desk], T], done: Callable[[T], None], failed: Callable[[], None]
    ) -> None:
        """The same in a thread that reads what is opened, and so waits for no list; `failed` is called instead."""
        self._errands.fetch(kind, work, done, failed)

    def look(
        self, kind: str, work: Callable[[Desk], T], done: Callable[[T], None], failed: Callable[[], None] | None = None
    ) -> None:
        """Do `work` in the thread for the agent's own files, which may lie on a disk that does not answer.

        `failed` is called where it breaks.
        """
        self._errands.look(kind, work, done, failed)

    def prepare(self, work: Callable[[Desk], T], then: Callable[[T], object], *, from_files: bool = False) -> None:
        """Read what a key needs off the event loop, and `then` act on it: at once where a frame is long enough.

        The keys behind it wait meanwhile; Esc lets it be. What `work` or `then` refuse is said.
        """
        self._errands.prepare(work, then, from_files=from_files)

    def sends_for_good(self) -> bool:
        return self.desk.settings.undo_seconds == 0

    def is_turning(self) -> bool:
        """Whether a ticket is being opened, or something read that a key needs: the next keys are for it."""
        return self.is_preparing() or super().is_turning()

    def is_preparing(self) -> bool:
        """Whether something is being read that a key needs, or there is no room now for what keys were pressed for."""
        return self._errands.is_preparing or self.is_small

    def give_up(self) -> bool:
        """Let be what keys wait for; whether they did."""
        return self._errands.give_up()

    def let_keys_be(self) -> None:
        """Act on no key that waits: what they were pressed for does not come, which is told."""
        self._keyboard.let_be()

    def drop_keys(self) -> None:
        """Forget the keys that wait: another program gets the terminal."""
        self._keyboard.drop()

    def learn(self) -> None:
        """Read which hot keys the macros have by now."""
        self.prepare(lambda _: self.library.macros(), partial(setattr, self, "_macros"), from_files=True)

    def on_loop(self, callback: Callable[..., object], *args: object) -> None:
        """Call back on the event loop, from any thread; nothing happens once the app has ended."""
        try:
            self.call_later(callback, *args)
        except RuntimeError:
            return

    def offer_views(self, views: Iterable[Action]) -> None:
        """Let these lead to an agent's own views."""
        self._views = tuple(views)

    def copy(self, text: str) -> None:
        """Put one line on the clipboard of the terminal and of tmux, cleaned: it may be pasted into a shell."""
        self.copy_to_clipboard(safe_line(text))
        self.look("clipboard", lambda _: copy_to_tmux(text), lambda _: None)

    def begin_mail(self) -> None:
        """Begin to fetch and to deliver; the first list is painted before, for all threads share one processor."""
        self.read_stopped()
        if faults := self.settings.faults:
            self.show_said(Said(told_faults(faults), "error"), _FAULTS_SHOWN_FOR)
        self.touring.offer()
        self._mailroom.begin()

    def load_whole(self, entry: EntryId, done: Callable[[], None]) -> None:
        """Load the rest of a mail that was too large, as long as it takes; then `done` on the event loop."""
        self._mailroom.load_whole(entry, done)

    async def on_event(self, event: events.Event) -> None:
        """Take keys before Textual's bindings do; everything else goes its usual way."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            if self._small_since and event.time > self._small_since:
                return
            if self._asked is not None and typed(event) not in self._asked[1]:
                self.fall_silent()
            await self._keyboard.press(event)
        elif isinstance(event, events.Paste) and not event.is_forwarded:
            await self.paste(event)
        else:
            await super().on_event(event)

    @property
    def is_small(self) -> bool:
        """Whether the terminal is too small for anything."""
        return bool(self._small_since)

    async def on_resize(self, event: events.Resize) -> None:
        """Ask for a larger terminal where there is no room for anything."""
        from tui.screens.tiny import TinyScreen, is_too_small

        small = is_too_small(event.size)
        self._small_since = (self._small_since or time.monotonic()) if small else 0.0
        if small and not isinstance(self.screen, TinyScreen):
            await self.push_screen(TinyScreen())
        elif not small and isinstance(self.screen, TinyScreen):
            await self.pop_screen()

    def action_sync(self) -> None:
        self._mailroom.sync()

    def action_redraw(self) -> None:
        self.refresh(layout=True)

    async def action_quit(self) -> None:
        self.keep_and_leave()

    def leave(self) -> None:
        """End, once everything that was asked for is written; when it is asked again, or after a while, as it is."""
        self._leaving.leave()

    def keep_and_leave(self) -> None:
        """End because the system says so, or the agent: what is being written is kept first."""
        self._leaving.keep_and_leave()

    @property
    def has_ended(self) -> bool:
        """Whether what could not be saved has been put into files, as the last thing done."""
        return self._leaving.has_ended

    @property
    def is_alone(self) -> bool:
        """Whether it goes on without a terminal, until all is written; from any thread."""
        return self._leaving.is_alone

    def safeguard(self) -> None:
        """Have files for texts that the store does not take, and none for those that it has."""
        self._leaving.look()

    def put_down_last(self) -> list[str]:
        """Put what the store does not have into files that stay, and say where; from any thread.

        Raises:
            OSError: there is no room for it.
        """
        return self._leaving.put_down_last()

    def end_mail(self) -> None:
        """Fetch and send nothing more, without waiting for the end of what is under way."""
        self._mailroom.stop()

    @property
    def unwritten(self) -> list[str]:
        """The labels of what was asked for and is not written yet, in its order; from any thread."""
        return self._errands.unwritten

    def put_down(self, screens: Iterable[Screen[Any]]) -> str:
        """Put what is being written on these screens into files, since it cannot be saved.

        Returns where, in words; nothing where there was no text, or no room for it, which is said.
        """
        return self._leaving.put_down(screens)

    def be_outdated(self) -> None:
        """Say from now on that this screen must be left."""
        if not self.is_outdated:
            self.is_outdated = True
            self.fall_silent()
            self._mailroom.give_up()

    def _tell_changed(self, change: StoreChanged) -> None:
        self.changed.publish(change)
        if change.touches("senders", "outbox"):
            self.read_stopped()

    def _tell_sync(self, said: Said) -> None:
        self._watch.hurry()  # mail that has just come in is shown now, not at the next look
        self.on_loop(partial(setattr, self, "sync"), said)
