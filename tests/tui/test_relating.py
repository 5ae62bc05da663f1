from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from desk.actions.draft import save_draft
from desk.actions.link import link, unlink
from desk.actions.merge import merge
from desk.actions.note import add_note
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.conversation import Message
from desk.desk import Desk
from desk.draft import DraftKind
from desk.people import Address, Handle
from desk.relations import related_to
from desk.splitting import plan_split
from desk.ticket import Status, TicketNumber
from desk.written import Written
from tests.desks import acting_as, receive
from tests.tui.apps import NARROW, WIDE, Screen, showing
from tests.tui.composing import begun, ended, write
from tests.tui.held_up import slow_reads
from tui.actions.plans import split_facts
from tui.composer.dispatch import NEWS_HOLD

KIM = Address("kim@else.example", "Kim Else")
ONE, TWO, THREE = TicketNumber(1), TicketNumber(2), TicketNumber(3)


@pytest.fixture
def asked_twice(desk: Desk) -> Desk:
    """Dana asked about one printer in two mails; Kim asks for something else."""
    receive(desk, subject="Refund for my printer", text="Where is it?")
    receive(desk, subject="Refund for my printer", text="Still nothing.")
    receive(desk, subject="Toner", text="It is empty.", sender=KIM)
    return desk


async def reading(screen: Screen, number: TicketNumber) -> None:
    await screen.until(lambda: screen.cursor is not None)
    screen.inbox.action_open_ticket(str(number))
    await screen.until(lambda: screen.inbox.is_reading and screen.inbox.reader.current is not None)


async def test_of_a_ticket_with_one_mail_it_is_said_that_there_is_nothing_to_split_off(asked_twice: Desk) -> None:
    async with showing(asked_twice) as screen:
        await reading(screen, THREE)
        await screen.press("%")
        await screen.sees("no mail of ticket 3 can be split off (it has only one mail)")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_who_asks_twice_is_told_of_quietly_and_merged_by_three_keys(
    asked_twice: Desk, size: tuple[int, int]
) -> None:
    desk = asked_twice
    tag(desk, TWO, ["refund"])
    add_note(desk, TWO, "She waits.")
    save_draft(acting_as(desk, "bo"), TWO, DraftKind.REPLY, Written("I am on it."))
    async with showing(desk, size) as screen:
        await reading(screen, TWO)
        await screen.sees("looks like 1 by the same customer", "= merge")
        await screen.press("=")
        await screen.sees("looks like it")
        await screen.press("enter")
        await screen.sees(
            "Refund for my printer",
            "goes on",
            "→ 1",
            "1 mail · 1 note · #refund · bo's unfinished answer",
            "kept aside there for their authors",
            "no mail is sent",
        )
        await screen.press("enter")
        await screen.sees("ticket 2 is part of 1 now")
        assert desk.ticket(TWO).merged_into == ONE
        await screen.misses("looks like")
        await screen.press("u")
        await screen.sees("taken back on 2 tickets: merged")
        assert desk.ticket(TWO).merged_into is None


async def test_the_arrows_choose_which_ticket_goes_on(asked_twice: Desk) -> None:
    async with showing(asked_twice) as screen:
        await screen.sees("Toner")
        await screen.press("*", "=")
        await screen.sees("Then 1 is", "Kim Else <kim@else.example> wrote too: check To before you answer")
        await screen.press("j")
        await screen.sees("Then 2 is")
        await screen.press("down", "down")
        await screen.sees("Then 3 is", "Dana Petrova <dana@corp.example> wrote too")
        await screen.press("enter")
        await screen.sees("2 tickets are part of 3 now")
        assert asked_twice.ticket(THREE).customer == KIM


@pytest.mark.parametrize("size", [(80, 24), (60, 16)], ids=["80x24", "60x16"])
async def test_of_many_marked_tickets_the_keys_and_what_becomes_of_them_stay_in_sight(
    desk: Desk, size: tuple[int, int]
) -> None:
    for each in range(30):
        sender = Address(f"kim{each}@else.example", "Kim")
        receive(desk, subject=f"Matter {each}", text=f"About {'x' * each}", sender=sender)
    async with showing(desk, size) as screen:
        await screen.sees("Matter 0")
        await screen.press("*", "=")
        await screen.sees("Merge 30 tickets into one", "Then 1 is", "Enter merges")
        await screen.press("pagedown", "pagedown", "pagedown")
        await screen.sees("Then 16 is", "16  Matter 15", "goes on", "Enter merges")


async def test_who_takes_a_merge_back_stands_where_they_stood_before_it(desk: Desk) -> None:
    first, *others = [receive(desk, subject=f"Matter {at}").number for at in range(4)]
    async with showing(desk) as screen:
        await screen.until(lambda: screen.cursor == first)
        merge(desk, others, first)
        await screen.until(lambda: all(desk.ticket(each).merged_into == first for each in others))
        await screen.press("u")
        await screen.sees("taken back on 4 tickets: merged")
        await screen.until(lambda: screen.cursor == first)


async def test_what_cannot_be_merged_is_said_and_stays(asked_twice: Desk) -> None:
    set_status(asked_twice, THREE, Status.SPAM)
    async with showing(asked_twice) as screen:
        await screen.sees("Refund for my printer")
        await screen.press("g", "a")
        await screen.sees("Toner")
        await screen.press("*", "=")
        await screen.sees("stays as it is", "ticket 3 is spam", "Enter merges")
        await screen.press("enter")
        await screen.sees("ticket 2 is part of 1 now")
        assert asked_twice.ticket(THREE).merged_into is None


async def test_nothing_is_merged_where_nothing_can_be(asked_twice: Desk) -> None:
    set_status(asked_twice, THREE, Status.SPAM)
    async with showing(asked_twice) as screen:
        await reading(screen, ONE)
        await screen.press("=")
        await screen.sees("which ticket?")
        await screen.type("toner")
        await screen.sees("Kim Else")
        await screen.press("enter")
        await screen.sees("nothing here can be merged")
        assert "Enter merges" not in screen.text
        await screen.press("enter", "escape")
        await screen.until(lambda: screen.inbox.is_active)
        assert asked_twice.ticket(ONE).merged_into is None


async def test_what_came_while_the_preview_was_looked_at_stops_the_merge(asked_twice: Desk) -> None:
    async with showing(asked_twice) as screen:
        await reading(screen, TWO)
        await screen.press("=")
        await screen.sees("looks like it")
        await screen.press("enter")
        await screen.sees("They see")
        add_note(acting_as(asked_twice, "bo"), ONE, "I called her.")
        await screen.press("enter")
        await screen.sees("ticket 1 moved since you looked at it")
        assert asked_twice.ticket(TWO).merged_into is None


async def test_two_matters_are_said_to_be_so_once_and_for_all(asked_twice: Desk) -> None:
    async with showing(asked_twice) as screen:
        await reading(screen, TWO)
        await screen.sees("looks like 1 by the same customer")
        await screen.press("=")
        await screen.sees("looks like it")
        await screen.press("enter")
        await screen.sees("x two matters")
        await screen.press("x")
        await screen.sees("two matters: nobody is asked about them again")
        await screen.misses("looks like 1")
        await screen.press("u")
        await screen.sees("looks like 1 by the same customer")


async def test_two_of_three_that_look_alike_are_kept_apart_and_no_others(asked_twice: Desk) -> None:
    third = receive(asked_twice, subject="Refund for my printer", text="Hello?").number
    async with showing(asked_twice) as screen:
        await reading(screen, TWO)
        await screen.press("=")
        await screen.sees("looks like it")
        await screen.type("1")
        await screen.press("enter")
        await screen.sees("x two matters")
        await screen.press("x")
        await screen.sees("two matters: nobody is asked about them again")
    assert {each: asked_twice.ticket(each).resembles for each in (ONE, TWO, third)} == {
        ONE: (third,),
        TWO: (third,),
        third: (ONE, TWO),
    }


async def test_any_ticket_is_found_by_its_number_or_its_words(asked_twice: Desk) -> None:
    async with showing(asked_twice) as screen:
        await reading(screen, ONE)
        for typed in ("3", "#3", "toner", "kim"):
            await screen.press("=")
            await screen.sees("which ticket?")
            await screen.type(typed)
            await screen.sees("Kim Else          Toner")
            await screen.press("escape")
            await screen.misses("which ticket?")
        await screen.press("=")
        await screen.type("is:nonsense")
        await screen.sees("does not know “nonsense”")


async def test_a_merged_number_means_the_ticket_that_goes_on(asked_twice: Desk) -> None:
    merge(asked_twice, [TWO], ONE)
    async with showing(asked_twice) as screen:
        await reading(screen, THREE)
        await screen.press("=")
        await screen.sees("which ticket?")
        await screen.type("2")
        await screen.sees("1  Dana Petrova")
        await screen.press("enter")
        await screen.sees("Then 1 is")


async def test_nothing_is_begun_on_a_ticket_for_which_another_goes_on(asked_twice: Desk) -> None:
    merge(asked_twice, (TWO,), ONE)
    async with showing(asked_twice) as screen:
        await reading(screen, TWO)
        for key in ("r", "n", "m"):
            await screen.press(key)
            await screen.sees("ticket 2 was merged into 1", "> opens it")
            assert screen.app.screen is screen.inbox
            await screen.press("v", "escape")


async def written_and_merged(screen: Screen, text: str, number: TicketNumber, into: TicketNumber) -> None:
    """Write an answer that is kept, and whose ticket bo merges away then."""
    await reading(screen, number)
    await begun(screen, "r")
    write(screen, text)
    await screen.press("ctrl+s")
    await screen.sees(" saved ")
    merge(acting_as(screen.app.desk, "bo"), (number,), into)
    await screen.sees(f"bo merged this ticket into {into}")


async def test_what_is_written_on_a_ticket_that_is_merged_meanwhile_goes_on_where_that_went(asked_twice: Desk) -> None:
    async with showing(asked_twice) as screen:
        await written_and_merged(screen, "It is on its way.", TWO, ONE)
        await screen.press("escape", "y")
        await screen.sees("not sent: bo merged this ticket", "p keeps it there")
        assert "take over" not in screen.text
        await screen.press("t")
        await screen.sees("What you write is kept aside there.")
        await screen.press("escape")
        write(screen, " Till Friday.")
        await screen.press("escape", "p")
        await ended(screen)
        await screen.press(">")
        await screen.until(lambda: screen.inbox.reader.current is not None and screen.inbox.target() == ONE)
        composer = await begun(screen, "r")
        await screen.until(lambda: composer.text == "It is on its way. Till Friday.")
        await screen.sees("your draft of", "is back")
        assert "^r" not in screen.text
    assert [each.text for each in asked_twice.store.drafts.of(ONE)] == ["It is on its way. Till Friday."]


async def test_an_answer_whose_ticket_is_merged_away_goes_to_whom_it_was_written_and_says_so(
    desk: Desk,
) -> None:
    receive(desk)
    receive(desk, subject="Toner", sender=KIM, message_id="<kim@else.example>")
    async with showing(desk) as screen:
        await written_and_merged(screen, "Dear Dana, your refund is on its way.", ONE, TWO)
        await screen.press("escape", "p")
        await ended(screen)
        await reading(screen, TWO)
        composer = await begun(screen, "r")
        await screen.until(lambda: "Dear Dana" in composer.text)
        await screen.sees("kim@else.example by now: To stays dana@corp.example")
        await screen.press("escape", "y")
        await screen.sees("not sent: written to dana@corp.example")
        await asyncio.sleep(NEWS_HOLD)
        await screen.press("y")
        await screen.sees("not sent: Kim Else wrote a mail")
        assert desk.store.outbox.all() == []
        await asyncio.sleep(NEWS_HOLD)
        await screen.press("y")
        await ended(screen)
    [mail] = desk.store.outbox.all()
    assert list(mail.recipients) == ["dana@corp.example"]


async def test_of_marked_tickets_one_that_was_merged_before_stays_and_what_goes_on_for_it_is_meant(
    asked_twice: Desk,
) -> None:
    merge(asked_twice, [ONE], TWO)
    async with showing(asked_twice) as screen:
        await screen.sees("Toner")
        await screen.press("/")
        await screen.type("is:merged or is:open")
        await screen.press("enter")
        await screen.until(lambda: len(screen.inbox.tickets.numbers) == len((ONE, TWO, THREE)))
        await screen.press("*", "=")
        await screen.sees("Then 2 is", "ticket 1 was merged into 2 already", "3  Toner")
        await screen.press("enter")
        await screen.sees("ticket 3 is part of 2 now")


async def test_tickets_are_linked_opened_and_unlinked(asked_twice: Desk) -> None:
    async with showing(asked_twice) as screen:
        await reading(screen, ONE)
        await screen.press("L")
        await screen.sees("Link 1 with which ticket?")
        await screen.type("toner")
        await screen.sees("Kim Else          Toner")
        await screen.press("enter")
        await screen.sees("1 and 3 are linked, u takes it back", "related to 3 “Toner”, which is open")
        await reading(screen, THREE)
        await screen.sees("related to 1 “Refund for my printer”, which is open")
        await screen.press(">")
        await screen.until(lambda: screen.shown == ONE)
        await screen.press("L")
        await screen.sees("linked: Enter unlinks")
        await screen.type("3")
        await screen.sees("Toner", "linked: Enter unlinks")
        await screen.press("enter")
        await screen.sees("1 and 3 are linked no more, u takes it back")
        await screen.press("u")
        await screen.sees("related to 3 “Toner”, which is open")


async def test_of_several_other_tickets_one_is_chosen(asked_twice: Desk) -> None:
    link(asked_twice, ONE, THREE)
    async with showing(asked_twice) as screen:
        await reading(screen, ONE)
        await screen.sees("looks like 2", "related to 3")
        await screen.press(">")
        await screen.sees("Open which one?")
        await screen.press("down", "enter")
        await screen.until(lambda: screen.shown == THREE)


async def test_a_link_that_a_colleague_made_or_took_off_meanwhile_is_not_turned_round(asked_twice: Desk) -> None:
    bo = acting_as(asked_twice, "bo")
    async with showing(asked_twice) as screen:
        await reading(screen, ONE)
        await screen.press("L")
        await screen.type("3")
        await screen.sees("Toner")
        link(bo, ONE, THREE)
        await screen.press("enter")
        await screen.sees("1 and 3 were linked already")
        await screen.press("L")
        await screen.type("3")
        await screen.sees("Toner", "linked: Enter unlinks")
        unlink(bo, ONE, THREE)
        await screen.press("enter")
        await screen.sees("ticket 1 is not linked with 3")
        assert related_to(asked_twice, asked_twice.ticket(ONE)) == ()


async def test_all_marked_tickets_are_linked_with_each_other(asked_twice: Desk) -> None:
    async with showing(asked_twice) as screen:
        await screen.sees("Toner")
        await screen.press("*", "L")
        await screen.sees("1, 2, 3 are linked, u takes it back")
        assert related_to(asked_twice, asked_twice.ticket(TWO)) == (1, 3)
        await screen.press("u")
        await screen.sees("taken back on 3 tickets: linked")
        assert related_to(asked_twice, asked_twice.ticket(TWO)) == ()


async def test_hostile_words_stay_words_in_every_preview(desk: Desk) -> None:
    hostile = Address("x@evil.example", "\x1b]0;pwn\x07[@click=app.quit]Eve[/x]")
    receive(desk, subject="[bold]Bill\x1b[2J[/nope]", text="[/b] \x1b]52;c;x\x07", sender=hostile, message_id="<1@x>")
    receive(desk, subject="[bold]Bill\x1b[2J[/nope]", text="[/i] again \x9b31m", sender=hostile)
    receive(desk, subject="Re: Bill", text="\x1b[31mred", sender=KIM, answers=("<1@x>",))
    async with showing(desk) as screen:
        await reading(screen, ONE)
        await screen.press("%")
        await screen.sees("They see")
        assert "\x1b" not in screen.text
        await screen.press("escape", "=")
        await screen.sees("[@click=app.quit]")
        await screen.press("enter")
        await screen.sees("They see", "[bold]Bill")
        assert "\x1b" not in screen.text
        assert "\x9b" not in screen.text


def test_of_several_texts_that_somebody_began_each_kind_is_told_once(desk: Desk) -> None:
    number = receive(desk, message_id="<1@x>").number
    receive(desk, text="And this?", sender=KIM, answers=("<1@x>",))
    draft = save_draft(desk, number, DraftKind.REPLY, Written("Hello"))
    assert draft is not None
    *_, second = (each for each in desk.store.conversations.of(number) if isinstance(each, Message))
    plan = replace(plan_split(desk, number, second.id), drafts=(draft, draft, replace(draft, author=Handle("bo"))))
    told = "\n".join(each.plain for each in split_facts(plan, 100))
    assert told.count("ana's unfinished answer") == 1
    assert told.count("bo's unfinished answer") == 1


async def test_enter_typed_ahead_takes_the_ticket_that_was_typed_and_not_one_that_stood_there(
    asked_twice: Desk,
) -> None:
    desk = asked_twice
    link(desk, TWO, ONE)
    async with showing(desk) as screen:
        await reading(screen, TWO)
        await screen.press("L")
        await screen.sees("Enter unlinks")
        with slow_reads(screen):
            await screen.type("3")
            await screen.press("enter")
        await screen.sees("2 and 3 are linked")
        assert related_to(desk, desk.ticket(TWO)) == (1, 3)
