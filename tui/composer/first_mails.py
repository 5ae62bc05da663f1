"""Where a mail that is to open a ticket is kept while it is written: it is its author's own, and on no ticket yet.

All of it happens in the writer's thread, in order, as in tui/composer/keeping.py.
"""

from __future__ import annotations

from dataclasses import replace

from desk.actions.keep_beginning import (
    discard_beginning,
    keep_beginning,
    kept_beginnings,
    throw_beginning_away,
)
from desk.actions.new import Start, begin
from desk.beginning import Beginning, KeptBeginning
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.errors import TandemError
from desk.outgoing import Answer
from desk.people import NOBODY
from desk.signing import signatures_of
from desk.ticket import Status, Ticket, TicketNumber
from desk.wording import Wording
from desk.written import Written
from tui.composer.keeping import Keeper
from tui.composer.letterhead import LetterHead, first_letterhead
from tui.composer.sending import Outcome, Sent
from tui.composer.standing import Beginning as Begun
from tui.composer.standing import Standing
from tui.reader.opened import OpenTicket

NOWHERE = TicketNumber(0)
"""Stands for the ticket that is not there yet."""


def blank(desk: Desk) -> OpenTicket:
    """What a composer knows of a ticket that is not there yet: nothing, but who writes."""
    now = desk.clock()
    ticket = Ticket(number=NOWHERE, subject="", customer=NOBODY, mailbox="", created=now, updated=now, last_message=now)
    return OpenTicket(ticket=ticket, entries=(), outbox={}, me=desk.me.handle)


class BeginningKeeper(Keeper):
    """Keeps a first mail. `mailbox` is where it leaves from; nobody else writes on it, so that it is never lost.

    `kept` is the one that is gone on with (None: it is begun now).
    """

    def __init__(self, mailbox: str, kept: KeptBeginning | None = None) -> None:
        super().__init__(NOWHERE, DraftKind.REPLY)
        self.mailbox = (kept.beginning.mailbox if kept else "") or mailbox
        self._kept, self._is_unread = kept, kept is not None

    def begin(self, desk: Desk, text: str = "") -> Begun:
        """Take up the mail that is gone on with, as it is now; what was sent or thrown away since is begun anew.

        Raises:
            NoAgent: nobody said who is acting.
        """
        del text
        there = (each for each in kept_beginnings(desk) if self._kept is not None and each.id == self._kept.id)
        self._kept = next(there, None)
        draft, self._is_unread = _as_draft(self._kept) if self._kept else None, self._kept is not None
        self._has_begun = True
        return Begun(self.head(desk), draft, Standing(), self._below(desk))

    def begin_late(self, desk: Desk, text: str = "") -> Begun:
        """Begin where the store was busy at first; what was written and kept since stays what is kept.

        Raises:
            NoAgent: nobody said who is acting.
        """
        if not self._has_begun:
            return self.begin(desk, text)
        return Begun(self.head(desk), None, Standing(), self._below(desk))

    def save(self, desk: Desk, written: Written, *, is_read: bool = True, stays_to: bool = False) -> Standing:
        """Keep it; an empty one is forgotten, and one that could not be shown yet stays beside what was begun.

        Raises:
            NoAgent: nobody said who is acting.
        """
        del stays_to
        last = self._kept
        if self._is_unread and not is_read:
            if not written.text.strip():
                return Standing()
            last = None
        self._kept = keep_beginning(desk, first_mail(self.mailbox, written), last=last)
        self._is_unread, self._has_begun = False, True
        return Standing()

    def throw_away(self, desk: Desk, written: Written, *, is_read: bool = True) -> bool:
        """Throw it away as it is by now; what could not be shown yet stays.

        Returns whether an undo brings it back: there was something.

        Raises:
            NoAgent: nobody said who is acting.
        """
        self.save(desk, written, is_read=is_read)
        thrown, self._kept = self._kept, None
        return thrown is not None and not self._is_unread and throw_beginning_away(desk, thrown)

    def head(self, desk: Desk) -> LetterHead:
        """Who writes.

        Raises:
            NoAgent: nobody said who is acting.
        """
        return first_letterhead(desk, desk.settings.mailbox(self.mailbox))

    def look(self, desk: Desk) -> Standing:
        """Nobody takes it away."""
        del desk
        return Standing()

    def finish(self, desk: Desk) -> None:
        """Forget it, because it was sent."""
        discard_beginning(desk, self._kept)

    def _below(self, desk: Desk) -> tuple[str, ...]:
        return signatures_of(desk, self.mailbox)


def first_mail(mailbox: str, written: Written) -> Beginning:
    """What is written, as the desk takes it."""
    chosen = written.wording or Wording()
    return Beginning(
        mailbox=mailbox,
        to=chosen.to or (),
        cc=chosen.cc or (),
        bcc=chosen.bcc,
        subject=chosen.subject or "",
        text=written.text,
        enclosures=chosen.enclosures,
        plan=written.plan,
    )


def send_first(desk: Desk, keeper: BeginningKeeper, answer: Answer) -> Outcome:
    """Open the ticket and queue its first mail, and forget the draft, in one commit."""
    mail = first_mail(keeper.mailbox, answer.written)
    try:
        with desk.store.transaction():
            entry = begin(desk, mail, Start(status=answer.status, steps=answer.steps, macro=answer.macro))
            keeper.finish(desk)
    except TandemError as error:
        return error
    return Sent(entry, answer.status is Status.CLOSED)


def _as_draft(kept: KeptBeginning) -> Draft:
    mail = kept.beginning
    wording = replace(mail.wording, to=mail.to or None, cc=mail.cc or None, subject=mail.subject or None)
    return Draft(
        ticket=NOWHERE,
        author=kept.author,
        kind=DraftKind.REPLY,
        text=mail.text,
        saved=kept.saved,
        plan=mail.plan,
        wording=wording,
    )
