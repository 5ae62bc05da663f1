"""Mails of ours as programs read them that are none of ours: all see the same people, words and files.

TANDEM_LETTERS says how many batches of random letters each of them reads; TANDEM_NODE the folder in which postal-mime
is installed (`npm install --prefix FOLDER postal-mime`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from desk.outgoing import Enclosure, Letter
from desk.people import Address
from desk.ticket import TicketNumber
from mail.compose import MailComposer
from mail.fields import NAME_LIMIT, one_line
from tests.mail.readers import Seen, by_imap, by_postal_mime, by_standard_library
from tests.servers import PASSWORD, Dovecot, ImapServer, logged_in, need_dovecot

Reader = Callable[[Sequence[bytes]], list[Seen]]

BATCHES = int(os.environ.get("TANDEM_LETTERS", "20"))
SCRIPTS = "abc XYZ  ,;:\"\\<>@()[]=?_.!%*'~ßéЖд中文字あア한글العربيةעבריתไทยहिन्दी🙂👩‍💻\u200c\u0301"
CHARACTERS = st.one_of(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), st.sampled_from(SCRIPTS)
)
LINES = st.one_of(
    st.text(CHARACTERS, max_size=200),
    st.sampled_from(["", "-- ", "> quoted", ">> more", "From here", " indented", ".", "x" * 1500, "слово " * 60]),
)
EMAILS = ("dana@example.com", "b.o+x@sub.example.com", "o'neil@example.net", "info@xn--bcher-kva.example")
FILES = st.tuples(
    st.text(CHARACTERS, min_size=1, max_size=80).filter(lambda name: name == name.strip()), st.binary(max_size=300)
)


@st.composite
def letters(draw: st.DrawFn) -> tuple[Letter, dict[str, bytes]]:
    """A letter, and the contents of its files by their digests."""
    people = [Address(email, draw(st.text(CHARACTERS, max_size=60))) for email in draw(st.permutations(EMAILS))]
    among = draw(st.integers(1, len(people)))
    files = draw(st.lists(FILES, max_size=3))
    kept = tuple(Enclosure(name, sha256(data).hexdigest(), len(data)) for name, data in files)
    parents = tuple(f"<{number}.{'x' * 40}@example.com>" for number in range(draw(st.integers(0, 9))))
    letter = Letter(
        ticket=TicketNumber(41),
        token="t41.abcdefghijklmnop.abcdefghijklmnopqrstuvwx",
        sender=Address("support@example.org", draw(st.text(CHARACTERS, max_size=250))),
        to=tuple(people[:among]),
        cc=tuple(people[among:]),
        subject=draw(st.text(CHARACTERS, max_size=250)),
        text="\n".join([*draw(st.lists(LINES, max_size=8)), "end"]),
        date=datetime(2025, 3, 9, 8, 7, 6, tzinfo=UTC),
        in_reply_to=parents[-1] if parents else None,
        references=parents[:-1],
        enclosures=kept,
        reply_to=Address("support+x@example.org", draw(st.text(CHARACTERS, max_size=20))),
    )
    return letter, {each.sha256: data for each, (_, data) in zip(kept, files, strict=True)}


def told(letter: Letter, contents: dict[str, bytes]) -> tuple[bytes, Seen]:
    """A letter's bytes, and what whoever reads them shall see."""
    composed = MailComposer(contents.__getitem__).compose(letter)
    ids = [*letter.references, *([letter.in_reply_to] if letter.in_reply_to else [])]
    return composed.raw, Seen(
        subject=one_line(letter.subject),
        sender=_named([letter.sender]),
        to=_named(letter.to),
        cc=_named(letter.cc),
        reply_to=_named([letter.reply_to] if letter.reply_to else []),
        message_id=composed.message_id,
        in_reply_to=letter.in_reply_to or "",
        references=tuple(ids or [composed.message_id]),
        text="\n".join(line if line == "-- " else line.rstrip(" ") for line in letter.text.split("\n")),
        files=tuple(
            (kept.name, each.type, contents[kept.sha256])
            for kept, each in zip(letter.enclosures, composed.attachments, strict=True)
        ),
    )


def _named(people: Sequence[Address]) -> tuple[tuple[str, str], ...]:
    return tuple((one_line(each.name)[:NAME_LIMIT].strip(), each.email) for each in people)


def from_library() -> Generator[Reader]:
    yield lambda mails: [by_standard_library(each) for each in mails]


def from_pymap() -> Generator[Reader]:
    with ImapServer(PASSWORD) as server:
        yield _over_imap(server)


def from_dovecot() -> Generator[Reader]:
    need_dovecot()
    with Dovecot() as server:
        yield _over_imap(server)


def from_postal_mime() -> Generator[Reader]:
    folder = Path(os.environ.get("TANDEM_NODE", "/nowhere"))
    if shutil.which("node") is None:
        pytest.skip("postal-mime runs on node, which is not installed here")
    if not (folder / "node_modules/postal-mime").is_dir():
        pytest.skip("TANDEM_NODE names no folder with postal-mime: `npm install --prefix FOLDER postal-mime`")
    yield lambda mails: list(by_postal_mime(folder, mails))


def as_written(seen: Seen) -> Seen:
    return seen


def without_blanks(seen: Seen) -> Seen:
    """Names without blanks: pymap reads them as CPython does, which may keep what only separates two encoded words."""
    people = (seen.sender, seen.to, seen.cc, seen.reply_to)
    sender, to, cc, reply_to = (tuple(("".join(who.split()), email) for who, email in each) for each in people)
    return replace(seen, sender=sender, to=to, cc=cc, reply_to=reply_to)


def _over_imap(server: ImapServer | Dovecot) -> Reader:
    def read(mails: Sequence[bytes]) -> list[Seen]:
        with logged_in(server) as client:
            there = set(client.search())
            for each in mails:
                server.deliver(each, datetime.now(UTC))
            client.noop()
            return list(by_imap(client, sorted(set(client.search()) - there)))

    return read


READERS = {
    "the standard library": (from_library, as_written),
    "pymap": (from_pymap, without_blanks),
    "Dovecot": (from_dovecot, as_written),
    "postal-mime": (from_postal_mime, as_written),
}


@pytest.mark.parametrize("name", READERS)
def test_whoever_reads_a_mail_of_ours_sees_what_was_written(name: str) -> None:
    reader, told_apart = READERS[name]
    with contextmanager(reader)() as read:

        @settings(max_examples=BATCHES, deadline=None, phases=(Phase.explicit, Phase.generate))
        @given(batch=st.lists(letters(), min_size=1, max_size=6))
        def all_is_seen(batch: list[tuple[Letter, dict[str, bytes]]]) -> None:
            written = [told(*each) for each in batch]
            found = read([raw for raw, _ in written])
            assert list(map(told_apart, found)) == [told_apart(seen) for _, seen in written]

        all_is_seen()
