from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import MacroError, RefusedError
from desk.outgoing import gaps
from desk.people import Handle
from desk.steps import AssignStep, MacroUse, NoteStep, StatusStep, TagStep
from desk.ticket import Status
from macros.facts import told, told_line
from macros.fill import fill, preview
from macros.script import Check, parse_macro
from tests.macros.samples import FACTS, UNKNOWN, about_ticket, macro

REFUND = macro(
    "ask:\n"
    "  amount: {label: Amount, type: money}\n"
    "  why: {label: Why at all, choices: [damaged, late]}\n"
    "steps:\n"
    "  - text: Ask {{ customer.name }}\n"
    "    required: true\n"
    "do:\n"
    "  - tag: ['+refund', '-{{ ticket.tags[0] }}']\n"
    "  - assign: me\n"
    "  - status: waiting\n",
    "Hello {{ customer.first_name or 'there' }},\n\nyour {{ ask.amount }} ({{ ask.why }}).\n\n{{ agent.signature }}",
)


def test_a_macro_is_filled_with_facts_and_answers() -> None:
    filled = fill(REFUND, FACTS, {"amount": "49.90 EUR", "why": "LATE"})
    assert filled.text == "Hello Dana,\n\nyour 49.90 EUR (late).\n\nAna\nAcme"
    assert filled.gaps == ()
    assert filled.steps == (TagStep(("refund",), ("billing",)), AssignStep(Handle("ana")), StatusStep(Status.WAITING))
    assert filled.checklist == (Check("Ask Dana Petrova", required=True),)
    assert filled.use == MacroUse("sample", REFUND.version)
    assert filled.macro is REFUND


def test_what_was_not_answered_is_a_gap_that_says_what_is_asked() -> None:
    filled = fill(REFUND, FACTS)
    assert filled.gaps == ("⟦amount⟧", "⟦why: Why at all⟧")
    assert filled.gaps == gaps(filled.text)


def test_what_is_not_known_is_a_gap() -> None:
    assert fill(macro(body="Hello {{ customer.first_name }},"), UNKNOWN).gaps == ("⟦customer.first_name⟧",)


def test_a_gap_that_the_author_wrote_is_a_gap() -> None:
    assert fill(macro(body="We think that ⟦your reasons⟧."), FACTS).gaps == ("⟦your reasons⟧",)


def test_an_answer_that_was_not_asked_for_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"does not ask for “amuont” \(it asks for: amount, why\)"):
        fill(REFUND, FACTS, {"amuont": "5"})


def test_an_answer_of_another_kind_is_refused() -> None:
    with pytest.raises(RefusedError, match="“plenty” does not answer “Amount”"):
        fill(REFUND, FACTS, {"amount": "plenty"})


def test_a_default_is_a_template_and_gives_way_to_an_answer() -> None:
    asks = macro("ask:\n  who: {label: Who, default: '{{ customer.name }}'}", "For {{ ask.who }}")
    assert fill(asks, FACTS).text == "For Dana Petrova"
    assert fill(asks, FACTS, {"who": "Bo"}).text == "For Bo"
    assert fill(asks, UNKNOWN).gaps == ("⟦who⟧",)


def test_an_action_that_needs_an_answer_is_refused_without_it() -> None:
    notes = macro("ask:\n  amount: {type: money}\ndo:\n  - note: 'Refund of {{ ask.amount }}'")
    with pytest.raises(RefusedError, match=r"cannot do its `note` yet: ⟦amount⟧ is missing \(--set amount=\.\.\.\)"):
        fill(notes, FACTS)
    assert fill(notes, FACTS, {"amount": "5"}).steps == (NoteStep("Refund of 5"),)


def test_a_preview_shows_the_gaps_of_actions() -> None:
    notes = macro("ask:\n  amount: {type: money}\ndo:\n  - note: 'Refund of {{ ask.amount }}'\n  - status: closed")
    assert preview(notes, FACTS).actions == ("note Refund of ⟦amount⟧", "status closed")
    assert preview(notes, FACTS, {"amount": "5"}).actions == ("note “Refund of 5”", "status closed")


def test_an_action_whose_words_come_out_empty_is_left_out() -> None:
    urgent = macro("do:\n  - priority: '{% if \"vip\" in ticket.tags %}urgent{% endif %}'")
    assert len(fill(urgent, FACTS).steps) == 1
    assert fill(urgent, UNKNOWN).steps == ()


def test_a_filled_in_word_that_does_not_fit_its_action_names_the_line() -> None:
    with pytest.raises(MacroError, match=r"sample\.md:4: `status`: “Refund for order 88213” is not one of"):
        fill(macro("do:\n  - status: '{{ ticket.subject }}'"), FACTS)


def test_a_macro_without_reply_has_no_text_and_no_gaps() -> None:
    filled = fill(macro("reply: none\ndo:\n  - status: closed", "{{ nobody }}"), FACTS)
    assert (filled.text, filled.gaps, filled.steps) == ("", (), (StatusStep(Status.CLOSED),))


def test_tags_of_the_template_language_leave_no_heap_of_blank_lines() -> None:
    body = "Hello,\n\n{% if nobody %}\nNever.\n{% endif %}\n\nBye\n\n"
    assert fill(macro(body=body), FACTS).text == "Hello,\n\nBye"


@pytest.mark.parametrize("subject", ["{{ 7*7 }}", "{% for a in b %}", "{{ ticket.subject }}", "{# x", "}}", "$x \\1"])
def test_a_subject_is_never_a_template(subject: str) -> None:
    filled = fill(macro(body="> {{ ticket.subject }}"), about_ticket(subject=subject))
    assert (filled.text, filled.gaps) == (f"> {subject}", ())


def test_an_answer_is_never_a_template_and_makes_no_gap() -> None:
    asks = macro("ask:\n  x: {type: text}", "{{ ask.x }}")
    filled = fill(asks, FACTS, {"x": "{{ agent.email }} ⟦y⟧ \x1b[31m"})
    assert (filled.text, filled.gaps) == ("{{ agent.email }} [y] \ufffd[31m", ())


def test_gap_marks_in_mails_are_ordinary_brackets() -> None:
    assert told("half a gap ⟦ and ⟦one⟧") == "half a gap [ and [one]"
    assert told_line("a\x1b]0;x\x07\n⟦b") == "a\ufffd]0;x\ufffd [b"


WORDS = st.sampled_from([
    "{{ customer.first_name }}", "{{ nobody }}", "{{ ask.x }}", "{{ ticket.subject }}", "{{ ticket.subject | upper }}",
    "{{ ticket.subject | truncate(3) }}", "{{ nobody | title }}", "{% if ticket.subject %}yes{% endif %}", "plain ",
    "{{ customer.first_name or 'there' }}", "{% for t in ticket.tags %}{{ t }}{% endfor %}", "⟦by hand⟧", "⟦", "\n",
    "{{ (customer.first_name ~ 'x') | truncate(5) }}", "{{ ticket.subject ~ nobody }}",
])  # fmt: skip


@given(st.lists(WORDS, max_size=8), st.text(max_size=30), st.text(max_size=10), st.text(max_size=20))
def test_without_gaps_no_mark_is_in_the_text_and_nothing_is_left_out(
    words: list[str], subject: str, name: str, answer: str
) -> None:
    facts = replace(
        UNKNOWN,
        ticket={"subject": told_line(subject), "tags": (told_line(name),)},
        customer={"first_name": told_line(name)},
    )
    filled = fill(macro("ask:\n  x: {type: text}", "".join(words)), facts, {"x": answer})
    assert bool(filled.gaps) is bool({"⟦", "⟧"} & set(filled.text))
    if any("nobody" in each or "⟦" in each for each in words):
        assert filled.gaps


@given(st.text(max_size=200))
def test_a_text_without_braces_comes_out_as_it_was_written(text: str) -> None:
    body = text.replace("{", "(").replace("\n---", "")
    filled = fill(macro(body=body), FACTS)
    again = fill(parse_macro(Path("a.md"), f"---\nname: A\n---\n{filled.text}"), FACTS)
    assert again.text == filled.text
