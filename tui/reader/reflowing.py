"""Lines that their writer's program broke for a wider screen, put together so that they break once; pure, and linear.

Only what must be broken again anyway is touched, so a screen that is wide enough shows every line as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

_FULL = range(50, 91)
"""How many characters the longest line of a paragraph has that a program broke; what is longer, nobody broke."""
_PROSE = re.compile(r"(?!.*(?:\s\s|[\t|{};=\\]))\S+(?: \S+){3}")
"""Four words with single blanks: no table, no program, no address."""
_GOES_ON = re.compile(r"(?!\w{1,3}[.)]\s)(?:[^\W\d_]|[\"'(«“„‘])")
"""How a line begins that may belong to the one above: with a word, but with no letter of a list."""
_NAMED = re.compile(r"\S+:(?:\s|$)")
_CLOSING = 3
"""Up to how many words a line after the end of a sentence is a greeting or a name."""


def reflowed(lines: Sequence[str], width: int) -> Iterator[str]:
    """The lines of a text for so many cells: a paragraph that was broken wider than that is one line again."""
    for _, paragraph in groupby(lines, bool):
        yield from _joined(list(paragraph), width)


def _joined(lines: list[str], width: int) -> Iterator[str]:
    longest = max(map(len, lines))
    if longest <= width or longest not in _FULL or not all(map(_PROSE.match, lines[:-1])) or _is_listed(lines):
        yield from lines
        return
    held = lines[0]
    for above, line in pairwise(lines):
        if len(above) + 1 + len(line.split(" ", 1)[0]) > longest and _goes_on(above, line):
            held = f"{held} {line}"
        else:
            yield held
            held = line
    yield held


def _is_listed(lines: Sequence[str]) -> bool:
    """Whether each line begins with a capital letter, as those of a poem, an address, a log and a form do."""
    return len(lines) > 1 and all(line[:1].isupper() for line in lines)


def _goes_on(above: str, line: str) -> bool:
    if not _GOES_ON.match(line) or (_NAMED.match(above) and _NAMED.match(line)):
        return False
    is_short = above.endswith((".", "!", "?")) and len(line.split()) <= _CLOSING
    return not (line[:1].isupper() and (is_short or above.endswith(":")))
