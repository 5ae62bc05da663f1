from __future__ import annotations

from pathlib import Path

from desk.actions.assign import assign
from desk.actions.run_macro import run_macro
from desk.actions.tag import tag
from desk.desk import Desk
from desk.people import Address, Agent, Handle
from desk.steps import MacroUse
from tests.desks import receive
from tests.tui.apps import WIDE
from tests.tui.composing import area, begun, inbox

TAGGED = ("billing", "refund")


async def test_tags_are_toggled_by_a_few_letters_and_applied_together(desk: Desk) -> None:
    other = receive(desk, subject="Other matter").number
    tag(desk, other, ("parcel",))
    number = receive(desk, sender=Address("bob@x.example", "Bob")).number
    tag(desk, number, TAGGED)
    async with inbox(desk) as screen:
        await screen.press("j", "t")
        await screen.sees("[x] billing", "[x] refund", "[ ] parcel", "Enter applies")
        await screen.type("par")
        await screen.sees("[ ] parcel")
        await screen.misses("[x] billing")
        await screen.press("space")
        await screen.sees("[x] parcel", "[x] billing")
        await screen.press("up", "up", "space")
        await screen.sees("[ ] billing")
        await screen.press("enter")
        await screen.sees("+parcel -billing")
    assert desk.ticket(number).tags == ("refund", "parcel")
    assert desk.ticket(other).tags == ("parcel",)


async def test_a_tag_that_some_marked_tickets_have_goes_on_all_of_them_or_off_all(desk: Desk) -> None:
    first, second = (receive(desk, subject=each).number for each in ("First matter", "Second matter"))
    tag(desk, first, ("parcel", "vip"))
    tag(desk, second, ("parcel",))
    async with inbox(desk) as screen:
        await screen.press("x", "j", "x", "t")
        await screen.sees("[x] parcel", "[~] vip")
        await screen.type("vip")
        await screen.press("enter")
        await screen.sees("+vip")
        assert [set(desk.ticket(each).tags) for each in (first, second)] == [{"parcel", "vip"}] * 2
        await screen.press("u")
        await screen.until(lambda: desk.ticket(second).tags == ("parcel",))
        await screen.press("t", "down", "space")
        await screen.sees("[x] vip")
        await screen.press("space")
        await screen.sees("[ ] vip")
        await screen.press("space")
        await screen.sees("[~] vip")
        await screen.press("space", "space", "enter")
        await screen.until(lambda: desk.ticket(first).tags == ("parcel",))
        assert desk.ticket(second).tags == ("parcel",)


async def test_a_new_tag_is_made_where_none_has_this_name(desk: Desk) -> None:
    number = receive(desk).number
    async with inbox(desk) as screen:
        await screen.press("t")
        await screen.type("Warranty")
        await screen.sees("[+] warranty  a new tag")
        await screen.press("enter")
        await screen.sees("+warranty")
    assert desk.ticket(number).tags == ("warranty",)


async def test_what_cannot_be_a_tag_is_said_and_changes_nothing(desk: Desk) -> None:
    number = receive(desk).number
    async with inbox(desk) as screen:
        await screen.press("t")
        await screen.type("[/b]")
        await screen.sees("“[/b]” cannot be a tag")
        await screen.press("enter")
        await screen.sees("“[/b]” cannot be a tag")
        await screen.press("escape")
        await screen.until(lambda: screen.app.screen is screen.inbox)
    assert desk.ticket(number).tags == ()


async def test_leaving_the_tags_changes_nothing(desk: Desk) -> None:
    number = receive(desk).number
    tag(desk, number, TAGGED)
    async with inbox(desk) as screen:
        await screen.press("t", "space", "escape")
        await screen.until(lambda: screen.app.screen is screen.inbox)
    assert desk.ticket(number).tags == TAGGED


async def test_a_colleague_is_chosen_by_name(desk: Desk) -> None:
    number = receive(desk).number
    desk.store.agents.put(Agent(handle=Handle("cy"), name="Cyril [/b] \x1b[2J"))
    assign(desk, number, Handle("ana"))
    async with inbox(desk) as screen:
        await screen.press("a", "o")
        await screen.sees("Assign 1 to", "ana  Ana Petrova", "bo   Bo Lind", "cy   Cyril [/b] \ufffd[2J")
        await screen.type("lind")
        await screen.misses("Cyril")
        await screen.press("enter")
        await screen.until(lambda: desk.ticket(number).assignee == "bo")


async def test_macros_that_fit_come_first_and_the_preview_tells_all(desk: Desk, macros: Path) -> None:
    number = receive(desk).number
    (macros / "fits.md").write_text(
        "---\nname: Zebra fits\nkey: z\nfolder: Animals\nlanguage: en\nwhen: subject:refund\nreview_by: 2020-01-01\n"
        "steps: [{text: Feed it, required: true}]\nask:\n  sum: {label: How much}\ndo:\n  - status: waiting\n---\n"
        "The zebra [/b] gets {{ ask.sum }}.\n",
        "utf-8",
    )
    run_macro(desk, number, (), MacroUse("plain", "0" * 12))
    async with inbox(desk, macros, WIDE) as screen:
        await screen.press("m")
        await screen.sees(",r  Refund, approved  fits")
        await screen.press("down")
        await screen.sees(
            ",z  Zebra fits  fits, review overdue",
            "Animals · en",
            "The zebra [/b] gets ⟦sum: How much⟧.",
            "Steps 1 (1 required)",
            "Asks: How much",
            "Then: status waiting",
        )
        rows = [line.split(",")[1][:1] for line in screen.text.splitlines() if line.lstrip().startswith(",")]
        assert rows[:3] == ["r", "z", "p"]
        await screen.press("down")
        await screen.sees("All is well.")


async def test_typing_narrows_and_enter_takes_a_macro_into_the_composer(desk: Desk, macros: Path) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        await screen.press("m")
        await screen.sees("Plain answer", "Goodbye")
        await screen.type("good")
        await screen.misses("Plain answer")
        await begun(screen, "enter")
        assert area(screen).text == "Goodbye."


async def test_letters_that_fit_no_macro_take_none(desk: Desk, macros: Path) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        await screen.press("m")
        await screen.sees("Plain answer")
        await screen.type("qqqq")
        await screen.sees("nothing is called so")
        await screen.press("enter")
        await screen.sees("nothing is called so")
        await screen.press("escape")
        await screen.until(lambda: screen.app.screen is screen.inbox)


async def test_a_broken_macro_is_named_and_the_others_work(desk: Desk, macros: Path) -> None:
    receive(desk)
    (macros / "broken.md").write_text("---\nname: Broken\nwho: x\n---\nHi\n", "utf-8")
    async with inbox(desk, macros) as screen:
        await screen.press("m")
        await screen.sees("broken.md:3: `who`", "Plain answer")
        await screen.press("down")
        await screen.sees("broken.md:3: `who`")


async def test_a_question_that_was_skipped_leaves_a_gap(desk: Desk, macros: Path) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        await screen.press("m")
        await screen.sees("Asking")
        await screen.type("asking")
        await screen.press("enter")
        await screen.sees("Amount", "Esc skips it")
        await begun(screen, "escape")
        assert area(screen).text == "You get ⟦sum: Amount⟧."
        assert area(screen).selected_text == "⟦sum: Amount⟧"


async def test_an_action_that_needs_an_answer_is_refused_in_words(desk: Desk, macros: Path) -> None:
    number = receive(desk).number
    (macros / "needs.md").write_text(
        "---\nname: Needy\nask:\n  where: {label: Where, choices: [bank, shop]}\n"
        "do:\n  - note: asked the {{ ask.where }}\nreply: none\n---\n",
        "utf-8",
    )
    async with inbox(desk, macros) as screen:
        await screen.press("m")
        await screen.sees("Needy")
        await screen.type("needy")
        await screen.press("enter")
        await screen.sees("Where", "bank", "shop")
        await screen.press("escape")
        await screen.sees("“Needy” cannot do its `note` yet: ⟦where⟧ is missing")
        assert "--set" not in screen.text
        await screen.press("enter")
        await screen.sees("bank", "shop")
        await screen.press("down", "enter")
        await screen.until(lambda: "note" in desk.ticket(number).holds)


async def test_a_long_preview_is_read_on_by_keys(desk: Desk, macros: Path) -> None:
    receive(desk)
    lines = "\n\n".join(f"Paragraph {at}" for at in range(40))
    (macros / "long.md").write_text(f"---\nname: Long one\n---\n{lines}\n", "utf-8")
    async with inbox(desk, macros) as screen:
        await screen.press("m")
        await screen.sees("Long one")
        await screen.type("long")
        await screen.sees("Paragraph 0")
        await screen.press("pagedown", "pagedown")
        await screen.misses("Paragraph 0")
        await screen.press("pageup", "pageup")
        await screen.sees("Paragraph 0")
