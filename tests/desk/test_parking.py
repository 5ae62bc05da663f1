"""Floods and mail that answers itself wait apart, with the reason, until an agent decides."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from desk.actions.accept import accept, accept_all_from, accept_each, drop, drop_all_from, waiting_from
from desk.actions.reply import reply
from desk.actions.undo import undo
from desk.conversation import Event, Happened, Message
from desk.desk import Desk
from desk.errors import AlreadySettled, NoAgent, NoSuchEntry, NothingToUndo
from desk.expression import EVERYTHING
from desk.incoming import Outcome
from desk.outgoing import Answer, OutboxState
from desk.parked import ParkedId
from desk.people import Address
from desk.ticket import TicketNumber
from tests.desk.arriving import AWAY, arrive, mail_from
from tests.desks import SetClock, acting_as, make_desk

FLOOD = 4


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """A desk on which four mails an hour of one sender pass."""
    desk = make_desk(tmp_path / "desk", clock=clock)
    yield replace(desk, settings=replace(desk.settings, flood=FLOOD))
    desk.store.close()


def outcomes(desk: Desk, *raws: bytes) -> list[str]:
    return [arrive(desk, each).outcome for each in raws]


def park_one(desk: Desk, *lines: str, sender: str = "loud@x.example") -> ParkedId:
    """The id of a mail that came after too many."""
    for _ in range(FLOOD):
        arrive(desk, mail_from(sender))
    assert arrive(desk, mail_from(sender, "One too many", "", *lines)).outcome is Outcome.PARKED
    return desk.store.parked.all()[0].id


def test_what_one_sender_writes_beyond_the_limit_of_an_hour_is_parked_with_the_reason(desk: Desk) -> None:
    came = outcomes(desk, *(mail_from("Loud <Loud@X.example>") for _ in range(6)))
    assert came == ["ticket"] * 4 + ["parked"] * 2
    assert desk.store.tickets.count(EVERYTHING) == 4
    [newest, oldest] = desk.store.parked.all()
    assert oldest.reason == newest.reason == "more than 4 mails from loud@x.example came within an hour"
    assert desk.blobs.get(newest.raw).startswith(b"From: Loud <Loud@X.example>")
    assert desk.store.ledger.has(newest.place)
    assert outcomes(desk, mail_from("quiet@x.example")) == ["ticket"]


def test_nothing_is_parked_where_the_limit_is_none(desk: Desk) -> None:
    desk = replace(desk, settings=replace(desk.settings, flood=0))
    assert set(outcomes(desk, *(mail_from("loud@x.example") for _ in range(9)))) == {"ticket"}


def test_an_hour_later_the_sender_is_heard_again(desk: Desk, clock: SetClock) -> None:
    park_one(desk)
    clock.go_on(minutes=59)
    assert outcomes(desk, mail_from("loud@x.example")) == ["parked"]
    clock.go_on(minutes=61)
    assert outcomes(desk, mail_from("loud@x.example")) == ["ticket"]


def test_a_flood_that_goes_on_stays_parked(desk: Desk, clock: SetClock) -> None:
    park_one(desk)
    for _ in range(30):
        clock.go_on(minutes=10)
        assert outcomes(desk, mail_from("loud@x.example")) == ["parked"]


def test_the_mails_of_a_year_that_are_fetched_at_once_are_no_flood(desk: Desk, clock: SetClock) -> None:
    for days in range(365, 0, -3):
        raw = mail_from("news@x.example", "Weekly news")
        assert arrive(desk, raw, clock.now - timedelta(days=days)).outcome is Outcome.TICKET


def test_a_flood_is_seen_when_it_is_fetched_days_after_it_came(desk: Desk, clock: SetClock) -> None:
    then = clock.now - timedelta(days=4)
    came = [arrive(desk, mail_from("loud@x.example"), then + timedelta(minutes=each)).outcome for each in range(6)]
    assert came == [Outcome.TICKET] * 4 + [Outcome.PARKED] * 2
    assert desk.store.parked.all()[0].received == then + timedelta(minutes=5)


def test_a_process_that_starts_anew_goes_on_counting(desk: Desk, tmp_path: Path, clock: SetClock) -> None:
    outcomes(desk, *(mail_from("loud@x.example") for _ in range(3)))
    other = make_desk(tmp_path / "desk", clock=clock)
    other = replace(other, settings=desk.settings)
    try:
        assert outcomes(other, mail_from("loud@x.example")) == ["ticket"]
        assert outcomes(desk, mail_from("loud@x.example")) == ["parked"]
        assert outcomes(other, mail_from("loud@x.example")) == ["parked"]
    finally:
        other.store.close()


def test_a_loop_with_a_machine_that_changes_its_address_each_time_ends_parked(desk: Desk) -> None:
    """It answers every answer of ours from another address and under another number, and says nothing of machines."""
    taken, rounds = arrive(desk, mail_from("away1@loop.example", "Away", AWAY)), 1
    while taken.outcome is not Outcome.PARKED:
        assert taken.ticket is not None
        answer = reply(desk, taken.ticket, Answer(text="Hello, how can we help?"))
        rounds += 1
        again = mail_from(f"away{rounds}@loop.example", f"Re: Away [{rounds}]", f"{AWAY} #{rounds}\n> {answer.draft}")
        taken = arrive(desk, again)
        assert rounds < 20
    assert rounds == FLOOD + 1
    assert desk.store.parked.all()[0].reason == (
        "more than 4 mails with the same words came, this one from away5@loop.example, within an hour"
    )


def test_a_loop_whose_words_and_addresses_change_is_known_by_its_domain(desk: Desk) -> None:
    came = [
        arrive(desk, mail_from(f"a{each}@loop.example", "x", "", "Auto-Submitted: auto-replied")).outcome
        for each in range(6)
    ]
    assert came[4:] == [Outcome.PARKED] * 2
    assert desk.store.parked.all()[0].reason == "more than 4 automatic mails from loop.example came within an hour"


def test_people_of_one_domain_are_no_flood(desk: Desk) -> None:
    assert set(outcomes(desk, *(mail_from(f"p{each}@freemail.example") for each in range(9)))) == {"ticket"}


def test_people_who_only_say_thank_you_are_no_flood(desk: Desk) -> None:
    thanks = (mail_from(f"p{each}@x{each}.example", "Re: Order", "Thank you!") for each in range(9))
    assert set(outcomes(desk, *thanks)) == {"ticket"}


def test_a_form_that_writes_for_many_people_is_no_flood(desk: Desk) -> None:
    forms = (
        mail_from("Acme Support <support@acme.example>", "Contact", "", f"Reply-To: p{each}@x.example")
        for each in range(9)
    )
    assert set(outcomes(desk, *forms)) == {"ticket"}


@pytest.mark.parametrize(
    ("subject", "lines", "outcome"),
    [
        ("Automated Response: " + "Re: Automated Response: " * 5 + "Order", (), "parked"),
        ("Automated Response: " + "Re: Automated Response: " * 4 + "Order", (), "ticket"),
        ("Re: Automated Response: " * 6 + "Order", (), "parked"),
        ("Re: Re: Automated Response: " * 6 + "Order", (), "parked"),
        ("Автоответ: " * 6 + "заказ", (), "parked"),
        ("Re: " * 6 + "Order", ("Auto-Submitted: auto-replied",), "parked"),
        ("Re: " * 6 + "Order", (), "ticket"),
        ("Re[4]: " * 21 + "Order", (), "parked"),
        ("Alarm: disk: 10:10:10:10:10:10:10:10 at 00:00:00:00:00:00", (), "ticket"),
        ("A: b: c: d: e: f: g: h", (), "ticket"),
    ],
)
def test_a_subject_that_grows_is_a_loop(desk: Desk, subject: str, lines: tuple[str, ...], outcome: str) -> None:
    assert outcomes(desk, mail_from("x@x.example", subject, "", *lines)) == [outcome]


def test_a_growing_subject_is_told_in_words(desk: Desk) -> None:
    arrive(desk, mail_from("x@x.example", "Away:" * 6 + " Order"))
    assert desk.store.parked.all()[0].reason == "its subject says “away:” 6 times, as mail does that answers itself"


def test_a_copy_of_what_is_held_is_not_parked(desk: Desk) -> None:
    raws = [mail_from("loud@x.example") for _ in range(FLOOD)]
    outcomes(desk, *raws)
    assert outcomes(desk, *raws) == ["duplicate"] * 4


def test_our_own_copies_in_the_sent_folder_are_never_parked(desk: Desk) -> None:
    for each in range(9):
        raw = mail_from("support@acme.example", f"Re: {each}")
        assert arrive(desk, raw, is_sent=True).outcome is not Outcome.PARKED


def test_the_reports_of_many_mails_that_came_back_all_mark_theirs(desk: Desk) -> None:
    for each in range(7):
        taken = arrive(desk, mail_from(f"p{each}@gone.example"))
        assert taken.ticket is not None
        queued = reply(desk, taken.ticket, Answer(text=f"answer {each}"))
        desk.store.outbox.put(replace(queued, state=OutboxState.SENT))
    for sent in desk.store.outbox.all():
        assert arrive(desk, returned(sent.message_id)).outcome is Outcome.BOUNCE
    assert {each.state for each in desk.store.outbox.all()} == {OutboxState.BOUNCED}
    assert arrive(desk, returned(desk.store.outbox.all()[0].message_id)).outcome is Outcome.PARKED


def returned(message_id: str) -> bytes:
    head = mail_from("MAILER-DAEMON@mx.example", "Undelivered", AWAY).decode().partition("\r\n\r\n")[0]
    return (
        f'{head}\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="e"\r\n\r\n'
        f"--e\r\n\r\n{AWAY}\r\n--e\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; x@y.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--e\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--e--\r\n"
    ).encode()


def test_an_accepted_mail_is_taken_in_as_if_it_came_now_with_its_own_time(desk: Desk, clock: SetClock) -> None:
    parked, arrived = park_one(desk), clock.now
    clock.go_on(hours=2)
    taken = accept(acting_as(desk, "bo"), parked)
    assert taken.ticket is not None
    ticket = desk.ticket(taken.ticket)
    assert (ticket.subject, ticket.waiting_since, ticket.customer.email) == ("One too many", arrived, "loud@x.example")
    entries = desk.store.conversations.of(ticket.number)
    [message] = [each for each in entries if isinstance(each, Message)]
    assert message.at == arrived
    [event] = [each for each in entries if isinstance(each, Event) and each.what is Happened.ACCEPTED]
    assert event.detail == {"by": "bo", "why": "more than 4 mails from loud@x.example came within an hour"}
    assert desk.store.parked.count() == 0


def test_an_accepted_answer_goes_on_the_ticket_that_it_answers(desk: Desk) -> None:
    first = arrive(desk, mail_from("loud@x.example"))
    assert first.ticket is not None
    answer = reply(desk, first.ticket, Answer(text="Hello"))
    outcomes(desk, *(mail_from("loud@x.example") for _ in range(FLOOD - 1)))
    late = mail_from("loud@x.example", "Re: Question", "", f"In-Reply-To: {answer.message_id}")
    assert arrive(desk, late).outcome is Outcome.PARKED
    taken = accept(desk, desk.store.parked.all()[0].id)
    assert (taken.outcome, taken.ticket) == (Outcome.MESSAGE, first.ticket)


@pytest.mark.parametrize(("copy", "is_together"), [("Cc: loud@x.example", True), ("Cc: other@x.example", False)])
def test_a_parked_mail_joins_its_answer_that_was_there_first_if_the_answer_went_to_its_sender(
    desk: Desk, copy: str, *, is_together: bool
) -> None:
    parked = park_one(desk)
    mail = desk.store.parked.get(parked)
    assert mail is not None
    answers = f"In-Reply-To: {mail.read.message_id}"
    answer = arrive(desk, mail_from("boss@x.example", "Re: One too many", "", copy, answers))
    assert answer.outcome is Outcome.TICKET
    assert (accept(desk, parked).ticket == answer.ticket) == is_together


@pytest.mark.parametrize(
    ("sender", "subject", "is_together"),
    [
        ("loud@x.example", "Re: One too many", True),
        ("loud@x.example", "Something else", False),
        ("boss@x.example", "Re: One too many", True),
        ("stranger@y.example", "Re: One too many", False),
    ],
)
def test_a_parked_mail_joins_its_answer_by_who_wrote_or_got_it(
    desk: Desk, sender: str, subject: str, *, is_together: bool
) -> None:
    parked = park_one(desk, "Cc: boss@x.example")
    mail = desk.store.parked.get(parked)
    assert mail is not None
    quiet = replace(desk, settings=replace(desk.settings, flood=0))
    answer = arrive(quiet, mail_from(sender, subject, "", f"In-Reply-To: {mail.read.message_id}"))
    assert answer.outcome is Outcome.TICKET
    assert (accept(desk, parked).ticket == answer.ticket) == is_together


def test_of_two_agents_who_decide_at_once_the_second_is_told_who_was_faster(desk: Desk) -> None:
    parked, bo = park_one(desk), acting_as(desk, "bo")
    taken = accept(bo, parked)
    told = f"parked mail 1 was accepted by bo at 2026-11-20 09:00 UTC; it is on ticket {taken.ticket}"
    for act in (accept, drop):
        with pytest.raises(AlreadySettled, match=told):
            act(desk, parked)
    assert desk.store.tickets.count(EVERYTHING) == FLOOD + 1


def test_of_many_agents_who_accept_one_mail_at_the_same_moment_one_does(
    desk: Desk, tmp_path: Path, clock: SetClock
) -> None:
    parked, start = park_one(desk), Barrier(4)

    def try_it(agent: str) -> str:
        other = make_desk(tmp_path / "desk", clock=clock)
        try:
            start.wait()
            return accept(acting_as(other, agent), parked).outcome.value
        except AlreadySettled as error:
            return f"too late after {error.settled.by}"
        finally:
            other.store.close()

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(try_it, ("ana", "bo", "ana", "bo")))
    assert told[0] == "ticket"
    assert set(told[1:]) < {"too late after ana", "too late after bo"}
    assert desk.store.tickets.count(EVERYTHING) == FLOOD + 1


def test_a_dropped_mail_leaves_the_list_and_stays_whole(desk: Desk) -> None:
    parked = park_one(desk)
    dropped = drop(desk, parked)
    assert desk.store.parked.count() == 0
    assert desk.store.parked.all() == []
    [kept] = desk.store.parked.all(settled=True)
    assert kept.settled is not None
    assert (kept.settled.fate, kept.settled.by) == ("dropped", "ana")
    assert desk.blobs.get(dropped.raw)
    assert desk.store.ledger.has(dropped.place)
    with pytest.raises(AlreadySettled, match="was dropped by ana"):
        drop(desk, parked)
    assert accept(desk, parked).outcome is Outcome.TICKET


def test_all_mails_of_a_sender_are_settled_at_once(desk: Desk) -> None:
    for sender in ("loud@x.example", "louder@x.example"):
        outcomes(desk, *(mail_from(sender) for _ in range(FLOOD + 3)))
    assert accept_all_from(desk, Address("LOUD@x.example")) == 3
    assert drop_all_from(desk, Address("louder@x.example")) == 3
    assert desk.store.parked.count() == 0
    assert desk.store.tickets.count(EVERYTHING) == 2 * FLOOD + 3


def test_one_of_a_sender_that_is_erased_meanwhile_stops_no_other(desk: Desk) -> None:
    outcomes(desk, *(mail_from("loud@x.example") for _ in range(FLOOD + 3)))
    [first, *_] = waiting_from(desk, Address("loud@x.example"))

    class Racing:
        """Bytes of a desk on which a colleague erases the first mail just before it is read."""

        put, put_many, remove = desk.blobs.put, desk.blobs.put_many, desk.blobs.remove

        def get(self, sha256: str) -> bytes:
            mail = desk.store.parked.get(first)
            if mail is not None and mail.raw == sha256:
                desk.store.parked.remove(first)
                desk.blobs.remove([sha256], desk.store.digests)
            return desk.blobs.get(sha256)

    assert accept_all_from(replace(desk, blobs=Racing()), Address("loud@x.example")) == 2
    assert accept_each(desk, [first]) == 0
    assert desk.store.parked.count() == 0


def test_accepting_is_nothing_that_undo_takes_back(desk: Desk) -> None:
    accept(desk, park_one(desk))
    with pytest.raises(NothingToUndo):
        undo(desk)


@pytest.mark.parametrize("fate", ["waiting", "dropped"])
def test_a_parked_mail_that_is_found_again_elsewhere_is_the_same_one(desk: Desk, fate: str) -> None:
    raw = mail_from("x@x.example", "Away:" * 6 + " Order")
    arrive(desk, raw)
    [parked] = desk.store.parked.all()
    if fate == "dropped":
        drop(desk, parked.id)
    assert arrive(desk, raw).outcome is Outcome.PARKED
    [same] = desk.store.parked.all(settled=True)
    assert (len(same.places), same.settled is not None) == (2, fate == "dropped")
    accept(desk, same.id)
    rows = [desk.store.ledger.row(each) for each in same.places]
    assert [each.outcome for each in rows if each] == [Outcome.TICKET] * 2
    assert arrive(desk, raw).outcome is Outcome.DUPLICATE


def test_only_an_agent_decides_and_only_about_what_is_there(desk: Desk) -> None:
    parked = park_one(desk)
    for act in (accept, drop):
        with pytest.raises(NoAgent):
            act(replace(desk, acting=None), parked)
        with pytest.raises(NoSuchEntry, match="there is no parked mail 99"):
            act(desk, ParkedId(99))
    assert desk.store.parked.count() == 1


def test_parked_mail_is_known_by_its_place_and_comes_once(desk: Desk) -> None:
    parked = park_one(desk)
    mail = desk.store.parked.get(parked)
    assert mail is not None
    known = desk.store.ledger.known("support", "INBOX", 5)
    assert mail.place.uid in known
    assert desk.ticket(TicketNumber(1)).message_count == 1
