"""What stays open of the answers in the shared corpus, where it is at hand, and what is folded of all its mails."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from desk.safe import safe
from mail.markup import to_plain
from mail.parse import parse
from tui.reader.folding import Kind, Part, parts_of

CORPUS = Path(__file__).parents[2].parent / "shared/corpus"
REPLIES = CORPUS / "talon-replies"
TEXTS = sorted((*(CORPUS / "github-reply").glob("*.txt"), *(CORPUS / "zapier-reply").glob("*.txt")))
pytestmark = pytest.mark.skipif(not REPLIES.is_dir(), reason=f"the corpus of answers is not at {CORPUS}")

SAMPLES = (".eml", ".raw", ".msg", ".txt", ".mbox", ".tnef")
SAID = "Hello there, my friends"
"""Put where the answers of the corpus only say "Hello": beside one word nothing is folded."""

STANDARD = {
    "android": (),
    "aol": (),
    "apple_mail": (),
    "apple_mail_2": (),
    "comcast": (),
    "gmail": (),
    "hotmail": (),
    "iphone": (),  # wanted with "Sent from my iPhone": we fold that as well, as a signature
    "outlook": (),
    "sparrow": (),  # wanted with its signature: likewise
    "thunderbird": ("On 04/02/2012 06:26 PM, Megan One wrote:", "> Hi"),  # a line of context above an answer is kept
    "yahoo": (),
}
"""What stands open beside what was said; nothing, but for the last column's reason."""

HTML = ("gmail", "hotmail", "mail_ru", "ms_outlook_2003", "ms_outlook_2007", "ms_outlook_2010", "thunderbird")
MORE_HTML = ("windows_mail", "yandex_ru")

LIST_FOOTER = ("riak-users@lists.basho.com",)
"""What a mailing list adds below a quotation has no mark: it stands open."""

OPEN: dict[str, tuple[str, ...]] = {
    "correct_sig": ("this is an email with a correct -- signature.",),
    "email_1_1": ("Hi folks", "-Abhishek Kona", *LIST_FOOTER),
    "email_1_2": ("Hi,", "You can list the keys", "riakClient.delete(bucket, key);", "individually.", *LIST_FOOTER),
    "email_1_3": ("Oh thanks.", "would be great.", "-Abhishek Kona", *LIST_FOOTER),
    "email_1_4": ("another problem with it.",),
    "email_1_5": ("One: Here's", "fourth bullet point", "for a while."),
    "email_1_6": ("proper rendering", "a magnificent torch of pixels"),
    "email_1_7": (":+1:", "On Tue, Sep 25, 2012", "> Steps 0-2"),  # one word only: the quotation stands open
    "email_1_8": ("I will reply under this one", "and under this."),
    "email_2_1": ("Outlook with a reply",),
    "email_2_2": ("directly above line",),
    "email_2_3": ("Outlook with a reply",),
    "email_BlackBerry": ("Here is another email",),
    "email_bullets": ("test 2 this should list second", "retain this formatting", "- and another"),
    "email_gmail": ("This is a test for inbox",),
    "email_headers_no_delimiter": ("And another reply!",),
    "email_iPhone": ("Here is another email",),
    "email_long_quote": ("Hi folks", "running a test?", "asdf", "A>>>>"),
    "email_multi_word_sent_from_my_mobile_device": ("Here is another email",),
    "email_one_is_not_on": ("One outstanding question I had:", "when I run..."),
    "email_partial_quote_header": ("On your remote host", "tunnel is not working."),
    "email_sent_from_my_not_signature": ("Sent from my desk",),
    "email_sig_delimiter_in_middle_of_line": ("-- this is not a signature.", "kthxbai"),
    "greedy_on": ("On your remote host", "tunnel is not working."),
    "pathological": ("I think you're onto something.", "back to a computer."),
}
"""The first and last of what is to stand open, in order."""

FOLDED: dict[str, tuple[str, ...]] = {
    "correct_sig": ("rick",),
    "email_1_2": ("On Tue, 2011-03-01", "using the Java HTTP API.", "> -Abhishek Kona"),
    "email_1_3": ("Russell Brown wrote:", ">> -Abhishek Kona"),
    "email_1_4": ("defunkt", "Loader seems"),
    "email_1_6": ("On Dec 16, 2011", "Corey Donohoe", "Was this caching"),
    "email_1_8": ("Example Dev", "you could reply under this line", "-- Tim", "hi there", "this is my signature"),
    "email_2_1": ("------", "Google Apps Sync Team [mailto", "Sincerely,"),
    "email_2_2": ("______", "CRM Comments", "A new comment", "I am replying"),
    "email_2_3": ("To:", "Subject:"),
    "email_BlackBerry": ("Sent from my BlackBerry",),
    "email_bullets": ("On Fri, Feb 24, 2012", "Give us an example", "Joe Smith"),
    "email_gmail": ("Steven Scott", "That way people can tell"),
    "email_headers_no_delimiter": ("From: Dan Watson", "A reply", "With a second line."),
    "email_iPhone": ("Sent from my iPhone",),
    "email_multi_word_sent_from_my_mobile_device": ("Verizon",),
    "email_one_is_not_on": ("Dave Tapley wrote:", "The good news"),
    "email_partial_quote_header": ("George Plymale", "I am having"),
    "greedy_on": ("George Plymale", "I am having"),
    "pathological": ("John Sullivan", "I think your code"),
}


def of(parts: tuple[Part, ...], *kinds: Kind) -> str:
    return "\n".join(line for part in parts if part.kind in kinds for line in part.lines)


def seen(text: str) -> str:
    return of(parts_of(safe(text)), Kind.TEXT)


@pytest.mark.parametrize("client", STANDARD)
def test_of_an_answer_of_each_program_only_what_was_said_stands_open(client: str) -> None:
    text = parse((REPLIES / f"standard_replies/{client}.eml").read_bytes()).text
    assert "Hello" in seen(text)
    lines = seen(text.replace("Hello", SAID, 1)).split("\n")
    assert [each for each in lines if each] == [*STANDARD[client], SAID]


def test_every_program_of_the_corpus_is_in_the_table() -> None:
    assert {each.stem for each in (REPLIES / "standard_replies").glob("*.eml")} == set(STANDARD)
    assert {each.stem for each in (REPLIES / "html_replies").glob("*.html")} == {*HTML, *MORE_HTML}
    assert {each.stem for each in TEXTS} == set(OPEN)


@pytest.mark.parametrize("client", [*HTML, *MORE_HTML])
def test_of_an_answer_in_html_only_what_was_said_stands_open(client: str) -> None:
    text = to_plain((REPLIES / f"html_replies/{client}.html").read_text("utf-8"))
    assert seen(text).split() == ["Hi.", "I", "am", "fine.", "Thanks,", "Alex"]


def test_an_answer_below_a_quotation_in_html_stands_open() -> None:
    html = (REPLIES / "html_replies/gmail.html").read_text("utf-8")
    html = html.replace("</blockquote>", "</blockquote><p>And one more thing.</p>")
    assert seen(to_plain(html)).endswith("\nAnd one more thing.")


WHOLE = ("OLK_SRC_BODY_SECTION", "reply-separated-by-hr")
"""One word above the quotation; and an answer whose last line became one with the head below it, in the HTML."""


@pytest.mark.parametrize("name", WHOLE)
def test_answers_in_html_that_cannot_be_told_from_their_quotation_stand_open(name: str) -> None:
    text = to_plain((REPLIES / f"{name}.html").read_text("utf-8"))
    assert {each.kind for each in parts_of(text)} == {Kind.TEXT}


@pytest.mark.parametrize("path", TEXTS, ids=[f"{each.parent.name}/{each.stem}" for each in TEXTS])
def test_the_writers_words_stand_open_and_the_quotation_is_folded(path: Path) -> None:
    name = path.stem
    parts = parts_of(safe(path.read_text("utf-8")))
    open_text, folded = of(parts, Kind.TEXT), of(parts, Kind.QUOTE, Kind.SIGNATURE)
    assert _in_order(OPEN[name], open_text)
    assert _in_order(FOLDED.get(name, ()), folded)
    assert folded or name not in FOLDED
    assert not [each for each in FOLDED.get(name, ()) if each in open_text]


def _in_order(fragments: tuple[str, ...], text: str) -> bool:
    return re.search(".*".join(map(re.escape, fragments)), text, re.DOTALL) is not None


OPENER = re.compile(
    r"\s*>|.*[:\uff1a]$|\s*\*?[-_\u2013]{3,}"
    r"|\s*\*?(?:from|date|sent|to|cc|subject|von|от|от кого|кому|тема|de|datum|betreff|an)\*?\s*[:\uff1a]",
    re.IGNORECASE,
)
"""What a folded quotation may begin with: a mark, an attribution over up to three lines, a rule or a line of a head."""


def test_no_mail_of_the_corpus_loses_a_line_and_only_known_things_are_folded() -> None:
    count = 0
    for path in sorted(CORPUS.rglob("*")):
        if path.suffix not in SAMPLES or "_decoded" in path.name:
            continue
        count += 1
        raw = path.read_bytes()
        text = safe(raw.decode("utf-8", "replace") if "reply" in str(path.parent) else parse(raw).text)
        parts = parts_of(text)
        kept = "".join(line for part in parts for line in part.lines)
        assert "".join(kept.split()) == "".join(text.split()), path
        previous = Kind.TEXT
        for part in parts:
            if part.kind is Kind.QUOTE and previous is not Kind.QUOTE:
                assert any(map(OPENER.match, part.lines[:3])), (path, part.lines[:3])
            if part.kind is Kind.SIGNATURE:
                assert part.lines[0] == "--" or part.lines[0].startswith("Sent from"), (path, part.lines[:3])
                assert len(part.lines) <= 16, path
            previous = part.kind
    assert count > 700
