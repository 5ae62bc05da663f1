from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.flowed import unflow
from mail.wrapping import flowed


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("one \ntwo\nthree", "one two\nthree"),
        ("> one \n> two\n> three", "> one two\n> three"),
        ("> one \ntwo", "> one \ntwo"),
        (" >stuffed \n more", ">stuffed more"),
        ("-- \nAnn \nExample", "-- \nAnn Example"),
        ("text \n-- \nAnn", "text \n-- \nAnn"),
        (">> a \n>> b\n> c", ">> a b\n> c"),
        ("last \n", "last "),
        ("", ""),
    ],
)
def test_lines_broken_for_sending_are_joined(text: str, joined: str) -> None:
    assert unflow(text, delete_space=False) == joined


def test_with_delsp_the_blank_at_the_break_goes() -> None:
    assert unflow("日本 \n語", delete_space=True) == "日本語"


@given(st.lists(st.text(st.sampled_from("ab >-"), max_size=120).map(str.rstrip), max_size=6))
def test_what_we_send_is_read_back_as_it_was_written(lines: list[str]) -> None:
    written = "\n".join(line for line in lines if not line.startswith(">"))
    assert unflow(flowed(written).replace("\r\n", "\n").removesuffix("\n"), delete_space=False) == written
