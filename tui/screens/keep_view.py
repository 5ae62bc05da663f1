"""Keep a search as a view: its name, the letter that leads there after `g`, and whether everybody sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from desk.errors import RefusedError
from desk.safe import safe_line
from desk.saved_views import SavedView, clean_key, clean_name, free_letters
from tui.host import stands
from tui.keys import Context
from tui.keys.line_ends import told_cut
from tui.widgets.keyed import keyed
from tui.words.heard import heard
from tui.words.tongue import mark, tr

_HINT = mark("{key_take_form} keeps it   {key_next} next   {key_sharing} only mine / everybody's   {key_leave} leaves")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a view is to be called, its letter, and whether it is shared."""

    name: str
    key: str
    shared: bool


class KeepViewScreen(ModalScreen[Wanted | None]):
    """A form; `there` are the views that one sees already. What is wrong is said before anything is kept."""

    PLACE: ClassVar[Context] = Context.VIEW_FORM
    CSS_PATH = "keep_view.tcss"
    AUTO_FOCUS = "#view-name"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", show=False),
        Binding("down", "app.focus_next", "down", show=False),
        Binding("up", "app.focus_previous", "up", show=False),
        Binding("ctrl+o", "toggle_shared", "shared", show=False, priority=True),
    ]

    def __init__(self, query: str, there: Sequence[SavedView]) -> None:
        super().__init__()
        self._search, self._there = query, there
        self._is_shared = False

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(Content(tr("Keep this search as a view")), id="heading")
            words = safe_line(self._search) or tr("every ticket")
            yield from self._field(mark("search"), Static(Content(words), id="search"))
            yield from self._field(mark("name"), Input(compact=True, id="view-name"))
            yield from self._field(mark("key  g"), Input(compact=True, id="view-key", max_length=1))
            yield from self._field(mark("for"), Static(self._whose(), id="whose"))
            yield Static(Content(""), id="hint")

    def on_mount(self) -> None:
        self._tell()

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Keep the view, or say what is wrong with it."""
        event.stop()
        try:
            name = clean_name(self.query_one("#view-name", Input).value)
            key = clean_key(self.query_one("#view-key", Input).value)
        except RefusedError as error:
            self._tell(str(error))
            return
        if (taken := next((each for each in self._there if key and each.key == key), None)) is not None:
            self._tell(tr("g {key} leads to “{name}” already").format(key=key, name=safe_line(taken.name)))
            return
        self.dismiss(Wanted(name, key, self._is_shared))

    @on(Input.Changed)
    def changed(self, event: Input.Changed) -> None:
        """What was wrong may be right now."""
        event.stop()
        self._tell()

    def action_toggle_shared(self) -> None:
        self._is_shared = not self._is_shared
        self.query_one("#whose", Static).update(self._whose())

    async def tell_pasted(self) -> None:
        """Say that of a pasted text all from its first line end on was dropped."""
        if stands(self):
            self._tell(told_cut(self.PLACE))

    def action_leave(self) -> None:
        self.dismiss(None)

    def _field(self, name: str, field: Input | Static) -> ComposeResult:
        with Horizontal(classes="field"):
            yield Static(Content(tr(name)), classes="name")
            yield field

    def _whose(self) -> Content:
        return Content(tr("everybody on this desk") if self._is_shared else tr("only me"))

    def _tell(self, wrong: str = "") -> None:
        hint, free = self.query_one("#hint", Static), " ".join(free_letters(self._there))
        letters = tr("free letters: {letters}").format(letters=free)
        said = Content.styled(heard(wrong), "$warning") if wrong else Content(letters)
        hint.update(Content.assemble(said, "\n", keyed(tr(_HINT), self.PLACE)))
