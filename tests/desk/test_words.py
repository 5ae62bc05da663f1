from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.people import Address
from desk.words import asked, asked_of_people, people_form, search_form, split


def words(text: str) -> list[str]:
    return split(search_form(text))


def is_found(text: str, typed: str, *, whole: bool = False) -> bool:
    return asked(typed, whole=whole).stands_in(words(text))


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Refund for ORDER 88213", "order"),
        ("Größe, Straße, STRAẞE", "strasse"),
        ("Große Grüße", "GROSSE"),
        ("Crème brûlée", "creme"),
        ("Zażółć gęślą jaźń, Łódź", "lodz"),
        ("Smørrebrød på Ærø", "aero"),
        ("İstanbul'da ISPARTA", "istanbul"),
        ("Тысяча ёлок и счёт", "елок"),
        ("СЧЕТ НЕ ОПЛАЧЕН", "счёт"),
        ("за́мок на двери́", "замок"),
        ("Направих поръчка, но ѝ липсва част", "и"),
        ("Направи и поръчка", "ѝ"),
        ("Мій їжак", "їжак"),
        ("Заказ №88213 «Ёж»", "88213"),
        ("ΣΟΦΟΣ και σοφός", "σοφος"),
        ("Άνθρωπος", "ανθρωπος"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        ("返金をお願いします", "返金"),
        ("返金をお願いします", "お願い"),
        ("返金をお願いします", "金を"),
        ("請求書について", "求書"),
        ("ﾒｰﾙとｶﾞｲﾄﾞ", "メールとガイド"),
        ("プリンターのｴﾗｰ", "エラー"),
        ("株式会社ＡＢＣ １２３", "abc 123"),
        ("iPhoneを交換", "iphone"),
        ("我要退款，订单号12345", "退款"),
        ("我要退款，订单号12345", "12345"),
        ("สวัสดีครับ ขอเงินคืน", "เงินคืน"),
        ("ຂໍເງິນຄືນ", "ເງິນ"),
        ("សំណងប្រាក់", "ប្រាក់"),
        ("ငွေပြန်အမ်း", "ပြန်"),
        ("हिन्दी में धनवापसी", "हिन्दी"),
        ("환불 요청", "환불"),
        ("5㎏, Acme™ and 20℃", "kg"),
        ("5㎏, Acme™ and 20℃", "acme"),
        ("re\u00adfund re\u200bturn", "refund return"),
        ("𝐁𝐨𝐥𝐝 refund", "bold refund"),
        ("𠮷野家", "野家"),
        ("комп’ютер", "комп'ютер"),
        ("snake_case", "case"),
    ],
)
def test_a_text_is_found_by_what_a_person_would_type(text: str, typed: str) -> None:
    for form in ("NFC", "NFD"):
        assert is_found(unicodedata.normalize(form, text), typed)
        assert is_found(text, unicodedata.normalize(form, typed))
        assert is_found(text.upper(), typed.lower())


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("мой", "мои"),
        ("мои", "мой"),
        ("їжак", "іжак"),
        ("refund", "fund"),
        ("返金", "金返"),
        ("返金", "返 金を"),
        ("請求 書", "求書類"),
        ("!!!", "!!!"),
        ("👍 ok", "👍"),
        ("ガイド", "カイト"),
        ("a b", "ab"),
        ("", ""),
    ],
)
def test_letters_that_differ_are_not_taken_for_each_other(text: str, typed: str) -> None:
    for form in ("NFC", "NFD"):
        assert not is_found(unicodedata.normalize(form, text), unicodedata.normalize(form, typed))


def test_only_the_last_word_may_be_a_beginning_and_none_in_a_whole_phrase() -> None:
    assert is_found("bank transfers", "bank transf")
    assert not is_found("bank transfers", "ban transfers")
    assert not is_found("bank transfers", "bank transf", whole=True)
    assert not is_found("transfers of the bank", "bank transfers")


def test_a_character_of_a_script_without_blanks_is_never_only_a_beginning() -> None:
    assert not asked("返金", whole=False).unfinished
    assert asked("返金a", whole=False).unfinished


odd = st.text(
    st.sampled_from(
        "aZßẞ ıİéèøłœ ёЁЙйЇїѝ\u0301\u0306\u0308\u0327 ςΣσάᾳ ｶﾞﾟカガ゙が 日本語ー々 ไทยน้ำ שָל مُحأ १की 한글ᄒ 1２½№™ㅎ"
        " ﬁ\u00ad\u200d\ufe0f'\"-_👍𝐁𠮷"
    )
    | st.characters(),
    max_size=20,
)


@given(odd)
def test_a_search_form_stays_as_it_is(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)


@given(odd)
def test_composed_or_not_a_text_has_the_same_words(text: str) -> None:
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


@given(odd, odd)
def test_any_part_of_a_text_that_ends_with_its_words_is_found_in_it(before: str, after: str) -> None:
    typed = asked(after, whole=True)
    assert typed.stands_in(words(f"{before} {after} {before}")) is bool(typed.words)


@given(st.text(st.characters(max_codepoint=127)))
def test_the_short_way_for_ascii_says_the_same(text: str) -> None:
    assert words(text) == words(f"{text} é")[:-1]


PEOPLE = [Address("Bo@Acme.example", "Bo Lind"), Address("jürgen@straße.example", "Jürgen"), Address("bo", "")]


@pytest.mark.parametrize(
    ("typed", "is_there"),
    [
        ("bo@acme.example", True),
        ("BO@ACME.EXAMPLE", True),
        ("bo@acme", True),
        ("bo@", True),
        ("bo", True),
        ("lin", True),
        ("acme.exa", True),
        ("@acme.example", True),
        ("JÜRGEN@strasse.example", True),
        ("o@acme.example", False),
        ("bo@acme.example.org", False),
        ("bo@acme.exampl", False),
        ("bo@acme.", False),
        ("jurgen@strasse.example", False),
        ("bo@example", False),
        ("bo lind bo", False),
        ("\ue000", False),
    ],
)
def test_people_are_found_by_name_address_and_beginnings_but_a_whole_address_is_only_itself(
    typed: str, *, is_there: bool
) -> None:
    assert asked_of_people(typed, whole=False).stands_in(split(people_form(PEOPLE))) is is_there


def test_in_quotes_a_beginning_of_an_address_is_no_address() -> None:
    assert asked_of_people("bo@acme.example", whole=True).stands_in(split(people_form(PEOPLE)))
    assert not asked_of_people("bo@acme", whole=True).stands_in(split(people_form(PEOPLE)))


def test_a_name_cannot_pass_for_an_address() -> None:
    forged = people_form([Address("eve@evil.example", people_form([Address("bo@acme.example")]))])
    assert not asked_of_people("bo@acme.example", whole=True).stands_in(split(forged))
    assert not asked_of_people("bo@acme.example", whole=True).stands_in(split(search_form(forged)))
