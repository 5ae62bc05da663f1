"""winmail.dat: our own small ones, and MimeKit's samples with the lists of what is in them."""

from __future__ import annotations

import base64
import struct

import pytest

from mail.parse import parse
from mail.rtf import decompress
from mail.tnef import SIGNATURE, bodies, unpack
from tests.mail.mails import multipart, part
from tests.mail.trees import CORPUS

SAMPLES = sorted((CORPUS / "mimekit-tnef").glob("*.tnef"))

DEVIATIONS: dict[str, tuple[str, list[str], list[str]]] = {
    "long-filename": ("the list leaves out a file that is there", ["allproductsmar2000.dat"], []),
    "missing-filenames": (
        "the list leaves out the files, whose names stand in their MAPI properties",
        ["TechlibDEC99-JAN00.doc", "TechlibDEC99.doc", "TechlibNOV99.doc", "generpts.src"],
        [],
    ),
    "unicode-mapi-attr": ("the list leaves out the text", ["body.html"], []),
    "unicode-mapi-attr-name": ("the list leaves out the text", ["body.html"], []),
    "winmail": ("the list leaves out the text", ["body.rtf"], []),
}
"""Where we differ from MimeKit: why, what we find more, what we find less."""


@pytest.mark.skipif(not SAMPLES, reason=f"the corpus of winmail.dat files is not at {CORPUS}")
def test_the_samples_hold_what_mimekit_lists() -> None:
    for path in SAMPLES:
        unpacked = unpack(path.read_bytes())
        assert unpacked is not None, path
        assert unpacked.is_whole, path
        names = [each.name for each in (*unpacked.files, *bodies(unpacked))]
        listed = [name for name in path.with_suffix(".list").read_text().splitlines() if name]
        _, more, less = DEVIATIONS.get(path.stem, ("", [], []))
        assert sorted([*names, *less]) == sorted([*listed, *more]), path


@pytest.mark.skipif(not SAMPLES, reason=f"the corpus of winmail.dat files is not at {CORPUS}")
def test_a_sample_cut_anywhere_is_read_up_to_there() -> None:
    for path in SAMPLES:
        data = path.read_bytes()
        whole = unpack(data)
        assert whole is not None
        for end in range(0, len(data), len(data) // 40):
            cut = unpack(data[:end])
            assert (cut is None) == (end < len(SIGNATURE)), path
            assert cut is None or len(cut.files) <= len(whole.files), path


def attribute(number: int, data: bytes, level: int = 2) -> bytes:
    checksum = struct.pack("<H", sum(data) & 0xFFFF)
    return struct.pack("<BII", level, number, len(data)) + data + checksum


def string_property(number: int, text: str) -> bytes:
    data = text.encode("utf-16-le") + b"\0\0"
    return struct.pack("<HHII", 0x1F, number, 1, len(data)) + data + b"\0" * (-len(data) % 4)


def properties(*each: bytes) -> bytes:
    return struct.pack("<I", len(each)) + b"".join(each)


def packed(*attributes: bytes) -> bytes:
    return SIGNATURE + b"\1\0" + b"".join(attributes)


def file(name: str, data: bytes) -> bytes:
    return attribute(0x69002, b"") + attribute(0x18010, name.encode() + b"\0") + attribute(0x6800F, data)


def winmail(data: bytes, *others: str) -> bytes:
    encoded = base64.encodebytes(data).decode()
    return multipart(
        "mixed", *others, part("application/ms-tnef; name=winmail.dat", encoded, "Content-Transfer-Encoding: base64")
    )


def test_the_files_in_a_winmail_dat_stand_in_its_place() -> None:
    read = parse(winmail(packed(file("plan.pdf", b"%PDF"), file("../../etc/passwd", b"x")), part("text/plain", "Hi")))
    assert [(each.name, each.type, each.size) for each in read.attachments] == [
        ("plan.pdf", "application/pdf", 4),
        ("passwd", "application/octet-stream", 1),
    ]
    assert read.files == (b"%PDF", b"x")
    assert (read.text, read.defects) == ("Hi", ())


def test_the_long_name_of_a_file_wins() -> None:
    named = attribute(0x69005, properties(string_property(0x3707, "Größe und Plan.pdf")))
    read = parse(winmail(packed(file("GRSSEU~1.PDF", b"%PDF"), named)))
    assert [each.name for each in read.attachments] == ["Größe und Plan.pdf"]


def test_the_text_in_a_winmail_dat_is_the_text_of_a_mail_that_has_no_other() -> None:
    page = attribute(0x69003, properties(string_property(0x1013, "<p>Hello <b>there</b>")), level=1)
    read = parse(winmail(packed(page)))
    assert (read.text, read.has_html, read.attachments, read.defects) == ("Hello there", True, (), ())
    assert parse(winmail(packed(page), part("text/plain", "Own words"))).text == "Own words"


def test_a_winmail_dat_that_makes_no_sense_stays_a_file() -> None:
    for data in (b"", b"PK", SIGNATURE, packed(attribute(0x6800F, b"x")[:-5])):
        read = parse(winmail(data, part("text/plain", "Hi")))
        assert [each.name for each in read.attachments] == ["winmail.dat"]
        assert read.files == (data,)


def test_of_a_broken_winmail_dat_the_beginning_is_unpacked_and_it_says_so() -> None:
    read = parse(winmail(packed(file("a.txt", b"one"), file("b.txt", b"two"))[:-4], part("text/plain", "Hi")))
    assert [each.name for each in read.attachments] == ["a.txt", "b.txt"]
    assert read.files[0] == b"one"
    assert read.defects == ("the file “winmail.dat” is cut or broken; what could be unpacked of it is listed",)


def test_mails_inside_a_winmail_dat_are_unpacked_a_few_levels_deep() -> None:
    data = packed(file("deep.txt", b"x"))
    for level in range(20):
        inner = bytes.fromhex("0703020000000000c000000000000046") + data
        data = packed(file(f"level{level}", inner))
    unpacked = unpack(data)
    assert unpacked is not None
    assert [each.name for each in unpacked.files] == ["level15"]


def test_compressed_rtf_becomes_rtf() -> None:
    example = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    text = b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert decompress(example) == text
    assert text.startswith(decompress(example[:-8]))
    assert decompress(struct.pack("<IIII", 20, 5, 0x414C454D, 0) + b"plain and more") == b"plain"
    assert decompress(b"short") == b""
    assert decompress(struct.pack("<IIII", 20, 1 << 31, 0x75465A4C, 0) + b"\xff" * 3_000_000) == b""


def test_a_small_winmail_dat_cannot_become_large() -> None:
    repeated = b"\x80" + b"\0" * 7 + b"\0"
    bomb = struct.pack("<IIII", 0, 0xFFFFFFFF, 0x75465A4C, 0) + (b"\0" * 9) * 100 + repeated * 100_000
    assert len(decompress(bomb)) <= 2_000_000
