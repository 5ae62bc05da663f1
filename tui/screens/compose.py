"""Writing a reply or a note: the text, what goes with it, and the review bar from which alone it leaves.

How the text is typed is in tui/screens/writing.py, how it is kept in tui/screens/holding.py, what goes with it in
tui/composer/drafting.py, what the desk is asked in tui/composer/sending.py. Every write goes through the app's one
writer.
"""

from __future__ import annotations

import time
from functools import partial

from desk.actions.attend import leave
from desk.draft import DraftKind
from desk.drafts import Fate
from desk.errors import DraftMoved
from desk.mentions import named_in
from desk.outgoing import Answer, OutboxEntry
from desk.people import Handle
from desk.safe import safe_line
from desk.ticket import Status, TicketNumber
from desk.wording import Wording
from macros.fill import Filled
from tui.composer.handles import handles_of_others
from tui.composer.keeping import told_lost
from tui.composer.sending import Finished, Moved, Outcome, PutDown, Sent, note_down, send, stay
from tui.front import front
from tui.host import host, stands
from tui.keys.naming import with_keys
from tui.reader.opened import OpenTicket
from tui.screens.discarding import DiscardingScreen
from tui.widgets.compose_title import ComposeTitle
from tui.widgets.draft import DraftArea
from tui.widgets.meanwhile import Meanwhile
from tui.words.heard import heard
from tui.words.tongue import mark, tr

AUTOSAVE = 2.0
"""Seconds between two looks whether the text must be kept."""
ATTEND = 15.0
"""Seconds between two signs to colleagues that this agent is answering."""
NEWS_HOLD = 1.5
"""Seconds after a refusal for which nothing sends: a second press that was on its way has not read the news."""
_WATCHING = frozenset({"review", "take_over", "ask_for_it", "say_read_only", "bring_draft", "read_on", "keep"})
"""What can be done while a draft that is held elsewhere is only read."""
_CURSORS = 20
"""In how many texts that were sent the place of the cursor is remembered."""
_FOR_MAIL = frozenset({"recipients", "attach", "detach"})
"""What makes no sense for a note."""
_NAMES = {
    DraftKind.REPLY: mark("reply on {number}"),
    DraftKind.FORWARD: mark("forward on {number}"),
    DraftKind.NOTE: mark("note on {number}"),
}
_UNCHANGED = {
    DraftKind.REPLY: mark("nothing was changed in the editor: no reply"),
    DraftKind.FORWARD: mark("nothing was changed in the editor: no forward"),
    DraftKind.NOTE: mark("nothing was changed in the editor: no note"),
}


class ComposeScreen(DiscardingScreen):
    """A reply, a forward or an internal note. `text` is typed in already; `filled` is a macro that was chosen.

    `in_editor` begins in the agent's own editor, with the heads above the text: unchanged means that nothing was meant.
    `wording` is what is chosen already, `cursor` the row and column to go on from (None: the end).
    """

    CSS_PATH = "compose.tcss"

    def __init__(
        self,
        opened: OpenTicket,
        kind: DraftKind,
        text: str = "",
        filled: Filled | None = None,
        *,
        in_editor: bool = False,
        wording: Wording | None = None,
        cursor: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(opened, kind, text, in_editor=in_editor, wording=wording)
        self._place = cursor
        self._put_down: PutDown = note_down
        self._filled = filled
        self._is_sending = False
        self._refused = -NEWS_HOLD
        self._finished: Finished | None = None

    def on_mount(self) -> None:
        self.set_class(self._kind is DraftKind.NOTE, "-note")
        self.set_class(self._kind is DraftKind.FORWARD, "-forward")
        area = self.query_one(DraftArea)
        area.go_to_end()
        if self._place is not None:
            area.move_cursor(self._place)
        if self._filled is not None:
            self._take(self._filled)
        if self._kind is DraftKind.NOTE:
            front(self).read("agents", handles_of_others, self._can_call)
        self._show()
        self._start()
        self.set_interval(AUTOSAVE, self._autosave)
        self.set_interval(ATTEND, self._attend)
        self.set_interval(1.0, self._tell_company)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """No key acts while the text is on its way to the desk or after it has left; a note is added in one way."""
        if self.is_watching and action not in _WATCHING:
            return False
        is_for_mail = (action == "send" and bool(parameters)) or action in _FOR_MAIL
        return not (self._is_sending or self._finished is not None or (is_for_mail and self._drafting.is_note))

    def news(self, opened: OpenTicket) -> None:
        """Take in a newer state of the ticket while writing: who is at it, and what was written meanwhile."""
        if self.is_mounted and stands(self):
            self._opened, self._company = opened, opened.presences
            self._tell_company()
            self.query_one(Meanwhile).show(opened)
            self._look()
            self._read_head()

    def on_screen_resume(self) -> None:
        self._go()
        self._attend()

    def action_review(self) -> None:
        """Show what can be done with the text; a forward to nobody, of which nothing was written, is just left."""
        is_untouched = self._kind is DraftKind.FORWARD and self.text == self._brought and not self.head.heads.to
        if is_untouched and not self.is_watching:
            self._leave(sent=False)
        else:
            super().action_review()

    def action_send(self, status: str = "") -> None:
        """Send the reply, or add the note; refused in words while something is left to do."""
        text = self.text
        if time.monotonic() - self._refused < NEWS_HOLD:
            self._say_unread()
            return
        if missing := self.missing(text):
            words = tr("not added: {why}") if self._drafting.is_note else tr("not sent: {why}")
            host(self).say(words.format(why=missing), "warn")
            return
        if self._is_attaching:
            host(self).say(tr("not sent: a file is still being read"), "warn")
            return
        self._is_sending, self._is_going = True, False
        drafting, keeper, seen = self._drafting, self._keeper, self._seen
        if drafting.is_note:
            note = partial(self._put_down, keeper=keeper, text=text, drafting=drafting, seen=seen)
            front(self).act(self._text_name, note, self._answered, self._stay_unsent)
        else:
            self._hand_over(self.put_off(drafting.answer(text, Status(status) if status else None, seen)))

    def _say_unread(self) -> None:
        """Say to whom presses too soon to have read the news that they came, and what the key does in a moment."""
        note, mail = (
            tr("not added yet: read what came just now; {key_send} in a moment adds it as it is"),
            tr("not sent yet: read what came just now; {key_send} in a moment sends it as it is"),
        )
        host(self).say(with_keys(note if self._drafting.is_note else mail), "warn")

    def _hand_over(self, answer: Answer) -> None:
        keeper = self._keeper
        front(self).act(self._text_name, lambda desk: send(desk, keeper, answer), self._answered, self._stay_unsent)

    def _stay_unsent(self) -> None:
        """Let the keys act again where nobody can tell what became of it, which is said."""
        self._is_sending = False

    @property
    def _text_name(self) -> str:
        """What is said where the text cannot be sent or added."""
        return tr(_NAMES[self._kind]).format(number=self.number)

    def action_keep(self) -> None:
        """Leave once the text is kept for the next time; where it cannot be kept, stay."""
        if front(self).is_outdated:
            if (words := front(self).put_down([self])) or not self.text.strip():
                self._leave(sent=False, words=words)
            return
        kept = tr("what you wrote is kept aside") if self._standing.lost else tr("the draft is kept")
        words = kept if self.text.strip() else ""
        self._is_going, text = True, self.text
        self._save(lambda: self._go_from(text, words))

    def doubt(self, text: str) -> str:
        handles, me = self.query_one(DraftArea).handles, self._opened.me
        if self._drafting.is_note and me and (unknown := named_in(text, (*handles, me)).unknown):
            names = ", ".join(f"@{safe_line(each)}" for each in unknown)
            return tr("nobody here is called {names}").format(names=names)
        return ""

    def _can_call(self, handles: tuple[Handle, ...]) -> None:
        if stands(self):
            self.query_one(DraftArea).handles = handles
            self._show()

    def abort(self) -> None:
        """Leave what was not changed in the editor as it was."""
        words = tr(_UNCHANGED[self._kind]) + (tr(", the draft is kept") if self.text.strip() else "")
        self._is_going, text = True, self.text
        self._save(lambda: self._go_from(text, words))

    def given(self, words: str) -> None:
        self._leave(sent=False, words=words)

    @property
    def is_kept(self) -> bool:
        """Whether the store has all that is written here, or it has left."""
        return self._finished is not None or super().is_kept

    def _answered(self, outcome: Outcome) -> None:
        """Leave when it is sent; stay when it is not, and say why."""
        self._is_sending = False
        match outcome:
            case Sent():
                self._leave(sent=True, closed=outcome.closed, words=_sent(self.number, outcome))
                self._tell_of(outcome.entry)
            case Moved():
                self._stay(outcome)
            case DraftMoved(lost=lost):
                self._look()
                merged, words = (
                    tr("not sent: {what}; {key_keep} keeps it there"),
                    tr("not sent: {what}; {key_take_over} takes the draft over"),
                )
                words = merged if lost.fate is Fate.MERGED else words
                host(self).say(with_keys(words, what=told_lost(lost, host(self).desk.clock())), "warn")
            case refused:
                host(self).say(str(refused), "error")

    def _tell_of(self, entry: OutboxEntry | None) -> None:
        """Let the status line tell of the mail, and keep where the cursor stood, should it be taken back."""
        if entry is not None:
            people = self.head.heads.to
            label = people[0].label.split() if people else []
            cursors = front(self).cursors
            cursors[entry.draft] = self.query_one(DraftArea).cursor_location
            if len(cursors) > _CURSORS:
                cursors.popitem(last=False)
            front(self).tell_of(entry.id, label[0] if label else tr("the customer"))

    def _stay(self, moved: Moved) -> None:
        """Show what somebody wrote meanwhile; what is sent next was written with that on the screen."""
        self._opened, self._seen = moved.opened, moved.opened.newest
        self.news(moved.opened)
        self._refused = time.monotonic()
        note, mail = (
            tr("not added: {what}; {key_send} adds it as it is"),
            tr("not sent: {what}; {key_send} sends it as it is"),
        )
        words = note if self._drafting.is_note else mail
        host(self).say(with_keys(words, what=heard(safe_line(moved.what))), "warn")

    def _leave(self, *, sent: bool, closed: bool = False, words: str = "") -> None:
        host(self).act(tr("presence"), leave)
        host(self).say(words)
        self._finished = Finished(sent, closed, self.number)
        self._go()

    def _go(self) -> None:
        """Close this screen when its work is done, unless another one is on top of it."""
        if self._finished is not None and self.is_active:
            self.dismiss(self._finished)

    def _autosave(self) -> None:
        if not (self._is_sending or self._is_discarding) and self._finished is None:
            super()._autosave()

    def _attend(self) -> None:
        number, doing = self.number, self.doing
        if self._finished is None:
            name = tr("presence at {number}").format(number=number)
            host(self).act(name, lambda desk: stay(desk, number, doing), self.news)

    def _tell_company(self) -> None:
        """Name the colleagues who still are at the ticket: a screen that was killed does not say that it goes."""
        now = host(self).desk.clock()
        self._company = tuple(each for each in self._company if each.until > now)
        self.query_one(ComposeTitle).tell(others=() if self.is_watching else self._company)


def _sent(number: TicketNumber, sent: Sent) -> str:
    """What is said once a note is with the desk; of a mail the status line goes on telling."""
    words = tr("note added to {number}, {key_undo} takes it back") if sent.entry is None else ""
    return with_keys(words, number=number)
