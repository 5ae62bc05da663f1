from __future__ import annotations

import pytest

from mail.parse import parse
from tests.mail.mails import mail, multipart, part

WORDS = " ".join(f"word{number}" for number in range(250))


def test_of_alternatives_the_plain_one_is_the_text() -> None:
    read = parse(multipart("alternative", part("text/plain", "plain words"), part("text/html", "<p>rich words")))
    assert (read.text, read.has_html, read.attachments) == ("plain words", True, ())


def test_a_mail_that_is_only_html_becomes_text() -> None:
    read = parse(mail("Content-Type: text/html; charset=utf-8", body="<p>Grüße<br>Ann</p><script>x()</script>"))
    assert (read.text, read.has_html, read.attachments) == ("Grüße\nAnn", True, ())


@pytest.mark.parametrize("plain", ["", "This mail must be read as HTML."])
def test_a_plain_text_that_is_but_a_hint_gives_way_to_the_html(plain: str) -> None:
    read = parse(multipart("alternative", part("text/plain", plain), part("text/html", f"<p>{WORDS}</p>")))
    assert read.text == WORDS


@pytest.mark.parametrize(
    "rich", ["Dear customer, shall we keep your order of last week, or not?", f"Keep now: {WORDS}"]
)
@pytest.mark.parametrize(
    "plain",
    ["Yes, cancel it now.", "Now", "Cancel it.\nPlease view it as HTML.", "I cannot read your HTML mail.", "👍"],
)
def test_short_words_beside_html_that_says_something_else_are_read_above_it(plain: str, rich: str) -> None:
    html = part("text/html", f"<blockquote>{rich}</blockquote>")
    read = parse(multipart("alternative", part("text/plain", plain), html))
    assert (read.text.split("\n\n")[0], read.text.split()[-1]) == (plain, rich.rsplit(maxsplit=1)[-1])
    assert read.attachments == ()


@pytest.mark.parametrize(
    "plain",
    [
        "To view this message, please use an HTML compatible email viewer!",
        "Diese Mail ist im HTML-Format.\n\nBitte HTML im Programm anzeigen.",
        "word1 word2 word3",
        "word0",
    ],
)
def test_a_plain_text_that_says_nothing_of_its_own_is_not_read(plain: str) -> None:
    read = parse(multipart("alternative", part("text/plain", plain), part("text/html", f"<p>{WORDS}</p>")))
    assert (read.text, read.attachments) == (WORDS, ())


def test_of_two_different_plain_alternatives_none_is_lost() -> None:
    same, other = part("text/plain", "one  text"), part("text/plain", "another text")
    read = parse(multipart("alternative", part("text/plain", "one text"), part("text/html", "<p>one"), same, other))
    assert (read.text, [each.name for each in read.attachments], read.files) == (
        "one text",
        ["part-4.txt"],
        (b"another text",),
    )


def test_a_short_answer_does_not_give_way_to_short_html() -> None:
    read = parse(multipart("alternative", part("text/plain", "Yes."), part("text/html", "<p>Yes, <b>indeed</b>.")))
    assert read.text == "Yes."


def test_a_list_footer_does_not_take_the_place_of_the_mail() -> None:
    read = parse(multipart("mixed", part("text/html", "<p>My order is late"), part("text/plain", "-- list footer")))
    assert read.text == "My order is late\n\n-- list footer"
    assert read.attachments == ()


def test_text_around_a_picture_is_all_read() -> None:
    read = parse(multipart("mixed", part("text/plain", "before"), part("image/png", "x"), part("text/plain", "after")))
    assert read.text == "before\n\nafter"
    assert [each.name for each in read.attachments] == ["part-2.png"]


def test_an_attached_text_is_a_file_and_not_the_mail() -> None:
    attached = part("text/plain", "log lines", "Content-Disposition: attachment; filename=app.log")
    read = parse(multipart("mixed", part("text/plain", "See the log"), attached))
    assert read.text == "See the log"
    assert [each.name for each in read.attachments] == ["app.log"]


def test_a_named_text_is_read_where_there_is_no_other() -> None:
    read = parse(multipart("mixed", part("text/plain; name=body.txt", "Hello")))
    assert (read.text, read.attachments) == ("Hello", ())


def test_of_related_parts_the_root_is_read() -> None:
    read = parse(multipart("related", part("text/html", "<p>Hi"), part("image/png", "x", "Content-ID: <1@x>")))
    assert read.text == "Hi"
    assert [each.type for each in read.attachments] == ["image/png"]


def test_a_multipart_without_a_boundary_shows_its_text() -> None:
    read = parse(mail("Content-Type: multipart/mixed", body="Hello anyway"))
    assert read.text == "Hello anyway"


def test_a_multipart_that_is_never_closed_is_read() -> None:
    raw = multipart("mixed", part("text/plain", "Hello")).replace(b"--edge--", b"")
    assert parse(raw).text == "Hello"


def test_a_mail_inside_the_mail_is_a_file_and_its_ids_and_words_are_not_ours() -> None:
    inner = mail(subject="Lost parcel", message_id="<inner@x>", body="inner words").decode().replace("\r\n", "\n")
    read = parse(multipart("mixed", part("text/plain", "Look"), part("message/rfc822", inner)))
    assert (read.text, read.message_id, read.references) == ("Look", "<1@customer.example>", ())
    assert [(each.name, each.type) for each in read.attachments] == [("Lost parcel.eml", "message/rfc822")]


def test_flowed_text_is_put_together_again() -> None:
    read = parse(mail("Content-Type: text/plain; format=flowed", body="one \ntwo\n\n> three \n> four\n\n-- \nAnn"))
    assert read.text == "one two\n\n> three four\n\n-- \nAnn"


def test_a_guessed_character_set_is_named() -> None:
    raw = mail("Content-Type: text/plain; charset=utf-8").replace(b"Hello", b"gr\xfc\xdfe")
    read = parse(raw)
    assert read.text == "grüße"
    assert read.defects == ("the character set of the text was guessed: Windows-1252, the mail says “utf-8”",)


def test_html_may_name_its_own_character_set() -> None:
    raw = mail("Content-Type: text/html").replace(b"Hello", b'<meta charset="koi8-r"><p>' + "Привет".encode("koi8-r"))
    assert parse(raw).text == "Привет"


def test_quotes_and_signatures_stay() -> None:
    body = "Yes.\n\nOn Friday, Bo wrote:\n> really?\n\n-- \nAnn"
    assert parse(mail(body=body)).text == body


@pytest.mark.parametrize("plain", ["Please view this message in an HTML capable reader.", "\u200b\u00a0"])
def test_a_short_text_that_says_something_else_than_the_html_gives_way_to_it(plain: str) -> None:
    rich = part(
        "text/html; charset=utf-8", "<p>My order 4711 came broken. I want my money back today, thank you very much"
    )
    read = parse(multipart("alternative", part("text/plain; charset=utf-8", plain), rich))
    assert read.text.startswith("My order 4711 came broken.")


def test_a_text_beside_the_root_of_what_is_related_is_a_file_and_not_lost() -> None:
    read = parse(multipart("related", part("text/html", "<p>Hi"), part("text/plain", "and more")))
    assert read.text == "Hi"
    assert [each.type for each in read.attachments] == ["text/plain"]


@pytest.mark.parametrize("kind", ["text/markdown", "text/enriched", "text/utf-8"])
def test_text_of_a_kind_that_nobody_knows_is_read_as_plain_text_where_there_is_no_other(kind: str) -> None:
    read = parse(multipart("mixed", part(kind, "My order is late"), part("application/pdf; name=a.pdf", "x")))
    assert read.text == "My order is late"
    assert [each.name for each in read.attachments] == ["a.pdf"]
    read = parse(multipart("mixed", part("text/plain", "Look"), part(kind, "notes")))
    assert (read.text, len(read.attachments)) == ("Look", 1)


@pytest.mark.parametrize(
    "ballast",
    [f"<img src='data:image/png;base64,{'A' * 2_100_000}'>", f"<style>{'.a{color:red}' * 170_000}</style>"],
    ids=["picture", "styles"],
)
def test_pictures_and_styles_in_html_do_not_take_the_room_of_the_words_behind_them(ballast: str) -> None:
    read = parse(mail("Content-Type: text/html", body=f"<p>before</p>{ballast}<p>after</p>"))
    assert read.text.split() == ["before", "after"]
    assert read.defects == ()


def test_html_that_is_cut_says_so() -> None:
    read = parse(mail("Content-Type: text/html", body=f"<p>{'<b></b>' * 300_000}after</p>"))
    assert "the HTML of this mail is longer than 2,000,000 characters; the rest is in its file" in read.defects


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse(mail("Content-Type: text/plain; charset=utf-8", body="\ufeffHello")).text == "Hello"


@pytest.mark.parametrize("content", ["", "<p></p>"])
def test_text_behind_the_last_boundary_is_shown_where_there_is_no_other(content: str) -> None:
    raw = multipart("mixed", part("text/html", content)) + "Where is my order, Jörg?\r\n".encode()
    read = parse(raw)
    assert read.text == "Where is my order, Jörg?"
    assert read.defects == ("the text of this mail stands behind its parts, where most programs do not show it",)
    assert parse(multipart("mixed", part("text/plain", "Hi")) + b"footer").text == "Hi"
