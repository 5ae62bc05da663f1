"""`tandem customer`: whose matter a ticket is."""

from __future__ import annotations

import click

from desk.actions.set_customer import confirm_customer, set_customer
from desk.ticket import TicketNumber
from tandem.cli.arguments import TICKET, recipient, words
from tandem.cli.output import say
from tandem.cli.session import Session, pass_session

_CONFIRM = "confirm"


@click.command("customer")
@click.argument("number", metavar="ID", type=TICKET)
@click.argument("who", metavar="confirm|ADDRESS", type=words)
@pass_session
def customer_command(session: Session, number: int, who: str) -> None:
    """Say whose matter ticket ID is: ADDRESS, or `confirm` for the one who wrote the mail that a colleague forwarded.

    An answer goes there as long as only the one has written who brought the matter.
    """
    desk, ticket = session.desk, TicketNumber(number)
    after = confirm_customer(desk, ticket) if who == _CONFIRM else set_customer(desk, ticket, recipient(who))
    say(f"ticket {number} is a matter of {after.customer}")
