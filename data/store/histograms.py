"""Counting events over time, in whole hours, days, weeks, months or years of the zone shown."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import gcd
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from data.answers import Bucket, Histogram
from data.clock import from_microseconds, to_microseconds
from data.query import Window
from data.records import Outcome
from data.store.tables import DIMENSION_NUMBERS, term

# No calendar goes on after 9999, and queries reach up to 9998; what is said to happen later is in the last bucket.
_LAST_DAY_US = to_microseconds(datetime(9998, 12, 31, tzinfo=UTC))
_UNITS = ("minute", "15 minutes", "hour", "day", "week", "month", "quarter", "year")

_LENGTHS = {"minute": timedelta(minutes=1), "15 minutes": timedelta(minutes=15), "hour": timedelta(hours=1)}

_Piece = tuple[int, int, int]
"""Where a stretch of time begins (µs, UTC), its events, and those of them that were not a success."""

Conditions = tuple[sa.ColumnElement[bool], ...]


def count_buckets(
    connection: sa.Connection,
    table: sa.Table,
    conditions: Conditions,
    asked: Window,
    zone: ZoneInfo,
    most_buckets: int,
) -> Histogram:
    """The rows of a log's table that fulfil the conditions, by whole units of the calendar; see `bucket_edges`."""
    unit, edges = bucket_edges(connection, table, conditions, asked, zone, most_buckets)
    if not edges:
        return Histogram(unit, ())
    counts = [[0, 0] for _ in edges[1:]]
    for at, events, not_ok in _count_pieces(connection, table, conditions, piece_length(edges)):
        place = counts[place_of(at, edges)]
        place[0] += events
        place[1] += not_ok
    return Histogram(
        unit,
        tuple(Bucket(edges[index], edges[index + 1], events, not_ok) for index, (events, not_ok) in enumerate(counts)),
    )


def bucket_edges(
    connection: sa.Connection,
    table: sa.Table,
    conditions: Conditions,
    asked: Window,
    zone: ZoneInfo,
    most_buckets: int,
) -> tuple[str, list[int]]:
    """The unit and the edges (µs) of buckets over `asked`, or over what there is of the rows; no edges for no time."""
    return edges_of(asked, lambda: _extremes(connection, table, conditions), zone, most_buckets)


def edges_of(
    asked: Window, extremes: Callable[[], tuple[int | None, int | None]], zone: ZoneInfo, most_buckets: int
) -> tuple[str, list[int]]:
    """As `bucket_edges`; `extremes` gives the time (µs) of the first event and the end of the last one's microsecond."""
    start, end = asked.start_us, asked.end_us
    if start is None or end is None:
        first, last = extremes()
        start = first if start is None else start
        end = last if end is None else end
    if start is None or end is None or end <= start:
        return "day", []
    start, end = min(start, _LAST_DAY_US - 1), min(end, _LAST_DAY_US)
    return _edges(from_microseconds(start), from_microseconds(end), zone, most_buckets)


def piece_length(edges: list[int]) -> int:
    """The longest stretch (µs) that no edge cuts through: a day in UTC, an hour in Berlin, a quarter of one in Kathmandu."""
    return gcd(*edges)


def piece_of(table: sa.Table, length_us: int) -> sa.Label[int]:
    """Which piece of this length an event is in: integers, counted from 1970."""
    # Division of integers; `//` would round towards minus infinity, which costs PostgreSQL a CASE and times never need.
    return sa.literal_column(f"{table.name}.occurred_at / {length_us}", sa.BigInteger).label("piece")


def place_of(at: int, edges: list[int]) -> int:
    """The bucket that this moment is in. Events past the end of today belong to the last."""
    return min(max(bisect_right(edges, at) - 1, 0), len(edges) - 2)


def _extremes(connection: sa.Connection, table: sa.Table, conditions: Conditions) -> tuple[int | None, int | None]:
    """The time of the first of the rows, and the end of the last one's microsecond; None for no rows."""
    first, last = connection.execute(
        sa.select(sa.func.min(table.c.occurred_at), sa.func.max(table.c.occurred_at)).where(*conditions)
    ).one()
    return first, None if last is None else last + 1


def _count_pieces(connection: sa.Connection, table: sa.Table, conditions: Conditions, length_us: int) -> list[_Piece]:
    success = (
        sa.select(term.c.id)
        .where(term.c.dimension == DIMENSION_NUMBERS["outcome"], term.c.name == Outcome.SUCCESS.value)
        .scalar_subquery()
    )
    piece = piece_of(table, length_us)
    failed = sa.func.sum(sa.case((table.c.outcome == sa.func.coalesce(success, 0), 0), else_=1)).label("not_ok")
    rows = connection.execute(
        sa.select(piece, sa.func.count().label("events"), failed)
        .select_from(table)
        .where(*conditions)
        .group_by(sa.text("1"))
    )
    return [(int(row.piece) * length_us, int(row.events), int(row.not_ok)) for row in rows]


def _edges(start: datetime, end: datetime, zone: ZoneInfo, most_buckets: int) -> tuple[str, list[int]]:
    """The finest unit that needs at most `most_buckets`, and the edges (µs) of its buckets from before start to end.

    Where even years are too many, a bucket has several of them.
    """
    for unit in _UNITS:
        edges = [_floor(start.astimezone(zone), unit)]
        while edges[-1].astimezone(UTC) < end and len(edges) <= most_buckets:
            edges.append(_next(edges[-1], unit))
        if edges[-1].astimezone(UTC) >= end:
            break
    while edges[-1].astimezone(UTC) < end:
        edges.append(_next(edges[-1], unit))
    years = -((1 - len(edges)) // most_buckets)  # rounded up; 1 for all finer units
    if years > 1:
        edges = [*edges[:-1:years], edges[-1]]
    # A day that a zone leapt over (Pacific/Apia, 2011-12-30) begins when it ends.
    return unit, sorted({to_microseconds(edge) for edge in edges})


def _floor(moment: datetime, unit: str) -> datetime:
    if unit == "minute":
        return moment.replace(second=0, microsecond=0)
    if unit == "15 minutes":
        return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    if unit == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _next(edge: datetime, unit: str) -> datetime:
    length = _LENGTHS.get(unit)
    if length is not None:  # counted in UTC: a local clock skips or repeats an hour when summer begins or ends
        return (edge.astimezone(UTC) + length).astimezone(edge.tzinfo)
    if unit in ("day", "week"):
        return edge + timedelta(days=1 if unit == "day" else 7)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    year, month = divmod(edge.month - 1 + months, 12)
    return edge.replace(year=edge.year + year, month=month + 1)
