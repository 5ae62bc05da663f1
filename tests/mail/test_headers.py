from __future__ import annotations

import time

import pytest

from mail.defects import Defects
from mail.headers import Headers, to_text
from mail.parameters import read_parameters


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("plain", "plain"),
        ("folded\r\n  line", "folded line"),
        ("=?utf-8?q?caf=C3=A9?=", "café"),
        ("=?UTF-8?B?w6k=?= tail", "é tail"),
        ("=?utf-8?q?caf=C3?= =?utf-8?q?=A9_x?= y", "café x y"),
        ("=?utf-8?q?a?= =?iso-8859-1?q?=E9?=", "aé"),
        ("=?utf-8?b?w6k?=", "é"),
        ("=?utf-8*en?q?x?=", "x"),
        ("pre=?utf-8?q?fix?=ed", "prefixed"),
        ("raw \udcc3\udca9", "raw é"),
        ("raw \udce9", "raw é"),
        ("=?nonsense?q?=C3=A9?=", "é"),
        ("=?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?=", "=?utf-8?q?x?="),
        ("=?utf-8?q?one=0D=0Atwo=00?=", "one two"),
        ("=?utf-8?x?what?=", "=?utf-8?x?what?="),
        ("=?gb2312?B?xOO6ww==?=", "你好"),
    ],
)
def test_a_header_value_is_one_decoded_line(raw: str, text: str) -> None:
    assert to_text(raw) == text


@pytest.mark.parametrize("bomb", ["=?a?q?" * 10_000, "=?a?q?x?= " * 7_000, "=?" * 32_000, "=?a?b?====?=" * 5_000])
def test_a_header_of_64_kb_is_read_at_once(bomb: str) -> None:
    started = time.process_time()
    to_text(bomb)
    assert time.process_time() - started < 1


def test_a_field_is_found_in_any_case_and_the_first_counts() -> None:
    headers = Headers([("SUBJECT", "one"), ("Subject", "two")], Defects())
    assert headers.text("subject") == "one"
    assert headers.every("subject") == ["one", "two"]
    assert headers.text("date") == ""


def test_an_endless_field_is_cut_and_said_so() -> None:
    defects = Defects()
    assert len(Headers([("subject", "x" * 100_000)], defects).text("subject")) == 64 * 1024
    assert defects.found == ("a header line of this mail is longer than 64 kB; the rest of it was not read",)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ('attachment; filename="a b.txt"', "a b.txt"),
        ("attachment; filename=a b.txt ; size=3", "a b.txt"),
        ('attachment; filename="un\\"q\\\\.txt" junk; size=3', 'un"q\\.txt'),
        ("attachment; filename*=utf-8''%e2%82%ac.txt; filename=\"x.txt\"", "€.txt"),
        ("attachment; filename=\"x.txt\"; filename*=utf-8''%e2%82%ac.txt", "€.txt"),
        ("attachment; filename*0*=utf-8'de'%C3%A4; filename*1*=%C3%B6; filename*2=\"%.txt\"", "äö%.txt"),
        ('attachment; filename*1=".txt"; filename*0="long"', "long.txt"),
        ('attachment; filename="=?utf-8?q?=C3=A4.txt?="', "ä.txt"),
        ('attachment; filename="\udcc3\udca4.txt"', "ä.txt"),
        ("attachment; filename*=utf-8''", ""),
        ("attachment; filename*=nonsense'x'%C3%A4", "ä"),
        ("attachment", ""),
    ],
)
def test_a_file_name_is_read_from_any_spelling(raw: str, name: str) -> None:
    found = read_parameters(raw)
    assert (found.value, found.get("filename")) == ("attachment", name)


@pytest.mark.parametrize("bomb", ["a=b;" * 16_000, " " * 64_000, 'a="' + '\\"' * 32_000, "a " * 32_000])
def test_parameters_without_end_are_read_at_once(bomb: str) -> None:
    started = time.process_time()
    read_parameters(f"x; {bomb}")
    assert time.process_time() - started < 1
