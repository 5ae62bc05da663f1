"""A mail that is written anew exists once: in the outbox, as a draft, or as the mail that its text became."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from desk.actions.cancel import cancel, write_anew
from desk.actions.draft import take_over
from desk.actions.resend import resend
from desk.actions.send_to_rest import send_to_rest
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.desk import Desk
from desk.draft import DraftKind
from desk.outgoing import OutboxState, RecipientAnswer
from desk.written import Written
from tests.desks import acting_as
from tests.tui.apps import NARROW, WIDE, Screen, showing
from tests.tui.composing import area, begun, drafts, ended, outbox, write
from tests.tui.mailed import mailed

CANCELLED, QUEUED, REFUSED, SENT = OutboxState.CANCELLED, OutboxState.QUEUED, OutboxState.REFUSED, OutboxState.SENT


async def written_anew(screen: Screen) -> None:
    """Take the mail under the cursor of the outbox into the composer."""
    await screen.press("g", "o")
    await screen.sees("e write it anew")
    await begun(screen, "e")
    await screen.until(lambda: area(screen).text == "On its way.")


def states(desk: Desk) -> list[OutboxState]:
    """How the mails stand, the first that was written first."""
    return [each.state for each in reversed(outbox(desk))]


async def test_a_mail_whose_text_was_sent_anew_does_not_come_back_beside_it(desk: Desk) -> None:
    mailed(desk, REFUSED, last_error="554 no")
    async with showing(desk, WIDE) as screen:
        await written_anew(screen)
        write(screen, " Soon.")
        await screen.press("escape", "y")
        await ended(screen)
        with desk.store.transaction():
            desk.store.outbox.put(replace(outbox(desk)[0], state=SENT, sent_at=desk.clock()))
        await screen.press("u")
        await screen.sees("too late for the reply on ticket 1: it is sent")
        assert "again takes back" not in screen.text
        await screen.press("u", "g", "o")
        await screen.sees("cancelled", "sent")
    assert states(desk) == [CANCELLED, SENT]


async def test_going_past_what_was_sent_anew_says_as_which_mail(desk: Desk) -> None:
    mail = mailed(desk, REFUSED, last_error="554 no")
    async with showing(desk, WIDE) as screen:
        await written_anew(screen)
        await screen.press("escape", "p")
        await ended(screen)
        bo = acting_as(desk, "bo")
        taken = take_over(bo, mail.ticket, DraftKind.REPLY, Written(""))
        assert taken is not None
        await sent_by_bo(bo, "On its way, says bo.")
        await screen.press("u")
        await screen.sees("back into the outbox: its text was written anew as mail 2")
    assert states(desk) == [CANCELLED, QUEUED]


async def sent_by_bo(bo: Desk, text: str) -> None:
    """Send the draft of a colleague's, in these words."""
    async with showing(bo) as screen:
        await begun(screen, "r")
        area(screen).text = text
        await screen.press("escape", "y")
        await ended(screen)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
async def test_taking_back_that_a_mail_is_written_anew_takes_its_draft_away(desk: Desk, size: tuple[int, int]) -> None:
    mailed(desk, REFUSED, last_error="554 no")
    async with showing(desk, size) as screen:
        await written_anew(screen)
        await screen.press("escape", "p")
        await ended(screen)
        assert (states(desk), [each.text for each in drafts(desk)]) == ([CANCELLED], ["On its way."])
        await screen.press("u")
        await screen.sees("taken back on ticket 1: cancelled")
        assert (states(desk), drafts(desk)) == ([REFUSED], [])
        await screen.press("U")
        await screen.sees("done again on ticket 1: cancelled")
        assert (states(desk), [each.text for each in drafts(desk)]) == ([CANCELLED], ["On its way."])
        await screen.press("u")
        await screen.sees("taken back on ticket 1: cancelled")
        assert (states(desk), drafts(desk)) == ([REFUSED], [])


async def test_a_mail_stays_out_of_the_outbox_while_its_draft_was_changed(desk: Desk) -> None:
    mailed(desk, REFUSED, last_error="554 no")
    async with showing(desk, WIDE) as screen:
        await written_anew(screen)
        write(screen, " Soon.")
        await screen.press("escape", "p")
        await ended(screen)
        await screen.press("u")
        await screen.sees("back into the outbox: the draft of its text was changed since")
    assert (states(desk), len(drafts(desk))) == ([CANCELLED], 1)


async def test_a_colleague_is_told_who_writes_a_mail_anew_that_they_have_just_queued_again(desk: Desk) -> None:
    mail = mailed(desk, REFUSED, last_error="554 no")
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "o")
        await screen.sees("y send again")
        await screen.press("y")
        await screen.sees("queued for dana@corp.example and 1 more, leaves in", "u takes it back")
        write_anew(acting_as(desk, "bo"), mail.id)
        await screen.sees("bo took the mail to dana@corp.example and 1 more out of the outbox: it does not leave")
        await screen.misses("leaves in")
    assert states(desk) == [CANCELLED]


async def test_a_mail_that_an_undo_queues_again_is_counted_down(desk: Desk) -> None:
    mailed(desk, REFUSED, last_error="554 no")
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "o")
        await screen.sees("y send again")
        await screen.press("y")
        await screen.sees("queued for dana@corp.example and 1 more, leaves in")
        await begun(screen, "e")
        await screen.until(lambda: area(screen).text == "On its way.")
        await screen.press("escape", "p")
        await ended(screen)
        await screen.press("u")
        await screen.sees("queued for dana@corp.example and 1 more, leaves in", "u takes it back")
        assert states(desk) == [QUEUED]
        await screen.press("u")
        await screen.sees("taken back on ticket 1: resent")
    assert states(desk) == [REFUSED]


async def test_a_colleagues_mail_that_an_undo_queues_again_is_counted_down_without_the_undo_key(desk: Desk) -> None:
    mail = mailed(acting_as(desk, "bo"), QUEUED)
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "o")
        await screen.sees("X cancel")
        await screen.press("X", "X")
        await screen.sees("cancelled, u takes that back")
        await screen.press("u")
        await screen.sees("queued for dana@corp.example and 1 more, leaves in")
        assert "takes it back" not in screen.text
        cancel(acting_as(desk, "bo"), mail.id)
        await screen.sees("bo took the mail to dana@corp.example and 1 more out of the outbox: it does not leave")


async def test_who_is_told_that_a_mail_was_taken_out_is_told_too_that_it_came_back(desk: Desk) -> None:
    mail = mailed(desk, REFUSED, last_error="554 no")
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "o")
        await screen.sees("y send again")
        await screen.press("y")
        await screen.sees("queued for dana@corp.example and 1 more, leaves in")
        cancel(bo := acting_as(desk, "bo"), mail.id)
        await screen.sees("bo took the mail to dana@corp.example and 1 more out of the outbox: it does not leave")
        undo(bo)
        await screen.sees("queued for dana@corp.example and 1 more, leaves in", "u takes it back")


@pytest.mark.parametrize("again", [resend, send_to_rest], ids=["all", "rest"])
async def test_what_a_colleague_sends_again_is_not_taken_back_by_its_author(
    desk: Desk, again: Callable[..., object]
) -> None:
    mail = mailed(desk, REFUSED, last_error="554 no", refused_for=(RecipientAnswer("boss@corp.example", 550, "no"),))
    tag(desk, mail.ticket, add=["vip"])
    again(acting_as(desk, "bo"), mail.id, send_in=10)
    async with showing(desk, WIDE) as screen:
        await screen.press("u")
        await screen.sees("taken back on ticket 1: tagged")
        await screen.press("u")
        await screen.sees("too late for the reply on ticket 1: bo had it sent again since")
        assert states(desk) == [QUEUED]


async def test_a_mail_of_which_a_refusal_speaks_is_named_once(desk: Desk) -> None:
    mailed(desk, QUEUED)
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "o")
        await screen.sees("queued, leaves in")
        await screen.press("y")
        await screen.sees("mail 1 cannot be sent again: it is queued")
        assert "mail 1: mail 1" not in screen.text
