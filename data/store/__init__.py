"""The database: its tables, transactions that read, one unit of work, and the only place where rows are rows."""

from data.store.database import Database
from data.store.read_transaction import ReadTransaction
from data.store.reader import EventReader
from data.store.unit_of_work import UnitOfWork

__all__ = ["Database", "EventReader", "ReadTransaction", "UnitOfWork"]
