"""An erasure leaves no byte in any file of the desk, comes to its end after a kill, and says where else to look."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desk.actions.draft import save_draft
from desk.actions.erase import erase, unfinished
from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.actions.undo import undo
from desk.desk import Desk
from desk.draft import DraftKind
from desk.expression import EVERYTHING
from desk.incoming import Outcome
from desk.outgoing import Answer
from desk.ticket import TicketNumber
from desk.written import Written
from storage.shared import SharedStore
from tests.program import Program
from tests.tandem.commands import Commands
from tests.tandem.erasing import LEO, arrive, files_with, mail, words_in_full_text
from tests.tandem.on_terminal import under_terminal

DANA = "dana.p@corp.example"
WORDS = ("quixotryword", DANA, "Petrowska", "dana-laptop")
ONE = TicketNumber(1)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A desk on which Dana's words stand in every way that a mail, an answer or a note can hold them."""
    arrive(desk, mail(1, "My quixotryword is broken since Monday.", attached=b"quixotryword scanned" * 9))
    arrive(desk, mail(2, "The quixotryword again", encoding="base64", subject="Second quixotryword"))
    arrive(desk, mail(3, "And quixotryword once more é", encoding="quoted-printable", subject="Third"))
    quoting = "I agree with Dana Petrowska.\n> My quixotryword is broken"
    arrive(desk, mail(4, quoting, sender=LEO, cc=DANA, subject="Re: x", answers="<1@dana-laptop.example>"))
    arrive(desk, mail(5, "Unrelated words of somebody else", sender=LEO, subject="Unrelated"))
    add_note(desk, ONE, "Petrowska called about her quixotryword")
    reply(desk, TicketNumber(2), Answer(text="About the quixotryword"))
    undo(desk)
    assert isinstance(desk.store, SharedStore)
    desk.store.scrub()  # what stands in the file itself by now, and not only in its log
    save_draft(desk, ONE, DraftKind.REPLY, Written("Dear Dana Petrowska, your quixotryword"), last=None)
    return desk


def leavings(tandem: Commands) -> list[str]:
    """Where in the desk's files and indexes anything of Dana stands."""
    in_text = [each for each in words_in_full_text(tandem.home / "desk.db") if "quixotry" in each or "petrowsk" in each]
    return files_with(tandem.home, *WORDS) + in_text


def test_no_file_of_the_desk_holds_a_byte_of_the_person_any_more(busy: Desk, tandem: Commands) -> None:
    tandem.run("search", "quixotryword")
    found = {each.split(":")[0] for each in leavings(tandem)}
    assert "desk.db" in found
    assert "desk.db-wal" in found
    assert sum(each.startswith("mail/") for each in found) == 6
    [told] = tandem.run("customers", "erase", DANA, "--yes", "--json").objects
    assert leavings(tandem) == []
    assert (told["tickets"], told["shared"], told["messages"], told["files"]) == (2, 1, 4, 6)
    assert told["finished"]
    assert "Unrelated words of somebody else" in tandem.run("show", 4).out
    assert "I agree with" in tandem.run("show", 1).out
    assert tandem.run("search", "quixotryword").out == ""
    assert tandem.run("customers", "list", "--json").objects[0]["email"] == "leo@partner.example"
    assert len(tandem.run("customers", "list").rows) == 1
    assert tandem.run("doctor", "--offline").code == 0
    assert busy.store.tickets.count(EVERYTHING) == 4


def test_every_way_to_look_at_an_erased_mail_says_so_and_breaks_nothing(
    busy: Desk, tandem: Commands, tmp_path: Path
) -> None:
    del busy
    tandem.run("customers", "erase", DANA, "--yes")
    [message, *_] = [each for each in tandem.run("show", 1, "--json").objects[0]["messages"] if each["kind"] == "in"]
    assert "erased" in tandem.run("show", 1, "--raw", message["id"], expect=1).err
    tandem.run("export", "--format", "mbox", tmp_path / "all.mbox")
    tandem.run("export", "--format", "json", tmp_path / "all.json")
    tandem.run("export", "--format", "tinydb", tmp_path / "all.tinydb")
    tandem.run("backup", tmp_path / "all.tar.gz")
    tandem.run("reindex")
    tandem.run("show", 1, "--all-headers")
    tandem.run("stats")
    assert (
        "no mail on ticket 2 gives an address"
        in tandem.run("reply", 2, "--body-file", "-", stdin="Hello?", expect=1).err
    )
    assert Commands(tmp_path / "copy").run("import", "--format", "tinydb", tmp_path / "all.tinydb").code == 0
    assert Commands(tmp_path / "back", agent="").run("restore", tmp_path / "all.tar.gz").code == 0


def test_a_dry_run_tells_the_amounts_and_touches_nothing(busy: Desk, tandem: Commands) -> None:
    before = tandem.run("show", 1, "--json").out
    said = tandem.run("customers", "erase", DANA, "--dry-run").out
    assert said.startswith("Would erase: 2 whole tickets, the person's part of 1 shared ticket, 4 mails, ")
    assert tandem.run("show", 1, "--json").out == before
    assert busy.store.erasures.all() == []


def test_nobody_erases_without_having_been_asked(busy: Desk, tandem: Commands) -> None:
    assert "nobody is there to be asked" in tandem.run("customers", "erase", DANA, expect=1).err
    assert "there is no stopped erasure" in tandem.run("customers", "erase", expect=2).err
    assert busy.store.erasures.all() == []


def test_the_receipt_names_the_places_on_the_server_and_backups_but_nobody(
    busy: Desk, tandem: Commands, tmp_path: Path
) -> None:
    tandem.run("backup")
    said = tandem.run("customers", "erase", DANA, "--yes").out
    assert "On the mail server it still lies in support, INBOX: UID " in said
    [backup] = (tandem.home / "backups").iterdir()
    assert f"Not touched, and holds it if it is older: {backup}" in said
    assert "dana" not in said.casefold().replace(str(tandem.home).casefold(), "")
    [receipt] = busy.store.erasures.all()
    assert receipt.finished is not None
    assert receipt.files == ()
    assert tmp_path.exists()


def test_a_file_that_another_mail_needs_too_stays(desk: Desk, tandem: Commands) -> None:
    arrive(desk, mail(1, "With our logo", attached=b"a logo"))
    arrive(desk, mail(2, "With our logo, too", sender=LEO, subject="Other", attached=b"a logo"))
    tandem.run("customers", "erase", DANA, "--yes")
    assert tandem.run("doctor", "--offline").code == 0


_HALF = """
import os, signal, sys
from pathlib import Path
from desk.actions.erase import erase
from storage.blobs import Blobs
from tests.desks import make_desk

desk = make_desk(Path(sys.argv[1]))
erasure = erase(desk, ["dana.p@corp.example"])
if sys.argv[2] == "files":
    desk.blobs.remove(["".join(each) for each in erasure.files[:2]], desk.store.digests)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("after", ["commit", "files"])
def test_an_erasure_that_was_killed_is_named_by_the_doctor_and_finished_by_the_next(
    busy: Desk, tandem: Commands, after: str
) -> None:
    busy.store.close()
    killed = subprocess.run([sys.executable, "-c", _HALF, str(tandem.home), after], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert leavings(tandem) != []
    assert "an erasure was stopped" in tandem.run("doctor", "--offline", expect=1).out
    [told] = tandem.run("customers", "erase", "--json").objects
    assert told["finished"]
    assert leavings(tandem) == []
    assert tandem.run("doctor", "--offline").code == 0


def test_a_doctor_that_may_mend_finishes_what_was_stopped(busy: Desk, tandem: Commands) -> None:
    erase(busy, [DANA])
    assert len(unfinished(busy)) == 1
    tandem.run("doctor", "--offline", "--fix")
    assert unfinished(busy) == []
    assert leavings(tandem) == []


def test_a_transaction_that_was_killed_erased_nothing(busy: Desk, tandem: Commands) -> None:
    busy.store.close()
    script = _HALF.replace(
        "erasure = erase", "transaction = desk.store.transaction()\ntransaction.__enter__()\nerasure = erase"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tandem.home), "commit"], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert "quixotryword" in tandem.run("show", 1).out
    assert tandem.run("doctor", "--offline").code == 0


def test_a_backup_from_before_is_said_to_bring_somebody_back_and_erased_mail_stays_known(
    desk: Desk, tandem: Commands, tmp_path: Path
) -> None:
    first, second = mail(1, "My quixotryword"), mail(2, "Later quixotryword", subject="Later")
    arrive(desk, first)
    tandem.run("backup", tmp_path / "before.tar.gz")
    arrive(desk, second)
    tandem.run("customers", "erase", DANA, "--yes")
    assert tandem.run("doctor", "--offline").code == 0
    said = tandem.run("restore", tmp_path / "before.tar.gz", "--yes").out
    assert f"{DANA} was erased after this backup was made, and is back: `tandem customers erase {DANA}`" in said
    [told] = tandem.run("restore", tmp_path / "before.tar.gz", "--yes", "--json").objects
    assert told["returned"] == [DANA]
    assert f"1 erased customer is back from a backup: {DANA}" in tandem.run("doctor", "--offline", expect=1).out
    assert arrive(desk, second, uidvalidity=2).outcome is Outcome.ERASED
    tandem.run("customers", "erase", DANA, "--yes")
    assert arrive(desk, first, uidvalidity=2).outcome is Outcome.ERASED
    assert tandem.run("doctor", "--offline").code == 0


def test_somebody_who_writes_again_is_not_taken_for_one_who_came_back(desk: Desk, tandem: Commands) -> None:
    arrive(desk, mail(1, "My quixotryword"))
    erase(desk, [DANA])
    arrive(desk, mail(2, "I write again", subject="New"))
    tandem.run("customers", "erase")
    assert tandem.run("doctor", "--offline").code == 0
    assert [row[0] for row in tandem.run("customers", "list").rows] == [DANA]


@pytest.mark.parametrize(("typed", "code", "left"), [(b"Dana.P@corp.example\n", 0, 0), (b"yes\n", 1, 1)])
def test_whoever_is_asked_types_the_address(desk: Desk, tandem: Commands, typed: bytes, code: int, left: int) -> None:
    arrive(desk, mail(1, "My quixotryword"))
    ended, said = under_terminal(Program(tandem.home), "customers", "erase", f"Dana <{DANA}>", typed=typed)
    assert ended == code, said
    assert b"nobody can undo it" in said
    assert len(tandem.run("customers", "list").rows) == left


def test_who_is_back_from_a_backup_in_parked_mail_alone_is_named_and_erased_again(
    desk: Desk, tandem: Commands, tmp_path: Path
) -> None:
    strict = replace(desk, settings=replace(desk.settings, flood=1))
    for number in (1, 2):
        both = mail(number, f"Letter {number} of mine", sender=LEO, cc=DANA if number == 2 else "", subject=f"{number}")
        arrive(strict, both)
    tandem.run("backup", tmp_path / "before.tar.gz")
    tandem.run("customers", "erase", DANA, "--yes")
    for _ in range(2):
        said = tandem.run("restore", tmp_path / "before.tar.gz", "--yes").out
        assert f"`tandem customers erase {DANA}`" in said
        tandem.run("customers", "erase", DANA, "--yes")
        assert tandem.run("doctor", "--offline").code == 0
        [kept] = desk.store.parked.all()
        assert (kept.read.sender.email, kept.read.cc) == ("leo@partner.example", ())
