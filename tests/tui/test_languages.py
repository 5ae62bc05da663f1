"""The languages of the screen: chosen before the first paint, whole, and in step with the words in the code."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message
from rich.cells import cell_len

from desk.desk import Desk
from desk.safe import is_tampered
from tests.desks import receive
from tests.messages import TEMPLATE, TRANSLATED, mo_bytes, po_file, po_text, template, translation, untranslated
from tests.tui.dressing import dressed
from tui.keys import ACTIONS, in_use
from tui.settings import ScreenSettings, Wishes, settled
from tui.words.tongue import can_show, language_of, speak, tr, trc, trn

_PLACE = re.compile(r"\{\w*\}")
_LONGEST_LABEL = 20
"""Cells of a label on the key line, in any language."""


def translated(language: str) -> Iterator[tuple[Message, tuple[str, ...], tuple[str, ...]]]:
    """Each word of a catalog, its English forms and its forms in the language."""
    for each in translation(language):
        if each.id:
            english = each.id if isinstance(each.id, tuple | list) else (each.id,)
            forms = each.string if isinstance(each.string, tuple | list) else (each.string,)
            yield each, tuple(map(str, english)), tuple(map(str, forms))


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "bg_BG.UTF-8"}, "bg"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "ru_RU.UTF-8", "LC_MESSAGES": "bg_BG"}, "bg"),
        ({"LANG": "ru_RU.UTF-8", "LC_MESSAGES": "bg_BG", "LC_ALL": "en_GB"}, "en"),
        ({"LANG": "en_GB", "LANGUAGE": "de:bg:ru"}, "bg"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "ru"}, "en"),
        ({"LANG": "ru@cyrillic"}, "ru"),
    ],
    ids=["nothing", "ru", "bg", "unknown", "messages", "all", "list", "plain", "variant"],
)
def test_the_locale_chooses_the_language(environ: dict[str, str], language: str) -> None:
    assert language_of(environ) == language


@pytest.mark.parametrize(("language", "opens", "closes"), [("ru", "«", "»"), ("bg", "„", "“")], ids=["ru", "bg"])
def test_a_language_has_one_kind_of_quotation_marks(language: str, opens: str, closes: str) -> None:
    marks = re.compile("[“”„«»‘’‚]")
    for each, _, forms in translated(language):
        for form in forms:
            found = marks.findall(form)
            assert found == [opens, closes] * (len(found) // 2), (each.id, form)


def test_the_settings_go_before_the_locale() -> None:
    assert settled(Wishes(language="bg"), {"LANG": "ru_RU.UTF-8"}, "utf-8").language == "bg"
    assert settled(Wishes(), {"LANG": "ru_RU.UTF-8"}, "utf-8").language == "ru"


def test_a_terminal_that_cannot_show_the_letters_is_spoken_to_in_english() -> None:
    assert can_show("ru", "koi8-r")
    assert settled(Wishes(language="ru"), {}, "ascii").language == "en"
    assert settled(Wishes(language="ru"), {}, "koi8-r").language == "ru"


@pytest.mark.parametrize(
    ("language", "tells"), [("ru", ("ответить", "Входящие", "справка")), ("bg", ("отговори", "Входящи", "помощ"))]
)
async def test_the_first_paint_speaks_the_language(desk: Desk, language: str, tells: tuple[str, ...]) -> None:
    receive(desk)
    async with dressed(desk, ScreenSettings(language=language)) as screen:
        await screen.sees(*tells)
        await screen.press("?")
        await screen.sees(tr("in the list"), tr("open the ticket"))
        await screen.type("reply")
        await screen.sees(tr("write a reply to the customer"))


def test_a_word_without_a_translation_is_english() -> None:
    speak("ru")
    assert tr("nobody has translated this") == "nobody has translated this"
    speak("tlh")
    assert tr("Keys") == "Keys"
    assert tr("") == ""


def test_numbers_have_the_forms_of_their_language() -> None:
    speak("ru")
    one, many = "{count} ticket", "{count} tickets"
    assert [trn(one, many, count) for count in (1, 2, 5, 21)] == [
        "{count} заявка",
        "{count} заявки",
        "{count} заявок",
        "{count} заявка",
    ]
    assert trc("status-open", "open") != trc("open", "open")


def test_the_template_holds_what_the_code_says_and_make_messages_writes_it() -> None:
    assert TEMPLATE.read_bytes() == po_text(template())


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_word_is_translated(language: str) -> None:
    assert untranslated(language) == []
    wanted = {(each.context, str(each.id)) for each in template()}
    assert {(each.context, str(each.id)) for each in translation(language)} == wanted


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalog_is_that_of_the_translators(language: str) -> None:
    assert po_file(language).with_suffix(".mo").read_bytes() == mo_bytes(translation(language))


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_fill_in_the_same_places_and_drive_no_terminal(language: str) -> None:
    for each, english, forms in translated(language):
        for form in filter(None, forms):
            places = [set(_PLACE.findall(words)) for words in english]
            assert set(_PLACE.findall(form)) in places, each.id
            assert (form[:1].isspace(), form[-1:].isspace()) == (english[0][:1].isspace(), english[0][-1:].isspace())
            assert not is_tampered(form), each.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_labels_of_keys_are_short(language: str) -> None:
    speak(language)
    assert in_use() is ACTIONS
    assert {each.title for each in ACTIONS if cell_len(each.title) > _LONGEST_LABEL} == set()
