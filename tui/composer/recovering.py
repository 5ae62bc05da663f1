"""Texts that an editor had when Tandem was killed: a line tells of them from the start on, and a key offers them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from desk.actions.draft import save_draft, set_aside
from desk.actions.keep_beginning import keep_beginning, kept_beginnings
from desk.addressed import are_same, asked_before, go_as_before
from desk.beginning import Beginning, KeptBeginning
from desk.conversation import EntryId
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.drafts import held_draft
from desk.errors import DraftMoved, RefusedError, TandemError
from desk.letters import messages_of
from desk.ticket import TicketNumber
from desk.wording import Wording
from desk.written import Written
from tui.actions.tickets import TicketActions
from tui.composer.heads import read_heads
from tui.composer.leftovers import Leftover, forget, leftovers, whose
from tui.front import front
from tui.keys.naming import with_keys
from tui.messages import Said
from tui.threads.later import later
from tui.words.tongue import tr, trn

if TYPE_CHECKING:
    from collections.abc import Sequence

_AFTER = 0.5
"""Seconds after the start, when the list stands there and nobody waits for it."""


class Recovering(TicketActions):
    """A screen that tells of such texts. It opens nothing by itself: what is typed by then is for the list."""

    def on_mount(self) -> None:
        later(self, _AFTER, self.look_for_leftovers)

    def action_leftovers(self) -> None:
        """Offer the texts that an editor left, as they are by now."""
        if front(self).desk.acting is not None:
            front(self).prepare(_unkept, self._offer_leftovers, from_files=True)

    def look_for_leftovers(self) -> None:
        """Tell of the texts that an editor left, if there are any."""
        if front(self).desk.acting is not None:
            front(self).look("leftovers", _unkept, self._tell_leftovers)

    def _tell_leftovers(self, found: Sequence[Leftover]) -> None:
        words = trn(
            "{count} text was never saved: {key_leftovers} offers it",
            "{count} texts were never saved: {key_leftovers} offers them",
            len(found),
        )
        told = with_keys(words, count=len(found))
        front(self).left = Said(told, "warn", with_keys(tr("unsaved: {key_leftovers}"))) if found else Said()

    def _offer_leftovers(self, found: Sequence[Leftover]) -> None:
        from tui.screens.leftovers import LeftoverPicker

        self._tell_leftovers(found)
        if found:
            front(self).push_screen(LeftoverPicker(found), self._leftover_chosen)
        else:
            front(self).say(tr("no editor left a text behind"))

    def _leftover_chosen(self, chosen: tuple[Leftover, Literal["keep", "drop"]] | None) -> None:
        if chosen is None:
            front(self).say(with_keys(tr("the text stays in its file: {key_leftovers} offers it again")))
            return
        leftover, what = chosen
        if what == "drop":
            front(self).look("leftover", lambda _: forget(leftover, all_of_it=True), lambda _: self._dropped())
        else:
            front(self).act(tr("text that was left"), partial(_kept, leftover), partial(self._leftover_kept, leftover))

    def _dropped(self) -> None:
        front(self).say(tr("the text that an editor left is gone"))
        self.look_for_leftovers()

    def _leftover_kept(self, leftover: Leftover, kept: Draft | KeptBeginning | None) -> None:
        """Remove the file only now that the store has its text, and go on writing."""
        front(self).look("leftover", lambda _: forget(leftover), lambda _: self.look_for_leftovers())
        self.acted()
        if isinstance(kept, KeptBeginning):
            self.write_first(kept)
        elif kept is not None:
            self.write_on(kept)


def _unkept(desk: Desk) -> list[Leftover]:
    """Those that say something which the store does not have; the files of the others are removed."""
    unkept = list[Leftover]()
    for each in leftovers(whose(desk)):
        if not each.others and (not each.text.strip() or _is_known(desk, each)):
            forget(each)
        else:
            unkept.append(each)
    return unkept


def _is_known(desk: Desk, leftover: Leftover) -> bool:
    if leftover.number is None:
        text, wording = _read(desk, leftover)
        there = (each.beginning for each in kept_beginnings(desk) if each.beginning.text.startswith(text))
        return any(wording is None or _has_heads(each, wording) for each in there)
    return any(each.text.startswith(leftover.text) for each in desk.store.drafts.of(leftover.number))


def _kept(leftover: Leftover, desk: Desk) -> Draft | KeptBeginning | None:
    """Keep the text as the draft that it was, or aside where a colleague holds that; what it was before is set aside.

    Raises:
        RefusedError: its ticket is gone.
    """
    text, wording = _read(desk, leftover)
    if leftover.number is None:
        return _first_kept(desk, text, wording)
    if desk.store.tickets.get(leftover.number) is None:
        hint = tr("the text is in {path}").format(path=leftover.path)
        raise RefusedError(tr("there is no ticket {number} any more").format(number=leftover.number), hint)
    with desk.store.transaction():
        held = held_draft(desk, leftover.number, leftover.kind)
        if held is None or held.author != desk.me.handle:
            was, stays_to = Written(""), False
        else:
            set_aside(desk, held)
            wording = _together(wording, held.wording)
            was, stays_to = held.written, held.stays_to and _are_for_the_same(wording, held.wording)
    seen = leftover.seen or was.seen or _oldest(desk, leftover.number)
    if not stays_to and leftover.kind is DraftKind.REPLY:
        wording = _as_chosen(desk, leftover.number, wording, seen)
    try:
        written = Written(text, was.plan, wording, seen)
        kept = save_draft(desk, leftover.number, leftover.kind, written, stays_to=stays_to)
    except DraftMoved as moved:
        kept = moved.aside
    return go_as_before(desk, kept, _next(seen)) if kept is not None and kept.ticket == leftover.number else kept


def _first_kept(desk: Desk, text: str, wording: Wording | None) -> KeptBeginning | None:
    """Keep a first mail with what its file does not show: its files, its macro, and where it leaves from.

    What the desk has of it is in its place then, unless other words are lost by that.
    """
    from tui.composer.first_mails import first_mail

    there = (each for each in reversed(kept_beginnings(desk)) if wording and _has_heads(each.beginning, wording))
    if (was := next(there, None)) is None:
        return keep_beginning(desk, first_mail("", Written(text, wording=wording)))
    whole = Written(text, was.beginning.plan, _together(wording, was.beginning.wording))
    last = was if text.startswith(was.beginning.text) else None
    return keep_beginning(desk, first_mail(was.beginning.mailbox, whole), last=last)


def _oldest(desk: Desk, number: TicketNumber) -> EntryId:
    """The first mail of a ticket: all that an author has seen for sure of whom nothing is known."""
    return min((each.id for each in messages_of(desk, number)), default=EntryId(0))


def _as_chosen(desk: Desk, number: TicketNumber, said: Wording | None, seen: EntryId) -> Wording | None:
    """What was chosen of these heads: what is as the ticket said when they were written is not."""
    if said is None or said.to is None:
        return said
    was = asked_before(desk, number, desk.me.handle, _next(seen))
    return replace(
        said,
        to=None if are_same(said.to, was.to) else said.to,
        cc=None if are_same(said.cc or (), was.cc) else said.cc,
        subject=None if said.subject == was.subject else said.subject,
    )


def _next(seen: EntryId) -> EntryId:
    return EntryId(seen + 1)


def _together(seen: Wording | None, held: Wording | None) -> Wording | None:
    """What stood above the text in the editor, with what that does not show: files, and which mail is passed on."""
    if seen is None or held is None:
        return seen or held
    return replace(seen, enclosures=held.enclosures, forwards=held.forwards)


def _has_heads(mail: Beginning, said: Wording) -> bool:
    people = ((mail.to, said.to), (mail.cc, said.cc), (mail.bcc, said.bcc))
    return mail.subject == said.subject and all(are_same(some, others or ()) for some, others in people)


def _are_for_the_same(one: Wording | None, other: Wording | None) -> bool:
    return (one and one.to) == (other and other.to)


def _read(desk: Desk, leftover: Leftover) -> tuple[str, Wording | None]:
    """The text, and whom it goes to where that stands above it."""
    if leftover.kind is DraftKind.NOTE:
        return leftover.text, None
    try:
        read = read_heads(leftover.text, desk.composer.reaches)
    except TandemError:
        return leftover.text, None
    if read.heads is None:
        return leftover.text, None
    heads = read.heads
    return read.text, Wording(to=heads.to, cc=heads.cc, bcc=heads.bcc, subject=heads.subject)
