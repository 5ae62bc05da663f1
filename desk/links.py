"""Where links lead: their true host beside what their words claim, and signs that one is meant to deceive (UTS 39).

Nothing is opened or looked up. A host with letters beyond ASCII is told as it travels (punycode, RFC 5890) and as it
looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from desk.lookalikes import as_read, as_sent, is_odd

LONGEST = 4_000
"""Characters of a link."""
MOST = 1_000
"""Links of one text."""

_LINK = re.compile(r"(?i)\b(?:https?://|ftp://|mailto:|www\.)[^\s<>\"“”„«»]{2,4000}")
_ENDS = ".,;:!?'’*_"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_CLAIM = re.compile(r"(?<![\w@.-])(?:[\w-]{1,63}\.){1,10}[a-z\u00a1-\uffff][\w-]{1,62}(?![\w@-])", re.IGNORECASE)
_NUMBER = re.compile(r"[\d.]+|0x[\da-f.x]+|\[?[\da-f]*:[\da-f:.]+\]?", re.IGNORECASE)
_NO_HOST = re.compile(r"[\s/\\?#@%<>|^]")
"""What no host has: a browser goes nowhere, and a path within it would only look like another host."""
_LEADS = frozenset({"http", "https", "ftp", "mailto", "tel"})
_FILES = frozenset(
    {"pdf", "doc", "docx", "xls", "xlsx", "txt", "jpg", "jpeg", "png", "gif", "zip", "html", "htm", "php"}
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link: the words that stand for it (empty: its own), where it leads, its true host, and what is odd about it.

    Of a mail address the host is its domain. `looks` is the host as it looks, where it travels in other letters.
    """

    words: str
    url: str
    host: str
    looks: str = ""
    warnings: tuple[str, ...] = ()


def links_in(text: str) -> Iterator[Link]:
    """The links that stand in a text, each once, in order."""
    found = dict.fromkeys(_ended(each[0]) for each in _LINK.finditer(text))
    return (judged("", each) for each, _ in zip(found, range(MOST), strict=False))


def links_of(pairs: Iterable[tuple[str, str]], text: str) -> tuple[Link, ...]:
    """The links of a mail: those of its HTML (words and target of each), then what else stands in its plain text.

    The address that the words of a link claim is none of its own.
    """
    rich = dict.fromkeys((words, url) for words, url in pairs if url and not url.startswith("#"))
    links = [judged(words, url) for words, url in rich]
    known = {each.url for each in links} | {each.words for each in links}
    return (*links[:MOST], *(each for each in links_in(text) if each.url not in known))


def judged(words: str, url: str) -> Link:
    """A link with its true host and all that is odd about it."""
    scheme, host, before = _parted(url)
    ascii_host, looks = _both(host)
    words = "" if words.strip() == url else words.strip()
    return Link(words, url, ascii_host, looks, tuple(_odd(words, scheme, ascii_host, looks, before)))


def _odd(words: str, scheme: str, host: str, looks: str, before: str) -> Iterator[str]:
    if scheme not in _LEADS:
        yield f"it leads to no site: {scheme or 'it has no address'}"
    elif not host and scheme != "tel":
        yield "it names no host"
    if scheme != "mailto" and before:
        yield f"“{before[:60]}” before the @ is no host"
    if any(map(is_odd, looks.split("."))):
        yield "its host mixes or imitates letters"
    if host and _NUMBER.fullmatch(host):
        yield "it leads to a number, not to a name"
    if claimed := next((each for each in _claims(words) if host and not _same(each, host)), ""):
        yield f"its words say {claimed}"


def _parted(url: str) -> tuple[str, str, str]:
    """The scheme, the host, and what stands before an @ in front of it."""
    whole = f"http://{url}" if url[:4].casefold() == "www." else url
    scheme, _, rest = whole.partition(":")
    scheme = scheme.casefold() if re.fullmatch(r"[a-zA-Z][\w+.-]{0,30}", scheme) else ""
    if scheme == "mailto":
        return scheme, unquote(rest.partition("?")[0]).rpartition("@")[2].casefold(), ""
    if scheme not in _LEADS:
        return scheme, "", ""
    try:
        place = urlsplit(whole.replace("\\", "/")).netloc
    except ValueError:
        return scheme, "", ""
    before, _, quoted = place.rpartition("@")
    host = re.sub(r":\d*$", "", unquote(quoted)).casefold().rstrip(".")
    return scheme, "" if _NO_HOST.search(host) else host, unquote(before)


def _both(host: str) -> tuple[str, str]:
    """A host as it travels, and as it looks where that is another thing."""
    travels = ".".join(map(as_sent, host.split(".")))
    looks = ".".join(map(as_read, travels.split(".")))
    return travels, looks if looks != travels else ""


def _claims(words: str) -> Iterator[str]:
    """The hosts that the words of a link name; a file's name is none."""
    for found in _CLAIM.finditer(words[:LONGEST]):
        host = found[0].casefold()
        if host.rpartition(".")[2] not in _FILES:
            yield host.removeprefix("www.")


def _same(claimed: str, host: str) -> bool:
    """Whether a link leads where its words say, or to a place within it."""
    claimed = _both(claimed)[0]
    return host == claimed or host.endswith(f".{claimed}")


def _ended(url: str) -> str:
    """A link without the signs that end the sentence around it."""
    while url and (url[-1] in _ENDS or (url[-1] in _PAIRS and url.count(url[-1]) > url.count(_PAIRS[url[-1]]))):
        url = url[:-1]
    return url
