"""Which terms are one value, as readers know it: see `aliases`."""

from collections.abc import Iterable, Mapping
from threading import Lock

import sqlalchemy as sa
from pyroaring import BitMap

from data.index import tables
from data.index.aliases import NO_VALUE, shared_values
from data.store.forgetting_tables import term_epoch


class SharedValues:
    """The values of terms that share theirs with another, as one question sees them from its beginning to its end."""

    def __init__(self, values: Mapping[int, int]) -> None:
        self._values = values

    def value_of(self, term: int) -> int:
        """The value of a term."""
        return self._values.get(term, term)

    def values_of(self, terms: Iterable[int]) -> set[int]:
        """The values of these terms."""
        found = set(terms)
        for one in self._values.keys() & found:
            found.remove(one)
            found.add(self._values[one])
        return found

    def by_value(self, counts: Mapping[int, int]) -> dict[int, int]:
        """Counts of terms as counts of values."""
        found = dict(counts)
        for one in self._values.keys() & counts.keys():
            count = found.pop(one)
            found[self._values[one]] = found.get(self._values[one], 0) + count
        found.pop(NO_VALUE, None)
        return found

    def terms_of(self, wanted: Iterable[int]) -> dict[int, list[int]]:
        """The terms of each of these values."""
        asked = frozenset(wanted)
        found: dict[int, list[int]] = {value: [value] for value in asked if value > 0}
        if any(value < 0 for value in asked):
            for one, value in self._values.items():
                if value in asked:
                    found.setdefault(value, []).append(one)
        return found


class AliasMemory:
    """What was found of it, shared by all questions of a process.

    That does not become wrong as terms are added, for one that makes a value shared is looked at itself before it is counted.
    When some were removed from the dictionary, all is found out anew.
    """

    def __init__(self) -> None:
        self._values: dict[int, int] = {}
        self._examined = BitMap()
        self._written = 0, 0
        self._lock = Lock()

    def look_up(self, connection: sa.Connection, unindexed: Iterable[int]) -> SharedValues:
        """What is known once what the builder wrote is read, and terms of events that it has not seen yet are examined."""
        count = sa.select(sa.func.count()).select_from(tables.alias).scalar_subquery()
        rows_and_removals = connection.execute(sa.select(count, term_epoch.c.removals)).one()
        written = rows_and_removals[0], rows_and_removals[1]
        if written != self._written:
            rows = {
                one: value for one, value in connection.execute(sa.select(tables.alias.c.term, tables.alias.c.value))
            }
            with self._lock:
                if written[1] != self._written[1]:
                    self._values, self._examined = {}, BitMap()
                self._values = self._values | rows
                self._written = written
        fresh = BitMap(unindexed) - self._examined
        if fresh:
            found = shared_values(connection, fresh)
            with self._lock:
                self._values = self._values | found
                self._examined = self._examined | fresh
        return SharedValues(self._values)
