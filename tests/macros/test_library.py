import os
from pathlib import Path

import pytest

from desk.errors import MacroError, RefusedError
from macros.library import BUNDLED, MAX_FILE, Library
from tests.macros.samples import source


def write(folder: Path, name: str, front: str = "", shown: str = "Sample", body: str = "Hello.") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(source(front, body).replace("name: Sample", f"name: {shown}"), encoding="utf-8")
    return path


def own(library: Library) -> list[str]:
    return [each.slug for each in library.macros() if each.path.parent != BUNDLED]


def test_the_bundled_macros_are_there_without_a_folder(tmp_path: Path) -> None:
    for library in (Library(None), Library(tmp_path / "missing")):
        assert library.get("acknowledge").key == "k"
        assert library.problems() == ()


def test_macros_of_the_folder_stand_beside_the_bundled_ones(tmp_path: Path) -> None:
    write(tmp_path, "hello.md", shown="Hello")
    library = Library(tmp_path)
    assert own(library) == ["hello"]
    assert len(library.macros()) == len(Library(None).macros()) + 1


def test_a_file_of_the_same_name_replaces_the_bundled_macro(tmp_path: Path) -> None:
    write(tmp_path, "acknowledge.md", shown="Our own")
    library = Library(tmp_path)
    assert library.get("acknowledge").name == "Our own"
    assert len(library.macros()) == len(Library(None).macros())


def test_a_broken_file_is_a_problem_and_the_others_work(tmp_path: Path) -> None:
    write(tmp_path, "good.md", shown="Good")
    (tmp_path / "bad.md").write_text("---\nname: [\n---\n", encoding="utf-8")
    library = Library(tmp_path)
    assert own(library) == ["good"]
    assert [(each.path, each.line) for each in library.problems()] == [(str(tmp_path / "bad.md"), 2)]


def test_a_broken_file_does_not_bring_the_bundled_macro_back(tmp_path: Path) -> None:
    (tmp_path / "acknowledge.md").write_text("no front matter", encoding="utf-8")
    with pytest.raises(MacroError, match="starts with its front matter"):
        Library(tmp_path).get("acknowledge")


def test_an_edit_is_live_at_the_next_look(tmp_path: Path) -> None:
    path = write(tmp_path, "hello.md", body="One.")
    library = Library(tmp_path)
    before = library.get("hello")
    write(tmp_path, "hello.md", body="Second.")
    after = library.get("hello")
    assert (before.body.strip(), after.body.strip()) == ("One.", "Second.")
    assert before.version != after.version
    path.unlink()
    write(tmp_path, "new.md")
    assert own(library) == ["new"]


def test_an_edit_of_the_same_length_is_seen(tmp_path: Path) -> None:
    path = write(tmp_path, "hello.md", body="One.")
    library = Library(tmp_path)
    library.get("hello")
    write(tmp_path, "hello.md", body="Two.")
    os.utime(path, ns=(1, 1))
    assert library.get("hello").body.strip() == "Two."


def test_a_broken_file_is_mended_at_the_next_look(tmp_path: Path) -> None:
    (tmp_path / "hello.md").write_text("half", encoding="utf-8")
    library = Library(tmp_path)
    assert len(library.problems()) == 1
    write(tmp_path, "hello.md")
    assert (own(library), library.problems()) == (["hello"], ())


def test_a_file_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    write(tmp_path, "a.md", shown="A")
    library = Library(tmp_path)
    first = library.get("a")
    assert library.macros() is library.macros()
    write(tmp_path, "b.md", shown="B")
    assert library.get("a") is first


def test_a_macro_is_found_by_file_or_shown_name_in_any_case(tmp_path: Path) -> None:
    write(tmp_path, "Refund-1.md", shown="'Refund, Part'")
    library = Library(tmp_path)
    for name in ("refund-1", "REFUND-1.md", "refund, part", " Refund, Part "):
        assert library.get(name).slug == "Refund-1"


def test_an_unknown_name_is_refused_with_near_ones() -> None:
    with pytest.raises(RefusedError, match=r"no macro “refund-aproved” \(did you mean refund-approved\?\)"):
        Library(None).get("refund-aproved")
    with pytest.raises(RefusedError, match=r"there are: acknowledge, "):
        Library(None).get("zzzzzz")


def test_a_shown_name_that_two_macros_have_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.md", shown="Same")
    write(tmp_path, "b.md", shown="same")
    with pytest.raises(RefusedError, match="say which: a, b"):
        Library(tmp_path).get("same")


def test_a_macro_is_found_by_its_key(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "key: zz")
    by_key = {each.key: each.slug for each in Library(tmp_path).macros()}
    assert by_key["zz"] == "a"
    assert "z" not in by_key


def test_a_key_of_our_own_is_taken_from_the_bundled_macro(tmp_path: Path) -> None:
    write(tmp_path, "mine.md", "key: kk")
    library = Library(tmp_path)
    assert library.get("acknowledge").key is None
    assert library.get("thanks-close").key == "t"


def test_other_files_are_no_macros(tmp_path: Path) -> None:
    for name in ("README.md", ".hidden.md", "notes.txt", "a.md~", ".#a.md"):
        (tmp_path / name).write_text("anything", encoding="utf-8")
    library = Library(tmp_path)
    assert (own(library), library.problems()) == ([], ())


def test_what_cannot_be_read_is_a_problem_in_words(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "latin.md").write_bytes("---\nname: Ж\n---\nÄ".encode("cp1251", "replace") + b"\xe4")
    (tmp_path / "large.md").write_bytes(b"---\nname: A\n---\n" + b"x" * MAX_FILE)
    os.mkfifo(tmp_path / "pipe.md")
    said = {Path(each.path).name: str(each) for each in Library(tmp_path).problems()}
    assert "not a file" in said["folder.md"]
    assert "cannot be read" in said["gone.md"]
    assert "latin.md:2: this is not UTF-8" in said["latin.md"]
    assert "larger than 64 kB" in said["large.md"]
    assert "not a file" in said["pipe.md"]


def test_a_folder_that_is_a_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "macros").write_text("x", encoding="utf-8")
    library = Library(tmp_path / "macros")
    assert [each.path for each in library.problems()] == [str(tmp_path / "macros")]
    assert library.get("acknowledge").key == "k"
