"""What the desk asks of the outside world, as Protocols; tandem/wiring.py puts real parts behind them.

Everything here is synchronous and may be called from any one thread at a time; `Store` from several.
Every method of the store may raise StorageError.
"""

from desk.ports.automatic import Acknowledgements
from desk.ports.customers import Customers, Erasures, Profiles, Tombstones
from desk.ports.mail_in import Ledger, Parked, Threads
from desk.ports.outbox import Endings, Outbox, Senders
from desk.ports.outside import Blobs, Composer, MailForms, Reader, Sender, SentFolder
from desk.ports.people import Agents, Beginnings, Drafts, Presences, ThrownDrafts, Views
from desk.ports.store import Leases, Store, Watch
from desk.ports.tickets import Conversations, Sort, Tickets
from desk.ports.together import Handovers, Mentions, Promises

__all__ = [
    "Acknowledgements",
    "Agents",
    "Beginnings",
    "Blobs",
    "Composer",
    "Conversations",
    "Customers",
    "Drafts",
    "Endings",
    "Erasures",
    "Handovers",
    "Leases",
    "Ledger",
    "MailForms",
    "Mentions",
    "Outbox",
    "Parked",
    "Presences",
    "Profiles",
    "Promises",
    "Reader",
    "Sender",
    "Senders",
    "SentFolder",
    "Sort",
    "Store",
    "Threads",
    "ThrownDrafts",
    "Tickets",
    "Tombstones",
    "Views",
    "Watch",
]
