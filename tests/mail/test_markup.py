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


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            'See <a href="https://acme.example/a?b=1&amp;c">this page</a>.',
            "See this page <https://acme.example/a?b=1&c>.",
        ),
        ('<a href="https://evil.example/">https://bank.example/login</a>', None),
        ('<a href="https://www.bank.example/x">bank.example</a>', "bank.example"),
        ('<a href="https://bank.example/x">www.bank.example/…</a>', "www.bank.example/…"),
        ('<a href="https://bank.example.evil.example/">bank.example</a>', None),
        ('<a href="https://bank.example@evil.example/">bank.example</a>', None),
        ('<a href="mailto:Ann@acme.example?subject=x">ann@acme.example</a>', "ann@acme.example"),
        ('<a href="mailto:eve@evil.example">ann@acme.example</a>', None),
        ('<a href="mailto:ann@acme.example">Ann</a>', "Ann <mailto:ann@acme.example>"),
        ('<a href="#top">up</a> <a href="javascript:x()">go</a> <a href="cid:1">in</a> <a>none</a>', "up go in none"),
        ('<a href="https://track.example/1"><img src="x.png"></a>seen', "seen"),
        ('<a href=" HTTPS://evil\n.example/x ">bank</a>', "bank <HTTPS://evil.example/x>"),
        ('<a href="http://[">bank</a>', "bank <http://[>"),
        ('<a href="https://a.example/&lt;b&gt;x">y</a>', "y <https://a.example/<b>x>"),
    ],
)
def test_where_a_link_leads_stands_behind_its_words_unless_they_say_so(html: str, text: str | None) -> None:
    shown = to_plain(html)
    target = html.partition('href="')[2].partition('"')[0]
    assert shown == text or (text is None and f" <{target}>" in shown)


def test_what_fills_a_first_line_and_is_never_seen_is_left_out() -> None:
    fillers = "&#847;&zwnj;&nbsp;&#8203;&#xfeff;&shy;&#8205;&#8288;" * 50
    assert to_plain(f"<div>Your order{fillers}</div><p>It left to&shy;day.</p>") == "Your order\n\nIt left today."


def test_a_very_long_target_is_cut() -> None:
    assert to_plain(f'<a href="https://a.example/{"x" * 5000}">y</a>').endswith("x…>")
    assert len(to_plain(f'<a href="https://a.example/{"x" * 5000}">y</a>')) < 400


def test_more_html_than_anyone_writes_is_cut() -> None:
    assert len(to_plain("<p>word word</p>" * 500_000)) < 2_000_000


def test_columns_too_wide_for_any_screen_are_not_kept_apart_by_blanks() -> None:
    long = "word " * 60
    assert to_plain(f"<table><tr><td>{long}<td>b</tr><tr><td>c<td>d</tr></table>") == f"{long} b\nc  d"
    assert to_plain("<table><tr><td>one long cell<td>b</tr><tr><td>c<td>d</tr></table>") == (
        "one long cell  b\nc              d"
    )


def test_what_is_quoted_is_marked_as_in_plain_text() -> None:
    html = "On Monday Bo wrote:<blockquote type=cite><p>one<blockquote>two<br>three</blockquote></blockquote>My answer"
    assert to_plain(html) == "On Monday Bo wrote:\n\n> one\n>\n>> two\n>> three\n\nMy answer"
    table = (
        "<blockquote><table><tr><td>one long cell<td>b</tr><tr><td>c<td>d</tr></table><ul><li>x</ul></blockquote>end"
    )
    assert to_plain(table) == "> one long cell  b\n> c              d\n>\n>   * x\n\nend"


def test_what_is_only_indented_or_empty_is_not_marked() -> None:
    assert to_plain('a<blockquote style="margin:0 0 0 40px;border:none;padding:0">b</blockquote>') == "a\nb"
    assert to_plain("a<blockquote></blockquote>b") == "a\n\nb"


def test_a_mail_that_writes_the_signs_for_quotations_itself_gets_no_marks() -> None:
    assert ">" not in to_plain("a &#xe000; b<blockquote>c</blockquote>&#xe001;d")
    assert ">" not in to_plain("a \ue000 b")


def test_quotations_in_too_large_a_mail_for_a_layout_are_marked_too() -> None:
    html = f"<p>{'word ' * 70_000}</p><blockquote>one<p>two</blockquote><p>end"
    assert to_plain(html).endswith("word\n\n> one\n> two\n\nend")


def test_endlessly_nested_quotations_cost_little() -> None:
    text = to_plain("<blockquote>" * 3_000 + "x" + "</blockquote>" * 3_000 + "y")
    assert text.endswith(">" * 20 + " x\n\ny")
    assert text.count("\n") < 5


def test_the_words_for_pictures_are_kept_where_there_are_no_others() -> None:
    pictures = (
        '<p><img src="a.png" alt="Sale: 20 %\noff"></p><img alt=""><img src="pixel.gif"><img alt="Ends &lt;Monday">'
    )
    assert to_plain(pictures) == "[Sale: 20 % off]\n[Ends <Monday]"
    assert to_plain(f"<p>Hello</p>{pictures}") == "Hello"
    assert not to_plain('<div style="display:none"><img alt="hidden"></div>')


def test_endless_words_for_pictures_are_cut() -> None:
    assert len(to_plain(f'<img alt="{"x" * 5000}">' * 500)) < 250_000
