"""Conditions that are kept beside a query without being applied."""

from dataclasses import dataclass

from data.query.editing import Choice, said_by, saying
from data.query.model import TIME_KEYS, Clause, EventQuery, Key, Value

VALUE_KEYS = frozenset({Key.TYPE, Key.OUTCOME, Key.ACTOR, Key.CLIENT, Key.TARGET, Key.SERVICE, Key.IP})
"""Keys whose values are chosen one by one; what a query says about others is paused by the clause."""


@dataclass(frozen=True, slots=True)
class Filtering:
    """A query, and the clauses that are paused beside it. What the query itself says is never paused as well."""

    query: EventQuery
    paused: tuple[Clause, ...] = ()

    def __post_init__(self) -> None:
        kept: tuple[Clause, ...] = self.paused
        for clause in self.paused:
            if clause.key not in VALUE_KEYS:
                kept = tuple(one for one in kept if one is not clause or clause not in self.query.clauses)
                continue
            for value in clause.values:
                if said_by(self.query.clauses, clause.key, value) is not Choice.OFF:
                    kept = saying(kept, clause.key, value, Choice.OFF)
        object.__setattr__(self, "paused", kept)

    def choice_of(self, key: Key, value: Value) -> Choice:
        """What is said about this value: by the query, or else by what is paused."""
        return said_by((*self.query.clauses, *self.paused), key, value)

    def is_paused(self, key: Key, value: Value) -> bool:
        """Whether what is said about this value is kept, but not applied."""
        return said_by(self.paused, key, value) is not Choice.OFF

    def pausing(self, key: Key, value: Value) -> "Filtering":
        """The same with what is said about the value paused, or applied as before if it was; if nothing is, the same."""
        paused = said_by(self.paused, key, value)
        if paused is not Choice.OFF:
            return Filtering(EventQuery(saying(self.query.clauses, key, value, paused)), self.paused)
        applied = said_by(self.query.clauses, key, value)
        if applied is Choice.OFF:
            return self
        rest = EventQuery(saying(self.query.clauses, key, value, Choice.OFF))
        return Filtering(rest, saying(self.paused, key, value, applied))

    def pausing_clause(self, clause: Clause) -> "Filtering":
        """The same with this whole clause paused, or applied if it was. Only an excluded time can be paused."""
        if clause in self.paused:
            return Filtering(self.query.adding(clause), self.paused)
        if clause not in self.query.clauses or (clause.key in TIME_KEYS and not clause.negated):
            return self
        return Filtering(self._query_without(clause), (*self.paused, clause))

    def without_clause(self, clause: Clause) -> "Filtering":
        """The same with this clause neither applied nor paused."""
        return Filtering(self._query_without(clause), tuple(one for one in self.paused if one != clause))

    def _query_without(self, clause: Clause) -> EventQuery:
        return EventQuery(tuple(one for one in self.query.clauses if one != clause))
