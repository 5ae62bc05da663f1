"""What is shipped: the wheel's contents, the pins, and that nothing tells where they were made."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PACKAGES = ("tandem", "tui", "mail", "storage", "macros", "desk")
PINS = ("runtime", "demo", "dev")
HASHES = r"(?:\s+--hash=sha256:[0-9a-f]{64})+"
PIN = re.compile(rf"(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?: ; [^#]+?)?{HASHES}")
INDEX_ADDRESS = re.compile(rb"://\S+/simpl[e]\b|\b(?:extra-index|index)-url\s*=|--find-link[s]")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as hatchling builds it from this tree."""
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(out)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


def names_in(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def pin_lines(file: str) -> list[str]:
    text = (ROOT / "requirements" / f"{file}.txt").read_text(encoding="utf-8").replace("\\\n", "")
    return [line for line in text.splitlines() if not line.lstrip().startswith("#")]


def pins(file: str) -> dict[str, str]:
    """Each pinned project of one requirements file, and its version."""
    return {pin["name"]: pin["version"] for line in pin_lines(file) if (pin := PIN.fullmatch(line))}


def tracked_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("a source archive has no list of tracked files")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_the_wheel_holds_the_six_packages_and_nothing_else(wheel: Path) -> None:
    top = {name.split("/")[0] for name in names_in(wheel)}

    assert top == {*PACKAGES, "tandem_inbox-0.1.0.dist-info"}


def test_every_file_of_a_package_is_in_the_wheel(wheel: Path) -> None:
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    ours = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}

    assert ours - names_in(wheel) == set()


@pytest.mark.parametrize(
    ("folder", "suffix"),
    [("tui/", ".tcss"), ("tui/locale/", ".mo"), ("macros/bundled/", ".md"), ("tandem/demo/mails/", ".eml")],
)
def test_what_is_not_python_is_shipped_too(wheel: Path, folder: str, suffix: str) -> None:
    assert [name for name in names_in(wheel) if name.startswith(folder) and name.endswith(suffix)]


def test_the_program_starts_by_its_name_only(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        (entry_points,) = (name for name in archive.namelist() if name.endswith("/entry_points.txt"))
        scripts = archive.read(entry_points).decode().split("\n")

    assert [line for line in scripts if line] == ["[console_scripts]", "tandem = tandem.cli:main"]
    assert not [name for name in names_in(wheel) if name.endswith("__main__.py")]


@pytest.mark.parametrize("file", PINS)
def test_every_line_of_the_requirements_is_a_pin_with_its_hashes(file: str) -> None:
    assert [line for line in pin_lines(file) if not PIN.fullmatch(line)] == []


def test_the_pins_answer_what_pyproject_asks_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    pinned = pins("runtime")

    unanswered = [each for each in map(Requirement, asked) if not each.specifier.contains(pinned.get(each.name, "0"))]

    assert unanswered == []


def test_each_set_of_pins_holds_the_one_before_it() -> None:
    runtime, demo, dev = (set(pins(file).items()) for file in PINS)

    assert runtime < demo < dev


def test_a_build_needs_nothing_beyond_the_pins() -> None:
    assert {"hatchling", "editables"} <= pins("runtime").keys()


def test_no_tracked_file_names_a_package_index() -> None:
    assert [path for path in tracked_files() if INDEX_ADDRESS.search(path.read_bytes())] == []


def test_no_tracked_file_names_a_folder_of_this_machine() -> None:
    here = "|".join(re.escape(f"{folder}/") for folder in {ROOT.as_posix(), Path.home().as_posix()})
    ours = re.compile(rf"(?<![\w.])(?:{here})".encode())

    assert [path for path in tracked_files() if ours.search(path.read_bytes())] == []
