"""What of an earlier mail goes into a new one: a quotation below an answer, or all of it in a forward.

The words around it are of no language: a moment, a person, and the names of header fields. All of it is put where the
agent sees it, and may change it, before the mail leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo

from desk.conversation import Message
from desk.outgoing import Enclosure
from desk.people import Address
from desk.quotations import quotations
from desk.safe import safe, safe_line
from desk.signatures import signature_at
from desk.signing import signature_row

FORWARDED = "---------- Forwarded message ----------"
"""The line above a forwarded mail; mail programs of all languages know it and look for the head below."""

_LONGEST_NAME = 100
"""Characters of a name that are carried into a head: strangers choose it."""


def quote(who: Address, when: datetime, text: str) -> str:
    """One message as a quotation to stand below an answer (RFC 3676 4.5: `>` stands against `>`).

    `when` is told in the zone that it is given in. What looks like one of our gaps in the text is none.
    """
    return f"{_line(f'{when:%Y-%m-%d %H:%M %z}, {_named(who)}')}:\n{_marked(text)}"


def last_words(message: Message, zone: tzinfo | None) -> str:
    """A mail as a quotation: what its writer said, without the mails quoted below it, or the signature.

    What is answered line by line inside a quotation stays with it. `zone` is the agent's (None: this machine's).
    """
    return quote(message.sender, message.at.astimezone(zone), own_words(message.text))


def own_words(text: str) -> str:
    """A mail's text up to the quotation that ends it, and without its signature; all of it where nothing is left."""
    lines = [line if line == "-- " else line.rstrip() for line in safe(text).rstrip().split("\n")]
    quoted = quotations(lines)
    if quoted and not any(lines[quoted[-1].end :]):
        lines = lines[: quoted[-1].begin]
    lines = lines[: signature_at(lines)]
    return "\n".join(lines).strip("\n") or safe(text).strip("\n")


def below(text: str, quotation: str) -> str:
    """An answer with a quotation below its words, and above its signature, which stands last."""
    words, signature = _parted(text)
    return "\n\n".join(each for each in (words.rstrip(), quotation, signature.strip("\n")) if each)


def forwarded(message: Message, zone: tzinfo | None) -> str:
    """A mail as it is passed on: a plain head, and its whole text as a quotation. `zone` as in `last_words`."""
    when = (message.date or message.at).astimezone(zone)
    head = [
        FORWARDED,
        _line(f"From: {_named(message.sender)}"),
        f"Date: {when:%Y-%m-%d %H:%M %z}",
        _line(f"Subject: {message.subject}"),
        _line(f"To: {_listed(message.to)}"),
    ]
    copies = [_line(f"Cc: {_listed(message.cc)}")] if message.cc else []
    return "\n".join([*head, *copies, "", _marked(safe(message.text).strip("\n"))])


def passed_on(message: Message) -> tuple[Enclosure, ...]:
    """The files that go along with a forwarded mail: all but the pictures within its text."""
    return tuple(Enclosure(each.name, each.sha256, each.size) for each in message.attachments if not each.is_inline)


def _parted(text: str) -> tuple[str, str]:
    """The words, and the signature with the line above it, where there is one."""
    lines = text.split("\n")
    row = signature_row(lines)
    at = len(lines) if row is None else row
    return "\n".join(lines[:at]), "\n".join(lines[at:])


def _marked(text: str) -> str:
    text = _without_gaps(text)
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in text.split("\n"))


def _line(text: str) -> str:
    return _without_gaps(safe_line(text))


def _without_gaps(text: str) -> str:
    return text.replace("⟦", "[").replace("⟧", "]")


def _listed(people: Iterable[Address]) -> str:
    return ", ".join(map(_named, people))


def _named(person: Address) -> str:
    return f"{person.name[:_LONGEST_NAME]} <{person.email}>".strip()
