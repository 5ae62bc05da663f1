"""`tandem customers edit` and what it leaves: shown, exported and erased with everything else about a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk.actions.edit_customer import edit_customer
from desk.actions.erase import erase, preview
from desk.actions.note import add_note
from desk.actions.undo import undo
from desk.conversation import Note
from desk.desk import Desk
from desk.dossier import profile_of
from desk.erasure import WORDS
from desk.errors import RefusedError, UndoTooLate
from desk.profiles import ProfileField
from storage.shared import SharedStore
from tests.tandem.commands import Commands
from tests.tandem.erasing import LEO, arrive, files_with, mail

DANA, HOME = "dana.p@corp.example", "dana@home.example"


@pytest.fixture(autouse=True)
def mails(desk: Desk) -> None:
    """Dana wrote twice, once from home, and Leo once."""
    arrive(desk, mail(1, "The zeppelin has a hole, and it is not the first one that you have sent to me."))
    arrive(desk, mail(2, "From home", sender=f"Dana <{HOME}>", subject="Another matter"))
    arrive(desk, mail(3, "Unrelated", sender=LEO, subject="Unrelated"))


def test_what_is_known_is_edited_shown_and_taken_back(tandem: Commands) -> None:
    said = ("--company", "Corp Ltd", "--tag", "+vip", "--zone", "sofia", "--language", "bg", "--notes", "pays late")
    tandem.run("customers", "edit", f"Dana <{DANA}>", *said)
    shown = tandem.run("customers", "show", DANA).out
    for words in ("company: Corp Ltd", "tags: vip", "zone: Europe/Sofia", "language: bg", "(ana, ", "pays late"):
        assert words in shown
    tandem.run("undo")
    assert "Corp Ltd" not in tandem.run("customers", "show", DANA).out


def test_guesses_are_told_as_such(tandem: Commands) -> None:
    assert (
        "guessed: company Corp, by the address; language en, by the mails; time UTC+2"
        in tandem.run("customers", "show", DANA).out
    )
    [told] = tandem.run("customers", "show", DANA, "--json").objects
    assert told["profile"]["company"] is None
    assert told["profile"]["guessed"] == {"company": "Corp", "language": "en", "utc_offset": 7200}
    assert told["profile"]["tags"] == []


def test_tags_go_on_and_off_and_an_empty_text_takes_away(tandem: Commands) -> None:
    tandem.run("customers", "edit", DANA, "--tag", "+vip", "--tag", "late", "--company", "Corp")
    [after] = tandem.run("customers", "edit", DANA, "--tag", "-VIP", "--company", "", "--json").objects
    assert (after["tags"], after["company"], after["version"]) == (["late"], None, 2)


def test_customers_are_found_by_what_agents_know_of_them(tandem: Commands) -> None:
    tandem.run("customers", "edit", DANA, "--company", "Zeppelin Works", "--tag", "vip", "--also", HOME)
    assert {row[0] for row in tandem.run("customers", "list", "zeppelin", "VIP").rows} == {DANA, HOME}
    [told] = tandem.run("customers", "list", "zeppelin", "dana.p", "--json").objects
    assert (told["company"], told["tags"]) == ("Zeppelin Works", ["vip"])
    [shown] = tandem.run("customers", "show", DANA, "--json").objects
    assert (shown["company"], shown["profile"]["company"]) == ("Zeppelin Works", "Zeppelin Works")


def test_what_changed_since_a_version_is_refused(tandem: Commands) -> None:
    tandem.run("customers", "edit", DANA, "--company", "Corp")
    refused = tandem.run("customers", "edit", DANA, "--company", "Corp AG", "--seen", "0", expect=1).err
    assert "ana changed company of dana.p@corp.example since you read it" in refused
    assert "company: Corp\n" in tandem.run("customers", "show", DANA).out


def test_notes_come_from_standard_input(tandem: Commands) -> None:
    tandem.run("customers", "edit", DANA, "--notes", "-", stdin="one\ntwo\n")
    assert "one\ntwo" in tandem.run("customers", "show", DANA).out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--zone", "Nowhere"), "is no time zone"),
        (("--language", "b?"), "is no language"),
        (("--tag", "+two words"), "cannot be a tag"),
        (("--not-also", "x@y.example"), "is no address of this customer"),
        (("--also", "ana@acme.example"), "is no address of a customer"),
    ],
    ids=["zone", "language", "tag", "not-also", "also"],
)
def test_what_cannot_be_is_refused(tandem: Commands, words: tuple[str, str], why: str) -> None:
    assert why in tandem.run("customers", "edit", DANA, *words, expect=1).err


def test_saying_nothing_is_wrong_usage_and_a_stranger_is_refused(tandem: Commands) -> None:
    assert "say what you know" in tandem.run("customers", "edit", DANA, expect=2).err
    assert "no mail of this desk" in tandem.run("customers", "edit", "x@y.example", "--company", "Y", expect=1).err


def test_an_address_is_added_and_taken_off_again(tandem: Commands) -> None:
    tandem.run("customers", "edit", DANA, "--company", "Corp", "--also", HOME)
    assert "company: Corp" in tandem.run("customers", "show", HOME).out
    tandem.run("customers", "edit", DANA, "--not-also", HOME)
    assert "company: Corp" not in tandem.run("customers", "show", HOME).out


def test_a_hostile_value_reaches_no_terminal(desk: Desk, tandem: Commands) -> None:
    edit_customer(desk, DANA, {ProfileField.COMPANY: "Co\x1b]0;pwn\x07rp", ProfileField.NOTES: "a\x9b2Jb\u202ec"})
    shown = tandem.run("customers", "show", DANA).out
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown)


def test_an_export_holds_what_is_known_under_every_address(desk: Desk, tandem: Commands, tmp_path: Path) -> None:
    edit_customer(desk, DANA, {ProfileField.COMPANY: "Corp", ProfileField.NOTES: "pays late", ProfileField.NAME: "D"})
    edit_customer(desk, DANA, {ProfileField.ADDRESSES: (DANA, HOME)})
    tandem.run("customers", "export", HOME, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "person.json").read_text())
    [profile] = told["profiles"]
    assert (profile["company"], profile["notes"], profile["addresses"]) == ("Corp", "pays late", [DANA, HOME])
    assert profile["edits"][0]["by"] == "ana"
    assert len(told["tickets"]) == 2
    assert "D" in told["names"]


def test_an_export_without_notes_holds_none_of_them_nor_their_history(
    desk: Desk, tandem: Commands, tmp_path: Path
) -> None:
    edit_customer(desk, DANA, {ProfileField.COMPANY: "Corp", ProfileField.NOTES: "pays late"})
    edit_customer(desk, DANA, {ProfileField.NOTES: "pays on time"})
    tandem.run("customers", "export", DANA, tmp_path / "out", "--without-notes")
    written = (tmp_path / "out" / "person.json").read_text()
    assert "Corp" in written
    assert "pays" not in written


def test_an_erasure_leaves_nothing_of_what_was_known(desk: Desk, tandem: Commands) -> None:
    edit_customer(desk, DANA, {ProfileField.NOTES: "quixotryword", ProfileField.NAME: "Petronella"})
    edit_customer(desk, DANA, {ProfileField.NOTES: "zebrafinch", ProfileField.COMPANY: "Corvidaeltd"})
    assert preview(desk, [DANA]).amounts.profiles == 1
    out = tandem.run("customers", "erase", DANA, "--yes").out
    assert "what agents know of the person" in out
    assert desk.store.profiles.all() == []
    assert files_with(tandem.home, "quixotryword", "zebrafinch", "Petronella", "Corvidaeltd") == []
    with pytest.raises(UndoTooLate):
        undo(desk)


def test_a_name_that_only_agents_gave_is_found_and_erased_in_notes(desk: Desk) -> None:
    arrive(desk, mail(4, "I join in", sender=LEO, subject="Re: Broken zeppelin", answers="<1@dana-laptop.example>"))
    number = desk.store.tickets.many([next(iter(desk.store.customers.contacts())).ticket])[0].number
    add_note(desk, number, "Petronella called")
    edit_customer(desk, DANA, {ProfileField.NAME: "Petronella"})
    erase(desk, [DANA])
    notes = [each.note for each in desk.store.conversations.of(number) if isinstance(each, Note)]
    assert notes == [WORDS]


def test_a_person_of_several_addresses_is_erased_whole_or_not_at_all(desk: Desk) -> None:
    edit_customer(desk, DANA, {ProfileField.ADDRESSES: (DANA, HOME)})
    with pytest.raises(RefusedError, match=f"also has {HOME}"):
        erase(desk, [DANA])
    assert profile_of(desk, HOME).addresses == (DANA, HOME)
    erase(desk, [DANA, HOME])
    assert desk.store.profiles.all() == []


def test_what_another_profile_says_of_the_person_goes_and_the_rest_stays(desk: Desk) -> None:
    edit_customer(desk, HOME, {ProfileField.NOTES: f"works with {DANA}", ProfileField.COMPANY: "Home Ltd"})
    erase(desk, [DANA])
    known = profile_of(desk, HOME)
    assert (DANA in known.notes, known.company) == (False, "Home Ltd")
    assert isinstance(desk.store, SharedStore)
    desk.store.examine()


def test_a_profile_that_another_took_in_is_erased_with_its_history(desk: Desk, tandem: Commands) -> None:
    edit_customer(desk, HOME, {ProfileField.NOTES: "quixotryword"})
    edit_customer(desk, DANA, {ProfileField.ADDRESSES: (DANA, HOME)})
    assert len(desk.store.profiles.all()) == 2
    erase(desk, [DANA, HOME])
    assert desk.store.profiles.all() == []
    del tandem
