"""TinyDB's own tests, unchanged, over our store."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path, PurePosixPath

import pytest

from tests.storage.tinydb_suite import EXCEPTIONS

ROOT = Path(__file__).parents[2]
ARCHIVE = Path(sys.prefix) / "tinydb-source" / f"tinydb-{version('tinydb')}.tar.gz"


def unpack_tests(archive: Path, folder: Path) -> None:
    """Only the test modules, by their base names: whatever paths an archive holds, it writes nowhere else."""
    with tarfile.open(archive) as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            if path.match("tests/test_*.py") and (content := tar.extractfile(member)) is not None:
                (folder / path.name).write_bytes(content.read())


@pytest.fixture(scope="module")
def archive() -> Path:
    """The pinned source archive, which `make test` fetches."""
    if not ARCHIVE.is_file():
        reason = f"{ARCHIVE} is not there: `make test` fetches it from your package index"
        if os.environ.get("TANDEM_REQUIRE_SERVERS") == "1":
            pytest.fail(f"{reason}, and TANDEM_REQUIRE_SERVERS=1 forbids to skip")
        pytest.skip(reason)
    return ARCHIVE


def test_the_archive_is_the_pinned_one(archive: Path) -> None:
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert f"--hash=sha256:{digest}" in (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")


def test_tinydbs_own_tests_pass_but_for_the_reasoned_exceptions(archive: Path, tmp_path: Path) -> None:
    unpack_tests(archive, tmp_path)
    (settings := tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
    plugins = ["-p", "tests.storage.tinydb_suite", "-p", "no:asyncio", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-rA", "--tb=short", "-c", str(settings), *plugins, str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert set(re.findall(r"^XFAIL \S+::(\w+)", ran.stdout, re.MULTILINE)) == set(EXCEPTIONS)
    assert len(re.findall(r"^PASSED ", ran.stdout, re.MULTILINE)) >= 54
