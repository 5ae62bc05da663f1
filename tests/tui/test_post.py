"""How the mailboxes stand, in the one line of a narrow screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from desk.conversation import EntryId
from desk.standing import WAITING, Standing
from tui.messages import Said
from tui.threads.post import Post
from tui.widgets.bar_words import next_try, status_line

AGAIN = datetime(2026, 11, 22, 4, 41, 7, tzinfo=UTC)
TRY = ", next try in 40 s (^r now)"
ANEW = "support, INBOX: the server numbered all mails anew; none comes twice"


class Told:
    """A mail room that says what it is told to say, once."""

    def __init__(self, mailboxes: Sequence[str], standings: Sequence[Standing]) -> None:
        self.mailboxes, self._standings = list(mailboxes), standings

    def deliver(self) -> None:
        """Nothing is due."""

    def follow(self, tell: Callable[[Standing], None]) -> None:
        for each in self._standings:
            tell(each)

    def hurry(self) -> None:
        """Nothing waits."""

    def stop(self) -> None:
        """Nothing goes on."""

    def load_whole(self, entry: EntryId) -> None:
        raise NotImplementedError


def line(*standings: Standing, mailboxes: Sequence[str] = ("sales", "support"), width: int = 80) -> str:
    """The status line once all of this was told."""
    told = list[Said]()
    post = Post(Told(mailboxes, standings), told.append, lambda: AGAIN)
    post.start()
    post.stop()
    post.join(30)
    return status_line(Said(), told[-1], width, AGAIN - timedelta(seconds=38)).plain.strip()


def trouble(mailbox: str, words: str, again: datetime | None = AGAIN) -> Standing:
    return Standing(mailbox, words, is_trouble=True, again=again)


def test_what_is_wrong_and_the_next_try_fit_without_the_place_of_the_server() -> None:
    away = trouble("support", "IMAP: imap.mail.acme.example:993: the TLS handshake took too long")
    assert line(away) == f"support: the TLS handshake took too long{TRY}"
    assert line(away, mailboxes=["support"]) == f"IMAP: the TLS handshake took too long{TRY}"
    assert line(away, width=120) == f"support: {away.words}{TRY}"
    refused = trouble("support", "IMAP: localhost:993 refuses the login of support: no")
    assert line(refused) == f"support: the server refuses the login of support:…{TRY}"


def test_how_long_it_is_until_the_next_try_is_told_in_steps_and_from_an_hour_on_by_the_clock() -> None:
    told = {left: next_try(AGAIN, AGAIN - timedelta(seconds=left)) for left in (0, 1, 36, 40, 60, 61, 3600, 3601)}
    assert [told[each] for each in (1, 36, 40, 60)] == [
        f", next try in {seconds} s (^r now)" for seconds in (5, 40, 40, 60)
    ]
    assert [told[each] for each in (61, 3600)] == [f", next try in {each} min (^r now)" for each in (2, 60)]
    assert told[0] == ", trying again …"
    assert told[3601] == f", next try {AGAIN.astimezone():%H:%M} (^r now)"


def test_every_mailbox_in_trouble_is_named_with_the_earliest_next_try() -> None:
    support = trouble("support", "IMAP: a.example:993: Connection refused")
    sales = trouble("sales", "IMAP: b.example:143: Connection refused", AGAIN.replace(hour=5))
    assert line(support, sales) == f"sales, support: Connection refused{TRY}"
    sales = trouble("sales", "IMAP: b.example:143: the server says what cannot be understood: " + "x" * 99)
    assert line(support, sales).startswith("sales, support: the server says")
    assert line(support, sales).endswith(f"…{TRY}")
    assert "· IMAP: a.example:993: Connection refused, next" in line(support, sales, width=300)


def test_what_is_not_tried_again_by_itself_promises_no_next_try() -> None:
    assert line(trouble("sales", "there is no folder “Nope”", None)) == "sales: there is no folder “Nope”"


@pytest.mark.parametrize("words", [f"{WAITING} · {ANEW} (04:12)", f"{ANEW} (04:12)"])
def test_a_notice_names_its_mailbox_once_and_is_read_to_its_end(words: str) -> None:
    assert line(Standing("support", words)) == f"{ANEW} (04:12)"
    assert line(Standing("support", words), mailboxes=["support"]) == f"{ANEW.partition(', ')[2]} (04:12)"


def test_what_goes_on_names_its_mailbox_where_there_are_several() -> None:
    assert line(Standing("support", "3 of 7 mails")) == "support: 3 of 7 mails"
    assert line(Standing("support", "3 of 7 mails"), mailboxes=["support"]) == "3 of 7 mails"


def test_where_all_is_well_that_is_said_once_for_all() -> None:
    assert line(Standing("support", WAITING), Standing("sales", WAITING)) == WAITING


def test_that_automatic_answers_are_off_is_told_as_long_as_they_are() -> None:
    off = Standing("acknowledge", f"{WAITING} · automatic answers are off since 12:03 (ana)")
    assert (
        line(Standing("support", WAITING), off, mailboxes=["support"]) == "automatic answers are off since 12:03 (ana)"
    )
    assert line(off) == "acknowledge: automatic answers are off since 12:03 (ana)"
    assert line(off, Standing("acknowledge", WAITING)) == WAITING
