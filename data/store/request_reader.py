"""The request log read for what one asks of calls: how many, how many failed, and how long they took."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import sqlalchemy as sa

from data.answers import CallGroup, CallPoint, CallSeries, CallStatistics, CallTimeline, Dimension, Snapshot
from data.clock import from_microseconds
from data.percentiles import percentile, percentile_bounds
from data.query import EventQuery, Pattern, window_of
from data.records import Outcome
from data.requests import REFUSED_STRANGERS
from data.store.histograms import bucket_edges, piece_length, piece_of, place_of
from data.store.names_holding import WITH_IDS, identity_of
from data.store.plain_reader import PlainReader
from data.store.rows_by_key import is_one_of
from data.store.tables import DIMENSION_NUMBERS, key_column, term
from data.store.ways import Ways

_ROWS_AT_ONCE = 5_000
_TERMS_AT_ONCE = 500
_MEDIAN, _MOST = 50, 95


@dataclass(slots=True)
class Tallied:
    """Calls that are put together: counted, and how often there was each duration."""

    calls: int = 0
    errors: int = 0
    durations: dict[int, int] = field(default_factory=dict)

    def add(self, calls: int, is_error: bool, duration_ms: int | None) -> None:
        self.calls += calls
        if is_error:
            self.errors += calls
        if duration_ms is not None:
            self.durations[duration_ms] = self.durations.get(duration_ms, 0) + calls

    @property
    def p95_ms(self) -> int | None:
        return percentile(self.durations, _MOST)

    @property
    def p95_bounds_ms(self) -> tuple[int, int] | None:
        """Between what the p95 surely is, whatever chance has it that just these calls were made."""
        return percentile_bounds(self.durations, _MOST)


@dataclass(slots=True)
class NamedValue:
    """A value of a dimension, under all keys that the dictionary has for it, and how much was called."""

    identity: str
    ident: str | None
    name: str | None
    keys: list[int] = field(default_factory=list)
    calls: int = 0
    errors: int = 0
    newest_us: int = 0
    last: int = 0

    @property
    def label(self) -> str:
        """What a person calls it."""
        return self.name or self.ident or self.identity


class RequestReader(PlainReader):
    """Answers about calls, beside those about single events. Raises Cancelled when its question was called off.

    Refusals of strangers that were gathered into one event are no calls of anybody, and are left out. Percentiles are
    counted and not sorted: the database groups by integers alone, the duration among them, and sends each combination
    once. At 100,000 calls that takes half the time of window functions, and both engines do it alike.
    """

    def statistics(
        self, query: EventQuery, snapshot: Snapshot, dimension: Dimension, *, limit: int = 50
    ) -> CallStatistics:
        """The calls that the query selects by the values of a dimension; those that have none are in no group."""
        conditions = self._selecting(query, snapshot)
        groups = self._groups(dimension, conditions)
        first = groups[:limit]
        key, duration = key_column(self._table, dimension), self._table.c.duration_ms
        statement = (
            sa.select(key, duration, sa.func.count())
            .where(*conditions, duration.is_not(None), self._in_groups(key, first))
            .group_by(key, duration)
        )
        durations: dict[int, dict[int, int]] = {}
        place_of_key = {number: place for place, group in enumerate(first) for number in group.keys}
        for number, duration_ms, calls in self.rows(statement):
            counted = durations.setdefault(place_of_key[number], {})
            counted[duration_ms] = counted.get(duration_ms, 0) + calls
        ways = self._ways(dimension, first)
        answered = tuple(
            CallGroup(
                group.label,
                _asking_for(group, ways),
                group.calls,
                group.errors,
                percentile(durations.get(place, {}), _MEDIAN),
                percentile(durations.get(place, {}), _MOST),
                from_microseconds(group.newest_us),
                group.ident,
            )
            for place, group in enumerate(first)
        )
        return CallStatistics(dimension, answered, len(groups))

    def timeline(
        self,
        query: EventQuery,
        snapshot: Snapshot,
        dimension: Dimension,
        *,
        most_groups: int = 5,
        most_buckets: int = 60,
    ) -> CallTimeline:
        """The groups with the most calls over time, in the buckets that the query's histogram has."""
        conditions = self._selecting(query, snapshot)
        asked = window_of(query, from_microseconds(snapshot.taken_at_us), self._zone)
        unit, edges = bucket_edges(self._connection, self._table, conditions, asked, self._zone, most_buckets)
        if not edges:
            return CallTimeline(unit, (), ())
        groups = self._groups(dimension, conditions)[:most_groups]
        key = key_column(self._table, dimension)
        length_us = piece_length(edges)
        by = (key, self._table.c.outcome, self._table.c.duration_ms, piece_of(self._table, length_us))
        statement = (
            sa.select(*by, sa.func.count())
            .where(*conditions, self._in_groups(key, groups))
            .group_by(*(sa.text(str(number + 1)) for number in range(len(by))))
        )
        success = self.term_of_success()
        points = [[Tallied() for _ in edges[1:]] for _ in groups]
        points_of_key = {number: points[place] for place, group in enumerate(groups) for number in group.keys}
        for number, outcome, duration_ms, piece, calls in self.rows(statement):
            points_of_key[number][place_of(piece * length_us, edges)].add(calls, outcome != success, duration_ms)
        ways = self._ways(dimension, groups)
        series = tuple(
            CallSeries(
                group.label,
                _asking_for(group, ways),
                tuple(CallPoint(point.calls, point.errors, point.p95_ms) for point in points[place]),
            )
            for place, group in enumerate(groups)
        )
        return CallTimeline(unit, tuple(edges), series)

    def _selecting(self, query: EventQuery, snapshot: Snapshot) -> tuple[sa.ColumnElement[bool], ...]:
        self._stop.check()
        return (*self.calls_held(snapshot), *self._conditions(query, snapshot))

    def _groups(self, dimension: Dimension, conditions: tuple[sa.ColumnElement[bool], ...]) -> list[NamedValue]:
        """The values among these calls, most calls first. Named as the call was that arrived last."""
        key = key_column(self._table, dimension)
        is_error = sa.case((self._table.c.outcome == sa.func.coalesce(self.term_of_success(), 0), 0), else_=1)
        counted = sa.select(
            key,
            sa.func.count(),
            sa.func.sum(is_error),
            sa.func.max(self._table.c.occurred_at),
            sa.func.max(self._table.c.seq),
        )
        rows = {row[0]: row for row in self.rows(counted.where(key.is_not(None), *conditions).group_by(key))}
        found: dict[str, NamedValue] = {}
        for number, one in self.named(dimension, rows).items():
            _, calls, errors, newest_us, last = rows[number]
            group = found.setdefault(one.identity, one)
            if last > group.last:
                group.last, group.ident, group.name = last, one.ident, one.name
            group.keys.append(number)
            group.calls += calls
            group.errors += int(errors)
            group.newest_us = max(group.newest_us, newest_us)
        return sorted(found.values(), key=lambda group: (-group.calls, group.identity))

    def _in_groups(self, key: sa.Column[int], groups: list[NamedValue]) -> sa.ColumnElement[bool]:
        return is_one_of(key, [number for group in groups for number in group.keys], self._dialect)

    @property
    def table(self) -> sa.Table:
        """Where the requests are."""
        return self._table

    def calls_held(self, snapshot: Snapshot) -> tuple[sa.ColumnElement[bool], ...]:
        """What holds of every call that the snapshot holds, and of nothing else."""
        return (self._held(snapshot), self._is_call())

    def _is_call(self) -> sa.ColumnElement[bool]:
        """Whether an event is one call, and not many refusals that were gathered."""
        gathered = sa.select(term.c.id).where(
            term.c.dimension == DIMENSION_NUMBERS["type"], term.c.name == REFUSED_STRANGERS
        )
        return self._table.c.type.not_in(gathered)

    def term_of_success(self) -> int | None:
        """The key of the outcome of all that is no error; None where nothing ever succeeded."""
        return self._connection.execute(
            sa.select(term.c.id).where(
                term.c.dimension == DIMENSION_NUMBERS["outcome"], term.c.name == Outcome.SUCCESS.value
            )
        ).scalar()

    def rows(self, statement: sa.Executable) -> Iterator[Any]:
        """The rows of a statement, as they are found; between some of them it can be called off."""
        self._stop.check()
        with self._connection.execute(statement, execution_options={"yield_per": _ROWS_AT_ONCE}) as found:
            for number, row in enumerate(found):
                if number % _ROWS_AT_ONCE == 0:
                    self._stop.check()
                yield row

    def named(self, dimension: Dimension, keys: Iterable[int]) -> dict[int, NamedValue]:
        """What the dictionary has for each of these keys, each a new object; without what has neither id nor name."""
        found: dict[int, NamedValue] = {}
        identity = identity_of(dimension)
        waiting = iter(keys)
        while chunk := list(islice(waiting, _TERMS_AT_ONCE)):
            self._stop.check()
            rows = self._connection.execute(
                sa.select(term.c.id, identity, term.c.ident, term.c.name).where(
                    term.c.id.in_(chunk), identity.is_not(None)
                )
            )
            found.update({number: NamedValue(*parts) for number, *parts in rows})
        return found

    def _ways(self, dimension: Dimension, groups: list[NamedValue]) -> Ways | None:
        if dimension not in WITH_IDS:
            return None
        texts = {text for group in groups for text in (group.identity, group.name) if text is not None}
        return Ways(self._connection, dimension, texts)


def _asking_for(group: NamedValue, ways: Ways | None) -> Pattern:
    if ways is None:
        return Pattern.literal(group.label)
    text, _ = ways.to_ask_for(group.identity, group.name, group.ident)
    return Pattern.literal(text)
