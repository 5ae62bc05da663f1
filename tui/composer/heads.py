"""The lines above a mail's text in the agent's own editor, and lists of people as somebody types them. Pure.

They are `To`, `Cc`, `Bcc` and `Subject`, one line each, then a line `---`; below it stands the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from desk.errors import RefusedError
from desk.people import Address
from desk.safe import is_tampered, safe_line
from tui.words.tongue import tr

RULE = "---"
"""The line between the heads and the text."""
NAMES = ("To", "Cc", "Bcc", "Subject")

_PIECE = re.compile(r'(?:"[^"]*"|<[^>]*>|[^,;"<]|["<])+')
_NAMED = re.compile(r'\s*(?:"(?P<quoted>[^"]*)"|(?P<plain>[^"<>]*?))\s*<\s*(?P<email>[^<>\s]+)\s*>\s*')
_BARE = re.compile(r"\s*(?P<email>[^\s<>\"',;]+@[^\s<>\"',;]+)\s*")
_LONGEST_SUBJECT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """Whom one mail goes to and what it is called."""

    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    subject: str = ""

    @property
    def everybody(self) -> tuple[Address, ...]:
        """All who get it."""
        return (*self.to, *self.cc, *self.bcc)


@dataclass(frozen=True, slots=True)
class Read:
    """What came back from an editor: the text, and the heads (None: they cannot be used, and `problem` says why)."""

    text: str
    heads: Heads | None
    problem: str = ""


def with_heads(heads: Heads, text: str) -> str:
    """A text as it is handed to an editor, its heads above it."""
    lines = (f"{name}: {words}".rstrip() for name, words in zip(NAMES, in_words(heads), strict=True))
    return "\n".join([*lines, RULE, text]) + ("\n" if text else "")


def in_words(heads: Heads) -> tuple[str, str, str, str]:
    """To, Cc, Bcc and Subject as they are shown to be edited."""
    return spelled(heads.to), spelled(heads.cc), spelled(heads.bcc), safe_line(heads.subject)


def read_heads(written: str, check: Callable[[Address], bool]) -> Read:
    """What an editor gave back. A text whose heads were deleted is all text, and its heads stay as they were."""
    above, rule, below = written.partition(f"\n{RULE}\n")
    if not rule and written.rstrip().endswith(f"\n{RULE}"):
        above, rule, below = written.rstrip().removesuffix(f"\n{RULE}"), RULE, ""
    lines = above.split("\n")
    if not rule or not all(_HEAD.match(line) or not line.strip() for line in lines):
        return Read(written, None, _no_heads(written))
    try:
        return Read(below.removesuffix("\n"), _heads(lines, check))
    except RefusedError as error:
        return Read(below.removesuffix("\n"), None, str(error))


def heads_left(text: str) -> str:
    """What is to be said of a text that still begins with whom it goes to, hidden readers among them; else nothing.

    The rule below them may have gone, and other lines may stand between them.
    """
    above, rule, _ = text[:_LOOKED_AT].partition(f"\n{RULE}\n")
    lines = text[:_LOOKED_AT].lstrip().split("\n")[:_MOST_LINES]
    top = lines[: lines.index(RULE)] if RULE in lines else lines
    is_begun = bool(_HEAD.match(lines[0])) and (len(top) < len(lines) or "bcc" in _named(top))
    return _stand_there() if is_begun or (rule and {"to", "subject"} <= _named(above.split("\n"))) else ""


def _named(lines: Sequence[str]) -> set[str]:
    return {head[1].casefold() for line in lines if (head := _HEAD.match(line))}


_MOST_LINES = 12
"""How far down heads are looked for where nothing tells where they end."""
_LOOKED_AT = 10_000
_HEAD = re.compile(r"(?i)(to|cc|bcc|subject)\s*:(.*)")


def _no_heads(written: str) -> str:
    return _stand_there() if _named(written.split("\n")[: len(NAMES)]) else ""


def _stand_there() -> str:
    words = tr("the lines above {rule} can only be To:, Cc:, Bcc: and Subject:, so they stand in the text now")
    return words.format(rule=RULE)


def _heads(lines: Sequence[str], check: Callable[[Address], bool]) -> Heads:
    found: dict[str, str] = {}
    for line in lines:
        if (head := _HEAD.match(line)) is not None:
            name = head[1].capitalize()
            if name in found:
                raise RefusedError(tr("{name}: stands there twice").format(name=name), tr("put all of it on one line"))
            found[name] = head[2].strip()
    return heads_of(tuple(found.get(name, "") for name in NAMES), check)


def heads_of(typed: Sequence[str], check: Callable[[Address], bool]) -> Heads:
    """To, Cc, Bcc and Subject as somebody typed them; nobody stands in two of them.

    Raises:
        RefusedError: one is no list of addresses, or a mail cannot reach one of them; it says which.
    """
    known: set[str] = set()
    people: list[tuple[Address, ...]] = []
    for name, words in zip(NAMES[:3], typed, strict=False):
        people.append(tuple(each for each in read_people(words, name, check) if each.key not in known))
        known.update(each.key for each in people[-1])
    to, cc, bcc = people
    subject = typed[NAMES.index("Subject")]
    if is_tampered(subject):
        raise RefusedError(tr("Subject: holds characters that nobody sees"), tr("type it again without them"))
    return Heads(to=to, cc=cc, bcc=bcc, subject=" ".join(subject.split())[:_LONGEST_SUBJECT])


def read_people(typed: str, name: str, check: Callable[[Address], bool]) -> tuple[Address, ...]:
    """A list of people with commas or semicolons between them, each once.

    Raises:
        RefusedError: a piece of it is no address, or `check` says that no mail can reach it.
    """
    people = (_person(piece, name, check) for piece in _pieces(typed))
    return tuple({each.key: each for each in people}.values())


def spelled(people: Sequence[Address]) -> str:
    """The same list as it is typed."""
    return ", ".join(_spelled(each) for each in people)


def _spelled(person: Address) -> str:
    name, email = safe_line(person.name).replace('"', "'"), safe_line(person.email)
    if not name:
        return email
    return f'"{name}" <{email}>' if re.search(r"[,;<>@()]", name) else f"{name} <{email}>"


def _pieces(typed: str) -> Iterator[str]:
    return (found[0] for found in _PIECE.finditer(typed) if found[0].strip())


def _person(piece: str, name: str, check: Callable[[Address], bool]) -> Address:
    found = _NAMED.fullmatch(piece) or _BARE.fullmatch(piece)
    email = found["email"] if found else ""
    if found is None or email.count("@") != 1 or is_tampered(piece):
        words = tr("{name}: “{typed}” is no mail address").format(name=name, typed=safe_line(piece)[:60])
        raise RefusedError(words, tr("spell it Dana Petrova <dana@corp.example>"))
    parts = found.groupdict()
    person = Address(email, " ".join((parts.get("quoted") or parts.get("plain") or "").split()))
    if not check(person):
        words = tr("{name}: no mail can be sent to {address}").format(name=name, address=safe_line(email))
        raise RefusedError(words, tr("look at how the address is spelled"))
    return person
