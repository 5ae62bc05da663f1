"""What a person typed into a search field, as words and phrases for an engine's full text.

No query language lives here (that is the desk's): every character a person can type is a word's or a blank, but for
the double quotes around a phrase.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TERM = re.compile(r'"(?P<phrase>[^"]*)(?P<closed>"?)|(?P<word>[^\s"]+)')


@dataclass(frozen=True, slots=True)
class TextQuery:
    """Documents that hold all of these words or phrases, in any order and any of the collection's text fields.

    `phrases` are words, or several words that stand side by side.  With `prefix` the last one may be the beginning of
    a longer word.  `field` narrows the search to one text path.
    """

    phrases: tuple[str, ...]
    prefix: bool = False
    field: str | None = None

    @classmethod
    def typed(cls, text: str, field: str | None = None) -> TextQuery:
        """Read what was typed so far: `refund "bank transfer" rec` holds a word, a phrase and a beginning.

        The last word counts as finished when a blank or a closing quote follows it.
        """
        terms = list(_TERM.finditer(text))
        phrases = tuple(term["phrase"] or term["word"] or "" for term in terms)
        open_ended = bool(terms) and terms[-1].end() == len(text) and not terms[-1]["closed"]
        return cls(phrases, prefix=open_ended, field=field)
