import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.names import first_name


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Dana Petrova", "Dana"),
        ("Petrova, Dana", "Dana"),
        ("DANA PETROVA", "Dana"),
        ("dana", "Dana"),
        ("'Dana Petrova'", "Dana"),
        ("Dr. Dana Petrova", "Dana"),
        ("Иван Сидоров", "Иван"),
        ("Jürgen Weiß", "Jürgen"),
        ("Anne-Marie O'Neill", "Anne-Marie"),
        ("Dana M. Petrova", "Dana"),
    ],
)
def test_a_clear_first_name_is_used(name: str, first: str) -> None:
    assert first_name(name) == first


@pytest.mark.parametrize(
    "name",
    ["", "Herr Müller", "D. Petrova", "佐藤 健一", "김 민준", "dana@corp.example", "info", "Acme Support", "Acme GmbH",
     "4711", "Win http://evil.example", "Dana <b>", "{{ 7*7 }}", "⟦gap⟧", ",", "Mr", "Mail Delivery System"],
)  # fmt: skip
def test_where_it_is_not_clear_there_is_none(name: str) -> None:
    assert first_name(name) == ""


@given(st.text(max_size=40))
def test_a_first_name_is_one_word_of_letters(name: str) -> None:
    first = first_name(name)
    assert not first or (len(first.split()) == 1 and first[0].isalpha() and "⟦" not in first)
