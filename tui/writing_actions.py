"""What the keys of the list and the reader do that needs words: replies, notes and macros."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

from desk.conversation import Direction, Message, Note
from desk.draft import Draft, DraftKind
from desk.drafts import held_draft
from desk.errors import MergedAway, RefusedError, TandemError
from desk.forwarding import forwarding, message_to_forward
from desk.quoting import forwarded
from desk.safe import safe_line
from desk.signing import signatures, signed
from desk.subjects import without_prefix
from desk.wording import Wording
from tui.front import front
from tui.host import host
from tui.keys.naming import with_keys
from tui.mails import is_aside
from tui.opened import OpenTicket, load
from tui.recovering import Recovering
from tui.tongue import tr

if TYPE_CHECKING:
    from desk.beginning import KeptBeginning
    from macros.fill import Filled
    from macros.script import Macro
    from tui.screens.holding import Finished


class WritingActions(Recovering):
    """A screen from which one writes on the ticket at hand."""

    def action_reply(self) -> None:
        opened = self._at_hand()
        self._write(opened, DraftKind.REPLY)
        if (chosen := self._chosen_mail(opened)) is not None and is_aside(chosen):
            who = safe_line(opened.ticket.customer.label)
            front(self).say(
                with_keys(tr("this answers {who}; {key_forward} writes back in the side talk"), who=who), "warn"
            )

    def action_reply_in_editor(self) -> None:
        self._write(self._at_hand(), DraftKind.REPLY, in_editor=True)

    def action_new(self) -> None:
        """Write to somebody who has not written, or go on with such a mail that is not finished."""
        from desk.actions.keep_beginning import kept_beginnings  # noqa: PLC0415 - not needed to show a list
        from tui.screens.new_mail import BeginningPicker  # noqa: PLC0415 - likewise

        desk = front(self).desk
        if kept := kept_beginnings(desk):
            front(self).push_screen(BeginningPicker(kept, desk.clock()), self._beginning_chosen)
        else:
            self._begin_mail()

    def _beginning_chosen(self, chosen: KeptBeginning | Literal["new"] | None) -> None:
        if chosen == "new":
            self._begin_mail()
        elif chosen is not None:
            self.write_first(chosen)

    def _begin_mail(self) -> None:
        """Ask first from which of our addresses, where there are several."""
        from tui.screens.new_mail import MailboxPicker  # noqa: PLC0415 - not needed to show a list

        mailboxes = front(self).desk.settings.mailboxes
        if len(mailboxes) > 1:
            names = {each.name: each.address.email for each in mailboxes}
            front(self).push_screen(MailboxPicker(names), self._write_first)
        else:
            self._write_first(mailboxes[0].name if mailboxes else "")

    def _write_first(self, mailbox: str | None, kept: KeptBeginning | None = None) -> None:
        from tui.first_mails import blank  # noqa: PLC0415 - likewise
        from tui.screens.new_mail import NewMailScreen  # noqa: PLC0415 - likewise

        if mailbox is not None:
            front(self).push_screen(NewMailScreen(blank(front(self).desk), mailbox, kept), self._written_first)

    def write_first(self, kept: KeptBeginning) -> None:
        self._write_first(kept.beginning.mailbox, kept)

    def _written_first(self, finished: Finished | None) -> None:
        if finished is not None:
            self.acted()

    def action_forward(self) -> None:
        """Pass a mail on: the chosen one, or the customer's last; an unfinished forward of it is gone on with.

        What somebody answered to a forward is answered: that talk goes on aside.
        """
        desk, opened = front(self).desk, self._at_hand()
        number = opened.ticket.number
        chosen = self._chosen_mail(opened)
        message = message_to_forward(desk, number, chosen.id if chosen else None)
        begun = held_draft(desk, number, DraftKind.FORWARD)
        if begun is not None and begun.wording is not None and begun.wording.forwards == message.id:
            self._write(opened, DraftKind.FORWARD, text=begun.text)
            return
        below = signed("", signatures(desk, number))
        if message.side is not None and message.direction is Direction.IN:
            back = Wording(
                to=message.reply_to or (message.sender,),
                subject=f"Re: {without_prefix(message.subject)}",
                forwards=message.id,
            )
            self._write(opened, DraftKind.FORWARD, text=below, wording=back, cursor=(0, 0))
            return
        text = f"{below}\n\n{forwarded(message, None)}"
        self._write(opened, DraftKind.FORWARD, text=text, wording=forwarding(message), cursor=(0, 0))

    def _chosen_mail(self, opened: OpenTicket) -> Message | None:
        chosen = self.chosen_entry()
        return next((each for each in opened.messages if each.id == chosen), None)

    def action_note(self) -> None:
        self._write(self._at_hand(), DraftKind.NOTE)

    def action_edit_note(self) -> None:
        from tui.screens.edit_note import EditNoteScreen  # noqa: PLC0415 - few notes are edited

        opened = self._at_hand()
        mine = [each for each in opened.entries if isinstance(each, Note) and each.author == opened.me]
        if (note := next((each for each in reversed(mine) if not each.removed), None)) is None:
            words = tr("you have no note on ticket {number}").format(number=opened.ticket.number)
            raise RefusedError(words, with_keys(tr("{key_note} writes one")))
        front(self).push_screen(EditNoteScreen(note), lambda _: self.acted())

    def action_macro(self) -> None:
        from tui.screens.macro_picker import MacroPicker  # noqa: PLC0415 - not needed to show a list

        opened = self._at_hand()
        front(self).push_screen(MacroPicker(opened), partial(self._macro_chosen, opened))

    def action_run_macro(self, slug: str) -> None:
        opened = self._at_hand()
        self.run_worker(self._ask_for_macro(opened, front(self).library.get(slug)), exclusive=True)

    def write_on(self, draft: Draft) -> None:
        opened = load(front(self).desk, draft.ticket)
        self._write(opened, draft.kind, text=draft.text, cursor=front(self).cursors.get(draft.text))

    def _at_hand(self) -> OpenTicket:
        """The ticket to write on; refused before the first word where another one goes on for it."""
        opened = load(front(self).desk, self.target())
        if (into := opened.ticket.merged_into) is not None:
            gone = MergedAway(opened.ticket.number, into)
            raise gone.reworded(gone.message, tr("> opens it"))
        return opened

    def _write(
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
        from tui.screens.compose import ComposeScreen  # noqa: PLC0415 - not needed to show a list

        self.let_go(opened.ticket.number)
        composer = ComposeScreen(opened, kind, text, filled, in_editor=in_editor, wording=wording, cursor=cursor)
        front(self).push_screen(composer, self._written)

    def _written(self, finished: Finished | None) -> None:
        if finished is not None and finished.closed:
            self.go_on_from((finished.number,))
        elif finished is not None and not finished.sent:
            self.go_back_to(finished.number)
        self.acted()

    async def _ask_for_macro(self, opened: OpenTicket, macro: Macro) -> None:
        from macros.facts import facts_for  # noqa: PLC0415 - the template language takes its time
        from tui.screens.ask import asked  # noqa: PLC0415 - likewise

        desk = front(self).desk
        try:
            facts = facts_for(desk, opened.ticket.number, now=desk.clock().astimezone())
            self._macro_chosen(opened, await asked(host(self), macro, facts))
        except TandemError as error:
            front(self).say(str(error), "error")

    def _macro_chosen(self, opened: OpenTicket, filled: Filled | None) -> None:
        if filled is None:
            return
        if filled.macro.reply == "none":
            self._apply(opened, filled)
        else:
            self._write(opened, DraftKind.NOTE if filled.macro.reply == "note" else DraftKind.REPLY, filled)

    def _apply(self, opened: OpenTicket, filled: Filled) -> None:
        """Do what a macro without words does."""
        from desk.actions.run_macro import run_macro  # noqa: PLC0415 - few macros have no words

        number, seen = opened.ticket.number, opened.newest
        done = tr("{number}: {macro}, {key_undo} takes it back")
        front(self).act(
            tr("macro on {number}").format(number=number),
            lambda desk: run_macro(desk, number, filled.steps, filled.use, seen=seen),
            lambda _: self._applied(with_keys(done, number=number, macro=filled.macro.name)),
        )

    def _applied(self, said: str) -> None:
        front(self).say(said)
        self.acted()
