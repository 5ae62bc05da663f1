from __future__ import annotations

import subprocess
import sys

import pytest

from desk.errors import RefusedError
from tui.start import be_patient, be_prompt, refuse_dumb_terminals


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"TERM": "dumb"}, "TERM=dumb"),
        ({"TERM": "unknown"}, "TERM=unknown"),
        ({"TERM": ""}, "TERM is empty"),
        ({}, "TERM is not set"),
    ],
    ids=["dumb", "unknown", "empty", "not set"],
)
def test_a_dumb_terminal_is_refused_with_what_is_so_and_another_way(environ: dict[str, str], told: str) -> None:
    with pytest.raises(RefusedError, match="tandem list") as refused:
        refuse_dumb_terminals(environ, interactive=True)
    assert refused.value.message == f"this terminal ({told}) cannot show the inbox screen"


def test_a_pipe_is_refused_with_another_way() -> None:
    with pytest.raises(RefusedError, match="tandem list"):
        refuse_dumb_terminals({"TERM": "xterm-256color"}, interactive=False)


def test_a_real_terminal_is_let_through() -> None:
    refuse_dumb_terminals({"TERM": "xterm-256color"}, interactive=True)


def test_far_away_terminals_get_more_time_for_an_escape_sequence() -> None:
    for name in ("SSH_CONNECTION", "TMUX"):
        environ = {name: "yes"}
        be_patient(environ)
        assert environ["ESCDELAY"] == "300"


def test_a_near_terminal_and_a_users_own_choice_are_left_alone() -> None:
    near, chosen = {"TERM": "xterm"}, {"TMUX": "yes", "ESCDELAY": "50"}
    be_patient(near)
    be_patient(chosen)
    assert "ESCDELAY" not in near
    assert chosen["ESCDELAY"] == "50"


def test_what_changed_is_painted_at_once_unless_somebody_chose_otherwise() -> None:
    ours, chosen = dict[str, str](), {"TEXTUAL_FPS": "30"}
    be_prompt(ours)
    be_prompt(chosen)
    assert int(ours["TEXTUAL_FPS"]) >= 250
    assert chosen["TEXTUAL_FPS"] == "30"


def test_textual_is_not_imported_before_the_delay_is_set() -> None:
    code = "import sys, tui.start; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
