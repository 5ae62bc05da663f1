"""Asking an IMAP server about many mails at once, so that one it cannot speak of properly stops no other.

The next question is on its way while an answer is read. A mail about which nothing usable was said is asked about
alone, at the end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from desk.errors import MailError, MailUnreachable
from mail.answers import Answer, Items, fetched, to_number, to_set
from mail.client import Client
from mail.pipeline import Pipeline

BODY = b"BODY[]"
"""How the name of a mail's bytes begins, of all of them or of a piece."""

DEPTH = 2
"""Questions under way at a time."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask about mails: FETCH items, and how the name of the one in the answer begins that matters."""

    uids: Sequence[int]
    items: bytes
    key: bytes

    def value(self, said: Items | None) -> tuple[bytes | None] | None:
        """What was said of the item that matters, as a tuple of one; None where nothing was."""
        return next(((value,) for name, value in (said or {}).items() if name.startswith(self.key)), None)


@dataclass(frozen=True, slots=True)
class Told:
    """What the server told about a mail. Without `items`: `why` says so, or it is empty and the mail is gone."""

    uid: int
    items: Items | None
    why: str = ""


def ask_about(client: Client, questions: Iterable[Question]) -> Iterator[Told]:
    """What is told about each mail, in any order, each mail once.

    Raises:
        MailUnreachable: the connection is lost; its `uid` is the mail that was being waited for.
    """
    left: list[tuple[int, Question]] = []
    waiting: deque[tuple[Question, bytes]] = deque()
    found: dict[int, Items] = {}
    try:
        for question in _pipelined(client.pipeline, questions, waiting, found):
            for told in _told_of(question, found):
                if told.items is None:
                    left.append((told.uid, question))
                else:
                    yield told
    except MailUnreachable:  # what was told until then is no worse for that
        yield from (told for question, _ in waiting for told in _told_of(question, found) if told.items is not None)
        raise
    yield from _ask_alone(client, left)


def _pipelined(
    pipeline: Pipeline,
    questions: Iterable[Question],
    waiting: deque[tuple[Question, bytes]],
    found: dict[int, Items],
) -> Iterator[Question]:
    """Each question when its answer has ended, which is in `found` then; `waiting` are those after it."""
    for question in questions:
        waiting.append((question, pipeline.ask(_command(question.uids, question.items))))
        if len(waiting) == DEPTH:
            yield _heard(pipeline, waiting, found)
    while waiting:
        yield _heard(pipeline, waiting, found)


def _told_of(question: Question, found: dict[int, Items]) -> Iterator[Told]:
    for uid in question.uids:
        items = found.pop(uid, None)
        yield Told(uid, None if question.value(items) is None else items)


def _heard(pipeline: Pipeline, waiting: deque[tuple[Question, bytes]], found: dict[int, Items]) -> Question:
    """Hear what is said to the first question; what is said to a later one meanwhile is kept."""
    wanted = {uid for question, _ in waiting for uid in question.uids}
    question, tag = waiting[0]
    try:
        for answer in pipeline.answers(tag):
            _collect(answer, wanted, found)
    except MailUnreachable as error:
        _blame(error, question, found)
        raise
    except MailError:
        pass  # refused for all of them: each is asked about alone
    waiting.popleft()
    return question


def _blame(error: MailUnreachable, question: Question, found: Mapping[int, Items]) -> None:
    """Name the mail over which the connection broke: the first that was not told of, where none was begun.

    A server may begin with what it knows without opening the mail, as Dovecot does with the UID. None, where the server
    wants rest.
    """
    if error.retry_after is None:
        missing = (uid for uid in question.uids if question.value(found.get(uid)) is None)
        error.uid = error.uid or next(missing, None)
    else:
        error.uid = None


def _collect(answer: Answer, wanted: set[int], found: dict[int, Items]) -> None:
    """A server may say things of mails that nobody asked about, and of one mail in several answers."""
    items = fetched(answer)
    if items and (uid := to_number(items.get(b"UID"))) in wanted:
        found.setdefault(uid, {}).update(items)


def _ask_alone(client: Client, left: Sequence[tuple[int, Question]]) -> Iterator[Told]:
    there = client.still_there(uid for uid, _ in left) if left else ()
    for uid, question in left:
        yield _told_alone(client.pipeline, uid, question) if uid in there else Told(uid, None)


def _told_alone(pipeline: Pipeline, uid: int, question: Question) -> Told:
    found: dict[int, Items] = {}
    was_garbled = False
    tag = pipeline.ask(_command([uid], question.items))
    try:
        for answer in pipeline.answers(tag):
            was_garbled = was_garbled or answer.number(b"FETCH") is not None
            _collect(answer, {uid}, found)
    except MailUnreachable as error:
        _blame(error, Question([uid], question.items, question.key), found)
        raise
    except MailError as error:
        return Told(uid, None, error.message)
    if question.value(found.get(uid)) is not None:
        return Told(uid, found[uid])
    what = "says of this mail what cannot be read" if was_garbled else "says nothing of this mail, though it is there"
    return Told(uid, None, f"{pipeline.line.where} {what}")


def _command(uids: Sequence[int], items: bytes) -> bytes:
    return b"UID FETCH %b (%b)" % (to_set(uids), items)
