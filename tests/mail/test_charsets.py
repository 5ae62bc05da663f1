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
