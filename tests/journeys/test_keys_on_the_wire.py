"""The keys that only a real terminal shows at work: painting anew, and the agent's own editor."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desks import receive
from tests.journeys.key_cases import Case
from tests.journeys.wire import Wire, wire
from tests.tui.apps import open_desk
from tui.keys import Context

_WAYS = {Context.LIST: b"", Context.READER: b"\r", Context.SIDEBAR: b"`"}
_THERE = {Context.LIST: "help", Context.READER: "of the printer", Context.SIDEBAR: "Snoozed"}
ON_A_TERMINAL = (
    *((context, "redraw") for context in _WAYS),
    *((context, "reply-in-editor") for context in (Context.LIST, Context.READER)),
)


def arrive(screen: Wire, context: Context) -> None:
    """Be where the key is pressed, with nothing more to come."""
    screen.wait_for("Printer", "help")
    screen.settle()
    screen.press(_WAYS[context])
    screen.wait_for(_THERE[context])
    screen.forget()


def keys_of(context: Context, action: str) -> list[bytes]:
    """What a terminal sends for each of its keys."""
    keys = Case(context, action, ()).keys
    assert keys
    return [bytes([ord(key[-1]) & 0x1F]) if key.startswith("ctrl+") else key.encode() for key in keys]


@pytest.mark.parametrize("context", list(_WAYS), ids=lambda each: each.value)
def test_a_key_paints_everything_anew(tmp_path: Path, context: Context) -> None:
    with open_desk(tmp_path) as desk:
        receive(desk, subject="Printer", text="It is about the colour of the printer.")
    with wire(tmp_path, columns=140) as screen:
        arrive(screen, context)
        for key in keys_of(context, "redraw"):
            screen.press(key)
            screen.wait_for("Inbox 1", "Printer", "of the printer", _THERE[context])
            screen.forget()


@pytest.mark.parametrize("context", [Context.LIST, Context.READER], ids=lambda each: each.value)
def test_a_key_lets_the_agents_editor_write_the_reply(tmp_path: Path, context: Context) -> None:
    with open_desk(tmp_path) as desk:
        receive(desk, subject="Printer", text="It is about the colour of the printer.")
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "We send a blue one." >> "$1"\n', encoding="utf-8")
    editor.chmod(0o700)
    for key in keys_of(context, "reply-in-editor"):
        with wire(tmp_path, EDITOR=str(editor)) as screen:
            arrive(screen, context)
            screen.press(key)
            screen.wait_for("We send a blue one.", "send+close")
