from datetime import UTC, datetime
from pathlib import Path

import pytest

from macros.check import Finding, check
from macros.library import Library
from tests.macros.samples import source

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def findings(folder: Path, **files: str) -> list[Finding]:
    for slug, text in files.items():
        (folder / f"{slug}.md").write_text(text, encoding="utf-8")
    found = check(Library(folder), known_tags={"known"}, known_agents={"ana"}, now=NOW)
    return [each for each in found if each.path.startswith(str(folder))]


def one(folder: Path, front: str = "", body: str = "Hello.") -> Finding:
    (found,) = findings(folder, sample=source(front, body))
    assert found.path == str(folder / "sample.md")
    return found


def test_a_good_macro_has_no_findings(tmp_path: Path) -> None:
    front = (
        'key: z\nwhen: "tag:known or is:mine"\nreview_by: 2026-11-21\n'
        "ask:\n  n: {type: number}\n  d: {type: date}\n  m: {type: money}\n  c: {choices: [a, b]}\n  t: {type: text}\n"
        "do:\n  - tag: [+new, -known, -new, '-{{ ask.t }}']\n  - assign: ana\n  - assign: none\n"
        "  - note: '{{ ask.n }} {{ previous_tickets[0].subject }}'"
    )
    body = "{% for p in previous_tickets %}{{ loop.index }} {{ p.number }}{% endfor %} {{ ask.c }} {{ now.year }}"
    assert findings(tmp_path, sample=source(front, body)) == []


def test_a_file_that_cannot_be_read_is_an_error_without_its_path_twice(tmp_path: Path) -> None:
    found = one(tmp_path, "kye: z")
    assert (found.line, found.level) == (3, "error")
    assert found.message.startswith("`kye` is not a field of a macro")


@pytest.mark.parametrize(
    ("front", "body", "line", "level", "said"),
    [
        ("", "Hello {{ custmer.name }}", 4, "error", "`custmer.name` is not known; there are: ticket, customer"),
        ("", "\n{{ customer.frist_name }}", 5, "error", "`customer` has: name, first_name, email"),
        ("", "{{ ask.amount }}", 4, "error", "`ask` has: nothing"),
        ("", "{% for p in previous_tickets %}{{ p.text }}{% endfor %}", 4, "error", "`p.text` is not known"),
        ("", "{% for p in ticket.tags %}{{ loop.nr }}{% endfor %}", 4, "error", "`loop.nr` is not known"),
        ("", "{{ lipsum }}", 4, "error", "`lipsum` is not known"),
        ("do:\n  - note: '{{ x.y }}'", "Hello", 4, "error", "`x.y` is not known"),
        ("steps:\n  - '{{ x.y }}'", "Hello", 3, "error", "`x.y` is not known"),
        ("ask:\n  a: {default: '{{ x.y }}'}", "Hello", 3, "error", "`x.y` is not known"),
        ("", "{{ customer }}", 4, "error", "name one of them"),
        ("", "\n{% if customer.name < 5 %}x{% endif %}", 5, "error", "cannot be filled in"),
        ("", "{% for a in 'xx' %}" * 12 + "{% endfor %}" * 12, 4, "error", "takes too long"),
        ("do:\n  - status: '{{ ticket.subject }}'", "Hello", 4, "error", "`status`: “text” is not one of"),
        ("do:\n  - assign: bo", "Hello", 4, "error", "there is no agent “bo”; known: ana"),
        ("do:\n  - tag: [-odd]", "Hello", 3, "error", "no ticket has the tag “odd”"),
        ("when: 'colour:red'", "Hello", 3, "error", "`when`: column"),
        ("review_by: 2026-11-20\nowner: ana", "Hello", 3, "warning", "a review by ana was due on 2026-11-20"),
        ("", " \n", 4, "error", "there is no text"),
        ("reply: note", "", 5, "error", "there is no text"),
        ("reply: none\ndo:\n  - status: closed", "Hello", 7, "warning", "never used"),
        ("reply: none", "", 3, "warning", "does nothing"),
        ("", "hid\u200bden", 4, "warning", "invisible"),
        ("key: abc", "Hello", 3, "error", "`key` cannot be"),
        ("do:\n  - snooze: some day", "Hello", 4, "error", "`snooze`: “some day”: “some” means no day and no time"),
        ("do:\n  - snooze: 2020-01-01", "Hello", 4, "error", "`snooze`: “2020-01-01” was Wed 1 Jan 2020 09:00"),
        ("do:\n  - run: closing", "Hello", 4, "error", "`run` is not an action this version knows"),
    ],
)
def test_each_mistake_is_found_on_its_line(
    tmp_path: Path, front: str, body: str, line: int, level: str, said: str
) -> None:
    found = one(tmp_path, front, body)
    assert said in found.message
    assert (found.line, found.level) == (line, level)


def test_two_macros_on_one_key_are_an_error(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, a=source("key: z").replace("Sample", "A"), b=source("key: z"))
    assert (found.path, found.line, found.level) == (str(tmp_path / "b.md"), 3, "error")
    assert "the same key" in found.message


def test_a_key_that_begins_with_another_is_an_error(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, a=source("key: z").replace("Sample", "A"), b=source("key: zx").replace("Sample", "B"))
    assert (found.path, found.message) == (
        str(tmp_path / "b.md"),
        "`key`: a and b have “zx” and “z”, which cannot both be typed",
    )


def test_a_key_taken_from_a_bundled_macro_is_no_error(tmp_path: Path) -> None:
    assert findings(tmp_path, mine=source("key: k")) == []


def test_two_macros_of_one_name_are_a_warning(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, a=source(), b=source())
    assert (found.level, found.message) == ("warning", "a and b have the same name")


def test_the_bundled_macros_pass_their_own_check(tmp_path: Path) -> None:
    assert check(Library(None), known_tags=(), known_agents=(), now=NOW) == ()
