"""Runs the command line in this process, as `tandem` does but for the process: fast enough to try every command."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tandem.cli import cli
from tandem.cli.exits import guarded


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, and what it wrote."""

    code: int
    bytes_out: bytes
    err: str

    @property
    def out(self) -> str:
        return self.bytes_out.decode()

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def rows(self) -> list[list[str]]:
        """The cells of a table in a pipe."""
        return [line.split("\t") for line in self.lines]

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.lines]


@dataclass(frozen=True)
class Commands:
    """The command line with one desk, for one agent (none: nobody is named)."""

    home: Path
    agent: str = "ana"

    def acting_as(self, agent: str) -> Commands:
        return replace(self, agent=agent)

    def run(self, *words: str | int | Path, stdin: str | bytes = "", expect: int = 0) -> Ended:
        """Run a command to its end and check its exit code; a failure says so in one line and shows no traceback."""
        who = ["--agent", self.agent] if self.agent else []
        ended = run(["--home", str(self.home), *who, *map(str, words)], stdin)
        assert ended.code == expect, f"{words}: exit {ended.code}, not {expect}\n{ended.out}\n{ended.err}"
        if expect:
            assert len(ended.err.splitlines()) == 1, ended.err
            assert ended.err.startswith("tandem: ")
        return ended


def run(words: list[str], stdin: str | bytes = "") -> Ended:
    """Run a whole command line."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    before = sys.stdin
    with _stream(b"") as out, _stream(b"") as err, _stream(given) as into:
        sys.stdin = into
        try:
            with redirect_stdout(out), redirect_stderr(err):
                code = guarded(cli, words)
        finally:
            sys.stdin = before
        out.flush()
        err.flush()
        return Ended(code, _written(out), _written(err).decode())


def _stream(content: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding="ascii")


def _written(stream: io.TextIOWrapper) -> bytes:
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()
