"""What was written after a mail that is to be sent again: its words know nothing of that."""

from __future__ import annotations

from desk.conversation import Direction, Entry, EntryId, Event, Message, Purpose
from desk.desk import Desk
from desk.errors import TicketMoved
from desk.meanwhile import in_words, written_since
from desk.outgoing import OutboxEntry


def refuse_if_overtaken(desk: Desk, mail: OutboxEntry, seen: EntryId | None) -> None:
    """Let a mail be sent again only when nothing was written on its ticket after the entry `seen` (None: after itself).

    Reports and other mail by machines do not count, nor what was done about the mail itself; a mail that Tandem wrote
    by itself answers nothing.

    Raises:
        TicketMoved: somebody wrote, or sent another reply again; `found` is the newest entry that the ticket has.
    """
    if mail.purpose is Purpose.AUTOMATIC:
        return
    since = mail.entry if seen is None else seen
    entries = {each.id: each for each in desk.store.conversations.of(mail.ticket)}
    news = [
        each for each in written_since(desk, mail.ticket, since) if _is_about_another(entries.get(each.entry), mail)
    ]
    if news:
        what = in_words(news, desk.me.handle)
        moved = TicketMoved(mail.ticket, since, max(entries), news[-1].by, what)
        raise moved.reworded(
            f"not sent again: since mail {mail.id} was written, {what}", f"read it with `tandem show {mail.ticket}`"
        )


def _is_about_another(entry: Entry | None, mail: OutboxEntry) -> bool:
    match entry:
        case Message(direction=Direction.IN):
            return entry.automatic is None
        case Event():
            return mail.entry not in (entry.entry, int(entry.detail.get("about", "0")))
        case _:
            return True
