"""Takes one person's words, names and addresses out of what others wrote, and leaves the others' words there.

A person's words in somebody else's text are quotations. They are known by coming later than the person's own mail and
by standing there in the same order, however the lines were broken anew; and where a line says whose words follow.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

ERASED = "[erased]"

_RUN = 6
"""So many words in the same order are a quotation, and no accident."""

_WORD = re.compile(r"[^\s>]+|>+(?=\s)|>+")
_QUOTED = re.compile(r"[ \t]*>")
_DEPTH = re.compile(r"(?:[ \t]*>)+")
_AROUND = ".,;:!?\"'()[]<>*_"

Run = tuple[str, ...]


@dataclass(slots=True)
class Said:
    """The words that a person said first, to be found again in what others wrote later; in the order of the mails."""

    runs: set[Run] = field(default_factory=set[Run])
    lines: set[str] = field(default_factory=set[str])
    flow: str = " "
    by_others: set[Run] = field(default_factory=set[Run])

    def by_them(self, text: str) -> None:
        """The person said this; what they quote of others is not theirs."""
        own = "\n".join(line for line in text.split("\n") if not _QUOTED.match(line))
        self.runs |= _runs([word for _, _, word in _words(own)]) - self.by_others
        self.lines |= {_folded(line) for line in own.split("\n")} - {""}
        self.flow += f" {_folded(own)} \n"

    def is_quoted(self, line: str) -> bool:
        """Whether a quoted line is one of theirs, or two or more words out of one text of theirs."""
        words = _folded(line)
        return words in self.lines or (" " in words and f" {words} " in self.flow)

    def by_another(self, text: str) -> None:
        """Somebody else said this."""
        self.by_others |= _runs([word for _, _, word in _words(text)]) - self.runs


@dataclass(frozen=True, slots=True)
class Redactor:
    """What is to be taken out: addresses (as keys) and names of one person, and the words they said.

    `parts` are the single words of their names that are nobody else's here.
    """

    keys: Collection[str]
    names: Collection[str] = ()
    parts: Collection[str] = ()
    said: Said = field(default_factory=Said)

    def text(self, text: str) -> str:
        """Somebody else's text without this person."""
        return self.line(self._without_runs(self._without_quoted(text)))

    def ours(self, text: str) -> str:
        """What one of us wrote, without this person, be it named by a first name alone."""
        return self._without_parts(self.text(text))

    def is_named(self, text: str) -> bool:
        """Whether a text of ours names this person or says their words."""
        return self.ours(text) != text

    def _without_parts(self, text: str) -> str:
        if not self.parts:
            return text
        return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, self.parts))})(?!\w)", ERASED, text)

    def line(self, text: str) -> str:
        """A few words without this person's addresses and names; a name of one word may be anybody's and stays."""
        for pattern in self._patterns():
            text = pattern.sub(ERASED, text)
        return text

    def bare(self, text: str) -> str:
        """Words of people who never met this one: only the addresses go, the names may be others'."""
        return _address_pattern(self.keys).sub(ERASED, text)

    def _patterns(self) -> list[re.Pattern[str]]:
        names = {way for each in self.names if len(each.split()) > 1 for way in _ways(each)}
        patterns = [_address_pattern(self.keys)]
        if names:
            spelled = "|".join(r"\s+".join(map(re.escape, each.split())) for each in sorted(names, key=len)[::-1])
            patterns.append(re.compile(rf"(?<!\w)(?:{spelled})(?!\w)", re.IGNORECASE))
        return patterns

    def _without_quoted(self, text: str) -> str:
        """Take out quoted lines that are the person's own, and those below a line that says the person wrote them."""
        lines, kept, theirs = text.split("\n"), list[str](), 0
        for index, line in enumerate(lines):
            depth = _depth(line)
            if not depth:
                theirs = theirs if not line.strip() else 0
                theirs = self._announced(lines, index) or theirs
                kept.append(line)
            elif depth == theirs or self.said.is_quoted(line):
                gone = f"{'>' * depth} {ERASED}"
                kept += [] if kept and kept[-1] == gone else [gone]
            else:
                kept.append(line)
        return "\n".join(kept)

    def _announced(self, lines: list[str], index: int) -> int:
        """How deep the lines are quoted that come next, when this one names the person as their author; else 0."""
        whole = " ".join(lines[max(0, index - 1) : index + 1])
        if not lines[index].rstrip().endswith(":") or self.line(whole) == whole:
            return 0
        following = next((each for each in lines[index + 1 :] if each.strip()), "")
        return _depth(following)

    def _without_runs(self, text: str) -> str:
        words = list(_words(text))
        marked = bytearray(len(words))
        for at in range(len(words) - _RUN + 1):
            if tuple(word for _, _, word in words[at : at + _RUN]) in self.said.runs:
                marked[at : at + _RUN] = b"\1" * _RUN
        for found in reversed(list(re.finditer(rb"\x01+", marked))):
            text = text[: words[found.start()][0]] + ERASED + text[words[found.end() - 1][1] :]
        return text


def _ways(name: str) -> Iterable[str]:
    """A full name as it was given, and the other way round: Dana Petrova, and Petrova, Dana."""
    surname, comma, first = name.partition(",")
    words = name.split()
    yield name
    yield f"{first} {surname}" if comma else f"{words[-1]}, {' '.join(words[:-1])}"


def _address_pattern(keys: Iterable[str]) -> re.Pattern[str]:
    spelled = "|".join(map(re.escape, sorted(keys, key=len)[::-1]))
    return re.compile(rf"(?<![\w.+-])(?:{spelled})(?![\w-]|\.\w)", re.IGNORECASE)


def _words(text: str) -> Iterable[tuple[int, int, str]]:
    """Each word with where it begins and ends, without the marks of quotations; folded."""
    for each in _WORD.finditer(text):
        if word := each[0].strip(_AROUND).casefold():
            yield each.start(), each.end(), word


def _runs(words: list[str]) -> set[Run]:
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}


def _folded(line: str) -> str:
    return " ".join(word for _, _, word in _words(line))


def _depth(line: str) -> int:
    found = _DEPTH.match(line)
    return found[0].count(">") if found else 0
