"""Mail addresses and agents as people write them in commands and settings."""

from __future__ import annotations

import re

from desk.errors import RefusedError
from desk.people import Address, Agent, Handle
from desk.safe import is_tampered
from mail.destinations import addr_spec

_ADDRESS = re.compile(r"\s*(?:(?P<name>[^<>\n]*)<(?P<angle>[^<>\s]+)>|(?P<bare>[^<>\s,;]+))\s*")
_AGENT = re.compile(r"(?P<handle>[^=<>]*)=(?P<name>[^<>]*?)\s*(?:<(?P<email>[^<>]*)>)?")
_HANDLE = re.compile(r"[a-z0-9][a-z0-9_-]{0,19}")
_LIKE_THIS = "spell it: 'ana=Ana Petrova <ana@acme.example>'"
_MEANT_OTHERWISE = frozenset({"me", "none"})
"""What `assign` and the query language understand as something else than a handle."""

_LONGEST_NAME = 100


def read_address(text: str) -> Address:
    """One address, with or without a name: `Acme Support <support@acme.example>`.

    Raises:
        RefusedError: it is not one address that mail can be sent to.
    """
    found = _ADDRESS.fullmatch(text)
    if found is None or is_tampered(text):
        raise RefusedError(f"“{text[:80]}” is not a mail address", "spell it: 'Acme Support <support@acme.example>'")
    return Address(checked_email(found["angle"] or found["bare"]), (found["name"] or "").strip(' "'))


def checked_email(text: str) -> str:
    """A bare address as it is.

    Raises:
        RefusedError: no mail can be sent to it.
    """
    if text.count("@") != 1:
        raise RefusedError(f"“{text[:80]}” is not a mail address", "an address has one @: support@acme.example")
    addr_spec(text, smtputf8=True)  # whether our server carries it is known when a mail is made
    return text


def read_agent(text: str) -> Agent:
    """An agent from `ana=Ana Petrova <ana@acme.example>`; the address may be left out.

    Raises:
        RefusedError: it is not spelled so.
    """
    if (found := _AGENT.fullmatch(text.strip())) is None:
        raise RefusedError(f"“{text[:80]}” is not an agent", _LIKE_THIS)
    return checked(Agent(handle=Handle(found["handle"]), name=found["name"].strip(), email=found["email"] or ""))


def checked(agent: Agent) -> Agent:
    """The agent, if everything about them can stand on a screen and in a mail.

    Raises:
        RefusedError: something cannot; says what.
    """
    if not _HANDLE.fullmatch(agent.handle) or agent.handle in _MEANT_OTHERWISE:
        what = f"“{agent.handle[:40]}” cannot be an agent's handle"
        raise RefusedError(what, "1 to 20 letters a to z, digits, - and _, but not “me” or “none”")
    if not agent.name.strip() or "\n" in agent.name or len(agent.name) > _LONGEST_NAME:
        what = f"the agent “{agent.handle}” needs a name of 1 to {_LONGEST_NAME} characters in one line"
        raise RefusedError(what, _LIKE_THIS)
    if is_tampered(agent.name) or is_tampered(agent.login or "") or is_tampered(agent.signature):
        raise RefusedError(f"something about the agent “{agent.handle}” holds control characters", "type it anew")
    if agent.email:
        checked_email(agent.email)
    return agent
