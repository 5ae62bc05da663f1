from __future__ import annotations

from pathlib import Path

import pytest

from tui.terminal.clipboard import copy_to_tmux


@pytest.fixture
def tmux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tmux that writes down what it is told."""
    program = tmp_path / "tmux"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/line\ncat > {tmp_path}/buffer\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def test_in_tmux_a_line_goes_into_its_buffer_cleaned(tmux: Path) -> None:
    copy_to_tmux("dana@corp.example\x1b]52;c;eA==\x07\nrm -rf ~", {"TMUX": "/tmp/tmux,1,0"})
    assert (tmux / "line").read_text() == "load-buffer -w -\n"
    assert (tmux / "buffer").read_text().isprintable()


def test_outside_of_tmux_nothing_is_run(tmux: Path) -> None:
    copy_to_tmux("dana@corp.example", {})
    assert not (tmux / "line").exists()
