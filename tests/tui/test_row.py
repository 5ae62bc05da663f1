from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.cells import cell_len

from desk.people import Address, Handle
from desk.presence import Doing
from desk.ticket import Priority, Status, Ticket, TicketNumber
from tui.style.signs import ASCII, UNICODE, Signs
from tui.widgets.pieces import Role
from tui.widgets.row import Look, row

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TICKET = Ticket(
    number=TicketNumber(1042),
    subject="Refund for order 88213",
    customer=Address("dana@corp.example", "Dana Petrova"),
    assignee=Handle("ana"),
    created=NOW,
    updated=NOW,
    last_message=NOW,
    waiting_since=NOW - timedelta(hours=3),
    message_count=1,
)


def shown(ticket: Ticket, width: int = 78, signs: Signs = UNICODE, **look: Any) -> str:
    return "".join(text for text, _ in row(ticket, replace(Look(now=NOW, signs=signs), **look), width))


def roles(ticket: Ticket, word: str) -> Role:
    return next(role for text, role in row(ticket, Look(now=NOW, signs=UNICODE), 78) if word in text)


@pytest.mark.parametrize("width", [1, 2, 10, 20, 29, 40, 49, 50, 59, 60, 78, 200])
def test_a_row_is_exactly_as_wide_as_it_may_be(width: int) -> None:
    for ticket in (
        TICKET,
        replace(TICKET, subject="注文について" * 20, customer=Address("k@a.example", "佐藤 健一")),
        replace(TICKET, subject="x" * 500, message_count=12, defects=("odd",), unread=True),
        replace(TICKET, subject="\u0301" * 10_000),
    ):
        assert cell_len(shown(ticket, width)) == width


@pytest.mark.parametrize("width", [45, 60, 78, 100, 160])
@pytest.mark.parametrize("waited", [timedelta(minutes=5), timedelta(days=400)])
def test_nothing_in_a_row_touches_the_right_edge(width: int, waited: timedelta) -> None:
    assert shown(replace(TICKET, waiting_since=NOW - waited), width).endswith(" ")
    assert shown(replace(TICKET, waiting_since=None, updated=NOW - waited), width).endswith(" ")
    assert shown(replace(TICKET, snoozed_until=NOW + waited), width).endswith(" ")


def test_a_wide_row_tells_number_customer_subject_owner_and_wait() -> None:
    assert shown(TICKET).split() == ["1042", "Dana", "Petrova", "Refund", "for", "order", "88213", "ana", "3h"]


def test_a_narrow_row_leaves_the_number_out() -> None:
    assert "1042" not in shown(TICKET, 50)
    assert "Dana Petrova" in shown(TICKET, 55)


@pytest.mark.parametrize(
    ("width", "told"),
    [(40, ""), (50, "bo's draft "), (62, "bo's draft "), (78, "bo's draft 12:04 "), (140, "bo's draft 12:04 ")],
)
def test_an_unfinished_answer_stands_before_the_subject_and_leaves_room_for_it(width: int, told: str) -> None:
    line = shown(TICKET, width, draft=("bo's draft", "12:04"))
    assert cell_len(line) == width
    assert f" {told}Refund" in line


def test_a_customer_without_a_name_is_shown_by_address() -> None:
    assert "dana@corp.example"[:15] in shown(replace(TICKET, customer=Address("dana@corp.example")))


def test_a_subject_is_cut_on_a_cell_and_says_so() -> None:
    assert "…" in shown(replace(TICKET, subject="word " * 40))
    assert "~" in shown(replace(TICKET, subject="word " * 40), signs=ASCII)


def test_cursor_mark_unread_and_priority_are_signs_not_only_colours() -> None:
    busy = shown(replace(TICKET, unread=True, priority=Priority.URGENT), cursor=True, marked=True)
    assert busy.startswith("+>")
    assert "⇑* Refund" in busy


def test_a_long_wait_is_late_and_a_closed_ticket_waits_for_nothing() -> None:
    late = replace(TICKET, waiting_since=NOW - timedelta(hours=5))
    assert shown(late).endswith("5h ! ")
    assert roles(late, "5h !") is Role.WARNING
    assert "5h" not in shown(replace(late, status=Status.CLOSED))


@pytest.mark.parametrize(
    ("ago", "words"),
    [(timedelta(0), " (1m)"), (timedelta(hours=3), " (3h)"), (timedelta(days=12), "(12d)"), (timedelta(900), "(99w)")],
)
def test_where_nobody_waits_stands_how_long_ago_it_was_changed(ago: timedelta, words: str) -> None:
    answered = replace(TICKET, status=Status.WAITING, waiting_since=None, updated=NOW - ago)
    assert shown(answered).endswith(f"{words} ")
    assert shown(answered, 45).endswith(f"{words} ")
    assert shown(answered, 140).rstrip().endswith(" -")
    assert "(" not in shown(replace(answered, waiting_since=NOW))


def test_tags_stand_behind_the_subject_and_leave_it_most_of_the_room() -> None:
    tagged = replace(TICKET, tags=("refund", "vip"))
    assert "Refund for order 88213 #refund #vip  " in shown(tagged)
    assert "Refund for order 88213 #refund +1" in shown(tagged, 73)
    assert "w… #refund +1 " in shown(replace(tagged, subject="word " * 40))
    assert "Refund for… #ref…" in shown(tagged, 45)
    assert "Refund for … #vip" in shown(replace(tagged, tags=("vip",)), 45)


@pytest.mark.parametrize("width", [45, 62, 78, 100, 140])
def test_tags_are_told_beside_all_other_signs(width: int) -> None:
    tagged = replace(TICKET, tags=("refund", "vip"), priority=Priority.URGENT, unread=True, subject="word " * 9)
    for busy, look in (
        (replace(tagged, message_count=12), {}),
        (replace(tagged, message_count=3, defects=("odd",)), {"calls": width > 60}),
        (replace(tagged, snoozed_until=NOW + timedelta(days=3)), {}),
        (replace(tagged, holds=("undelivered",)), {"draft": ("your draft", "10:31")}),
        (tagged, {"company": ("bo is answering", True), "there": (Handle("bo"), Doing.ANSWERING)}),
    ):
        assert " #" in shown(busy, width, **look), shown(busy, width, **look)


def test_what_is_wrong_is_told_in_words_only_where_they_leave_room_for_the_subject() -> None:
    lost = replace(TICKET, holds=("undelivered",))
    assert "Refund for order 88213  ✗ not delivered" in shown(lost, 100).replace("   ", " ")
    assert "✗ ?" in (both := shown(replace(lost, claims=TicketNumber(1033)), 100))
    assert "Refund for order 88213" in both


@pytest.mark.parametrize(
    ("waited", "words"),
    [(timedelta(minutes=14), "14m"), (timedelta(days=99), "99d"), (timedelta(days=400), "57w"), (timedelta(0), "0s")],
)
def test_a_wait_has_at_most_three_letters(waited: timedelta, words: str) -> None:
    assert f"{words:>3} " in shown(replace(TICKET, waiting_since=NOW - waited))


@pytest.mark.parametrize("width", [45, 62, 78, 120])
def test_a_colleague_at_the_ticket_stands_before_who_has_it(width: int) -> None:
    """One sees both, whosever the ticket is, and in letters and ASCII too."""
    for owner, told in (("ana", "ana"), ("bo", "bo "), (None, "-  ")):
        ticket = replace(TICKET, assignee=Handle(owner) if owner else None)
        assert f" ◦bo {told} " in shown(ticket, width, there=(Handle("bo"), Doing.READING))
        assert f" ✎bo {told} " in shown(ticket, width, there=(Handle("bo"), Doing.ANSWERING))
        assert f" r:bo {told} " in shown(ticket, width, signs=ASCII, there=(Handle("bo"), Doing.READING))
        assert f" w:bo {told} " in shown(ticket, width, signs=ASCII, there=(Handle("bo"), Doing.ANSWERING))
    assert " ◦be… ana" in shown(TICKET, 78, there=(Handle("bertrand"), Doing.READING))


def test_a_colleague_who_answers_stands_out_more_than_one_who_reads() -> None:
    for doing, role in ((Doing.READING, Role.MUTED), (Doing.ANSWERING, Role.ACCENT)):
        pieces = row(TICKET, Look(now=NOW, signs=UNICODE, there=(Handle("bo"), doing)), 78)
        assert [each for text, each in pieces if "bo" in text] == [role]


def test_where_words_tell_who_is_there_no_sign_does() -> None:
    answered = shown(TICKET, 78, there=(Handle("bo"), Doing.ANSWERING), company=("bo is answering", True))
    assert ("bo is answering: Refund" in answered, " ana " in answered, "✎" in answered) == (True, True, False)
    read: dict[str, Any] = {"there": (Handle("bo"), Doing.READING), "company": ("bo is reading", False)}
    assert ("bo is reading" in shown(TICKET, 78, **read), "◦bo ana" in shown(TICKET, 78, **read)) == (False, True)
    assert ("bo is reading: " in shown(TICKET, 120, **read), "◦" in shown(TICKET, 120, **read)) == (True, False)


def test_lists_of_several_states_say_the_state_in_a_word() -> None:
    assert "closed Refund" in shown(replace(TICKET, status=Status.CLOSED), tell_status=True)
    assert "open Refund" not in shown(TICKET, tell_status=True)


def test_a_ticket_with_several_messages_says_how_many() -> None:
    assert "[3]" in shown(replace(TICKET, message_count=3))


@pytest.mark.parametrize(
    ("ticket", "sign", "words"),
    [
        (replace(TICKET, defects=("a broken header",)), "⚠", ""),
        (replace(TICKET, subject="gpj.\u202eexe"), "⚠", ""),
        (replace(TICKET, customer=Address("a@b.example", "Ann\x1b]0;x\x07")), "⚠", ""),
        (replace(TICKET, holds=("undelivered",)), "✗", "not delivered"),
        (replace(TICKET, holds=("bounced",)), "✗", "not delivered"),
        (replace(TICKET, claims=TicketNumber(7)), "?", "names 7"),
    ],
    ids=["defect", "turned around", "terminal control", "undelivered", "bounced", "claims"],
)
def test_trouble_has_a_sign_of_its_own_and_words_where_there_is_room(ticket: Ticket, sign: str, words: str) -> None:
    assert sign in shown(ticket)
    assert sign not in shown(TICKET)
    assert words not in shown(ticket) or not words
    assert words in shown(ticket, 120)


def test_a_wide_row_tells_tags_priority_mailbox_and_the_last_change_too() -> None:
    busy = replace(TICKET, tags=("refund", "vip"), priority=Priority.URGENT, mailbox="support")
    assert "88213 #refund #vip" in shown(busy, 99)
    assert "  #refund #vip" in shown(busy, 100)
    told = shown(busy, 140, tell_mailbox=True)
    assert all(words in told for words in ("urgent", "#refund #vip", "support", f"{NOW.astimezone():%H:%M}"))
    assert "support" not in shown(busy, 140)


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        (timedelta(minutes=5), "z 5m "),
        (timedelta(hours=3), "z 3h "),
        (timedelta(days=2), f"z {(NOW + timedelta(days=2)).astimezone():%a}"),
        (timedelta(days=30), "z 30d"),
        (timedelta(days=400), "z 57w"),
    ],
)
def test_a_ticket_that_sleeps_says_until_when(rest: timedelta, words: str) -> None:
    assert shown(replace(TICKET, snoozed_until=NOW + rest)).endswith(f"{words} ")


def test_what_may_be_one_matter_with_another_ticket_has_a_quiet_sign_until_it_is_answered() -> None:
    like = replace(TICKET, resembles=(TicketNumber(1039),))
    assert "88213" in shown(like)
    assert shown(like).count("≈") == 1
    assert shown(like, signs=ASCII).count("=") == 1
    assert "≈ like 1039" in shown(like, 140)
    assert roles(like, "≈") is Role.MUTED
    assert "≈" not in shown(replace(like, waiting_since=None))


def test_nothing_that_drives_a_terminal_is_in_a_row() -> None:
    nasty = "a\x1b]0;b\x07c\x9bd\u202ee\nf\tg\r"
    line = shown(replace(TICKET, subject=nasty, customer=Address("x@y.example", nasty), assignee=Handle(nasty)))
    assert line.isprintable()


def test_markup_is_only_text() -> None:
    assert "[#123] [@click=app.quit]x[/] [/b]" in shown(replace(TICKET, subject="[#123] [@click=app.quit]x[/] [/b]"))


def test_the_plain_signs_are_ascii() -> None:
    assert all(value.isascii() for value in (getattr(ASCII, name) for name in Signs.__slots__))


@pytest.mark.parametrize(
    ("width", "told"), [(60, "aside: "), (78, "forward answered: "), (140, "an answer to what was forwarded: ")]
)
def test_an_answer_to_what_was_forwarded_is_told_in_words_until_it_is_read(width: int, told: str) -> None:
    answered = replace(TICKET, holds=("aside", "answered_aside"), unread=True)
    assert f"{told}Refund" in shown(answered, width)
    assert told not in shown(replace(answered, unread=False), width)


def test_an_answer_of_somebody_who_was_in_bcc_is_told_in_words_too() -> None:
    answered = replace(TICKET, holds=("aside", "answered_aside", "answered_from_bcc"), unread=True)
    assert "an answer of somebody who was in Bcc: Refund" in shown(answered, 140)
