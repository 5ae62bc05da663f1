"""What the keys of the list and the reader do that needs words: replies, notes, forwards and first mails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from desk.conversation import Direction, EntryId, Message, Note
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.drafts import held_draft
from desk.errors import MergedAway, RefusedError
from desk.forwarding import forwarding, message_to_forward
from desk.quoting import forwarded
from desk.safe import safe_line
from desk.signing import signatures, signed
from desk.subjects import without_prefix
from desk.ticket import TicketNumber
from desk.wording import Wording
from tui.actions.relating import Relating
from tui.composer.noting import NoteOnAll, taken_back_from_all
from tui.front import front
from tui.keys.naming import with_keys
from tui.messages import Said
from tui.reader.mails import is_aside
from tui.reader.opened import OpenTicket, load
from tui.words.tongue import tr

if TYPE_CHECKING:
    from desk.beginning import KeptBeginning
    from macros.fill import Filled
    from tui.composer.sending import Finished


class WritingActions(Relating):
    """A screen from which one writes on the ticket at hand."""

    _parting: Said | None = None
    """What was said as the last text was left: how that comes back, with a key that is a letter in the next one."""

    def action_reply(self) -> None:
        self.on_ticket(self._reply)

    def _reply(self, opened: OpenTicket) -> None:
        self.write(opened, DraftKind.REPLY)
        if (chosen := self._chosen_mail(opened)) is not None and is_aside(chosen):
            who = safe_line(opened.ticket.customer.label)
            front(self).say(
                with_keys(tr("this answers {who}; {key_forward} writes back in the side talk"), who=who), "warn"
            )

    def action_reply_in_editor(self) -> None:
        self.on_ticket(lambda opened: self.write(opened, DraftKind.REPLY, in_editor=True))

    def action_new(self) -> None:
        """Write to somebody who has not written, or go on with such a mail that is not finished."""
        from desk.actions.keep_beginning import kept_beginnings

        front(self).prepare(kept_beginnings, self._choose_beginning)

    def _choose_beginning(self, kept: Sequence[KeptBeginning]) -> None:
        from tui.screens.new_mail import BeginningPicker

        if kept:
            front(self).push_screen(BeginningPicker(kept, front(self).desk.clock()), self._beginning_chosen)
        else:
            self._begin_mail()

    def _beginning_chosen(self, chosen: KeptBeginning | Literal["new"] | None) -> None:
        if chosen == "new":
            self._begin_mail()
        elif chosen is not None:
            self.write_first(chosen)

    def _begin_mail(self) -> None:
        """Ask first from which of our addresses, where there are several."""
        from tui.screens.new_mail import MailboxPicker

        mailboxes = front(self).desk.settings.mailboxes
        if len(mailboxes) > 1:
            names = {each.name: each.address.email for each in mailboxes}
            front(self).push_screen(MailboxPicker(names), self._write_first)
        else:
            self._write_first(mailboxes[0].name if mailboxes else "")

    def _write_first(self, mailbox: str | None, kept: KeptBeginning | None = None) -> None:
        from tui.composer.first_mails import blank
        from tui.screens.new_mail import NewMailScreen

        if mailbox is not None:
            self._forget_parting()
            opened = blank(front(self).desk)
            front(self).push_screen(NewMailScreen(opened, mailbox, kept), self._written_first)

    def write_first(self, kept: KeptBeginning) -> None:
        self._write_first(kept.beginning.mailbox, kept)

    def _written_first(self, finished: Finished | None) -> None:
        self._left_with(finished)
        if finished is not None:
            self.acted()

    def action_forward(self) -> None:
        """Pass a mail on: the chosen one, or the customer's last; an unfinished forward of it is gone on with.

        What somebody answered to a forward is answered: that talk goes on aside.
        """
        number, chosen = self.target(), self.chosen_entry()
        front(self).prepare(partial(_to_forward, number, chosen), self._forward)

    def _forward(self, found: _Forward) -> None:
        self.write(found.opened, DraftKind.FORWARD, text=found.text, wording=found.wording, cursor=found.cursor)

    def _chosen_mail(self, opened: OpenTicket) -> Message | None:
        chosen = self.chosen_entry()
        return next((each for each in opened.messages if each.id == chosen), None)

    def action_note(self) -> None:
        """Write a note, on all marked tickets where some are marked."""
        first, *others = self.targets()
        if others:
            self.note_on_all(NoteOnAll((first, *others)))
        else:
            self.on_ticket(lambda opened: self.write(opened, DraftKind.NOTE), first)

    def note_on_all(self, note: NoteOnAll, text: str = "") -> None:
        """Write one note that is left on several tickets; it is a draft on the first of them until then."""
        from tui.screens.note_on_all import NoteOnAllScreen

        cursor = front(self).cursors.get(text)
        self._forget_parting()
        front(self).prepare(
            partial(to_write_on, note.numbers[0]),
            lambda opened: front(self).push_screen(NoteOnAllScreen(opened, note, text, cursor=cursor), self._written),
        )

    def action_edit_note(self) -> None:
        self.on_ticket(self._edit_note)

    def _edit_note(self, opened: OpenTicket) -> None:
        from tui.screens.edit_note import EditNoteScreen

        mine = [each for each in opened.entries if isinstance(each, Note) and each.author == opened.me]
        if (note := next((each for each in reversed(mine) if not each.removed), None)) is None:
            words = tr("you have no note on ticket {number}").format(number=opened.ticket.number)
            raise RefusedError(words, with_keys(tr("{key_note} writes one")))
        front(self).push_screen(EditNoteScreen(note), self._edited)

    def _edited(self, _: None) -> None:
        self.acted()

    def write_on(self, draft: Draft) -> None:
        front(self).prepare(partial(_taken_back, draft), partial(self._write_on, draft))

    def _write_on(self, draft: Draft, found: OpenTicket | NoteOnAll) -> None:
        if isinstance(found, NoteOnAll):
            self.note_on_all(found, draft.text)
        else:
            self.write(found, draft.kind, text=draft.text, cursor=front(self).cursors.get(draft.text))

    def on_ticket(self, then: Callable[[OpenTicket], object], number: TicketNumber | None = None) -> None:
        """Act on a ticket once it is read, as it is now; on the one at hand where none is named."""
        front(self).prepare(partial(to_write_on, self.target() if number is None else number), then)

    def write(
        self,
        opened: OpenTicket,
        kind: DraftKind,
        filled: Filled | None = None,
        text: str = "",
        *,
        in_editor: bool = False,
        wording: Wording | None = None,
        cursor: tuple[int, int] | None = None,
    ) -> None:
        """Open the composer on one ticket, whatever else is marked."""
        from tui.screens.compose import ComposeScreen

        self.let_go(opened.ticket.number)
        self._forget_parting()
        composer = ComposeScreen(opened, kind, text, filled, in_editor=in_editor, wording=wording, cursor=cursor)
        front(self).push_screen(composer, self._written)
        number = opened.ticket.number
        if self.marked() not in ((), (number,)):
            front(self).say(tr("this is for {number} alone; the marks stay").format(number=number))

    def _forget_parting(self) -> None:
        """Begin a text: what was said of the one before is over."""
        if front(self).said is self._parting:
            front(self).fall_silent()

    def _left_with(self, finished: Finished | None) -> None:
        self._parting = front(self).said if finished is not None and not finished.sent else None

    def _written(self, finished: Finished | None) -> None:
        self._left_with(finished)
        if finished is not None and finished.closed:
            self.go_on_from((finished.number,))
        elif finished is not None and not finished.sent:
            self.go_back_to(finished.number)
        self.acted()


@dataclass(frozen=True, slots=True)
class _Forward:
    """What a forward begins with."""

    opened: OpenTicket
    text: str
    wording: Wording | None = None
    cursor: tuple[int, int] | None = None


def to_write_on(number: TicketNumber, desk: Desk) -> OpenTicket:
    """A ticket to write on; refused before the first word where another one goes on for it.

    Raises:
        NoSuchTicket, MergedAway: nothing can be written on it.
    """
    opened = load(desk, number)
    if (into := opened.ticket.merged_into) is not None:
        gone = MergedAway(number, into)
        raise gone.reworded(gone.message, tr("> opens it"))
    return opened


def _to_forward(number: TicketNumber, chosen: EntryId | None, desk: Desk) -> _Forward:
    opened = to_write_on(number, desk)
    is_mail = any(each.id == chosen for each in opened.messages)
    message = message_to_forward(desk, number, chosen if is_mail else None)
    begun = held_draft(desk, number, DraftKind.FORWARD)
    if begun is not None and begun.wording is not None and begun.wording.forwards == message.id:
        return _Forward(opened, begun.text)
    below = signed("", signatures(desk, number))
    if message.side is not None and message.direction is Direction.IN:
        back = Wording(
            to=message.reply_to or (message.sender,),
            subject=f"Re: {without_prefix(message.subject)}",
            forwards=message.id,
        )
        return _Forward(opened, below, back, (0, 0))
    return _Forward(opened, f"{below}\n\n{forwarded(message, None)}", forwarding(message), (0, 0))


def _taken_back(draft: Draft, desk: Desk) -> OpenTicket | NoteOnAll:
    return taken_back_from_all(desk, draft) or load(desk, draft.ticket)
