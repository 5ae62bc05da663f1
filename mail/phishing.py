"""Signs that a mail's sender is not who it seems to be, in words; none of them proves anything (UTS 39 5).

A name that shows another address than the real one is dealt with where names are read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from desk.people import Address
from mail.defects import quoted

LONGEST_LABEL = 63
"""Characters of one label of a domain (RFC 1035 2.3.4)."""

_PUNYCODE = "xn--"
_WRITTEN_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
"""Scripts that languages mix within a word (UTS 39 5.2, highly restrictive)."""

_LIKE_LATIN = frozenset("асԁеһіјӏорԛѕԝхуѵгкмтвнпαορνυικτ")
"""Small Cyrillic and Greek letters that look like Latin ones: a word of nothing else was chosen for its looks."""


def suspicions(sender: Address, reply_to: Iterable[Address], *, by_person: bool) -> Iterator[str]:
    """What an agent should know before believing; machines may well ask for answers elsewhere (`by_person` false)."""
    for address in dict.fromkeys((sender, *reply_to)):
        yield from _imitation(address)
    domain = _domain(sender)
    elsewhere = [each for each in reply_to if domain and not _are_related(_domain(each), domain)]
    if by_person and elsewhere:
        yield f"an answer would go to another domain than the sender's: {quoted(elsewhere[0].email)}"


def _imitation(address: Address) -> Iterator[str]:
    domain = _domain(address)
    if domain.isascii() and _PUNYCODE not in domain:
        return
    read = [_unicode(label) for label in domain.split(".")]
    if any(_is_odd(label) for label in read):
        ascii_form = ".".join(map(_ascii, read))
        yield f"the domain {quoted('.'.join(read))} mixes or imitates letters; it is really {quoted(ascii_form)}"


def _domain(address: Address) -> str:
    return address.email.rpartition("@")[2].casefold().rstrip(".")


def _are_related(one: str, other: str) -> bool:
    """Whether they are the same domain, or one lies in the other."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _unicode(label: str) -> str:
    if not label.startswith(_PUNYCODE) or len(label) > LONGEST_LABEL:
        return label
    try:
        return label.removeprefix(_PUNYCODE).encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _ascii(label: str) -> str:
    if label.isascii() or len(label) > LONGEST_LABEL:
        return label
    return _PUNYCODE + label.encode("punycode", "replace").decode("ascii")


def _is_odd(label: str) -> bool:
    letters = [each for each in label[:LONGEST_LABEL] if each.isalpha()]
    scripts = frozenset(_script(each) for each in letters)
    is_mixed = len(scripts) > 1 and not any(scripts <= each for each in _WRITTEN_TOGETHER)
    looks_latin = len(letters) > 1 and "LATIN" not in scripts and all(each in _LIKE_LATIN for each in letters)
    return is_mixed or looks_latin


def _script(letter: str) -> str:
    """The script by the letter's name; enough to tell Latin from what looks like it."""
    word = unicodedata.name(letter, "?").split(" ")[0].split("-")[0]
    return "LATIN" if word in ("FULLWIDTH", "MODIFIER") else word
