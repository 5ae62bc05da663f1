"""Sending a mail of the outbox again: what must be asked first is asked once, and once more where more came since."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from desk.conversation import EntryId, OutboxId
from desk.desk import Desk
from desk.errors import TicketMoved
from desk.outgoing import OutboxEntry, OutboxState
from desk.overtaken import refuse_if_overtaken
from desk.safe import safe_line
from tui.front import front
from tui.keys import Context
from tui.keys.naming import key_of, with_keys
from tui.lists.outbox_rows import recipient
from tui.messages import Said
from tui.words.heard import heard
from tui.words.tongue import tr

if TYPE_CHECKING:
    from tui.screens.side import SideScreen


class Resend(Protocol):
    """An action of the desk that queues a mail again."""

    def __call__(self, desk: Desk, outbox: OutboxId, *, seen: EntryId | None, send_in: int) -> OutboxEntry:
        """Queue it; refused where somebody wrote after `seen`."""
        ...


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Why a mail was not sent again: the server may have it, or there is news, of which `seen` is the newest entry."""

    may_be_there: bool
    news: str = ""
    seen: EntryId | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question that was asked, what would be done to which mail, and of which doubt it told."""

    words: str
    action: str
    mail: OutboxId
    doubt: _Doubt


class Resending:
    """The keys of a screen that send a mail again."""

    def __init__(self, screen: SideScreen) -> None:
        self._screen = screen
        self._asked: _Asked | None = None

    def send(self, action: str, mail: OutboxEntry, resend: Resend) -> None:
        """Queue a mail again, or ask; the same key on the same mail is the answer, as long as the question stands."""
        asked, self._asked = self._asked, None
        is_same = asked is not None and (asked.action, asked.mail) == (action, mail.id)
        answered = asked if asked and is_same and front(self._screen).asked_again(asked.words, action) else None
        work = partial(_tried, mail.id, resend, answered.doubt if answered else None)
        front(self._screen).act(name_of(mail), work, partial(self._done, action, mail))

    def _done(self, action: str, before: OutboxEntry, after: OutboxEntry | _Doubt) -> None:
        app = front(self._screen)
        if isinstance(after, _Doubt):
            self._ask(action, before, after)
        elif (after.state, after.due) == (before.state, before.due):
            words = tr("the mail server of {mailbox} is asked again now")
            app.say(words.format(mailbox=safe_line(after.mailbox)))
        else:
            app.tell_of(after.id, recipient(after))

    def _ask(self, action: str, mail: OutboxEntry, doubt: _Doubt) -> None:
        if not self._screen.is_current:
            front(self._screen).say(f"{name_of(mail)}: {tr('not sent again')}", "warn")
            return
        said = _question(mail, doubt, key_of(action, Context.OUTBOX))
        self._asked = _Asked(said.text, action, mail.id, doubt)
        front(self._screen).offer_again(said, action)


def name_of(mail: OutboxEntry) -> str:
    """What is said where something cannot be done with a mail."""
    return tr("mail {number}").format(number=mail.id)


def _tried(number: OutboxId, resend: Resend, answered: _Doubt | None, desk: Desk) -> OutboxEntry | _Doubt:
    seen, knows = (answered.seen, answered.may_be_there) if answered else (None, False)
    with desk.store.transaction():
        mail = desk.outgoing(number)
        is_lost = mail.state is OutboxState.UNCERTAIN
        try:
            if is_lost and not knows:
                refuse_if_overtaken(desk, mail, seen)
                return _Doubt(may_be_there=True, seen=seen)
            return resend(desk, number, seen=seen, send_in=desk.settings.undo_seconds)
        except TicketMoved as moved:
            return _Doubt(is_lost, moved.what, EntryId(moved.found))


def _question(mail: OutboxEntry, doubt: _Doubt, key: str) -> Said:
    who, what = recipient(mail), heard(doubt.news)
    if not doubt.news:
        words = tr("{who} may have it already: {key} again sends a second copy")
        return Said(words.format(who=who, key=key), "warn")
    words = tr("{who} may have it already, and {what} since") if doubt.may_be_there else tr("{what} since")
    whole, brief = tr("{key_open} opens the ticket, {key} again sends it all the same"), tr("{key} again sends it")
    onward = with_keys(whole, Context.OUTBOX, key=key), brief.format(key=key)
    return Said(words.format(who=who, what=what), "warn", onward=onward)
