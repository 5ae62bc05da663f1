"""A ticket that stands for a mail which its server does not give, until the mail comes after all.

What is kept as such a mail's bytes are the words about it. Its row in the ledger is a mail's like any other, and the
folder's state remembers its UID, so that it is asked for again. When it comes, that row goes in the commit in which
the mail itself is taken in: so it is on a ticket once, whatever breaks off and however many processes ask.
"""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Event, Happened, Message
from desk.desk import Desk
from desk.incoming import NOT_GIVEN, Fetched, FolderState, Incoming, Place
from desk.intake import Taken, take_in
from desk.merged import goes_on_as
from desk.ticket import Status, Ticket


def stands_in(message: Message) -> bool:
    """Whether this message only says that the server did not give a mail."""
    return any(each.startswith(NOT_GIVEN) for each in message.defects)


def stand_in_of(desk: Desk, place: Place) -> Message | None:
    """What stands for the mail of this place; None where the mail itself is here, or nothing is known of it."""
    row = desk.store.ledger.row(place)
    message = desk.store.conversations.get(row.entry) if row and row.entry is not None else None
    return message if isinstance(message, Message) and stands_in(message) else None


def stood_in(desk: Desk, mailbox: str, folder: str) -> FolderState | None:
    """A folder with mails that something stands for; None: there are none."""
    state = desk.store.ledger.folder(mailbox, folder)
    return state if state is not None and state.stood_in else None


def put_stand_in(desk: Desk, mail: Fetched, read: Incoming, raw: str) -> Taken | None:
    """Let these words stand for the mail of this place, and ask for it again at every whole look.

    None: it is in the ledger by now, or the folder was numbered anew, so that the place means nothing any more.
    """
    place = mail.place
    with desk.store.transaction():
        state = desk.store.ledger.folder(place.mailbox, place.folder)
        if state is None or state.uidvalidity != place.uidvalidity:
            return None
        if taken := take_in(desk, mail, read, raw):
            _ask_for(desk, state, (*(uid for uid in state.stood_in if uid != place.uid), place.uid))
        return taken


def take_in_instead(desk: Desk, mail: Fetched, read: Incoming, raw: str) -> Taken | None:
    """Take in a mail for which something stands, and say so there. None: it was taken in before, by whichever process.

    The ticket that stood for it is closed, unless somebody has done anything with it.
    """
    place = mail.place
    with desk.store.transaction():
        stand_in = stand_in_of(desk, place)
        ask_no_more(desk, place)
        if stand_in is None:
            return take_in(desk, mail, read, raw)  # where its row went, as the server went back to old numbers
        desk.store.ledger.forget(place.mailbox, place.folder, place.uidvalidity, [place.uid])
        taken = take_in(desk, mail, read, raw)
        if taken is not None:
            _tell(desk, stand_in, taken)
        return taken


def ask_no_more(desk: Desk, place: Place) -> None:
    """Forget that something stands for the mail of this place; inside a transaction."""
    state = stood_in(desk, place.mailbox, place.folder)
    if state is not None and state.uidvalidity == place.uidvalidity:
        _ask_for(desk, state, tuple(uid for uid in state.stood_in if uid != place.uid))


def ask_last(desk: Desk, mailbox: str, folder: str, uids: tuple[int, ...]) -> None:
    """Ask for these mails after all others next time: they were asked for now."""
    with desk.store.transaction():
        if (state := stood_in(desk, mailbox, folder)) is not None:
            asked = tuple(uid for uid in uids if uid in state.stood_in)
            _ask_for(desk, state, (*(uid for uid in state.stood_in if uid not in asked), *asked))


def _ask_for(desk: Desk, state: FolderState, uids: tuple[int, ...]) -> None:
    if uids != state.stood_in:
        desk.store.ledger.put_folder(replace(state, stood_in=uids))


def _tell(desk: Desk, stand_in: Message, taken: Taken) -> None:
    if (found := desk.store.tickets.get(stand_in.ticket)) is None:
        return
    ticket = goes_on_as(desk, found)
    is_untouched = _is_untouched(desk, ticket, stand_in)
    detail = {"ticket": str(taken.ticket)} if taken.ticket is not None else {"outcome": taken.outcome.value}
    ticket = desk.record(Happened.ARRIVED, ticket, ticket, entry=stand_in.id, detail=detail)
    if is_untouched:
        desk.record(Happened.STATUS_CHANGED, ticket, replace(ticket, status=Status.CLOSED))


def _is_untouched(desk: Desk, ticket: Ticket, stand_in: Message) -> bool:
    """Whether nobody has done anything with a ticket, and nothing else came to it."""
    entries = (each for each in desk.store.conversations.of(ticket.number) if each.id != stand_in.id)
    is_new = all(isinstance(each, Event) and each.what is Happened.CREATED for each in entries)
    return is_new and ticket.status is Status.OPEN and not desk.store.drafts.of(ticket.number)
