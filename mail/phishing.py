"""Signs that a mail's sender is not who it seems to be, in words; none of them proves anything (UTS 39 5).

A name that shows another address than the real one is dealt with where names are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from desk.lookalikes import PUNYCODE, as_read, as_sent, is_odd
from desk.people import Address
from mail.defects import quoted


def suspicions(sender: Address, reply_to: Iterable[Address], *, by_person: bool) -> Iterator[str]:
    """What an agent should know before believing; machines may well ask for answers elsewhere (`by_person` false)."""
    for address in dict.fromkeys((sender, *reply_to)):
        yield from _imitation(address)
    domain = _domain(sender)
    elsewhere = [each for each in reply_to if domain and not _are_related(_domain(each), domain)]
    if by_person and elsewhere:
        yield f"an answer would go to another domain than the sender's: {quoted(elsewhere[0].email)}"


def _imitation(address: Address) -> Iterator[str]:
    domain = _domain(address)
    if domain.isascii() and PUNYCODE not in domain:
        return
    read = [as_read(label) for label in domain.split(".")]
    if any(is_odd(label) for label in read):
        ascii_form = ".".join(map(as_sent, read))
        yield f"the domain {quoted('.'.join(read))} mixes or imitates letters; it is really {quoted(ascii_form)}"


def _domain(address: Address) -> str:
    return address.email.rpartition("@")[2].casefold().rstrip(".")


def _are_related(one: str, other: str) -> bool:
    """Whether they are the same domain, or one lies in the other."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
