from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from desk.actions.forward import forward
from desk.conversation import Message, Purpose
from desk.desk import Desk
from desk.draft import DraftKind
from desk.outgoing import Answer, OutboxState
from desk.people import Address
from desk.wording import Wording
from tests.desks import SetClock, receive
from tests.tui.apps import NARROW, WIDE, Screen
from tests.tui.composing import ONE, area, begun, drafts, ended, inbox, outbox, write
from tui.composer.dispatch import NEWS_HOLD
from tui.screens.recipients import RecipientsScreen
from tui.style.theme import PAINTED

BANK = Address("claims@bank.example", "Claims")


async def asked_for_whom(screen: Screen, whom: str) -> None:
    await screen.until(lambda: isinstance(screen.app.screen, RecipientsScreen))
    await screen.sees("Forward to whom?")
    await screen.type(whom)
    await screen.press("enter")
    await screen.until(lambda: not isinstance(screen.app.screen, RecipientsScreen))


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
async def test_a_mail_is_passed_on_and_cannot_be_mistaken_for_an_answer(desk: Desk, size: tuple[int, int]) -> None:
    receive(desk, text="The bank took the money twice.")
    async with inbox(desk, size=size) as screen:
        await screen.press("f")
        await asked_for_whom(screen, "claims@bank.example")
        await screen.sees(" FORWARD ", "claims@bank.example", "Dana", "> The bank took the money twice.")
        assert "Reply to" not in screen.text
        write(screen, "Please look into this.")
        await screen.press("escape")
        await screen.sees("To       claims@bank.example", "Subject  Fwd: Refund for order 88213")
        await screen.press("y")
        await ended(screen)
        await screen.sees("queued for claims@bank.example")
        await screen.press("enter")
        await screen.sees("FORWARD", "not for Dana Petrova, who sees nothing of it")
    (mail,) = outbox(desk)
    assert (mail.purpose, mail.recipients) == (Purpose.FORWARD, ("claims@bank.example",))
    assert mail.draft.startswith("Please look into this.")
    assert "The bank took the money twice." in mail.draft
    assert desk.ticket(ONE).waiting_since is not None


async def test_a_forward_has_a_paper_of_its_own_while_it_is_written(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await begun(screen, "r")
        paper = area(screen).background_colors[1]
        await screen.press("escape")
        await ended(screen)
        await screen.press("f")
        await asked_for_whom(screen, "claims@bank.example")
        assert area(screen).background_colors[1] != paper


async def test_nothing_is_forwarded_to_nobody(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("f")
        await screen.until(lambda: isinstance(screen.app.screen, RecipientsScreen))
        await screen.press("escape")
        await screen.sees(" FORWARD ", "nobody yet")
        write(screen, "Please look.")
        await screen.press("escape", "y")
        await screen.sees("nobody to forward it to yet: c says whom")
    assert outbox(desk) == []


async def test_a_forward_to_the_customer_says_at_once_that_it_cannot_go(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("f")
        await asked_for_whom(screen, "Dana@corp.example")
        await screen.sees("! ", "Dana@corp.example is in the talk on this ticket already")
        await screen.press("escape", "c")
        await screen.until(lambda: isinstance(screen.app.screen, RecipientsScreen))
        await screen.press("ctrl+u")
        await screen.type("claims@bank.example")
        await screen.press("enter")
        await screen.misses("in the talk on this ticket already")


async def test_a_forward_of_which_nothing_was_written_leaves_no_draft(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("f")
        await screen.until(lambda: isinstance(screen.app.screen, RecipientsScreen))
        await screen.press("escape")
        await screen.sees(" FORWARD ", "nobody yet")
        await screen.press("escape")
        await ended(screen)
    assert drafts(desk) == []


async def test_a_forward_stops_when_somebody_writes_meanwhile_and_shows_what(desk: Desk) -> None:
    receive(desk, message_id="<1@corp.example>")
    async with inbox(desk, size=WIDE) as screen:
        await screen.press("f")
        await asked_for_whom(screen, "claims@bank.example")
        receive(desk, text="It is settled, thank you.", answers=("<1@corp.example>",))
        await screen.sees("Dana Petrova wrote in the meantime", "It is settled, thank you.")
        await screen.press("escape", "y")
        await screen.sees("y sends it as it is")
        await screen.press("y")  # on its way before anybody can have read that
        await screen.sees("not sent yet: read what came just now; y in a moment sends it as it is")
        assert outbox(desk) == []
        await screen.pilot.pause(NEWS_HOLD)
        await screen.press("y")
        await ended(screen)
    assert len(outbox(desk)) == 1


async def test_a_forward_that_is_taken_back_is_a_draft_with_its_recipients_again(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("f")
        await asked_for_whom(screen, "claims@bank.example")
        await screen.press("escape", "y")
        await ended(screen)
        await screen.press("u")
        await screen.sees(" FORWARD ", "claims@bank.example")
    assert [each.state for each in outbox(desk)] == [OutboxState.CANCELLED]
    assert [each.kind for each in drafts(desk)] == [DraftKind.FORWARD]


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
async def test_what_the_third_party_answers_stands_aside_in_words(
    desk: Desk, clock: SetClock, size: tuple[int, int]
) -> None:
    receive(desk, message_id="<1@corp.example>")
    sent = forward(desk, ONE, None, Answer(text="Look.", wording=Wording(to=(BANK,))))
    clock.go_on(minutes=5)
    receive(desk, sender=BANK, text="We paid it back.", answers=(sent.message_id,), message_id="<2@bank.example>")
    mails = [each for each in desk.store.conversations.of(ONE) if isinstance(each, Message)]
    assert [each.side is not None for each in mails] == [False, True, True]
    async with inbox(desk, size=size) as screen:
        await screen.press("enter")
        await screen.sees("SIDE TALK Claims", "We paid it back.", "not for Dana Petrova")
        await screen.press("G")
        await screen.until(lambda: screen.inbox.chosen_entry() == mails[-1].id)
        await screen.press("f")
        await screen.sees(" FORWARD ", "claims@bank.example")
        write(screen, "Thank you.")
        await screen.press("escape")
        await screen.sees("To       Claims <claims@bank.example>")
        await screen.press("y")
        await ended(screen)
    (first, answer) = sorted(outbox(desk), key=lambda each: each.id)
    assert answer.recipients == first.recipients == ("claims@bank.example",)
    mail = desk.store.conversations.get(answer.entry)
    assert isinstance(mail, Message)
    assert (mail.side, mail.references[-1]) == (mails[1].id, "<2@bank.example>")


@pytest.mark.parametrize("theme", PAINTED, ids=lambda theme: theme.name)
def test_the_paper_of_a_forward_is_no_other_paper(theme: Theme) -> None:
    side, note, paper = (
        Color.parse(theme.variables["side-background"]),
        Color.parse(theme.variables["note-background"]),
        Color.parse(str(theme.background)),
    )
    assert (side.b - side.g) - (paper.b - paper.g) >= 10
    assert abs((side.r - side.b) - (note.r - note.b)) >= 15
