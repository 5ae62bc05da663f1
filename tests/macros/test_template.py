import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import MacroError
from desk.outgoing import gaps
from macros.filters import FILTERS
from macros.template import MAX_TEXT, read_template
from tests.macros.samples import FACTS, UNKNOWN


def filled(text: str, facts: Mapping[str, object] | None = None) -> str:
    return read_template(text, "sample.md", 1).fill(FACTS.values() if facts is None else facts)


def refusal(text: str, facts: Mapping[str, object] | None = None) -> MacroError:
    with pytest.raises(MacroError) as caught:
        filled(text, facts)
    return caught.value


def test_a_value_stands_where_its_name_stood() -> None:
    assert filled("{{ customer.name }}, ticket {{ ticket.number }}") == "Dana Petrova, ticket 1042"


def test_an_unknown_or_empty_value_is_a_gap_with_its_dotted_name() -> None:
    assert filled("{{ ticket.assignee }} {{ customer.phone }} {{ nobody }}") == (
        "⟦ticket.assignee⟧ ⟦customer.phone⟧ ⟦nobody⟧"
    )
    assert filled("{{ previous_tickets[5].subject }}") == "⟦previous_tickets.subject⟧"
    assert filled("{{ customer.name.first.letter }}") == "⟦customer.name.first.letter⟧"


def test_an_empty_value_gives_way_to_what_stands_after_or() -> None:
    assert filled('Hello {{ customer.first_name or "there" }}', UNKNOWN.values()) == "Hello there"
    assert filled('Hello {{ customer.first_name | default("there") }}', UNKNOWN.values()) == "Hello there"


def test_a_condition_on_an_unknown_value_is_false() -> None:
    assert filled("{% if nobody %}yes{% else %}no{% endif %}") == "no"
    assert filled('{% if "vip" in nobody %}yes{% else %}no{% endif %}') == "no"
    assert filled('{% if nobody == "x" %}yes{% else %}no{% endif %}') == "no"
    assert filled("{{ nobody is defined }} {{ customer.name is defined }} {{ nobody | length }}") == "False True 0"


def test_a_loop_over_an_unknown_value_has_no_turns() -> None:
    assert filled("{% for each in nobody %}x{% else %}none{% endfor %}") == "none"


def test_a_loop_goes_over_earlier_tickets() -> None:
    text = (
        "{% for each in previous_tickets %}{{ each.number }} {{ each.subject }}{{ '; ' if not loop.last }}{% endfor %}"
    )
    assert filled(text) == "7 Invoice; 3 Login"


def test_tags_are_a_list() -> None:
    assert filled('{{ ticket.tags }} {% if "vip" in ticket.tags %}first{% endif %}') == "billing, vip first"


@pytest.mark.parametrize("name", FILTERS)
def test_a_gap_survives_every_filter_or_is_counted_as_nothing(name: str) -> None:
    assert filled(f"{{{{ nobody | {name} }}}}") in {"⟦nobody⟧", "0", ""}


def test_filters_change_text() -> None:
    assert filled("{{ customer.name | upper | truncate(6) }}") == "DANA.."
    assert filled("{{ last_message.text | quote }}") == "> Where is\n> my refund?"
    assert filled("{{ ticket.tags | join(' and ') }} {{ ticket.tags | first }} {{ ticket.tags | last }}") == (
        "billing and vip billing vip"
    )


def test_texts_put_together_keep_their_gaps() -> None:
    assert filled('{{ ("Dear " ~ customer.name ~ nobody) | upper }}') == "DEAR DANA PETROVA⟦NOBODY⟧"


def test_a_value_that_looks_like_a_template_stays_as_it_is() -> None:
    facts = {"ticket": {"subject": "{{ 7*7 }}{% for %}{# x #}"}}
    assert filled("{{ ticket.subject }}", facts) == "{{ 7*7 }}{% for %}{# x #}"


def test_what_a_template_writes_cannot_drive_a_terminal() -> None:
    assert filled(r'{{ "\x1b[31mred\u202e" }}') == "\ufffd[31mred\ufffd"


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{{ customer.__class__.__mro__ }}",
        "{{ customer['__class__'] }}",
        "{{ customer.name['__len__'] }}",
        "{{ previous_tickets.__getitem__ }}",
        "{{ _run }}",
        "{{ customer._run }}",
        "{% for _run in ticket.tags %}{% endfor %}",
        "{{ range(10) }}",
        "{{ dict(a=1) }}",
        "{{ lipsum() }}",
        "{{ cycler('a').next() }}",
        "{{ joiner()() }}",
        "{{ namespace(a=1) }}",
        "{{ lipsum.__globals__['os'].popen('id').read() }}",
        "{{ self.__init__.__globals__ }}",
        "{{ customer.name.format(1) }}",
        "{{ customer.name | attr('__class__') }}",
        "{{ customer.name | map('upper') }}",
        "{{ customer | xmlattr }}",
        "{{ customer.name | _read('x') }}",
        "{{ customer.name is callable }}",
        "{% for each in previous_tickets recursive %}{{ loop(each) }}{% endfor %}",
        "{% for each in ticket.tags %}{{ loop.cycle('a', 'b') }}{% endfor %}",
        "{% include 'x.md' %}",
        "{% import 'x.md' as x %}",
        "{% from 'x.md' import y %}",
        "{% extends 'x.md' %}",
        "{% block a %}{% endblock %}",
        "{% macro a() %}{% endmacro %}",
        "{% set a = 1 %}",
        "{% set a %}x{% endset %}",
        "{% with a = 1 %}{% endwith %}",
        "{% filter upper %}a{% endfilter %}",
        "{% call a() %}{% endcall %}",
        "{% autoescape true %}{% endautoescape %}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ ticket.number + 1 }}",
        "{{ -1 }}",
        "{{ customer.name[0:2] }}",
        "{{ customer[ticket.subject] }}",
        "{{ {'a': 1} }}",
        "{{ customer.name | truncate(*ticket.tags) }}",
        "{{ customer.name | truncate(length=2) }}",
        "{{ a.b.c.d.e }}",
        "{{ ('a' or 'b').upper }}",
        "{{ customer",
        "{% if a %}",
        "{% if %}",
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{{ " + "not " * 60 + "a }}",
        "{{ " + "a ~ " * 15000 + "a }}",
        "{{ " + "9" * 6000 + " }}",
        "{% if 1 %}" * 4000,
        "{% for a in 'x' %}" * 22 + "{% endfor %}" * 22,
    ],
)
def test_a_template_that_reaches_for_more_is_refused_when_it_is_read(text: str) -> None:
    with pytest.raises(MacroError):
        read_template(text, "sample.md", 1)


@pytest.mark.parametrize("name", ["cycler", "lipsum", "joiner", "namespace", "range", "dict", "self", "loop", "caller"])
def test_what_jinja_would_offer_is_only_an_unknown_name(name: str) -> None:
    assert filled(f"{{{{ {name} }}}}") == f"⟦{name}⟧"


@pytest.mark.parametrize(
    "name", ["items", "keys", "get", "copy", "upper", "format", "mro", "name.upper", "name.format"]
)
def test_methods_of_values_are_not_values(name: str) -> None:
    assert filled(f"{{{{ customer.{name} }}}}") == f"⟦customer.{name}⟧"


def test_a_refusal_names_the_file_the_line_and_the_way_out() -> None:
    with pytest.raises(MacroError) as caught:
        read_template("one\ntwo {{ customer.name.upper() }}", "refund.md", 10)
    assert (caught.value.path, caught.value.line) == ("refund.md", 11)
    assert "filters do that" in str(caught.value)


def test_a_mistake_found_while_filling_names_its_line() -> None:
    template = read_template("one\n\n{% if customer.first_name < 5 %}x{% endif %}", "refund.md", 10)
    with pytest.raises(MacroError, match=r"refund\.md:12: .*`customer\.first_name` has no value here"):
        template.fill(UNKNOWN.values())


def test_a_whole_group_is_not_printed() -> None:
    assert "name one of them: name, first_name, email" in str(refusal("{{ customer }}"))


LETTERS = "a" * 999


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in L %}{% for b in L %}{% for c in L %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in L %}{% for b in 'xx' %}{% endfor %}{% endfor %}",
        "{% for a in L %}" + "{{ ticket.subject }}" * 200 + "{% endfor %}",
        "{% for a in L %}" + "{% if big | wordwrap == 'x' %}{% endif %}" * 500 + "{% endfor %}",
        "{% for a in L %}" + "{% if 'aaaaaaaaaaaaaab' in big %}{% endif %}" * 500 + "{% endfor %}",
        "{{ " + "big ~ " * 1500 + "'' }}",
        "{{ [" + "1," * 2000 + "] | join('" + "x" * 20000 + "') }}",
        "{{ big }}" * 10,
        "x" * (MAX_TEXT + 1),
    ],
)
def test_a_template_that_never_ends_is_stopped_soon(text: str) -> None:
    template = read_template(text.replace("L", f"'{LETTERS}'"), "sample.md", 1)
    start = time.perf_counter()
    with pytest.raises(MacroError):
        template.fill({**FACTS.values(), "big": "a" * 16000})
    assert time.perf_counter() - start < 2


def test_a_thousand_turns_are_allowed() -> None:
    assert filled("{% for a in '" + LETTERS + "' %}x{% endfor %}") == "x" * 999


def test_the_names_a_template_reads_are_known_before_it_is_filled() -> None:
    text = "{{ customer.name }}\n{% for each in previous_tickets %}{{ each.subject }}{{ loop.index }}{% endfor %}"
    reads = read_template(text, "sample.md", 5).reads
    assert [(each.name, each.means, each.line) for each in reads] == [
        ("customer.name", "customer.name", 5),
        ("previous_tickets", "previous_tickets", 6),
        ("each.subject", "previous_tickets.subject", 6),
        ("loop.index", "loop.index", 6),
    ]


@given(st.text(max_size=60))
def test_any_text_is_a_template_or_a_macro_error(text: str) -> None:
    line = 1
    try:
        filled(text)
    except MacroError as error:
        line = error.line
    assert 1 <= line <= 1 + len(text)


@given(st.lists(st.sampled_from([
    "{{ ", " }}", "{% ", " %}", "if ", "for ", "in ", "else", "endif", "endfor", "customer", ".name", ".__class__",
    " | ", "upper", "join", "truncate", "(", ")", "[", "]", "0", "'x'", " or ", " ~ ", "loop", "\n", "{#", "#}", "not ",
    " is defined", "previous_tickets", "each", " == ", ",",
]), max_size=14))  # fmt: skip
def test_any_heap_of_template_words_is_filled_or_a_macro_error(words: list[str]) -> None:
    try:
        text = filled("".join(words))
    except MacroError:
        return
    assert "object at 0x" not in text
    assert all(mark.startswith("⟦") for mark in gaps(text))
