"""Building: events that no segment holds yet become segments.

Those that are newer than every base segment make a new one, and so do those between two of them, if they are enough to
be worth it: an import of last year's log is in order, too. All others make a late segment. Python's own lists and
dictionaries do it, for numpy would cost a console its start.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias
from uuid import UUID

import sqlalchemy as sa
from pyroaring import BitMap

from data.answers import Dimension
from data.index import tables
from data.index.aliases import Aliases
from data.index.dimensions import (
    CODED,
    DURATION,
    HAS_CHANGES,
    HAS_DURATION,
    HAS_HOSTILE,
    HAS_IP,
    HAS_REASON,
    HAVING,
    REQUEST,
    REQUEST_MASK,
    duration_bucket,
)
from data.index.packs import Posting, raw_posting
from data.index.segment_writer import Lend, SegmentWriter
from data.index.switching import erasures, switching
from data.index.tallies import BLOCK, NONE, codes_of, write_tally
from data.records import Log
from data.stop import Stop
from data.store.tables import DIMENSION_NUMBERS, LOG_TABLES

LEAST = 1_024
"""Fewer events than these are not worth a segment: they are read as they are."""

_NAMES = {number: name for name, number in DIMENSION_NUMBERS.items()}
_COLUMNS = (*DIMENSION_NUMBERS, "duration_ms", "request_digest", "flags", "occurred_at", "seq")

_Places: TypeAlias = dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Events in the order of their ids, column by column."""

    ids: Sequence[bytes]
    columns: Mapping[str, Sequence[int | None]]

    def __len__(self) -> int:
        return len(self.ids)

    def filled(self, name: str) -> Sequence[int]:
        """A column that is never empty."""
        return self.columns[name]  # type: ignore[return-value]

    def of(self, ranges: Sequence[range]) -> "Batch":
        """Those in these places, which are in order."""
        if len(ranges) == 1 and len(ranges[0]) == len(self):
            return self
        ids = list(chain.from_iterable(self.ids[one.start : one.stop] for one in ranges))
        columns = {
            name: list(chain.from_iterable(column[one.start : one.stop] for one in ranges))
            for name, column in self.columns.items()
        }
        return Batch(ids, columns)


def are_waiting(connection: sa.Connection, log: Log) -> bool:
    """Whether enough events of a log are in no segment to make one of them: one cheap look."""
    table = tables.UNINDEXED[log]
    return connection.execute(sa.select(table.c.seq).limit(1).offset(LEAST - 1)).first() is not None


def build(
    connection: sa.Connection, lend: Lend, log: Log, aliases: Aliases, stop: Stop, *, most: int
) -> tuple[int, int]:
    """Make segments of at most so many of the events that wait; how many events and segments it was.

    `connection` reads. Raises Overtaken, Cancelled.
    """
    batch = waiting(connection, log, most)
    if not len(batch):
        return 0, 0
    aliases.examine(connection, lend, _counted_terms(batch))
    made = [
        write_segment(batch.of(ranges), lend, log, stop, is_late=is_late)
        for ranges, is_late in _parts(batch.ids, base_spans(connection, log))
    ]
    seqs = batch.filled("seq")
    seen = erasures(connection, min(seqs), max(seqs))
    with switching(lend) as switch:
        switch.check_erased(seen)
        switch.index(log, seqs)
        switch.make_live(made)
    return len(batch), len(made)


def waiting(connection: sa.Connection, log: Log, most: int) -> Batch:
    """At most so many of the events that are in no segment: those that have waited for longest."""
    unindexed = tables.UNINDEXED[log]
    longest = sa.select(unindexed.c.seq).order_by(unindexed.c.seq).limit(most).subquery()
    first, last = connection.execute(sa.select(sa.func.min(longest.c.seq), sa.func.max(longest.c.seq))).one()
    if first is None:
        return Batch((), {})
    table = LOG_TABLES[log].table
    # The bounds of the log's own rows are for PostgreSQL's planner, which does not know how few are waiting.
    found = sa.and_(
        table.c.seq == unindexed.c.seq, unindexed.c.seq.between(first, last), table.c.seq.between(first, last)
    )
    return batch_of(connection, log, found)


def batch_of(connection: sa.Connection, log: Log, condition: sa.ColumnElement[bool]) -> Batch:
    """The events of a log for which this holds."""
    table = LOG_TABLES[log].table
    id_bytes: sa.ColumnElement[bytes] = sa.type_coerce(table.c.id, sa.LargeBinary)
    by_id: sa.ColumnElement[UUID] = table.c.id
    if connection.dialect.name == "postgresql":
        id_bytes = sa.func.uuid_send(table.c.id)
    else:
        # Sorted when they are found, for which the plus is: in the order of ids, all of the log would be gone through.
        by_id = sa.literal_column(f"+{table.name}.id")
    columns = (table.c[name] for name in _COLUMNS)
    rows = connection.execute(sa.select(id_bytes, *columns).where(condition).order_by(by_id)).all()
    read = list(zip(*rows, strict=True)) or [()] * (len(_COLUMNS) + 1)
    return Batch(read[0], dict(zip(_COLUMNS, read[1:], strict=True)))


def joined(batches: Sequence[Batch]) -> Batch:
    """Batches that come one after the other."""
    ids = list(chain.from_iterable(batch.ids for batch in batches))
    return Batch(ids, {name: list(chain.from_iterable(batch.columns[name] for batch in batches)) for name in _COLUMNS})


def base_spans(connection: sa.Connection, log: Log) -> list[tuple[bytes, bytes]]:
    """From where to where the base segments of a log reach, in order."""
    table = tables.segment
    is_base = sa.and_(table.c.log == tables.LOG_NUMBERS[log], table.c.is_live, sa.not_(table.c.is_late))
    rows = connection.execute(sa.select(table.c.low, table.c.high).where(is_base).order_by(table.c.low))
    return [(low.bytes, high.bytes) for low, high in rows]


def write_segment(batch: Batch, lend: Lend, log: Log, stop: Stop, *, is_late: bool) -> int:
    """A segment of all of the batch, whole and not yet live; its number."""
    writer = SegmentWriter(lend, log, stop, is_late=is_late)
    moments = array("q", [occurred_at // 1000 for occurred_at in batch.filled("occurred_at")])
    writer.write_places([(moments, array("q", batch.filled("seq")))])
    writer.write_postings(postings_of(batch.columns))
    for dimension in CODED:
        column = batch.columns[_NAMES[dimension]]
        writer.write_blocks(dimension, (_block(column[at : at + BLOCK]) for at in range(0, len(batch), BLOCK)))
    writer.end(UUID(bytes=batch.ids[0]), UUID(bytes=batch.ids[-1]))
    return writer.id


def _parts(ids: Sequence[bytes], bases: Sequence[tuple[bytes, bytes]]) -> Iterator[tuple[list[range], bool]]:
    """The places of the events of each segment to be, and whether it is a late one."""
    late: list[range] = []
    begin = 0
    for low, high in bases:
        before, after = bisect_left(ids, low, begin), bisect_right(ids, high, begin)
        if before - begin >= LEAST:
            yield [range(begin, before)], False
        elif begin < before:
            late.append(range(begin, before))
        if before < after:
            late.append(range(before, after))
        begin = after
    if begin < len(ids):
        yield [range(begin, len(ids))], False
    if late:
        yield late, True


def _counted_terms(batch: Batch) -> BitMap:
    """The terms of all dimensions whose values can be several terms."""
    keys: set[int | None] = set()
    keys.update(*(batch.columns[dimension] for dimension in Dimension))
    return BitMap(key for key in keys if key is not None)


def postings_of(columns: Mapping[str, Sequence[int | None]]) -> Iterator[Posting]:
    """What is to be found, in the order of dimension and term."""
    places = range(len(columns["seq"]))
    numbers = list(places)  # the same objects for every column
    having: _Places = {}
    for name, dimension in DIMENSION_NUMBERS.items():
        found, without = _grouped(numbers, columns[name])
        if name == "ip":
            having[HAS_IP] = _others(numbers, without)
        yield from _in_order(dimension, found)
    durations, without = _grouped(numbers, columns["duration_ms"])
    having[HAS_DURATION] = _others(numbers, without)
    flagged, _ = _grouped(numbers, columns["flags"])
    for flag in (HAS_CHANGES, HAS_REASON, HAS_HOSTILE):
        having[flag] = _joined(found for flags, found in flagged.items() if flags & flag)
    yield from _in_order(HAVING, having)
    buckets = defaultdict(list)
    for duration, found_places in durations.items():
        buckets[duration_bucket(duration)].append(found_places)
    yield from _in_order(DURATION, {bucket: _joined(groups) for bucket, groups in buckets.items()})
    digests = columns["request_digest"]
    requests, _ = _grouped(numbers, [None if digest is None else digest & REQUEST_MASK for digest in digests])
    yield from _in_order(REQUEST, requests)


def _grouped(numbers: list[int], column: Sequence[int | None]) -> tuple[_Places, list[int]]:
    """The places of each key, and those where there is none."""
    found: dict[int | None, list[int]] = {}
    known = found.get
    for number, key in zip(numbers, column, strict=True):
        places = known(key)
        if places is None:
            found[key] = [number]
        else:
            places.append(number)
    without = found.pop(None, [])
    return found, without  # type: ignore[return-value]


def _others(numbers: list[int], without: list[int]) -> list[int]:
    if not without:
        return numbers
    left_out = frozenset(without)
    return [number for number in numbers if number not in left_out]


def _joined(groups: Iterable[list[int]]) -> list[int]:
    return sorted(chain.from_iterable(groups))


def _in_order(dimension: int, found: _Places) -> Iterator[Posting]:
    return (raw_posting(dimension, term, places) for term, places in sorted(found.items()) if places)


def _block(column: Sequence[int | None]) -> bytes:
    """The tally of a block, with its codes."""
    terms = [key or NONE for key in column]
    counts = Counter(terms)
    return write_tally(counts, codes_of(terms, sorted(counts)))
