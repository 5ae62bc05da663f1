from __future__ import annotations

import pytest

from desk.filetypes import true_type, type_by_name

OCTETS = "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "declared", "data", "words", "warning"),
    [
        pytest.param("scan.pdf", OCTETS, b"%PDF-1.7", "PDF", "", id="pdf"),
        pytest.param("scan", "image/png", b"\x89PNG\r\n", "PNG picture", "", id="picture without an ending"),
        pytest.param("a.docx", "", b"PK\x03\x04" + bytes(26) + b"word/document.xml", "Word document", "", id="docx"),
        pytest.param("invoice.pdf", "application/pdf", b"MZ\0", "Windows program", "its name says PDF", id="disguised"),
        pytest.param("a.pdf.exe", "application/pdf", b"", "Windows program", "two endings", id="two endings"),
        pytest.param(
            "a.docx", "", b"PK\x03\x04" + bytes(26) + b"word/ vbaProject.bin", "Word document", "macros", id="vba"
        ),
        pytest.param("a.xlsm", OCTETS, b"", "Excel sheet", "macros", id="macros by name"),
        pytest.param("page.html", "text/html", b"<html>", "web page", "password", id="web page"),
        pytest.param("photo.jpg", "image/jpeg", b"  <HTML><script>", "web page", "its name says JPEG", id="no picture"),
        pytest.param("run", "text/plain", b"#!/bin/sh\n", "script", "can run it", id="script"),
        pytest.param("n.zip", "", b"PK\x03\x04\x14\0\x01" + bytes(30), "ZIP archive", "password", id="locked archive"),
        pytest.param("x.lnk", "", b"L\0\0\0\x01\x14\x02\0", "Windows shortcut", "starts something", id="shortcut"),
        pytest.param("x.bin", OCTETS, b"\0\1", "file", "", id="unknown"),
    ],
)
def test_a_file_is_what_its_bytes_say(name: str, declared: str, data: bytes, words: str, warning: str) -> None:
    told = true_type(name, declared, data)
    assert told.words == words
    assert warning in told.warning
    assert bool(warning) == bool(told.warning)


def test_a_dangerous_name_warns_before_a_byte_is_read() -> None:
    assert "program" in type_by_name("photo.jpg.scr", "image/jpeg").warning
