"""What a client says to a mail server to log in (RFC 4422): PLAIN, LOGIN, and tokens as XOAUTH2 and OAUTHBEARER.

The words only: mail/login.py says them to IMAP servers, mail/smtp_login.py to SMTP servers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from typing import Literal, assert_never, cast

from desk.errors import LoginRefused, MailError
from desk.safe import safe_line
from mail.auth import Login, PasswordSource, TokenCommand

Mechanism = Literal["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"]

_BY_PASSWORD: tuple[Mechanism, ...] = ("PLAIN", "LOGIN")
_BY_TOKEN: tuple[Mechanism, ...] = ("OAUTHBEARER", "XOAUTH2")
_TOLD = ("error", "error_description", "status", "scope")
_LONGEST_WORDS = 200
_SHORTEST_SECRET = 4
"""Characters of a secret that is looked for in what a server says; a shorter one is in any word."""

_BEGINNING = 12
"""Characters by which the beginning of a longer one is known."""


class NoWayIn(LoginRefused):
    """The server offers no way to log in with what we have, be that as fresh as it may; it was not shown any of it."""


def takes_token(source: PasswordSource, login: Login) -> bool:
    """Whether what the source gives is a token rather than a password."""
    return isinstance(source, TokenCommand) or login in {"xoauth2", "oauthbearer"}


def mechanism_for(offered: Collection[str], login: Login, *, is_token: bool) -> Mechanism | None:
    """The way to log in; None where the server offers none that fits.

    A way that was asked for by name is taken whether it is offered or not: not every server that knows XOAUTH2 says so.
    """
    if login == "xoauth2":
        return "XOAUTH2"
    if login == "oauthbearer":
        return "OAUTHBEARER"
    wanted = _BY_TOKEN if is_token else _BY_PASSWORD
    return next((each for each in wanted if each in offered), None)


def opening(mechanism: Mechanism, user: str, secret: str, server: tuple[str, int]) -> bytes:
    """The client's first words; `server` is its host and port.

    PLAIN is RFC 4616, OAUTHBEARER RFC 7628 3.1 with the header of RFC 5801 4. XOAUTH2 is what Google made before it.
    """
    match mechanism:
        case "PLAIN":
            said = f"\0{user}\0{secret}"
        case "XOAUTH2":
            said = f"user={user}\1auth=Bearer {secret}\1\1"
        case "OAUTHBEARER":
            name = user.replace("=", "=3D").replace(",", "=2C")
            host, port = server
            said = f"n,a={name},\1host={host}\1port={port}\1auth=Bearer {secret}\1\1"
        case "LOGIN":
            said = user
        case _:
            assert_never(mechanism)
    return said.encode()


def next_words(mechanism: Mechanism, secret: str, step: int) -> bytes | None:
    """What the client answers to the server's challenge number `step`, counted from 1 after the opening; None: give up.

    A challenge to a token is the server's word on why it is refused; it is answered so that the refusal itself
    follows (RFC 7628 3.2.3: one byte; XOAUTH2: nothing).
    """
    match mechanism, step:
        case "LOGIN", 1:
            return secret.encode()
        case "OAUTHBEARER", 1:
            return b"\1"
        case "XOAUTH2", 1:
            return b""
        case _:
            return None


def reason(challenge: bytes) -> str:
    """Why a token was refused, in words, from the JSON that a server gives (RFC 7628 3.2.2)."""
    try:
        said: object = json.loads(challenge)
    except (ValueError, RecursionError):
        return words(challenge)
    if not isinstance(said, dict):
        return words(challenge)
    found = cast("dict[str, object]", said)
    return words("; ".join(f"{key} {found[key]}" for key in _TOLD if isinstance(found.get(key), str | int)))


def words(said: str | bytes) -> str:
    """What a server says, in one short line that no terminal obeys."""
    return safe_line(said.decode("utf-8", "replace") if isinstance(said, bytes) else said)[:_LONGEST_WORDS]


def explained(error: MailError, why: str, shown: Sequence[str], *, is_token: bool) -> MailError:
    """A server's refusal with its reason and what to do about it.

    `shown` are the secret and all that was said with it in it, none of which is repeated should the server do so.
    """
    said, why = without(shown, error.message), without(shown, why)
    hint = _hint(is_token=is_token) if isinstance(error, LoginRefused) else error.hint
    return error.reworded(f"{said} ({why})" if why else said, hint)


def without(shown: Sequence[str], said: str) -> str:
    """Words without these others, which may stand there whole, or be cut off with the words' end."""
    for each in shown:
        if len(each) >= _SHORTEST_SECRET:
            said = said.replace(each, "…")
        if len(each) > _BEGINNING:
            said = re.sub(rf"{re.escape(each[:_BEGINNING])}.*", "…", said)
    return said


def no_way_in(where: str, offered: Collection[str], *, is_token: bool) -> NoWayIn:
    """The error where the server offers no way to log in with what we have."""
    known = safe_line(", ".join(sorted(offered)))[:_LONGEST_WORDS] or "none"
    if is_token:
        hint = 'login = "xoauth2" tries it all the same'
        return NoWayIn(f"{where} offers no way to log in with a token (it offers: {known})", hint)
    hint = "it may want a token, which a token_command gives"
    return NoWayIn(f"{where} offers no way to log in with a password (it offers: {known})", hint)


def _hint(*, is_token: bool) -> str:
    if is_token:
        return "look whether the token command gives a token for this mailbox and for reading and sending mail"
    return "check user name and password; many providers want a password made for the program"
