"""Holds the whole index against the rows of the logs: plainly, and without anything of what wrote it."""

import sys
from array import array
from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa

from data.index import places, tables, tallies
from data.index.aliases import NO_VALUE
from data.index.dimensions import CODED, COUNTED, DURATION, HAVING, REQUEST, IndexedRow, terms_of
from data.index.packs import Directory, positions_of
from data.index.part_reader import PartReader
from data.index.segment_memory import SegmentMemory
from data.index.stored import StoredSegment, live_segments
from data.index.tables import KEY_BITS
from data.index.tallies import NONE, WHOLE, tally_number
from data.records import Log
from data.stop import Stop
from data.store import Database
from data.store.tables import DIMENSION_NUMBERS, LOG_TABLES, term

CHUNK, BLOCK_BITS = 10, 6


def make_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be several of all that a segment has several of with a few hundred events."""
    small = {"CHUNK": CHUNK, "BLOCK_BITS": BLOCK_BITS, "BLOCK": 1 << BLOCK_BITS, "PACK_BYTES": 300}
    for name in [name for name in sys.modules if name.startswith("data.index.")]:
        for constant, value in small.items():
            if hasattr(sys.modules[name], constant):
                monkeypatch.setattr(f"{name}.{constant}", value)


def check_places(database: Database) -> None:
    """Fail unless every row is in one live segment or waits: of what is in a segment, only that it can be read."""
    with database.upkeep_reading() as connection:
        for log in Log:
            held = list(connection.scalars(sa.select(tables.UNINDEXED[log].c.seq)))
            for segment in live_segments(connection, log, PartReader(connection, Stop()), SegmentMemory()):
                held += list(segment.seqs())[segment.begin :]
                assert len(list(segment.postings(1)))
            assert Counter(held) == Counter(connection.scalars(sa.select(LOG_TABLES[log].table.c.seq)))


_DIMENSIONS = (*DIMENSION_NUMBERS.values(), HAVING, DURATION, REQUEST)
_ID = "id"


def check_index(database: Database, *, is_tidy: bool = True) -> dict[Log, list[int]]:
    """Fail unless every segment holds what its rows do, and every row is in one segment or waits.

    `is_tidy` is for after a whole run: nothing is left of what was given up. Returns the sizes of the base segments and of
    the late ones, in their order, by log.
    """
    with database.upkeep_reading() as connection:
        for log in Log:
            _check_log(connection, log)
        _check_aliases(connection)
        if is_tidy:
            _check_tidiness(connection)
        return {log: sizes(connection, log) for log in Log}


def sizes(connection: sa.Connection, log: Log, *, late: bool | None = None) -> list[int]:
    """How many events there are in each live segment of a log, in the order of their first ids."""
    table = tables.segment
    conditions = [table.c.log == tables.LOG_NUMBERS[log], table.c.is_live]
    if late is not None:
        conditions.append(table.c.is_late.is_(late))
    rows = connection.execute(sa.select(table.c.size - table.c.begin).where(*conditions).order_by(table.c.low))
    return [size for (size,) in rows]


def _check_log(connection: sa.Connection, log: Log) -> None:
    table = LOG_TABLES[log].table
    columns = [table.c[name] for name in IndexedRow._fields]
    rows = {row.seq: IndexedRow(*row) for row in connection.execute(sa.select(*columns))}
    ids = {seq: one.bytes for seq, one in connection.execute(sa.select(table.c.seq, table.c.id))}
    waiting = list(connection.scalars(sa.select(tables.UNINDEXED[log].c.seq)))
    held = list(waiting)
    headers = {row.id: row for row in connection.execute(sa.select(tables.segment))}
    parts = PartReader(connection, Stop())
    bases = []
    for segment in live_segments(connection, log, parts, SegmentMemory()):
        header = headers[segment._header.id]
        seqs = list(segment.seqs())
        _check_segment(segment, header, parts, [rows[seq] for seq in seqs], [ids[seq] for seq in seqs])
        held += seqs[segment.begin :]
        if not header.is_late:
            bases.append((header.low, header.high))
    assert Counter(held) == Counter(rows.keys())
    assert all(one[1] < other[0] for one, other in pairwise(sorted(bases)))


def _check_segment(
    segment: StoredSegment,
    header: Any,  # noqa: ANN401
    parts: PartReader,
    rows: list[IndexedRow],
    ids: list[bytes],
) -> None:
    assert header.size == segment.size == len(rows) and 0 <= header.begin < header.size
    assert ids == sorted(set(ids))
    assert (header.low.bytes, header.high.bytes) == (ids[0], ids[-1])
    moments = [row.occurred_at // 1000 for row in rows]
    assert segment.places(range(len(rows))) == [(at, row.seq) for at, row in zip(moments, rows, strict=True)]
    assert array("q", header.moments).tolist() == [*moments[:: places.CHUNK], moments[-1]]
    assert header.least_seq <= min(row.seq for row in rows) and header.most_seq >= max(row.seq for row in rows)
    _check_postings(segment, header, parts, rows)
    for dimension in COUNTED:
        name = next(name for name, number in DIMENSION_NUMBERS.items() if number == dimension)
        whole = Counter(getattr(row, name) for row in rows)
        del whole[None]
        assert list(_tally(parts, header.id, dimension, WHOLE).items()) == sorted(whole.items())
        from_begin = Counter(getattr(row, name) for row in rows[header.begin :])
        del from_begin[None]
        assert sorted(segment.tally(dimension)) == sorted(from_begin.items())
        if dimension in CODED:
            _check_blocks(parts, header.id, dimension, [getattr(row, name) or NONE for row in rows])


def _check_postings(segment: StoredSegment, header: Any, parts: PartReader, rows: list[IndexedRow]) -> None:  # noqa: ANN401
    wanted: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for position, row in enumerate(rows):
        for key in terms_of(row):
            wanted[key].append(position)
    directory = Directory(header.directory)
    base = header.id << KEY_BITS
    found = []
    for pack in parts.all_packs(range(base, base + directory.packs)):
        found += [((posting.dimension, posting.term), posting) for posting in pack]
    assert [key for key, _ in found] == sorted(wanted)
    for key, posting in found:
        assert posting.size == len(wanted[key]) and positions_of(posting).to_array().tolist() == wanted[key]
    for dimension in _DIMENSIONS:  # what finds a term finds it as well
        terms = {one for of, one in wanted if of == dimension}
        together = segment.having({dimension: terms})
        assert sorted(together) == sorted({place for one in terms for place in wanted[dimension, one]})


def _check_blocks(parts: PartReader, segment: int, dimension: int, terms: list[int]) -> None:
    for block, at in enumerate(range(0, len(terms), tallies.BLOCK)):
        tally = _tally(parts, segment, dimension, block)
        here = terms[at : at + tallies.BLOCK]
        assert list(tally.items()) == sorted(Counter(here).items())
        assert [tally.terms[code] for code in tally.codes] == here


def _tally(parts: PartReader, segment: int, dimension: int, block: int) -> Any:  # noqa: ANN401
    key = segment << KEY_BITS | tally_number(dimension, block)
    return next(parts.coded_blocks([key]))


def _check_aliases(connection: sa.Connection) -> None:
    """Terms of segments that are one value have one number, those without id and name have 0, and no others have any."""
    noted = {row.term: row.value for row in connection.execute(sa.select(tables.alias))}
    nameless = {one for one, value in noted.items() if value == NO_VALUE}
    numbers = {one: value for one, value in noted.items() if one not in nameless}
    by_value: defaultdict[tuple[int, str | None], set[int]] = defaultdict(set)
    with_ids = {DIMENSION_NUMBERS[name] for name in ("actor", "client", "target")}
    for row in connection.execute(sa.select(term).where(term.c.dimension.in_(COUNTED))):
        value = row.folded if row.dimension not in with_ids or row.ident is None else row.ident
        by_value[row.dimension, value].add(row.id)
    assert nameless <= {one for (_, value), terms in by_value.items() for one in terms if value is None}
    shared = {value: terms for value, terms in by_value.items() if len(terms) > 1 and value[1] is not None}
    of_term = {one: value for value, terms in shared.items() for one in terms}
    assert numbers.keys() <= of_term.keys()
    for value, terms in shared.items():
        assert len({numbers[one] for one in terms if one in numbers}) <= 1, value
    assert all(number < 0 for number in numbers.values())
    given = {of_term[one]: number for one, number in numbers.items()}
    assert len(set(given.values())) == len(given)
    indexed: set[int] = set()
    for log in Log:
        for segment in live_segments(connection, log, PartReader(connection, Stop()), SegmentMemory()):
            indexed |= {one for dimension in COUNTED for one, _, _ in segment.postings(dimension)}
    assert {one for one in indexed if one in of_term} <= numbers.keys()


def _check_tidiness(connection: sa.Connection) -> None:
    live = set(connection.scalars(sa.select(tables.segment.c.id).where(tables.segment.c.is_live)))
    assert live == set(connection.scalars(sa.select(tables.segment.c.id)))
    for part in tables.PARTS:
        assert {key >> KEY_BITS for key in connection.scalars(sa.select(part.c.key))} <= live
    assert list(connection.scalars(sa.select(tables.damage.c.segment))) == []
