from __future__ import annotations

import pytest

from tui.reader.folding import Kind, parts_of

WORDS = "Hello, the parcel came today and it is broken."


def signature(text: str) -> tuple[str, ...]:
    return next((each.lines for each in parts_of(text) if each.kind is Kind.SIGNATURE), ())


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Sent from my Verizon Wireless BlackBerry",
        "Sent from my mobile device.",
        "Sent from my Samsung Galaxy smartphone.",
        "Sent from Yahoo Mail on Android",
        "Sent from Mail for Windows 10",
        "Sent from Mail<https://go.example/fwlink/?LinkId=550986> for Windows",
        "Get Outlook for iOS<https://aka.example/o0ukef>",
        "Sent with Sparrow (http://www.sparrow.example/?sig)",
        "Von meinem iPhone gesendet",
        "Gesendet von meinem Samsung Galaxy Smartphone.",
        "Diese Nachricht wurde von meinem Android-Mobiltelefon mit K-9 Mail gesendet.",
        "Gesendet mit der GMX Mail App",
        "Envoyé de mon iPhone",
        "Envoyé depuis mon téléphone portable",
        "Enviado desde mi iPhone",
        "Enviado do meu iPhone",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Wysłane z iPhone'a",
        "Skickat från min iPhone",
        "Sendt fra min iPhone",
        "Lähetetty iPhonesta",
        "Odesláno z iPhonu",
        "Отправлено с iPhone",
        "Отправлено из Почты Mail.ru",
        "Изпратено от моя iPhone",
        "Надіслано з iPhone",
        "iPhone'umdan gönderildi",
        "iPhoneから送信",
        "发自我的iPhone",
        "從我的 iPhone 傳送",
        "나의 iPhone에서 보냄",
    ],
)
def test_what_a_program_puts_under_a_mail_is_folded(line: str) -> None:
    assert signature(f"{WORDS}\n\n{line}\n") == (line,)
    assert signature(f"{WORDS}\n\n{line}\n\n-- \nDana") == (line, "", "--", "Dana")
    assert signature(f"{WORDS}\n{line}\nOne more thing.") == ()


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my desk, is much easier then my mobile phone.",
        "Sent from my iPhone, which you will not repair.",
        "Sent from my iPhone: where is my refund?",
        "Sent it from my phone yesterday",
        "I sent the form from my phone",
        "Sent from a magnificent torch of pixels",
        "Sent the iPhone back on Monday",
        "My iPhone was sent to you",
        "Get iPhone",
        "Gesendet wurde das Paket am Montag",
    ],
)
def test_sentences_of_people_about_what_was_sent_stand_open(line: str) -> None:
    assert signature(f"{WORDS}\n\n{line}\n") == ()


def test_a_signature_before_a_quotation_is_folded() -> None:
    text = (
        f"{WORDS}\n-- \nDana\n\nOn Thu, 19 Nov 2026 at 09:30, Acme <support@acme.example> wrote:\n> one\n> two\n> three"
    )
    assert [each.kind for each in parts_of(text)] == [Kind.TEXT, Kind.SIGNATURE, Kind.QUOTE]


@pytest.mark.parametrize(
    "rest",
    [
        "a line of text\n" * 20,
        "Dana\nWhen will it come?",
        "PS: please call me",
        "Dana\nP.S. It is blue.",
        "x" * 200,
        "",
        "\n",
    ],
)
def test_below_dashes_what_is_no_signature_stands_open(rest: str) -> None:
    assert signature(f"{WORDS}\n--\n{rest}") == ()


def test_dashes_within_a_line_begin_no_signature() -> None:
    assert signature("Hi there!\n\nAnd here is a fix -- this is not a signature.\n\nBye") == ()


@pytest.mark.parametrize(
    "below", ["Second, the invoice number is 4711 and must be paid back.", "商品がまだ届いていません。"]
)
def test_dashes_between_two_things_that_are_said_begin_no_signature(below: str) -> None:
    assert signature(f"First, the pump is broken.\n--\n{below}\nAnn") == ()


@pytest.mark.parametrize(
    "below",
    [
        "Dana Petrova\nCorp Ltd",
        "Дана Петрова\nООО Корп\n+359 88 123 4567",
        "Anna von der Heide\nVertrieb",
        "dana petrova\ndana@corp.example",
        "the parcel people",
    ],
)
def test_a_name_below_dashes_without_their_blank_is_a_signature(below: str) -> None:
    assert signature(f"{WORDS}\n\n--\n{below}") == ("--", *below.split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        "I need these:\nRed pump\n--\nBlue pump\nGreen pump",
        "I need these:\nred pump\n\n--\n\nblue pump",
        "I need these:\n- a red pump, as before.\n--\n- a blue pump\n- a green one",
        "I need these today.\n--\n2 x pump\n3 x hose",
        f"{WORDS}\n--\nthe lid is cracked\nand the hose is missing",
        "I need these:\nRed pump\n--\nBlue pump 1234567\nGreen pump 7654321",
        f"{WORDS}\n--\nmy new address is dana@corp.example and not the other\nuse that",
        f"{WORDS}\n--\nAnn has the first one.\n--\nDana Petrova\nCorp Ltd",
    ],
)
def test_dashes_without_their_blank_that_divide_a_list_begin_no_signature(text: str) -> None:
    assert signature(text) == ()


def test_below_dashes_with_their_blank_anything_short_is_a_signature() -> None:
    assert signature(f"{WORDS}\n-- \nthe lid people\nand their hoses") == ("--", "the lid people", "and their hoses")
