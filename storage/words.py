"""What a person typed into a search field, as words and phrases for an engine's full text.

No query language lives here (that is the desk's): every character a person can type is a word's or a blank, but for
the double quotes around a phrase. What a word is says desk/words.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desk.words import Asked, asked, asked_of_people

_TERM = re.compile(r'"(?P<phrase>[^"]*)(?P<closed>"?)|(?P<word>[^\s"]+)')


@dataclass(frozen=True, slots=True)
class TextQuery:
    """Documents that hold all of these words or phrases, in any order and any of the collection's text fields.

    `phrases` are words, or several words that stand side by side.  With `prefix` the last one may be the beginning of
    a longer word.  `fields` narrow the search to some paths; if they are of `people`, a whole address is only itself.
    """

    phrases: tuple[str, ...]
    prefix: bool = False
    fields: tuple[str, ...] = ()
    people: bool = False

    @classmethod
    def typed(cls, text: str, *fields: str) -> TextQuery:
        """Read what was typed so far: `refund "bank transfer" rec` holds a word, a phrase and a beginning.

        The last word counts as finished when a blank or a closing quote follows it.
        """
        terms = list(_TERM.finditer(text))
        phrases = tuple(term["phrase"] or term["word"] or "" for term in terms)
        open_ended = bool(terms) and terms[-1].end() == len(text) and not terms[-1]["closed"]
        return cls(phrases, prefix=open_ended, fields=fields)

    @property
    def asked(self) -> list[Asked]:
        """Each phrase as words to be found; without those that hold no letter or digit, and each once."""
        ask = asked_of_people if self.people else asked
        last = len(self.phrases) - 1
        found = [ask(each, whole=not self.prefix or n < last) for n, each in enumerate(self.phrases)]
        return list(dict.fromkeys(each for each in found if each.words))
