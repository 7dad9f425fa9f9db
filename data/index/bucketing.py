"""The histogram from segments: how many selected positions lie between two moments."""

from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from pyroaring import BitMap

from data.answers import Bucket, Histogram
from data.index.part_reader import PartReader
from data.index.selection import Selected
from data.index.source import Source, Wanted
from data.store.rows_by_key import is_one_of


def buckets_of(selected: Selected, parts: PartReader, unit: str, edges: list[int], success: Wanted) -> Histogram:
    """The selected events between each two of the edges (µs, UTC), which are whole milliseconds.

    What lies before the first is in the first bucket, what lies after the last in the last. `success` are the terms of
    those that were one.
    """
    if not edges:
        return Histogram(unit, ())
    counts = [[0, 0] for _ in edges[1:]]
    parts.expect_packs({key for source, _positions in selected for key in source.expect(success)})
    parts.expect_places({key for source, _positions in selected for key in source.expect_cuts(_inner(source, edges))})
    for source, positions in selected:
        failed = positions - source.having(success)
        cuts = _cuts(source, edges)
        for place, (start, end) in enumerate(pairwise(cuts)):
            if start < end:
                counts[place][0] += positions.range_cardinality(start, end)
                counts[place][1] += failed.range_cardinality(start, end)
    buckets = (Bucket(edges[place], edges[place + 1], *count) for place, count in enumerate(counts))
    return Histogram(unit, tuple(buckets))


def extremes_of(connection: sa.Connection, table: sa.Table, selected: Selected) -> tuple[int | None, int | None]:
    """When the first of the selected events happened (µs), and the end of the last one's microsecond; None for none."""
    firsts = _rows_of_edge(selected, first=True)
    lasts = _rows_of_edge(selected, first=False)
    if not firsts:
        return None, None
    first = _one(connection, table, sa.func.min(table.c.occurred_at), firsts)
    return first, _one(connection, table, sa.func.max(table.c.occurred_at), lasts) + 1


def _rows_of_edge(selected: Selected, *, first: bool) -> list[int]:
    """The rows of all selected events within the first millisecond of any, or the last."""
    edge = [
        (source, positions, *source.places([positions.min() if first else positions.max()])[0])
        for source, positions in selected
    ]
    if not edge:
        return []
    moments = [moment for _source, _positions, moment, _seq in edge]
    wanted = min(moments) if first else max(moments)
    rows: list[int] = []
    for source, positions, moment, _seq in edge:
        if moment == wanted:
            within = BitMap(range(source.position_of(moment), source.position_of(moment + 1))) & positions
            rows += [seq for _moment, seq in source.places([*within])]
    return rows


def _one(connection: sa.Connection, table: sa.Table, what: sa.ColumnElement[Any], rows: list[int]) -> int:
    value: int = connection.execute(
        sa.select(what).where(is_one_of(table.c.seq, rows, connection.dialect))
    ).scalar_one()
    return value


def _cuts(source: Source, edges: list[int]) -> list[int]:
    """The position at which each bucket of a source begins, and where the last one ends."""
    within = _inner(source, edges)
    places = dict(zip(within, source.positions_of(within), strict=True))
    found = [source.begin]
    for edge in edges[1:-1]:
        moment = edge // 1000
        if moment <= source.first_moment:
            found.append(source.begin)
        else:
            found.append(places.get(moment, source.size))
    return [*found, source.size]


def _inner(source: Source, edges: list[int]) -> list[int]:
    """The moments (ms) of the edges that cut a source in two."""
    moments = (edge // 1000 for edge in edges[1:-1])
    return [moment for moment in moments if source.first_moment < moment <= source.last_moment]
