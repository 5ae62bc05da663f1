"""Putting tags on and taking them off, on one ticket or on several at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from desk.actions.tag import clean_tag
from desk.errors import RefusedError
from desk.safe import safe_line
from tui.keys import Context
from tui.screens.pickers import Choices, Picker
from tui.words.ranking import Words, told_apart
from tui.words.tongue import mark, tr

Chosen = tuple[tuple[str, ...], tuple[str, ...]]
"""The tags to put on, and the tags to take off."""


class TagInput(Input):
    """A line to type tags in: they hold no blank, so Space is free for the picker around it."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return key != "space" and super().check_consume_key(key, character)


class TagPicker(Picker[Chosen]):
    """Tags of `whom` to toggle: `known` are in use, `on` are on, `partly` are those that only some tickets have.

    What is typed means a tag in use where it begins one, or a word of one; else a new tag, before those in which it
    only stands somewhere.
    Gives what to put on and what to take off.
    """

    PLACE = Context.TAGS
    HINT = mark("{key_choose} applies   {key_toggle} toggles and goes on   {key_leave} leaves")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "toggle_tag", "toggle", show=False, priority=True)]

    def __init__(self, whom: str, known: Iterable[str], on: Iterable[str], partly: Iterable[str] = ()) -> None:
        self.HEADING = tr("Tags of {whom}").format(whom=whom)
        super().__init__()
        self._before, self._partly_before = tuple(dict.fromkeys(on)), tuple(partly)
        self._on, self._partly = dict.fromkeys(self._before), set(self._partly_before)
        self._known = list(dict.fromkeys([*self._before, *self._partly_before, *sorted(known)]))

    def line(self) -> Input:
        return TagInput(compact=True)

    def offer(self, typed: str) -> None:
        by_words, by_letters = told_apart(((each, Words(each)) for each in self._known), typed)
        new = _new_tag(typed, self._known)
        rows = [(each, self._row(each)) for each in by_words]
        if new:
            rows.append((new, Content.assemble(("[+] ", "$accent"), (new, "bold"), (f"  {tr('a new tag')}", "$muted"))))
        rows.extend((each, self._row(each)) for each in by_letters)
        self.query_one(Choices).offer(rows, self.chosen if not typed else None)
        self._tell(typed if typed.strip() and not rows else "")

    def choose(self) -> None:
        """Toggle what was typed, if anything was, and apply."""
        if self.query_one(Input).value.strip():
            if self.chosen is None:
                return
            self._toggle(self.chosen)
        add = tuple(each for each in self._on if each not in self._before)
        had = (*self._before, *self._partly_before)
        remove = tuple(each for each in had if each not in self._on and each not in self._partly)
        self.dismiss((add, remove) if add or remove else None)

    def action_toggle_tag(self) -> None:
        """Toggle the marked tag and start over with an empty line."""
        if self.chosen is not None:
            self._toggle(self.chosen)
            self.query_one(Input).value = ""
            self.offer("")

    def _toggle(self, tag: str) -> None:
        """One that some have goes on all, then off all, then is left as it was."""
        if tag in self._on:
            del self._on[tag]
        elif tag in self._partly_before and tag not in self._partly:
            self._partly.add(tag)
        else:
            self._partly.discard(tag)
            self._on[tag] = None
        if tag not in self._known:
            self._known.append(tag)

    def _row(self, tag: str) -> Content:
        is_on = tag in self._on
        sign = "x" if is_on else "~" if tag in self._partly else " "
        return Content.assemble((f"[{sign}] ", "$accent"), (safe_line(tag), "bold" if is_on else ""))

    def _tell(self, refused: str) -> None:
        self.hint(_refusal(refused) if refused else "", warns=bool(refused))


def _new_tag(typed: str, known: Sequence[str]) -> str | None:
    try:
        tag = clean_tag(typed)
    except RefusedError:
        return None
    return tag if tag not in known else None


def _refusal(typed: str) -> str:
    try:
        clean_tag(typed)
    except RefusedError as error:
        return str(error)
    return ""
