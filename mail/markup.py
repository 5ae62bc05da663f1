"""HTML to text: laid out by inscriptis, and checked against the bare words, for a layout must not lose any.

Nothing is loaded, nothing is run. What HTML hides (display:none, scripts) stays hidden. Where a link leads stands
behind its words, unless they show the same host. What is quoted (blockquote) has `>` before its lines. The words that
stand for a picture are shown where there are no others.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

from inscriptis import get_text
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.model.config import ParserConfig
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

LARGEST_LAID_OUT = 300_000
"""Characters of HTML that are laid out; of more, only the words are taken."""

LARGEST = 2_000_000
"""Characters of HTML that are read at all."""

MOST_OPEN = 50_000
"""Elements left open that are still told apart: parsers compare each element with all that it lies in."""

ENOUGH = 0.95
"""The share of the words that a layout must hold."""

MOST_LINKS = 500
LONGEST_LINK = 200
"""Characters of a link's target that are shown."""

MOST_PICTURES = 200
LONGEST_ALT = 1_000
"""Characters that are shown instead of a picture, and in which a host is sought among the words of a link."""

_FOLLOWED = ("http://", "https://", "ftp://", "mailto:")
_HOST = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[\w-]+(?:\.[\w-]+)+")
WIDEST = 160
"""Columns of a layout that are kept apart by blanks."""

_LAYOUT = ParserConfig(css=STRICT_CSS_PROFILE)
_LAYOUT_FAILS = (SyntaxError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
_HIDDEN = "script, style, head, template, noscript, [hidden], [style*='display:none' i], [style*='display: none' i]"
_BLOCKS = "p, div, br, tr, li, h1, h2, h3, h4, h5, h6, blockquote, pre, table, ul, ol, hr, section, article"
_CELLS = "td, th"
_GAPS = re.compile(r" {3,}")
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"\w+")
_EMBEDDED = re.compile(r"(?<=[\"'(=])data:[\w.+/-]{0,80}(?:;[\w=-]{1,40}){0,3};base64,[\w+/=%\r\n]*", re.IGNORECASE)
_STYLES = re.compile(r"<style\b", re.IGNORECASE)
_STYLES_END = re.compile(r"</style\b", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ue000\ue001]")
_FILLERS = re.compile("[\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2064\ufeff]+")
"""What is never seen: senders fill the first line that a list shows of a mail with it."""
_QUOTATIONS = "blockquote:not([style*='border:none' i]):not([style*='border: none' i])"
"""Without a border, programs only indent with it."""
MOST_QUOTATIONS = 200
_DEEPEST = 20
_BEGINS, _ENDS = "\ue000", "\ue001"
_NOTED = re.compile("([\ue000\ue001])")
_BLANK_LINES = re.compile(r"\n[ \t\n]*\n")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s{0,9}=\s{0,9}[\"']?([\w:-]{1,40})", re.IGNORECASE)


def declared_charset(html: bytes) -> str:
    """The character set an HTML file says it has, where its mail says none."""
    found = _CHARSET.search(html[:4096])
    return found[1].decode("ascii") if found else ""


def without_ballast(html: str) -> str:
    """Very large HTML without the pictures and styles in it, for they may take the room of the words behind them."""
    if len(html) <= LARGEST_LAID_OUT:
        return html
    html = _EMBEDDED.sub("", html)
    pieces: list[str] = []
    at = 0
    while (begin := _STYLES.search(html, at)) and (end := _STYLES_END.search(html, begin.end())):
        pieces.append(html[at : begin.start()])
        at = end.end()
        pieces.append("<style></style")
    return "".join((*pieces, html[at:]))


def to_plain(html: str) -> str:
    """The text a reader of an HTML mail sees."""
    html = _CONTROLS.sub("", without_ballast(html)[:LARGEST])
    if html.count("<") - 2 * html.count("</") > MOST_OPEN:
        return _tidy(_TAG.sub(" ", html))
    try:
        tree = LexborHTMLParser(html)
    except SelectolaxError:
        return _tidy(_TAG.sub(" ", html))
    has_targets, has_quotations = _tell_targets(tree), _mark_quotations(tree)
    if has_targets or has_quotations:
        html = tree.html or html
    laid_out = _narrow(_tidy(_laid_out(html))) if len(html) <= LARGEST_LAID_OUT else ""
    bare = _bare(tree)
    text = (laid_out if laid_out and _holds(laid_out, bare) else bare) or _instead_of_pictures(tree)
    return _tidy(_with_marks(text)) if has_quotations else text


def _laid_out(html: str) -> str:
    try:
        return get_text(html, _LAYOUT)
    except _LAYOUT_FAILS:
        return ""


def _tell_targets(tree: LexborHTMLParser) -> bool:
    """Write where links lead behind their words; says whether there was any to write."""
    told = [(node, target) for node in tree.css("a[href]")[:MOST_LINKS] if (target := _target(node))]
    for node, target in told:
        node.insert_after(f" <{target}>")
    return bool(told)


def _target(link: LexborNode) -> str:
    """Where a link leads, as far as its words do not say so; empty where there is nothing to say."""
    words = link.text().strip()[:LONGEST_ALT].casefold()
    url = "".join((link.attributes.get("href") or "").split())
    if not words or not url.casefold().startswith(_FOLLOWED):
        return ""
    host = _host(url)
    shown = [each.removeprefix("www.") for each in _HOST.findall(words)]
    if not host or any(host == each or host.endswith(f".{each}") for each in shown):
        return ""
    return url if len(url) <= LONGEST_LINK else f"{url[:LONGEST_LINK]}…"


def _host(url: str) -> str:
    """The host that a link leads to; of a mail address, all of it."""
    try:
        return (urlsplit(url).hostname or "") if "//" in url else url.partition(":")[2].partition("?")[0].casefold()
    except ValueError:
        return url


def _mark_quotations(tree: LexborHTMLParser) -> bool:
    """Note where quotations begin and end, for a layout does not show it; says whether there was any to note."""
    found = tree.css(_QUOTATIONS)[:MOST_QUOTATIONS]
    if not found or tree.root is None or _NOTED.search(tree.root.text()):
        return False
    for node in found:
        if node.child is not None:
            node.child.insert_before(_BEGINS)
        else:
            node.insert_child(_BEGINS)
        node.insert_child(_ENDS)
    return True


def _with_marks(text: str) -> str:
    """The text with `>` before each line of what was noted as quoted, as plain text has it (RFC 3676 4.5)."""
    lines: list[str] = []
    depth = 0
    for line in _NOTED.sub(r"\n\1\n", text).split("\n"):
        is_blank = not lines or not lines[-1].strip("> ")
        if line.strip() in {_BEGINS, _ENDS}:
            if is_blank and lines:
                lines.pop()
            depth = max(depth + (1 if line.strip() == _BEGINS else -1), 0)
            lines.append(_marked("", depth - (line.strip() == _BEGINS)))
        elif line.strip() or not is_blank:
            lines.append(_marked(line, depth))
    return "\n".join(lines)


def _marked(line: str, depth: int) -> str:
    return f"{'>' * min(depth, _DEEPEST)} {line}".rstrip() if depth > 0 else line


def _bare(tree: LexborHTMLParser) -> str:
    """All words in order, a line for each block."""
    for node in tree.css(_HIDDEN):
        node.decompose()
    for node in tree.css(_BLOCKS):
        node.insert_before("\n")
        node.insert_after("\n")
    for node in tree.css(_CELLS):
        node.insert_after(" ")
    return _tidy(tree.root.text() if tree.root else "")


def _instead_of_pictures(tree: LexborHTMLParser) -> str:
    """What stands for the pictures of a mail that shows nothing else, a line each; what is hidden is gone already."""
    words = (" ".join((node.attributes.get("alt") or "").split()) for node in tree.css("img[alt]")[:MOST_PICTURES])
    return "\n".join(f"[{each[:LONGEST_ALT]}]" for each in words if each)


def _holds(text: str, words: str) -> bool:
    wanted = Counter(_WORD.findall(words))
    missing = wanted - Counter(_WORD.findall(text))
    return missing.total() <= (1 - ENOUGH) * wanted.total()


def _narrow(text: str) -> str:
    """A layout too wide for any screen without the blanks that hold its columns apart."""
    if max(map(len, text.split("\n"))) <= WIDEST:
        return text
    return _GAPS.sub(lambda gap: gap[0][:2], text)


def _tidy(text: str) -> str:
    text = _FILLERS.sub("", text)
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip("\n")
