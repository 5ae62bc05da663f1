from __future__ import annotations

import pytest

from desk.actions.erase import erase
from desk.desk import Desk
from desk.erasure import SOMEBODY
from desk.expression import EVERYTHING
from desk.incoming import Outcome
from desk.ticket import Status
from tests.desk.erased import DANA, ONE, answer, messages
from tests.desk.test_bounces import report
from tests.desks import SetClock
from tests.tandem.erasing import LEO, arrive, mail


def test_an_erased_mail_does_not_come_again_over_a_list_that_wants_the_answers(desk: Desk) -> None:
    raw = mail(1, "The zeppelin has a hole.")
    whose = b"From: Dana via crew <crew@lists.example>\r\nReply-To: crew@lists.example\r\nCc: dana.p@corp.example"
    arrive(desk, raw)
    erase(desk, [DANA])
    copy = OVER_LIST + raw.replace(b"From: Dana Petrowska <dana.p@corp.example>", whose) + b"\r\n--\r\nA list.\r\n"
    assert arrive(desk, copy, folder="Other").outcome is Outcome.ERASED


def test_an_erased_mail_is_not_taken_in_again_from_wherever_it_comes(desk: Desk, clock: SetClock) -> None:
    raw = mail(1, "The zeppelin has a hole.")
    arrive(desk, raw)
    queued = answer(desk, clock)
    ours = desk.blobs.get(queued.raw)
    erase(desk, [DANA])
    assert arrive(desk, raw, uidvalidity=2).outcome is Outcome.ERASED
    assert arrive(desk, raw.replace(b"\r\n", b"\n"), folder="import").outcome is Outcome.ERASED
    assert arrive(desk, b"Received: by another server\r\n" + raw, folder="Other").outcome is Outcome.ERASED
    assert arrive(desk, b"X-Added: by the server\r\n" + ours, folder="Sent").outcome is Outcome.ERASED
    assert desk.store.tickets.count(EVERYTHING) == 1


def test_an_erased_mail_without_an_id_does_not_come_again_by_another_way(desk: Desk) -> None:
    raw = mail(1, "The zeppelin has a hole.").replace(b"Message-ID: <1@dana-laptop.example>\r\n", b"")
    arrive(desk, raw)
    erase(desk, [DANA])
    assert arrive(desk, b"Received: by another server\r\n" + raw, folder="Other").outcome is Outcome.ERASED
    other = raw.replace(b"a hole", b"two holes")
    assert arrive(desk, other).outcome is Outcome.TICKET


OVER_LIST = b"List-Id: <crew.lists.example>\r\n"


@pytest.mark.parametrize(
    ("before", "head"),
    [
        (False, OVER_LIST),
        (True, OVER_LIST),
        (False, b"List-Id: <crew.lists.example>\r\nReply-To: dana.p@corp.example\r\n"),
        (True, b"List-Id: <crew.lists.example>\r\nReply-To: dana.p@corp.example\r\n"),
    ],
    ids=["copy", "original", "rewritten copy", "original of a rewritten one"],
)
def test_an_erased_mail_does_not_come_again_over_a_list_nor_the_other_way_round(
    desk: Desk, head: bytes, *, before: bool
) -> None:
    raw = mail(1, "The zeppelin has a hole.")
    copy = (head + raw).replace(b"Subject: ", b"Subject: [crew] ") + b"\r\n--\r\nYou got this over a list.\r\n"
    if b"Reply-To" in head:
        copy = copy.replace(b"From: Dana Petrowska <dana.p@corp.example>", b"From: Dana via crew <crew@lists.example>")
    first, second = (copy, raw) if before else (raw, copy)
    arrive(desk, first)
    erase(desk, [DANA])
    assert arrive(desk, second, folder="Other").outcome is Outcome.ERASED
    assert desk.store.tickets.count(EVERYTHING) == 1


@pytest.mark.parametrize("change", [(b"09:12:00", b"09:13:00"), (b"Broken", b"Another"), (b"dana.p@", b"leo@")])
def test_another_mail_under_the_id_of_an_erased_one_comes_in(desk: Desk, change: tuple[bytes, bytes]) -> None:
    raw = mail(1, "The zeppelin has a hole.")
    arrive(desk, raw)
    erase(desk, [DANA])
    assert arrive(desk, raw.replace(*change) + b"Other words\r\n").outcome is Outcome.TICKET


def test_an_erased_blind_copy_of_ours_does_not_come_again_with_another_line_in_its_head(desk: Desk) -> None:
    raw = mail(8, "Dear Dana, the zeppelin", sender="support@acme.example", to=DANA)
    for each in (raw, raw.replace(b"Message-ID: <8@leo-desktop.example>\r\n", b"")):
        assert arrive(desk, each, folder="Sent").outcome is Outcome.ELSEWHERE
    erase(desk, [DANA])
    for each in (raw, raw.replace(b"Message-ID: <8@leo-desktop.example>\r\n", b"")):
        again = b"Received: by another server\r\n" + each
        for copy in (again, again.replace(b"\r\n", b"\n")):
            assert arrive(desk, copy, folder="import").outcome is Outcome.ERASED
    assert desk.store.customers.loose_raws() == set()


def test_a_report_of_a_mail_on_an_erased_ticket_brings_nothing_back_to_it(desk: Desk, clock: SetClock) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    queued = answer(desk, clock)
    erase(desk, [DANA])
    before = messages(desk)
    taken = arrive(desk, report("failed", queued.message_id))
    assert taken.ticket != ONE
    assert messages(desk) == before
    assert desk.ticket(ONE).status is Status.CLOSED


def test_others_mails_on_a_shared_ticket_do_not_come_again_either(desk: Desk, clock: SetClock) -> None:
    quoting = mail(2, "As she says:\n> the hole", sender=LEO, cc=DANA, answers="<1@dana-laptop.example>")
    arrive(desk, mail(1, "The zeppelin has a hole."))
    arrive(desk, quoting)
    erase(desk, [DANA])
    clock.go_on(hours=1)
    assert arrive(desk, quoting, uidvalidity=2).outcome is Outcome.ERASED
    assert len(messages(desk)) == 2


def test_a_new_mail_of_the_person_opens_a_new_ticket_though_it_answers_an_erased_one(
    desk: Desk, clock: SetClock
) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    queued = answer(desk, clock)
    erase(desk, [DANA])
    taken = arrive(desk, mail(3, "I write again.", subject="Re: Broken zeppelin", answers=queued.message_id))
    assert taken.outcome is Outcome.TICKET
    assert taken.ticket != ONE
    assert messages(desk, 2)[0].text.strip() == "I write again."
    assert desk.ticket(ONE).customer == SOMEBODY


def test_whoever_knows_the_id_of_an_erased_answer_of_ours_cannot_keep_another_mail_out(
    desk: Desk, clock: SetClock
) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    queued = answer(desk, clock)
    erase(desk, [DANA])
    raw = mail(9, "Something else", sender=LEO).replace(b"<9@leo-desktop.example>", queued.message_id.encode())
    assert arrive(desk, raw).outcome is Outcome.TICKET


def test_tombstones_hold_no_digest_that_could_be_made_without_the_desks_key(desk: Desk) -> None:
    raw = mail(1, "The zeppelin has a hole.")
    arrive(desk, raw)
    [message] = messages(desk)
    erase(desk, [DANA])
    assert not desk.store.tombstones.has([message.raw, message.digest])
    assert desk.store.customers.raws_of([message.id]) == set()
