"""Reads the words of the screen out of the code into tui/locale, and compiles their translations: `make messages`.

Words stand in calls (`tr`, `trn`, `trc`, `mark`) and in the tables of actions, chords, views and themes. A translator
edits the .po files and runs it again; what has no translation yet stays empty there, and English on the screen.
"""

from __future__ import annotations

import ast
import errno
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from desk.conversation import Happened
from desk.deeds import AGAIN, CUSTOMER, ONE, Done
from desk.draft import DraftKind
from desk.outgoing import OutboxState
from desk.profiles import ProfileField
from desk.ticket import Priority, Status
from tests.desk_sentences import sentences
from tui.keys import ACTIONS, CHORD_TITLES
from tui.lists.pages import PAGES
from tui.settings import THEME_WORDS
from tui.words.days import DAY, DAYS, MONTH, MONTHS
from tui.words.heard import CONTEXT, COUNTED, PATTERNS
from tui.words.heard_news import NEWS, WHO, news_forms
from tui.words.telling import DEED, PRIORITY, STATUS, UNIT
from tui.words.tongue import DOMAIN, FOLDER, LANGUAGES

_SOURCES = FOLDER.parent
_WIDTH = 120
_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
"""The date in every header: what did not change must not look changed."""
TEMPLATE = FOLDER / f"{DOMAIN}.pot"
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")

Word = tuple[str | tuple[str, str], str | None, str]
"""A word (or its singular and plural), what it is about, and the file that holds it."""


_SAYING = frozenset({"tr", "mark", "trn", "trc"})


def words() -> Iterator[Word]:
    """Every word of the screen."""
    for path in sorted(_SOURCES.rglob("*.py")):
        name = path.relative_to(_SOURCES).as_posix()
        calls = (each for each in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(each, ast.Call))
        yield from ((text, about, name) for each in calls if (found := _in_call(each)) for text, about in [found])
    yield from _in_tables()


def _in_call(call: ast.Call) -> tuple[str | tuple[str, str], str | None] | None:
    """The word that such a call says, and what it is about, where both stand there; also inside an f-string."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    said = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if name in _SAYING and any(_chooses_word(each) for each in call.args):
        raise ValueError(f"a word is chosen within {ast.unparse(call)}: it is not read here; choose between two calls")
    match name, said:
        case (("tr" | "mark"), [text]):
            return text, None
        case "trn", [one, many]:
            return (one, many), None
        case "trc", [about, text]:
            return text, about
        case _:
            return None


def _chooses_word(argument: ast.expr) -> bool:
    return isinstance(argument, ast.IfExp) and any(
        isinstance(each, ast.Constant) for each in (argument.body, argument.orelse)
    )


def _in_tables() -> Iterator[Word]:
    for each in ACTIONS:
        yield each.label, each.id, "keys"
        yield each.help, None, "keys"
    yield from ((each, None, "keys") for each in CHORD_TITLES.values())
    for page in PAGES.values():
        yield page.title, None, "pages.py"
        yield page.empty, None, "pages.py"
    yield from ((each, None, "settings.py") for each in THEME_WORDS)
    yield from ((text, about, "tables") for about, texts in _TOLD.items() for text in texts)
    yield from ((each.shown, None, "tables") for each in OutboxState)
    yield from ((each, None, "tables") for each in ("status", "priority", "assignee", "tags"))
    yield from ((forms, None, "tables") for forms in news_forms())
    yield WHO, NEWS, "tables"
    yield from (((text, text) if text in COUNTED else text, CONTEXT, file) for text, file in sentences().items())
    yield from ((each.replace("_", " "), CONTEXT, "tables") for each in (*Happened, *_PARTS))


_FAILURES = (
    *(errno.ECONNREFUSED, errno.ECONNRESET, errno.ETIMEDOUT, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EPIPE),
    *(errno.EACCES, errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ENOSPC, errno.EROFS, errno.EEXIST),
)
_PARTS = (
    *("status", "assignee", "tags", "priority", "answer", "text", "dropped", "you", "somebody", "1 mail", "1 note"),
    *DraftKind,
    *ProfileField,
    *(each.shown for each in OutboxState),
    *(os.strerror(each) for each in _FAILURES),
)
"""Words that the desk puts into its sentences as they are in the data, or as the system says them."""

_TOLD = {
    DAY: DAYS,
    MONTH: MONTHS,
    UNIT: ("w", "d", "h", "m", "s"),
    STATUS: tuple(each.value for each in Status),
    PRIORITY: tuple(each.value for each in Priority),
    DEED: (*(each.value for each in Done), CUSTOMER, ONE, AGAIN, *(each.value for each in Priority)),
}
"""Words that are shown as they are in the data, by what they are about."""


def patterns() -> str:
    """The desk's sentences in which something is filled in, a line each, those with the most words first."""
    filled = (each.replace("\n", "\\n") for each in sentences() if "{0}" in each)
    return "".join(f"{each}\n" for each in sorted(filled, key=lambda each: (-len(each), each)))


def template() -> Catalog:
    """All words, without translations."""
    catalog = _catalog(None)
    for text, about, file in sorted(words(), key=lambda each: (each[2], str(each[0]), each[1] or "")):
        if text:
            catalog.add(text, context=about, locations=[(file, 0)])
    return catalog


def translation(language: str) -> Catalog:
    """A language's catalog as its file says."""
    path = po_file(language)
    if not path.exists():
        return _catalog(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def po_file(language: str) -> Path:
    """Where a translator writes."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def po_text(catalog: Catalog) -> bytes:
    """A catalog as a file for translators."""
    out = BytesIO()
    write_po(out, catalog, width=_WIDTH, include_lineno=False, ignore_obsolete=True)
    return out.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """A catalog as the program reads it."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def _catalog(language: str | None) -> Catalog:
    return Catalog(
        locale=language,
        domain=DOMAIN,
        project="Tandem",
        version="1",
        copyright_holder="Tandem contributors",
        msgid_bugs_address="",
        creation_date=_ALWAYS,
        revision_date=_ALWAYS,
        fuzzy=False,
    )


def write() -> None:
    """Bring template, translations and compiled catalogs up to date."""
    FOLDER.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(po_text(template()))
    PATTERNS.write_text(patterns(), "utf-8")
    for language in TRANSLATED:
        catalog = translation(language)
        wanted = template()  # for each its own: an update writes the old translations into it
        catalog.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
        path = po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po_text(catalog))
        path.with_suffix(".mo").write_bytes(mo_bytes(catalog))


def untranslated(language: str) -> list[str]:
    """What has no translation yet."""
    return [str(each.id) for each in translation(language) if each.id and not all(_strings(each.string))]


def _strings(text: object) -> tuple[str, ...]:
    return tuple(map(str, cast("Sequence[object]", text))) if isinstance(text, tuple | list) else (str(text or ""),)


if __name__ == "__main__":
    write()
    for language in TRANSLATED:
        missing = untranslated(language)
        print(f"{language}: {len(missing)} words without a translation", *missing[:20], sep="\n  ")  # noqa: T201 - it tells
