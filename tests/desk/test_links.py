from __future__ import annotations

import pytest

from desk.links import LONGEST, judged, links_in, links_of


@pytest.mark.parametrize(
    ("words", "url", "host", "warning"),
    [
        pytest.param(
            "https://paypal.com/login", "https://evil.example/x", "evil.example", "say paypal.com", id="claim"
        ),
        pytest.param("www.Corp.example", "https://login.corp.example/a", "login.corp.example", "", id="within"),
        pytest.param(
            "corp.example", "https://corp.example.evil.example/", "corp.example.evil.example", "say", id="tail"
        ),
        pytest.param("here", "https://paypal.com@evil.example/", "evil.example", "before the @", id="user part"),
        pytest.param("here", "https:\\\\evil.example\\@good.example", "evil.example", "", id="backslashes"),
        pytest.param("here", "http://xn--pypal-4ve.com/x", "xn--pypal-4ve.com", "imitates letters", id="punycode"),
        pytest.param("here", "http://pаypal.com/", "xn--pypal-4ve.com", "imitates letters", id="Cyrillic a"),
        pytest.param("here", "https://bücher.example/", "xn--bcher-kva.example", "", id="honest umlaut"),
        pytest.param("here", "http://192.168.0.1:80/", "192.168.0.1", "a number", id="number"),
        pytest.param("here", "http://[::1]/", "[::1]", "a number", id="IPv6"),
        pytest.param("here", "javascript:alert(1)", "", "javascript", id="script"),
        pytest.param("here", "file:///etc/passwd", "", "file", id="file"),
        pytest.param("here", "http://[bad/", "", "no host", id="no host"),
        pytest.param("here", "http://good.example%2f.evil.example/", "", "no host", id="a path within the host"),
        pytest.param("write", "mailto:dana%40corp.example?subject=x", "corp.example", "", id="mail"),
        pytest.param("invoice.pdf", "https://a.example/invoice.pdf", "a.example", "", id="a file's name is no host"),
    ],
)
def test_a_link_tells_its_true_host_and_what_is_odd(words: str, url: str, host: str, warning: str) -> None:
    link = judged(words, url)
    assert link.host == host
    assert warning in "; ".join(link.warnings)
    assert bool(warning) == bool(link.warnings)


def test_links_in_a_text_end_where_the_sentence_goes_on() -> None:
    text = (
        "see (https://a.example/x_(y)), https://b.example/. www.c.example! <https://d.example/?a=b> https://b.example/"
    )
    assert [each.url for each in links_in(text)] == [
        "https://a.example/x_(y)",
        "https://b.example/",
        "www.c.example",
        "https://d.example/?a=b",
    ]


def test_links_of_html_come_first_and_none_twice() -> None:
    links = links_of(
        [("a", "https://a.example/"), ("a", "https://a.example/"), ("top", "#top")], "https://a.example/ x"
    )
    assert [each.url for each in links] == ["https://a.example/"]


@pytest.mark.parametrize(
    "text", ["http://" + "a." * 50_000, "http://x" + ")" * 50_000, "www." * 50_000, "http://" * 50_000]
)
def test_no_text_makes_links_slow_or_endless(text: str) -> None:
    assert all(len(each.url) <= LONGEST + 8 for each in links_in(text))
