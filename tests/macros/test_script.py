import hashlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import MacroError
from macros.answers import Ask
from macros.script import Check, parse_macro
from tests.macros.samples import macro, source

WHOLE = """---
name: Refund, approved
key: r
folder: Billing
when: "tag:billing or subject:refund"
language: en
owner: ana
review_by: 2027-02-01
steps:
  - Find the order number
  - text: The payment has settled
    required: true
ask:
  amount: {label: Amount, type: money, default: "49.90"}
  reason: {label: Reason, choices: [damaged, late, other]}
do:
  - tag: [+refund, -waiting-on-bank]
  - assign: me
  - note: "Refund of {{ ask.amount }}"
reply: note
---

Hello {{ customer.first_name or "there" }},
"""


def refusal(front: str, body: str = "Hello.") -> MacroError:
    with pytest.raises(MacroError) as caught:
        macro(front, body)
    return caught.value


def test_a_macro_is_all_that_its_file_says() -> None:
    read = parse_macro(Path("macros/refund.md"), WHOLE)
    assert (read.name, read.slug, read.key, read.folder) == ("Refund, approved", "refund", "r", "Billing")
    assert (read.when, read.language, read.owner) == ("tag:billing or subject:refund", "en", "ana")
    assert read.review_by == date(2027, 2, 1)
    assert read.steps == (Check("Find the order number"), Check("The payment has settled", required=True))
    assert read.ask["amount"] == Ask("amount", "Amount", "money", (), "49.90")
    assert read.ask["reason"] == Ask("reason", "Reason", "choice", ("damaged", "late", "other"))
    assert [(each.name, each.words, each.line) for each in read.do] == [
        ("tag", ("+refund", "-waiting-on-bank"), 17),
        ("assign", ("me",), 18),
        ("note", ("Refund of {{ ask.amount }}",), 19),
    ]
    assert (read.reply, read.body.strip()) == ("note", 'Hello {{ customer.first_name or "there" }},')
    assert (read.line("key"), read.line("do"), read.line("body")) == (3, 16, 22)


def test_a_name_is_all_a_macro_needs() -> None:
    read = macro()
    assert (read.name, read.key, read.reply, read.do, read.steps) == ("Sample", None, "public", (), ())


def test_the_version_is_the_hash_of_the_file() -> None:
    text = "\ufeff" + WHOLE.replace("\n", "\r\n")
    assert parse_macro(Path("a.md"), text).version == hashlib.sha256(text.encode()).hexdigest()[:12]


def test_a_byte_order_mark_and_crlf_change_nothing_that_is_read() -> None:
    plain, other = (parse_macro(Path("a.md"), each) for each in (WHOLE, "\ufeff" + WHOLE.replace("\n", "\r\n")))
    assert (other.name, other.body, other.do, other.lines) == (plain.name, plain.body, plain.do, plain.lines)


def test_control_characters_of_a_file_reach_no_terminal() -> None:
    read = parse_macro(Path("a.md"), source(body="red \x1b[31m and \u202egnp").replace("Sample", "Sa\x1bmple"))
    assert "\x1b" not in read.name + read.body
    assert "\u202e" not in read.body


@pytest.mark.parametrize("action", ["attach: a.pdf", "run: closing", "close: now"])
def test_an_action_that_is_not_offered_is_refused_by_name(action: str) -> None:
    name = action.partition(":")[0]
    known = "known: tag, assign, status, priority, note, snooze"
    assert str(refusal(f"do:\n  - status: open\n  - {action}")) == (
        f"macros/sample.md:5: `{name}` is not an action this version knows; {known}"
    )


def test_a_field_that_is_not_known_is_refused_with_its_line() -> None:
    error = refusal("folder: A\nvariant_of: refund")
    assert error.line == 4
    assert "`variant_of` is not a field of a macro that this version knows; known: name, key, folder" in str(error)


@pytest.mark.parametrize(
    ("front", "line", "said"),
    [
        ("key: 1", 3, "`key` must be text, but 1 reads as a number (put it in quotes"),
        ("key: '1'", 3, "`key` cannot be “1”"),
        ("key: abc", 3, "`key` cannot be “abc”"),
        ("key: ''", 3, "`key` is empty"),
        ("key: 'a b'", 3, "`key` cannot be “a b”"),
        ("language: no", 3, "`language` must be text, but no reads as yes or no"),
        ("language: english please", 3, "`language` cannot be"),
        ("folder:", 3, "`folder` is empty"),
        ("folder: [a]", 3, "`folder` must be text, but it is a list"),
        ("owner: {a: b}", 3, "`owner` must be text, but it is a mapping"),
        ("owner: 2027-02-01", 3, "reads as a date"),
        ("review_by: soon", 3, "`review_by` cannot be “soon”"),
        ("review_by: 2027-02-31", 3, "`review_by` cannot be “2027-02-31”"),
        ("reply: maybe", 3, "`reply` cannot be “maybe” (one of: public, note, none)"),
        ("reply: no", 3, "`reply` must be text"),
        ("steps: one", 3, "`steps` must be a list"),
        ("steps:\n  - text: a\n    requird: true", 5, "`requird` is not a field of a step"),
        ("steps:\n  - text: a\n    required: maybe", 5, "`steps.required` must be true or false"),
        ("steps:\n  - required: true", 4, "this step has no `text`"),
        ("steps:\n  - [a]", 4, "`steps` must be text, but it is a list"),
        ("steps:\n  -", 4, "`steps` is empty"),
        ("ask: [a]", 3, "`ask` must be a mapping"),
        ("ask:\n  Amount: {label: A}", 4, "`ask` cannot have the name “Amount”"),
        ("ask:\n  a: {type: cash}", 4, "`ask.a.type` cannot be “cash”"),
        ("ask:\n  a: {type: choice}", 4, "go together"),
        ("ask:\n  a: {type: text, choices: [x]}", 4, "go together"),
        ("ask:\n  a: {lable: x}", 4, "`lable` is not a field of a prompt"),
        ("ask:\n  a: {type: money, default: lots}", 4, "“lots” does not answer"),
        ("ask:\n  a: {default: '{{ x.__class__ }}'}", 4, "is not a name a macro may use"),
        ("do: [status]", 3, "each action is one name and what it takes"),
        ("do:\n  - status: open\n    tag: [a]", 4, "each action is one name and what it takes"),
        ("do:\n  - status: closd", 4, "`status`: “closd” is not one of: open, waiting, closed, spam"),
        ("do:\n  - priority: 1", 4, "`do.priority` must be text, but 1 reads as a number"),
        ("do:\n  - assign: 'Ana Ivanova'", 4, "`assign`: “Ana Ivanova” cannot be an agent"),
        ("do:\n  - assign:", 4, "`do.assign` is empty"),
        ("do:\n  - tag: [+a b]", 4, "`tag`: “a b” cannot be a tag"),
        ("do:\n  - note: '{{ x'", 4, "unexpected end of template"),
        ("folder: A\nfolder: B", 4, "`folder` stands here twice"),
        ("folder: &a A\nowner: *a", 3, "anchors and aliases"),
        ("folder: !!python/name:os.system x", 3, "a tag of YAML"),
        ("folder: !x y", 3, "a tag of YAML"),
        ("folder: 'A", 3, "this is not YAML"),
        ("folder: A: B", 3, "this is not YAML"),
        ("\tfolder: x\n - y", 3, "this is not YAML"),
        ("<<: {a: b}", 3, "`<<` is not a field"),
        ("? [a, b]\n: c", 3, "must be text"),
        ("name: Twice", 3, "`name` stands here twice"),
        ("--- !x\na: b", 3, "a tag of YAML"),
    ],
)
def test_bad_front_matter_is_refused_with_its_line_and_in_words(front: str, line: int, said: str) -> None:
    error = refusal(front)
    assert said in str(error)
    assert (error.path, error.line) == ("macros/sample.md", line)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "starts with its front matter"),
        ("Hello", 1, "starts with its front matter"),
        ("---\nname: A\n", 1, "never ends"),
        ("---\n---\nHello", 1, "`name` is missing"),
        ("---\n- a\n---\nHello", 2, "must be a mapping"),
        (f"---\nname: {'a' * 81}\n---\nHello", 2, "longer than 80"),
        ("---\nname: A\n---\n\nHello {{ customer.name\n", 5, "unexpected"),
        ("---\nname: A\n---\nHello {% if x %}", 4, "endif"),
    ],
)
def test_a_file_that_is_no_macro_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(MacroError) as caught:
        parse_macro(Path("a.md"), text)
    assert said in str(caught.value)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "front",
    [
        "[" * 30000,
        "{" * 30000,
        "? " * 20000,
        "- " * 20000,
        "x: " * 20000,
        "steps: [" + "a," * 30000 + "]",
        "".join(f"k{number}: a\n" for number in range(6000)),
        "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(50)),
    ],
)
def test_a_yaml_bomb_is_refused(front: str) -> None:
    with pytest.raises(MacroError):
        macro(front)


def test_words_that_yaml_takes_for_something_else_stay_words_where_that_does_no_harm() -> None:
    read = macro("ask:\n  size: {label: Size, choices: [1, 2.50, no, 2027-01-01]}\ndo:\n  - tag: [+1, 2024]")
    assert read.ask["size"].choices == ("1", "2.50", "no", "2027-01-01")
    assert read.do[0].words == ("+1", "2024")


def test_one_tag_needs_no_list() -> None:
    assert macro("do:\n  - tag: refund").do[0].words == ("refund",)


def test_marks_of_gaps_in_a_label_are_taken_out() -> None:
    assert macro("ask:\n  a: {label: 'x⟦y⟧'}").ask["a"].label == "x[y]"


@given(st.text(max_size=80), st.text(max_size=40))
def test_any_text_is_a_macro_or_a_macro_error(front: str, body: str) -> None:
    line = 1
    try:
        parse_macro(Path("a.md"), f"---\nname: A\n{front}\n---\n{body}")
    except MacroError as error:
        line = error.line
    assert 1 <= line <= 4 + len(front) + len(body)
