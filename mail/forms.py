"""The far side of `mail.forming`: reads one mail's headers, both forms of its text and its links, and ends."""

from __future__ import annotations

import os
import re
import resource
import signal
import sys
from collections.abc import Iterator
from itertools import islice

import msgspec
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from desk.forms import Forms
from mail.bodies import sources_of, texts_of
from mail.charsets import decode, load_codecs
from mail.defects import Defects
from mail.guesses import likely
from mail.headers import LONGEST, MOST_LINES, to_bytes, to_text
from mail.markup import LARGEST, without_ballast
from mail.parts import Part, read_tree
from mail.reading import TOO_MUCH
from mail.reading_process import keep_stdout_clean, limit, open_nothing

MOST_LINKS = 1_000
LONGEST_LINK = 4_000
"""Characters of a link's target, and of its words, that are told."""

_LARGEST_HEAD = 1 << 20
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_FOLDED = re.compile(r"\r?\n(?=[ \t])")


def forms(raw: bytes) -> Forms:
    """The other forms of a mail; never raises because of what is in it, but for want of memory."""
    root = read_tree(raw, Defects())
    return Forms(
        headers=tuple(_headers(raw)),
        plain=texts_of(root, "text/plain"),
        html=texts_of(root, "text/html"),
        links=tuple(_links(root)),
    )


def _headers(raw: bytes) -> Iterator[str]:
    """Every field of the head, decoded, in one line and in its place (RFC 5322 2.2)."""
    end = _HEAD_END.search(raw, 0, _LARGEST_HEAD)
    head = raw[: end.start() if end else _LARGEST_HEAD].decode("ascii", "surrogateescape")
    fields = [line[:LONGEST].partition(":") for line in islice(_FOLDED.sub(" ", head).splitlines(), MOST_LINES)]
    guess = likely(b"\n".join(data for _, _, value in fields if _is_nameless(data := to_bytes(value))))[1]
    for name, colon, value in fields:
        text = data.decode(guess, "replace") if _is_nameless(data := to_bytes(value)) else value
        yield f"{decode(name.encode('utf-8', 'surrogateescape')).text}{colon} {to_text(text)}".rstrip()


def _is_nameless(value: bytes) -> bool:
    """Whether nothing says what its bytes mean; all such fields of a head are guessed as one, a name alone is short."""
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _links(root: Part) -> Iterator[tuple[str, str]]:
    """The links of the HTML as they stand: their words, or else what stands for a picture, and where they lead."""
    for source in sources_of(root):
        try:
            tree = LexborHTMLParser(without_ballast(source)[:LARGEST])
        except SelectolaxError:
            continue
        for node in tree.css("a[href], area[href], form[action]")[:MOST_LINKS]:
            target = node.attributes.get("href") or node.attributes.get("action") or ""
            picture = node.css_first("img[alt]")
            words = node.text() if node.tag == "a" else node.attributes.get("alt") or f"({node.tag})"
            words = words.strip() or (picture.attributes.get("alt") if picture else "") or ""
            yield " ".join(words[:LONGEST_LINK].split()), "".join(target[:LONGEST_LINK].split())


def main(cpu: str, memory: str) -> None:
    """Read a mail from standard input and write its forms; `cpu` is in seconds, `memory` in bytes of address space."""
    answers = keep_stdout_clean()
    load_codecs()
    forms(b"Content-Type: text/html\r\n\r\n<table><tr><td><a href='http://a.example/'>b</a></table>")
    raw = sys.stdin.buffer.read()
    limit(resource.RLIMIT_AS, int(memory))
    open_nothing()
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, float(cpu))
    try:
        said = msgspec.msgpack.encode(forms(raw))
    except MemoryError:
        os._exit(TOO_MUCH)
    with os.fdopen(answers, "wb") as out:
        out.write(said)
