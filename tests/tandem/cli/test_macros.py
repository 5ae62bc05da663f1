"""`tandem macros`: which there are, what one says, and whether all can be used."""

from __future__ import annotations

import pytest

from desk.conversation import Note
from desk.desk import Desk
from desk.ticket import Status, TicketNumber
from tandem.paths import Home
from tests.desks import receive
from tests.tandem.commands import Commands, run

ONE, TWO = TicketNumber(1), TicketNumber(2)
BUNDLED = {"acknowledge", "ask-details", "delivery-late", "refund-approved", "thanks-close"}


@pytest.fixture
def broken(home: Home) -> None:
    """A macro that cannot be read, on line 3."""
    (home.macros / "broken.md").write_text("---\nname: Broken\ncolour: \x1b[31mred\n---\nHello\n")


class TestList:
    def test_bundled_and_own_macros(self, tandem: Commands, home: Home) -> None:
        (home.macros / "greet.md").write_text("---\nname: Greet\nkey: g\n---\nHello\n")
        rows = tandem.run("macros", "list").rows
        assert {row[1] for row in rows} == BUNDLED | {"greet"}
        assert [",g", "greet", "Greet", ""] in rows

    def test_as_json(self, tandem: Commands) -> None:
        shown = tandem.run("macros", "list", "--json").objects
        assert {each["macro"] for each in shown} == BUNDLED
        assert all(list(each) == ["name", "macro", "key", "folder", "when", "language", "version", "path"]
                   for each in shown)  # fmt: skip

    @pytest.mark.usefixtures("broken")
    def test_one_that_cannot_be_read_is_told_on_stderr(self, tandem: Commands) -> None:
        listed = tandem.run("macros", "list", "--json")
        assert {each["macro"] for each in listed.objects} == BUNDLED
        assert "broken.md:3" in listed.err
        assert "\x1b" not in listed.err

    def test_without_a_desk_there_are_the_bundled_ones(self, home: Home) -> None:
        nowhere = Commands(home.folder / "nowhere", agent="")
        assert {each["macro"] for each in nowhere.run("macros", "list", "--json").objects} == BUNDLED
        nowhere.run("macros", "check")


class TestShow:
    def test_a_macro_as_it_stands_in_its_file(self, tandem: Commands) -> None:
        out = tandem.run("macros", "show", "acknowledge").out
        assert "{{ customer.first_name" in out
        assert "[ ] Read the whole message" in out

    def test_a_macro_filled_in_for_a_ticket(self, tandem: Commands, desk: Desk) -> None:
        receive(desk)
        out = tandem.run("macros", "show", "refund-approved", "--ticket", 1).out
        assert "Hello Dana," in out
        assert "⟦amount⟧" in out
        assert "Will do: +refund, status waiting" in out

    def test_as_json(self, tandem: Commands, desk: Desk) -> None:
        receive(desk)
        [shown] = tandem.run("macros", "show", "refund-approved", "--ticket", 1, "--json").objects
        assert shown["gaps"] == ["⟦amount⟧"]
        assert shown["text"].startswith("Hello Dana,")
        [plain] = tandem.run("macros", "show", "refund-approved", "--json").objects
        assert (plain["gaps"], "{{ ask.amount }}" in plain["text"]) == ([], True)

    @pytest.mark.parametrize("name", ["nope", "", "../../etc/passwd", "\x1b[31m", "x" * 10_000])
    def test_one_that_is_not_there_is_refused(self, tandem: Commands, name: str) -> None:
        refused = tandem.run("macros", "show", name, expect=1)
        assert len(refused.err) < 500
        assert "\x1b" not in refused.err

    def test_a_ticket_that_is_not_there_is_refused(self, tandem: Commands) -> None:
        tandem.run("macros", "show", "acknowledge", "--ticket", 10**30, expect=1)


class TestCheck:
    def test_good_macros_are_exit_code_zero(self, tandem: Commands) -> None:
        tandem.run("macros", "check")

    @pytest.mark.usefixtures("broken")
    def test_an_error_is_exit_code_one_with_file_and_line(self, tandem: Commands) -> None:
        refused = tandem.run("macros", "check", expect=1)
        assert "broken.md:3: error: " in refused.out
        assert "\x1b" not in refused.out

    @pytest.mark.usefixtures("broken")
    def test_as_json(self, tandem: Commands) -> None:
        [finding] = tandem.run("macros", "check", "--json", expect=1).objects
        assert list(finding) == ["path", "line", "level", "message"]
        assert (finding["line"], finding["level"]) == (3, "error")

    def test_a_warning_alone_is_fine(self, tandem: Commands, home: Home) -> None:
        (home.macros / "idle.md").write_text("---\nname: Idle\nreply: none\n---\n")
        [finding] = tandem.run("macros", "check", "--json").objects
        assert finding["level"] == "warning"

    def test_agents_and_tags_of_the_desk_are_known(self, tandem: Commands, home: Home) -> None:
        (home.macros / "pass-on.md").write_text("---\nname: Pass on\ndo:\n  - assign: zed\n---\nHello\n")
        assert "zed" in tandem.run("macros", "check", expect=1).out
        (home.macros / "pass-on.md").write_text("---\nname: Pass on\ndo:\n  - assign: bo\n---\nHello\n")
        assert tandem.run("macros", "check").out == ""

    def test_whoever_asks_need_not_be_an_agent(self, tandem: Commands) -> None:
        tandem.acting_as("zed").run("macros", "check")


def test_macros_alone_says_what_there_is(tandem: Commands) -> None:
    ended = run(["--home", str(tandem.home), "macros"])
    assert ended.code == 2
    assert all(word in ended.err for word in ("list", "show", "check"))


class TestRun:
    """What a macro does without writing to anybody."""

    @pytest.fixture(autouse=True)
    def macros(self, home: Home, desk: Desk) -> None:
        for name, words in {
            "spam": "do:\n  - tag: [+junk]\n  - status: closed\nreply: none\n---\n",
            "called": (
                "steps:\n  - text: Call\n    required: true\nask:\n  when: {label: When, type: text}\n"
                "do:\n  - tag: [+called]\nreply: note\n---\nCalled {{ ask.when }}.\n"
            ),
        }.items():
            (home.macros / f"{name}.md").write_text(f"---\nname: {name.title()}\n{words}")
        receive(desk)
        receive(desk, subject="Toner", message_id="<2@corp.example>")

    def test_one_without_words_acts_on_several_tickets_and_one_undo_takes_all_of_it_back(
        self, tandem: Commands, desk: Desk
    ) -> None:
        assert tandem.run("macros", "run", "spam", 1, 2, 1).lines == ["ticket 1: spam", "ticket 2: spam"]
        assert [desk.ticket(each).tags for each in (ONE, TWO)] == [("junk",), ("junk",)]
        tandem.run("undo")
        assert [(each.tags, each.status) for each in map(desk.ticket, (ONE, TWO))] == [((), Status.OPEN)] * 2

    def test_one_that_writes_a_note_leaves_it_once_its_step_is_done_and_its_question_answered(
        self, tandem: Commands, desk: Desk
    ) -> None:
        assert "--done 1" in tandem.run("macros", "run", "called", 1, "--set", "when=today", expect=1).err
        assert "⟦when⟧" in tandem.run("macros", "run", "called", 1, "--done", 1, expect=1).err
        assert desk.ticket(ONE).tags == ()
        [shown] = tandem.run("macros", "run", "called", 1, "--set", "when=today", "--done", 1, "--json").objects
        assert (shown["id"], shown["tags"]) == (1, ["called"])
        assert [each.note for each in desk.store.conversations.of(ONE) if isinstance(each, Note)] == ["Called today."]
        assert desk.store.outbox.all() == []

    def test_one_that_writes_to_the_customer_is_sent_as_a_reply(self, tandem: Commands, desk: Desk) -> None:
        assert "tandem reply" in tandem.run("macros", "run", "acknowledge", 1, expect=1).err
        assert desk.store.outbox.all() == []

    def test_all_of_the_tickets_or_none(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("macros", "run", "spam", 1, 99, expect=1)
        tandem.run("macros", "run", "none", 1, expect=1)
        tandem.run("macros", "run", "spam", expect=2)
        assert desk.ticket(ONE).tags == ()


class TestNew:
    def test_it_begins_as_one_that_can_be_used_at_once(self, tandem: Commands, home: Home, desk: Desk) -> None:
        assert "refund-late.md is begun" in tandem.run("macros", "new", "refund-late").out
        tandem.run("macros", "check")
        receive(desk)
        assert "Hello Dana," in tandem.run("macros", "show", "refund-late", "--ticket", 1).out
        assert (home.macros / "refund-late.md").stat().st_mode & 0o777 == 0o600

    def test_one_that_comes_with_tandem_begins_as_its_copy(self, tandem: Commands, home: Home) -> None:
        shown = tandem.run("macros", "show", "acknowledge").lines[1:]
        tandem.run("macros", "new", "acknowledge")
        assert tandem.run("macros", "show", "acknowledge").lines[1:] == shown
        assert str(home.macros) in tandem.run("macros", "show", "acknowledge").out

    def test_nothing_is_written_over(self, tandem: Commands, home: Home) -> None:
        (home.macros / "mine.md").write_text("mine")
        assert "there already" in tandem.run("macros", "new", "mine", expect=1).err
        assert (home.macros / "mine.md").read_text() == "mine"

    @pytest.mark.parametrize("name", ["", "../up", "a b", "Big", "x" * 61, "\x1b[2J", ".hidden", "-x"])
    def test_another_name_is_wrong_usage(self, tandem: Commands, home: Home, name: str) -> None:
        before = sorted(home.macros.iterdir())
        tandem.run("macros", "new", "--", name, expect=2)
        assert sorted(home.macros.iterdir()) == before
