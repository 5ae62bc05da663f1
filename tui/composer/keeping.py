"""Where a composer's text is kept: in one draft of the store, for as long as this screen holds that.

All of it happens in the writer's thread, in order, so that each save knows what the one before it wrote.
"""

from __future__ import annotations

from dataclasses import replace

from desk.actions.attend import attend
from desk.actions.draft import discard_draft, keep_aside, resume_draft, save_draft, set_aside, take_over
from desk.actions.give_draft import give_draft
from desk.actions.throw_away import throw_away
from desk.conversation import Purpose
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.drafts import carried_draft, drafts_aside, gone_on, held_draft, is_held, is_merged, lost_draft
from desk.errors import DraftMoved, TandemError
from desk.lost import Lost
from desk.people import Handle
from desk.presence import Doing
from desk.signing import signatures
from desk.ticket import TicketNumber
from desk.written import Written
from tui.composer.letterhead import NO_MAIL, LetterHead, letterhead
from tui.composer.standing import Beginning, Standing, Taken


class Keeper:
    """Keeps the text of one composer. `is_read` says that a draft which was resumed stands in the text by now."""

    def __init__(self, number: TicketNumber, kind: DraftKind) -> None:
        self.number, self.kind = number, kind
        self._has_begun = False
        self._last: Draft | None = None
        self._unread: Draft | None = None
        self._lost: Lost | None = None

    def begin(self, desk: Desk, text: str = "") -> Beginning:
        """Say to colleagues that this agent is here, and take up a draft of theirs; `text` is written already.

        Raises:
            NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        """
        head = self._head_on(desk, self.number)
        with desk.store.transaction():
            lost, draft = None, resume_draft(desk, self.number, self.kind, text)
            if draft is None and (now := held_draft(desk, self.number, self.kind)) is not None:
                lost = lost_draft(desk, self.number, self.kind, None, now)
                aside = drafts_aside(desk, self.number, self.kind)
                draft = next((each for each in reversed(aside) if text in ("", each.text)), None)
            is_watching = lost is not None and draft is None and not text
            attend(desk, self.number, Doing.READING if is_watching else Doing.ANSWERING)
        self._has_begun, self._lost, self._last, self._unread = True, lost, draft, draft
        return Beginning(head, draft, self._standing(desk), self._below(desk))

    def begin_late(self, desk: Desk, text: str = "") -> Beginning:
        """Begin where the store was busy at first; where a save has done so since, take nothing up a second time.

        Raises:
            NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        """
        if not self._has_begun:
            return self.begin(desk, text)
        return Beginning(self.head(desk), self._unread, self.look(desk), self._below(desk))

    def save(self, desk: Desk, written: Written, *, is_read: bool = True, stays_to: bool = False) -> Standing:
        """Keep the text as the draft, or aside where this screen does not hold that; an empty text is forgotten.

        `stays_to` says that it names whom it was begun for because its ticket asks for somebody else by now.

        Raises:
            NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        """
        if not self._has_begun:  # the store was busy then
            self.begin(desk, written.text)
        if is_read:
            self._unread = None
        if self._unread is not None:
            if not written.text.strip():
                return self._standing(desk)
            self._leave_unread(desk, self._unread)
        if self._lost is not None and self._lost.has_moved:
            self._compare(desk)
        if self._lost is not None:
            number = self._lost.ticket or self.number
            self._last = keep_aside(desk, number, self.kind, written, last=self._last)
            return self._standing(desk)
        try:
            self._last = save_draft(desk, self.number, self.kind, written, last=self._last, stays_to=stays_to)
        except DraftMoved as moved:
            self._lost, self._last = moved.lost, moved.aside
        return self._standing(desk)

    def head(self, desk: Desk) -> LetterHead:
        """What stands around the text now, as long as nothing else is chosen, on the ticket where it is kept.

        Raises:
            NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        """
        return self._head_on(desk, (self._lost and self._lost.ticket) or self.number)

    def around(self, desk: Desk) -> tuple[LetterHead, tuple[str, ...]]:
        """The same with the signatures below it. It is only read, so that it is known while nobody can write, too.

        Raises:
            NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        """
        return self.head(desk), self._below(desk)

    def _head_on(self, desk: Desk, number: TicketNumber) -> LetterHead:
        if self.kind is DraftKind.NOTE:
            return NO_MAIL
        return letterhead(desk, number, Purpose.FORWARD if self.kind is DraftKind.FORWARD else Purpose.REPLY)

    def look(self, desk: Desk) -> Standing:
        """Whether the text still is the draft, after something changed in the store."""
        if not self._has_begun:
            return Standing()
        with desk.store.snapshot():
            self._compare(desk)
            return self._standing(desk)

    def take_over(self, desk: Desk, written: Written) -> Taken | TandemError:
        """Make this screen the one that holds the draft: what stood in it comes below the text."""
        try:
            draft = take_over(desk, self.number, self.kind, written, last=self._last)
            attend(desk, self.number, Doing.ANSWERING)
        except TandemError as error:
            return error
        self._last, self._unread, self._lost = draft, None, None
        return Taken(draft, self._standing(desk))

    def give(self, desk: Desk, to: Handle, written: Written) -> Draft | TandemError:
        """Keep the text and put it into a colleague's hands. A refusal is a value: the composer has to know."""
        try:
            self.save(desk, written)
            if self._lost is not None:
                raise DraftMoved(self.number, self._lost, self._last)
            given = give_draft(desk, self.number, self.kind, to, last=self._last)
        except TandemError as error:
            return error
        self._last = None
        return given

    def throw_away(self, desk: Desk, written: Written, *, is_read: bool = True) -> bool:
        """Throw the text away as it is by now, but nobody else's, and nothing else that was set aside.

        Returns whether an undo brings it back: there was something.

        Raises:
            NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        """
        self.save(desk, written, is_read=is_read)
        thrown, is_unread = self._last, self._unread is not None
        if thrown is None or is_unread:
            return False
        self._last = None
        return throw_away(desk, thrown)

    def absorb(self, desk: Desk, written: Written, aside: tuple[Draft, ...]) -> Standing:
        """Keep a text that texts which were aside have been put into; only then are those forgotten."""
        self.save(desk, written)
        for each in aside:
            discard_draft(desk, each)
        return self._standing(desk)

    def set_aside_again(self, desk: Desk, taken: Draft, written: Written) -> Standing:
        """Keep what was put into the text and taken out of it again, and the text without it."""
        with desk.store.transaction():
            aside = keep_aside(desk, self.number, self.kind, taken.written)
            if aside is not None and taken.stays_to:
                desk.store.drafts.put(replace(aside, stays_to=True))
        return self.save(desk, written)

    def absorb_again(self, desk: Desk, taken: Draft, written: Written) -> Standing:
        """Keep the text with what was taken out of it and is in it again; that is aside no more."""
        aside = tuple(each for each in drafts_aside(desk, self.number, self.kind) if each.text == taken.text)
        return self.absorb(desk, written, aside)

    def check(self, desk: Desk) -> None:
        """Let a text be sent only from the screen that holds the draft; inside the transaction that sends it.

        Raises:
            DraftMoved: this screen does not.
        """
        self._compare(desk)
        if self._lost is not None:
            raise DraftMoved(self.number, self._lost, None)

    def finish(self, desk: Desk) -> None:
        """Forget the draft that has been sent; inside the transaction that sends it, and the last thing done."""
        discard_draft(desk, self._last)

    def _below(self, desk: Desk) -> tuple[str, ...]:
        """The signatures that go below the text."""
        return () if self.kind is DraftKind.NOTE else signatures(desk, self.number)

    @property
    def _is_taken_along(self) -> bool:
        """Whether the text was last known to be kept where its ticket was merged into, if anywhere."""
        if self._last is not None:
            return self._last.ticket != self.number
        return self._lost is not None and self._lost.has_moved

    @property
    def _may_be_put_aside(self) -> bool:
        """Whether a text of this screen's that is aside on its ticket is so by a merge that was done again."""
        return self._lost is None or self._lost.ticket is not None

    def _followed(self, desk: Desk, lost: Lost, now: Draft | None) -> tuple[Lost, Draft | None]:
        """Where a text that went back is by now; done again, the merge may bring it beside another draft."""
        lost, last = gone_on(desk, lost, self._last)
        if now is not None and lost.ticket == self.number:
            return lost_draft(desk, self.number, self.kind, None, now), last
        return lost, last

    def _compare(self, desk: Desk) -> None:
        """See whether what was last read or written still is what stands there."""
        now = held_draft(desk, self.number, self.kind)
        if now is None and self._may_be_put_aside and not is_merged(desk, self.number):
            now = carried_draft(desk, self.number, self.kind, self._last)
        if now is not None and is_held(now, self._last):  # a merge may have been taken back
            self._lost, self._last = None, now  # whom it goes to may be said in it since
        elif self._lost is not None and self._lost.ticket is not None:
            self._lost, self._last = self._followed(desk, self._lost, now)
        elif now is None and self._is_taken_along and not is_merged(desk, self.number):
            self._lost = None  # the merge was taken back, and what was written since is to be kept here again
        elif self._lost is not None:
            self._lost = self._newer(desk, self._lost, now)
        elif not is_held(now, self._last):
            lost = lost_draft(desk, self.number, self.kind, self._last, now)
            last = carried_draft(desk, self.number, self.kind, self._last)
            self._lost, self._last = (lost, last) if lost.ticket is None else gone_on(desk, lost, self._last)

    def _leave_unread(self, desk: Desk, draft: Draft) -> None:
        """The text was begun before the draft could be shown: that is set aside."""
        if self._lost is None:
            set_aside(desk, draft)
        self._last = self._unread = None

    def _newer(self, desk: Desk, lost: Lost, now: Draft | None) -> Lost:
        if is_held(now, lost.now):
            return replace(lost, now=now)  # whom it goes to may be said in it since
        if now is not None and lost.now is not None and (now.id, now.author) == (lost.now.id, lost.now.author):
            return replace(lost, now=now)
        return replace(lost_draft(desk, self.number, self.kind, lost.now, now), ticket=None)  # this text stays here

    def _standing(self, desk: Desk) -> Standing:
        mine = drafts_aside(desk, self.number, self.kind)
        others = tuple(each for each in mine if self._last is None or each.id != self._last.id)
        stays_to = self._last.wording if self._last is not None and self._last.stays_to else None
        return Standing(self._lost, others, stays_to)
