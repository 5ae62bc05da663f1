from __future__ import annotations

import time

import pytest

from mail.markup import to_plain


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two<br>three</p>", "one\n\ntwo\nthree"),
        ("a <b>bold</b> word", "a bold word"),
        ("<ul><li>one<li>two</ul>", "  * one\n  * two"),
        ("<table><tr><td>a<td>b</tr><tr><td>c<td>d</tr></table>", "a  b\nc  d"),
        ("<p>seen<span style='display:none'>hidden</span></p>", "seen"),
        ("<style>p{}</style><script>x()</script><title>t</title><p>seen", "seen"),
        ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
        ("", ""),
        ("<!-- nothing -->", ""),
        ("no html at all", "no html at all"),
    ],
)
def test_html_reads_as_it_looks(html: str, text: str) -> None:
    assert to_plain(html) == text


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 2_000 + "deep words",
        "<table><tr><td>" * 300 + "deep words",
        "<p>filler</p>" * 40_000 + "deep words",
        "<font><b>" * 5_000 + "deep words",
    ],
)
def test_no_layout_loses_the_words(html: str) -> None:
    started = time.process_time()
    assert "deep words" in to_plain(html)
    assert time.process_time() - started < 3


def test_more_html_than_anyone_writes_is_cut() -> None:
    assert len(to_plain("<p>word word</p>" * 500_000)) < 2_000_000
