from __future__ import annotations

import pytest

from mail.charsets import Decoded, codec_of, decode


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("UTF-8", "utf_8"),
        ("iso-8859-1", "cp1252"),
        ("ISO_8859-1:1987", "cp1252"),
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("ks_c_5601-1987", "cp949"),
        ("euc-kr", "cp949"),
        ("Shift_JIS", "cp932"),
        ("x-sjis", "cp932"),
        ("unicode-1-1-utf-7", "utf_7"),
        ("cp-850", "cp850"),
        ("windows-1251", "cp1251"),
        ("koi8-r", "koi8_r"),
        ("iso-8859-8-i", "iso8859_8"),
        ("big5", "big5hkscs"),
    ],
)
def test_a_character_set_is_known_by_any_of_its_names(declared: str, codec: str) -> None:
    assert codec_of(declared) == codec


@pytest.mark.parametrize("name", ["hex", "zlib", "rot13", "base64", "punycode", "idna", "unicode_escape", "os", ""])
def test_a_name_that_is_not_on_the_list_reaches_no_codec(name: str) -> None:
    assert codec_of(name) is None
    assert decode(b"6869", name).text == "6869"


def test_what_is_declared_is_believed() -> None:
    assert decode("привет".encode("koi8-r"), "koi8-r") == Decoded("привет")
    assert decode("こんにちは".encode("iso2022_jp"), "iso-2022-jp") == Decoded("こんにちは")
    assert decode(b"\x93quoted\x94 \x80", "iso-8859-1") == Decoded("“quoted” €")


def test_undeclared_bytes_are_utf_8_where_they_can_be() -> None:
    assert decode("grüße".encode()) == Decoded("grüße")
    assert decode("grüße".encode(), "us-ascii") == Decoded("grüße")
    assert decode("grüße".encode(), "x-unknown") == Decoded("grüße")


def test_what_cannot_be_read_as_declared_is_guessed_and_said_so() -> None:
    assert decode("grüße".encode(), "gb18031") == Decoded("grüße", "UTF-8")
    assert decode(b"gr\xfc\xdfe", "utf-8") == Decoded("grüße", "Windows-1252")
    assert decode("Größe über Äpfel, naïve façade".encode("cp1252")).guessed == "Windows-1252"
    for text in ("Фактура", "Етикетите се отлепват (поръчка 88144)", "Здравствуйте, не могу войти"):
        assert decode(text.encode("cp1251")) == Decoded(text, "Windows-1251")
        assert decode(text.encode("koi8_r")) == Decoded(text, "KOI8-R")
    assert decode(b"\x81\x8d") == Decoded("��", "Windows-1252")


def test_a_little_damage_does_not_change_the_character_set() -> None:
    damaged = "Добрый день".encode() + b"\xd0"
    assert decode(damaged, "utf-8") == Decoded("Добрый день�")


def test_text_that_only_looks_like_ascii_is_decoded() -> None:
    assert decode(b"Hi Mom +Jjo-!", "utf-7").text == "Hi Mom ☺!"
    assert decode("hi".encode("utf-16-le"), "utf-16le").text == "hi"


def test_ascii_is_no_utf_16_whatever_a_mail_says() -> None:
    assert decode(b"Hello, my order is late.", "utf-16") == Decoded("Hello, my order is late.")
    assert decode("Hello".encode("utf-16-le"), "utf-16le") == Decoded("Hello")
    assert decode("\ufeffHello".encode("utf-16-be"), "utf-16") == Decoded("Hello")


@pytest.mark.parametrize("declared", ["", "utf-8", "us-ascii", "iso-8859-1"])
def test_the_shifts_of_iso_2022_jp_are_known_under_any_name(declared: str) -> None:
    text = "注文した商品が届きません。thanks"
    assert decode(text.encode("iso2022_jp"), declared) == Decoded(text)
    assert decode(b"\x1b[31mred \x1b$B", declared) == Decoded("\x1b[31mred \x1b$B")


ZH = "您好，我的订单还没有收到，请帮我查询一下，谢谢。\nWang Xiaoming, Purchasing, 518000"
EASTERN = [
    (ZH, "gbk", "GB18030"),
    ("您好，订单没有到。", "gbk", "GB18030"),
    ("您好，我的訂單還沒有收到，請幫我查詢一下，謝謝。", "big5", "Big5"),
    ("お世話になっております。注文した商品がまだ届きません。", "cp932", "Shift_JIS"),
    ("お世話になっております。注文した商品がまだ届きません。", "euc_jp", "EUC-JP"),
    ("안녕하세요 주문한 상품이 아직 도착하지 않았습니다.", "cp949", "EUC-KR"),
]


@pytest.mark.parametrize("declared", ["", "utf-8", "iso-8859-1"])
@pytest.mark.parametrize(("text", "codec", "name"), EASTERN)
def test_chinese_japanese_and_korean_text_under_a_wrong_name_is_guessed_and_said_so(
    text: str, codec: str, name: str, declared: str
) -> None:
    assert decode(text.encode(codec), declared) == Decoded(text, name)


@pytest.mark.parametrize("declared", ["utf-16", "utf-32", "iso-8859-1", "windows-1252", "koi8-r", "gbk", "euc-jp"])
@pytest.mark.parametrize("text", ["Grüße aus München, für die schöne Ämter", "Здравствуйте, не могу", ZH])
def test_utf_8_under_another_name_is_read_as_what_it_is_and_said_so(text: str, declared: str) -> None:
    assert decode(text.encode(), declared) == Decoded(text, "UTF-8")


@pytest.mark.parametrize("text", ["Grüße aus Köln, bitte", "Grüße aus Köln, danke!"])
def test_latin_text_that_says_it_is_utf_16_is_read_as_what_it_is(text: str) -> None:
    assert decode(text.encode("cp1252"), "utf-16") == Decoded(text, "Windows-1252")


def test_cyrillic_under_a_latin_name_is_guessed_and_said_so() -> None:
    text = "Здравствуйте, не могу войти"
    assert decode(text.encode("cp1251"), "iso-8859-1") == Decoded(text, "Windows-1251")


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Příliš žluťoučký kůň úpěl ďábelské ódy", "iso8859_2"),
        ("Καλημέρα, η παραγγελία μου δεν έχει φτάσει", "iso8859_7"),
        ("สวัสดีครับ สินค้าที่สั่งยังไม่มาถึง", "cp874"),
        ("안녕하세요 주문한 상품이 아직 도착하지 않았습니다.", "cp949"),
        ("Größe: 12° — «Ähre», naïve façade ÄÖÜ", "cp1252"),
        ("║ Artikel ║ Größe ║", "cp850"),
        ("Доброго дня! Ії єє іі", "koi8_u"),
        ("订单没有到", "gbk"),
        ("注文", "utf_16_le"),
    ],
)
def test_text_in_the_set_that_is_declared_is_no_guess(text: str, codec: str) -> None:
    assert decode(text.encode(codec), codec) == Decoded(text)


@pytest.mark.parametrize(
    "text", ["Test äöüß ÄÖÜ äöüß", "ÅÄÖåäö ÅÄÖåäö", "áéíóú ñ Ñ ü ÁÉÍÓÚ", "ÆØÅ æøå ÆØÅ æøå", "àèìòù ÀÈÌÒÙ"]
)
def test_rows_of_accented_letters_are_what_they_are_said_to_be(text: str) -> None:
    assert decode(text.encode("cp1252"), "iso-8859-1") == Decoded(text)


def test_japanese_without_any_ascii_is_read_as_utf_16_where_it_begins_with_its_mark() -> None:
    assert decode("こんにちは。ありがとう".encode("utf-16"), "utf-16") == Decoded("こんにちは。ありがとう")
