from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from threading import Event

import pytest

from desk.actions.note import add_note
from desk.desk import Desk
from desk.forms import Forms
from desk.incoming import Fetched, Place
from desk.intake import take_in
from desk.people import Address
from desk.ports.outside import MailForms
from desk.ticket import TicketNumber
from mail.parse import parse
from tests.desks import SetClock, receive
from tests.tui.apps import WIDE, Screen, showing
from tui.screens.source import PART, part_of

EVIL = '<p>Pay <a href="https://evil.example/x">https://paypal.com</a> or <a href="https://corp.example/">us</a></p>'


class SlowForms:
    """Reads mails for links once it is told to go on."""

    def __init__(self, forms: MailForms | None) -> None:
        self._forms = forms
        self.asked, self.go_on, self.answered = Event(), Event(), Event()

    def of(self, raw: bytes) -> Forms:
        assert self._forms is not None
        self.asked.set()
        assert self.go_on.wait(30.0)
        try:
            return self._forms.of(raw)
        finally:
            self.answered.set()


def arrive(desk: Desk, text: str, html: str = "") -> TicketNumber:
    """Take in a real mail, from its bytes."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Dana Petrova <dana@corp.example>", "support@acme.example", "Refund"
    mail["X-Spam-Status"], mail["Message-ID"] = "No, score=\x1b[31m-2", "<1@corp.example>"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    raw = mail.as_bytes()
    taken = take_in(desk, Fetched(Place("support", "INBOX", 1, 1), raw, desk.clock()), parse(raw), desk.blobs.put(raw))
    assert taken is not None
    assert taken.ticket is not None
    return taken.ticket


async def opened(screen: Screen) -> None:
    await screen.sees("Dana Petrova")
    await screen.press("enter")
    await screen.until(lambda: screen.inbox.reader.has_focus)


async def test_the_other_form_of_a_mail_stands_in_the_place_of_its_text(desk: Desk) -> None:
    arrive(desk, "Pay us, says the plain text.", EVIL)
    async with showing(desk) as screen:
        await opened(screen)
        await screen.sees("says the plain text")
        await screen.press("v", "t")
        await screen.sees("another form of this mail", "Pay https://paypal.com <https://evil.example/x>")
        assert "says the plain text" not in screen.text
        await screen.press("v", "t")
        await screen.sees("says the plain text")


async def test_links_tell_their_true_hosts_and_are_copied(desk: Desk) -> None:
    arrive(desk, "Pay us, says the plain text.", EVIL)
    async with showing(desk) as screen:
        await opened(screen)
        await screen.press("v", "l")
        await screen.sees("⚠ evil.example  https://paypal.com", "its words say paypal.com", "2 links")
        await screen.press("j", "y")
        await screen.sees("copied: https://corp.example/")


async def test_links_that_are_found_after_the_mail_was_left_do_not_stand_over_the_list(desk: Desk) -> None:
    arrive(desk, "Pay us, says the plain text.", EVIL)
    slow = SlowForms(desk.forms)
    async with showing(replace(desk, forms=slow)) as screen:
        await opened(screen)
        await screen.press("v", "l")
        await screen.until(slow.asked.is_set)
        await screen.press("q")
        await screen.until(lambda: not screen.inbox.reader.has_focus)
        slow.go_on.set()
        await screen.until(slow.answered.is_set)
        await screen.press("enter", "y", "b")
        await screen.sees("copied")
        assert "2 links" not in screen.text


async def test_a_link_on_the_line_is_copied_at_once(desk: Desk) -> None:
    receive(desk, text="The page is\nhttps://corp.example/orders/7 as you know.\nAnd https://other.example/ too.")
    async with showing(desk) as screen:
        await opened(screen)
        await screen.press("j", "j", "y", "l")
        await screen.sees("copied: https://corp.example/orders/7")


async def test_all_headers_are_shown_safe_to_read(desk: Desk) -> None:
    arrive(desk, "Hello.")
    async with showing(desk) as screen:
        await opened(screen)
        await screen.press("v", "h")
        await screen.sees("X-Spam-Status: No, score=")
        assert "\x1b" not in screen.text
        await screen.press("v", "h")
        await screen.misses("X-Spam-Status")


async def test_a_mail_is_shown_as_it_came_and_searched(desk: Desk) -> None:
    arrive(desk, "Hello zebra.\n" * 40)
    async with showing(desk) as screen:
        await opened(screen)
        await screen.press("v", "r")
        await screen.sees("as it came", "Message-ID: <1@corp.example>")
        await screen.misses("n next")
        await screen.press("/")
        await screen.type("zebra")
        await screen.sees("1 of 40")
        await screen.press("enter", "n")
        await screen.sees("2 of 40", "n next")
        await screen.press("escape")
        await screen.misses("of 40")
        await screen.misses("n next")
        await screen.press("escape")
        await screen.until(lambda: screen.app.screen is screen.inbox)


async def test_of_a_note_there_is_no_source_and_it_says_so(desk: Desk) -> None:
    add_note(desk, arrive(desk, "Hello."), "Only among us: https://bank.example/7")
    async with showing(desk) as screen:
        await opened(screen)
        await screen.press("G", "v", "r")
        await screen.sees("a note is no mail")
        await screen.press("v", "l")
        await screen.sees("bank.example", "1 link")


async def test_a_whole_text_is_copied_and_shown_where_it_may_not_arrive(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "TMUX",
        "KITTY_WINDOW_ID",
        "WEZTERM_PANE",
        "WT_SESSION",
        "ALACRITTY_WINDOW_ID",
        "GHOSTTY_RESOURCES_DIR",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    arrive(desk, "Line one.\nLine two \x1b]52;c;eA==\x07here.")
    async with showing(desk) as screen:
        await opened(screen)
        await screen.press("y", "b")
        await screen.sees("Copied", "if this terminal takes it", "Line one.")
        assert "\x1b" not in screen.app.clipboard
        assert screen.app.clipboard.startswith("Line one.\nLine two")
        await screen.press("q")
        await screen.until(lambda: screen.app.screen is screen.inbox)


async def test_from_the_list_the_newest_mail_of_the_ticket_under_the_cursor_is_copied(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-kitty")
    first = receive(desk, subject="With a link", text="Old words", message_id="<one@corp.example>")
    receive(desk, subject="Re: With a link", text="New\nwords: https://a.example/new", answers=("<one@corp.example>",))
    add_note(desk, first.number, "Only ours: https://a.example/note")
    receive(desk, subject="Of another", sender=Address("eve@corp.example"), text="No link")
    async with showing(desk, WIDE) as screen:
        screen.inbox.tickets.go_to(first.number)
        await screen.press("y", "b")
        await screen.sees("copied 2 lines")
        assert screen.app.clipboard == "New\nwords: https://a.example/new"
        await screen.press("y", "l")
        await screen.sees("copied: https://a.example/new")
        screen.inbox.tickets.go_to(TicketNumber(2))
        await screen.press("y", "l")
        await screen.sees("there is no link in it")


async def test_folds_open_and_close_as_in_vim(desk: Desk, clock: SetClock) -> None:
    number = receive(desk, text="The first words of all.", message_id="<0@corp.example>").number
    for at in range(4):
        clock.go_on(hours=30)
        receive(
            desk, text=f"Words number {at}.", message_id=f"<{at + 1}@corp.example>", answers=(f"<{at}@corp.example>",)
        )
    desk.store.tickets.get(number)
    async with showing(desk, WIDE) as screen:
        await opened(screen)
        await screen.press("z", "M")
        await screen.sees("▸ 5 earlier messages")
        await screen.press("G", "enter")
        await screen.sees("▸ Dana Petrova  The first words of all.", "▸ Dana Petrova  Words number 3.")
        await screen.press("z", "R")
        await screen.misses("▸ Dana Petrova")
        await screen.press("z", "c")
        await screen.until(lambda: screen.text.count("▸ Dana Petrova") == 1)
        await screen.press("z", "o")
        await screen.misses("▸ Dana Petrova")


def test_a_large_mail_is_shown_in_parts_and_every_byte_safely() -> None:
    data = b"Subject: x\r\n\r\n" + b"\x1b[2J\xff\x9b \xe2\x80\xae" + b"a" * (2 * PART)
    first, last = part_of(data, 0, 76), part_of(data, 99, 76)
    assert (first.at, last.at, first.count) == (0, 2, 3)
    text = "".join(each.text for each in first.lines)
    assert "␛[2J\\xff\\x9b" in text
    assert text.isprintable()
