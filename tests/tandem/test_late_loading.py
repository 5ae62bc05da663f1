"""What must not be loaded before the first rows, and before the first frame: each costs time, and memory for good."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tandem.paths import Home

_ROWS = "import tandem.cli.screen, tandem.late_rounds, tandem.wiring, tandem.config.screen, tui.start"
_FRAME = f"{_ROWS}, tui.app, macros.library"


@pytest.mark.parametrize(
    ("before", "late"),
    [
        (_ROWS, {"textual", "asyncio", "imapclient", "jinja2", "yaml", "email", "tandem.loops"}),
        (
            _FRAME,
            {
                "imapclient",
                "aiosmtplib",
                "jinja2",
                "yaml",
                "selectolax",
                "inscriptis",
                "email",
                "zoneinfo",
                "desk.intake",
                "desk.merging",
                "desk.reversal.table",
                "desk.splitting",
                "desk.spoken",
                "storage.shapes",
                "storage.transfer",
                "tandem.loops",
                "tandem.workshop",
                "macros.script",
                "tui.composer.keeping",
                "tui.screens.compose",
                "tui.screens.stats",
                "tui.screens.outbox",
                "tui.screens.parked",
                "tui.screens.help",
                "tui.screens.palette",
                "tui.screens.macro_picker",
                "textual.widgets._text_area",
                "textual.widgets._markdown",
            },
        ),
    ],
    ids=["rows", "frame"],
)
def test_what_is_needed_later_is_loaded_later(before: str, late: set[str]) -> None:
    code = f"import json, sys\n{before}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = late.intersection(json.loads(done.stdout))
    assert sorted(loaded) == []


def test_a_desk_without_mailboxes_never_loads_what_speaks_to_servers(home: Home) -> None:
    code = f"""import pathlib, sys
from tandem.config import Config
from tandem.late_rounds import LateRounds
from tandem.paths import Home
from tandem.wiring import build_office
office = build_office(Home(pathlib.Path({str(home.folder)!r})), Config())
with LateRounds(office) as rounds:
    rounds.follow(print)
    rounds.deliver()
print(sorted({{"email", "imapclient", "tandem.loops", "tandem.couriers"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
