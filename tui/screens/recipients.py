"""Whom a mail goes to and what it is called: one form, checked before it is taken over."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from desk.errors import RefusedError
from desk.people import Address
from desk.safe import safe_line
from tui.composer.heads import NAMES, Heads, heads_of, in_words
from tui.host import stands
from tui.keys import Context
from tui.keys.line_ends import told_cut
from tui.widgets.keyed import keyed
from tui.words.heard import heard
from tui.words.tongue import mark, tr

_HINT = mark("{key_take_form} takes it over   {key_next} next   {key_leave} leaves")
_HINT_OF_ANSWER = mark(
    "{key_take_form} takes it over   {key_next} next   {key_copies} sender only / everybody   {key_leave} leaves"
)


class RecipientsScreen(ModalScreen[Heads | None]):
    """To, Cc, Bcc and Subject. Esc leaves them as they are.

    `everybody` is whom the ticket says, `author` who wrote last (None: nobody): `^o` goes from the one to the other.
    """

    PLACE: ClassVar[Context] = Context.RECIPIENTS
    CSS_PATH = "pickers.tcss"
    AUTO_FOCUS = "#to"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", show=False),
        Binding("down", "app.focus_next", "down", show=False),
        Binding("up", "app.focus_previous", "up", show=False),
        Binding("ctrl+o", "toggle_copies", "sender only", show=False, priority=True),
    ]

    def __init__(
        self,
        heads: Heads,
        check: Callable[[Address], bool],
        *,
        everybody: Heads | None = None,
        author: Address | None = None,
        heading: str = "",
    ) -> None:
        super().__init__()
        self._heads, self._check, self._heading = heads, check, heading or tr("Who gets it")
        self._everybody, self._author = everybody, author

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(Content(self._heading), id="heading")
            for name, words in zip(NAMES, in_words(self._heads), strict=True):
                with Horizontal(classes="field"):
                    yield Static(Content(tr(name)), classes="name")
                    yield Input(words, compact=True, select_on_focus=False, id=name.lower())
            yield Static(self._hint, id="hint")

    @property
    def _hint(self) -> Content:
        return keyed(tr(_HINT if self._author is None else _HINT_OF_ANSWER), self.PLACE)

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Take the form over, or say what is wrong with it."""
        event.stop()
        try:
            heads = heads_of([each.value for each in self.query(Input)], self._check)
        except RefusedError as error:
            self._tell(safe_line(str(error)))
            return
        if not heads.to:
            self._tell(tr("To: nobody stands there yet"))
            return
        self.dismiss(heads)

    @on(Input.Changed)
    def changed(self, event: Input.Changed) -> None:
        """What was wrong may be right now."""
        event.stop()
        self._tell()

    def action_toggle_copies(self) -> None:
        """To whoever wrote, and to nobody else; or again to everybody."""
        if self._author is None or self._everybody is None:
            return
        alone = Heads(to=self._everybody.to[:1] or (self._author,))
        now = [self.query_one(f"#{name}", Input).value for name in ("to", "cc")]
        is_alone = now == [*in_words(alone)[:2]]
        to, cc, *_ = in_words(self._everybody if is_alone else alone)
        self.query_one("#to", Input).value, self.query_one("#cc", Input).value = to, cc

    async def tell_pasted(self) -> None:
        """Say that of a pasted text all from its first line end on was dropped."""
        if stands(self):
            self._tell(told_cut(self.PLACE))

    def action_leave(self) -> None:
        self.dismiss(None)

    def _tell(self, wrong: str = "") -> None:
        """Say what is wrong, if anything is; the keys stand below it."""
        said = Content.styled(f"{heard(wrong)}\n", "$warning") if wrong else Content()
        self.query_one("#hint", Static).update(Content.assemble(said, self._hint))
