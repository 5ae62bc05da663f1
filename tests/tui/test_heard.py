"""What the desk says, in the language of the screen: sentences are known again by what stands between their values."""

from __future__ import annotations

import pytest

from desk.errors import GapsLeft, MergedAway, NoSuchTicket
from tui.heard import heard, heard_deeds
from tui.tongue import speak


@pytest.fixture(autouse=True)
def russian() -> None:
    speak("ru")


def test_a_refusal_keeps_its_values() -> None:
    assert heard(MergedAway(17, 4).message) == "заявка 17 слита с 4"
    assert heard(GapsLeft(("⟦order⟧", "⟦sum⟧")).message) == "не отправлено: осталось пропусков 2: ⟦order⟧, ⟦sum⟧"


def test_a_hint_in_brackets_is_translated_beside_its_sentence() -> None:
    assert heard(str(NoSuchTicket(5))) == "заявки 5 нет (`tandem list is:open or is:closed` покажет, что есть)"


def test_a_part_that_is_a_sentence_itself_is_translated() -> None:
    why = "ticket 5 is spam"
    assert heard(f"not done again: {why}") == "не повторено: заявка 5 помечена как спам"


def test_what_stands_in_a_list_or_behind_a_name_is_translated() -> None:
    assert heard("taken back on ticket 5: tagged, status changed") == "отменено, заявка 5: теги, статус"
    assert heard("macros/a.md:3: this is not UTF-8") == "macros/a.md:3: это не UTF-8"
    assert heard("too late: ticket 5 woke up since, by bo") == "поздно: заявка 5 проснулась с тех пор, bo"


def test_the_deeds_of_a_shift_are_told_by_who_did_them() -> None:
    deeds = "ana took it, answered 2x, tagged +refund -new; customer wrote; bo gave it to ana"
    assert heard_deeds(deeds) == "ana: взята, ответ 2x, теги +refund -new; клиент: письмо; bo: назначена: ana"


def test_a_sentence_that_nobody_knows_stays_with_all_its_words() -> None:
    for unknown in ("nobody has translated this", "552 5.2.2 mailbox full (try later)", "Здравствуйте", ""):
        assert heard(unknown) == unknown


def test_in_english_every_sentence_stays() -> None:
    speak("en")
    assert heard(str(NoSuchTicket(5))) == str(NoSuchTicket(5))
