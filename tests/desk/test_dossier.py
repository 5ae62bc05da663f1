"""What is known of a customer when a ticket is read: counts, other tickets, and guesses only where they are sure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desk.actions.edit_customer import edit_customer
from desk.actions.merge import merge
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.actions.undo import undo
from desk.companies import company_of
from desk.conversation import Message
from desk.desk import Desk
from desk.dossier import dossier, dossier_of
from desk.outgoing import Answer
from desk.people import Address
from desk.presence import Doing, Presence
from desk.profiles import ProfileField
from desk.ticket import Status, TicketNumber
from desk.tongues import language_of
from tests.desks import DANA, SetClock, acting_as, receive

HOME = Address("dana@home.example")


def told_zone(desk: Desk, number: TicketNumber, minutes: int | None) -> None:
    """Let a ticket's first mail say in which zone it was written."""
    message = next(each for each in desk.store.conversations.of(number) if isinstance(each, Message))
    desk.store.conversations.put(replace(message, utc_offset=minutes))


def test_mails_are_counted_in_both_directions_with_the_first_and_the_last(desk: Desk, clock: SetClock) -> None:
    first = receive(desk)
    begun = clock()
    clock.go_on(days=2)
    reply(desk, first.number, Answer(text="We look."))
    receive(desk, subject="Another", sender=Address("DANA@corp.example"))
    receive(desk, subject="Somebody else", sender=Address("leo@corp.example"))
    tally = dossier(desk, first.number).tally
    assert (tally.wrote, tally.received, tally.first, tally.last) == (2, 1, begun, clock())


def test_an_answer_that_was_taken_back_is_not_counted(desk: Desk) -> None:
    number = receive(desk).number
    reply(desk, number, Answer(text="We look."))
    undo(desk)
    assert dossier(desk, number).tally.received == 0


def test_other_tickets_come_open_ones_first_and_without_the_one_at_hand(desk: Desk, clock: SetClock) -> None:
    numbers: list[TicketNumber] = []
    for at in range(5):
        clock.go_on(minutes=1)
        numbers.append(receive(desk, subject=f"Matter {at}").number)
    set_status(desk, numbers[4], Status.CLOSED)
    set_status(desk, numbers[3], Status.WAITING)
    merge(desk, [numbers[2]], numbers[1])
    known = dossier(desk, numbers[0])
    assert [each.number for each in known.tickets] == [numbers[1], numbers[3], numbers[4]]
    assert known.others == 3


def test_who_answers_on_another_ticket_is_told(desk: Desk, clock: SetClock) -> None:
    here, elsewhere = receive(desk).number, receive(desk, subject="Elsewhere").number
    until = clock() + timedelta(seconds=40)
    bo = acting_as(desk, "bo").me.handle
    desk.store.presences.put(Presence(agent=bo, ticket=elsewhere, doing=Doing.ANSWERING, until=until))
    assert dossier(desk, here).answering[elsewhere] == bo


def test_tickets_of_all_addresses_of_one_person_belong_together(desk: Desk) -> None:
    here, there = receive(desk).number, receive(desk, sender=HOME, subject="From home").number
    edit_customer(desk, DANA.email, {ProfileField.ADDRESSES: (DANA.email, HOME.email)})
    assert [each.number for each in dossier(desk, here).tickets] == [there]
    assert [each.number for each in dossier(desk, there).tickets] == [here]
    assert dossier(desk, there).tally.wrote == 2


def test_nothing_is_told_of_a_customer_without_an_address(desk: Desk) -> None:
    number = receive(desk, sender=Address("")).number
    receive(desk, sender=Address(""), subject="Another stranger")
    known = dossier(desk, number)
    assert (known.tickets, known.tally.wrote, known.company) == ((), 0, "")


@pytest.mark.parametrize(
    ("email", "company"),
    [
        ("dana@corp.example", "Corp"),
        ("a@mail.acme.co.uk", "Acme"),
        ("a@acme-tools.com.bg", "Acme Tools"),
        ("b@xn--bcher-kva.de", "Bücher"),
        ("a@gmail.com", ""),
        ("a@yahoo.co.uk", ""),
        ("a@localhost", ""),
        ("a@[192.0.2.1]", ""),
        ("a@co.uk", ""),
        ("", ""),
    ],
)
def test_a_company_is_guessed_from_the_domain_but_not_from_free_mail(email: str, company: str) -> None:
    assert company_of(email) == company


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello, I returned the printer on Monday and the refund has not arrived. Please look.", "en"),
        ("Здравствуйте, не могу войти в кабинет, пишет что пароль неверный. Что мне делать?", "ru"),
        ("Здравейте, не мога да вляза в профила си. Моля да ми помогнете, благодаря!", "bg"),
        ("Доброго дня, не можу увійти до кабінету, що робити? Дякую", "uk"),
        ("Guten Tag, die Rechnung zeigt einen falschen Betrag. Bitte prüfen Sie das.", "de"),
        ("Bonjour, je n'ai pas reçu ma commande, merci de me répondre.", "fr"),
        ("Hola, no he recibido el pedido y la factura es incorrecta. Gracias", "es"),
        ("注文について質問があります。返品できますか。", "ja"),
        ("訂單還沒有收到，請問什麼時候可以送到？謝謝您的幫忙", "zh"),
        ("Ok danke", ""),
        ("Thanks!", ""),
        ("Привет, ок", ""),
        ("zwrg w plonk i brt z kwan o trsk w mnop i wrzt z klmp o zrog", ""),
        ("88213 4411 2201 https://the.and.example/to/of dana@corp.example", ""),
        ("Hello, bitte prüfen die Rechnung, the refund is not here, danke", ""),
        ("", ""),
    ],
)
def test_a_language_is_told_only_where_it_is_sure(text: str, language: str) -> None:
    assert language_of([text]) == language


def test_the_language_is_that_of_their_own_words_and_not_of_what_they_quote(desk: Desk) -> None:
    quoted = "\n".join(f"> {each}" for each in ["Dear Dana, we have sent the refund to your bank."] * 4)
    own = "Здравейте, още не съм получила парите. Моля да проверите, благодаря."
    number = receive(desk, text=f"{own}\n\nOn Monday support@acme.example wrote:\n{quoted}").number
    assert dossier(desk, number).language == "bg"


def test_what_agents_said_is_no_guess(desk: Desk) -> None:
    number = receive(desk, text="Hello, I returned the printer on Monday and it is not this one.").number
    edit_customer(desk, DANA.email, {ProfileField.LANGUAGE: "bg", ProfileField.COMPANY: "Corp Ltd"})
    known = dossier(desk, number)
    assert (known.language, known.company, known.profile.language) == ("", "", "bg")


def test_local_time_is_that_of_their_latest_mail_that_tells_one(desk: Desk, clock: SetClock) -> None:
    first = receive(desk).number
    told_zone(desk, first, 120)
    clock.go_on(hours=1)
    second = receive(desk, subject="Another").number
    told_zone(desk, second, 0)
    at = dossier(desk, first).local(clock())
    assert at is not None
    assert (at.hour, at.minute) == (12, 0)


def test_a_mail_written_in_utc_tells_nothing_of_where_somebody_is(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    told_zone(desk, number, 0)
    assert dossier(desk, number).local(clock()) is None


def test_a_zone_that_was_set_goes_before_what_mails_say(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    told_zone(desk, number, -300)
    edit_customer(desk, DANA.email, {ProfileField.ZONE: "Asia/Tokyo"})
    at = dossier(desk, number).local(clock())
    assert at is not None
    assert (at.hour, at.tzname()) == (18, "JST")


def test_a_zone_that_this_machine_does_not_know_is_none(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    known = edit_customer(desk, DANA.email, {ProfileField.ZONE: "Asia/Tokyo"})
    desk.store.profiles.put(replace(known, zone="Mars/Olympus"))
    assert dossier(desk, number).local(clock()) is None


def test_a_person_is_found_without_a_ticket_at_hand(desk: Desk) -> None:
    number = receive(desk).number
    assert [each.number for each in dossier_of(desk, DANA).tickets] == [number]
