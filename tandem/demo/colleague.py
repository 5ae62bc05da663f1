"""The demo's second agent: does one plausible thing now and then, so that a shared desk can be seen at work.

Every deed is one of `desk/actions`, under the same rules as anybody's, and none touches a ticket that is somebody
else's or that somebody else has open. What it does depends on nothing but the desk and the given chance.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from desk.actions.assign import assign
from desk.actions.attend import attend, leave
from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.actions.tag import tag
from desk.conversation import Direction, EntryId, Message, Note
from desk.desk import Desk
from desk.errors import MacroError, RefusedError
from desk.outgoing import Answer
from desk.people import Handle
from desk.presence import Doing
from desk.ticket import Status, Ticket, TicketNumber
from desk.views import parse_query
from macros.library import Library
from macros.run import prepare

ENOUGH = 6
"""How many tickets that still wait for an answer a colleague has at most."""
CURIOSITY = 0.25
"""How often a colleague also takes a ticket that is not easy to answer, between 0 and 1."""

NOTES = (
    "Found it in the system: paid, packed, and the label was printed on time.",
    "Asked the warehouse. They want to look at the shelf first and then call back.",
    "Same batch as the one from last week, I think. If so, we should simply send a new one.",
    "Tried it on the one in our kitchen. Happens here too, so it is not the customer.",
    "Nothing to decide here, only to be friendly about. I will do that.",
    "The courier says tomorrow before noon. They also said that yesterday.",
)
TOPICS = {
    "refund": "refund",
    "twice": "refund",
    "parcel": "delivery",
    "посылк": "delivery",
    "paket": "delivery",
    "поръчка": "delivery",
    "注文": "delivery",
    "rechnung": "billing",
    "invoice": "billing",
    "фактура": "billing",
    "facture": "billing",
    "領収書": "billing",
    "password": "login",
    "войти": "login",
    "чайник": "warranty",
    "kettle": "warranty",
    "lamp": "warranty",
    "wasserkocher": "warranty",
}
"""What a word in a subject says the matter is about."""

_ORDER_NUMBER = re.compile(r"\b\d{5}\b")
_ENGLISH = re.compile(r"\bthe\b.*\b(?:is|was|and|to)\b", re.DOTALL)


class Colleague:
    """The agent who acts on `desk`, choosing by `chance` what to do next."""

    def __init__(self, desk: Desk, library: Library, chance: Random) -> None:
        self._desk = desk
        self._library = library
        self._chance = chance
        self._answering: tuple[TicketNumber, EntryId] | None = None

    def act(self) -> str | None:
        """Do one thing, if there is something fit to do; returns what in a few words, such as "took 17".

        An answer takes two turns: the colleague is seen answering, and the next time it is sent.

        Raises:
            StorageError: the store cannot be read or written.
        """
        if self._answering:
            return self._finish_answer(*self._answering)
        deeds: list[Callable[[], str | None]] = [self._take, self._note, self._tag, self._begin_answer]
        for deed in self._chance.sample(deeds, len(deeds)):
            if said := deed():
                return said
        return None

    def _take(self) -> str | None:
        if sum(each.waiting_since is not None for each in self._find("is:open is:mine")) >= ENOUGH:
            return None
        curious = self._chance.random() < CURIOSITY
        number = self._pick(
            "is:open is:unassigned",
            lambda ticket: self._is_about_an_order(ticket) and (curious or self._is_easy(ticket)),
        )
        if number is None or not self._do_if_free(number, lambda: assign(self._desk, number, self._me)):
            return None
        return f"took {number}"

    def _note(self) -> str | None:
        number = self._pick("is:open is:mine", lambda ticket: not self._noted(ticket))
        words = self._chance.choice(NOTES)
        if number is None or not self._do_if_free(number, lambda: add_note(self._desk, number, words)):
            return None
        return f"left a note on {number}"

    def _tag(self) -> str | None:
        number = self._pick("is:open is:mine", lambda ticket: not ticket.tags and _topic(ticket) is not None)
        if number is None:
            return None
        topic = _topic(self._desk.ticket(number)) or ""
        if not self._do_if_free(number, lambda: tag(self._desk, number, [topic])):
            return None
        return f"tagged {number} {topic}"

    def _begin_answer(self) -> str | None:
        number = self._pick("is:open is:mine", self._is_easy)
        if number is None:
            return None
        seen = max(each.id for each in self._desk.store.conversations.of(number))
        if not self._do_if_free(number, lambda: attend(self._desk, number, Doing.ANSWERING)):
            return None
        self._answering = number, seen
        return f"is answering {number}"

    def _finish_answer(self, number: TicketNumber, seen: EntryId) -> str | None:
        self._answering = None
        try:
            answer = self._answer(number, seen)
            sent = self._do_if_free(number, lambda: reply(self._desk, number, answer))
        except (MacroError, RefusedError):
            return None
        finally:
            leave(self._desk)
        return f"answered {number}" if sent else None

    def _answer(self, number: TicketNumber, seen: EntryId) -> Answer:
        thanked = "thank" in self._desk.ticket(number).subject.casefold()
        macro = "thanks-close" if thanked else "acknowledge"
        filled = prepare(self._desk, self._library, number, macro, {})
        return Answer(text=filled.text, steps=filled.steps, macro=filled.use, seen=seen)

    @property
    def _me(self) -> Handle:
        return self._desk.me.handle

    def _find(self, query: str) -> list[Ticket]:
        asked = parse_query(query, me=self._me, now=self._desk.clock())
        return self._desk.store.tickets.find(asked, sort="id")

    def _pick(self, query: str, fits: Callable[[Ticket], bool]) -> TicketNumber | None:
        """One of the tickets that wait for an answer, fit, and are free."""
        found = [each for each in self._find(query) if each.waiting_since and self._is_free(each) and fits(each)]
        return self._chance.choice(found).number if found else None

    def _is_free(self, ticket: Ticket) -> bool:
        """Whether nobody else has the ticket or has it open."""
        there = self._desk.store.presences.all(self._desk.clock())
        looked_at = any(each.ticket == ticket.number and each.agent != self._me for each in there)
        return ticket.status is Status.OPEN and ticket.assignee in {None, self._me} and not looked_at

    def _do_if_free(self, number: TicketNumber, work: Callable[[], object]) -> bool:
        """Do it unless a colleague came first; looking and doing are one commit."""
        with self._desk.store.transaction():
            if not self._is_free(self._desk.ticket(number)):
                return False
            work()
            return True

    def _noted(self, ticket: Ticket) -> bool:
        entries = self._desk.store.conversations.of(ticket.number)
        return any(isinstance(each, Note) and each.author == self._me for each in entries)

    def _is_about_an_order(self, ticket: Ticket) -> bool:
        """Whether it names an order, as customers do and those who sell success by mail do not."""
        return any(_ORDER_NUMBER.search(f"{each.subject} {each.text}") for each in self._messages(ticket))

    def _is_easy(self, ticket: Ticket) -> bool:
        """Whether a few friendly English words will do: nobody has answered yet, and the customer writes English."""
        messages = self._messages(ticket)
        unanswered = all(each.direction is Direction.IN for each in messages)
        return unanswered and any(_ENGLISH.search(each.text) for each in messages)

    def _messages(self, ticket: Ticket) -> list[Message]:
        entries = self._desk.store.conversations.of(ticket.number)
        return [each for each in entries if isinstance(each, Message)]


def _topic(ticket: Ticket) -> str | None:
    subject = ticket.subject.casefold()
    return next((topic for word, topic in TOPICS.items() if word in subject), None)
