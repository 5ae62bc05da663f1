"""Dialogs in which something is chosen from a list by typing a few letters."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.host import stands
from tui.keys import Context
from tui.keys.line_ends import told_cut
from tui.keys.naming import with_keys
from tui.widgets.keyed import keyed
from tui.words.heard import heard
from tui.words.tongue import mark, tr

T = TypeVar("T")

LEAVES = mark("{key_leave} leaves")
"""All that acts where there is nothing to choose."""
NOTHING = mark("nothing is called so: fewer letters find more")


class Picker(ModalScreen[T | None]):
    """A line to type in over a list; the arrows move in the list, Enter chooses, Esc leaves things as they are."""

    PLACE: ClassVar[Context] = Context.PICKER
    CSS_PATH = "pickers.tcss"
    AUTO_FOCUS = "Input"
    HEADING = ""
    HINT = mark("{key_choose} chooses   {key_leave} leaves")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", show=False),
        Binding("down,ctrl+n", "move(1)", "down", show=False),
        Binding("up,ctrl+p", "move(-1)", "up", show=False),
    ]

    _cut: str | None = None
    """What stands in the line of a text of several lines that was pasted."""

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(Content(tr(self.HEADING)), id="heading")
            with Horizontal(id="line"):
                yield Static(Content(">"), id="prompt")
                yield self.line()
            yield from self.body()
            yield Static(keyed(tr(self.HINT), self.PLACE), id="hint")

    def line(self) -> Input:
        """What is typed in."""
        return Input(compact=True)

    def body(self) -> ComposeResult:
        """What stands between the line and the hint."""
        yield Choices()

    def on_mount(self) -> None:
        self.offer("")

    def on_choices_resized(self) -> None:
        """Lay the rows out for another width, where they are laid out at all."""

    @abstractmethod
    def offer(self, typed: str) -> None:
        """Fill the list with what fits the typed letters."""

    @abstractmethod
    def choose(self) -> None:
        """Take what is marked in the list."""

    @property
    def chosen(self) -> str | None:
        """The id of the marked row."""
        choices = self.query_one(Choices)
        return None if choices.highlighted is None else choices.get_option_at_index(choices.highlighted).id

    @property
    def keys(self) -> str:
        """The keys that act now, as words that name them: Enter only where there is something to choose."""
        return self.HINT if self.chosen is not None else LEAVES

    def told(self, keys: str) -> str:
        """A sentence with keys as they are now, in the language of the screen."""
        return with_keys(tr(keys), self.PLACE)

    def hint(self, words: str | Content = "", *, warns: bool = False) -> None:
        """Say something below the list; the keys stand below that, whatever it is."""
        if self._cut is not None and self._cut == self.query_one(Input).value:
            words, warns = told_cut(self.PLACE), True
        said = Content.styled(heard(str(words)), "$warning") if warns else Content.assemble(words)
        keys = keyed(tr(self.keys), self.PLACE)
        self.query_one("#hint", Static).update(Content("\n").join([*([said] if words else []), keys]))

    async def tell_pasted(self) -> None:
        """Say that of a pasted text all from its first line end on was dropped, until the line is another."""
        if stands(self):
            self._cut = self.query_one(Input).value
            self.hint()

    def tell_empty(self) -> None:
        """Say in the place of the list that nothing fits what is typed, where that is so."""
        self.hint()
        if self.chosen is None:
            self.query_one(Choices).tell(tr(NOTHING))

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        """Offer what fits what is typed now."""
        event.stop()
        self.offer(event.value)

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Choose on Enter."""
        event.stop()
        if self.is_current:  # it may have been left since Enter was pressed
            self.entered()

    def entered(self) -> None:
        """What Enter does."""
        self.choose()

    def action_move(self, by: int) -> None:
        """Mark another row; a question without a list has none."""
        for choices in self.query(Choices):
            choices.action_cursor_down() if by > 0 else choices.action_cursor_up()

    def action_leave(self) -> None:
        self.dismiss(None)


class Choices(OptionList, can_focus=False):
    """The list of a picker. Its rows are Content, never markup."""

    class Resized(Message):
        """The rows have another width to stand in."""

    def __init__(self) -> None:
        super().__init__(markup=False, compact=True)
        self._width = 0

    def on_resize(self) -> None:
        """Tell of another width."""
        before, self._width = self._width, self.scrollable_content_region.width
        if self._width != before:
            self.post_message(self.Resized())

    def offer(self, rows: Iterable[tuple[str, Content]], mark: str | None = None) -> None:
        """Show other rows, each with its id; mark the one with this id, or else the first. Without id: a heading."""
        options = [Option(words, id=name or None, disabled=not name) for name, words in rows]
        self.clear_options()
        self.add_options(options)
        if options:
            first = next((at for at, each in enumerate(options) if not each.disabled), None)
            self.highlighted = next((at for at, each in enumerate(options) if mark and each.id == mark), first)

    def tell(self, words: str) -> None:
        """Say something in the place of rows."""
        self.offer([("", Content.styled(words, "$muted"))])
