from __future__ import annotations

import pytest

from tui.reader.folding import Kind, parts_of

WORDS = "Hello, the parcel came today and it is broken."
BELOW = "Dear Dana,\nplease send it back.\nAcme Support"


def seen(text: str) -> str:
    """What of a text stands open, without blank lines around its parts."""
    return "\n".join(line for part in parts_of(text) if part.kind is Kind.TEXT for line in part.lines)


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


ATTRIBUTIONS = {
    "English": "On Thu, 19 Nov 2026 at 09:30, Acme <support@acme.example> wrote:",
    "English, wrapped": "On Thu, 19 Nov 2026 at 09:30, Acme Support\n<support@acme.example> wrote:",
    "English, over three lines": "On Nov 19, 2026, at 9:30 AM, Acme Support\n<support@acme.example>\nwrote:",
    "English, glued": "On Thu, Nov 19, 2026 at 9:30 AM Acme <support@acme.example>wrote:",
    "German": "Am 19.11.2026 um 09:30 schrieb Acme <support@acme.example>:",
    "German, Gmail": "Am Do., 19. Nov. 2026 um 09:30 Uhr schrieb Acme Support <support@acme.example>:",
    "German, name first": "Acme <support@acme.example> schrieb am Do., 19. Nov. 2026, 09:30:",
    "German, perfect": "Am 19.11.2026 um 09:30 hat Acme <support@acme.example> geschrieben:",
    "French": "Le jeu. 19 nov. 2026 à 09:30, Acme <support@acme.example> a écrit :",
    "Spanish": "El jue, 19 nov 2026 a las 9:30, Acme (<support@acme.example>) escribió:",
    "Italian": "Il giorno gio 19 nov 2026 alle ore 09:30 Acme <support@acme.example> ha scritto:",
    "Portuguese": "Em qui., 19 de nov. de 2026 às 09:30, Acme <support@acme.example> escreveu:",
    "Dutch": "Op do 19 nov 2026 om 09:30 schreef Acme <support@acme.example>:",
    "Polish": "czw., 19 lis 2026 o 09:30 Acme <support@acme.example> napisał(a):",
    "Polish, Apple": "Wiadomość napisana przez Acme <support@acme.example> w dniu 19.11.2026, o godz. 09:30:",
    "Swedish": "Den tors 19 nov. 2026 kl 09:30 skrev Acme <support@acme.example>:",
    "Danish": "Den tor. 19. nov. 2026 kl. 09.30 skrev Acme <support@acme.example>:",
    "Norwegian": "tor. 19. nov. 2026 kl. 09:30 skrev Acme <support@acme.example>:",
    "Finnish": "to 19. marrask. 2026 klo 9.30 Acme (support@acme.example) kirjoitti:",
    "Czech": "čt 19. 11. 2026 v 9:30 odesílatel Acme <support@acme.example> napsal:",
    "Slovak": "št 19. 11. 2026 o 9:30 Acme <support@acme.example> napísal(a):",
    "Hungarian": "Acme <support@acme.example> ezt írta (időpont: 2026. nov. 19., Cs, 9:30):",
    "Romanian": "În joi, 19 nov. 2026 la 09:30, Acme <support@acme.example> a scris:",
    "Greek": "Στις Πέμ 19 Νοε 2026 στις 9:30 π.μ., ο χρήστης Acme <support@acme.example> έγραψε:",
    "Russian, Gmail": "чт, 19 нояб. 2026 г. в 09:30, Acme <support@acme.example>:",
    "Russian": "19.11.2026 09:30, Acme Support пишет:",
    "Russian, Android": '19.11.2026 09:30 пользователь "support@acme.example" <\nsupport@acme.example> написал:',
    "Russian, Mail.ru": "Thu, 19 Nov 2026 09:30:51 +0300 от Acme <support@acme.example>:",
    "Bulgarian": "На чт, 19.11.2026 г. в 09:30 Acme <support@acme.example> написа:",
    "Ukrainian": "чт, 19 лист. 2026 р. о 09:30 Acme <support@acme.example> пише:",
    "Turkish": "Acme <support@acme.example>, 19 Kas 2026 Per, 09:30 tarihinde şunu yazdı:",
    "Japanese": "2026年11月19日(木) 9:30 Acme <support@acme.example>:",
    "Chinese": "Acme <support@acme.example> 于2026年11月19日周四 09:30写道\uff1a",
    "Chinese, traditional": "Acme <support@acme.example> 於 2026年11月19日 週四 09:30寫道\uff1a",
    "Korean": "2026년 11월 19일 (목) 오전 9:30, Acme <support@acme.example>님이 작성:",
}


@pytest.mark.parametrize("attribution", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
def test_an_attribution_is_known_with_marks_below_and_without(attribution: str) -> None:
    assert seen(f"{WORDS}\n\n{attribution}\n\n{quoted(BELOW)}") == WORDS
    assert seen(f"{WORDS}\n\n{attribution}\n\n{BELOW}") == WORDS
    assert seen(f"{WORDS}\n{attribution}\n{quoted(BELOW)}\nThank you!") == f"{WORDS}\nThank you!"


HEADS = {
    "Outlook": "From: Acme <s@acme.example>\nSent: Thursday, November 19, 2026 9:30 AM\nTo: Dana\nSubject: Refund",
    "Outlook, bold": "*From:* Acme [mailto:s@acme.example]\n*Sent:* Thursday\n*To:* Dana\n*Subject:* Refund",
    "a wrapped address": "From: Acme <s@acme.example>\nSent: Thursday\nTo: Dana <dana@corp.example>;\n Bo\nSubject: x",
    "Hotmail": "Date: Thu, 19 Nov 2026 09:30:45 +0400\nSubject: Refund\nFrom: support@acme.example\nTo: d@corp.example",
    "German": "Von: Acme\nGesendet: Donnerstag, 19. November 2026 09:30\nAn: Dana\nBetreff: Rückzahlung",
    "French": "De : Acme\nEnvoyé : jeudi 19 novembre 2026 09:30\nÀ : Dana\nObjet : Remboursement",
    "Spanish": "De: Acme\nEnviado el: jueves, 19 de noviembre de 2026 9:30\nPara: Dana\nAsunto: Devolución",
    "Italian": "Da: Acme\nInviato: giovedì 19 novembre 2026 09:30\nA: Dana\nOggetto: Rimborso",
    "Portuguese": "De: Acme\nEnviada: 19 de novembro de 2026 09:30\nPara: Dana\nAssunto: Reembolso",
    "Dutch": "Van: Acme\nVerzonden: donderdag 19 november 2026 09:30\nAan: Dana\nOnderwerp: Terugbetaling",
    "Polish": "Od: Acme\nWysłano: czwartek, 19 listopada 2026 09:30\nDo: Dana\nTemat: Zwrot",
    "Swedish": "Från: Acme\nSkickat: den 19 november 2026 09:30\nTill: Dana\nÄmne: Återbetalning",
    "Danish": "Fra: Acme\nSendt: 19. november 2026 09:30\nTil: Dana\nEmne: Refusion",
    "Finnish": "Lähettäjä: Acme\nLähetetty: torstai 19. marraskuuta 2026 9.30\nVastaanottaja: Dana\nAihe: Palautus",
    "Czech": "Od: Acme\nOdesláno: čtvrtek 19. listopadu 2026 9:30\nKomu: Dana\nPředmět: Vrácení",
    "Russian": "От: Acme\nОтправлено: 19 ноября 2026 г. 9:30\nКому: Dana\nТема: Возврат",
    "Bulgarian": "От: Acme\nИзпратено: четвъртък, 19 ноември 2026 г. 9:30\nДо: Dana\nОтносно: Възстановяване",
    "Ukrainian": "Від: Acme\nНадіслано: 19 листопада 2026 р. 9:30\nКому: Dana\nТема: Повернення",
    "Turkish": "Kimden: Acme\nGönderildi: 19 Kasım 2026 Perşembe 09:30\nKime: Dana\nKonu: İade",
    "Japanese": "差出人: Acme\n送信日時: 2026年11月19日 9:30\n宛先: Dana\n件名: 返金",
    "Chinese": "发件人\uff1a Acme\n发送时间\uff1a 2026年11月19日 9:30\n收件人\uff1a Dana\n主题\uff1a 退款",
    "Korean": "보낸 사람: Acme\n보낸 날짜: 2026년 11월 19일\n받는 사람: Dana\n제목: 환불",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
@pytest.mark.parametrize(
    "line", ["", "________________________________\n", "-----Original Message-----\n", " -----\n\n"]
)
def test_below_a_head_all_is_quoted_with_the_line_above_it(head: str, line: str) -> None:
    assert seen(f"{WORDS}\n\n{line}{head}\n\n{BELOW}") == WORDS


@pytest.mark.parametrize(
    "line",
    [
        "-----Original Message-----",
        "----- Original message -----",
        "-------- Ursprüngliche Nachricht --------",
        "-----Message d'origine-----",
        "-----Mensaje original-----",
        "-----Messaggio originale-----",
        "-----Mensagem original-----",
        "-----Oorspronkelijk bericht-----",
        "-----Ursprungligt meddelande-----",
        "-----Oprindelig meddelelse-----",
        "-----Opprinnelig melding-----",
        "-----Alkuperäinen viesti-----",
        "-----Původní zpráva-----",
        "-----Исходное сообщение-----",
        "-----Оригинално съобщение-----",
        "-----Özgün İleti-----",
        "-----元のメッセージ-----",
        "------------------ 原始邮件 ------------------",
        "-----원본 메시지-----",
    ],
)
def test_below_the_line_of_an_original_message_all_is_quoted(line: str) -> None:
    assert seen(f"{WORDS}\n\n{line}\n{BELOW}") == WORDS


ON = "On Thu, 19 Nov 2026 at 09:30, Acme <support@acme.example> wrote:"


def test_answers_between_quotations_stand_open() -> None:
    text = f"{ON}\n{quoted(BELOW)}\n\nI did that.\n\n{quoted(BELOW)}\n\nAnd that too, but how?\n"
    assert seen(text) == "I did that.\nAnd that too, but how?"


def test_what_stands_below_a_quotation_is_never_folded() -> None:
    assert seen(f"{ON}\n{quoted(BELOW)}\n{WORDS}") == WORDS
    assert seen(f"{quoted(BELOW)}\n{WORDS}") == WORDS


def test_short_quotations_between_answers_stand_open() -> None:
    text = f"{WORDS}\n{ON}\n> Which one?\nThe blue one."
    assert seen(text) == text


@pytest.mark.parametrize(
    "hint", ["See my answers below.", "Siehe meine Antworten unten, in rot.", "Отговорих по-долу."]
)
def test_where_answers_are_announced_inside_what_has_no_marks_it_stands_open(hint: str) -> None:
    assert BELOW in seen(f"{WORDS}\n{hint}\n\n{ON}\n{BELOW}\nYes, I did.")


def test_own_words_between_an_attribution_and_marks_stand_open() -> None:
    assert "It is all true!" in seen(f"{WORDS}\n\n{ON}\n\nIt is all true!\n\n{quoted(BELOW)}")


@pytest.mark.parametrize(
    "prose",
    [
        "On Monday I wrote:",
        "On 19 Nov 2026 at 09:30 I wrote to <support@acme.example>:",
        "On 19 Nov 2026 at 09:30 you wrote:",
        "On 19 Nov 2026 at 09:30 your colleague Bo wrote:",
        "On Monday at 10:30 Bo wrote:",
        "This is what my neighbour wrote:",
        "Am 19.11.2026 um 09:30 schrieb ich Ihnen:",
        "Am 19.11.2026 um 09:30 schrieb der Drucker diese Meldung:",
        "El 19.11.2026 a las 9:30 le escribí:",
        "Le 19/11/2026 à 09:30 j'ai écrit :",
        "19.11.2026 09:30 я написал:",
        "Please write to Dana <dana@corp.example>:",
        "From: Paris\nTo: London\nDate: 19 November 2026",
        "From: Dana\nSubject of the matter is known",
        "-----\nA new part",
    ],
)
def test_prose_that_reads_like_an_attribution_is_not_one(prose: str) -> None:
    text = f"{WORDS}\n\n{prose}\nIt never worked.\nPlease help me."
    assert seen(text) == text


@pytest.mark.parametrize(
    "theirs",
    [
        "I typed this:\n> show tables\n> describe x\n> select 1\nERROR 12: no such table",
        "I typed this:\n\n> show tables\n> describe x\n> select 1",
        "$ node\n> one()\n> two()\n> three()\nTypeError: x",
        ">>> import x\n>>> x.y\n>>> x.z\nTypeError: x",
        "> **Note**\n> It must be returned.\nThat is what the page says, and it is wrong.",
    ],
)
def test_marked_lines_of_a_log_a_prompt_or_markdown_stand_open(theirs: str) -> None:
    text = f"{WORDS}\n\n{theirs}\nWhat now?"
    assert seen(text) == text


def test_a_log_below_the_answer_to_a_quotation_stands_open() -> None:
    log = "This is what I see:\n> one\n> two\n> three"
    assert seen(f"{ON}\n{quoted(BELOW)}\n{WORDS}\n{log}") == f"{WORDS}\n{log}"


@pytest.mark.parametrize(
    "sign",
    [
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "-------- Weitergeleitete Nachricht --------",
        "---------- Message transféré ----------",
        "---------- Mensaje reenviado ----------",
        "-------- Пересылаемое сообщение --------",
        "---------- Препратено съобщение ----------",
        "---------- 转发的邮件 ----------",
        "---------- 転送メッセージ ----------",
    ],
)
def test_what_is_forwarded_stands_open(sign: str) -> None:
    head = "From: Bo <bo@shop.example>\nDate: Thu, 19 Nov 2026\nSubject: Invoice\nTo: <dana@corp.example>"
    text = f"{WORDS}\n\n{sign}\n{head}\n\n{BELOW}\n\n{ON}\n{quoted(BELOW)}"
    assert seen(text) == text


def test_a_mail_that_only_quotes_stands_open() -> None:
    for text in (quoted(BELOW), f"ok\n{quoted(BELOW)}", f"{ON}\n\n{BELOW}", f"{HEADS['Outlook']}\n\n{BELOW}"):
        assert seen(text) == text


def test_a_quotation_inside_a_quotation_is_folded_with_it() -> None:
    inner = quoted(f"{BELOW}\n{ON}\n{quoted(BELOW)}")
    assert seen(f"{WORDS}\n\n{inner}\n\nThank you!") == f"{WORDS}\nThank you!"
    assert seen(f"{WORDS}\n{quoted(ON)}\n>\n{quoted(BELOW)}\nThank you!") == f"{WORDS}\nThank you!"


@pytest.mark.parametrize(
    "announced",
    [
        "Hi Ana, answers inside the text.",
        "Please find my comments marked with [Ann].",
        "Bonjour, mes réponses dans le corps du message.",
        "Здравствуйте, ответы в тексте письма.",
        "Здравейте, отговорите ми са в текста.",
        "回答は文中に記載しました。",
        "I got this mail from you:",
    ],
)
def test_below_a_head_that_the_writer_leads_over_to_own_words_may_stand(announced: str) -> None:
    head = "From: Acme <help@acme.example>\nSent: Friday, 20 November 2026 10:00\nTo: Ann\nSubject: RE: Pump"
    (part,) = parts_of(f"{announced}\n\n{head}\n\nIs it the red one?\nYes, the red one, and it is broken.\n")
    assert part.kind is Kind.TEXT
