"""What the desk says, in the language of the screen: sentences are known again by what stands between their values."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import partial

import pytest

from desk.deeds import Deed, Done, in_words
from desk.errors import GapsLeft, MergedAway, NoSuchTicket, NoteMoved, RefusedError
from desk.meanwhile import Did
from desk.moments import read_moment
from desk.people import Handle
from tui.words.heard import heard
from tui.words.telling import DEED
from tui.words.tongue import speak, trc


@pytest.fixture(autouse=True)
def russian() -> None:
    speak("ru")


def test_a_refusal_keeps_its_values() -> None:
    assert heard(MergedAway(17, 4).message) == "заявка 17 слита с 4"
    assert heard(GapsLeft(("⟦order⟧", "⟦sum⟧")).message) == "не отправлено: осталось 2 пропуска: ⟦order⟧, ⟦sum⟧"


def test_a_hint_in_brackets_is_translated_beside_its_sentence() -> None:
    assert heard(str(NoSuchTicket(5))) == "заявки 5 нет (`tandem list is:open or is:closed` покажет, что есть)"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("foo", "«foo» не день и не время"),
        ("next foo", "«next foo»: «next» не день и не время"),
        ("31 feb", "«31 feb»: в месяце 2 нет 31-го числа"),
    ],
)
def test_what_was_typed_and_the_word_in_it_that_is_wrong_are_told_apart(typed: str, told: str) -> None:
    with pytest.raises(RefusedError) as error:
        read_moment(typed, datetime(2026, 11, 23, tzinfo=UTC), UTC)
    assert heard(str(error.value)).startswith(f"{told} (")


def test_a_part_that_is_a_sentence_itself_is_translated() -> None:
    why = "ticket 5 is spam"
    assert heard(f"not done again: {why}") == "не повторено: заявка 5 помечена как спам"


def test_a_number_in_a_sentence_chooses_its_form() -> None:
    told = [heard(f"taken back on {count} tickets: status changed") for count in (3, 5, 21)]
    assert told == ["отменено, 3 заявки: статус", "отменено, 5 заявок: статус", "отменено, 21 заявка: статус"]
    speak("bg")
    assert heard("taken back on 3 tickets: status changed") == "върнато по 3 заявки: смяна на статуса"


def test_what_stands_in_a_list_or_behind_a_name_is_translated() -> None:
    assert heard("taken back on ticket 5: tagged, status changed") == "отменено, заявка 5: теги, статус"
    assert heard("macros/a.md:3: this is not UTF-8") == "macros/a.md:3: это не UTF-8"
    assert heard("too late: ticket 5 woke up since, by bo") == "поздно: заявка 5 проснулась с тех пор, bo"


def test_the_deeds_of_a_shift_are_told_by_who_did_them() -> None:
    ana, bo = Handle("ana"), Handle("bo")
    did = (
        Deed(ana, Done.TOOK),
        Deed(ana, Done.ANSWERED, times=2),
        Deed(ana, Done.TAGGED, "+refund -new"),
        Deed(None, Done.WROTE),
        Deed(bo, Done.GAVE, "ana"),
        Deed(bo, Done.PRIORITY, "high"),
    )
    told = "ana: взято в работу, ответ 2x, теги +refund -new; клиент: письмо; bo: назначено ana, приоритет высокий"
    assert in_words(did, partial(trc, DEED)) == told
    english = "ana took it, answered 2x, tagged +refund -new; customer wrote; bo gave it to ana, made it high"
    assert in_words(did) == english


@pytest.mark.parametrize(
    ("news", "told"),
    [
        ("bo wrote a mail", "bo: 1 письмо"),
        ("Dana Petrova wrote 2 mails", "Dana Petrova: 2 письма"),
        ("bo wrote 5 replies and a note and changed the status", "bo: 5 ответов, 1 заметка, изменён статус"),
        ("you wrote a reply, Leo and Mia wrote a mail", "вы: 1 ответ; Leo and Mia: 1 письмо"),
        ("bo merged 2 other tickets into it", "bo: сюда влиты 2 заявки"),
        ("bo answered what was forwarded 3 times", "bo: 3 ответа на пересланное"),
    ],
    ids=["one", "two", "several", "names", "merged", "aside"],
)
def test_what_came_meanwhile_has_the_forms_of_its_numbers(news: str, told: str) -> None:
    assert heard(news) == told
    moved = "заявка 5 изменилась с тех пор, как вы её видели"
    assert heard(f"ticket 5 moved since you looked at it: {news}") == f"{moved}: {told}"


def test_all_that_may_come_meanwhile_is_known_again() -> None:
    for did in Did:
        for times in (1, 2):
            assert not re.search("[a-z]", heard(f"bo {did.verb} {did.to_what(times)}").removeprefix("bo")), did


def test_a_note_that_moved_is_told_whole() -> None:
    words = heard(str(NoteMoved(3, 5, 1, 2)))
    assert words.startswith("заметку 3 в заявке 5 изменили с тех пор, как вы её читали (версия 1, теперь 2)")
    assert heard(NoteMoved(3, 5, 1, None).message) == "заметка 3 в заявке 5 отменена"


def test_fields_and_kinds_within_a_sentence_are_words_of_the_language() -> None:
    assert heard("the status of ticket 5 was changed again since, to “closed”, by bo").startswith(
        "в заявке 5 с тех пор снова изменено: статус"
    )
    assert heard("there is no unfinished reply on ticket 5 to hand over").count("ответ") == 1


def test_a_sentence_that_nobody_knows_stays_with_all_its_words() -> None:
    for unknown in ("nobody has translated this", "552 5.2.2 mailbox full (try later)", "Здравствуйте", ""):
        assert heard(unknown) == unknown


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        (
            "it says that it was sent automatically (auto-generated)",
            "помечено как отправленное автоматически (auto-generated)",
        ),
        (
            "ticket 47 is part of 18 now: 2 mails and 1 note went there",
            "заявка 47 теперь часть 18, туда перешло: 2 письма и 1 заметка",
        ),
        ("5 mails of ticket 3 became ticket 9", "из заявки 3 выделена заявка 9: 5 писем"),
        ("the mailbox is full", "ящик переполнен"),
        ("IMAP: Connection refused", "IMAP: в соединении отказано"),
    ],
    ids=["automatic", "merged", "split", "report", "system"],
)
def test_what_mails_and_machines_tell_is_translated(sentence: str, told: str) -> None:
    assert heard(sentence) == told


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        (
            "when: Mon 23 Nov 2026, 10:00 to 11:30 (Europe/Berlin), every week, 4 times",
            "когда: пн 23 ноя 2026, 10:00 – 11:30 (Europe/Berlin), каждую неделю, 4 раза",
        ),
        (
            "when: Mon 23 Nov 2026, 23:00 to Tue 24 Nov 2026, 01:00 (no time zone given)",
            "когда: пн 23 ноя 2026, 23:00 – вт 24 ноя 2026, 01:00 (часовой пояс не указан)",
        ),
        ("when: Mon 23 Nov 2026, all day", "когда: пн 23 ноя 2026, весь день"),
        ("when: 20261399T100000Z", "когда: 20261399T100000Z"),
        ("invitation: Planning to win", "приглашение: Planning to win"),
        ("who: Bo; of: Acme <bo@acme.example> declines", "кто: Bo; of: Acme <bo@acme.example>, отказ"),
        (
            "delivery report: not delivered to bo@gone.example: 5.1.1, 550 5.1.1 no such user",
            "отчёт о доставке: не доставлено: bo@gone.example: 5.1.1, 550 5.1.1 no such user",
        ),
        (
            "read receipt: the mail to bo@x.example was deleted unread (no person did that)",
            "уведомление о прочтении: письмо для bo@x.example удалено непрочитанным (это сделала программа)",
        ),
        ("complaint: somebody marked it as spam", "жалоба: письмо отметили как спам"),
        ("complaint: the mail came from the machine 192.0.2.1", "жалоба: письмо пришло с машины 192.0.2.1"),
        (
            "an attached mail: “Lost” from Ann Example <ann@customer.example>",
            "вложенное письмо: «Lost», от Ann Example <ann@customer.example>",
        ),
        ("signed, not checked (S/MIME): smime.p7m", "подписано, не проверено (S/MIME): smime.p7m"),
        ("another Tandem fetches the mail (process 12 on web1)", "почту забирает другой Tandem (процесс 12 на web1)"),
    ],
    ids=[
        *("meeting", "over midnight", "all day", "no date", "invitation", "answer", "delivery", "receipt"),
        *("complaint", "about", "attached", "signed", "fetching"),
    ],
)
def test_what_stands_beside_a_mails_text_is_translated(fact: str, told: str) -> None:
    assert heard(fact) == told


def test_in_english_every_sentence_stays() -> None:
    speak("en")
    assert heard(str(NoSuchTicket(5))) == str(NoSuchTicket(5))


def test_what_is_quoted_in_a_sentence_has_the_quotation_marks_of_the_language() -> None:
    assert heard("“is:” does not know “foo” (known: open)") == "«is:» не знает «foo» (есть: open)"
    speak("bg")
    assert heard("“is:” does not know “foo” (known: open)") == "„is:“ не познава „foo“ (има: open)"
    assert heard("there is no view “Old “1””") == "няма изглед „Old “1”“"


def test_what_a_ticket_is_by_now_is_said_behind_what_was_taken_back() -> None:
    assert heard("taken back on ticket 5: status changed, now open") == "отменено, заявка 5: статус, теперь открыта"


def test_why_words_are_no_moment_ahead_is_said_in_the_language_with_its_examples() -> None:
    now = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
    examples = "например fri 9, tomorrow morning, 2 weeks, 3 business days, 90 min, 27 nov или 2026-12-01 10:00"
    wrong = {
        "zzz": f"«zzz» не день и не время ({examples})",
        "yesterday": f"«yesterday» уже прошло (назовите момент впереди, {examples})",
        "today 9": f"«today 9» уже прошло: вс 22 ноя 2026 09:00 (назовите момент впереди, {examples})",
        "10 years": f"до этого больше пяти лет (назовите момент поближе, {examples})",
    }
    for words, told in wrong.items():
        with pytest.raises(RefusedError) as refused:
            read_moment(words, now, UTC)
        assert heard(str(refused.value)) == told
