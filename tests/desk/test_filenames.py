from __future__ import annotations

import pytest

from desk.filenames import clean_name, unique_names


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\in voice.pdf", "in voice.pdf"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("..", ""),
        ("/", ""),
        ("a\nb\x1b[31m.txt", "a b[31m.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("con.txt", "_con.txt"),
        ('a<b>:"c|?*.txt', "a_b___c___.txt"),
        ("e\u0301.txt", "é.txt"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("я" * 100 + ".pdf", "я" * 58 + ".pdf"),
        ("x." + "y" * 300, ("x." + "y" * 300)[:120]),
    ],
)
def test_a_name_is_fit_for_any_disk(given: str, name: str) -> None:
    assert clean_name(given) == name
    assert len(clean_name(given).encode()) <= 120


def test_files_of_one_name_are_told_apart() -> None:
    assert unique_names(["a.pdf", "A.pdf", "a.pdf", "b"]) == ["a.pdf", "A (2).pdf", "a (3).pdf", "b"]
    assert len(unique_names(["x" * 116 + ".pdf"] * 2)[1]) <= 120
