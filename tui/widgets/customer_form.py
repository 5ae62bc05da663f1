"""What is known of a customer, to be edited in place: one field below the other, checked by the desk when it is saved.

Only fields that were changed here are saved; one that a colleague changed meanwhile is shown, and never overwritten
unasked.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message as Posted
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from desk.dossier import Dossier
from desk.errors import ProfileMoved, TandemError
from desk.profiles import Known, Profile, ProfileField, merged
from desk.safe import safe_line
from tui.front import front
from tui.host import stands
from tui.keys import Context
from tui.keys.naming import with_keys
from tui.widgets.customer_fields import (
    LABELS,
    LISTS,
    as_typed,
    as_value,
    save_fields,
    told_hint,
    told_moved,
    told_saved,
)
from tui.words.heard import heard
from tui.words.tongue import tr

_MOMENT = 1.0
"""Seconds that saving takes at most where nobody else has the store."""


class CustomerForm(VerticalScroll, can_focus=False):
    """The fields of one customer. `Closed` says that it can go."""

    PLACE: ClassVar[Context] = Context.CUSTOMER_FORM
    DEFAULT_CSS = """
    CustomerForm {
        height: 1fr; padding: 0 1 0 2; scrollbar-size-vertical: 1; background: $background;
        & .title { height: auto; color: $foreground; text-style: bold; margin: 0 0 1 0; }
        & .field { height: 1; }
        & .name { width: 10; color: $muted; }
        & Input { width: 1fr; height: 1; background: $panel; border: none; padding: 0 1; }
        & Input:focus { border: none; background: $chosen-faint; }
        & Input > .input--placeholder { color: $muted; text-style: italic; }
        & .notes { height: auto; margin: 1 0 0 0; color: $note; text-style: bold; }
        & TextArea {
            height: 8; min-height: 3; border: none; padding: 0 1; background: $note-background;
            scrollbar-size-vertical: 1;
        }
        & TextArea:focus { border: none; }
        & #hint { height: auto; margin: 1 0 0 0; color: $warning; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", show=False),
        Binding("ctrl+s", "save", "save", show=False),
        Binding("tab,down", "next(1)", "next", show=False),
        Binding("shift+tab,up", "next(-1)", "before", show=False),
    ]

    @dataclass
    class Closed(Posted):
        """The form is done with; `profile` is what was saved, None where nothing was."""

        profile: Profile | None

    def __init__(self, known: Dossier) -> None:
        super().__init__()
        self._known = known
        self._seen = known.profile.version
        self._before = {field: as_typed(known, field) for field in ProfileField}
        self.is_saving = self._is_saved = False
        self._since = 0.0

    @property
    def is_closing(self) -> bool:
        """Whether it goes in a moment, once its fields are saved; where that takes longer it takes letters again."""
        return self._is_saved or (self.is_saving and time.monotonic() - self._since < _MOMENT)

    @property
    def wanted(self) -> dict[ProfileField, Known]:
        """The fields that were changed here, as they are to be."""
        texts = self._texts()
        return {each: as_value(self._known, each, texts[each]) for each in LABELS if texts[each] != self._before[each]}

    @property
    def text(self) -> str:
        """What was changed here and is not saved, in words; nothing where that is nothing."""
        if not self.is_mounted or not (wanted := self.wanted):
            return ""
        texts = self._texts()
        told = "\n".join(f"{LABELS[each]}: {texts[each]}" for each in wanted)
        return f"{self._known.person.email}\n{told}\n"

    def compose(self) -> ComposeResult:
        who = safe_line(self._known.person.email)
        yield Static(Content(tr("What we know of {who}").format(who=who)), classes="title")
        for field, label in LABELS.items():
            if field is ProfileField.NOTES:
                yield Static(Content(tr("NOTES, only agents see them")), classes="notes")
                yield TextArea(self._before[field], id=field.value, highlight_cursor_line=False)
            else:
                with Horizontal(classes="field"):
                    yield Static(Content(tr(label)), classes="name")
                    yield Input(
                        self._before[field],
                        placeholder=told_hint(self._known, field),
                        compact=True,
                        select_on_focus=False,
                        id=field.value,
                    )
        yield Static(Content(""), id="hint")

    def on_mount(self) -> None:
        self.query_one(f"#{ProfileField.NAME}").focus()

    def news(self, known: Dossier) -> None:
        """Tell what a colleague changed since the form was opened."""
        since = known.profile.since(self._seen)
        if since and not self.is_saving:
            who = ", ".join(dict.fromkeys(safe_line(each.by) for each in since.values()))
            what = ", ".join(tr(LABELS[each]) for each in since)
            self._tell(tr("{who} changed {what} just now").format(who=who, what=what))

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Save on Enter."""
        event.stop()
        self.action_save()

    def action_next(self, by: int) -> None:
        """Another field; from the last one, the first."""
        fields = [self.query_one(f"#{each}", Widget) for each in LABELS]
        at = next((at for at, each in enumerate(fields) if each.has_focus), 0)
        fields[(at + by) % len(fields)].focus()

    def action_leave(self) -> None:
        """Leave; what was changed is thrown away once this was asked for twice."""
        unasked = tr("{key_leave} again leaves it as it was; {key_save} saves what you changed")
        under_way = tr("still saving …  {key_leave} again leaves this, and it is saved all the same")
        question = with_keys(under_way if self.is_saving else unasked, Context.CUSTOMER_FORM)
        if not self.wanted or front(self).asked_again(question, action="leave"):
            self.post_message(self.Closed(None))

    def action_save(self) -> None:
        """Save what was changed, and close; what is refused stays as it was typed."""
        if self.is_saving:
            return
        if not (wanted := self.wanted):
            self.post_message(self.Closed(None))
            return
        self.is_saving, self._since = True, time.monotonic()
        work = partial(save_fields, known=self._known, wanted=wanted, seen=self._seen)
        name = tr("customer {who}").format(who=safe_line(self._known.person.email))
        front(self).act(name, work, partial(self._done, self._texts()), self._stay_unsaved)

    def _stay_unsaved(self) -> None:
        self.is_saving = False

    def _done(self, sent: Mapping[ProfileField, str], outcome: Profile | TandemError) -> None:
        self.is_saving = False
        match outcome:
            case TandemError() if not stands(self):
                front(self).say(tr("not saved: {why}").format(why=heard(str(outcome))), "error")
            case Profile() if not stands(self):
                front(self).say(told_saved(outcome.name or self._known.person.label))
            case ProfileMoved():
                self._take_in(outcome.profile)
                self._tell(told_moved(outcome))
            case TandemError():
                self._tell(heard(str(outcome)))
            case Profile():
                self._close(sent, outcome)

    def _close(self, sent: Mapping[ProfileField, str], saved: Profile) -> None:
        """Close, or stay open with what was typed since it was `sent`."""
        typed = self._texts()
        self._known, self._seen = replace(self._known, profile=saved), saved.version
        self._before = {field: as_typed(self._known, field) for field in ProfileField}
        for field in LABELS:
            if typed[field] == sent[field] != self._before[field]:
                self._put(field, self._before[field])
        if self.wanted:
            words = tr("saved; what you typed since is not: {key_save} saves it, {key_leave} leaves it")
            self._tell(with_keys(words, Context.CUSTOMER_FORM))
        else:
            self._is_saved = True
            self.post_message(self.Closed(saved))

    def _take_in(self, profile: Profile) -> None:
        """Go on from what a colleague made of it: only what was typed here stays as it is."""
        wanted, seen = self.wanted, self._seen
        self._known, self._seen = replace(self._known, profile=profile), profile.version
        self._before = {field: as_typed(self._known, field) for field in ProfileField}
        for field in LABELS:
            if field not in wanted:
                self._put(field, self._before[field])
            elif field in LISTS:
                both = merged(profile, field, wanted[field], seen)
                self._put(field, as_typed(self._known, field, both))

    def _put(self, field: ProfileField, text: str) -> None:
        if field is ProfileField.NOTES:
            self.query_one(f"#{field}", TextArea).text = text
        else:
            self.query_one(f"#{field}", Input).value = text

    def _texts(self) -> dict[ProfileField, str]:
        return {
            each: self.query_one(f"#{each}", TextArea).text
            if each is ProfileField.NOTES
            else self.query_one(f"#{each}", Input).value
            for each in LABELS
        }

    def _tell(self, words: str) -> None:
        if stands(self):
            hint = self.query_one("#hint", Static)
            hint.update(Content(safe_line(words)))
            hint.scroll_visible(animate=False)
