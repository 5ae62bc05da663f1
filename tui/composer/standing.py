"""How a composer's text stands to its draft, as the keeper of both (keeping.py) tells it: values, and one in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.draft import Draft
from desk.lost import Fate, Lost
from desk.safe import safe_line
from desk.wording import Wording
from tui.composer.letterhead import LetterHead
from tui.words.heard import heard
from tui.words.telling import moment
from tui.words.tongue import tr


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the text is the draft: `lost` tells why not (None: it is). `aside` are this agent's other texts.

    `stays_to` says whom the text goes to, where its ticket asks for somebody else by now.
    """

    lost: Lost | None = None
    aside: tuple[Draft, ...] = ()
    stays_to: Wording | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known when writing begins: what stands around a mail, a kept text of this agent's, how it stands.

    `signatures` are those that go below a mail.
    """

    head: LetterHead
    draft: Draft | None
    standing: Standing
    signatures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """The draft that this screen has taken over (None: there was no text), and how it stands."""

    draft: Draft | None
    standing: Standing


def told_lost(lost: Lost, now: datetime) -> str:
    """What became of a draft, with the time: "bo took this draft over at 12:04"."""
    at, words = moment(lost.at, now), heard(safe_line(lost.words))
    match lost.fate:
        case Fate.BEGUN:
            return tr("{what} since {at}").format(what=words, at=at)
        case Fate.ELSEWHERE | Fate.DISCARDED:
            return words
        case _:
            return tr("{what} at {at}").format(what=words, at=at)
