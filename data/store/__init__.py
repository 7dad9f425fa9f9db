"""The database: its tables, one unit of work, and the only place where rows are rows."""

from data.store.database import Database
from data.store.reader import EventReader
from data.store.unit_of_work import UnitOfWork

__all__ = ["Database", "EventReader", "UnitOfWork"]
