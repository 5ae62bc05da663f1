"""Runs the real `tandem` program as a process, as a person or a cron job would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TANDEM = str(Path(sys.executable).with_name("tandem"))


@dataclass(frozen=True)
class Ran:
    """What a run of the program left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Program:
    """The program with one desk, for one agent."""

    home: Path
    agent: str = "ana"
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def full_environment(self) -> dict[str, str]:
        """A bare environment: nothing of the developer's own reaches the program."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        return {**kept, "LANG": "C.UTF-8", "TERM": "xterm-256color", "TANDEM_TOUR": "off", **self.environment}

    def command(self, *words: str | int | Path) -> list[str]:
        """The command line."""
        who = ["--agent", self.agent] if self.agent and words[0] != "init" else []
        return [TANDEM, "--home", str(self.home), *who, *map(str, words)]

    def run(self, *words: str | int | Path, stdin: str = "", expect: int = 0) -> Ran:
        """Run a command to its end and check its exit code."""
        done = subprocess.run(
            self.command(*words),
            input=stdin,
            capture_output=True,
            text=True,
            env=self.full_environment,
            timeout=100,
            check=False,
        )
        assert done.returncode == expect, f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return Ran(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str | int | Path) -> subprocess.Popen[bytes]:
        """Start a command and return at once."""
        return subprocess.Popen(
            self.command(*words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.full_environment
        )

    def init(self, imap_port: int, smtp_port: int, *more: str) -> Ran:
        """Make the desk, connected to servers on loopback, with the agents ana and bo."""
        return self.run(
            "init",
            "--imap",
            f"imap://support@127.0.0.1:{imap_port}/INBOX?security=none",
            "--imap-password-env",
            "DESK_PASSWORD",
            "--smtp",
            f"smtp://127.0.0.1:{smtp_port}?security=none",
            "--address",
            "Acme Support <support@acme.example>",
            "--agent",
            "ana=Ana Petrova <ana@acme.example>",
            "--agent",
            "bo=Bo Lind <bo@acme.example>",
            "--yes",
            *more,
        )
