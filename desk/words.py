"""What counts as a word when texts are searched: the one rule that the store's full text and desk/matching.py share.

A *search form* is a text as it is compared: no case, no accents on Latin or Greek letters, no points on Arabic or
Hebrew ones, ё as е and ѝ as и (but й and ї are letters of their own), full-width and half-width forms as usual ones.
Its words are runs of letters and digits. Scripts written without blanks between words (Chinese, Japanese, Thai, Lao,
Khmer, Burmese) have words of one character each, so that any part of a run is found as a phrase.

Whoever changes what comes out of here changes VERSION, so that indexes are made anew.
"""

from __future__ import annotations

import re
from codecs import register_error
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import category, normalize

from desk.composing import compose
from desk.people import Address

VERSION = 1
"""Counts the changes of this rule."""

BORDER = "\ue000"
"""A word of a search form that nobody can type: no phrase reaches across it."""

_WORD = re.compile("[^\0-/:-`{-\x7f]+")  # of 0-9, a-z and all beyond ASCII; to say it so takes Python milliseconds
_NO_WORD = re.compile("[\0-/:-`{-\x7f]")
_UNFIT = re.compile("[\ud800-\udfff\ue000-\ue07f]")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@.]*(?P<dot>\.[^\s@]*)?")
_HALF_WIDTH_MARK = re.compile("[\uff66-\uff9d][\uff9e\uff9f]")
_IGNORED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
    "\U000e0000-\U000e0fff]"
)
"""Accents and points, the line that lengthens Arabic words, and what chooses between two looks of a character."""

_ALONE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u30ff"
    "\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff"
    "\U00010000-\U0010ffff]"
)
"""Characters that are words: of scripts without blanks, and all above the first plane. To the latter Unicode adds every
year, and a text must have the same words whatever Python reads it."""

_ODD = re.compile("[^\0-\x7f\u0430-\u044f]+")
"""Runs of what is more than ASCII and the Russian letters, which are what they are once they are small."""

_FEW_ODD = 1.1
"""Bytes of UTF-8 for each character, below which a text is mostly ASCII."""

_FORM = "tandem.search_form"
_APOSTROPHES = re.compile("[\u02b9-\u02cf\u055a]")
_WITHOUT_ACCENTS = re.compile("[A-Za-z\u0250-\u02af\u0370-\u03ff\u0590-\u06ff]")
_LETTERS = str.maketrans("øđłħŧıðŋёѐѝ", "odlhtidnееи") | str.maketrans({"æ": "ae", "œ": "oe", "þ": "th"})
"""What accents are to these letters no decomposition tells."""


def search_form(text: str) -> str:
    """The text as it is compared; between its words stands anything that is no letter or digit of ASCII."""
    if text.isascii():
        return text.lower()
    composed = compose(text)
    if "\uff9e" in composed or "\uff9f" in composed:
        composed = _HALF_WIDTH_MARK.sub(lambda pair: normalize("NFKC", pair[0]), composed)
    small = composed.lower()
    if len(small.encode("utf-8", "surrogatepass")) < len(small) * _FEW_ODD:
        return small.encode("ascii", _FORM).decode("utf-8", "surrogatepass")  # finds the odd ones fastest
    return _ODD.sub(lambda run: run[0].translate(_FORMS), small)


def split(form: str) -> list[str]:
    """The words of a search form."""
    return _WORD.findall(form)


def people_form(people: Iterable[Address]) -> str:
    """The search form of names and addresses: the words of each, and each whole address as one word more."""
    parts = (
        part for each in people for part in (search_form(each.name), search_form(each.email), _address(each.email))
    )
    return f" {BORDER} ".join(parts)


@dataclass(frozen=True, slots=True)
class Asked:
    """Words that are to stand side by side; `unfinished` when the last may be the beginning of a longer one.

    No words (there was no letter or digit) stand nowhere.
    """

    words: tuple[str, ...]
    unfinished: bool = False

    def stands_in(self, said: Sequence[str]) -> bool:
        """Whether these words stand side by side in those of a search form."""
        *before, last = self.words or [""]
        ends = range(len(before), len(said)) if self.words else ()
        return any(
            list(said[end - len(before) : end]) == before
            and (said[end].startswith(last) if self.unfinished else said[end] == last)
            for end in ends
        )

    def follows_from(self, other: Asked) -> bool:
        """Whether whatever holds the other's words side by side is sure to hold these so."""
        return self.stands_in(other.words if self.unfinished or not other.unfinished else other.words[:-1])


def asked(text: str, *, whole: bool) -> Asked:
    """What somebody typed, as words to be found; `whole` when the last one is finished."""
    found = tuple(split(search_form(text)))
    return Asked(found, unfinished=bool(found) and not whole and not _ALONE.match(found[-1]))


def asked_of_people(text: str, *, whole: bool) -> Asked:
    """As `asked`, of names and addresses: what has a name, an @ and a domain with a dot is one whole address."""
    if not (found := _ADDRESS.fullmatch(text.strip())):
        return asked(text, whole=whole)
    return Asked((_address(text.strip()),), unfinished=not whole and not found["dot"])


def _address(email: str) -> str:
    """An address as one word, which is no beginning of an address's parts nor any text's word."""
    plain = _UNFIT.sub("\N{REPLACEMENT CHARACTER}", compose(email.casefold()))
    return BORDER + _NO_WORD.sub(lambda mark: chr(ord(BORDER) + ord(mark[0])), plain)


class _Forms(dict[int, str]):
    """The search form of each character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        form = self[code] = _form(chr(code))
        return form


def _form(char: str) -> str:
    kind = category(char)
    if _IGNORED.match(char) or kind == "Cf":
        return ""
    if (usual := normalize("NFKC", char)) != char:
        form = "".join(map(_form, usual))
        return form if kind[0] in "LNM" else f" {form} "
    if kind[0] not in "LNM" or _APOSTROPHES.match(char):
        return " "
    return f" {char} " if _ALONE.match(char) else _bare(char)


def _bare(letter: str) -> str:
    """A letter without what does not count on it."""
    decomposed = normalize("NFD", letter)
    if _WITHOUT_ACCENTS.match(decomposed):
        letter = _IGNORED.sub("", decomposed)
    return letter.casefold().translate(_LETTERS)


def _odd_run(error: UnicodeError) -> tuple[bytes, int]:
    """The search form of what ASCII cannot hold, as UTF-8."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    run = error.object[error.start : error.end].translate(_FORMS)
    return run.encode("utf-8", "surrogatepass"), error.end


_FORMS = _Forms()
register_error(_FORM, _odd_run)
