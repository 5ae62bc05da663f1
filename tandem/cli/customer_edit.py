"""`tandem customers edit`, and how what agents know of a customer is printed."""

from __future__ import annotations

from datetime import timedelta

import click

from desk.actions.edit_customer import edit_customer
from desk.desk import Desk
from desk.dossier import Dossier, dossier_of, profile_of
from desk.errors import RefusedError
from desk.people import Address
from desk.profiles import Known, Profile, ProfileField
from tandem.cli.arguments import Number, read_text, words
from tandem.cli.output import local, print_json, say, say_text
from tandem.cli.session import Session, pass_session
from tandem.customers_profile import profile_json

_CLEARS = "empty takes it away"


def bare(value: str) -> str:
    """An address, also out of `Dana <dana@corp.example>`."""
    text = words(value).strip()
    return text[text.rindex("<") + 1 : -1] if text.endswith(">") and "<" in text else text


@click.command("edit")
@click.argument("address", type=bare)
@click.option("--name", metavar="TEXT", type=words, help=f"What you call them; {_CLEARS}.")
@click.option("--company", metavar="TEXT", type=words, help=f"Where they work; {_CLEARS}.")
@click.option("--notes", metavar="TEXT|-", type=words, help="In the place of the notes, from standard input with -.")
@click.option("--language", metavar="TAG", type=words, help="What they read, as bg or pt-br.")
@click.option("--zone", metavar="ZONE", type=words, help="Where they are, as Europe/Sofia.")
@click.option("--tag", "tags", metavar="+A|-A", type=words, multiple=True, help="Put a tag on, or take it off.")
@click.option("--also", metavar="ADDRESS", type=bare, multiple=True, help="Another address of the same person.")
@click.option("--not-also", metavar="ADDRESS", type=bare, multiple=True, help="Not an address of theirs after all.")
@click.option("--seen", metavar="VERSION", type=Number(min=0), help="Refuse what changed since this version.")
@click.option("--json", "as_json", is_flag=True, help="What is known from then on, as one line of JSON.")
@pass_session
def edit_command(
    session: Session,
    address: str,
    name: str | None,
    company: str | None,
    notes: str | None,
    language: str | None,
    zone: str | None,
    tags: tuple[str, ...],
    also: tuple[str, ...],
    not_also: tuple[str, ...],
    seen: int | None,
    as_json: bool,
) -> None:
    """Say what you know of the customer with ADDRESS; only agents see it. `tandem undo` takes it back.

    What is not named stays. An address that is added with --also brings along what is known of it.
    """
    desk = session.desk
    texts = {
        ProfileField.NAME: name,
        ProfileField.COMPANY: company,
        ProfileField.NOTES: read_text("-") if notes == "-" else notes,
        ProfileField.LANGUAGE: language,
        ProfileField.ZONE: zone,
    }
    with desk.store.transaction():
        known = profile_of(desk, address)
        wanted: dict[ProfileField, Known] = {field: text for field, text in texts.items() if text is not None}
        wanted |= _lists(known, tags, also, not_also)
        if not wanted:
            raise click.UsageError("say what you know: --company, --notes, --tag … (`--help` shows all)")
        after = edit_customer(desk, address, wanted, seen=seen)
    if as_json:
        print_json(profile_json(after))
    else:
        print_profile(after)


def _lists(
    known: Profile, tags: tuple[str, ...], also: tuple[str, ...], not_also: tuple[str, ...]
) -> dict[ProfileField, Known]:
    """Tags and addresses as they are to be; nothing where nothing is said of them."""
    on = [each.removeprefix("+") for each in tags if not each.startswith("-")]
    off = {each[1:].removeprefix("#").casefold() for each in tags if each.startswith("-")}
    gone = {Address(each).key for each in not_also}
    if unknown := sorted(gone.difference(known.addresses)):
        raise RefusedError(f"{unknown[0]} is no address of this customer", "`tandem customers show` shows which are")
    wanted: dict[ProfileField, Known] = {}
    if tags:
        wanted[ProfileField.TAGS] = (*(each for each in known.tags if each not in off), *on)
    if also or not_also:
        wanted[ProfileField.ADDRESSES] = (*(each for each in known.addresses if each not in gone), *also)
    return wanted


def known_of(desk: Desk, address: str) -> Dossier:
    """What is known of the person with this address."""
    return dossier_of(desk, Address(address))


def print_known(known: Dossier) -> None:
    """What agents said, and what is guessed where they did not."""
    print_profile(known.profile)
    guesses = (
        f"company {known.company}, by the address" if known.company else "",
        f"language {known.language}, by the mails" if known.language else "",
        f"time {utc(known.utc_offset)}, by the mails" if known.utc_offset else "",
    )
    if any(guesses):
        say(f"guessed: {'; '.join(filter(None, guesses))}")


def utc(offset: timedelta) -> str:
    """UTC+2, UTC-3:30."""
    hours, minutes = divmod(abs(round(offset.total_seconds() / 60)), 60)
    sign = "-" if offset < timedelta(0) else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def print_profile(profile: Profile) -> None:
    """One line for each field that says something; the notes last, and by whom."""
    for field in ProfileField:
        value = profile.value(field)
        is_own_address = field is ProfileField.ADDRESSES and not value[1:]  # one is the customer itself
        if value and not is_own_address and field is not ProfileField.NOTES:
            say(f"{field.value}: {value if isinstance(value, str) else ' '.join(value)}")
    if profile.notes:
        last = profile.last_edit(ProfileField.NOTES)
        say(f"notes, only agents see them{f' ({last.by}, {local(last.at)})' if last else ''}:")
        say_text(profile.notes)
