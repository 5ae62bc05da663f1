"""The application: one desk, the screens over it, and the threads behind it. `tui.start.run` starts it.

Screens and widgets see it as `tui.host.Host`. Whatever writes to the store goes through `act`, in order, in one
thread; whatever may take long to read goes through `read`.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual import events
from textual.screen import Screen
from textual.signal import Signal
from textual.timer import Timer
from textual.worker import WorkerFailed

from desk.conversation import EntryId
from desk.desk import Desk
from desk.errors import StoreOutdated, TandemError
from desk.safe import safe_line
from tui.accounts import ask_stopped
from tui.attending import depart
from tui.chords import Chords
from tui.clipboard import copy_to_tmux
from tui.front import Keeping
from tui.heard import heard
from tui.keyboard import Keyboard, typed
from tui.keys import Action
from tui.line import Line
from tui.listing import Listing
from tui.macro_keys import hot_keys
from tui.messages import Said, StoreChanged
from tui.outdated import put_down, texts_on, unkept_on
from tui.ports import Background
from tui.post import Post
from tui.screens.inbox import InboxScreen
from tui.settings import ScreenSettings
from tui.tongue import tr
from tui.watch import watching
from tui.wayfinding import Wayfinding
from tui.workers import Lane, LatestLane

if TYPE_CHECKING:
    from macros.library import Library

T = TypeVar("T")

SMALLEST = (40, 10)
"""Columns and rows below which nothing sensible can be shown."""

LEAVING = 10.0
"""Seconds that leaving waits for what is still being written: as long as the store waits for its lock."""
_EDITOR_PATIENCE = 2.0
"""Seconds that an editor gets to end in when the system ends this program."""
_PATIENCE = 0.4
"""Seconds that each thread gets to end in; what it had not finished is as if the line had broken."""
_SLOW = 1.0


@dataclass(frozen=True, slots=True)
class _Ends:
    """What is called on the event loop once a job has ended, and what if it has failed."""

    ended: Callable[[], None] | None = None
    failed: Callable[[], None] | None = None


class TandemApp(Wayfinding, inherit_bindings=False):
    """The inbox screen of one agent."""

    TITLE = "Tandem"
    CSS_PATH = ["app.tcss", "screens/inbox.tcss", "widgets/customer.tcss"]  # noqa: RUF012 - Textual declares it so; the first screen's own is not read
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - likewise

    def __init__(
        self,
        desk: Desk,
        library: Library,
        background: Background | None = None,
        begun: Listing | None = None,
        settings: ScreenSettings = ScreenSettings(),  # noqa: B008 - it cannot be changed
    ) -> None:
        super().__init__(Line, desk, settings)
        self._disable_tooltips = self._disable_notifications = True  # nobody uses them, and they cost a layout
        self.desk, self.library, self._begun = desk, library, begun
        self.changed: Signal[StoreChanged] = Signal(self, "store changed")
        self._keyboard = Keyboard(
            self, Chords(settings.actions, lambda: hot_keys(library.macros()), lambda: self._views)
        )
        self._views: tuple[Action, ...] = ()
        self._writer, self._reader = Lane("writer", self._say_broken), LatestLane("reader", self._say_broken)
        self._opener = LatestLane("opener", self._say_broken)
        self._files: LatestLane | None = None
        self._watch = watching(
            desk.store,
            lambda change: self._on_loop(self._tell_changed, change),
            lambda: self._on_loop(self._outdate),
            lambda error: self._on_loop(self.tell_lost, error),
        )
        self._post = Post(background, self._tell_sync, desk.clock) if background else None
        self.is_ending = False
        """Whether the system has asked for the end."""
        self.has_ended = False
        """Whether what could not be saved has been put into files, as the last thing done."""
        self._recall: Timer | None = None
        self._pending: deque[str] = deque()
        self.unsaved: list[str] = []
        """What could not be written before the end: “draft on 12”."""
        self.cursors: OrderedDict[str, tuple[int, int]] = OrderedDict()
        """Where the cursor stood in the last texts that were sent from here, for those that are taken back."""
        self.broken: Exception | None = None
        """What the screen ended with, where it did not end well."""

    def get_default_screen(self) -> InboxScreen:
        return InboxScreen(self.desk, self.signs, self._begun)

    def on_mount(self) -> None:
        self._watch.start()

    def on_unmount(self) -> None:
        """End the threads: what was asked for is still written, mail that is being fetched is fetched next time."""
        self._watch.stop()
        if self._post is not None:
            self._post.stop()
        self._writer.put(partial(depart, self.desk))
        self._writer.close(_PATIENCE)
        self.unsaved += self._pending.copy()
        self._reader.close(_PATIENCE)
        self._opener.close(_PATIENCE)
        self._watch.join(_PATIENCE)
        if self._post is not None:
            self._post.join(_PATIENCE)

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
        started = time.monotonic()
        slow = self.set_interval(_SLOW, lambda: self._ask_writer(label, started))
        self._pending.append(label)
        self._writer.put(partial(self._write, label, work, done, _Ends(slow.stop, failed)))

    def read(self, kind: str, work: Callable[[Desk], T], done: Callable[[T], None]) -> None:
        """Do `work` in the reader's thread and `done` on the event loop; of several of one kind only the last."""
        self._reader.put(kind, partial(self._work, "", work, partial(self._show, done)))

    def fetch(
        self, kind: str, work: Callable[[Desk], T], done: Callable[[T], None], failed: Callable[[], None]
    ) -> None:
        """The same in a thread that reads what is opened, and so waits for no list; `failed` is called instead."""
        self._opener.put(kind, partial(self._work, "", work, partial(self._show, done), _Ends(failed=failed)))

    def look(self, kind: str, work: Callable[[Desk], T], done: Callable[[T], None]) -> None:
        """Do `work` in the thread for the agent's own files, which may lie on a disk that does not answer."""
        if self._files is None:
            self._files = LatestLane("files", self._say_broken)
        self._files.put(kind, partial(self._work, "", work, done))

    def offer_views(self, views: Iterable[Action]) -> None:
        """Let these lead to an agent's own views."""
        self._views = tuple(views)

    def copy(self, text: str) -> None:
        """Put one line on the clipboard of the terminal and of tmux, cleaned: it may be pasted into a shell."""
        self.copy_to_clipboard(safe_line(text))
        self.read("clipboard", lambda _: copy_to_tmux(text), lambda _: None)

    def begin_mail(self) -> None:
        """Begin to fetch and to deliver; the first list is painted before, for all threads share one processor."""
        self.read_stopped()
        self.offer_tour()
        if self._post is not None:
            self._post.start()

    def sync_now(self) -> None:
        """Look for new mail at once."""
        if self._post is None:
            self.say(tr("no mailbox is connected to this screen"), "warn")
            return
        if self.is_outdated:
            self.fall_silent()
            return
        if self.stopped.text:
            self.act(tr("sync"), ask_stopped)
        self._post.hurry()
        self.say(tr("looking for mail …"))

    def load_whole(self, entry: EntryId, done: Callable[[], None]) -> None:
        """Load the rest of a mail that was too large, as long as it takes; then `done` on the event loop."""
        if self._post is None:
            self.say(tr("no mailbox is connected to this screen"), "warn")
            return
        loaded = partial(self._on_loop, self._loaded, done)
        is_new = self._post.load(entry, loaded, lambda error: self._on_loop(self._not_loaded, error))
        self.say(tr("loading the rest of the mail …") if is_new else tr("the rest of the mail is still being loaded"))

    def _not_loaded(self, error: TandemError) -> None:
        self.say(tr("load: {why}").format(why=heard(str(error))), "error")

    def _loaded(self, done: Callable[[], None]) -> None:
        self.say(tr("all of the mail is here"))
        done()

    def _ask_writer(self, label: str, started: float) -> None:
        """Tell whom the oldest of what waits to be written waits for."""
        if self._is_next(label):
            tell = partial(self.say_slow, label, started)
            self.read(
                "writer", lambda desk: desk.store.writer(), lambda who: tell(who) if self._is_next(label) else None
            )

    def _is_next(self, label: str) -> bool:
        return next(iter(self._pending.copy()), None) == label

    async def on_event(self, event: events.Event) -> None:
        """Take keys before Textual's bindings do; everything else goes its usual way."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            if self._asked is not None and typed(event) not in self._asked[1]:
                self.fall_silent()
            await self._keyboard.press(event)
        else:
            await super().on_event(event)

    async def on_resize(self, event: events.Resize) -> None:
        """Ask for a larger terminal where there is no room for anything."""
        from tui.screens.tiny import TinyScreen  # noqa: PLC0415 - seldom needed

        small = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        if small and not isinstance(self.screen, TinyScreen):
            await self.push_screen(TinyScreen())
        elif not small and isinstance(self.screen, TinyScreen):
            await self.pop_screen()

    def later(self, seconds: float, callback: Callable[[], Awaitable[None]]) -> None:
        """Call back after a while."""
        self.set_timer(seconds, callback)

    def is_turning(self) -> bool:
        """Whether a ticket is being opened: the next keys are for it."""
        return self.screen is self.screen_stack[0] and isinstance(self.screen, InboxScreen) and self.screen.is_turning

    def is_opening(self) -> bool:
        """Whether a field to type in is about to get the focus: its screen is on top, but not yet ready."""
        return self.here() is None and self.focused is None and bool(self.screen.AUTO_FOCUS)

    def is_narrowing(self) -> bool:
        """Whether a filter is being typed, or what it leaves has yet to be read."""
        return isinstance(self.screen, InboxScreen) and self.screen.is_narrowing

    def action_sync(self) -> None:
        self.sync_now()

    def action_redraw(self) -> None:
        self.refresh(layout=True)

    async def action_quit(self) -> None:
        self.keep_and_leave()

    def leave(self) -> None:
        """End, once everything that was asked for is written; when it is asked again, or after a while, as it is."""
        if self.is_leaving or self.is_outdated or not self._writer.is_busy:
            self._end()
            return
        self.is_leaving = True
        self.say(tr("still saving, a moment … (again leaves at once)"), "warn")
        self._writer.put(partial(self._on_loop, self._end))
        self.set_timer(LEAVING, self._end)

    def keep_and_leave(self) -> None:
        """End because the system says so, or the agent: what is being written is kept first."""
        if self._is_called_back():
            return
        for screen in self.screen_stack:
            if isinstance(screen, Keeping) and screen.text.strip() and screen.check_action("save", ()):
                screen.action_save()
        self.leave()

    def put_down(self, screens: Iterable[Screen[Any]]) -> str:
        """Put what is being written on these screens into files, since it cannot be saved.

        Returns where, in words; nothing where there was no text, or no room for it, which is said.
        """
        return self._put_down(texts_on(screens))

    def _put_down(self, texts: dict[str, str]) -> str:
        try:
            where = put_down(texts)
        except OSError as error:
            words = tr("no file can be made for the text: {why}")
            self.say(words.format(why=error.strerror or error), "error")
            return ""
        self.unsaved += where
        return ", ".join(where)

    def _is_called_back(self) -> bool:
        """Whether an editor has a text, and is given a moment to end; the screen that it goes back to leaves then."""
        is_first, recall = self._recall is None, self._recall
        if recall is not None:
            recall.stop()
        is_out = any(each.call_back() for each in self.screen_stack if isinstance(each, Keeping))
        if is_out and is_first:
            self._recall = self.set_timer(_EDITOR_PATIENCE, self.keep_and_leave)
        return is_out and is_first

    def _end(self) -> None:
        """End, once; what the store does not have by now goes into files."""
        if not self.has_ended:
            self._put_down(unkept_on(self.screen_stack))
            self.has_ended = True
            self.exit()

    def _outdate(self) -> None:
        """Say from now on that this screen must be left."""
        if not self.is_outdated:
            self.is_outdated = True
            self.fall_silent()
            if self._post is not None:
                self._post.give_up()

    def _write(
        self,
        label: str,
        work: Callable[[Desk], T],
        done: Callable[[T], None] | None,
        ends: _Ends,
    ) -> None:
        try:
            self._work(label, work, done, ends)
        finally:
            self._pending.popleft()

    def _work(
        self,
        label: str,
        work: Callable[[Desk], T],
        done: Callable[[T], None] | None,
        ends: _Ends | None = None,
    ) -> None:
        failed = ends.failed if ends else None
        try:
            result = work(self.desk)
            failed = None
        except TandemError as error:
            if self.is_leaving and label:
                self.unsaved.append(label)
            if isinstance(error, StoreOutdated):
                self._on_loop(self._outdate)
            else:
                why = heard(str(error))
                self._on_loop(self.say, f"{label}: {why}" if label else why, "error")
        else:
            if done is not None:
                self._on_loop(self._finish, partial(done, result))
        finally:
            for each in (ends.ended if ends else None, failed):
                if each is not None:
                    self._on_loop(each)

    def _handle_exception(self, error: Exception) -> None:
        """Textual's hook for what nobody caught."""
        self.broken = error.error if isinstance(error, WorkerFailed) and isinstance(error.error, Exception) else error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End without Textual's own report, which shows all local variables: mails are in them."""
        self._close_messages_no_wait()

    def _show(self, done: Callable[[T], None], result: T) -> None:
        """Show what was read, unless the widgets are being taken down already."""
        if self.is_running:
            done(result)

    def _finish(self, done: Callable[[], None]) -> None:
        try:
            done()
        except TandemError as error:
            self.say(str(error), "error")

    def _say_broken(self, error: TandemError) -> None:
        self._on_loop(self.say, str(error), "error")

    def _on_loop(self, callback: Callable[..., object], *args: object) -> None:
        """Call back on the event loop, from any thread; nothing happens once the app has ended."""
        try:
            self.call_later(callback, *args)
        except RuntimeError:
            return

    def _tell_changed(self, change: StoreChanged) -> None:
        self.changed.publish(change)
        if change.touches("senders"):
            self.read_stopped()

    def _tell_sync(self, said: Said) -> None:
        self._watch.hurry()  # mail that has just come in is shown now, not at the next look
        self._on_loop(partial(setattr, self, "sync"), said)
