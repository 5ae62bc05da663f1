"""Calls colleagues to the tickets on which notes name them, and lets a call rest once they have looked."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Note
from desk.desk import Desk
from desk.mentions import Mention, calling, named_in
from desk.people import Handle
from desk.ticket import TicketNumber


def mentioned(desk: Desk, text: str, author: Handle, *more: Handle | None) -> tuple[Handle, ...]:
    """The colleagues whom a note of this author's calls: those it names and `more`, but never the author."""
    called = (*_named(desk, text), *(each for each in more if each is not None))
    return tuple(dict.fromkeys(each for each in called if each != author))


def reworded(desk: Desk, note: Note, text: str) -> Note:
    """A note with other words, which call whom they name, and whoever was called without being named."""
    unnamed = set(note.mentions) - set(_named(desk, note.note))
    called = mentioned(desk, text, note.author, *(each for each in note.mentions if each in unnamed))
    return replace(note, note=text, version=note.version + 1, mentions=called)


def settle_mentions(desk: Desk, note: Note) -> None:
    """Let what is remembered of a note's mentions be as the note is now; inside a transaction.

    Who is named still, or again, is not called anew: what they have seen they have seen.
    """
    wanted = () if note.removed else note.mentions
    kept = {each.agent: each for each in desk.store.mentions.in_note(note.id)}
    for agent, mention in kept.items():
        if mention.is_gone == (agent in wanted):
            desk.store.mentions.put(replace(mention, is_gone=agent not in wanted))
    for agent in wanted:
        if agent not in kept:
            desk.store.mentions.add(_new(desk, note, agent))


def see_mentions(desk: Desk, number: TicketNumber) -> None:
    """The acting agent looks at a ticket: nothing on it calls them any more. Nothing is written where nothing did.

    Raises:
        NoAgent: nobody said who is acting.
    """
    me = desk.me.handle
    if not _calls(desk, number, me):
        return
    with desk.store.transaction():
        now = desk.clock()
        for each in desk.store.mentions.of(number):
            if each.agent == me and each.waits:
                desk.store.mentions.put(replace(each, seen=now))
        ticket = desk.ticket(number)
        desk.store.tickets.put(replace(ticket, holds=tuple(each for each in ticket.holds if each != calling(me))))


def mark_told(desk: Desk) -> None:
    """Remember that the acting agent was told of everything that calls them, whether they go and look or not.

    Raises:
        NoAgent: nobody said who is acting.
    """
    with desk.store.transaction():
        for each in desk.store.mentions.waiting(desk.me.handle):
            if each.told is None:
                desk.store.mentions.put(replace(each, told=desk.clock()))


def _calls(desk: Desk, number: TicketNumber, agent: Handle) -> bool:
    ticket = desk.store.tickets.get(number)
    return ticket is not None and calling(agent) in ticket.holds


def _named(desk: Desk, text: str) -> tuple[Handle, ...]:
    return named_in(text, {each.handle for each in desk.store.agents.all()}).agents if "@" in text else ()


def _new(desk: Desk, note: Note, agent: Handle) -> Mention:
    return Mention(agent=agent, ticket=note.ticket, entry=note.id, at=desk.clock(), by=note.author)
