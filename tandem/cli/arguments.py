"""What stands on a command line: kinds of words that several commands take, and texts that come from elsewhere."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import click

from desk.errors import RefusedError
from desk.people import Address
from desk.safe import is_masked
from tandem.spelling import read_address

LONGEST_WINDOW = 60
LONGEST_SUBJECT = 400
"""Characters, as on the screen."""
LONGEST_TEXT = 1_000_000
"""Characters of a note or a mail, as of a mail that is read."""
_MOST_BYTES = 4 * LONGEST_TEXT
_SECONDS = re.compile(r"([0-9]{1,3})s?")


class Number(click.IntRange):
    """A whole number, which a refusal calls so."""

    name = "number"


TICKET = Number(min=1)
"""A ticket's number."""

FREE_WORDS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
"""Settings of a command whose words may begin with a dash: `-is:closed`, `-billing`. `-h` would swallow `-hardware`."""


def words(value: str) -> str:
    """A text that is stored, searched for or sent: UTF-8, also where the locale knows only ASCII."""
    try:
        value.encode()
    except UnicodeEncodeError:
        try:
            return os.fsencode(value).decode()
        except UnicodeError as error:
            raise click.BadParameter("this is not UTF-8") from error
    return value


def subject_line(value: str) -> str:
    """What a mail is called, in one line that says something."""
    text = " ".join(words(value).split())
    if not text:
        raise click.BadParameter("a mail has a subject: say what it is about")
    if is_masked(text):
        raise click.BadParameter("it holds characters that nobody sees")
    if len(text) > LONGEST_SUBJECT:
        raise click.BadParameter(f"it has {len(text)} characters, more than {LONGEST_SUBJECT}")
    return text


def window(value: str) -> int:
    """How long a mail can be taken back, in seconds: `0s` to `60s`."""
    found = _SECONDS.fullmatch(value)
    if found is None or int(found[1]) > LONGEST_WINDOW:
        raise click.BadParameter(f"“{value[:20]}” is not 0s to {LONGEST_WINDOW}s")
    return int(found[1])


def pair(value: str) -> tuple[str, str]:
    """A name and a value, which may be empty and may hold further signs: `amount=12.50`."""
    name, sign, rest = words(value).partition("=")
    if not (name and sign):
        raise click.BadParameter(f"“{value[:40]}” is not NAME=VALUE")
    return name, rest


def recipient(value: str) -> Address:
    """A mail address, with or without a name: `Bo Lind <bo@acme.example>`."""
    try:
        return read_address(words(value))
    except RefusedError as error:
        raise click.BadParameter(str(error)) from error


def read_text(name: str) -> str:
    """The text in a file, or on standard input for `-`.

    Raises:
        RefusedError: it cannot be read, is too long, or is not UTF-8.
    """
    where = "standard input" if name == "-" else name or "“”"
    try:
        data = _bytes_of(name)
    except OSError as error:
        raise RefusedError(f"{where} cannot be read: {error.strerror}", "name a text file") from error
    too_long = RefusedError(f"{where} has more than {LONGEST_TEXT:,} characters", "a text that long goes as a file")
    if len(data) > _MOST_BYTES:
        raise too_long
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise RefusedError(f"{where} is not UTF-8", "save it as UTF-8") from error
    if len(text) > LONGEST_TEXT:
        raise too_long
    return text


def _bytes_of(name: str) -> bytes:
    """What is there, but no more than shows that it is too much: a device has no end."""
    if name == "-":
        return sys.stdin.buffer.read(_MOST_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(_MOST_BYTES + 1)
