from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest
from rich.cells import cell_len

from desk.actions.assign import assign
from desk.actions.cancel import cancel
from desk.actions.note import add_note
from desk.actions.priority import set_priority
from desk.actions.reply import reply
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.conversation import Attachment
from desk.desk import Desk
from desk.outgoing import Answer, OutboxState
from desk.people import Address, Handle
from desk.steps import MacroUse
from desk.ticket import Priority
from tests.desks import SetClock, acting_as, receive
from tui.reader.bodies import Opened
from tui.reader.conversation import Conversation
from tui.reader.lines import Frame, Ground
from tui.reader.opened import OpenTicket, load
from tui.reader.view import View, first_open
from tui.style.signs import ASCII

WIDTH = 60
QUOTED = "\n\nOn Thu, 19 Nov 2026 at 09:30, Acme <support@acme.example> wrote:\n> one\n> two\n> three\n"


def told(opened: OpenTicket, clock: SetClock, view: View | None = None) -> list[str]:
    """The conversation, each line without the blanks at its end."""
    frame = Frame(WIDTH, clock(), UTC)
    lines = Conversation().lines(opened, view or View(entries=first_open(opened)), frame)
    return [each.text.rstrip() for each in lines]


def test_a_mail_says_who_when_and_what(desk: Desk, clock: SetClock) -> None:
    number = receive(desk, text="Hello, it broke.\n\nDana").number
    first, *text = told(load(desk, number), clock)
    assert first == "Dana Petrova" + " " * 43 + "09:00"
    assert text == ["Hello, it broke.", "", "Dana"]


def test_an_address_that_is_not_the_customers_is_told(desk: Desk, clock: SetClock) -> None:
    number = receive(desk, message_id="<1@corp.example>").number
    receive(desk, sender=Address("dana@evil.example", "Dana Petrova"), answers=("<1@corp.example>",), text="pay me")
    heads = [each for each in told(load(desk, number), clock) if each.startswith("Dana")]
    assert heads[0].split("  ")[0] == "Dana Petrova"
    assert "<dana@evil.example>" in heads[1]


def test_a_quotation_is_folded_and_opens(desk: Desk, clock: SetClock) -> None:
    opened = load(desk, receive(desk, subject="Re: Refund", text="Hello, it broke." + QUOTED).number)
    assert told(opened, clock)[1:] == ["Hello, it broke.", "  ▸ 4 quoted lines"]
    view = View(entries=first_open(opened), texts=Opened(quotes=True))
    assert told(opened, clock, view)[2:] == [
        "  ▾ 4 quoted lines",
        "On Thu, 19 Nov 2026 at 09:30, Acme <support@acme.example>",
        "wrote:",
        "> one",
        "> two",
        "> three",
    ]


@pytest.mark.parametrize("subject", ["Refund", "Fwd: Refund", "WG: Refund"])
def test_what_a_mail_that_answers_none_or_is_forwarded_holds_stands_open(
    desk: Desk, clock: SetClock, subject: str
) -> None:
    opened = load(desk, receive(desk, subject=subject, text="Hello, it broke." + QUOTED).number)
    assert told(opened, clock)[-1] == "> three"


def test_what_a_machine_wrote_stands_open_when_it_is_opened(desk: Desk, clock: SetClock) -> None:
    text = f"It could not be delivered.{QUOTED}"
    opened = load(desk, receive(desk, subject="Re: Refund", text=text, automatic="it is a report").number)
    view = View(entries=frozenset(each.id for each in opened.entries))
    assert told(opened, clock, view)[-1] == "> three"


def test_one_key_opens_signatures_with_the_quotations(desk: Desk, clock: SetClock) -> None:
    text = f"Hello, it broke.\n\n-- \nDana Petrova\nCorp Ltd{QUOTED}"
    opened = load(desk, receive(desk, subject="Re: Refund", text=text).number)
    assert told(opened, clock)[1:] == ["Hello, it broke.", "  ▸ signature, 2 lines", "  ▸ 4 quoted lines"]
    lines = told(opened, clock, View(entries=first_open(opened), texts=Opened(quotes=True)))
    assert "Corp Ltd" in lines
    assert "> three" in lines


def test_defects_copies_and_files_are_told(desk: Desk, clock: SetClock) -> None:
    file = Attachment("invoice\u202egpj.exe", "application/pdf", 84_213, "0" * 64, 1)
    boss = Address("boss@corp.example", "Boss")
    number = receive(
        desk,
        cc=(boss,),
        attachments=(file, replace(file, name="logo.png", is_inline=True)),
        defects=("the mail ends early",),
        facts=("invitation: Planning", "when: Mon 23 Nov 2026, 10:00 (UTC)"),
        text="See file, please",
    ).number
    assert told(load(desk, number), clock)[1:] == [
        "cc Boss <boss@corp.example>",
        "⚠ the mail ends early",
        "▫ invitation: Planning",
        "▫ when: Mon 23 Nov 2026, 10:00 (UTC)",
        "See file, please",
        "  ▤ invoice\ufffdgpj.exe  84 KB",
        "  ▤ logo.png  84 KB  in the text",
    ]


def test_files_with_long_names_stand_below_the_text(desk: Desk, clock: SetClock) -> None:
    file = Attachment(f"{'x' * 100}.pdf", "application/pdf", 84_213, "0" * 64, 1)
    number = receive(desk, attachments=(file, replace(file, name="y.pdf")), text="See files, please").number
    lines = told(load(desk, number), clock)
    assert lines[1] == "See files, please"
    assert lines[-1] == "  ▤ y.pdf  84 KB"
    assert all(each.startswith(("  ▤ ", "    x", "    p", "    .")) for each in lines[2:])


def test_what_the_list_warns_of_is_told(desk: Desk, clock: SetClock) -> None:
    masked = load(desk, receive(desk, subject="Refund \u202egpj.exe").number)
    assert "⚠ the subject holds characters that hide or turn text" in told(masked, clock)
    honest = load(desk, receive(desk, subject="می\u200cخواهم 👩\u200d👧").number)
    assert not any(each.startswith("⚠") for each in told(honest, clock))


def test_headers_are_shown_on_demand(desk: Desk, clock: SetClock) -> None:
    opened = load(desk, receive(desk, message_id="<1@corp.example>").number)
    shown = told(opened, clock, View(entries=first_open(opened), headers={}))
    assert "From: Dana Petrova <dana@corp.example>" in shown
    assert "To: Acme Support <support@acme.example>" in shown
    assert "Message-ID: <1@corp.example>" in shown
    assert "Received: Fri, 20 Nov 2026 09:00:00 UTC" in shown


def test_a_reply_tells_how_it_stands(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    queued = reply(desk, number, Answer(text="Hello Dana", macro=MacroUse("thanks", "0" * 12)))
    assert told(load(desk, number), clock)[3:] == [
        "▎ ana → Dana  macro… queued, leaves in 10 s, u takes it back",
        "▎ Hello Dana",
        "",
        "ana took it" + " " * 44 + "09:00",
    ]
    refused = "no such user " * 6
    desk.store.outbox.put(replace(queued, state=OutboxState.REFUSED, last_error=refused))
    shown = told(load(desk, number), clock)
    assert shown[3].endswith("refused")
    assert shown[4:6] == ["▎ ⚠ no such user no such user no such user no such user no", "▎ such user no such user"]


def test_a_reply_that_was_taken_back_is_folded(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    cancel(desk, reply(desk, number, Answer(text="Hello Dana")).id)
    (line,) = [each for each in told(load(desk, number), clock) if "Hello Dana" in each or "cancelled" in each]
    assert line.startswith("▸ ana → Dana")
    assert "cancelled: taken back" in line


def test_a_note_says_so_and_stands_on_its_own_ground(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    note = add_note(acting_as(desk, "bo"), number, "The bank says no.")
    opened = load(desk, number)
    lines = Conversation().lines(opened, View(entries=first_open(opened)), Frame(WIDTH, clock(), UTC))
    noted = [each for each in lines if each.entry == note.id]
    assert [each.text.rstrip() for each in noted] == ["NOTE  bo" + " " * 47 + "09:00", "  The bank says no."]
    assert {each.ground for each in noted} == {Ground.NOTE}
    assert {each.ground for each in lines if each.entry != note.id} == {Ground.PAPER}


def test_a_note_that_was_taken_back_shows_no_word_of_it(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    add_note(desk, number, "The bank says no.")
    undo(desk)
    shown = told(load(desk, number), clock)
    assert any("ana took a note back" in each for each in shown)
    assert not any("bank" in each for each in shown)


def test_what_one_agent_did_within_an_hour_shares_a_line(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    assign(desk, number, Handle("ana"))
    clock.go_on(minutes=59)
    tag(desk, number, ("refund",))
    clock.go_on(minutes=3)
    set_priority(desk, number, Priority.HIGH)
    assert told(load(desk, number), clock)[3:] == [
        "ana took it · tagged refund" + " " * 28 + "09:59",
        "ana set priority high" + " " * 34 + "10:02",
    ]


def test_what_two_agents_did_does_not_share_a_line(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    assign(desk, number, Handle("ana"))
    tag(acting_as(desk, "bo"), number, ("refund",))
    assert [each.split("  ")[0] for each in told(load(desk, number), clock)[3:]] == ["ana took it", "bo tagged refund"]


def test_that_a_long_event_was_taken_back_is_not_cut_off(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    tag(desk, number, tuple(f"a-long-tag-{at}" for at in range(5)))
    undo(desk)
    assert told(load(desk, number), clock)[3:] == [
        "ana tagged a-long-tag-0 a-long-tag-1 a-long-tag-2" + " " * 6 + "09:00",
        "a-long-tag-3 a-long-tag-4 (taken back)",
    ]


def test_a_very_long_event_takes_no_more_than_a_few_rows(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    tag(desk, number, tuple(f"a-long-tag-{at}" for at in range(50)))
    shown = told(load(desk, number), clock)[3:]
    assert len(shown) == 4
    assert shown[-1].endswith("…")


def test_only_what_waits_for_an_answer_is_open(desk: Desk, clock: SetClock) -> None:
    number = receive(desk, text="The first words of all", message_id="<1@corp.example>").number
    clock.go_on(hours=1)
    reply(desk, number, Answer(text="An answer to it"))
    clock.go_on(hours=30)
    receive(desk, text="It broke again, alas", message_id="<2@corp.example>", answers=("<1@corp.example>",))
    receive(desk, text="And one thing more here", answers=("<2@corp.example>",))
    shown = told(load(desk, number), clock)
    assert [each[:2] for each in shown if each][:3] == ["▸ ", "▸ ", "an"]
    assert "The first words of all" in shown[0]
    assert "It broke again, alas" in shown
    assert "And one thing more here" in shown


def test_signs_are_plain_where_the_terminal_asks(desk: Desk, clock: SetClock) -> None:
    opened = load(desk, receive(desk, text="Hello, it broke." + QUOTED, defects=("odd",)).number)
    reply(desk, opened.ticket.number, Answer(text="Hello Dana"))
    opened = load(desk, opened.ticket.number)
    lines = Conversation().lines(opened, View(entries=first_open(opened)), Frame(WIDTH, clock(), UTC, ASCII))
    assert all(each.text.replace("…", "").isascii() for each in lines)


@pytest.mark.parametrize("width", [20, 33, 58, 100])
def test_no_line_is_wider_than_its_frame(desk: Desk, clock: SetClock, width: int) -> None:
    number = receive(desk, text="注文について" * 30 + QUOTED, sender=Address("sato@example.jp", "佐藤 健一" * 9)).number
    reply(desk, number, Answer(text="word " * 50))
    add_note(desk, number, "x" * 300)
    opened = load(desk, number)
    for view in (View(), View(entries=first_open(opened), headers={})):
        lines = Conversation().lines(opened, view, Frame(width, clock(), UTC))
        assert max(cell_len(each.text) for each in lines) <= width


def test_what_a_colleague_put_into_a_note_stands_open(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    add_note(acting_as(desk, "ana"), number, "The bank says this." + QUOTED)
    assert told(load(desk, number), clock)[-1].strip() == "> three"
