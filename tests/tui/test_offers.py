from __future__ import annotations

from collections.abc import Callable
from threading import Event as Signal

import pytest

from desk.actions.complete import complete
from desk.actions.merge import merge
from desk.actions.reply import reply
from desk.conversation import EntryId, Message
from desk.desk import Desk
from desk.errors import MailUnreachable
from desk.incoming import TOO_LARGE
from desk.offers import Offer, Offered, offers_for
from desk.outgoing import Answer
from desk.people import Address
from desk.standing import Standing
from desk.ticket import Ticket, TicketNumber
from mail.parse import parse
from tests.desk.arriving import arrive, mail_from
from tests.desks import acting_as, receive
from tests.mail.mails import mail, multipart, part
from tests.tui.apps import NARROW, WIDE, Screen, showing

KIM = Address("kim@else.example", "Kim Else")
ONE = TicketNumber(1)


async def opened(screen: Screen, words: str) -> None:
    """Open the first ticket of the list, which has this subject."""
    await screen.sees(words)
    await screen.press("enter")
    await screen.until(lambda: screen.inbox.is_reading)


def offers(desk: Desk, number: TicketNumber) -> list[Offer]:
    return offers_for(desk.ticket(number), desk.store.conversations.of(number))


def with_other_matter(desk: Desk) -> TicketNumber:
    number = receive(desk, subject="Printer", text="It is broken.", message_id="<1@x>").number
    receive(desk, subject="Toner", text="And my toner?", answers=("<1@x>",), references=("<1@x>",), sender=KIM)
    return number


def claiming(desk: Desk) -> Ticket:
    arrive(desk, mail_from("Dana Petrova <dana@corp.example>", "Printer"))
    taken = arrive(desk, mail_from("Eve <eve@elsewhere.example>", "[T-1] Printer again"))
    assert taken.ticket is not None
    return desk.ticket(taken.ticket)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_changed_subject_is_shown_with_the_key_that_splits_it_off(desk: Desk, size: tuple[int, int]) -> None:
    number = with_other_matter(desk)
    async with showing(desk, size) as screen:
        await opened(screen, "Printer")
        await screen.sees("% split off", "subject changed: “Toner”")
        await screen.press("%")
        await screen.sees("Split a mail off ticket 1", "“Toner” of Kim Else <kim@else.example>")
        await screen.press("enter")
        await screen.sees(f"1 mail of ticket {number} became ticket 2, u takes it back")
        await screen.misses("subject changed: “Toner”")
        assert desk.ticket(TicketNumber(2)).customer == KIM
        assert Offered.SPLIT not in {each.what for each in offers(desk, TicketNumber(2))}
        await screen.press("u")
        await screen.sees("taken back on 2 tickets: split", "subject changed: “Toner”")
        assert desk.ticket(TicketNumber(2)).merged_into == number


async def test_an_answer_ends_the_offer(desk: Desk) -> None:
    number = with_other_matter(desk)
    reply(desk, number, Answer(text="Both come."))
    async with showing(desk) as screen:
        await opened(screen, "Printer")
        await screen.sees("Both come.")
        assert "% split off" not in screen.text


async def test_any_mail_under_the_cursor_is_split_off_after_both_sides_were_shown(desk: Desk) -> None:
    number = receive(desk, subject="Printer", message_id="<1@x>").number
    receive(desk, subject="Re: Printer", text="And my toner?", answers=("<1@x>",), sender=KIM)
    async with showing(desk) as screen:
        await opened(screen, "Printer")
        await screen.sees("And my toner?")
        await screen.press("G", "k", "k", "%")
        await screen.sees("“Re: Printer” of Kim Else", "1 keeps     1 mail · Dana Petrova", "They see    nothing")
        assert desk.ticket(number).message_count == 2
        await screen.press("enter")
        await screen.sees("1 mail of ticket 1 became ticket 2")


async def test_a_ticket_that_names_another_one_is_merged_after_its_preview(desk: Desk) -> None:
    number = claiming(desk).number
    async with showing(desk) as screen:
        await screen.sees("[T-1] Printer again")
        await screen.press("G", "enter")
        await screen.sees("= merge", "> open it", "names ticket 1 without proof")
        await screen.press("=")
        await screen.sees("Merge 2 with which ticket?", "says it belongs there")
        await screen.press("enter")
        await screen.sees("Merge 2 tickets into one", "They see    nothing", "Eve <eve@elsewhere.example> wrote too")
        assert desk.ticket(number).merged_into is None
        await screen.press("enter")
        await screen.sees(f"ticket {number} is part of 1 now: 1 mail went there, u takes it back", "1  Printer")
        assert desk.ticket(ONE).message_count == 2
        await screen.press("u")
        await screen.sees("taken back on 2 tickets: merged")
        assert desk.ticket(number).merged_into is None


async def test_the_other_ticket_is_one_key_away(desk: Desk) -> None:
    number = claiming(desk).number
    async with showing(desk, WIDE) as screen:
        await screen.sees("[T-1] Printer again")
        await screen.until(lambda: screen.cursor is not None)
        await screen.press("G")
        await screen.until(lambda: screen.cursor == number)
        await screen.sees("names ticket 1 without proof")
        await screen.press(">")
        await screen.until(lambda: screen.cursor == ONE and screen.inbox.is_reading)


async def test_marked_tickets_become_one_and_one_undo_takes_it_back(desk: Desk) -> None:
    for each in range(3):
        receive(desk, subject=f"Matter {each}", text=f"About {each}")
    async with showing(desk) as screen:
        await screen.sees("Matter 2")
        await screen.press("*", "=")
        await screen.sees("Merge 3 tickets into one", "Then 1 is   open")
        await screen.press("enter")
        await screen.sees("2 tickets are part of 1 now, u takes it back")
        await screen.misses("Matter 2")
        await screen.press("u")
        await screen.sees("Matter 2")


async def test_the_merged_ticket_says_where_it_went(desk: Desk) -> None:
    number = claiming(desk).number
    async with showing(desk) as screen:
        await screen.sees("[T-1] Printer again")
        await screen.press("G", "enter", "=")
        await screen.sees("says it belongs there")
        await screen.press("enter")
        await screen.sees("They see")
        await screen.press("enter")
        await screen.sees("is part of 1 now")
        screen.inbox.action_open_ticket(str(number))
        await screen.sees("> open it", "merged into 1", "ana merged this into ticket 1")
        await screen.press("n")
        await screen.press("q")


async def test_whose_matter_a_forwarded_mail_is_takes_one_key(desk: Desk) -> None:
    raw = multipart("mixed", part("message/rfc822", "From: Dana Petrova <dana@corp.example>\n\nHello"))
    arrive(desk, raw.replace(b"From: Ann Example <ann@customer.example>", b"From: ana@acme.example", 1))
    async with showing(desk, WIDE) as screen:
        await screen.sees("@ confirm", "forwarded by ana@acme.example for dana@corp.example")
        await screen.press("@")
        await screen.sees("1: a matter of Dana Petrova <dana@corp.example>, u takes it back")
        await screen.misses("@ confirm")
        await screen.press("u")
        await screen.sees("@ confirm")


async def test_somebody_new_stands_out(desk: Desk) -> None:
    with_other_matter(desk)
    async with showing(desk, WIDE) as screen:
        await screen.sees("kim@else.example writes here for the first time")
        reader = screen.inbox.reader
        warning = reader.get_component_styles("lines--warning").color
        strips = [reader.render_line(row) for row in range(reader.size.height)]
        segments = [each for strip in strips for each in strip if "for the first time" in each.text]
        assert [each.style.color.triplet for each in segments if each.style and each.style.color] == [
            warning.rich_color.triplet
        ]


class Loading:
    """A mailbox that gives a large mail whole, when it may."""

    mailboxes = ("support",)

    def __init__(self, desk: Desk) -> None:
        self.desk, self.may, self.asked = desk, Signal(), 0
        self.is_away = False

    def deliver(self) -> None:
        """Nothing is due."""

    def follow(self, tell: Callable[[Standing], None]) -> None:
        """Nothing comes."""

    def hurry(self) -> None:
        """There is nothing to hurry."""

    def stop(self) -> None:
        self.may.set()

    def load_whole(self, entry: EntryId) -> None:
        self.asked += 1
        self.may.wait(60)
        if self.is_away:
            raise MailUnreachable("the mail server is away")
        raw = mail(body="All of it is here, to the very end.")
        complete(self.desk, entry, parse(raw), self.desk.blobs.put(raw))


def with_large_mail(desk: Desk) -> None:
    number = receive(desk, subject="Large", text="The beginning", defects=(f"{TOO_LARGE}: 40 MB",)).number
    assert any(isinstance(each, Message) for each in desk.store.conversations.of(number))


async def test_the_rest_of_a_large_mail_is_loaded_by_a_key_while_the_screen_goes_on(desk: Desk) -> None:
    with_large_mail(desk)
    mailbox = Loading(desk)
    async with showing(desk, background=mailbox) as screen:
        await opened(screen, "Large")
        await screen.sees("v w load", "only the beginning of Dana Petrova's mail is here")
        await screen.press("v", "w")
        await screen.sees("loading the rest of the mail …")
        await screen.press("v", "w")
        await screen.sees("the rest of the mail is still being loaded")
        mailbox.may.set()
        await screen.sees("all of the mail is here", "All of it is here, to the very end.")
        assert mailbox.asked == 1
        assert "v w load" not in screen.text


async def test_why_it_cannot_be_loaded_is_said(desk: Desk) -> None:
    with_large_mail(desk)
    mailbox = Loading(desk)
    mailbox.is_away = True
    mailbox.may.set()
    async with showing(desk, background=mailbox) as screen:
        await opened(screen, "Large")
        await screen.press("v", "w")
        await screen.sees("load: the mail server is away")
    async with showing(desk) as screen:
        await opened(screen, "Large")
        await screen.press("v", "w")
        await screen.sees("no mailbox is connected to this screen")


async def test_keys_without_an_offer_say_so(desk: Desk) -> None:
    receive(desk, subject="Printer")
    async with showing(desk, WIDE) as screen:
        await screen.sees("Printer")
        for key, words in (
            ("%", "no mail of ticket 1 can be split off"),
            (">", "goes with no other ticket"),
            ("@", "nobody is proposed as the customer of 1"),
            ("v w", "are here whole"),
        ):
            await screen.press(*key.split())
            await screen.sees(words)


async def test_a_split_of_what_moved_meanwhile_is_refused(desk: Desk) -> None:
    with_other_matter(desk)
    async with showing(desk) as screen:
        await opened(screen, "Printer")
        await screen.sees("% split off")
        await screen.press("%")
        await screen.sees("They see")
        receive(desk, subject="Re: Printer", text="Where are you?", answers=("<1@x>",))
        await screen.press("enter")
        await screen.sees("ticket 1 moved since you looked at it")
        assert len(desk.store.conversations.of(TicketNumber(2))) == 0


async def test_who_answers_a_ticket_that_a_colleague_merges_is_told_and_loses_no_word(desk: Desk) -> None:
    receive(desk, subject="Printer")
    receive(desk, subject="Toner", sender=KIM)
    async with showing(desk) as screen:
        await screen.sees("Toner")
        await screen.press("G", "r")
        await screen.sees("Reply to Kim Else <kim@else.example>")
        await screen.type("It is on its way.")
        merge(acting_as(desk, "bo"), [TicketNumber(2)], ONE)
        await screen.press("escape")
        await screen.sees("bo merged this ticket into 1")
        await screen.press("y")
        await screen.until(lambda: bool(desk.store.drafts.of(ONE)))
        assert [(each.text, each.aside) for each in desk.store.drafts.of(ONE)] == [("It is on its way.", True)]
        assert desk.store.outbox.of(ONE) == desk.store.outbox.of(TicketNumber(2)) == []
