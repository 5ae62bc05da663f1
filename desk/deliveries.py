"""What a delivery report says of each recipient, and its codes in words (RFC 3464 2.3, RFC 3463)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What a mail system did with a mail for one recipient."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a mail fared with one recipient. Nothing of it can be trusted: anybody can write a report.

    `recipient` is an address, `status` a code like 5.1.1 (RFC 3463); either is empty where the report does not say.
    `said` is the mail system's own sentence, at most 300 characters.
    """

    recipient: str
    action: Action
    status: str = ""
    said: str = ""


_REASONS = {
    "1.0": "there is something wrong with the address",
    "1.1": "there is no such mailbox",
    "1.2": "there is no such domain",
    "1.3": "the address is no address",
    "1.4": "the address may be one of several people",
    "1.6": "the mailbox has moved and left no new address",
    "1.7": "our own address was not accepted",
    "1.8": "our own domain was not accepted",
    "1.10": "the domain takes no mail",
    "2.0": "there is something wrong with the mailbox",
    "2.1": "the mailbox takes no mail",
    "2.2": "the mailbox is full",
    "2.3": "the mail is too long for the mailbox",
    "2.4": "the mailing list could not be expanded",
    "3.0": "there is something wrong with the other mail system",
    "3.1": "the other mail system is full",
    "3.2": "the other mail system takes no mail now",
    "3.4": "the mail is too big for the other mail system",
    "4.1": "the other mail system does not answer",
    "4.2": "the connection broke off",
    "4.3": "the domain's mail system cannot be looked up",
    "4.4": "there is no way to the other mail system",
    "4.5": "the other mail system is busy",
    "4.6": "the mail went round in a loop",
    "4.7": "the mail could not be delivered in time",
    "5.2": "the other mail system did not understand ours",
    "5.3": "there were too many recipients",
    "6.0": "the other mail system cannot take what is in the mail",
    "7.0": "the other mail system's rules refused it",
    "7.1": "the other mail system's rules refused it",
    "7.13": "the account is closed",
    "7.20": "the mail is not signed as it must be",
    "7.23": "our mail system may not send for our domain (SPF)",
    "7.25": "our mail system has no name of its own",
    "7.26": "nothing proves that the mail is ours (SPF, DKIM, DMARC)",
    "7.27": "our domain takes no mail",
    "7.28": "too many mails came from us",
}
"""By subject and detail of a status code; the class before them says whether it is final (RFC 3463, RFC 7372, 7505)."""

_ACTIONS = {
    Action.FAILED: "it was not delivered",
    Action.DELAYED: "it is not delivered yet, and will be tried again",
    Action.DELIVERED: "it was delivered",
    Action.RELAYED: "it was passed on to a mail system that sends no reports",
    Action.EXPANDED: "it was delivered to a list of people",
}


def in_words(delivery: Delivery) -> str:
    """One recipient's part of a report as a sentence: whom it is about, what happened, and why."""
    _, _, detail = delivery.status.partition(".")
    reason = _REASONS.get(detail) if delivery.action in (Action.FAILED, Action.DELAYED) else None
    code = f" ({delivery.status})" if delivery.status else ""
    why = f": {reason}{code}" if reason else code
    return f"{delivery.recipient or 'a recipient'}: {_ACTIONS[delivery.action]}{why}"


def worst(deliveries: Iterable[Delivery]) -> Action | None:
    """What counts of a report: that it failed with anybody, or else is delayed with anybody; None: all is well."""
    actions = {each.action for each in deliveries}
    return next((each for each in (Action.FAILED, Action.DELAYED) if each in actions), None)
