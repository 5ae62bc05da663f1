"""Turns key presses into actions of the table in tui/keys, ahead of Textual's own bindings.

Only on screens that say in which context they are; where text is typed, and in dialogs, keys go their usual way.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from typing import Protocol, runtime_checkable

from textual import events

from tui.keys import LEADER, Action, Context
from tui.keys.chords import ESCAPE, Chords, Waiting
from tui.keys.hosting import Host
from tui.keys.presses import is_foreign, is_idle_letter, pressed, typed
from tui.terminal.bursts import HOLD, Bursts

_AFTER_ESCAPE = 0.03
"""Seconds that a screen gets to act on Esc before the next key."""

_FRESH = 0.05
"""Seconds after a key within which what it did may have more to do, which the next one waits for."""

_OPENING, _OPENED = 0.01, 100
"""Seconds between two looks whether a field has the focus, and how many looks are taken."""

_SETTLING, _SETTLED = 0.002, 3.0
"""Seconds between two looks whether the key before has been acted on, and after which no more are taken."""


@runtime_checkable
class Keyed(Protocol):
    """A screen whose keys come from the table."""

    @property
    def context(self) -> Context | None:
        """Where a key is pressed now; None while text is typed."""
        ...


class Keyboard:
    """Every key press passes here first."""

    def __init__(self, host: Host, chords: Chords) -> None:
        self._host, self._chords = host, chords
        self._bursts: Bursts[events.Key] = Bursts(typed)
        self._early: list[events.Key] = []
        self._behind: list[events.Key] | None = None
        """What was pressed while a screen gets to act on the key before."""
        self._is_settling = False
        """Whether they wait until the key before is acted on, however long that takes."""
        self._gap = self._last = 0.0
        """Seconds between the last two keys, and when the last one came."""
        self._acted = -_FRESH
        """When a key was acted on last."""
        self._refused = 0.0
        """When it was told last that what keys waited for does not come."""

    async def press(self, event: events.Key) -> None:
        """Take a key: act on it, hold it for a moment, drop it as part of a paste, or pass it on.

        No key of ours has Alt: a letter with Alt is Esc and that letter, typed faster than the terminal can tell.
        Out of a text it is only Esc where a letter behind that would send it and nothing took that back.
        """
        if self._host.is_away():
            return
        if self._behind is not None:
            if event.key == ESCAPE and self._host.give_up():
                self._behind.clear()
                self._early.clear()
            else:
                self._behind.append(event)
        elif event.key.startswith("alt+") and (character := event.character) and character.isprintable():
            is_text = self._host.here() is None
            await self._press(pressed("escape", event.time))
            if is_text and self._host.sends_for_good():
                return
            if self._behind is None:
                self._behind = []
                self._host.later(_AFTER_ESCAPE, partial(self._go_on, self._behind))
            self._behind.append(pressed("space" if character == " " else character, event.time))
        else:
            await self._press(event)

    def let_be(self) -> None:
        """Act on none of the keys that were pressed so far: what they were for does not come, as is just being told.

        Where text is typed they are that, and stay.
        """
        if self._host.here() is not None:
            self._early.clear()
            self._chords.forget()
            self._refused = time.monotonic()

    def drop(self) -> None:
        """Forget the keys that wait: from now on they are for another program."""
        self._bursts.take()
        self._early.clear()
        self._behind, self._is_settling = None, False
        self._chords.forget()

    def _keep_back(self) -> list[events.Key]:
        """Let keys wait from now on, here, until what is under way has come to its end; those that wait already too."""
        self._behind, self._is_settling = (behind := [*(self._behind or ())]), True
        return behind

    async def _go_on(self, behind: list[events.Key], keys: Sequence[events.Key] = ()) -> None:
        """Act on these keys, and then on those that waited behind them, unless that was done."""
        if behind is self._behind:
            self._behind, self._is_settling = None, False
            for event in keys:
                await self._act(event)
            for event in behind:
                await self.press(event)

    def _let_settle(self, *, filtered: bool = False) -> None:
        """Keep what comes behind a key that may lead elsewhere until it is acted on; but never for long."""
        if self._host.is_settling() and not self._is_settling:
            self._look(behind := self._keep_back(), filtered=filtered)
            self._host.later(_SETTLED, partial(self._go_on, behind))

    def _look(self, behind: list[events.Key], *, filtered: bool) -> None:
        when_followed = partial(self._when_followed, behind, filtered=filtered)
        self._host.later(_SETTLING, lambda: self._host.follow(when_followed))

    async def _when_followed(self, behind: list[events.Key], *, filtered: bool) -> None:
        if behind is not self._behind:
            return
        has_left_filter = filtered and self._host.here() is not None
        is_under_way = self._host.is_settling() or self._host.is_at_work()
        if is_under_way or (has_left_filter and self._host.is_narrowing()):
            self._look(behind, filtered=filtered)
        else:
            await self._go_on(behind)

    async def _press(self, event: events.Key) -> None:
        self._gap, self._last = event.time - self._last, event.time
        context = self._host.here()
        is_burst = bool(self._bursts) or self._bursts.is_dropping(event.time)
        if context is None and not is_burst and self._host.obeys(event) is None:
            self._bursts.part()
            if event.key == ESCAPE and self._host.give_up():
                self._early.clear()
            else:
                await self._pass_on(event)
            return
        if typed(event) == LEADER and context is not None and not is_burst and not self._chords.waiting:
            await self._act_in_turn([event])  # with what follows it is one key: that of a macro
            return
        match self._bursts.arrive(event, event.time, moves=self._is_harmless(event, context)):
            case "act":
                await self._act_in_turn([event])
            case "hold" if len(self._bursts) == 1:
                self._host.later(HOLD, self._release)
            case "swallow":
                self._chords.forget()
                self._host.show_chord(None)
                self._host.say_pasted()
            case _:
                pass

    def _is_harmless(self, event: events.Key, context: Context | None) -> bool:
        if event.key == ESCAPE:
            return True
        if context is None:
            return self._host.obeys(event) != "acts"
        pressed = self._chords.peek(typed(event), context)
        return pressed.moves if isinstance(pressed, Action) else True

    async def _release(self) -> None:
        await self._act_in_turn(self._bursts.take())

    async def _act_in_turn(self, keys: Sequence[events.Key]) -> None:
        """Act on keys once what the key before them told other widgets is done: a ticket may be another by then."""
        if not self._is_settling and time.monotonic() - self._acted < _FRESH:
            go_on = partial(self._go_on, self._keep_back(), keys)
            self._host.follow(go_on)
            self._host.later(_SETTLED, go_on)
            return
        for at, event in enumerate(keys):
            if self._behind is not None and self._is_settling:  # what waits there was pressed after these
                self._behind[:0] = keys[at:]
                return
            await self._act(event)

    async def _act(self, event: events.Key, *, is_replayed: bool = False) -> None:
        """Act on a key, after those that wait for what they are for."""
        if self._behind is not None and self._is_settling:
            self._behind.append(event)
            return
        if event.key == ESCAPE and self._host.give_up():
            self._early.clear()
            return
        if typed(event) == LEADER and not self._chords.waiting and not is_replayed and self._host.here() is not None:
            self._host.learn()
        if self._early or self._host.is_turning():
            self._wait(event)
            return
        if (context := self._host.here()) is None:
            await self._pass_on(event)
            return
        if event.time < self._refused:
            return
        pressed = self._chords.press(typed(event), context)
        self._host.show_chord(pressed if isinstance(pressed, Waiting) else None)
        if isinstance(pressed, Action):
            await self._host.perform(pressed)
            self._acted = time.monotonic()
            self._let_settle()
        else:
            if pressed == "unknown":
                await self._pass_on(event)
            if not is_replayed and not isinstance(pressed, Waiting):
                self._tell_idle(event, context, given_up=pressed == "given up")

    def _tell_idle(self, event: events.Key, context: Context, *, given_up: bool) -> None:
        """Tell of a letter that does nothing; what gives a chord up says enough where it is a letter of our own."""
        letter = typed(event)
        if self._gap > HOLD and is_idle_letter(event) and (not given_up or is_foreign(letter)):
            self._host.say_idle(letter, context)

    async def _pass_on(self, event: events.Key) -> None:
        """Let a key go its usual way; what is typed before the field is there, or what a key puts in, waits for it."""
        if self._early or self._host.is_opening() or self._host.is_preparing():
            self._wait(event)
        else:
            await self._deliver(event)

    async def _deliver(self, event: events.Key) -> None:
        """Let a key go its usual way; those behind one that may lead elsewhere wait until it is acted on.

        What is behind one that leaves a filter is for the list that it leaves, which may have to be read.
        """
        if self._behind is not None and self._is_settling:
            self._behind.append(event)
            return
        filtered = self._host.here() is None and self._host.is_narrowing()
        await self._host.pass_on(event)
        self._let_settle(filtered=filtered)

    def _wait(self, event: events.Key) -> None:
        self._early.append(event)
        if len(self._early) == 1:
            self._host.later(_OPENING, partial(self._replay, _OPENED))

    async def _replay(self, tries: int) -> None:
        is_opening = self._host.is_opening()
        if self._host.is_turning() or (tries and is_opening):
            self._host.later(_OPENING, partial(self._replay, tries - is_opening))
            return
        early, self._early = self._early, []
        for at, event in enumerate(early):
            if self._behind is not None and self._is_settling:  # what waits there was pressed after these
                self._behind[:0] = early[at:]
                return
            await (self._deliver(event) if is_opening else self._act(event, is_replayed=True))
