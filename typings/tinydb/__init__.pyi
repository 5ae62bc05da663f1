# The part of TinyDB 4.9 that storage uses, typed to the end: its own annotations leave out what documents hold, and
# its mypy plugin would be needed to see that a database is also its default table.

from tinydb.database import TinyDB as TinyDB
from tinydb.queries import Query as Query
from tinydb.queries import where as where
from tinydb.storages import JSONStorage as JSONStorage
from tinydb.storages import Storage as Storage
