"""One mail that comes twice in different words, beside the direct copy over a mailing list, stays one matter."""

from __future__ import annotations

from functools import partial

import pytest

from desk.actions.status import set_status
from desk.desk import Desk
from desk.incoming import Outcome
from desk.ticket import Status
from tests.desk.arriving import arrive

DIRECT = b"""From: kim@corp.example
To: support@acme.example, team@lists.example
Subject: Printer
Message-ID: <one@corp.example>
Date: Fri, 20 Nov 2026 09:00:00 +0000

Where can I have it mended?
"""
LISTED = b"List-Id: <team.lists.example>\n" + DIRECT.replace(b"Subject: ", b"Subject: [team] ")
FOOTER = b"\n_______\nThe mailing list of the team\n"


@pytest.mark.parametrize("listed", [LISTED + FOOTER, DIRECT + FOOTER])
def test_a_copy_with_a_lists_footer_is_on_the_same_ticket(desk: Desk, listed: bytes) -> None:
    direct = arrive(desk, DIRECT)
    taken = arrive(desk, listed)
    assert (taken.outcome, taken.ticket) == (Outcome.MESSAGE, direct.ticket)
    assert arrive(desk, listed).outcome is Outcome.DUPLICATE


def test_a_copy_with_nothing_but_a_word_before_its_subject_is_the_same_mail(desk: Desk) -> None:
    direct = arrive(desk, DIRECT)
    taken = arrive(desk, LISTED)
    assert (taken.outcome, taken.ticket, taken.entry) == (Outcome.DUPLICATE, direct.ticket, direct.entry)


@pytest.mark.parametrize("footer", [b"", FOOTER])
@pytest.mark.parametrize("is_direct_first", [True, False])
def test_a_copy_that_a_list_sends_under_its_own_address_opens_no_second_ticket(
    desk: Desk, footer: bytes, *, is_direct_first: bool
) -> None:
    rewritten = b"From: Kim via Team <team@lists.example>\nReply-To: Kim <kim@corp.example>"
    listed = LISTED.replace(b"From: kim@corp.example", rewritten) + footer
    first, second = map(partial(arrive, desk), (DIRECT, listed) if is_direct_first else (listed, DIRECT))
    assert first.ticket is not None
    assert second.ticket == first.ticket
    assert desk.ticket(first.ticket).customer.email == "kim@corp.example"
    assert desk.ticket(first.ticket).waiting_since is not None


@pytest.mark.parametrize("is_direct_first", [True, False])
def test_a_copy_that_asks_for_answers_to_the_list_is_on_the_ticket_of_who_it_names_in_cc(
    desk: Desk, *, is_direct_first: bool
) -> None:
    rewritten = b"From: Kim via Team <team@lists.example>\nReply-To: team@lists.example\nCc: Kim <kim@corp.example>"
    listed = LISTED.replace(b"From: kim@corp.example", rewritten) + FOOTER
    first, second = map(partial(arrive, desk), (DIRECT, listed) if is_direct_first else (listed, DIRECT))
    assert first.ticket is not None
    assert second.ticket == first.ticket
    assert desk.ticket(first.ticket).waiting_since is not None


def test_a_stranger_who_asks_for_answers_to_somebody_else_is_no_list(desk: Desk) -> None:
    first = arrive(desk, DIRECT)
    forged = DIRECT.replace(b"From: kim@corp.example", b"From: eve@evil.example\nReply-To: kim@corp.example")
    assert arrive(desk, forged + b"Send it to me").ticket != first.ticket


def test_a_lists_copy_opens_no_ticket_again(desk: Desk) -> None:
    number = arrive(desk, DIRECT).ticket
    assert number is not None
    set_status(desk, number, Status.CLOSED)
    arrive(desk, LISTED + FOOTER)
    assert (desk.ticket(number).status, desk.ticket(number).waiting_since) == (Status.CLOSED, None)


@pytest.mark.parametrize("listed", [LISTED, LISTED + FOOTER])
def test_who_wrote_to_us_waits_though_the_lists_copy_was_there_first(desk: Desk, listed: bytes) -> None:
    first = arrive(desk, listed)
    assert first.ticket is not None
    assert desk.ticket(first.ticket).waiting_since is None
    taken = arrive(desk, DIRECT)
    assert (taken.outcome, taken.ticket) == (Outcome.MESSAGE, first.ticket)
    assert desk.ticket(first.ticket).waiting_since is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"09:00:00", b"09:00:01"),
        (b"kim@corp", b"lee@corp"),
        (b"Printer", b"Scanner"),
        (b"Date: Fri", b"X-Date: Fri"),
    ],
)
def test_an_id_that_is_used_for_another_mail_is_another_mail(desk: Desk, old: bytes, new: bytes) -> None:
    first = arrive(desk, DIRECT)
    other = arrive(desk, DIRECT.replace(old, new) + FOOTER)
    assert other.outcome is Outcome.TICKET
    assert other.ticket != first.ticket
