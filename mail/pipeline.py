"""Commands with tags of their own, several under way at once, over the line that IMAPClient speaks on.

IMAPClient asks one thing at a time, and an answer that it cannot read spoils all others; here each is taken by itself.
What was asked here is heard to its end, by `settle`, before IMAPClient asks again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from desk.errors import MailUnreachable
from mail.answers import LITERAL, Answer, named_uid
from mail.line import WITHOUT_LITERALS, Line
from mail.refusals import refusal


class Pipeline:
    """What was asked and is not answered yet."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._tags = (b"T%d" % number for number in itertools.count(1))  # imaplib's hold no T
        self._open: set[bytes] = set()
        self._ended: dict[bytes, bytes] = {}

    @property
    def is_busy(self) -> bool:
        """Whether there is still something to hear."""
        return bool(self._open)

    def ask(self, command: bytes) -> bytes:
        """Send a command without waiting; returns its tag."""
        tag = next(self._tags)
        self._open.add(tag)
        self.line.send(b"%b %b\r\n" % (tag, command))
        return tag

    def answers(self, tag: bytes) -> Iterator[Answer]:
        """What is answered until a command has ended.

        Raises:
            MailUnreachable: the connection is lost or garbled, or the server cannot do it now.
            MailError: the server refuses it.
        """
        while tag in self._open:
            yield from self._hear()
        said = self._ended.pop(tag, b"OK")
        if said[:2].upper() != b"OK":
            raise refusal(self.line.where, said)

    def settle(self) -> None:
        """Hear what nobody waits for any more, so that the next answer is one to the next question."""
        while self._open:
            self._hear()
        self._ended.clear()

    def _hear(self) -> list[Answer]:
        """The next answer; none where it is a command's end."""
        pieces = self._pieces()
        if pieces[0].startswith(b"* "):
            return [Answer(pieces)]
        tag, _, said = pieces[0].partition(b" ")
        if tag not in self._open or said.split(b" ")[0].upper() not in (b"OK", b"NO", b"BAD"):
            raise self.line.not_understood()
        self._open.remove(tag)
        self._ended[tag] = said
        return []

    def _pieces(self) -> tuple[bytes, ...]:
        pieces = [self.line.readline()[:-2]]
        if WITHOUT_LITERALS.match(pieces[0]):
            return tuple(pieces)
        try:
            while found := LITERAL.search(pieces[-1]):
                pieces += [self.line.read(int(found[1])), self.line.readline()[:-2]]
        except MailUnreachable as error:
            error.uid = named_uid(pieces[0])
            raise
        return tuple(pieces)
