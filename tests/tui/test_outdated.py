"""A screen under which a newer Tandem upgrades the desk."""

from __future__ import annotations

import os
import re
import signal
import stat
from pathlib import Path

import pytest

from desk.actions.note import add_note
from desk.desk import Desk
from desk.errors import StoreTooNew
from desk.standing import Standing
from desk.ticket import Status
from tests.desks import receive
from tests.storage.versions import open_newer
from tests.terminal import need_tmux
from tests.tui.apps import NARROW, WIDE, Screen, showing
from tests.tui.composing import ONE, area, begun, drafts, editing, ended, write
from tests.tui.mailboxes import Mailbox
from tests.tui.programs import pid, shell
from tui.screens.compose import ComposeScreen
from tui.threads.workers import Rounds

UPGRADED = "desk upgraded or replaced: quit and start Tandem again"


def upgrade(folder: Path) -> None:
    """What the first start of a newer Tandem does."""
    open_newer(folder / "desk.db").close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "desk"


@pytest.fixture(autouse=True)
def ticket(desk: Desk) -> None:
    receive(desk)


@pytest.fixture(autouse=True)
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where texts that cannot be saved are put, and nothing else."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "tandem" / "drafts"


def put_down(texts: Path) -> dict[str, tuple[int, int]]:
    """The texts in files, each with the modes of its folder and of the file."""
    return {each.read_text("utf-8"): (mode(each.parent), mode(each)) for each in texts.glob("tandem-*/1*.txt")}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def writing(screen: Screen) -> None:
    """Begin a reply that is kept, and go on with it after the upgrade."""
    await begun(screen, "r")
    write(screen, "Hello Dana, ")
    await screen.press("ctrl+s")
    await screen.until(lambda: [each.text for each in drafts(screen.app.desk)] == ["Hello Dana, "])


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_an_idle_screen_says_so_by_itself_and_goes_on_saying_it(
    desk: Desk, folder: Path, size: tuple[int, int]
) -> None:
    async with showing(desk, size) as screen:
        await screen.sees("Refund for order")
        upgrade(folder)
        await screen.sees(UPGRADED)
        await screen.press("y")
        await screen.press("escape")
        await screen.sees(UPGRADED, "Refund for order")


async def test_what_is_asked_of_it_changes_nothing(desk: Desk, folder: Path) -> None:
    async with showing(desk) as screen:
        await screen.until(lambda: screen.cursor == ONE)
        upgrade(folder)
        await screen.press("e")
        await screen.sees(UPGRADED)
        await screen.misses("takes it back")
    assert desk.ticket(ONE).status is Status.OPEN


async def test_the_text_stays_on_the_screen(desk: Desk, folder: Path) -> None:
    async with showing(desk) as screen:
        await writing(screen)
        upgrade(folder)
        await screen.sees(UPGRADED)
        write(screen, "it is on its way.")
        for key in ("ctrl+s", "escape", "y"):
            await screen.press(key)
            await screen.sees("upgraded", "Hello Dana, it is on its way.")
        assert isinstance(screen.app.screen, ComposeScreen)
        assert area(screen).text == "Hello Dana, it is on its way."


async def test_leaving_the_text_puts_it_into_a_file_and_says_where(desk: Desk, folder: Path, texts: Path) -> None:
    async with showing(desk, WIDE) as screen:
        await writing(screen)
        upgrade(folder)
        await screen.sees(UPGRADED)
        write(screen, "it is on its way.")
        await screen.press("escape", "p")
        await ended(screen)
        await screen.sees("a text, which is in")
        await screen.press("q", "q")
        await screen.until(lambda: not screen.app.is_running)
    assert put_down(texts) == {"Hello Dana, it is on its way.": (0o700, 0o600)}
    [said] = screen.app.unsaved
    assert re.fullmatch(rf"a text, which is in {texts}/tandem-[\w-]+/1-reply-\d+\.txt", said)


async def test_other_words_for_a_note_go_into_a_file_too(desk: Desk, folder: Path, texts: Path) -> None:
    add_note(desk, ONE, "The bank says no.")
    async with showing(desk, WIDE) as screen:
        await editing(screen)
        upgrade(folder)
        await screen.sees(UPGRADED)
        write(screen, " So be it.")
        await screen.press("escape")
        await screen.sees("a text, which is in")
    assert put_down(texts) == {"The bank says no. So be it.": (0o700, 0o600)}


async def test_the_text_stays_where_no_file_can_be_made_for_it(desk: Desk, folder: Path, tmp_path: Path) -> None:
    async with showing(desk) as screen:
        await writing(screen)
        upgrade(folder)
        await screen.sees(UPGRADED)
        (tmp_path / "temporary").rmdir()
        (tmp_path / "state").touch()
        await screen.press("escape", "p")
        await screen.sees("no file can be made for the text", "Hello Dana,")
        assert isinstance(screen.app.screen, ComposeScreen)


async def test_throwing_the_text_away_is_asked_for_twice(desk: Desk, folder: Path, texts: Path) -> None:
    async with showing(desk) as screen:
        await writing(screen)
        upgrade(folder)
        await screen.sees(UPGRADED)
        await screen.press("escape", "X")
        await screen.sees("X again throws the text away; p keeps it in a file")
        await screen.press("X")
        await ended(screen)
        await screen.sees(UPGRADED)
        await screen.press("q", "q")
        await screen.until(lambda: not screen.app.is_running)
    assert put_down(texts) == {}
    assert screen.app.unsaved == []


def test_a_broken_line_puts_the_text_into_a_file(desk: Desk, folder: Path) -> None:
    need_tmux()
    with shell(folder) as terminal:
        terminal.press("r")
        terminal.wait_for("Reply to")
        upgrade(folder)
        terminal.wait_for(UPGRADED)
        terminal.type("Half a sentence")
        terminal.wait_for("Half a sentence")
        os.kill(pid(folder), signal.SIGHUP)
        shown = terminal.wait_for("ended with 1").replace("\n", "")
    assert "upgradedorreplaced;startTandemagain" in shown.replace(" ", "")  # a line may end at any of them
    found = re.search(r"which is in (\S+1-reply-\d+\.txt)", shown)
    assert found is not None
    path = Path(found[1])
    assert path.read_text("utf-8") == "Half a sentence"
    path.unlink()
    path.parent.rmdir()


class Outdated(Mailbox):
    """A mailbox whose mail cannot be filed any more."""

    def deliver(self) -> None:
        super().deliver()
        raise StoreTooNew("this desk was upgraded")

    def look(self) -> Standing:
        self.asked += 1
        self.stop()
        return Standing("support", "this desk was upgraded", is_trouble=True, is_over=True)


async def test_mail_is_not_tried_again(desk: Desk) -> None:
    mailbox = Outdated(desk)
    async with showing(desk, WIDE, background=mailbox) as screen:
        await screen.sees("no mail any more")
        await screen.until(lambda: mailbox.deliveries == 1)
        await screen.press("ctrl+r")
        await screen.sees("no mail any more")
        assert (mailbox.asked, mailbox.deliveries) == (1, 1)


async def test_mail_is_looked_for_no_more_once_the_desk_is_upgraded(desk: Desk, folder: Path) -> None:
    mailbox = Mailbox(desk)
    async with showing(desk, WIDE, background=mailbox) as screen:
        await screen.until(mailbox.idle.is_set)
        upgrade(folder)
        await screen.sees("no mail any more")
        await screen.press("ctrl+r")
        await screen.sees(UPGRADED, "no mail any more")
        assert mailbox.asked == 1


def test_rounds_end_with_the_one_that_can_never_succeed() -> None:
    told: list[str] = []

    def fail() -> None:
        raise StoreTooNew("this desk was upgraded")

    rounds = Rounds("test", fail, pause=0.0, failed=lambda error, _: told.append(error.message))
    rounds.start()
    rounds.join(30)
    assert told == ["this desk was upgraded"]
