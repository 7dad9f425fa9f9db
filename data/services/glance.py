"""A look at the newest events of an embedded database, which records nothing and mends nothing: for whoever cannot wait.

Imports as little as such a question needs. Like whoever closes an embedded database last, it has SQLite move what is in the
write-ahead log into the file, and delete the log: Python 3.11 cannot keep SQLite from that. Where anything stands in its way,
it sees nothing: then the log is opened as ever, and what is wrong is told, and logged, there.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from zoneinfo import ZoneInfo

from data.clock import Clock, system_clock
from data.index.reader import IndexedReaders
from data.records import Log
from data.services.event_log import EventLog
from data.services.gate import Gate
from data.services.identity import Local, refuse_others
from data.store import Database


@contextmanager
def glance(address: str, zone: ZoneInfo, clock: Clock = system_clock) -> Iterator[EventLog | None]:
    """The change log as its owner reads it, through the gate; None where it is not there as this program keeps it.

    Raises AuditdeckError, NotSignedIn for the file of another account.
    """
    database = Database(address, clock=clock, readers=IndexedReaders())
    with closing(database):
        path = database.location.path
        if path is None or not path.is_file() or not path.stat().st_size:
            yield None
            return
        refuse_others(path)
        yield EventLog(Gate(database, lambda: None, clock, Local()), zone, Log.CHANGES) if database.is_ready() else None
