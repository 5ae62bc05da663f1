"""What a composer's parts ask of its screen: what stands on it, how far it is, and how its kind of text is sent.

Kinds of texts differ here; how it is laid out and what it hears of is in tui/screens/compose.py.
"""

from __future__ import annotations

from desk.desk import Desk
from desk.draft import DraftKind
from desk.outgoing import Answer
from desk.ticket import TicketNumber
from macros.facts import Facts, facts_for
from tui.actions.composing import ComposingActions
from tui.composer.heads import heads_left, with_heads
from tui.composer.keeping import Keeper
from tui.composer.leftovers import file_name
from tui.composer.letterhead import LetterHead
from tui.composer.sending import Outcome, PutDown, send
from tui.front import front
from tui.keys.naming import with_keys
from tui.screens.macro_picker import MacroPicker
from tui.widgets.compose_title import ComposeTitle
from tui.words.composing import asked_for_recipients, told_name, told_unchanged
from tui.words.tongue import tr

_WATCHING = frozenset({"review", "take_over", "ask_for_it", "say_read_only", "bring_draft", "read_on", "keep"})
"""What can be done while a draft that is held elsewhere is only read."""
_FOR_MAIL = frozenset({"recipients", "attach", "detach"})
"""What makes no sense for a note."""


class ComposingPage(ComposingActions):
    """A reply, a forward or an internal note."""

    kind: DraftKind
    put_note_down: PutDown

    def keeper(self) -> Keeper:
        """What keeps the text."""
        return Keeper(self.opened.ticket.number, self.kind)

    @property
    def number(self) -> TicketNumber:
        """The ticket that is written on."""
        return self.opened.ticket.number

    @property
    def heading(self) -> ComposeTitle:
        return self.query_one(ComposeTitle)

    @property
    def text(self) -> str:
        """What is written so far."""
        return self.area.text

    @property
    def head(self) -> LetterHead:
        """What stands around the text, as it would leave now."""
        return self.parts.addressing.head

    @property
    def file_name(self) -> str:
        """The name of a file with this text."""
        return file_name(self.number, self.kind, self.parts.manuscript.seen)

    @property
    def file_text(self) -> str:
        """What stands in that file: a first mail's has above its text whom it goes to, which no ticket tells."""
        return self.text if self.number else with_heads(self.head.heads, self.text)

    @property
    def is_kept(self) -> bool:
        """Whether the store has all that is written here, or it has left."""
        return self.parts.way_out.finished is not None or self.parts.manuscript.is_kept

    @property
    def is_leaving(self) -> bool:
        return (
            self.parts.dispatch.is_sending
            or self.parts.way_out.is_discarding
            or self.parts.giving.is_giving
            or self.parts.way_out.finished is not None
        )

    @property
    def is_watching(self) -> bool:
        """Whether a draft that is held elsewhere is only read here."""
        return self.has_class("-watching")

    @property
    def is_reviewing(self) -> bool:
        """Whether the bar with all that can be done with the text is shown."""
        return self.has_class("-review")

    @property
    def is_beginning(self) -> bool:
        """Whether the form of recipients may be about to open, or a kept text to come: what is typed is for that."""
        return self.parts.addressing.is_beginning and not self.parts.holding.is_written_on

    @property
    def is_lent(self) -> bool:
        """Whether an editor has the text, or was asked for."""
        return self.parts.editing.is_lent

    @property
    def answers(self) -> bool:
        """Whether it goes on with the talk on one ticket, which is shown beside it where there is room."""
        return bool(self.number) and self.kind is not DraftKind.FORWARD

    @property
    def asks_first(self) -> bool:
        return self.kind is DraftKind.FORWARD

    @property
    def form_heading(self) -> str:
        return asked_for_recipients(self.kind, self.opened.ticket)

    @property
    def sending_name(self) -> str:
        return told_name(self.kind, self.number)

    @property
    def note_added(self) -> str:
        return with_keys(tr("note added to {number}, {key_undo} takes it back"), number=self.number)

    def macro_picker(self) -> MacroPicker:
        return MacroPicker(self.opened)

    def facts(self, desk: Desk) -> Facts:
        return facts_for(desk, self.number, now=desk.clock().astimezone())

    def send_mail(self, desk: Desk, answer: Answer) -> Outcome:
        return send(desk, self.parts.manuscript.keeper, answer)

    def missing(self, text: str) -> str:
        drafting = self.parts.manuscript.drafting
        return drafting.missing(text) or ("" if drafting.is_note else self.parts.signatures.missing or heads_left(text))

    def abort(self) -> None:
        self.parts.way_out.save_and_leave(told_unchanged(self.kind, self.text))

    def put_down(self) -> str:
        return front(self).put_down([self])

    def call_back(self) -> bool:
        """Take in what is saved in an editor by now, and tell it to end."""
        return self.parts.editing.call_back()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """No key acts while the text is on its way to the desk or after it has left; a note is added in one way."""
        if self.is_watching and action not in _WATCHING:
            return False
        is_for_mail = (action == "send" and bool(parameters)) or action in _FOR_MAIL
        has_left = self.parts.dispatch.is_sending or self.parts.way_out.finished is not None
        is_going = action == "editor" and self.parts.giving.is_giving  # the screen would be gone when it comes back
        return not (has_left or is_going or (is_for_mail and self.kind is DraftKind.NOTE))
