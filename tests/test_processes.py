"""What tests hear of other processes: a line each, and never a wait without end."""

from __future__ import annotations

import sys

import pytest

from tests.processes import heard, overheard

SAYS_TOO_LITTLE = "import sys, time; print('hello'); print('half', end='', flush=True); time.sleep(600)"


def test_one_that_falls_silent_is_killed_and_what_it_said_is_told() -> None:
    with overheard([sys.executable, "-c", SAYS_TOO_LITTLE], {}) as process:
        assert heard(process, process.stdout) == "hello\n"
        with pytest.raises(AssertionError, match=r"said no whole line for 0\.1 s: 'half'"):
            heard(process, process.stdout, silence=0.1)
        assert process.wait() != 0


def test_one_that_has_ended_says_nothing_more() -> None:
    with overheard([sys.executable, "-c", ""], {}) as process:
        assert heard(process, process.stdout) == heard(process, process.stderr) == ""
