"""Commands that change tickets: several at once are one act, and one undo takes it back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.keep_beginning import keep_beginning, kept_beginnings, throw_beginning_away
from desk.actions.reply import reply
from desk.beginning import Beginning
from desk.conversation import Event, Note
from desk.desk import Desk
from desk.outgoing import Answer, OutboxState
from desk.people import Handle
from desk.ticket import TicketNumber
from tests.desks import receive
from tests.tandem.commands import Commands

ONE, TWO, THREE = (TicketNumber(number) for number in (1, 2, 3))


@pytest.fixture(autouse=True)
def three(desk: Desk) -> None:
    """Tickets 1 to 3."""
    for number in range(3):
        receive(desk, subject=f"Order {number + 1}")


def assignees(desk: Desk) -> list[str | None]:
    return [desk.ticket(number).assignee for number in (ONE, TWO, THREE)]


def notes(desk: Desk) -> list[str]:
    return [each.note for each in desk.store.conversations.of(ONE) if isinstance(each, Note) and not each.removed]


def events(desk: Desk, number: TicketNumber = ONE) -> list[Event]:
    return [each for each in desk.store.conversations.of(number) if isinstance(each, Event)]


def sent(desk: Desk, number: TicketNumber) -> None:
    """Answer, and let the mail leave."""
    entry = reply(desk, number, Answer(text="Hello"))
    desk.store.outbox.put(replace(entry, state=OutboxState.SENT))


class TestUndoPast:
    def test_a_refusal_names_the_word_with_which_it_is_gone_past(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("tag", 1, 2, "+vip")
        sent(desk, ONE)
        told = tandem.run("undo", expect=1).err
        assert "too late for the reply on ticket 1: it is sent" in told
        assert "`tandem undo --past` takes back what you did before that: tagged, on 2 tickets" in told
        done = tandem.run("undo", "--past").out
        assert done == "too late for the reply on ticket 1: it is sent; taken back on 2 tickets: tagged\n"
        assert (desk.ticket(ONE).tags, desk.ticket(TWO).tags) == ((), ())

    def test_several_are_taken_back_but_what_cannot_be(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("tag", 1, "+one")
        sent(desk, ONE)
        tandem.run("tag", 1, "+two")
        assert "--past goes past it" in tandem.run("undo", 2, expect=1).err
        assert desk.ticket(ONE).tags == ("one", "two")
        tandem.run("undo", 2, "--past")
        assert desk.ticket(ONE).tags == ()

    def test_where_nothing_is_left_to_take_back_it_names_no_word(self, tandem: Commands, desk: Desk) -> None:
        sent(desk, ONE)
        assert "--past" not in tandem.run("undo", expect=1).err
        assert "it is sent" in tandem.run("undo", "--past", expect=1).err


class TestAssign:
    def test_me_none_and_a_handle(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("assign", 1, "me")
        tandem.run("assign", 2, 3, "bo")
        assert assignees(desk) == ["ana", "bo", "bo"]
        tandem.run("assign", 1, 2, "none")
        assert assignees(desk) == [None, None, "bo"]
        assert events(desk)[-1].author == "ana"

    def test_nothing_is_said_when_it_is_done(self, tandem: Commands) -> None:
        ended = tandem.run("assign", 1, "me")
        assert (ended.bytes_out, ended.err) == (b"", "")

    def test_a_stranger_is_refused_with_those_who_are_known(self, tandem: Commands, desk: Desk) -> None:
        assert "ana, bo" in tandem.run("assign", 1, "zed", expect=1).err
        assert assignees(desk) == [None, None, None]

    def test_one_ticket_that_is_not_there_stops_all(self, tandem: Commands, desk: Desk) -> None:
        assert "no ticket 99" in tandem.run("assign", 1, 2, 99, "bo", expect=1).err
        assert assignees(desk) == [None, None, None]

    def test_one_undo_takes_several_back(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("assign", 1, 2, 3, "bo")
        assert "3 tickets" in tandem.run("undo").out
        assert assignees(desk) == [None, None, None]

    def test_without_an_agent_nothing_is_done(self, tandem: Commands, desk: Desk) -> None:
        nobody = tandem.acting_as("")
        assert "--agent HANDLE" in nobody.run("assign", 1, "bo", expect=1).err
        assert "--agent HANDLE" in nobody.run("assign", 1, "me", expect=1).err
        assert assignees(desk) == [None, None, None]

    def test_an_agent_nobody_knows_does_nothing(self, tandem: Commands) -> None:
        assert "“zed”" in tandem.acting_as("zed").run("assign", 1, "me", expect=1).err

    @pytest.mark.parametrize("words", [(), ("1",), ("me",), ("0", "me"), ("one", "me")])
    def test_too_few_words_are_wrong_usage(self, tandem: Commands, words: tuple[str, ...]) -> None:
        tandem.run("assign", *words, expect=2)


class TestTag:
    def test_signs_put_on_and_take_off(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("tag", 1, 2, "+billing", "+vip")
        tandem.run("tag", 2, "-billing", "+hardware")
        assert [desk.ticket(number).tags for number in (ONE, TWO)] == [("billing", "vip"), ("vip", "hardware")]

    def test_numbers_and_tags_may_be_mixed(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("tag", "+a", 1, "+b", 2)
        assert desk.ticket(ONE).tags == desk.ticket(TWO).tags == ("a", "b")

    @pytest.mark.parametrize("tag", ["hardware", "h", "help", "json", "x-ray", "заказ"])
    def test_every_tag_can_be_taken_off(self, tandem: Commands, desk: Desk, tag: str) -> None:
        """`-h` and what begins so must not call for help."""
        tandem.run("tag", 1, f"+{tag}")
        assert desk.ticket(ONE).tags == (tag,)
        tandem.run("tag", 1, f"-{tag}")
        assert desk.ticket(ONE).tags == ()

    @pytest.mark.parametrize(
        "words", [(), ("1",), ("+a",), ("1", "a"), ("1", "+a", "b"), ("1a", "+a"), ("-1", "+a"), ("9" * 5000, "+a")]
    )
    def test_words_that_are_neither_are_wrong_usage(self, tandem: Commands, words: tuple[str, ...]) -> None:
        tandem.run("tag", *words, expect=2)

    @pytest.mark.parametrize("tag", ["+", "-", "+a b", "+" + "a" * 41, "+\x1b[31m", "--a", "+a,b", "++"])
    def test_what_cannot_be_a_tag_is_refused(self, tandem: Commands, desk: Desk, tag: str) -> None:
        tandem.run("tag", 1, "+good", tag, expect=1)
        assert desk.ticket(ONE).tags == ()

    def test_a_number_nobody_has_is_refused(self, tandem: Commands) -> None:
        assert f"no ticket {10**30}" in tandem.run("tag", 10**30, "+a", expect=1).err


class TestStatusAndPriority:
    @pytest.mark.parametrize("status", ["open", "waiting", "closed", "spam"])
    def test_every_status_of_the_contract(self, tandem: Commands, desk: Desk, status: str) -> None:
        tandem.run("status", 1, 2, status)
        assert [desk.ticket(number).status for number in (ONE, TWO)] == [status, status]

    @pytest.mark.parametrize("priority", ["low", "normal", "high", "urgent"])
    def test_every_priority_of_the_contract(self, tandem: Commands, desk: Desk, priority: str) -> None:
        tandem.run("priority", 1, 2, priority)
        assert [desk.ticket(number).priority for number in (ONE, TWO)] == [priority, priority]

    @pytest.mark.parametrize("command", ["status", "priority"])
    def test_another_word_is_wrong_usage_that_names_the_right_ones(self, tandem: Commands, command: str) -> None:
        refused = tandem.run(command, 1, "urgently", expect=2)
        assert "'closed'" in refused.err or "'urgent'" in refused.err


class TestNote:
    def test_words_on_the_command_line(self, tandem: Commands, desk: Desk) -> None:
        assert "ticket 1" in tandem.run("note", 1, "called the bank").out
        assert notes(desk) == ["called the bank"]

    def test_a_dash_reads_standard_input(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("note", 1, "-", stdin="first line\nвторая строка\n")
        assert notes(desk) == ["first line\nвторая строка"]

    def test_line_ends_of_other_systems_become_ours(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("note", 1, "-", stdin=b"\xef\xbb\xbfone\r\ntwo\r\n")
        assert notes(desk) == ["one\ntwo"]

    def test_what_is_not_utf8_is_refused(self, tandem: Commands, desk: Desk) -> None:
        assert "standard input is not UTF-8" in tandem.run("note", 1, "-", stdin=b"caf\xe9", expect=1).err
        assert "not UTF-8" in tandem.run("note", 1, "caf\udce9", expect=2).err
        assert notes(desk) == []

    @pytest.mark.parametrize("text", ["", "  \n "])
    def test_an_empty_note_is_refused(self, tandem: Commands, desk: Desk, text: str) -> None:
        assert "empty" in tandem.run("note", 1, text, expect=1).err
        assert "empty" in tandem.run("note", 1, "-", stdin=text, expect=1).err
        assert notes(desk) == []

    def test_a_note_on_no_ticket_is_refused(self, tandem: Commands) -> None:
        tandem.run("note", 99, "hello", expect=1)


class TestEditedNote:
    @pytest.fixture
    def note(self, tandem: Commands) -> str:
        """The number of a note, as the command prints it and `show` does."""
        number = tandem.run("note", 1, "The bank says no.").out.split()[1]
        assert f"NOTE {number}  ana" in tandem.run("show", 1).out
        return number

    def test_it_has_its_new_words_and_a_version(self, tandem: Commands, desk: Desk, note: str) -> None:
        assert tandem.run("note", 1, "The bank says yes.", "--edit", note).out.endswith("is version 2\n")
        assert notes(desk) == ["The bank says yes."]
        shown = tandem.run("show", 1).out
        assert "edited, version 2\nThe bank says yes." in shown
        assert "says no" not in shown

    def test_a_version_that_is_gone_is_refused(self, tandem: Commands, desk: Desk, note: str) -> None:
        tandem.run("note", 1, "-", "--edit", note, "--seen", 1, stdin="The bank says yes.")
        refused = tandem.run("note", 1, "The bank says maybe.", "--edit", note, "--seen", 1, expect=1)
        assert "was edited since you read it (version 1, now 2)" in refused.err
        tandem.run("note", 1, "The bank says maybe.", "--edit", note, "--seen", 2)
        assert notes(desk) == ["The bank says maybe."]

    def test_a_colleagues_note_is_refused(self, tandem: Commands, desk: Desk, note: str) -> None:
        assert "ana's" in tandem.acting_as("bo").run("note", 1, "bo was here", "--edit", note, expect=1).err
        assert notes(desk) == ["The bank says no."]

    def test_a_note_of_another_ticket_is_refused(self, tandem: Commands, note: str) -> None:
        refused = tandem.run("note", 2, "x", "--edit", note, expect=1)
        assert f"there is no note on ticket 2 with the number {note}" in refused.err
        tandem.run("note", 1, "x", "--edit", 1, expect=1)
        tandem.run("note", 1, "x", "--edit", 10**30, expect=1)

    def test_undo_and_redo_give_the_words_back(self, tandem: Commands, desk: Desk, note: str) -> None:
        tandem.run("note", 1, "The bank says yes.", "--edit", note)
        assert tandem.run("undo").out == "taken back on ticket 1: note edited\n"
        assert notes(desk) == ["The bank says no."]
        tandem.run("redo")
        assert notes(desk) == ["The bank says yes."]

    def test_no_word_of_a_note_is_shown_once_it_is_taken_back(self, tandem: Commands, note: str) -> None:
        tandem.run("note", 1, "The bank says yes.", "--edit", note)
        tandem.run("undo", 2)
        assert "bank" not in tandem.run("show", 1).out + tandem.run("show", 1, "--json").out

    def test_a_version_without_a_note_to_edit_is_wrong_usage(self, tandem: Commands) -> None:
        tandem.run("note", 1, "x", "--seen", 1, expect=2)


class TestRedo:
    def test_what_was_taken_back_is_done_again(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("assign", 1, 2, "bo")
        tandem.run("undo")
        assert tandem.run("redo").out == "done again on 2 tickets: assigned\n"
        assert assignees(desk) == ["bo", "bo", None]

    def test_a_number_does_so_many_things_again_or_none(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("tag", 1, "+a")
        tandem.run("tag", 1, "+b")
        tandem.run("undo", 2)
        tandem.run("redo", 3, expect=1)
        assert desk.ticket(ONE).tags == ()
        assert len(tandem.run("redo", 2).lines) == 2
        assert desk.ticket(ONE).tags == ("a", "b")

    def test_a_new_act_ends_it(self, tandem: Commands) -> None:
        tandem.run("tag", 1, "+a")
        tandem.run("undo")
        tandem.acting_as("bo").run("tag", 1, "+b")
        tandem.run("redo")
        tandem.run("undo")
        tandem.run("tag", 1, "+c")
        assert "you have done something else since" in tandem.run("redo", expect=1).err

    def test_a_reply_is_queued_again_as_the_same_mail(self, tandem: Commands) -> None:
        tandem.run("reply", 1, "--body-file", "-", stdin="On its way.")
        [before] = tandem.run("outbox", "--json").objects
        tandem.run("undo")
        assert [each["state"] for each in tandem.run("outbox", "--json").objects] == ["cancelled"]
        tandem.run("redo")
        [after] = tandem.run("outbox", "--json").objects
        assert {**after, "due": None} == {**before, "due": None}
        assert tandem.run("list", "has:draft").lines == []

    def test_a_cancelled_mail_is_put_back(self, tandem: Commands) -> None:
        tandem.run("reply", 1, "--body-file", "-", stdin="On its way.")
        tandem.run("outbox", "cancel", 1)
        assert tandem.run("undo").out == "taken back on ticket 1: cancelled\n"
        assert [each["state"] for each in tandem.run("outbox", "--json").objects] == ["queued"]

    def test_nothing_to_redo_is_refused(self, tandem: Commands) -> None:
        assert "nothing of yours to redo" in tandem.run("redo", expect=1).err

    @pytest.mark.parametrize("count", ["0", "-1", "x", str(10**30)])
    def test_a_number_that_makes_no_sense_is_wrong_usage(self, tandem: Commands, count: str) -> None:
        tandem.run("redo", count, expect=2)


class TestUndo:
    def test_the_last_thing_is_taken_back_whoever_undoes(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("assign", 1, "me")
        tandem.acting_as("bo").run("assign", 2, "me")
        tandem.run("undo")
        assert assignees(desk) == [None, "bo", None]

    def test_a_number_takes_back_so_many_things(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("tag", 1, "+a")
        tandem.run("tag", 1, "+b")
        tandem.run("assign", 1, "me")
        assert len(tandem.run("undo", 2).lines) == 2
        assert (desk.ticket(ONE).tags, desk.ticket(ONE).assignee) == (("a",), None)

    def test_more_than_there_is_takes_nothing_back(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("tag", 1, "+a")
        tandem.run("undo", 2, expect=1)
        assert desk.ticket(ONE).tags == ("a",)

    def test_more_than_there_is_is_refused_whole(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("tag", 1, "+a")
        ended = tandem.run("undo", 9, expect=1)
        assert "only 1 of 9" in ended.err
        assert desk.ticket(TicketNumber(1)).tags == ("a",)

    def test_nothing_to_undo_is_refused(self, tandem: Commands) -> None:
        tandem.run("undo", expect=1)

    def test_what_a_colleague_changed_since_stays(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("assign", 1, "me")
        tandem.acting_as("bo").run("assign", 1, "bo")
        assert "too late" in tandem.run("undo", expect=1).err
        assert desk.ticket(ONE).assignee == Handle("bo")

    @pytest.mark.parametrize("count", ["0", "-1", "x", str(10**30)])
    def test_a_number_that_makes_no_sense_is_wrong_usage(self, tandem: Commands, count: str) -> None:
        tandem.run("undo", count, expect=2)

    def test_a_first_mail_that_was_thrown_away_comes_back_and_goes_again(self, tandem: Commands, desk: Desk) -> None:
        kept = keep_beginning(desk, Beginning(subject="Offer", text="Dear Ivan"))
        assert kept is not None
        throw_beginning_away(desk, kept)
        tandem.run("assign", 1, "me")
        assert tandem.run("undo", 2).lines == ["taken back on ticket 1: assigned", "taken back: new mail discarded"]
        assert len(kept_beginnings(desk)) == 1
        assert tandem.run("redo").lines == ["done again: new mail discarded"]
        assert kept_beginnings(desk) == []
