"""Logging in to an SMTP server with a password or a token (RFC 4954, RFC 7628)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from typing import Protocol

from desk.errors import LoginRefused, MailError, MailUnreachable
from desk.safe import safe_line
from mail.auth import Login
from mail.replies import Answer
from mail.sasl import Mechanism, explained, mechanism_for, next_words, no_way_in, opening, reason
from mail.servers import SmtpAddress

_GO_ON = 334
_WITH_SECRET: tuple[Mechanism, ...] = ("PLAIN", "XOAUTH2", "OAUTHBEARER")
_LONGEST_COMMAND = 512
"""Bytes of a command with its line end (RFC 5321 4.5.3.1.4); what is longer must wait to be asked for (RFC 4954 4)."""


class Dialogue(Protocol):
    """What is asked of an SMTP connection here."""

    async def ask(self, *command: str) -> Answer:
        """Give one command and wait for its answer."""
        ...


async def log_in(
    dialogue: Dialogue, address: SmtpAddress, offered: Collection[str], secret: str, login: Login, *, is_token: bool
) -> None:
    """Log in by one way only: a wrong password that is tried in every way locks the account sooner.

    `offered` are the ways that the server knows, as EHLO told.

    Raises:
        LoginRefused: the server does not accept it, or offers no way to log in with it.
        MailUnreachable: there is no login now.
    """
    where = f"SMTP: {address.host}:{address.port}"
    ways = {each.upper() for each in offered}
    mechanism = mechanism_for(ways, login, is_token=is_token)
    if mechanism is None:
        raise no_way_in(where, ways, is_token=is_token)
    first = opening(mechanism, address.user, secret, (address.host, address.port))
    answer = await _begin(dialogue, mechanism, first)
    why, step = "", 0
    while answer.code == _GO_ON:
        step += 1
        if mechanism in {"XOAUTH2", "OAUTHBEARER"}:
            why = why or reason(_decoded(answer.words))
        said = next_words(mechanism, secret, step)
        answer = await dialogue.ask("*" if said is None else _encoded(said))
        if said is None:
            break
    if not answer.is_yes:
        raise explained(_refusal(where, address.user, answer), why, said_with(address, secret), is_token=is_token)


async def _begin(dialogue: Dialogue, mechanism: Mechanism, said: bytes) -> Answer:
    if len(f"AUTH {mechanism} {_encoded(said)}\r\n") <= _LONGEST_COMMAND:
        return await dialogue.ask("AUTH", mechanism, _encoded(said))
    answer = await dialogue.ask("AUTH", mechanism)
    return await dialogue.ask(_encoded(said)) if answer.code == _GO_ON else answer


def said_with(address: SmtpAddress, secret: str) -> tuple[str, ...]:
    """A secret, and all that may be said with it in it: what nobody else may read, should a server repeat it."""
    server = (address.host, address.port)
    openings = (opening(each, address.user, secret, server) for each in _WITH_SECRET)
    return (secret, *map(_encoded, (secret.encode(), *openings)))


def _refusal(where: str, user: str, answer: Answer) -> MailError:
    if not answer.is_refusal:
        return MailUnreachable(f"{where}: no login now: {answer}", "no mail is lost: it is tried again later")
    return LoginRefused(f"{where} refuses the login of {safe_line(user)}: {answer}")


def _encoded(said: bytes) -> str:
    return base64.b64encode(said).decode("ascii")


def _decoded(challenge: str) -> bytes:
    try:
        return base64.b64decode(challenge.strip(), validate=True)
    except (binascii.Error, ValueError):
        return challenge.encode("utf-8", "replace")
